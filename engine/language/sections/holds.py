"""`hold_for` and `then`: when a rule's hold ends by itself, and what it becomes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from ..authored import EventRule, ReplyRule, ReportRule, ReviewRule
from ..messages import policy as messages
from ..messages import rules as rule_messages
from ..program import TimeOut
from ..source import Embedded
from .context import DAY, Context, most_micros

HOLD, REFUSE = "hold", "refuse"


def time_out(
    context: Context,
    entry: ReviewRule | ReplyRule | ReportRule | EventRule,
    events: Sequence[str],
    verdicts: Mapping[str, str],
) -> TimeOut | None:
    """What the hold of a rule becomes, and when; nothing where it lasts or makes no sense."""
    given, then = entry.hold_for, entry.then
    length = context.length(given)
    if given is None or then is None:
        _report_half(context, entry, given, then)
        return None
    if verdicts and HOLD not in verdicts.values():
        context.report.add(rule_messages.never_held(given.span))
        return None
    _check_changes(context, events, then)
    if length is None:
        return None
    if most_micros(length) > context.retention:
        context.report.add(rule_messages.held_too_long(context.retention // DAY, given.span))
    return TimeOut(length, then.text)


def _report_half(
    context: Context,
    entry: ReviewRule | ReplyRule | ReportRule | EventRule,
    given: Embedded | None,
    then: Embedded | None,
) -> None:
    """One of the two keys means nothing without the other."""
    if given is not None and entry.lacks("then"):
        context.report.add(messages.needs_partner("hold_for", "then", given.span))
    if then is not None and entry.lacks("hold_for"):
        context.report.add(messages.needs_partner("then", "hold_for", then.span))


def _check_changes(context: Context, events: Sequence[str], then: Embedded) -> None:
    """What a change to a review left behind is known at once, and not when the hold ends."""
    of = [context.catalog.events[event] for event in events]
    late = next((e for e in of if e.about == "review" and e.state == "known"), None)
    if late is not None and then.text == REFUSE:
        context.report.add(rule_messages.refused_too_late(late.name, then.span))
