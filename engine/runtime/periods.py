"""Periods that somebody declares for a shop: holidays, strikes, disasters.

Whether an instant lies in one is asked of what is known now, whenever the instant was and whenever
the period was declared. Days of a public holiday are no business days of the shop from then on.
"""

from __future__ import annotations

import bisect
from collections.abc import Iterable, Iterator
from typing import Any, Final

from .calendar import Calendar
from .event_types import Event
from .instants import DAY, OutOfCalendar, from_datetime
from .model import Facts
from .refused import Refused

DECLARING: Final = frozenset({"calendar.declared", "shop.holiday_mode"})
"""The types of events that declare a period."""

PUBLIC_HOLIDAY: Final = "public_holiday"

MOST_PERIODS: Final = 400
"""So many periods of a kind are known of a shop; of more, those that ended first are forgotten."""

LONGEST_HOLIDAY: Final = 31
"""The most days of 24 hours that a public holiday lasts."""

_Cover = tuple[list[int], list[int]]
"""The beginnings and ends of stretches of time, in order, none of which touch."""


class Periods:
    """The periods declared for one shop."""

    def __init__(self, facts: Facts) -> None:
        """Work on the given facts."""
        self._facts = facts
        self._covers: dict[tuple[str, ...], _Cover] = {}

    def holds(self, instant: int, kinds: tuple[str, ...]) -> bool:
        """Whether an instant lies in a period of one of some kinds; no kinds means any."""
        begins, ends = self._covers.get(kinds) or self._cover(kinds)
        at = bisect.bisect_right(begins, instant) - 1
        return at >= 0 and instant < ends[at]

    def _cover(self, kinds: tuple[str, ...]) -> _Cover:
        declared = self._facts.declared
        wanted = kinds or tuple(declared)
        spans = sorted(span for kind in wanted for span in declared.get(kind, {}).items())
        found = self._covers[kinds] = _merged(spans)
        return found

    def declare(self, event: Event) -> bool:
        """Take note of the period that an event declares; gives whether holidays have changed.

        One that begins when another of its kind does takes its place; one that ends when it begins
        takes it away.

        Raises:
            Refused: the period ends before it begins, or is too long; nothing has changed.
        """
        kind, begin, end = _declared(event)
        if end < begin:
            raise Refused("out-of-range", "to", "`to` has to be `from` or later")
        if kind == PUBLIC_HOLIDAY and end - begin > LONGEST_HOLIDAY * DAY:
            message = f"a public holiday lasts {LONGEST_HOLIDAY} days at most"
            raise Refused("out-of-range", "to", message)
        periods = self._facts.declared.setdefault(kind, {})
        periods.pop(begin, None)
        if end > begin:
            periods[begin] = end
        if len(periods) > MOST_PERIODS:
            del periods[min(periods, key=lambda one: (periods[one], one))]
        self._covers.clear()
        return kind == PUBLIC_HOLIDAY

    def holidays(self, calendar: Calendar) -> frozenset[int]:
        """The local days that public holidays touch."""
        declared = self._facts.declared.get(PUBLIC_HOLIDAY, {})
        return frozenset(_days(declared.items(), calendar))


def _declared(event: Any) -> tuple[str, int, int]:
    """The kind, beginning and end of the period that an event declares."""
    kind = event.kind if event.type == "calendar.declared" else "holiday_mode"
    return kind, from_datetime(event.from_), from_datetime(event.to)


def _merged(spans: Iterable[tuple[int, int]]) -> _Cover:
    """Stretches of time as they cover each other, given in the order of their beginnings."""
    begins: list[int] = []
    ends: list[int] = []
    for begin, end in spans:
        if ends and begin <= ends[-1]:
            ends[-1] = max(ends[-1], end)
        else:
            begins.append(begin)
            ends.append(end)
    return begins, ends


def _days(spans: Iterable[tuple[int, int]], calendar: Calendar) -> Iterator[int]:
    for begin, end in spans:
        try:
            yield from range(calendar.day_of(begin), calendar.day_of(end - 1) + 1)
        except OutOfCalendar:
            continue
