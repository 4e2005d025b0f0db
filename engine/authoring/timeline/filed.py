"""Appeals over time: from the filing to the end."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from typing import Final

from ...records.appeal import Appeal
from ...runtime.instants import parse_instant
from .model import Filed, Piece, Stretch

_GOES_ON: Final = frozenset({"filed", "under_review", "evidence_requested", "escalated"})


def filed_in(stretch: Stretch, appeals: Iterable[Appeal]) -> tuple[list[Filed], Counter[str]]:
    """The appeals that were filed and not ended before a stretch; how many stand in each state."""
    found, states = [], Counter[str]()
    for appeal in appeals:
        if parse_instant(appeal.opened_at) > stretch.end:
            continue
        states[appeal.state] += 1
        pieces = _pieces(appeal) if appeal.filed_at is not None else ()
        if pieces and _overlaps(pieces, stretch):
            found.append(Filed(appeal, pieces))
    return sorted(found, key=lambda one: (one.start, one.appeal.appeal_id)), states


def _pieces(appeal: Appeal) -> tuple[Piece, ...]:
    """The states that an appeal was in while somebody waited; those at one instant are one."""
    pieces: list[Piece] = []
    steps = [(parse_instant(one.at), one.state) for one in appeal.history]
    for number, (at, state) in enumerate(steps):
        end = steps[number + 1][0] if number + 1 < len(steps) else None
        if state in _GOES_ON:
            goes_on = bool(pieces) and pieces[-1].state == state and pieces[-1].end == at
            start = pieces.pop().start if goes_on else at
            if end != start:
                pieces.append(Piece(start, end, state))
        elif state == "inadmissible" and not pieces:
            pieces.append(Piece(at, at, state))
    return tuple(pieces)


def _overlaps(pieces: tuple[Piece, ...], stretch: Stretch) -> bool:
    end = pieces[-1].end
    return pieces[0].start <= stretch.end and (end is None or end >= stretch.start)
