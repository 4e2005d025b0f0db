"""Actions and appeals as bars: one lane for each, the states along it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Final

from markupsafe import Markup

from ..as_text import time_text
from ..model import Bar, Filed, Piece
from ..periods import day_text
from .frame import Head, Sheet, chart, time_lines
from .scales import LEFT, PLOT, Times
from .svg import box, clipped, element, label, led, line, title

_TOP: Final = 28
_LANE: Final = 26
_BAR: Final = 14
_NAME: Final = 35
_CHARACTER: Final = 7
_NARROW: Final = 4
"""A bar is at least so wide, so that it can be seen and pointed at."""


@dataclass(frozen=True, slots=True)
class Lane:
    """A line of the chart: its name, its bars (each with where it leads), and how it ended."""

    name: str
    bars: tuple[tuple[str | None, tuple[Piece, ...]], ...]
    ended: str


def actions_chart(number: str, bars: Sequence[Bar], sheet: Sheet) -> Markup:
    """The chart of the actions of a stretch; those of one kind on one target share a lane."""
    lanes: dict[tuple[str, str, str], list[Bar]] = {}
    for bar in bars:
        lanes.setdefault((bar.action, bar.scope, bar.target), []).append(bar)
    drawn = [_action_lane(of_one, sheet) for of_one in lanes.values()]
    running = sum(bar.ended is None for bar in bars)
    says = f"{len(bars):,} actions, of which {running:,} have not ended"
    return _lanes(number, Head("actions", "", [], says), drawn, sheet.times)


def _action_lane(bars: list[Bar], sheet: Sheet) -> Lane:
    last = bars[-1]
    name = last.action if last.scope == "shop" else f"{last.action}: {last.target}"
    when = day_text(last.end, sheet.stretch) if last.ended and last.end is not None else ""
    ended = f"{last.ended} {when}" if last.ended else last.until
    leading = ((sheet.place_of(bar.decision_id), bar.pieces) for bar in bars)
    return Lane(name, tuple(leading), ended)


def appeals_chart(number: str, appeals: Sequence[Filed], sheet: Sheet) -> Markup:
    """The chart of the appeals of a stretch."""
    lanes = [
        Lane(
            one.appeal.appeal_id, ((f"a-{place}", one.pieces),), one.appeal.state.replace("_", " ")
        )
        for place, one in enumerate(appeals)
    ]
    head = Head("appeals", "", [], f"{len(appeals):,} appeals that were filed")
    return _lanes(number, head, lanes, sheet.times)


# ------------------------------------------------------------------------------- drawing


def _lanes(number: str, head: Head, lanes: Sequence[Lane], times: Times) -> Markup:
    bottom = _TOP + _LANE * max(len(lanes), 1)
    drawn = (_lane(one, _TOP + _LANE * place, times) for place, one in enumerate(lanes))
    return chart(number, head, bottom, time_lines(times, _TOP, bottom), _key(lanes), *drawn)


def _key(lanes: Sequence[Lane]) -> Markup:
    """What the colours mean, of the states that occur."""
    states = dict.fromkeys(
        piece.state for lane in lanes for _, pieces in lane.bars for piece in pieces
    )
    drawn, left = [], LEFT
    for state in states:
        drawn.append(element("rect", x=left, y=4, width=20, height=10, class_=_kind(state)))
        drawn.append(label(state.replace("_", " "), left + 26, 13, "limit"))
        left += 40 + _CHARACTER * len(state)
    return Markup().join(drawn)


def _kind(state: str) -> str:
    return f"piece {state.replace(' ', '-').replace('_', '-')}"


def _lane(lane: Lane, top: int, times: Times) -> Markup:
    middle = top + _LANE // 2 + 4
    name = element("g", title(lane.name), label(clipped(lane.name, _NAME), 0, middle, "aside"))
    bars = (
        led(where, *(_piece(piece, lane.name, top, times) for piece in pieces))
        for where, pieces in lane.bars
    )
    ended = element(
        "g", title(lane.ended), label(clipped(lane.ended, 25), LEFT + PLOT + 8, middle, "limit")
    )
    ground = line((0, top), (LEFT + PLOT, top), "lane")
    return Markup().join([ground, name, *bars, ended])


def _piece(piece: Piece, name: str, top: int, times: Times) -> Markup:
    stretch = times.stretch
    end = stretch.end if piece.end is None else piece.end
    left, right = times.place(piece.start), times.place(end)
    if piece.start > stretch.end or end < stretch.start:
        return Markup()
    width = max(right - left, Fraction(_NARROW))
    until = "on" if piece.end is None else f"to {time_text(piece.end, stretch)}"
    says = f"{name}: {piece.state.replace('_', ' ')} from {time_text(piece.start, stretch)} {until}"
    return box(left, top + (_LANE - _BAR) // 2, (width, _BAR), _kind(piece.state), says)
