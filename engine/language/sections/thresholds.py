"""`thresholds`: when measures are looked at, and what follows from their bands."""

from __future__ import annotations

from collections.abc import Mapping

from .. import ir
from .. import parser as parsing
from ..authored import Consequence, PolicyFile, ThresholdEntry
from ..messages import lint as lint_messages
from ..messages import policy as messages
from ..messages import thresholds as threshold_messages
from ..program import RECOVERED, Band, Effects, HoldFor, Measure, Moves, Threshold
from ..shapes import fitting
from ..source import Embedded
from ..types import TEXT, Type, unwrap
from ..varied import Varied
from ..walk import subexpressions
from .bands import build_bands, build_ways, by_name, check_bands, lowest_first, report_unknown
from .common import item_fields
from .context import Context, Scope
from .rules import report_constant
from .variants import check_alike
from .whens import settle_bands

_BUYER = "buyer"
_SLOTS = ("value", "numerator", "denominator", "band", "sample")
SHOWN: Mapping[str, Type] = dict.fromkeys(_SLOTS, TEXT)
"""What the reason of a threshold may speak of."""

_WITHOUT_MEASURE: Mapping[str, Type] = {"band": TEXT}

FALLS_ON: Mapping[str, frozenset[str]] = {
    "shop": frozenset({"shop", "fund"}),
    "product": frozenset({"shop", "fund", "product"}),
    "buyer": frozenset(),
}
"""What the actions of a threshold can fall on, by whose measure it looks at."""


def build_thresholds(
    context: Context, policy: PolicyFile, measures: Varied[Measure]
) -> tuple[Threshold, ...]:
    """The thresholds in the author's order."""
    built = (_threshold(context, entry, measures) for entry in policy.thresholds or ())
    found = tuple(threshold for threshold in built if threshold is not None)
    for several in Varied.of(found).variants.values():
        check_alike(context, "threshold", several, {"per": "subject"})
    return found


def _threshold(
    context: Context, entry: ThresholdEntry, measures: Varied[Measure]
) -> Threshold | None:
    measure = None if entry.measure is None else _measure(context, entry.measure, measures)
    schedule = parsing.parse_schedule(entry.check, context.report)
    _known_bands(context, entry)
    per = _subject(context, entry)
    holds, effects = _holds(context, entry), _effects(context, entry, per)
    _check_ratchet(context, entry, effects)
    if per is None or (measure is None and not entry.lacks("measure")):
        return None
    scope = Scope(per, frozenset({per}), per=per)
    require = None if measure is None else _require(context, entry, scope)
    bands, leave = _bands(context, entry, measure, scope)
    for variant in measures.variants[measure.name] if measure else ():
        _check_sample(context, entry, variant, require)
    shown = Scope(per, parameters=SHOWN if measure else _WITHOUT_MEASURE, per=per)
    item = item_fields(context, entry, entry.threshold, shown)
    if schedule is None:
        return None
    conditions = [require, *(band.when for band in bands)]
    return Threshold(
        **item,
        measure=measure.name if measure else None,
        per=per,
        schedule=schedule,
        require=require,
        other_measures=_measures_in(*conditions),
        bands=bands,
        leave=by_name(leave),
        hold_for=holds,
        on_enter=effects,
        moves=_moves(entry),
    )


def _measure(context: Context, name: Embedded, measures: Varied[Measure]) -> Measure | None:
    context.used.add(("measure", name.text))
    if name.text not in context.measures:
        context.unknown("measure", name.text, context.measures, name.span)
    return measures.get(name.text)


def _subject(context: Context, entry: ThresholdEntry) -> str | None:
    """Whose bands a threshold has: the measure says so, or else the entry."""
    if entry.measure is not None:
        if entry.per is not None:
            context.report.add(threshold_messages.subject_twice(entry.per.span))
        return context.subjects.get(entry.measure.text)
    if entry.lacks("measure") and entry.lacks("per"):
        context.report.add(threshold_messages.whose_threshold(entry.threshold.span))
    return entry.per.text if entry.per is not None else None


def _require(context: Context, entry: ThresholdEntry, scope: Scope) -> ir.Expr | None:
    require = None if entry.require is None else context.expression(entry.require, scope)
    if require is not None and not report_unknown(context, require):
        report_constant(context, require)
    return require


def _measures_in(*exprs: ir.Expr | None) -> tuple[str, ...]:
    parts = [part for expr in exprs if expr is not None for part in subexpressions(expr)]
    found = [part.measure for part in parts if isinstance(part, ir.MeasureValue)]
    return tuple(dict.fromkeys(found))


def _check_sample(
    context: Context, entry: ThresholdEntry, measure: Measure, require: ir.Expr | None
) -> None:
    """Report a rate that may rest on very few; other measures can say that it does not."""
    if entry.measure is None:
        return
    guarded = measure.at_least > 1 or _measures_in(require) or (entry.require and require is None)
    if measure.sample is not None and not guarded and "require" not in entry.broken:
        context.report.add(lint_messages.no_least_sample(measure.name, entry.measure.span))


# -------------------------------------------------------------------------- bands


def _bands(
    context: Context, entry: ThresholdEntry, measure: Measure | None, scope: Scope
) -> tuple[tuple[Band, ...], tuple[Band, ...]]:
    """The bands, and what it takes to leave some of them."""
    type_ = None if measure is None else unwrap(measure.value.type)
    bands = build_bands(context, entry.bands, type_, scope)
    leave = _leave(context, entry, type_, scope)
    if _moves(entry) is Moves.BOTH and all(band.when is None for band in bands):
        bands = lowest_first(bands)
    if len(bands) < len(entry.bands):
        return bands, leave
    bands = settle_bands(context, bands, measured=measure is not None, place=entry.threshold.span)
    ranged = [band for band in bands if band.ranged]
    if ranged and len(leave) == len(entry.leave or ()):
        check_bands(context, ranged, leave)
    return bands, leave


def _leave(
    context: Context, entry: ThresholdEntry, type_: Type | None, scope: Scope
) -> tuple[Band, ...]:
    if type_ is not None:
        return build_ways(context, entry.leave, type_, scope)
    leave = entry.leave[0].key.span if entry.leave else None
    require = entry.require.span if entry.require else None
    for name, place in (("leave", leave), ("require", require)):
        if place is not None:
            context.report.add(threshold_messages.key_without_measure(name, place))
    return ()


def _moves(entry: ThresholdEntry) -> Moves:
    return Moves(entry.moves.text) if entry.moves else Moves.BOTH


def _check_ratchet(context: Context, entry: ThresholdEntry, effects: Mapping[str, Effects]) -> None:
    """Report what is to last until a band is left that is never left."""
    moves = _moves(entry)
    if moves is Moves.BOTH:
        return
    last = entry.bands[-1 if moves is Moves.UP else 0].key.text
    for named in fitting(entry.on_enter):
        asked = effects[named.key.text].actions
        if named.key.text == last and any(one.length is RECOVERED for one in asked):
            context.report.add(lint_messages.never_left(last, named.key.span))


def _known_bands(context: Context, entry: ThresholdEntry) -> None:
    names = dict.fromkeys(named.key.text for named in entry.bands)
    for section in (entry.leave, entry.hold_for, entry.on_enter):
        for named in section or ():
            if named.key.text not in names:
                context.unknown("band", named.key.text, names, named.key.span)


def _holds(context: Context, entry: ThresholdEntry) -> dict[str, HoldFor]:
    found = {}
    for named in fitting(entry.hold_for):
        node = parsing.parse_hold(named.value, context.report)
        if node is not None:
            length = None if node.length is None else context.length_of(node.length)
            if node.checks == 0:
                place = named.value.span
                context.report.add(messages.no_length_zero(named.value.text, place))
            found[named.key.text] = HoldFor(node.checks, length)
    return found


# ------------------------------------------------------------------- consequences


def _effects(context: Context, entry: ThresholdEntry, per: str | None) -> dict[str, Effects]:
    if per == _BUYER and entry.on_enter:
        context.report.add(messages.buyers_doing(entry.on_enter[0].key.span))
        return {}
    if entry.on_enter and entry.lacks("because"):
        context.report.add(lint_messages.no_reason(entry.threshold.span))
    possible = FALLS_ON[per] if per else frozenset(filter(None, context.action_scopes.values()))
    return {
        named.key.text: _effect(context, named.key, named.value, possible)
        for named in fitting(entry.on_enter)
    }


def _effect(
    context: Context, band: Embedded, consequence: Consequence, possible: frozenset[str]
) -> Effects:
    if consequence.lacks("violation") and consequence.lacks("do"):
        context.report.add(messages.nothing_follows(band.text, band.span))
    return Effects(
        violation=context.violation(consequence.violation),
        actions=context.proposals(consequence.do, possible, recovers=True),
    )
