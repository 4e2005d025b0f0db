"""The appeal record: one for each decision that can be appealed, from its opening to its end."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final, Literal

import msgspec

SCHEMA = "revlex.appeal/1"

State = Literal[
    "open",
    "filed",
    "under_review",
    "evidence_requested",
    "upheld",
    "overturned",
    "partly_overturned",
    "inadmissible",
    "withdrawn",
    "lapsed",
    "expired",
    "escalated",
    "final",
]
"""`open`: may be filed. `filed`: evidence may still follow. `expired`: was never filed in time.
`final`: no attempt is left."""

_WORKED: Final = frozenset[State](
    {"under_review", "evidence_requested", "upheld", "overturned", "partly_overturned", "withdrawn"}
)

FOLLOWING: Final[Mapping[State, frozenset[State]]] = {
    "open": frozenset({"open", "filed", "inadmissible", "expired", "withdrawn", "final"}),
    "filed": frozenset({"filed", "under_review", "inadmissible", "withdrawn"}),
    "under_review": _WORKED | {"lapsed"},
    "evidence_requested": _WORKED,
    "escalated": (_WORKED - {"under_review"}) | {"escalated"},
    "lapsed": frozenset({"escalated", "overturned"}),
    "upheld": frozenset({"open", "final"}),
    "inadmissible": frozenset({"open"}),
    "overturned": frozenset(),
    "partly_overturned": frozenset(),
    "withdrawn": frozenset(),
    "expired": frozenset(),
    "final": frozenset(),
}
"""The states that may follow on each. One that follows on itself notes something, such as who works
on the appeal. A history begins with `open`, or with `inadmissible` where a filing fits no appeal.
"""


class Check(msgspec.Struct, frozen=True):
    """One condition of admission, and how it came out."""

    name: str
    passed: bool
    explanation: str


class Transition(msgspec.Struct, frozen=True, omit_defaults=True):
    """A change of state; the history only grows."""

    at: str
    state: State
    actor: str
    note: str | None = None


class Reversal(msgspec.Struct, frozen=True, omit_defaults=True):
    """One thing to undo, and whether it was."""

    decision_id: str
    what: str
    status: Literal["done", "not needed"]
    reversed_by: str | None = None
    why: str | None = None


class Appeal(msgspec.Struct, frozen=True, omit_defaults=True, kw_only=True):
    """Everything about one appeal, as it stands."""

    appeal_id: str
    schema: str = SCHEMA
    process: str
    shop: str
    decision_ids: list[str]
    rule: str
    attempt: int
    attempts: int
    state: State
    opened_at: str
    deadline: str | None = None
    appellant: str | None = None
    filed_at: str | None = None
    admissible: bool | None = None
    checks: list[Check] = []
    reason_code: str | None = None
    statement: str | None = None
    evidence: list[str] = []
    evidence_wanted: list[str] = []
    evidence_until: str | None = None
    due_at: str | None = None
    reviewer: str | None = None
    outcome: str | None = None
    outcome_reason: str | None = None
    error_class: str | None = None
    policy_digest: str = ""
    reversal_plan: list[Reversal] = []
    new_decision_ids: list[str] = []
    history: list[Transition] = []
