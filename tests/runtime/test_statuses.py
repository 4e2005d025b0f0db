"""Appeals are open only under an entry that is enforced."""

from __future__ import annotations

import pytest
from revlex.engine.language.compiler import compile_sources
from revlex.engine.language.source import Source
from revlex.engine.records.decision import Decision
from revlex.engine.runtime.evaluator import Evaluator
from revlex.engine.runtime.events import Decoder, Event

POLICY = """
policy: statuses
violations:
  spam: {points: 4}
appeals:
  - {appeal: violation, attempts: [within 7d of notice], status: STATUS}
"""


def after_spam(status: str) -> list[Decision]:
    """What comes of one violation under an appeal of this status."""
    program, report = compile_sources([Source("policy.yaml", POLICY.replace("STATUS", status))])
    assert program is not None, list(report)
    event = Decoder(program.catalog).convert(
        {
            "event_id": "e1",
            "type": "violation.recorded",
            "occurred_at": "2025-06-01T10:00:00Z",
            "shop_id": "s1",
            "violation_id": "v1",
            "violation": "spam",
        }
    )
    assert isinstance(event, Event)
    evaluator = Evaluator(program)
    decisions = evaluator.feed(event)
    assert len(evaluator.appeals()) == (status == "enforce")
    return decisions


def test_an_enforced_appeal_is_announced() -> None:
    assert [one.kind for one in after_spam("enforce") if one.redress is not None] == ["violation"]


@pytest.mark.parametrize("status", ["warn", "shadow", "disabled"])
def test_any_other_is_not(status: str) -> None:
    assert [one.redress for one in after_spam(status) if one.redress is not None] == []
