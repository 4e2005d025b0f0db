"""Invariant 1: an adverse action has one decision and a way to appeal; decisions can be reached."""

from __future__ import annotations

from collections import Counter

from hypothesis import given
from revlex.engine.records.decision import Decision
from revlex.tests.reference.runs import PATIENT, Run, runs

AGAINST = {"hold", "reject", "refuse"}
IMPOSED = {"applied", "extended", "scheduled"}


def is_adverse(decision: Decision) -> bool:
    """Whether a decision that binds works against the shop by itself."""
    if decision.rule.status != "enforce" or decision.kind == "reversal":
        return False
    changes = {one.change for one in decision.outcome.actions}
    return (
        decision.kind == "violation"
        or (decision.kind == "verdict" and decision.outcome.verdict in AGAINST)
        or (decision.kind == "action" and bool(changes & IMPOSED))
    )


@PATIENT
@given(run=runs())
def test_every_adverse_decision_can_be_appealed(run: Run) -> None:
    """By itself, or by the decision that it extends to other things, or that it was planned by."""
    opened = Counter(one.decision_ids[0] for one in run.appeals if one.history[0].state == "open")
    known = {decision.decision_id: decision for decision in run.decisions}
    for decision in filter(is_adverse, run.decisions):
        target = decision
        while target.kind == "action" and target.redress is None:
            target = known[target.evidence.causes[0]]
        assert target.redress is not None
        assert target.redress.deadline == target.time.appealable_until is not None
        assert opened[target.decision_id] == 1
    assert set(opened) <= set(known)


@PATIENT
@given(run=runs())
def test_whatever_is_in_force_has_a_decision(run: Run) -> None:
    """One that imposed it, and each has an id of its own."""
    imposed = {
        (change.action, decision.subject.shop, change.target)
        for decision in run.decisions
        for change in decision.outcome.actions
        if change.change in IMPOSED
    }
    assert set(run.evaluator.in_force()) <= imposed
    ids = [decision.decision_id for decision in run.decisions]
    assert len(set(ids)) == len(ids)


@PATIENT
@given(run=runs())
def test_every_decision_is_reached_from_its_subject(run: Run) -> None:
    """Its chain is that of its shop, and all that it rests on stands there before it."""
    for shop, decisions in run.by_shop().items():
        before = set[str]()
        for number, decision in enumerate(decisions, start=1):
            assert (decision.subject.shop, decision.sequence) == (shop, number)
            about = {decision.reverses, decision.supersedes} - {None}
            assert {*decision.evidence.causes, *about} <= before
            before.add(decision.decision_id)
