"""The state of one shop: plain structs that can be written down and read back at any moment.

Nothing here computes. What can be worked out from something else (who links to whom, say) is not
kept but rebuilt. Instants are microseconds since 1970; exact fractions travel as an extension type.
"""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import msgspec

from .instants import FIRST_INSTANT

_FRACTION = 1


class Member(msgspec.Struct, array_like=True):
    """An entity that counts in an aggregate now: for whom, until when, with which amount."""

    subject: str
    leave_at: int
    amount: Any = None
    failed: bool = False


class Total(msgspec.Struct, array_like=True):
    """What the members of one subject come to. `values` counts how often each amount occurs."""

    count: int = 0
    failed: int = 0
    sum: Any = 0
    values: dict[Any, int] = {}


class AggregateState(msgspec.Struct):
    """One aggregate of one shop.

    `exits` and `arrivals` are heaps of (instant, entity key): when members leave, and when entities
    that are dated in the future come in. Entries that no longer hold are skipped when they are due,
    and cleared away when there are more than `most_exits` and `most_arrivals`.
    """

    members: dict[str, Member] = {}
    exits: list[tuple[int, str]] = []
    arrivals: list[tuple[int, str]] = []
    most_exits: int = 64
    most_arrivals: int = 64
    totals: dict[str, Total] = {}
    changed: dict[str, None] = {}


class Watch(msgspec.Struct):
    """What a threshold remembers of one subject, which last changed when it was `seen`.

    `kept_by` is the crossing that a threshold which moves one way holds on to.
    """

    band: str | None = None
    enough: bool = True
    failed: bool = False
    candidate: str | None = None
    since: int = 0
    checks: int = 0
    seen: int = FIRST_INSTANT
    kept_by: str = ""


class WatchState(msgspec.Struct):
    """What a threshold remembers: its next check, and a watch for each subject.

    `dirty` are the subjects that have changed since the last look, `held` those whose next band is
    being held, with the instant until when (the first of all where checks are counted). In a new
    `era` another variant of it or of its measures speaks than in the one before.
    """

    check_at: int | None = None
    subjects: dict[str, Watch] = {}
    dirty: dict[str, None] = {}
    held: dict[str, int] = {}
    era: int = 0


class Contribution(msgspec.Struct):
    """The points against the shop that one decision brings onto a ladder; fewer than 0: for it."""

    points: int
    issued_at: int
    expires_at: int | None = None


class LadderState(msgspec.Struct):
    """One ladder: what counts, by decision and in order of time, its balance, whether it ended.

    `counted` are the events since points were last earned, by the name of what earns them.
    `reset_at` is the next reset, once there is something to forget; `missed` one that came when
    the ladder had ended. At `turn_at` another variant of it begins, whose terms points adopt.
    """

    contributions: dict[str, Contribution] = {}
    total: int = 0
    ended: bool = False
    counted: dict[str, int] = {}
    reset_at: int | None = None
    missed: int | None = None
    turn_at: int | None = None


class Grant(msgspec.Struct):
    """One asking for an action: by which decision, from which violation, for how long.

    `event` is the type of events that end it, `cap` what a part of a measure came to. `held` are
    the appeals that suspend it. What is done `once` has no length; it is kept only while it is
    delayed. One that `needs` so many causes is there while as many stand.
    """

    decision: str
    root: str
    asked_at: int
    start: int
    length: Any = None
    permanent: bool = False
    recovers: str | None = None
    once: bool = False
    held: dict[str, None] = {}
    event: str | None = None
    cap: int | None = None
    needs: int = 0


class ActionState(msgspec.Struct):
    """An action that runs against a target; its end follows from its grants in order.

    One that is `extended` falls on the shop and on this too.
    """

    action: str
    target: str
    target_kind: str
    start: int
    until: int | None
    grants: list[Grant]
    extended: bool = False


class Issued(msgspec.Struct):
    """A decision that has effects and may be undone: what it was, from what, about what.

    `once` marks an action that was done at once, `edit` a verdict that left a review as it was. A
    `verdict` is what weighs today: that of a hold that is over is `allow`. What `needs` so many of
    its causes stands while as many do; else every one of them has to.
    """

    kind: str
    rule: str
    at: int
    root: str
    causes: list[str] = []
    points: int = 0
    step: int = 0
    subject_kind: str = "shop"
    subject_id: str = ""
    review: str | None = None
    event: str | None = None
    external: str = ""
    reversed_by: str | None = None
    once: bool = False
    edit: bool = False
    verdict: str = ""
    needs: int = 0


class Facts(msgspec.Struct):
    """What follows from the events: everything but appeals and the chain of decisions.

    A shop is `opened` once it had an event.
    Entities are kept by kind and key, the one touched longest ago first. `issued` are decisions
    with effects, by id. `holds` are those verdicts that will end by themselves, with their reasons,
    by kind and key of what is held. `declared` are the periods declared for the shop, by kind and
    beginning, each with its end. `excluded` are reviews that appeals have taken out of the measures
    from some day on.
    Before `forget_at` no entity is old enough to be forgotten; decisions were last
    gone through at `swept_at`.
    """

    region: str = ""
    opened: bool = False
    clock: int = FIRST_INSTANT
    forget_at: int = FIRST_INSTANT
    swept_at: int = FIRST_INSTANT
    entities: dict[str, Any] = {}
    aggregates: list[AggregateState] = []
    watches: dict[str, WatchState] = {}
    ladders: dict[str, LadderState] = {}
    actions: dict[str, ActionState] = {}
    issued: dict[str, Issued] = {}
    holds: dict[str, dict[str, str | None]] = {}
    timers: list[tuple[int, int, str]] = []
    drafted: dict[str, list[int]] = {}
    last_template: dict[str, int] = {}
    declared: dict[str, dict[int, int]] = {}
    excluded: dict[str, None] = {}


class Case(msgspec.Struct):
    """An appeal as it stands: the fields of its record, with instants, and what it is about."""

    key: str
    process: str
    decision: str
    rule: str
    opened_at: int
    attempts: int
    appeal_id: str | None = None
    attempt: int = 1
    state: str = "open"
    deadline: int | None = None
    appellant: str | None = None
    filed_at: int | None = None
    admissible: bool | None = None
    checks: list[tuple[str, bool, str]] = []
    reason_code: str | None = None
    statement: str | None = None
    evidence: list[str] = []
    evidence_wanted: list[str] = []
    review_ids: list[str] = []
    noticed_at: int | None = None
    late_until: int | None = None
    due_at: int | None = None
    paused_at: int | None = None
    deciders: list[str] = []
    reviewer: str | None = None
    outcome: str | None = None
    outcome_reason: str | None = None
    error_class: str | None = None
    plan: list[tuple[str, str, str, str | None, str | None]] = []
    new_decisions: list[str] = []
    history: list[tuple[int, str, str, str | None]] = []
    closed_at: int | None = None


class Effect(msgspec.Struct):
    """What an appeal or remedy did at some moment: `suspend`, `resume`, `reverse` or `shorten`.

    `event` is the event that brought it, or `None` where a deadline did.
    """

    kind: str
    case: str
    at: int
    event: str | None
    decision: str = ""
    appeal: str = ""
    reason: str = ""
    points: int = 0
    reviews: list[str] = []
    success: list[str] = []
    length: Any = None


class Redress(msgspec.Struct):
    """The appeals of a shop by key, and what they have done.

    History is evaluated again without what is `void`, with fewer points for what is `reduced`, and
    without reviews that are `excluded`; each with the moment that may be forgotten some day (of the
    decision, of the exclusion). The `journal` says what appeals did when they did it. `remedied`
    are the remedies that were met, each with the decision and the moment.
    """

    cases: dict[str, Case] = {}
    by_id: dict[str, str] = {}
    void: dict[str, int] = {}
    excluded: dict[str, int] = {}
    reduced: dict[str, tuple[int, int]] = {}
    journal: list[Effect] = []
    remedied: list[tuple[str, str, int]] = []


class Chain(msgspec.Struct):
    """The chain of a shop's decisions."""

    sequence: int = 0
    previous: str = ""


class Memory(msgspec.Struct):
    """Event ids seen lately, with a digest of their content, in two generations.

    `heard` is a digest of what all events have said that came, in the order in which they did.
    """

    started_at: int = 0
    now: dict[str, bytes] = {}
    before: dict[str, bytes] = {}
    heard: bytes = b""


class ShopState(msgspec.Struct):
    """All that is known of one shop.

    `last` is the order key of the last event. `log` keeps the events since `base`, the facts as
    written down before them, where a policy may ask for history to be evaluated again; `middle`
    takes its place when the log has grown long.
    """

    shop: str
    facts: Facts
    redress: Redress
    chain: Chain
    memory: Memory
    last: tuple[int, int, str] | None = None
    waiting: list[tuple[int, int, str, bytes]] = []
    newest: int = FIRST_INSTANT
    base: bytes = b""
    base_at: int = 0
    middle: bytes = b""
    middle_at: int = 0
    middle_index: int = 0
    log: list[tuple[int, bytes]] = []


def _to_extension(value: Any) -> msgspec.msgpack.Ext:
    if isinstance(value, Fraction):
        return msgspec.msgpack.Ext(_FRACTION, f"{value.numerator}/{value.denominator}".encode())
    raise NotImplementedError(type(value).__name__)


def _from_extension(code: int, data: memoryview) -> Any:
    if code == _FRACTION:
        return Fraction(bytes(data).decode("ascii"))
    raise ValueError(f"unknown extension {code}")


ENCODER = msgspec.msgpack.Encoder(enc_hook=_to_extension)


def decoder(type_: Any) -> msgspec.msgpack.Decoder[Any]:
    """A decoder for a struct of this module."""
    return msgspec.msgpack.Decoder(type_, ext_hook=_from_extension)
