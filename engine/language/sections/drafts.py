"""`reply_drafts`: what the shop answers by itself."""

from __future__ import annotations

from .. import ir
from .. import parser as parsing
from ..authored import MOST_COUNT, DraftRule, Limits, PolicyFile
from ..messages import policy as messages
from ..messages.shape import out_of_bounds
from ..program import Draft, DraftLimits, Message, Mode, RateLimit
from ..ranges import implies
from ..shapes import Named
from ..source import Embedded, Span, embed
from ..syntax import Hours
from .common import item_fields
from .context import Context, Scope
from .order import Turn, report_hidden
from .rules import event_names, event_scope, report_constant

LOWEST_POSTED = 3
"""Reviews of fewer stars are never answered unseen."""

_REVIEW = Scope("review", frozenset({"review"}))


def build_limits(context: Context, policy: PolicyFile) -> DraftLimits:
    """The limits that all drafts of a shop share."""
    limits = policy.reply_drafts.limits if policy.reply_drafts else None
    if limits is None:
        return DraftLimits()
    return DraftLimits(
        per_run=limits.per_run.value if limits.per_run else None,
        per_buyer=_rate(context, limits.per_buyer),
        per_shop=_rate(context, limits.per_shop),
        hours=_hours(context, limits),
    )


def _rate(context: Context, text: Embedded | None) -> RateLimit | None:
    node = None if text is None else parsing.parse_rate(text, context.report)
    length = None if node is None else context.length_of(node.length)
    if text is not None and node is not None and node.count == 0:
        context.report.add(out_of_bounds(0, 1, MOST_COUNT, text.span))
    return None if node is None or length is None else RateLimit(node.count, length)


def _hours(context: Context, limits: Limits) -> Hours | None:
    return None if limits.hours is None else parsing.parse_hours(limits.hours, context.report)


def build_drafts(context: Context, policy: PolicyFile) -> tuple[Draft, ...]:
    """The drafts, those with more priority first, else in the author's order."""
    entries = policy.reply_drafts.rules if policy.reply_drafts else ()
    found = [draft for entry in entries if (draft := _draft(context, entry)) is not None]
    drafts = tuple(sorted(found, key=lambda draft: -draft.priority))
    turns = (Turn(one, one.condition, frozenset(one.events), one.span) for one in drafts)
    report_hidden(context, list(turns))
    return drafts


def _draft(context: Context, entry: DraftRule) -> Draft | None:
    events = event_names(context, entry.event, "review", "review.posted")
    delay = context.duration(entry.delay, 0)
    if not events:
        return None
    scope = event_scope(context.catalog, "review", events)
    condition = _condition(context, entry, scope)
    templates = _by_language(context, entry, scope)
    item = item_fields(context, entry, entry.draft, scope)
    if condition is None or not all(templates.values()):
        return None
    mode = Mode(entry.mode.text)
    if mode is Mode.POST:
        _check_stars(context, condition, entry.mode.span)
    return Draft(
        **item,
        events=events,
        condition=condition,
        mode=mode,
        delay=delay,
        templates=templates,
        priority=entry.priority.value if entry.priority else 0,
    )


def _condition(context: Context, entry: DraftRule, scope: Scope) -> ir.Expr | None:
    if entry.when is None:
        return None if "when" in entry.broken else ir.true(entry.draft.span)
    condition = context.expression(entry.when, scope)
    if condition is not None:
        report_constant(context, condition)
    return condition


def _by_language(
    context: Context, entry: DraftRule, scope: Scope
) -> dict[str, tuple[Message, ...]]:
    """The templates by language, in the order of their names: the file's order means nothing."""
    found = {one.key.text: _templates(context, one, scope) for one in entry.templates}
    return dict(sorted(found.items()))


def _templates(context: Context, language: Named, scope: Scope) -> tuple[Message, ...]:
    found = [context.message(text, scope) for text in language.value or ()]
    return tuple(message for message in found if message is not None)


def _check_stars(context: Context, condition: ir.Expr, span: Span) -> None:
    """A posted draft must imply three stars or more."""
    happy = context.expression(embed(f"review.stars >= {LOWEST_POSTED}"), _REVIEW)
    if happy is not None and not implies(condition, happy, context.catalog):
        context.report.add(messages.low_stars_posted(span))
