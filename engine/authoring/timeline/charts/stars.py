"""Reviews by stars, in columns for each day, week, month or year."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from typing import Final

from markupsafe import Markup

from ....records.values import INTEGER
from ..model import STARS, Calendar, Row, Stretch
from ..periods import day_text
from .frame import Head, Sheet, chart, time_lines, value_lines
from .scales import LEFT, PLOT, Times, Values, values_for
from .svg import box, element, label

_TOP: Final = 28
_HEIGHT: Final = 120
_GAP: Final = 2


def stars_chart(number: str, calendar: Calendar, sheet: Sheet) -> Markup:
    """The chart of the reviews of a stretch."""
    times, bottom = sheet.times, _TOP + _HEIGHT
    most = max((row.reviews for row in calendar.rows), default=0)
    values = values_for([Fraction(max(most, 4))], INTEGER, _TOP, _HEIGHT)
    each = ", ".join(f"{calendar.stars[star - 1]:,} with {star}" for star in STARS)
    total = sum(calendar.stars)
    head = Head("reviews", f"{total:,}", [f"by stars, each {calendar.unit}"], f"reviews: {each}")
    columns = (
        column
        for row, end in zip(calendar.rows, _ends(calendar, sheet.stretch), strict=True)
        for column in _column(row, end, times, values)
    )
    return chart(
        number,
        head,
        bottom,
        time_lines(times, _TOP, bottom),
        value_lines(values, INTEGER),
        *columns,
        *_key(calendar),
    )


def _ends(calendar: Calendar, stretch: Stretch) -> list[int]:
    return [*(row.start for row in calendar.rows[1:]), stretch.end]


def _column(row: Row, end: int, times: Times, values: Values) -> Iterator[Markup]:
    left, right = times.place(row.start), times.place(end)
    width = max(right - left - _GAP, Fraction(_GAP))
    left = min(left, Fraction(LEFT + PLOT - _GAP))
    top, below = values.place(0), 0
    for star, count in zip(STARS, row.stars, strict=True):
        if not count:
            continue
        below += count
        height = top - values.place(below)
        says = f"{day_text(row.start, times.stretch)}: {count:,} of {row.reviews:,} with {star}★"
        yield box(left + 1, values.place(below), (width, height), f"star{star}", says)
        top = values.place(below)


def _key(calendar: Calendar) -> Iterator[Markup]:
    """What the colours mean, and how many there are of each."""
    for place, star in enumerate(reversed(STARS)):
        y = _TOP + 8 + 20 * place
        yield element(
            "rect", x=LEFT + PLOT + 10, y=y - 9, width=11, height=11, class_=f"star{star}"
        )
        says = f"{star}★  {calendar.stars[star - 1]:,}"
        yield label(says, LEFT + PLOT + 28, y, "limit")
