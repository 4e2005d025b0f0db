"""The balance of a ladder over time, with its milestones."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from typing import Final

from markupsafe import Markup

from ....records.values import INTEGER
from ..as_text import points_text, time_text
from ..model import Balance, Points
from .frame import Head, Sheet, chart, time_lines, value_lines
from .scales import LEFT, PLOT, Times, Values, values_for
from .svg import element, label, led, line, path, title
from .thinning import outlined, thinned

_TOP: Final = 28
_HEIGHT: Final = 110
_FAR: Final = 2
"""A milestone more than so many times beyond the highest balance is not drawn, but for the next."""


def points_chart(number: str, one: Points, sheet: Sheet) -> Markup:
    """The chart of a ladder."""
    times, bottom = sheet.times, _TOP + _HEIGHT
    steps = _near(one)
    totals = [one.start, *(balance.total for balance in one.balances)]
    values = values_for([Fraction(n) for n in (*totals, *steps)], INTEGER, _TOP, _HEIGHT)
    following = points_text(one).partition(", ")[2]
    head = Head(one.ladder, f"{one.total:,}", ["points", following], f"points: {points_text(one)}")
    return chart(
        number,
        head,
        bottom,
        time_lines(times, _TOP, bottom),
        value_lines(values, INTEGER),
        *_stairs(one, times, values, _steps(steps, values)),
        *(_dot(balance, sheet, values) for balance in thinned(one.balances, times, _at)),
    )


def _near(one: Points) -> list[int]:
    """The milestones in reach: all that were reached, the next, and those not far beyond."""
    if one.counts_down:
        return list(one.steps)
    beyond = [at for at in one.steps if at > one.worst]
    return [at for at in one.steps if at <= one.worst * _FAR or at in beyond[:1]]


def _steps(steps: list[int], values: Values) -> Iterator[Markup]:
    last = None
    for at in steps:
        place = values.place(at)
        yield line((LEFT, place), (LEFT + PLOT, place), "bound")
        height = place if last is None else min(place, last - 13)
        yield label(f"step at {at:,}", LEFT + PLOT + 8, height + 4, "limit")
        last = height


def _stairs(
    one: Points, times: Times, values: Values, between: Iterator[Markup]
) -> Iterator[Markup]:
    """The balance as stairs, and the area under them; the milestones are drawn between the two."""
    corners = [(Fraction(LEFT), values.place(one.start))]
    for balance in outlined(one.balances, times, _at, lambda balance: balance.total):
        place = times.place(balance.at)
        corners += [(place, corners[-1][1]), (place, values.place(balance.total))]
    corners.append((Fraction(LEFT + PLOT), corners[-1][1]))
    ground = values.place(0)
    around = [(Fraction(LEFT), ground), *corners, (Fraction(LEFT + PLOT), ground)]
    yield path([("L" if n else "M", x, y) for n, (x, y) in enumerate(around)], "area")
    yield from between
    yield path([("L" if n else "M", x, y) for n, (x, y) in enumerate(corners)], "curve")


def _at(balance: Balance) -> int:
    return balance.at


def _dot(balance: Balance, sheet: Sheet, values: Values) -> Markup:
    """A change of the balance, which leads to the decision."""
    says = f"{time_text(balance.at, sheet.stretch)}: {balance.total:,} points"
    place = {"cx": sheet.times.place(balance.at), "cy": values.place(balance.total)}
    dot = element("circle", title(says), **place, r=4, class_="dot")
    return led(sheet.place_of(balance.decision_id), dot)
