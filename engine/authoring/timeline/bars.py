"""Actions as bars: when each began, when it stood still, and how it ended."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Final

from ...records.decision import ActionChange, Decision
from ...records.explain import end_text
from ...runtime.instants import parse_instant
from .model import Bar, Piece

PLANNED: Final = "planned"
RUNS: Final = "in force"
SUSPENDED: Final = "suspended"

_BEGINS: Final = {"applied": RUNS, "extended": RUNS, "kept": RUNS, "scheduled": PLANNED}
_GOES_ON: Final = {"suspended": SUSPENDED, "resumed": RUNS}
_ENDS: Final = frozenset({"lifted", "expired"})


@dataclass(slots=True)
class _Open:
    """An action that has not ended."""

    change: ActionChange
    decision_id: str
    start: int
    since: int
    state: str
    pieces: list[Piece] = field(default_factory=list)

    def enter(self, state: str, at: int) -> None:
        """Be in another state from an instant on."""
        self._begin(at)
        if state != self.state:
            self._close(at)
            self.state, self.since = state, at

    def _begin(self, at: int) -> None:
        """What was planned runs from its beginning, which may have passed."""
        if self.state == PLANNED and self.start <= at:
            self._close(self.start)
            self.state, self.since = RUNS, self.start

    def _close(self, at: int) -> None:
        if at > self.since:
            self.pieces.append(Piece(self.since, at, self.state))

    def bar(self, at: int | None, ended: str | None) -> Bar:
        """The bar, ended or not."""
        if at is not None:
            self._begin(at)
            self._close(at)
        last = [] if at is not None else [Piece(self.since, None, self.state)]
        pieces = [*self.pieces, *last] or [Piece(self.since, max(at or 0, self.since), self.state)]
        change = self.change
        until = "" if ended else end_text(change)
        names = (change.action, change.scope, change.target)
        return Bar(*names, tuple(pieces), ended, until, self.decision_id)


@dataclass(slots=True)
class Bars:
    """Follows the actions of a shop through its decisions."""

    _open: dict[tuple[str, str], _Open] = field(default_factory=dict)
    _ended: list[Bar] = field(default_factory=list)

    def take(self, decision: Decision, at: int) -> None:
        """Follow one decision; what only a trial would have done is no action."""
        if decision.mode == "shadow":
            return
        for change in decision.outcome.actions:
            if change.held_back_by is None:
                self._take(change, decision, at)

    def bars(self, end: int) -> list[Bar]:
        """All bars in the order of their beginnings, as they stand at the end."""
        for one in self._open.values():
            one.enter(one.state, end)
        going_on = [one.bar(None, None) for one in self._open.values()]
        found = [*self._ended, *going_on]
        return sorted(found, key=lambda bar: (bar.start, bar.action, bar.target))

    def _take(self, change: ActionChange, decision: Decision, at: int) -> None:
        key = (change.action, change.target)
        there = self._open.get(key)
        if change.change in _ENDS:
            if there is not None:
                word = "reversed" if decision.kind == "reversal" else change.change
                self._ended.append(self._open.pop(key).bar(at, word))
        elif change.change in _GOES_ON:
            if there is not None:
                there.enter(_GOES_ON[change.change], at)
        elif there is None:
            self._begin(change, decision.decision_id, at)
        elif change.change != "kept":
            there.change = change
            there.enter(_BEGINS[change.change] if there.state == PLANNED else there.state, at)

    def _begin(self, change: ActionChange, decision_id: str, at: int) -> None:
        """Begin a bar; what has no length is over at once."""
        start, state = parse_instant(change.start), _BEGINS[change.change]
        since = at if state == PLANNED else min(start, at)
        begun = _Open(change, decision_id, start, since, state)
        if end_text(change):
            self._open[change.action, change.target] = begun
        else:
            self._ended.append(begun.bar(at, "at once"))
