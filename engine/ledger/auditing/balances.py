"""The balances of a shop's ladders, recounted from its decisions alone.

Each decision that moves a balance says about whose points it is and how many: its own where it
gives them, those that it lets expire, those that it takes back. What counts, in order of time and
between the ladder's ends, has to come to the balance that the decision says.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from ...language.balance import Balance
from ...language.program import Program
from ...records.decision import Decision, PointsChange
from ...runtime.instants import parse_instant

_MOVING = frozenset({"violation", "points", "reversal"})
"""Kinds of decisions that may move a balance."""


@dataclass(slots=True)
class _Held:
    """Points of one decision, with the sign that they have on the ladder, and when it was made."""

    at: int
    points: int
    late: bool


@dataclass(slots=True)
class _Ladder:
    """One ladder: what counts on it, by decision in the order in which it came.

    It `is_sum` while no points have met an end, so that their order is no matter.
    """

    balance: Balance
    total: int
    held: dict[str, _Held] = field(default_factory=dict)
    newest: int = 0
    is_sum: bool = False

    def forget(self, causes: Iterable[str]) -> int:
        """Let what some decisions gave count no more; gives the balance."""
        for cause in causes:
            self.held.pop(cause, None)
        return self._anew()

    def move(self, cause: str, at: int, points: int, *, late: bool) -> int:
        """Let a decision give more points, or fewer; gives the balance."""
        known = self.held.get(cause)
        last = known is None and at >= self.newest
        if known is None:
            self.held[cause] = _Held(at, points, late)
            self.newest = max(self.newest, at)
            self.is_sum = self.is_sum and points > 0
        else:
            known.points += points
            if not known.points:
                del self.held[cause]
        return self._between(self.total, points) if last or self.is_sum else self._anew()

    def _anew(self) -> int:
        total = self.balance.start
        for one in sorted(self.held.values(), key=lambda one: one.at):
            total = self._between(total, one.points)
        return total

    def _between(self, total: int, points: int) -> int:
        """The balance after points; an end that it meets, it does not pass."""
        after = max(total + points, self.balance.floor)
        return after if self.balance.ceiling is None else min(after, self.balance.ceiling)

    @property
    def is_uncertain(self) -> bool:
        """Whether decisions do not say in which order points of one instant count.

        That is where history was evaluated again and brought points among others of that instant.
        """
        return any(one.late for one in self.held.values())


class Balances:
    """The balances of one shop's ladders, decision by decision."""

    def __init__(self, program: Program) -> None:
        """Begin with nothing that counts."""
        balances = {ladder.name: ladder.balance for ladder in program.ladders}
        self._ladders = {
            name: _Ladder(one, one.start, is_sum=one.is_sum) for name, one in balances.items()
        }
        self._about: dict[str, str] = {}

    def hear(self, decision: Decision) -> str | None:
        """Count what a decision says of points; gives what is wrong with it."""
        if decision.kind not in _MOVING or not decision.outcome.points:
            return None
        cause = self._cause(decision)
        found = (self._count(change, cause, decision) for change in decision.outcome.points)
        return next((what for what in found if what is not None), None)

    def of(self, ladder: str) -> int | None:
        """What a ladder has come to; nothing where the policy has none of that name."""
        found = self._ladders.get(ladder)
        return None if found is None else found.total

    def _cause(self, decision: Decision) -> str:
        """Whose points a decision is about."""
        own = decision.decision_id
        if decision.kind == "points" and decision.outcome.adjusted != "earned":
            self._about[own] = (decision.evidence.causes or [own])[0]
        elif decision.kind == "reversal":
            reversed_ = decision.reverses or own
            self._about[own] = self._about.get(reversed_, reversed_)
        return self._about.get(own, own)

    def _count(self, change: PointsChange, cause: str, decision: Decision) -> str | None:
        ladder = self._ladders.get(change.ladder)
        if ladder is None:
            return f"the policy has no ladder `{change.ladder}`"
        if (change.before, change.before + change.delta) != (ladder.total, change.after):
            return _wrong(change, f"the decisions before it came to {ladder.total}")
        now = self._moved(ladder, change, cause, decision)
        if now != change.after and not ladder.is_uncertain:
            return _wrong(change, f"what counts comes to {now}")
        ladder.total = change.after
        return None

    def _moved(self, ladder: _Ladder, change: PointsChange, cause: str, decision: Decision) -> int:
        if decision.outcome.adjusted == "reset":
            return ladder.forget(decision.evidence.causes)
        points = change.delta if change.stated is None else change.stated
        at = parse_instant(decision.time.event_time)
        return ladder.move(cause, at, points, late=decision.caused_by_appeal is not None)


def _wrong(change: PointsChange, instead: str) -> str:
    moved = f"`{change.ladder}` from {change.before} by {change.delta} to {change.after}"
    return f"it moves {moved}, but {instead}"
