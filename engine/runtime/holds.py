"""Holds that end by themselves: after a while another verdict falls, unless somebody has decided.

What became of the hold is a decision of its own, which supersedes the first and follows from it: an
appeal that takes the hold back takes this back as well.
"""

from __future__ import annotations

from ..language.program import VERDICTS, TimeOut
from ..records.decision import Decision, Evidence, Outcome
from .desk import HOLD, Desk
from .entities import KEY, Entity
from .model import Issued
from .naming import rule_of
from .openings import Openings
from .register import Register
from .writing import Moment, Wording

ADVERSE = frozenset({"hold", "reject", "refuse"})
"""Verdicts that work against somebody, who can appeal."""

_OVER = "it was held, and nobody decided in time"


def strictest(register: Register, kind: str, key: str) -> str:
    """The strictest verdict on something that weighs today."""
    found = register.verdicts(kind, key)
    left = (one.verdict for one in found if one.reversed_by is None and not one.edit)
    return max(left, key=VERDICTS.index, default="allow")


class Holds:
    """The holds of one shop."""

    def __init__(self, desk: Desk, openings: Openings) -> None:
        """Work at a desk, with the openings of appeals of the same shop."""
        self._desk = desk
        self._openings = openings

    def begin(self, decision: Decision, time_out: TimeOut, now: int) -> None:
        """Expect a hold that was just issued to end."""
        first = decision.decision_id
        held = self._desk.facts.holds.setdefault(_subject(self._issued(first)), {})
        held[first] = decision.rule.because
        self._desk.timer(self._desk.lasts(now, time_out.length), HOLD, first)

    def settle(self, kind: str, entity: Entity) -> None:
        """Somebody decided: what is held is held no more, and its other verdicts weigh."""
        key = getattr(entity, KEY)
        held = self._desk.facts.holds.pop(f"{kind}|{key}", None)
        if held is None:
            return
        for decision in held:
            self._issued(decision).verdict = "allow"
        entity.verdict = strictest(self._desk.register, kind, key)

    def drop(self, decision: str) -> None:
        """Expect a hold no more that was reversed, or put back with the edit that it was about."""
        subject = _subject(self._issued(decision))
        held = self._desk.facts.holds.get(subject, {})
        held.pop(decision, None)
        if not held:
            self._desk.facts.holds.pop(subject, None)

    def due(self, decision: str, at: int) -> tuple[str, str] | None:
        """A hold has lasted as long as it may; gives the kind and key of what this changes."""
        facts = self._desk.facts
        issued = facts.issued.get(decision)
        held = {} if issued is None else facts.holds.get(_subject(issued), {})
        if issued is None or decision not in held:
            return None
        because = _ended(held[decision])
        self.drop(decision)
        kind, key = issued.subject_kind, issued.subject_id
        entity = facts.entities[kind].get(key)
        if entity is None:
            return None
        rule = rule_of(self._desk, issued)
        assert rule.time_out is not None  # noqa: S101  # the hold was to end
        issued.verdict = "allow"
        wording = Wording(
            kind="verdict",
            section=rule.stratum.value,
            item=rule,
            span=rule.span,
            outcome=Outcome(verdict=rule.time_out.verdict),
            evidence=Evidence(causes=[decision]),
            because=because,
            supersedes=decision,
        )
        self._fall(wording, issued, entity, Moment(at, f"hold/{decision}"))
        entity.verdict = strictest(self._desk.register, kind, key)
        if kind == "review" and entity.verdict == "refuse" and entity.status == "standing":
            entity.status = "refused"
        self._desk.measuring.aggregates.entity_changed(kind, key, at)
        return kind, key

    def _fall(self, wording: Wording, held: Issued, entity: Entity, moment: Moment) -> None:
        """Write the verdict that a hold has become, unless an appeal has undone that for good."""
        writer, verdict = self._desk.writer, wording.outcome.verdict
        subject = writer.subject(held.subject_kind, held.subject_id, entity)
        if writer.identify(wording, subject, moment) in self._desk.redress.void:
            return
        if verdict is None or verdict not in ADVERSE:
            writer.write(wording, subject, moment)
            return
        wording = self._openings.announce(wording, "verdict", moment.now)
        decision = writer.write(wording, subject, moment)
        issued = Issued(
            kind="verdict",
            rule=held.rule,
            at=moment.now,
            root=decision.decision_id,
            causes=wording.evidence.causes,
            subject_kind=held.subject_kind,
            subject_id=held.subject_id,
            event=held.event,
            verdict=verdict,
        )
        self._desk.register.add(decision.decision_id, issued)
        self._openings.open(decision, "verdict", moment)

    def _issued(self, decision: str) -> Issued:
        return self._desk.facts.issued[decision]


def _ended(reason: str | None) -> str:
    """Why a verdict falls at the end of a hold: what it was held for, and that this is over."""
    return _OVER if reason is None else f"{reason}; {_OVER}"


def _subject(issued: Issued) -> str:
    return f"{issued.subject_kind}|{issued.subject_id}"
