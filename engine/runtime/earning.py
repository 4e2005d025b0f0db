"""Earning: events that bring a shop points back, every so many of them."""

from __future__ import annotations

from ..language.program import Ladder, Status
from ..records.decision import Evidence, Outcome
from .desk import Desk
from .entities import Entity
from .errors import EvaluationError
from .ladders import Ladders
from .prepared import PreparedEarning
from .trace import explain
from .writing import Moment, Wording


class Earnings:
    """What one shop earns."""

    def __init__(self, desk: Desk, ladders: Ladders) -> None:
        """Work at a desk, with the ladders of the same shop."""
        self._desk = desk
        self._ladders = ladders

    def happened(self, earnings: tuple[PreparedEarning, ...], entity: Entity, at: Moment) -> None:
        """Count an event, and give points back where it is one of so many."""
        for prepared in earnings:
            ladder = prepared.ladder
            if self._speaks(ladder, at.now) and self._holds(prepared, entity, at):
                self._count(prepared, entity, at)

    def _speaks(self, ladder: Ladder, now: int) -> bool:
        """Whether points can be earned on a ladder: it is there, and has not ended."""
        here = ladder.applies(self._desk.facts.region, now)
        there = here and ladder.status is Status.ENFORCE
        return there and not self._ladders.state(ladder).ended

    def _holds(self, prepared: PreparedEarning, entity: Entity, moment: Moment) -> bool:
        """Whether an event counts; one that cannot be judged does not, and that is written."""
        if prepared.condition is None:
            return True
        scope = self._desk.scope(prepared.earning.about, entity)
        self._desk.measuring.at(moment.now)
        try:
            return bool(prepared.condition(*scope, moment.now, self._desk.measuring))
        except EvaluationError as error:
            self._failed(prepared, error.reason, moment)
            return False

    def _failed(self, prepared: PreparedEarning, reason: str, moment: Moment) -> None:
        wording = Wording(
            kind="points",
            section="escalations",
            item=prepared.ladder,
            span=prepared.earning.span,
            outcome=Outcome(ladder=prepared.ladder.name),
            result="error",
            error=reason,
            extra=f"earn/{prepared.earning.name}",
        )
        writer = self._desk.writer
        writer.write(wording, writer.subject("shop", writer.shop), moment)

    def _count(self, prepared: PreparedEarning, entity: Entity, moment: Moment) -> None:
        ladder, earning = prepared.ladder, prepared.earning
        state = self._ladders.state(ladder)
        counted = state.counted.get(earning.name, 0) + 1
        state.counted[earning.name] = counted % earning.every
        self._ladders.await_reset(ladder, state, moment.now)
        if counted == earning.every:
            wording = self._wording(prepared, entity, moment)
            self._ladders.earn(ladder, earning.points, wording, moment)

    def _wording(self, prepared: PreparedEarning, entity: Entity, moment: Moment) -> Wording:
        earning, explanation = prepared.earning, None
        if earning.condition is not None:
            named = self._desk.named_scope(earning.about, entity)
            explanation = explain(earning.condition, named, moment.now, self._desk.measuring)
        times = f" for every {earning.every} events" if earning.every > 1 else ""
        return Wording(
            kind="points",
            section="escalations",
            item=prepared.ladder,
            span=earning.span,
            outcome=Outcome(ladder=prepared.ladder.name),
            evidence=Evidence(explanation=explanation),
            because=f"`{earning.name}` brings {earning.points} points back{times}",
            extra=f"earn/{earning.name}",
        )
