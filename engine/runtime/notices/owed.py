"""Which decisions sellers are told of."""

from __future__ import annotations

from typing import Final

from ...records.decision import Decision
from .values import announced_kind

_ALWAYS: Final = frozenset(
    {"violation", "action", "step", "warning", "appeal", "remedy", "reversal"}
)
_ADVERSE: Final = frozenset({"hold", "reject", "refuse"})
_OF_BUYERS: Final = frozenset({"review", "buyer"})


def can_be_announced(decision: Decision) -> bool:
    """Whether a decision stands and is of a kind that a policy can have notices for.

    What is only tried out is not told to anybody, nor what could not be decided, nor an action that
    had nothing to fall on.
    """
    if decision.mode == "shadow" or announced_kind(decision) is None:
        return False
    return decision.rule.result == "fired" or decision.kind == "remedy"


def is_owed(decision: Decision) -> bool:
    """Whether a seller is told of a decision even where the policy has no notice for it.

    That is so for violations, actions, milestones and what is near them, appeals, remedies, what
    was undone, and verdicts against something of the shop; and for whatever can be appealed. Bands
    of measures and points that lapse are announced only by policies that say so.
    """
    if not can_be_announced(decision):
        return False
    kind = announced_kind(decision)
    if kind in _ALWAYS or decision.redress is not None:
        return True
    against = decision.outcome.verdict in _ADVERSE
    return kind == "verdict" and against and decision.subject.kind not in _OF_BUYERS
