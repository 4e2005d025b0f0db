"""Violations: issued with their points, weighed when repeated, open to appeal."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Final

from ..language.program import Status, Violation
from ..records.canonical import canonical_json, digest
from ..records.decision import Decision, Evidence, Outcome
from .action_records import Asking, Causes
from .actions import Actions
from .desk import Desk
from .ladders import Ladders
from .model import Issued
from .openings import Openings
from .writing import Moment, Wording

MOST_CAUSES: Final = 50
"""So many violations an action at a limit rests on, the latest, or as many as the limit says."""


@dataclass(frozen=True, slots=True)
class Offence:
    """A violation that some decision has found."""

    violation: str
    cause: Decision
    because: str | None
    points: int | None = None
    severity: str | None = None
    extra: str = ""


class Violations:
    """The violations of one shop."""

    def __init__(self, desk: Desk, ladders: Ladders, actions: Actions, openings: Openings) -> None:
        """Work at a desk, with the ladders, actions and openings of the same shop."""
        self._desk = desk
        self._ladders = ladders
        self._actions = actions
        self._openings = openings

    def issue(self, offence: Offence, moment: Moment) -> Decision | None:
        """Issue a violation and everything that follows from it."""
        violation = self._desk.violation(offence.violation, moment.now)
        facts = self._desk.facts
        speaks = violation.applies(facts.region, moment.now)
        if violation.status is Status.DISABLED or not speaks:
            return None
        points = self._points(violation, offence, moment)
        enforced = violation.status is Status.ENFORCE
        wording = self._wording(violation, offence, points, moment, enforced=enforced)
        subject = offence.cause.subject
        identity = self._desk.writer.identify(wording, subject, moment)
        if identity in self._desk.redress.void:
            return None
        points, _ = self._desk.redress.reduced.get(identity, (points, 0))
        wording = self._wording(violation, offence, points, moment, enforced=enforced)
        if enforced:
            wording = self._openings.announce(wording, "violation", moment.now)
        decision = self._desk.writer.write(wording, subject, moment)
        if enforced:
            self._enforce(violation, points, decision, offence, moment)
        return decision

    def _enforce(
        self,
        violation: Violation,
        points: int,
        decision: Decision,
        offence: Offence,
        moment: Moment,
    ) -> None:
        subject = decision.subject
        issued = Issued(
            kind="violation",
            rule=violation.name,
            at=moment.now,
            root=decision.decision_id,
            causes=[offence.cause.decision_id],
            points=points,
            subject_kind=subject.kind,
            subject_id=subject.id,
            review=subject.id if subject.kind == "review" else subject.review,
            event=moment.event_id,
            external=offence.extra,
        )
        self._desk.register.add(decision.decision_id, issued)
        self._openings.open(decision, "violation", moment)
        asking = Asking(decision, decision.decision_id, "violation")
        for proposal in violation.actions:
            self._actions.apply(proposal, asking, moment)
        self._at_limit(violation, decision, moment)
        self._ladders.add(violation.name, points, decision, moment)

    def _at_limit(self, violation: Violation, decision: Decision, moment: Moment) -> None:
        """Bring the actions of a violation that has been repeated too often."""
        repeat, own = violation.repeat, decision.decision_id
        if repeat is None or repeat.limit is None:
            return
        earlier = [one for one in self._earlier(violation, moment.now) if one != own]
        if len(earlier) + 1 < repeat.limit:
            return
        shown = max(MOST_CAUSES, repeat.limit) - 1
        causes = Causes(tuple(earlier[-shown:]), repeat.limit)
        if len(earlier) > shown:
            causes = replace(causes, total=len(earlier) + 1, digest=_digest([*earlier, own]))
        asking = Asking(decision, own, "violation", causes=causes)
        for proposal in repeat.actions:
            self._actions.apply(proposal, asking, moment)

    def _wording(
        self,
        violation: Violation,
        offence: Offence,
        points: int,
        moment: Moment,
        *,
        enforced: bool,
    ) -> Wording:
        severity = offence.severity or violation.severity
        changes = self._ladders.preview(violation.name, points, moment.now) if enforced else []
        return Wording(
            kind="violation",
            section="violations",
            item=violation,
            span=violation.span,
            outcome=Outcome(violation=violation.name, severity=severity, points=changes),
            evidence=Evidence(causes=[offence.cause.decision_id]),
            because=offence.because,
            extra=f"{offence.cause.decision_id}/{offence.extra}",
        )

    def _points(self, violation: Violation, offence: Offence, moment: Moment) -> int:
        """The points of a violation: more when it is repeated, never above its range."""
        picked = violation.picks[offence.severity or violation.severity]
        points = picked if offence.points is None else offence.points
        repeat = violation.repeat
        if repeat is None or next(self._earlier(violation, moment.now), None) is None:
            return points
        weighed = points * repeat.times
        ranged = violation.lowest < violation.highest
        return min(weighed, max(points, violation.highest)) if ranged else weighed

    def _earlier(self, violation: Violation, now: int) -> Iterator[str]:
        """The violations of the same name that a repetition is counted from, by time."""
        repeat = violation.repeat
        if repeat is None:
            return iter(())
        desk, within = self._desk, repeat.within
        return desk.register.violations(
            violation.name, lambda instant: now < desk.lasts(instant, within)
        )


def _digest(causes: list[str]) -> str:
    return digest(canonical_json(causes))
