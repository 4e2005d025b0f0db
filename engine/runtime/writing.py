"""Making decision records: identity, times, subject, policy, and the shop's chain."""

from __future__ import annotations

from dataclasses import dataclass, field

import msgspec

from ..language.program import Item, Program, Status
from ..language.source import Span
from ..records.canonical import digest
from ..records.decision import (
    Decision,
    Evidence,
    Integrity,
    Kind,
    Mode,
    Outcome,
    PolicyRef,
    Redress,
    Result,
    RuleRef,
    Subject,
    Times,
)
from ..records.sealing import seal
from .entities import KEY, Entity, link_attribute
from .instants import DAY, FIRST_INSTANT, LAST_INSTANT, format_instant
from .model import Chain
from .zones import zone

ENGINE_VERSION = "0.1.0"

_NO_EVIDENCE = Evidence()
_UNSEALED = Integrity("", "")
_RELATED = ("order", "product", "review", "reply", "buyer")


@dataclass(frozen=True, slots=True)
class Moment:
    """When something is decided and because of what: an event's id, or the name of a check."""

    now: int
    cause: str
    event_id: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Wording:
    """What a decision says, apart from who it is about and when."""

    kind: Kind
    section: str
    item: Item
    span: Span
    outcome: Outcome
    evidence: Evidence = _NO_EVIDENCE
    because: str | None = None
    result: Result = "fired"
    error: str | None = None
    mode: Mode = "live"
    extra: str = ""
    applies_from: int | None = None
    applies_until: int | None = None
    reverses: str | None = None
    supersedes: str | None = None
    caused_by_appeal: str | None = None
    redress: Redress | None = None
    appealable_until: int | None = None


@dataclass(slots=True)
class Writer:
    """Writes the decisions of one shop, in order, into `written`, sealed with a `key` if any."""

    program: Program
    shop: str
    region: str
    zone: str
    chain: Chain
    mode: Mode = "live"
    key: bytes | None = b""
    written: list[Decision] = field(default_factory=list)

    def time(self, instant: int | None) -> str | None:
        """An instant as the records write it; beyond the calendar's ends, as the last it has."""
        if instant is None:
            return None
        told = max(FIRST_INSTANT + DAY, min(instant, LAST_INSTANT - DAY))
        return format_instant(told, zone(self.zone))

    def subject(self, kind: str, key: str, entity: Entity | None = None) -> Subject:
        """A subject with what it belongs to."""
        related = {} if entity is None else _related(kind, entity)
        return Subject(kind=kind, id=key, shop=self.shop, region=self.region, **related)

    def identify(self, wording: Wording, subject: Subject, moment: Moment) -> str:
        """The id of a decision: a digest of what it is, not of when it was computed."""
        return digest(
            self.program.digest,
            wording.section,
            wording.item.name,
            wording.kind,
            subject.shop,
            subject.kind,
            subject.id,
            moment.cause,
            self._mode(wording),
            wording.extra,
        )

    def _mode(self, wording: Wording) -> Mode:
        return "shadow" if wording.item.status is Status.SHADOW else self.mode

    def write(self, wording: Wording, subject: Subject, moment: Moment) -> Decision:
        """Write a decision down."""
        decision = Decision(
            decision_id=self.identify(wording, subject, moment),
            kind=wording.kind,
            mode=self._mode(wording),
            sequence=0,
            time=self._times(wording, moment),
            subject=subject,
            policy=self._policy(wording.item),
            rule=_rule(wording),
            outcome=wording.outcome,
            evidence=wording.evidence,
            redress=wording.redress,
            event_id=moment.event_id,
            supersedes=wording.supersedes,
            reverses=wording.reverses,
            caused_by_appeal=wording.caused_by_appeal,
            integrity=_UNSEALED,
        )
        return self.adopt(decision)

    def adopt(self, decision: Decision) -> Decision:
        """Give a decision its place in the chain, unless this is only a rehearsal."""
        if self.key is not None:
            decision = _append(decision, self.chain, self.key)
        self.written.append(decision)
        return decision

    def _times(self, wording: Wording, moment: Moment) -> Times:
        now = format_instant(moment.now, zone(self.zone))
        return Times(
            event_time=now,
            decided_at=now,
            applies_from=self.time(wording.applies_from),
            applies_until=self.time(wording.applies_until),
            notified_at=now if wording.redress is not None else None,
            appealable_until=self.time(wording.appealable_until),
        )

    def _policy(self, item: Item) -> PolicyRef:
        program, own = self.program, item.version
        return PolicyRef(
            name=program.name,
            version=own.text if own else program.version,
            digest=program.digest,
            engine=ENGINE_VERSION,
            effective_from=self.time(own.start if own else program.effective.start),
        )


def _related(kind: str, entity: Entity) -> dict[str, str | None]:
    found: dict[str, str | None] = {}
    for other in _RELATED:
        if other == kind:
            found[other] = getattr(entity, KEY)
        else:
            found[other] = getattr(entity, link_attribute(other), None)
    return found


def _rule(wording: Wording) -> RuleRef:
    item = wording.item
    return RuleRef(
        id=item.name,
        section=wording.section,
        status=item.status.value,
        file=wording.span.source.base_name,
        line=wording.span.line,
        result=wording.result,
        because=wording.because,
        error=wording.error,
    )


def _append(decision: Decision, chain: Chain, key: bytes) -> Decision:
    """Append a decision to the chain: its hash covers its sealed form and the one before it."""
    chain.sequence += 1
    numbered = msgspec.structs.replace(decision, sequence=chain.sequence)
    sealed = seal(numbered, chain.previous, key)
    chain.previous = sealed.integrity.hash
    return sealed
