"""The decision record: one for each outcome, append-only, explained, chained.

Every time is RFC 3339 text with the offset of the shop's zone; every number that is not whole is
exact text (`0.69%`, `12.5`, `1/3`). The shape has a JSON Schema, `grammar/decision.schema.json`.
"""

from __future__ import annotations

from typing import Literal

import msgspec

from .explanation import Explanation

SCHEMA = "revlex.decision/1"

Kind = Literal[
    "verdict",
    "draft",
    "threshold",
    "violation",
    "points",
    "notice",
    "step",
    "action",
    "appeal",
    "remedy",
    "reversal",
]
"""What was decided.

`verdict`: a rule on a review, reply or report. `draft`: a reply drafted. `threshold`: a measure
entered another band, or got too few to tell. `violation`: a violation issued. `points`: points of a
ladder expired, were earned, or went at a reset. `notice`: a milestone is near. `step`: a milestone
reached. `action`: an action applied, extended, suspended, resumed, lifted or expired. `appeal`: an
appeal admitted, refused, decided or lapsed. `remedy`: a remedy met, or refused. `reversal`: an
earlier decision undone.
"""

Mode = Literal["live", "shadow", "replay", "test"]
Result = Literal["fired", "not fired", "insufficient", "error"]


class Times(msgspec.Struct, frozen=True, omit_defaults=True):
    """When it happened, when it applies, and until when it can be appealed."""

    event_time: str
    decided_at: str
    applies_from: str | None = None
    applies_until: str | None = None
    notified_at: str | None = None
    appealable_until: str | None = None


class Subject(msgspec.Struct, frozen=True, omit_defaults=True):
    """What the decision falls on, and what that belongs to."""

    kind: str
    id: str
    shop: str
    region: str = ""
    order: str | None = None
    product: str | None = None
    review: str | None = None
    reply: str | None = None
    buyer: str | None = None


class PolicyRef(msgspec.Struct, frozen=True, omit_defaults=True):
    """The policy that was applied."""

    name: str
    version: str
    digest: str
    engine: str
    effective_from: str | None = None


class RuleRef(msgspec.Struct, frozen=True, omit_defaults=True):
    """The rule that decided, where it stands, and its reason."""

    id: str
    section: str
    status: str
    file: str
    line: int
    result: Result = "fired"
    because: str | None = None
    error: str | None = None


class MeasureEvidence(msgspec.Struct, frozen=True, omit_defaults=True):
    """What a measure was made of when it decided.

    `excluded` counts, by reason, entities dated in the window that did not count. `counted` lists
    the keys of those that did, at most 50, and `counted_digest` is a digest of all of them.
    """

    measure: str
    value: str | None
    window_from: str
    window_to: str
    window_from_included: bool
    sample: int | None = None
    at_least: int | None = None
    numerator: int | str | None = None
    denominator: int | str | None = None
    threshold: str | None = None
    margin: str | None = None
    excluded: dict[str, int] = {}
    counted: dict[str, list[str]] = {}
    counted_total: dict[str, int] = {}
    counted_digest: str | None = None


class Evidence(msgspec.Struct, frozen=True, omit_defaults=True):
    """Why: the condition with its values, the measure with its inputs, and what it follows from.

    Where it follows from more decisions than are listed in `causes`, which are the latest,
    `causes_total` says how many there are, and `causes_digest` is a digest of all of them.
    """

    explanation: Explanation | None = None
    measure: MeasureEvidence | None = None
    causes: list[str] = []
    causes_total: int | None = None
    causes_digest: str | None = None


class PointsChange(msgspec.Struct, frozen=True, omit_defaults=True):
    """A ladder's balance before and after.

    Where the balance has ends, `delta` may be less than the points that were given, taken back or
    expired; then `stated` says these, with the sign that they have on this ladder.
    """

    ladder: str
    before: int
    delta: int
    after: int
    expires_at: str | None = None
    stated: int | None = None


class ActionChange(msgspec.Struct, frozen=True, omit_defaults=True):
    """What became of an action. `until` is missing while it has no end.

    `until_events` are the types of events that end it, or a part of it, sooner.
    """

    action: str
    change: Literal[
        "applied", "extended", "kept", "scheduled", "suspended", "resumed", "lifted", "expired"
    ]
    scope: str
    target: str
    start: str
    until: str | None = None
    permanent: bool = False
    until_recovered: bool = False
    until_events: list[str] = []
    overlap: str | None = None
    parameters: dict[str, str] = {}
    held_back_by: str | None = None


class DraftText(msgspec.Struct, frozen=True, omit_defaults=True):
    """A drafted reply, or why there is none."""

    mode: str
    text: str | None = None
    language: str | None = None
    template: int | None = None
    post_at: str | None = None
    held_back_by: str | None = None


class Outcome(msgspec.Struct, frozen=True, omit_defaults=True):
    """What was decided; only the fields of its kind are there."""

    verdict: str | None = None
    violation: str | None = None
    severity: str | None = None
    band: str | None = None
    band_before: str | None = None
    points: list[PointsChange] = []
    step: int | None = None
    ladder: str | None = None
    adjusted: Literal["expired", "earned", "reset"] | None = None
    actions: list[ActionChange] = []
    draft: DraftText | None = None
    appeal_id: str | None = None
    appeal_state: str | None = None
    plan: list[str] = []


class Redress(msgspec.Struct, frozen=True, omit_defaults=True):
    """How to appeal."""

    process: str
    attempts_left: int
    deadline: str | None
    evidence_wanted: dict[str, list[str]] = {}


class Integrity(msgspec.Struct, frozen=True):
    """The chain of a shop's decisions: a gap or an edit shows."""

    previous: str
    hash: str


class Decision(msgspec.Struct, frozen=True, omit_defaults=True, kw_only=True):
    """One outcome."""

    decision_id: str
    schema: str = SCHEMA
    kind: Kind
    mode: Mode
    sequence: int
    time: Times
    subject: Subject
    policy: PolicyRef
    rule: RuleRef
    outcome: Outcome
    evidence: Evidence = Evidence()
    redress: Redress | None = None
    event_id: str | None = None
    supersedes: str | None = None
    reverses: str | None = None
    caused_by_appeal: str | None = None
    integrity: Integrity


_ENCODER = msgspec.json.Encoder(order="deterministic")


def encode(record: msgspec.Struct) -> bytes:
    """A record as one line of JSON with sorted keys, without the line end."""
    return _ENCODER.encode(record)
