"""Actions of steps that last until the total leaves the milestone."""

from __future__ import annotations

import pytest
from revlex.engine.runtime.evaluator import Evaluator
from revlex.tests.reference.streams import Shop, changes, compiled

START = "2025-07-01T00:00"


def shop(more: str = "", terms: str = "", do: str = "cap until recovered") -> Shop:
    return Shop(
        compiled(f"""
policy: steps
violations:
  small: {{points: 4}}
  large: {{points: 10}}
actions:
  cap: {{scope: shop, overlap: extend}}
escalations:
  - ladder: points
    per: shop
    because: "{{points}}"
    steps: [{{at: 8, do: [{do}]}}, {{at: 12, do: [cap until recovered]}}]
    {more}
appeals:
  - {{appeal: violation, attempts: [within 90d of notice]{terms}}}
""")
    )


def record(found: Shop, violation: str = "small", at: str = START) -> None:
    found.send(at, "violation.recorded", violation_id=f"v{len(found.events)}", violation=violation)


def overturn(
    found: Shop, event: str, at: str, outcome: str = "overturned", points: int = 0
) -> None:
    number = f"a{len(found.events)}"
    found.send(at, "appeal.filed", appeal_id=number, about_event=event)
    more = {"points": points} if points else {}
    found.send(
        at,
        "appeal.decided",
        appeal_id=number,
        outcome=outcome,
        decided_by="ann",
        reason="wrong",
        **more,
    )


def happened(found: Shop) -> list[tuple[str, str]]:
    """(change, day) of every decision on an action."""
    return [
        (change, one.time.event_time[5:10])
        for one in found.decisions
        for change, _, _ in changes([one])
    ]


def test_each_milestone_by_itself() -> None:
    found = shop("expire: 10d")
    record(found)
    record(found, at="2025-07-03T00:00")
    record(found, at="2025-07-05T00:00")
    found.advance("2025-08-01T00:00")
    assert happened(found) == [
        ("applied", "07-03"),
        ("extended", "07-05"),
        ("kept", "07-11"),
        ("lifted", "07-13"),
    ]


def test_at_the_milestone_it_goes_on() -> None:
    found = shop("expire: 10d")
    record(found)
    for _ in range(2):
        record(found, at="2025-07-02T00:00")
    found.advance("2025-07-11T00:00")
    assert found.points() == {"points": 8}
    assert found.in_force() == ["cap"]
    found.advance("2025-07-12T00:00")
    assert found.in_force() == []


def test_a_time_that_was_asked_for_is_not_cut_short() -> None:
    found = shop("expire: 2d", do="cap for 5d")
    record(found, "large")
    found.advance("2025-08-01T00:00")
    assert happened(found) == [("applied", "07-01"), ("expired", "07-06")]


def test_a_ladder_that_counts_down() -> None:
    found = Shop(
        compiled("""
policy: down
violations: {small: {points: 4}}
actions: {cap: {scope: shop}}
escalations:
  - ladder: points
    per: shop
    count: down from 20
    expire: 10d
    because: low
    steps: [{at: 14, do: [cap until recovered]}]
appeals: [{appeal: violation, attempts: [within 9d of notice]}]
""")
    )
    record(found)
    record(found, at="2025-07-03T00:00")
    assert found.in_force() == ["cap"]
    found.advance("2025-08-01T00:00")
    assert happened(found) == [("applied", "07-03"), ("lifted", "07-11")]


@pytest.mark.parametrize("recompute", ["from now", "retroactive"])
def test_a_reversed_step_takes_its_action_with_it_once(recompute: str) -> None:
    found = shop(terms=f", recompute: {recompute}")
    record(found)
    record(found)
    overturn(found, "e2", "2025-07-02T00:00")
    assert found.in_force() == []
    assert [change for change, _ in happened(found)] == ["applied", "lifted"]
    assert [one.kind for one in found.decisions if one.outcome.actions][-1] == "reversal"


@pytest.mark.parametrize("recompute", ["from now", "retroactive"])
def test_points_that_expired_no_longer_hold_a_milestone(recompute: str) -> None:
    """The step stands, as it was reached; but without the third violation it has been lost."""
    found = shop("expire: 10d", terms=f", recompute: {recompute}")
    record(found)
    record(found, at="2025-07-05T00:00")
    record(found, at="2025-07-06T00:00")
    found.advance("2025-07-12T00:00")
    assert found.in_force() == ["cap"]
    overturn(found, "e3", "2025-07-13T00:00")
    assert found.in_force() == []
    assert happened(found)[-1][0] == "lifted"
    assert [one for one in found.of("reversal") if one.outcome.step == 8] == []


def test_fewer_points() -> None:
    found = shop()
    record(found, "large")
    overturn(found, "e1", "2025-07-02T00:00", "partly_overturned", 7)
    assert found.in_force() == []
    record(found, at="2025-07-03T00:00")
    assert found.in_force() == ["cap"]


def test_snapshots() -> None:
    found = shop("expire: 10d")
    record(found, "large")
    snapshot = found.evaluator.snapshot()
    found.evaluator = Evaluator(found.program)
    found.evaluator.restore(snapshot)
    found.advance("2025-08-01T00:00")
    assert happened(found) == [("applied", "07-01"), ("lifted", "07-11")]


def test_a_reset_recovers() -> None:
    found = shop("reset: monthly")
    record(found, "large")
    found.advance("2025-09-01T00:00")
    assert happened(found) == [("applied", "07-01"), ("lifted", "08-01")]


def test_a_threshold_and_a_ladder_of_one_name() -> None:
    found = Shop(
        compiled("""
policy: names
measures:
  bad: {per: shop, value: count(review where review.stars == 1), over: 10d}
thresholds:
  - threshold: points
    measure: bad
    check: on change
    bands: {fine: below 1, poor: from 1}
    on_enter: {poor: {violation: bad, do: [cap until recovered]}}
    because: poor
violations: {bad: {points: 4}}
actions: {cap: {scope: shop, overlap: extend}}
escalations:
  - {ladder: points, per: shop, because: many, steps: [{at: 4, do: [cap until recovered]}]}
appeals: [{appeal: violation, attempts: [within 9d of notice]}]
""")
    )
    found.send(START, "review.posted", review_id="r1", stars=1)
    found.advance("2025-08-01T00:00")
    assert happened(found) == [("applied", "07-01"), ("extended", "07-01"), ("kept", "07-11")]
    assert found.in_force() == ["cap"]
