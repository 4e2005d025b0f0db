"""What has to be known before a history is gathered: how far it reaches, and by which clock."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, timezone, tzinfo
from typing import Final

from ...language.program import Program
from ...records.decision import Decision
from ...runtime.event_types import FIRST_YEAR, LAST_YEAR
from ...runtime.instants import format_instant, from_datetime, parse_instant, to_datetime
from ...runtime.zones import zone
from .choosing import MOST_ENTRIES
from .model import PolicyName, Stretch
from .sources import Source, Unknown

_DAY: Final = re.compile(r"\d{4}-\d\d-\d\d", re.ASCII)


@dataclass(frozen=True, slots=True)
class Asked:
    """What somebody wants to see: from when and to when, as texts, and how many decisions."""

    since: str | None = None
    until: str | None = None
    most: int = MOST_ENTRIES


@dataclass(slots=True)
class Survey:
    """What is known of a shop as a whole."""

    region: str = ""
    clock: tzinfo = UTC
    zone: str = "UTC"
    policy: PolicyName | None = None
    first: int | None = None
    last: int | None = None

    def reach(self, at: int) -> None:
        """Something is known of an instant."""
        self.first = at if self.first is None else min(self.first, at)
        self.last = at if self.last is None else max(self.last, at)

    def stretch(self, asked: Asked) -> Stretch | None:
        """What is to be shown; nothing where nothing ever happened.

        Raises:
            Unknown: The times make no sense.
        """
        since = None if asked.since is None else moment_of(asked.since, self.clock)
        until = None if asked.until is None else moment_of(asked.until, self.clock, late=True)
        if since is not None and until is not None and since > until:
            help_ = "write an earlier `--from` or a later `--to`"
            raise Unknown("the history would end before it begins", help_)
        if self.first is None or self.last is None:
            return None
        return self._between(self.first, self.last, since, until)

    def _between(self, first: int, last: int, since: int | None, until: int | None) -> Stretch:
        """What was asked for, without the time before the first event and after the last."""
        start = first if since is None else max(first, since)
        end = last if until is None else min(last, until)
        if start > end and since is not None and until is not None:
            start, end = since, until
        if start > end:
            side, edge = ("before", first) if since is None else ("after", last)
            known = format_instant(edge, self.clock)
            raise Unknown(f"nothing is known of the time {side} {known}", "ask for another time")
        return Stretch(start, end, self.clock, self.zone)


def survey(source: Source) -> Survey:
    """Look through the decisions once.

    Raises:
        Unknown: There is no such shop.
    """
    found, newest = Survey(), None
    for at in source.bounds() or ():
        found.reach(at)
    for newest in source.decisions():
        found.reach(parse_instant(newest.time.event_time))
        found.reach(parse_instant(newest.time.decided_at))
    _name(found, source, newest)
    _set_clock(found, source.program, newest)
    return found


def _name(found: Survey, source: Source, newest: Decision | None) -> None:
    if newest is not None:
        policy = newest.policy
        found.region = newest.subject.region
        found.policy = PolicyName(policy.name, policy.version, policy.digest)
    found.region = found.region if source.region is None else source.region


def _set_clock(found: Survey, program: Program | None, newest: Decision | None) -> None:
    """The clock of the shop: that of the policy, or what the last decision shows."""
    if program is not None:
        found.policy = PolicyName(program.name, program.version, program.digest)
        found.zone = program.zone(found.region)
        found.clock = zone(found.zone)
    elif newest is not None:
        offset = datetime.fromisoformat(newest.time.event_time).utcoffset()
        found.clock = timezone(offset) if offset else UTC
        found.zone = str(found.clock)


def moment_of(text: str, clock: tzinfo, *, late: bool = False) -> int:
    """The instant that `--from` or `--to` names: a time, or a day, whose end it is if `late`.

    Raises:
        Unknown: It names none.
    """
    try:
        moment = _read(text, clock, late=late)
    except (ValueError, OverflowError) as error:
        help_ = "write a day, such as 2025-08-01, or a time with its offset"
        raise Unknown(f"`{text}` is not a time", help_) from error
    if not FIRST_YEAR <= to_datetime(moment, UTC).year <= LAST_YEAR:
        help_ = f"write a year from {FIRST_YEAR} to {LAST_YEAR}, as in events"
        raise Unknown(f"`{text}` lies outside the calendar", help_)
    return moment


def _read(text: str, clock: tzinfo, *, late: bool) -> int:
    if not _DAY.fullmatch(text):
        return parse_instant(text)
    day = datetime.fromisoformat(text).replace(tzinfo=clock)
    return from_datetime(day + timedelta(days=1)) - 1 if late else from_datetime(day)
