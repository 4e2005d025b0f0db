"""Ladders: points that add up and expire, warnings near a milestone, and what milestones bring."""

from __future__ import annotations

from dataclasses import dataclass

from ..language.program import Ladder, Status, Step
from ..records.decision import Decision, Evidence, Outcome, PointsChange
from .action_records import Asking
from .actions import Actions
from .desk import POINTS, Desk
from .model import Contribution, Issued, LadderState
from .writing import Moment, Wording


@dataclass(frozen=True, slots=True)
class Fall:
    """A ladder's total before and after points were taken back."""

    ladder: str
    before: int
    after: int


class Ladders:
    """The ladders of one shop."""

    def __init__(self, desk: Desk, actions: Actions) -> None:
        """Work at a desk."""
        self._desk = desk
        self._actions = actions

    def counting(self, violation: str) -> list[Ladder]:
        """The ladders that count a violation."""
        region, now = self._desk.facts.region, self._desk.facts.clock
        return [
            ladder
            for ladder in self._desk.prepared.program.ladders
            if ladder.status is Status.ENFORCE
            and ladder.applies(region, now)
            and (not ladder.violations or violation in ladder.violations)
        ]

    def state(self, ladder: Ladder) -> LadderState:
        """The state of a ladder."""
        return self._desk.facts.ladders.setdefault(ladder.name, LadderState())

    def preview(self, violation: str, points: int, now: int) -> list[PointsChange]:
        """What adding points would do to each ladder that counts the violation."""
        changes = []
        for ladder in self.counting(violation) if points else ():
            total = self.state(ladder).total
            expires = self._desk.writer.time(self._expiry(ladder, now))
            changes.append(PointsChange(ladder.name, total, points, total + points, expires))
        return changes

    def _expiry(self, ladder: Ladder, now: int) -> int | None:
        return None if ladder.expire is None else self._desk.lasts(now, ladder.expire)

    def add(self, violation: str, points: int, decision: Decision, moment: Moment) -> None:
        """Add the points of a violation, then warn and climb as the new total asks."""
        for ladder in self.counting(violation) if points else ():
            state = self.state(ladder)
            expires = self._expiry(ladder, moment.now)
            added = Contribution(points, moment.now, expires)
            state.contributions[decision.decision_id] = added
            if expires is not None:
                self._desk.timer(expires, POINTS, f"{ladder.name}|{decision.decision_id}")
            before, state.total = state.total, state.total + points
            state.ended = state.ended or _at_end(ladder, state.total)
            self._climb(ladder, before, state.total, decision, moment)

    # ------------------------------------------------------------- climbing

    def _climb(
        self, ladder: Ladder, before: int, after: int, cause: Decision, moment: Moment
    ) -> None:
        for step in ladder.steps:
            if before < step.at <= after:
                self._step(ladder, step, after, cause, moment)
        following = next((step for step in ladder.steps if step.at > after), None)
        if following is not None and ladder.warn_before is not None:
            line = following.at - ladder.warn_before
            if before < line <= after:
                self._warn(ladder, following, after, cause, moment)

    def _reason(self, step: Step, total: int, now: int) -> str | None:
        shown = {"points": str(total), "at": str(step.at)}
        return self._desk.fill(step.because, "shop", self._desk.shop(), now, shown)

    def _step(
        self, ladder: Ladder, step: Step, total: int, cause: Decision, moment: Moment
    ) -> None:
        holding = list(self.state(ladder).contributions)
        wording = Wording(
            kind="step",
            section="escalations",
            item=ladder,
            span=step.span,
            outcome=Outcome(
                ladder=ladder.name,
                step=step.at,
                points=[PointsChange(ladder.name, total, 0, total)],
            ),
            evidence=Evidence(causes=holding),
            because=self._reason(step, total, moment.now),
            extra=f"{step.at}/{cause.decision_id}",
        )
        subject = self._desk.writer.subject("shop", self._desk.writer.shop)
        decision = self._desk.writer.write(wording, subject, moment)
        self._desk.facts.issued[decision.decision_id] = Issued(
            kind="step",
            rule=ladder.name,
            at=moment.now,
            root=cause.decision_id,
            causes=holding,
            step=step.at,
            event=moment.event_id,
        )
        for proposal in step.actions:
            self._actions.apply(proposal, Asking(decision, cause.decision_id, "violation"), moment)

    def _warn(
        self, ladder: Ladder, step: Step, total: int, cause: Decision, moment: Moment
    ) -> None:
        wording = Wording(
            kind="notice",
            section="escalations",
            item=ladder,
            span=step.span,
            outcome=Outcome(
                ladder=ladder.name,
                step=step.at,
                points=[PointsChange(ladder.name, total, 0, total)],
            ),
            evidence=Evidence(causes=[cause.decision_id]),
            because=f"{total} of {step.at} points: {step.at - total} more bring the next step",
            extra=f"{step.at}/{cause.decision_id}",
        )
        subject = self._desk.writer.subject("shop", self._desk.writer.shop)
        self._desk.writer.write(wording, subject, moment)

    # -------------------------------------------------------------- falling

    def due(self, ref: str, now: int) -> None:
        """A timer went: points expire, unless the ladder has ended."""
        name, _, violation = ref.partition("|")
        ladder = self._named(name)
        state = self._desk.facts.ladders.get(name)
        if ladder is None or state is None or state.ended:
            return
        contribution = state.contributions.get(violation)
        if contribution is None or contribution.expires_at is None:
            return
        if contribution.expires_at > now:
            return
        del state.contributions[violation]
        before, state.total = state.total, state.total - contribution.points
        self._expired(ladder, violation, before, state.total, now)

    def _named(self, name: str) -> Ladder | None:
        ladders = self._desk.prepared.program.ladders
        return next((ladder for ladder in ladders if ladder.name == name), None)

    def _expired(self, ladder: Ladder, violation: str, before: int, after: int, at: int) -> None:
        change = PointsChange(ladder.name, before, after - before, after)
        wording = Wording(
            kind="points",
            section="escalations",
            item=ladder,
            span=ladder.span,
            outcome=Outcome(ladder=ladder.name, points=[change]),
            evidence=Evidence(causes=[violation]),
            because=f"{before - after} points expired",
            extra=violation,
        )
        subject = self._desk.writer.subject("shop", self._desk.writer.shop)
        self._desk.writer.write(wording, subject, Moment(at, f"expiry/{ladder.name}/{at}"))

    def take_back(self, violation: str, remaining: int, now: int) -> list[Fall]:
        """Take points back, all or down to `remaining`; an ended ladder may go on then."""
        falls = []
        for ladder in self._desk.prepared.program.ladders:
            state = self._desk.facts.ladders.get(ladder.name)
            contribution = state.contributions.get(violation) if state else None
            if state is None or contribution is None:
                continue
            before = state.total
            state.total -= contribution.points - remaining
            contribution.points = remaining
            if not remaining:
                del state.contributions[violation]
            if state.ended and not _at_end(ladder, state.total):
                state.ended = False
                self._catch_up(ladder, state, now)
            falls.append(Fall(ladder.name, before, state.total))
        return falls

    def _catch_up(self, ladder: Ladder, state: LadderState, now: int) -> None:
        """Let expire what would have expired while the ladder was at its end."""
        for violation, contribution in list(state.contributions.items()):
            if contribution.expires_at is not None and contribution.expires_at <= now:
                self.due(f"{ladder.name}|{violation}", now)


def _at_end(ladder: Ladder, total: int) -> bool:
    return ladder.terminal is not None and total >= ladder.terminal
