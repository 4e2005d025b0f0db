"""`reply_drafts`: what the shop answers by itself."""

from __future__ import annotations

from .. import ir
from .. import parser as parsing
from ..authored import MOST_COUNT, DraftRule, Limits, PolicyFile
from ..messages import policy as messages
from ..messages import replies as reply_messages
from ..messages.shape import out_of_bounds
from ..program import Draft, DraftLimits, Mode, RateLimit
from ..ranges import implies
from ..source import Embedded, embed
from ..syntax import Hours
from .common import item_fields
from .context import Context, Scope
from .order import Turn, report_hidden
from .replies import Replies
from .rules import event_names, judged_scope, report_constant

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
    given = policy.reply_drafts
    seed = given.seed.text if given and given.seed else ""
    replies = Replies(context, policy.lists)
    made = (_draft(context, entry, replies, seed) for entry in (given.rules if given else ()))
    found = [draft for draft in made if draft is not None]
    drafts = tuple(sorted(found, key=lambda draft: -draft.priority))
    turns = (Turn(one, one.condition, frozenset(one.events), one.span) for one in drafts)
    report_hidden(context, list(turns))
    return drafts


def _draft(context: Context, entry: DraftRule, replies: Replies, seed: str) -> Draft | None:
    events = event_names(context, entry.event, "review", "review.posted")
    delay = context.duration(entry.delay, 0)
    if not events:
        return None
    scope = judged_scope(context.catalog, "review", events)
    condition = _condition(context, entry, scope)
    templates = replies.by_language(entry, scope)
    item = item_fields(context, entry, entry.draft, scope)
    if condition is None or not all(templates.values()):
        return None
    mode = Mode(entry.mode.text)
    _check_stars(context, entry, condition, mode)
    return Draft(
        **item,
        events=events,
        condition=condition,
        mode=mode,
        delay=delay,
        templates=templates,
        picks=replies.picks(templates),
        seed=seed,
        priority=entry.priority.value if entry.priority else 0,
    )


def _condition(context: Context, entry: DraftRule, scope: Scope) -> ir.Expr | None:
    if entry.when is None:
        return None if "when" in entry.broken else ir.true(entry.draft.span)
    condition = context.expression(entry.when, scope)
    if condition is not None:
        report_constant(context, condition)
    return condition


def _check_stars(context: Context, entry: DraftRule, condition: ir.Expr, mode: Mode) -> None:
    """A posted draft must imply three stars or more, unless its author insists."""
    happy = context.expression(embed(f"review.stars >= {LOWEST_POSTED}"), _REVIEW)
    implied = happy is None or implies(condition, happy, context.catalog)
    forced = entry.forced if entry.forced and entry.forced.value else None
    if forced is not None and (implied or mode is not Mode.POST):
        context.report.add(reply_messages.forced_in_vain(forced.span))
    elif forced is not None:
        context.report.add(reply_messages.forced(forced.span))
    elif mode is Mode.POST and not implied:
        context.report.add(messages.low_stars_posted(entry.mode.span))
