"""Milestones: what a ladder does when its balance gets to one, and the warning before the next."""

from __future__ import annotations

from dataclasses import dataclass

from ..language.program import Ladder, Step
from ..records.decision import Decision, Evidence, Outcome, PointsChange
from .action_records import Asking
from .actions import Actions
from .desk import Desk
from .model import Issued, LadderState
from .writing import Moment, Wording


@dataclass(frozen=True, slots=True)
class Move:
    """A balance that a decision has moved."""

    ladder: Ladder
    state: LadderState
    before: int
    after: int
    cause: Decision


class Climbing:
    """The milestones of one shop's ladders."""

    def __init__(self, desk: Desk, actions: Actions) -> None:
        """Work at a desk, with the actions of the same shop."""
        self._desk = desk
        self._actions = actions

    def climb(self, move: Move, moment: Moment) -> None:
        """Take the milestones that a balance has come to, and warn where the next one is near."""
        depth = move.ladder.balance.depth
        before, after = depth(move.before), depth(move.after)
        for step in move.ladder.steps:
            if before < depth(step.at) <= after:
                self._step(move, step, moment)
        following = next((step for step in move.ladder.steps if depth(step.at) > after), None)
        if following is not None and move.ladder.warn_before is not None:
            line = depth(following.at) - move.ladder.warn_before
            if before < line <= after:
                self._warn(move, following, moment)

    def _reason(self, step: Step, total: int, now: int) -> str | None:
        shown = {"points": str(total), "at": str(step.at)}
        return self._desk.fill(step.because, "shop", self._desk.shop(), now, shown)

    def _step(self, move: Move, step: Step, moment: Moment) -> None:
        held = move.state.contributions
        against = [identity for identity, one in held.items() if one.points > 0]
        reason = self._reason(step, move.after, moment.now)
        decision = self._write("step", move, step, (reason, against), moment)
        cause = move.cause.decision_id
        issued = Issued(
            kind="step",
            rule=move.ladder.name,
            at=moment.now,
            root=cause,
            causes=list(held),
            step=step.at,
            event=moment.event_id,
        )
        self._desk.register.add(decision.decision_id, issued)
        for proposal in step.actions:
            asking = Asking(decision, cause, "violation", recovers=_watch(move.ladder, step))
            self._actions.apply(proposal, asking, moment)

    def recover(self, ladder: Ladder, total: int, moment: Moment) -> None:
        """Lift what was to last only while a milestone is reached, where it no longer is."""
        depth = ladder.balance.depth
        for step in ladder.steps:
            if step.recovers and depth(total) < depth(step.at):
                self._actions.recovered(_watch(ladder, step), moment)

    def _warn(self, move: Move, step: Step, moment: Moment) -> None:
        left = abs(step.at - move.after)
        if move.ladder.balance.down:
            told = f"{move.after} points: {left} fewer bring the step at {step.at}"
        else:
            told = f"{move.after} of {step.at} points: {left} more bring the next step"
        self._write("notice", move, step, (told, [move.cause.decision_id]), moment)

    def _write(
        self,
        kind: str,
        move: Move,
        step: Step,
        words: tuple[str | None, list[str]],
        moment: Moment,
    ) -> Decision:
        because, causes = words
        ladder, total = move.ladder, move.after
        wording = Wording(
            kind=kind,  # type: ignore[arg-type]  # `step` or `notice`
            section="escalations",
            item=ladder,
            span=step.span,
            outcome=Outcome(
                ladder=ladder.name,
                step=step.at,
                points=[PointsChange(ladder.name, total, 0, total)],
            ),
            evidence=Evidence(causes=causes),
            because=because,
            extra=f"{step.at}/{move.cause.decision_id}",
        )
        subject = self._desk.writer.subject("shop", self._desk.writer.shop)
        return self._desk.writer.write(wording, subject, moment)


def _watch(ladder: Ladder, step: Step) -> str:
    """What stands for a milestone where an action lasts until it is lost; no threshold's name."""
    return f"{ladder.name}/{step.at}"
