"""`calendar` and `calendars`: which days are business days, by region."""

from __future__ import annotations

from collections.abc import Mapping

from ..authored import CalendarEntry, PolicyFile
from ..messages import events as messages
from ..program import CalendarSpec
from ..shapes import fitting
from .context import Context, parse_date

_WEEK = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_USUAL = CalendarSpec()


def build_calendars(context: Context, policy: PolicyFile) -> Mapping[str, CalendarSpec]:
    """The calendars by region; under the empty name that of all others."""
    usual = _USUAL if policy.calendar is None else _calendar(context, policy.calendar)
    given = policy.calendars
    if given is None:
        return {"": usual}
    found = {}
    for named in given:
        region = context.region(named.key, default=True)
        if region == "" and policy.calendar is not None:
            context.report.add(messages.two_calendars(named.key.span))
        elif region is not None and named.value is not None:
            found[region] = _calendar(context, named.value)
    whole = len(found) == len(given) == len(fitting(given))
    missing = [region for region in context.regions if region not in found]
    if whole and missing and "" not in found and policy.calendar is None:
        context.report.add(messages.no_calendar(missing, given[0].key.span))
    return {"": usual, **found}


def _calendar(context: Context, entry: CalendarEntry) -> CalendarSpec:
    weekend = _USUAL.weekend
    if entry.weekend is not None:
        weekend = frozenset(_WEEK.index(day.text) for day in entry.weekend)
        if len(weekend) == len(_WEEK):
            context.report.add(messages.endless_weekend(entry.span))
    days = (parse_date(text, context.report) for text in entry.holidays or ())
    return CalendarSpec(weekend, frozenset(day.toordinal() for day in days if day is not None))
