"""The balances of ladders over time, as the decisions say them."""

from __future__ import annotations

from dataclasses import dataclass, field

from ...language.program import Ladder, Program
from ...records.decision import Decision
from .model import Balance, Points, Stretch


@dataclass(slots=True)
class _Ladder:
    start: int | None = None
    steps: set[int] = field(default_factory=set)
    balances: list[Balance] = field(default_factory=list)
    falls: int = 0


@dataclass(slots=True)
class Balances:
    """Follows the ladders of a shop through its decisions."""

    _ladders: dict[str, _Ladder] = field(default_factory=dict)

    def take(self, decision: Decision, at: int) -> None:
        """Follow one decision; what a trial would have counted does not count."""
        if decision.mode == "shadow":
            return
        outcome = decision.outcome
        if outcome.step is not None and outcome.ladder is not None:
            self._of(outcome.ladder).steps.add(outcome.step)
        for change in outcome.points:
            ladder = self._of(change.ladder)
            if ladder.start is None:
                ladder.start = change.before
            if change.after != (ladder.balances[-1].total if ladder.balances else ladder.start):
                last = ladder.balances[-1].at if ladder.balances else at
                new = Balance(max(at, last), change.after, decision.decision_id)
                ladder.balances.append(new)
            if decision.kind == "violation" and change.delta < 0:
                ladder.falls += 1

    def points(self, stretch: Stretch, program: Program | None, region: str) -> tuple[Points, ...]:
        """The ladders in a stretch, in the policy's order; also those without points."""
        written = {} if program is None else _written(program, region)
        names = dict.fromkeys([*written, *sorted(self._ladders)])
        return tuple(_points(name, self._of(name), written.get(name), stretch) for name in names)

    def _of(self, name: str) -> _Ladder:
        return self._ladders.setdefault(name, _Ladder())


def _written(program: Program, region: str) -> dict[str, Ladder]:
    """The ladders of a policy that are for a region; of several variants the last."""
    return {one.name: one for one in program.ladders if not one.regions or region in one.regions}


def _points(name: str, found: _Ladder, written: Ladder | None, stretch: Stretch) -> Points:
    steps = found.steps | ({step.at for step in written.steps} if written else set())
    down = written.balance.down if written else found.falls > 0
    first = found.start if found.start is not None else (written.balance.start if written else 0)
    before = [one.total for one in found.balances if one.at < stretch.start]
    shown = tuple(one for one in found.balances if stretch.holds(one.at))
    return Points(name, tuple(sorted(steps)), down, before[-1] if before else first, shown)
