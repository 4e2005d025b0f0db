"""Invariant 3: a successful appeal undoes every effect, or says why not; twice is once."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace
from revlex.engine.records.appeal import Appeal
from revlex.engine.records.decision import Decision
from revlex.engine.runtime.evaluator import Evaluator
from revlex.tests.reference.everything import TERMS, Terms, end_of, policy, streams
from revlex.tests.reference.runs import PATIENT, Run, worked_runs
from revlex.tests.reference.streams import Shop, compiled

SUCCESS = {"overturned", "partly_overturned"}
AT_ONCE = tuple(one for one in TERMS if one.recompute == "from now" and one.retention == "400d")
IMPOSED = {"applied", "extended", "scheduled"}


def overturned(run: Run) -> Iterator[tuple[Appeal, list[Decision]]]:
    """The appeals that succeeded, each with the decisions of its shop."""
    of_shop = run.by_shop()
    for appeal in run.appeals:
        if appeal.state in SUCCESS:
            yield appeal, of_shop[appeal.shop]


@PATIENT
@given(run=worked_runs())
def test_what_a_plan_says_was_done(run: Run) -> None:
    """Each thing to undo has its own decision, which names it and the appeal; or a reason."""
    for appeal, decisions in overturned(run):
        known = {decision.decision_id: decision for decision in decisions}
        assert appeal.reversal_plan
        for entry in appeal.reversal_plan:
            if entry.reversed_by is not None:
                undone = known[entry.reversed_by]
                assert (entry.status, undone.kind) == ("done", "reversal")
                assert undone.reverses == entry.decision_id
                assert undone.caused_by_appeal == appeal.appeal_id
            else:
                assert entry.why or entry.what == "the review, out of the measures"
        brought = {known[one].caused_by_appeal for one in appeal.new_decision_ids}
        assert brought <= {appeal.appeal_id}


def resting_on(decision: str, decisions: Iterable[Decision]) -> Iterator[str]:
    """What has effects and no cause but a decision, or others that have none but that.

    That an action begins which was scheduled is no effect of its own.
    """
    undone, scheduled = {decision}, dict[str, set[tuple[str, str]]]()
    for one in decisions:
        changes = {change.change for change in one.outcome.actions}
        falls_on = {(change.action, change.target) for change in one.outcome.actions}
        if "scheduled" in changes:
            scheduled[one.decision_id] = falls_on
        lasts = one.kind == "violation" or (one.kind == "action" and changes & IMPOSED)
        causes = set(one.evidence.causes)
        begins = any(scheduled.get(cause) == falls_on for cause in causes)
        if lasts and not begins and causes and causes <= undone:
            undone.add(one.decision_id)
            yield one.decision_id


@PATIENT
@given(run=worked_runs(AT_ONCE))
def test_every_effect_is_undone(run: Run) -> None:
    """Whatever rests on what was appealed alone, and had been decided by then, is in the plan."""
    for appeal, decisions in overturned(run):
        if appeal.state != "overturned":
            continue
        (against,) = appeal.decision_ids
        ruled = next(
            number
            for number, one in enumerate(decisions)
            if one.kind == "appeal"
            and one.outcome.appeal_id == appeal.appeal_id
            and one.outcome.appeal_state == "overturned"
        )
        gone = {one.reverses for one in decisions[:ruled] if one.kind == "reversal"}
        planned = {entry.decision_id for entry in appeal.reversal_plan}
        assert against in planned
        left = set(resting_on(against, decisions[:ruled])) - gone - planned
        assert not left


@PATIENT
@given(data=st.data(), terms=st.sampled_from(TERMS))
def test_twice_is_once(data: st.DataObject, terms: Terms) -> None:
    """A ruling that is said again, under its own id or another one, changes nothing."""
    if terms.lateness != "0":
        terms = TERMS[0]
    events, evaluator = data.draw(streams(policy(terms))), Evaluator(policy(terms))
    for event in events:
        evaluator.feed(event)
        if event.type == "appeal.decided" and not evaluator.quarantined:
            before = standing(evaluator)
            other = replace(event, event_id=f"{event.event_id}-again")
            assert evaluator.feed(event) + evaluator.feed(other) == []
            assert standing(evaluator) == before
        evaluator.quarantined.clear()
    evaluator.advance(end_of(events))


def standing(evaluator: Evaluator) -> tuple[object, ...]:
    """What stands of all shops."""
    return (
        evaluator.appeals(),
        evaluator.totals(),
        evaluator.bands(),
        evaluator.in_force(),
    )


@pytest.mark.parametrize("recompute", ["from now", "retroactive"])
def test_what_was_undone_already_is_said_to_be(recompute: str) -> None:
    """Two appeals succeed, of which the first has undone what the second is against."""
    shop = Shop(
        compiled(
            f"""
policy: two
violations: {{other: {{points: 0, do: [close for 9d]}}}}
actions: {{close: {{scope: shop}}}}
appeals:
  - appeal: violation
    attempts: [within 9d of notice]
    if_overturned: [void points, lift actions]
    recompute: {recompute}
  - appeal: action
    attempts: [within 9d of notice]
    if_overturned: [void points, lift actions]
    recompute: {recompute}
"""
        )
    )
    shop.send("2025-07-01T10:00", "violation.recorded", violation_id="v", violation="other")
    for name in ("other", "close"):
        shop.send("2025-07-02T10:00", "appeal.filed", appeal_id=f"of-{name}", rule=name)
    for name in ("other", "close"):
        ruling = {"outcome": "overturned", "decided_by": "ann", "reason": "looked at"}
        shop.send("2025-07-03T10:00", "appeal.decided", appeal_id=f"of-{name}", **ruling)
    (lifted,) = (one for one in shop.of("reversal") if one.outcome.actions)
    (entry,) = shop.appeal("of-close").reversal_plan
    why = f"it was reversed already by {lifted.decision_id}"
    assert (entry.status, entry.reversed_by, entry.why) == ("not needed", None, why)
