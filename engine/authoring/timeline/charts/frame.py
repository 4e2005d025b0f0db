"""What all charts have: the name and the last value on the left, lines of time, lines of values."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from markupsafe import Markup

from ..model import Stretch
from ..values import readable
from .scales import LEFT, PLOT, WIDTH, Times, Values
from .svg import clipped, element, label, line

_NAME: Final = 36
"""So many characters of a name fit above and left of a plot."""

_NOTE: Final = 28
"""So many characters of a note fit left of what the lines of values say."""

_NOTE_LINE: Final = 16
_LARGE: Final = 10
"""A value of more characters is not written large."""

_BELOW: Final = 22
"""The room for what the lines of time say."""


@dataclass(frozen=True, slots=True)
class Sheet:
    """What charts are drawn for: a stretch of time, and a page with some decisions on it."""

    stretch: Stretch
    here: frozenset[str]

    @property
    def times(self) -> Times:
        """The scale of time."""
        return Times(self.stretch)

    def place_of(self, decision_id: str) -> str | None:
        """Where a decision stands on the page, if it does."""
        return f"d-{decision_id}" if decision_id in self.here else None


@dataclass(frozen=True, slots=True)
class Head:
    """What stands left of a chart: its name, the last value large, and what else is to be said.

    `says` describes the whole chart in a sentence, for those who do not see it.
    """

    name: str
    value: str
    notes: Sequence[str]
    says: str

    @property
    def height(self) -> int:
        """How far down it reaches."""
        return _first_note(self) + _NOTE_LINE * (len(self.notes) - 1)


def _first_note(head: Head) -> int:
    return 62 if head.value else 32


def chart(number: str, head: Head, height: int, *parts: Markup) -> Markup:
    """A chart of a height, without what the lines of time say; `number` tells it from others."""
    inside = Markup().join(parts)
    return element(
        "svg",
        element("title", head.name, id=f"{number}-title"),
        element("desc", head.says, id=f"{number}-says"),
        _head(head),
        inside,
        xmlns="http://www.w3.org/2000/svg",
        viewBox=f"0 0 {WIDTH} {height + _BELOW}",
        role="group",
        aria_labelledby=f"{number}-title {number}-says",
    )


def _head(head: Head) -> Markup:
    long = len(head.value) > _LARGE
    lines = [label(clipped(head.name, _NAME), 0, 14, "name")]
    if head.value:
        lines.append(label(clipped(head.value, _NOTE), 0, 42, "aside strong" if long else "value"))
    for number, note in enumerate(head.notes):
        height = _first_note(head) + _NOTE_LINE * number
        lines.append(label(clipped(note, _NOTE), 0, height, "aside"))
    return Markup().join(lines)


def time_lines(times: Times, top: int, bottom: int) -> Markup:
    """The lines of time between two heights, and what they say."""
    drawn, last = [], LEFT - 100
    for tick in times.ticks():
        drawn.append(line((tick.place, top), (tick.place, bottom), "grid"))
        if tick.place - last > 44:  # noqa: PLR2004  # so much room a label needs
            drawn.append(label(tick.says, tick.place, bottom + 15, "tick", "middle"))
            last = int(tick.place)
    drawn.append(line((LEFT, bottom), (LEFT + PLOT, bottom), "axis"))
    return Markup().join(drawn)


def value_lines(values: Values, unit: str) -> Markup:
    """The lines of values, and what they say."""
    return Markup().join(
        line((LEFT, values.place(one)), (LEFT + PLOT, values.place(one)), "grid")
        + label(readable(one, unit), LEFT - 8, values.place(one) + 4, "tick", "end")
        for one in values.lines
    )
