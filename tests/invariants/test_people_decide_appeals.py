"""Invariant 7: what runs by itself may refuse an appeal that is not admissible, and no other."""

from __future__ import annotations

from itertools import pairwise

from hypothesis import given
from revlex.engine.records.appeal import FOLLOWING, Appeal
from revlex.tests.reference.runs import PATIENT, Run, worked_runs

ITSELF = "revlex"
WORKED_ON = {"under_review", "evidence_requested", "escalated"}
AGAINST = {"upheld", "partly_overturned"}


@PATIENT
@given(run=worked_runs())
def test_nothing_decides_against_the_appellant_but_people(run: Run) -> None:
    for appeal in run.appeals:
        for before, after in pairwise(appeal.history):
            assert after.state in FOLLOWING[before.state]
            if after.actor == ITSELF:
                assert after.state not in AGAINST
            if after.actor == ITSELF and before.state in WORKED_ON:
                assert after.state in {"lapsed", "overturned"}
            if before.state == "lapsed":
                assert after.state in {"escalated", "overturned"}
        _is_ended_rightly(appeal)


def _is_ended_rightly(appeal: Appeal) -> None:
    """Whatever ends an appeal by itself has a reason that the record shows."""
    states = [one.state for one in appeal.history]
    if "inadmissible" in states:
        refused = states.index("inadmissible")
        assert appeal.history[refused].note
    if appeal.state == "inadmissible":
        assert not all(check.passed for check in appeal.checks)
        assert all(check.explanation for check in appeal.checks)
    if appeal.state == "expired":
        assert not WORKED_ON.intersection(states)
    if appeal.state in AGAINST | {"overturned"} and appeal.history[-1].actor != ITSELF:
        assert appeal.outcome_reason
        assert appeal.reviewer == appeal.history[-1].actor


@PATIENT
@given(run=worked_runs())
def test_whoever_decided_an_attempt_does_not_decide_the_next(run: Run) -> None:
    for appeal in run.appeals:
        deciders = [one.actor for one in appeal.history if one.state in AGAINST | {"overturned"}]
        assert len(set(deciders)) == len(deciders)
