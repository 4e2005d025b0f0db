"""`remedies`: what a shop can do about a decision instead of appealing."""

from __future__ import annotations

import re
from dataclasses import dataclass

from .. import ir
from .. import parser as parsing
from ..authored import MOST_COUNT, MOST_POINTS, PolicyFile, RemedyEntry
from ..messages import balances as messages
from ..messages import shape as shape_messages
from ..program import Length, RateLimit, Remedy
from ..source import Embedded
from .common import item_fields
from .context import NOWHERE, Context
from .events import happening
from .rules import event_scope, report_constant

VOID, LIFT = "void points", "lift actions"
_SHORTEN, _LOWER = "shorten to ", "lower points by "
_NUMBER = re.compile(r"[1-9][0-9]{0,6}", re.ASCII)


@dataclass(slots=True)
class _Cure:
    """What a remedy does, as far as it has been read."""

    voids: bool = False
    lifts: bool = False
    lowers: int = 0
    shortens: Length | None = None
    wrong: bool = False


def build_remedies(context: Context, policy: PolicyFile) -> tuple[Remedy, ...]:
    """The remedies in the author's order."""
    _check_names(context, policy)
    found = (_remedy(context, entry) for entry in policy.remedies or ())
    return tuple(one for one in found if one is not None)


def _check_names(context: Context, policy: PolicyFile) -> None:
    first: dict[str, Embedded] = {}
    for entry in policy.remedies or ():
        known = first.setdefault(entry.remedy.text, entry.remedy)
        if known is not entry.remedy:
            found = shape_messages.same_name("remedies", known.text, entry.remedy.span, known.span)
            context.report.add(found)


def _remedy(context: Context, entry: RemedyEntry) -> Remedy | None:
    item = item_fields(context, entry, entry.remedy, NOWHERE)
    condition, named = _condition(context, entry), _named(context, entry)
    cure, rate = _cure(context, entry), _rate(context, entry.per_shop)
    within = context.length(entry.within)
    event = entry.event.text
    if event not in happening(context.catalog) or cure.wrong:
        return None
    return Remedy(
        **item,
        event=event,
        about=context.catalog.events[event].about,
        condition=condition,
        of=named,
        within=within,
        per_shop=rate,
        voids=cure.voids,
        lifts=cure.lifts,
        lowers=cure.lowers,
        shortens=cure.shortens,
    )


def _condition(context: Context, entry: RemedyEntry) -> ir.Expr | None:
    event, possible = entry.event.text, happening(context.catalog)
    if event not in possible:
        context.report.add(messages.remedies_nothing(event, possible, entry.event.span))
        return None
    if entry.when is None:
        return None
    about = context.catalog.events[event].about
    condition = context.expression(entry.when, event_scope(context.catalog, about, (event,)))
    if condition is not None:
        report_constant(context, condition)
    return condition


def _named(context: Context, entry: RemedyEntry) -> frozenset[str]:
    """The violations and actions that a remedy is for."""
    known = {**context.violations, **dict.fromkeys(context.action_scopes)}
    for name in entry.of or ():
        if name.text not in known:
            context.unknown("violation or action", name.text, known, name.span)
    return frozenset(name.text for name in entry.of or ())


def _cure(context: Context, entry: RemedyEntry) -> _Cure:
    cure = _Cure()
    for text in entry.do:
        _read(context, cure, text)
    clash = cure.voids and cure.lowers
    if clash or (cure.lifts and cure.shortens is not None):
        context.report.add(messages.remedies_twice(entry.do[-1].span))
        cure.wrong = True
    return cure


def _read(context: Context, cure: _Cure, text: Embedded) -> None:
    written = text.text
    if written == VOID:
        cure.voids = True
    elif written == LIFT:
        cure.lifts = True
    elif written.startswith(_SHORTEN):
        cure.shortens = context.length(text.part(len(_SHORTEN), len(written)))
        cure.wrong = cure.wrong or cure.shortens is None
    elif written.startswith(_LOWER) and _NUMBER.fullmatch(written[len(_LOWER) :]):
        cure.lowers = int(written[len(_LOWER) :])
        if cure.lowers > MOST_POINTS:
            found = shape_messages.out_of_bounds(cure.lowers, 1, MOST_POINTS, text.span)
            context.report.add(found)
    else:
        context.report.add(messages.no_cure(written, text.span))
        cure.wrong = True


def _rate(context: Context, text: Embedded | None) -> RateLimit | None:
    node = None if text is None else parsing.parse_rate(text, context.report)
    length = None if node is None else context.length_of(node.length)
    if text is not None and node is not None and not 1 <= node.count <= MOST_COUNT:
        context.report.add(shape_messages.out_of_bounds(node.count, 1, MOST_COUNT, text.span))
    return None if node is None or length is None else RateLimit(node.count, length)
