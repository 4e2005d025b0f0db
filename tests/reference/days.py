"""Local time by trying: no table of offsets, no arithmetic on clocks.

Good for zones whose clocks are set on whole half hours, and never across midnight.
"""

from __future__ import annotations

import calendar
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
STEP = timedelta(minutes=30)
DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Window:
    """A length of time: `10 d`, so many units of a calendar, or `last calendar week`."""

    count: int
    unit: str

    def __str__(self) -> str:
        if self.unit.startswith(("this", "last")):
            return self.unit
        return f"{self.count}{self.unit}" if len(self.unit) == 1 else f"{self.count} {self.unit}"

    def holds(
        self,
        moment: datetime,
        now: datetime,
        zone: ZoneInfo,
        closed: frozenset[date] = frozenset(),
    ) -> bool:
        """Whether an entity of that date is inside the window that ends now.

        No business is done on the days that are `closed`, besides weekends.
        """
        if moment > now:
            return False
        if self.unit == "h":
            return now - moment < timedelta(hours=self.count)
        if self.unit == "d":
            return now - moment < timedelta(days=self.count)
        day, today = moment.astimezone(zone).date(), now.astimezone(zone).date()
        if self.unit.startswith("last"):
            return _begin(self.unit, today, times=1) <= day < _begin(self.unit, today, times=0)
        return day >= self._first(today, closed)

    def is_over(
        self, moment: datetime, now: datetime, zone: ZoneInfo, closed: frozenset[date]
    ) -> bool:
        """Whether an entity of that date is in no window from now on."""
        if moment > now:
            return False
        if self.unit.startswith("last"):
            day, today = moment.astimezone(zone).date(), now.astimezone(zone).date()
            return day < _begin(self.unit, today, times=1)
        return not self.holds(moment, now, zone, closed)

    def _first(self, today: date, closed: frozenset[date]) -> date:
        if self.unit.startswith("this"):
            return _begin(self.unit, today, times=0)
        if self.unit == "calendar days":
            return today - DAY * (self.count - 1)
        if self.unit == "calendar weeks":
            return today - DAY * (7 * self.count - 1)
        if self.unit == "calendar months":
            return _months_before(today, self.count) + DAY
        seen, day = 0, today
        while True:
            seen += day.weekday() < 5 and day not in closed
            if seen == self.count:
                return day
            day -= DAY


def _begin(unit: str, day: date, *, times: int) -> date:
    """The first day of the piece of the calendar that a day is in, or of one before, by walking."""
    begins = {
        "day": lambda _day: True,
        "week": lambda one: one.weekday() == 0,
        "month": lambda one: one.day == 1,
    }[unit.rpartition(" ")[2]]
    while not begins(day) or times:
        times -= begins(day)
        day -= DAY
    return day


def _months_before(today: date, count: int) -> date:
    year, month = divmod(today.year * 12 + today.month - 1 - count, 12)
    longest = calendar.monthrange(year, month + 1)[1]
    return date(year, month + 1, min(today.day, longest))


def moment_of(micros: int) -> datetime:
    """An instant as a datetime in UTC."""
    return EPOCH + timedelta(microseconds=micros)


def micros_of(moment: datetime) -> int:
    """An instant in microseconds since 1970."""
    return (moment - EPOCH) // timedelta(microseconds=1)


def first_reading(day: date, clock: str, zone: ZoneInfo) -> datetime:
    """The first instant at which the clock shows a time of a day, or anything later."""
    wanted = datetime.fromisoformat(f"{day.isoformat()}T{clock}")
    moment = datetime(day.year, day.month, day.day, tzinfo=UTC) - timedelta(hours=20)
    while moment.astimezone(zone).replace(tzinfo=None) < wanted:
        moment += STEP
    return moment


def checks(
    schedule: str, clock: str, start: datetime, end: datetime, zone: ZoneInfo
) -> Iterator[datetime]:
    """The scheduled checks between two instants, both included."""
    day = start.astimezone(zone).date() - DAY
    while day <= end.astimezone(zone).date():
        if schedule == "daily" or (schedule == "weekly" and day.weekday() == 0):
            check = first_reading(day, clock, zone)
            if start <= check <= end:
                yield check
        day += DAY
