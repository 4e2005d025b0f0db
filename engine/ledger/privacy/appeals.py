"""Appeals without people's words: as records, and as the state of a shop has them."""

from __future__ import annotations

from typing import Final

import msgspec

from ...records.appeal import Appeal, Check, Transition
from ...runtime.model import Case, Redress
from ...runtime.openings import ENGINE
from .words import WITHHELD

_BY_POLICY: Final = "allowed"
"""The check whose explanation is a sentence of the policy, which may quote somebody."""


def bare_appeal(appeal: Appeal) -> Appeal:
    """An appeal without what people wrote in it; the same object if there is nothing."""
    bare = msgspec.structs.replace(
        appeal,
        statement=gone(appeal.statement),
        outcome_reason=gone(appeal.outcome_reason),
        checks=[_check(one) for one in appeal.checks],
        history=[_transition(one) for one in appeal.history],
    )
    return appeal if bare == appeal else bare


def strip_case(case: Case, redress: Redress) -> None:
    """Take what people wrote out of an appeal in the state of a shop."""
    case.statement = gone(case.statement)
    case.outcome_reason = gone(case.outcome_reason)
    case.checks = [
        (name, passed, WITHHELD if name == _BY_POLICY else why) for name, passed, why in case.checks
    ]
    case.history = [
        (at, state, actor, note if actor == ENGINE else gone(note))
        for at, state, actor, note in case.history
    ]
    for effect in redress.journal:
        if effect.case == case.key and effect.reason:
            effect.reason = WITHHELD


def gone(text: str | None) -> str | None:
    """What stands for a text, where there is one."""
    return WITHHELD if text else text


def _check(check: Check) -> Check:
    named = check.name == _BY_POLICY
    return msgspec.structs.replace(check, explanation=WITHHELD) if named else check


def _transition(one: Transition) -> Transition:
    if one.actor == ENGINE or not one.note:
        return one
    return msgspec.structs.replace(one, note=WITHHELD)
