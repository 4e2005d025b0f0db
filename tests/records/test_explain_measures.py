"""The evidence of a measure as people read it."""

from __future__ import annotations

import pytest
from revlex.engine.records.decision import (
    Decision,
    Evidence,
    Integrity,
    MeasureEvidence,
    Outcome,
    PolicyRef,
    RuleRef,
    Subject,
    Times,
)
from revlex.engine.records.explain import explain_lines


def explained(value: str | None, threshold: str | None, margin: str | None) -> list[str]:
    day = "2025-07-01T00:00:00+00:00"
    measure = MeasureEvidence(
        measure="rate",
        value=value,
        window_from=day,
        window_to=day,
        window_from_included=True,
        threshold=threshold,
        margin=margin,
    )
    decision = Decision(
        decision_id="d1",
        kind="threshold",
        mode="live",
        sequence=1,
        time=Times(day, day),
        subject=Subject("shop", "s1", "s1"),
        policy=PolicyRef("p", "1", "0" * 64, "0"),
        rule=RuleRef("t", "thresholds", "enforce", "policy.yaml", 1),
        outcome=Outcome(band="b"),
        evidence=Evidence(measure=measure),
        integrity=Integrity("", ""),
    )
    return [line.strip() for line in explain_lines(decision)]


@pytest.mark.parametrize(
    ("value", "threshold", "margin", "first", "second"),
    [
        ("3/26", "from 8%", "23/650", "rate = 3/26, about 11.54%", "margin 23/650, about 3.54%"),
        ("4%", "from 4%", "0%", "rate = 4%", "margin 0%"),
        ("179/41", "below 4.5", "-11/82", "rate = 179/41, about 4.37", "-11/82, about -0.13"),
        ("12", "from 2", "10", "rate = 12", "margin 10"),
    ],
)
def test_fractions_have_their_decimals_beside_them(
    value: str, threshold: str, margin: str, first: str, second: str
) -> None:
    lines = explained(value, threshold, margin)
    assert first in lines
    assert any(line.endswith(second) for line in lines)


def test_what_cannot_be_told_is_said_so() -> None:
    assert "rate = not enough to tell" in explained(None, None, None)
