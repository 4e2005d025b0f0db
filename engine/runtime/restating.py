"""The balances of a shop while what an appeal has changed in its history is written down.

Each change that is written moves the points of one decision on one ladder; before and after it the
balance is what all that counts comes to, in the order of time. When everything is written, the
balances are those of the new history.
"""

from __future__ import annotations

from collections.abc import Iterable

from ..language.program import Ladder
from ..records.decision import PointsChange
from .ladders import changed
from .model import Facts

_LAST = 1 << 62
"""The place of what the new history does not hold any more among things of one instant."""


class Restating:
    """The balances of one shop on their way from one history to another."""

    def __init__(self, ladders: Iterable[Ladder], before: Facts, after: Facts) -> None:
        """Begin with what counted before."""
        self._ladders = {ladder.name: ladder for ladder in ladders}
        self._held = {name: _held(before, name) for name in self._ladders}
        self._after = {name: _held(after, name) for name in self._ladders}
        self._places = {
            name: {cause: place for place, cause in enumerate(held)}
            for name, held in self._after.items()
        }
        self._totals = {name: self._total(name) for name in self._ladders}

    def differing(self, cause: str | None = None) -> Iterable[tuple[str, str]]:
        """The (ladder, decision) pairs whose points are not yet those of the new history."""
        for name in sorted(self._ladders):
            held, after = self._held[name], self._after[name]
            for one in dict.fromkeys([*held, *after]) if cause is None else (cause,):
                if held.get(one, (0, 0))[1] != after.get(one, (0, 0))[1]:
                    yield name, one

    def settle(self, ladder: str, cause: str) -> PointsChange:
        """Let a decision bring what it brings in the new history."""
        at, points = self._after[ladder].get(cause) or (self._held[ladder][cause][0], 0)
        return self._move(ladder, cause, at, points)

    def adopt(self, change: PointsChange, cause: str, at: int) -> PointsChange:
        """Let a decision of the new history move what it moved there."""
        balance = self._ladders[change.ladder].balance
        stated = change.delta if change.stated is None else change.stated
        issued, points = self._held[change.ladder].get(cause, (at, 0))
        moved = self._move(change.ladder, cause, issued, points + balance.change(stated))
        return PointsChange(
            moved.ladder, moved.before, moved.delta, moved.after, change.expires_at, moved.stated
        )

    def _move(self, name: str, cause: str, at: int, points: int) -> PointsChange:
        held, before = self._held[name], self._totals[name]
        was = held.pop(cause, (at, 0))[1]
        if points:
            held[cause] = (at, points)
        after = self._totals[name] = self._total(name)
        return changed(self._ladders[name], before, after, points - was)

    def _total(self, name: str) -> int:
        places, held = self._places[name], self._held[name]
        in_order = sorted(held, key=lambda one: (held[one][0], places.get(one, _LAST), one))
        return self._ladders[name].balance.after(held[one][1] for one in in_order)


def _held(facts: Facts, ladder: str) -> dict[str, tuple[int, int]]:
    """When each decision that counts on a ladder was made, and its points."""
    state = facts.ladders.get(ladder)
    held = state.contributions if state else {}
    return {cause: (one.issued_at, one.points) for cause, one in held.items()}
