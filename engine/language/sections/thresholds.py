"""`thresholds`: when measures are looked at, and what follows from their bands."""

from __future__ import annotations

from collections.abc import Mapping

from .. import ir
from .. import parser as parsing
from ..authored import Consequence, PolicyFile, ThresholdEntry
from ..messages import lint as lint_messages
from ..messages import policy as messages
from ..program import Band, Effects, HoldFor, Measure, Threshold
from ..shapes import fitting
from ..source import Embedded
from ..types import TEXT, Type, unwrap
from ..walk import subexpressions
from .bands import build_bands, by_name, check_bands, report_unknown
from .common import item_fields
from .context import Context, Scope
from .rules import report_constant

_BUYER = "buyer"
_SLOTS = ("value", "numerator", "denominator", "band", "sample")
SHOWN: Mapping[str, Type] = dict.fromkeys(_SLOTS, TEXT)
"""What the reason of a threshold may speak of."""

FALLS_ON: Mapping[str, frozenset[str]] = {
    "shop": frozenset({"shop", "fund"}),
    "product": frozenset({"shop", "fund", "product"}),
    "buyer": frozenset(),
}
"""What the actions of a threshold can fall on, by whose measure it looks at."""


def build_thresholds(
    context: Context, policy: PolicyFile, measures: Mapping[str, Measure]
) -> tuple[Threshold, ...]:
    """The thresholds in the author's order."""
    found = (_threshold(context, entry, measures) for entry in policy.thresholds or ())
    return tuple(threshold for threshold in found if threshold is not None)


def _threshold(
    context: Context, entry: ThresholdEntry, measures: Mapping[str, Measure]
) -> Threshold | None:
    measure = _measure(context, entry.measure, measures)
    schedule = parsing.parse_schedule(entry.check, context.report)
    _known_bands(context, entry)
    holds, effects = _holds(context, entry), _effects(context, entry)
    if measure is None:
        return None
    scope = Scope(measure.per, frozenset({measure.per}), per=measure.per)
    require = _require(context, entry, scope)
    bands, leave = _bands(context, entry, measure, scope)
    _check_sample(context, entry, measure, require)
    shown = Scope(measure.per, parameters=SHOWN, per=measure.per)
    item = item_fields(context, entry, entry.threshold, shown)
    if schedule is None:
        return None
    return Threshold(
        **item,
        measure=measure.name,
        per=measure.per,
        schedule=schedule,
        require=require,
        require_measures=_measures_in(require),
        bands=bands,
        leave=by_name(leave),
        hold_for=holds,
        on_enter=effects,
    )


def _measure(context: Context, name: Embedded, measures: Mapping[str, Measure]) -> Measure | None:
    context.used.add(("measure", name.text))
    if name.text not in context.measures:
        context.unknown("measure", name.text, context.measures, name.span)
    return measures.get(name.text)


def _require(context: Context, entry: ThresholdEntry, scope: Scope) -> ir.Expr | None:
    require = None if entry.require is None else context.expression(entry.require, scope)
    if require is not None and not report_unknown(context, require):
        report_constant(context, require)
    return require


def _measures_in(expr: ir.Expr | None) -> tuple[str, ...]:
    parts = () if expr is None else subexpressions(expr)
    found = [part.measure for part in parts if isinstance(part, ir.MeasureValue)]
    return tuple(dict.fromkeys(found))


def _check_sample(
    context: Context, entry: ThresholdEntry, measure: Measure, require: ir.Expr | None
) -> None:
    """Report a rate that may rest on very few; other measures can say that it does not."""
    guarded = measure.at_least > 1 or _measures_in(require) or (entry.require and require is None)
    if measure.sample is not None and not guarded and "require" not in entry.broken:
        context.report.add(lint_messages.no_least_sample(measure.name, entry.measure.span))


# -------------------------------------------------------------------------- bands


def _bands(
    context: Context, entry: ThresholdEntry, measure: Measure, scope: Scope
) -> tuple[tuple[Band, ...], tuple[Band, ...]]:
    """The bands, and what it takes to leave some of them."""
    type_ = unwrap(measure.value.type)
    bands = build_bands(context, entry.bands, type_, scope)
    leave = build_bands(context, entry.leave, type_, scope)
    if len(bands) == len(entry.bands) and len(leave) == len(entry.leave or ()):
        check_bands(context, bands, leave)
    return bands, leave


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


def _effects(context: Context, entry: ThresholdEntry) -> dict[str, Effects]:
    per = context.subjects.get(entry.measure.text)
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
