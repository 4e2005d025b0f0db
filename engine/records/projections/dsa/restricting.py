"""Which decisions restrict somebody, so that they need a statement of reasons.

Article 17 names restrictions of visibility, of payments, of the service and of the account. Here
these are verdicts that keep a review or a reply from being seen, and actions that begin or grow
longer. Points, steps, bands, violations and warnings restrict nothing by themselves: what follows
from them is a decision of its own. What ends or undoes a restriction needs no statement; the API
cannot take one back either.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from ...decision import ActionChange, Decision

_CONTENT: Final = frozenset({"review", "reply"})
_IMPOSED: Final = frozenset({"applied", "extended"})

_REMOVED: Final = {"decision_visibility": ["DECISION_VISIBILITY_CONTENT_REMOVED"]}
_DISABLED: Final = {"decision_visibility": ["DECISION_VISIBILITY_CONTENT_DISABLED"]}

OF_VERDICTS: Final[Mapping[str, Mapping[str, Any]]] = {
    "hold": _DISABLED,
    "reject": _REMOVED,
    "refuse": _REMOVED,
}
"""What a verdict does to a review or a reply, unless the settings say otherwise."""

_TEXT: Final = {"content_type": ["CONTENT_TYPE_TEXT"]}
_BUSINESS: Final = {"account_type": "ACCOUNT_TYPE_BUSINESS"}
_ACCOUNT: Final = {
    "content_type": ["CONTENT_TYPE_OTHER"],
    "content_type_other": "the account of a shop",
    **_BUSINESS,
}

OF_SCOPES: Final[Mapping[str, Mapping[str, Any]]] = {
    "review": {
        **_TEXT,
        "account_type": "ACCOUNT_TYPE_PRIVATE",
        "category": "STATEMENT_CATEGORY_SCAMS_AND_FRAUD",
        "category_specification": ["KEYWORD_INAUTHENTIC_USER_REVIEWS"],
    },
    "reply": {**_TEXT, **_BUSINESS},
    "product": {"content_type": ["CONTENT_TYPE_PRODUCT"], **_BUSINESS},
    "shop": _ACCOUNT,
    "fund": _ACCOUNT,
}
"""What is said of a kind of thing, unless the settings say otherwise."""

OF_ALL: Final[Mapping[str, Any]] = {
    "decision_ground": "DECISION_GROUND_INCOMPATIBLE_CONTENT",
    "category": "STATEMENT_CATEGORY_OTHER_VIOLATION_TC",
    "source_type": "SOURCE_VOLUNTARY",
    "automated_detection": "Yes",
    "automated_decision": "AUTOMATED_DECISION_FULLY",
}
"""What is said of everything, unless the settings say otherwise."""


@dataclass(frozen=True, slots=True)
class Restriction:
    """What a decision imposes: the verdict or the action, on what, from when and until when."""

    table: str
    name: str
    scope: str
    start: str
    until: str | None
    usual: Mapping[str, Any]


def restriction_of(decision: Decision) -> Restriction | None:
    """What a decision imposes, if it imposes anything on anybody."""
    enforced = decision.rule.status == "enforce" and decision.rule.result == "fired"
    if decision.mode != "live" or not enforced:
        return None
    if decision.kind == "verdict":
        return _of_verdict(decision)
    return _of_action(decision.outcome.actions[0]) if _imposes(decision) else None


def _of_verdict(decision: Decision) -> Restriction | None:
    verdict, scope, time = decision.outcome.verdict, decision.subject.kind, decision.time
    if verdict is None or verdict not in OF_VERDICTS or scope not in _CONTENT:
        return None
    start = time.applies_from or time.decided_at
    usual = OF_VERDICTS[verdict]
    return Restriction("verdicts", verdict, scope, start, time.applies_until, usual)


def _imposes(decision: Decision) -> bool:
    changes = [one.change for one in decision.outcome.actions]
    return decision.kind == "action" and bool(changes) and changes[0] in _IMPOSED


def _of_action(change: ActionChange) -> Restriction | None:
    if change.held_back_by is not None:
        return None
    usual = _usual(change)
    return Restriction("actions", change.action, change.scope, change.start, change.until, usual)


def _usual(change: ActionChange) -> Mapping[str, Any]:
    """What an action does by what it falls on; of one on a shop nobody can tell."""
    if change.scope == "fund":
        word = "TERMINATION" if change.permanent else "SUSPENSION"
        return {"decision_monetary": f"DECISION_MONETARY_{word}"}
    if change.scope == "shop":
        return {}
    return _REMOVED if change.permanent else _DISABLED
