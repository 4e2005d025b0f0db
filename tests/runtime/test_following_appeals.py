"""How often an appeal has moved is a matter of its events and deadlines, not of when one looks."""

from __future__ import annotations

from itertools import pairwise

import pytest
from revlex.engine import Decoder, Evaluator, Event, compile_sources
from revlex.engine.language.program import Program
from revlex.engine.language.source import Source
from revlex.engine.runtime.evaluator import Moved
from revlex.engine.runtime.instants import DAY, parse_instant

POLICY = """
policy: moving
violations:
  spam: {points: 4, do: [close_shop for 9d]}
  fraud: {points: 8}
actions:
  close_shop: {scope: shop, overlap: extend}
escalations:
  - {ladder: points, per: shop, because: too many, steps: [{at: 10, do: [close_shop for 30d]}]}
appeals:
  - appeal: all
    against: [violation, action]
    attempts: [within 5d of notice, within 3d of rejection]
    evidence: {else: [photo]}
    late_evidence: 2d
    decide_within: 3 business days
    if_lapsed: overturn
    recompute: RECOMPUTE
"""
DAY_1 = parse_instant("2025-06-02T10:00:00Z")
STEPS = [
    (0, "violation.recorded", {"violation_id": "v1", "violation": "spam"}),
    (1, "violation.recorded", {"violation_id": "v2", "violation": "fraud"}),
    (2, "appeal.filed", {"appeal_id": "a1", "rule": "spam"}),
    (3, "appeal.evidence_added", {"appeal_id": "a1", "evidence": ["photo"]}),
    (3, "appeal.evidence_requested", {"appeal_id": "a1", "by": "ann", "wanted": ["film"]}),
    (4, "appeal.filed", {"appeal_id": "a2", "rule": "fraud"}),
    (5, "appeal.evidence_added", {"appeal_id": "a1", "evidence": ["film"]}),
    (7, "appeal.assigned", {"appeal_id": "a1", "reviewer": "ann"}),
]
END = 40


def program(recompute: str) -> Program:
    text = POLICY.replace("RECOMPUTE", recompute)
    found, report = compile_sources([Source("policy.yaml", text)])
    assert found is not None, [one.message for one in report]
    return found


def events(program: Program) -> list[tuple[int, Event]]:
    found = []
    for number, (day, type_, fields) in enumerate(STEPS):
        at = f"2025-06-{2 + day:02}T10:00:00Z"
        given = {"event_id": f"e{number}", "type": type_, "shop_id": "s1", "occurred_at": at}
        event = Decoder(program.catalog).convert({**given, **fields})
        assert isinstance(event, Event), event
        found.append((day, event))
    return found


def followed(program: Program, every: int) -> list[Moved]:
    """What a follower is told when somebody lets time pass every few hours."""
    moved: list[Moved] = []
    evaluator = Evaluator(program)
    evaluator.follow(moved.append)
    given = events(program)
    for hour in range(0, END * 24, every):
        now = DAY_1 + hour * DAY // 24
        while given and given[0][0] * 24 <= hour:
            evaluator.feed(given.pop(0)[1])
        evaluator.advance(now)
    assert evaluator.quarantined == []
    return moved


@pytest.mark.parametrize("recompute", ["retroactive", "from now"])
def test_looking_often_changes_nothing(recompute: str) -> None:
    compiled = program(recompute)
    moved = followed(compiled, 24)
    assert followed(compiled, 1) == moved
    assert followed(compiled, 24 * END - 1)[:1] == moved[:1]


@pytest.mark.parametrize("recompute", ["retroactive", "from now"])
def test_each_version_goes_on_where_the_last_one_ended(recompute: str) -> None:
    moved = followed(program(recompute), 24)
    for key in {one.key for one in moved}:
        own = [one for one in moved if one.key == key]
        assert [one.version for one in own] == [len(one.appeal.history) for one in own]
        for earlier, later in pairwise(own):
            assert later.appeal.history[: earlier.version] == earlier.appeal.history
            assert later.version > earlier.version
    last = {one.appeal.appeal_id: one.appeal for one in moved}
    assert (last["a1"].state, last["a2"].state) == ("overturned", "expired")
    assert [one.status for one in last["a1"].reversal_plan]
    assert [one.state for one in last["a1"].history][-2:] == ["lapsed", "overturned"]


def test_nobody_has_to_follow() -> None:
    compiled = program("retroactive")
    evaluator, again = Evaluator(compiled), Evaluator(compiled)
    again.follow(lambda _: None)
    for _, event in events(compiled):
        assert evaluator.feed(event) == again.feed(event)
    assert evaluator.snapshot() == again.snapshot()
