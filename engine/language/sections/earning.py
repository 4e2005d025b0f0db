"""How a shop earns points back, and when everything that a ladder has counted is gone."""

from __future__ import annotations

from .. import parser as parsing
from ..authored import EarnEntry, LadderEntry
from ..messages import balances as messages
from ..messages import shape as shape_messages
from ..program import Earning
from ..source import Embedded
from ..syntax import Schedule, ScheduleKind
from .context import Context
from .events import happening
from .rules import judged_scope, report_constant


def build_earning(context: Context, entry: LadderEntry) -> tuple[Earning, ...]:
    """What brings points back, in the author's order."""
    _check_names(context, entry)
    found = (_earning(context, one) for one in entry.earn or ())
    return tuple(one for one in found if one is not None)


def _check_names(context: Context, entry: LadderEntry) -> None:
    first: dict[str, Embedded] = {}
    for one in entry.earn or ():
        known = first.setdefault(one.earn.text, one.earn)
        if known is not one.earn:
            found = shape_messages.same_name("earn", one.earn.text, one.earn.span, known.span)
            context.report.add(found)


def _earning(context: Context, entry: EarnEntry) -> Earning | None:
    event, possible = entry.event.text, happening(context.catalog)
    if event not in possible:
        context.report.add(messages.earns_nothing(event, possible, entry.event.span))
        return None
    about = context.catalog.events[event].about
    condition = None
    if entry.when is not None:
        condition = context.expression(entry.when, judged_scope(context.catalog, about, (event,)))
        if condition is None:
            return None
        report_constant(context, condition)
    return Earning(
        name=entry.earn.text,
        event=event,
        about=about,
        condition=condition,
        every=entry.every.value if entry.every else 1,
        points=entry.points.value,
        span=entry.earn.span,
    )


def build_reset(context: Context, entry: LadderEntry) -> Schedule | None:
    """When everything that was counted is gone."""
    schedule = None if entry.reset is None else parsing.parse_schedule(entry.reset, context.report)
    if schedule is not None and schedule.kind is ScheduleKind.ON_CHANGE:
        context.report.add(messages.resets_whenever(schedule.span))
        return None
    return schedule
