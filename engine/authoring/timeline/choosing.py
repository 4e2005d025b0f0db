"""Which decisions the table shows: of too many, those that matter more, and of these the newer."""

from __future__ import annotations

import heapq
from collections import Counter
from dataclasses import dataclass, field
from typing import Final

from ...records.decision import Decision
from .model import Entry, Stretch

MOST_ENTRIES: Final = 1_000
"""So many decisions are shown unless somebody asks for more or fewer."""

_FIRST: Final = frozenset({"violation", "step", "reversal", "appeal", "points", "remedy"})
_NEXT: Final = frozenset({"action", "threshold"})
_THEN: Final = frozenset({"notice"})


@dataclass(slots=True)
class Choosing:
    """Keeps the decisions to be shown, at most so many."""

    stretch: Stretch
    most: int
    counts: Counter[str] = field(default_factory=Counter)
    undone: dict[str, str] = field(default_factory=dict)
    """Which decision was reversed by which."""
    _kept: list[tuple[int, int, str, int, Decision]] = field(default_factory=list)

    def take(self, decision: Decision, at: int) -> None:
        """See one decision, in the order of the chain."""
        if decision.reverses is not None:
            self.undone[decision.reverses] = decision.decision_id
        if not self.stretch.holds(at):
            return
        self.counts[decision.kind] += 1
        one = (-_rank(decision), decision.sequence, decision.decision_id, at, decision)
        if len(self._kept) < self.most:
            heapq.heappush(self._kept, one)
        elif self._kept:
            heapq.heappushpop(self._kept, one)

    def entries(self) -> tuple[Entry, ...]:
        """The decisions to be shown, in the order of the chain."""
        chosen = sorted(self._kept, key=lambda one: (one[1], one[2]))
        return tuple(
            Entry(at, decision, self.undone.get(name)) for _, _, name, at, decision in chosen
        )

    def left_out(self) -> Counter[str]:
        """How many are not shown, by kind."""
        return self.counts - Counter(one[4].kind for one in self._kept)


def _rank(decision: Decision) -> int:
    """How soon a decision is left out; 0 is last."""
    if decision.mode == "shadow" or decision.rule.result != "fired":
        return 4
    if decision.kind in _FIRST:
        return 0
    if decision.kind in _NEXT:
        return 1
    if decision.kind in _THEN or (decision.outcome.verdict or "allow") != "allow":
        return 2
    return 3
