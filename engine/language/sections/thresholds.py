"""`thresholds`: when measures are looked at, and what follows from their bands."""

from __future__ import annotations

from .. import ir
from .. import parser as parsing
from ..authored import Consequence, PolicyFile, ThresholdEntry
from ..messages import policy as messages
from ..program import Effects, HoldFor, Measure, Threshold
from ..shapes import Named
from ..source import Embedded
from ..types import TEXT, Type, unwrap
from ..walk import subexpressions
from .bands import build_bands, by_name, check_bands
from .common import item_fields
from .context import Context, Scope
from .rules import report_constant

_SLOTS = ("value", "numerator", "denominator", "band", "sample")
SHOWN: dict[str, Type] = dict.fromkeys(_SLOTS, TEXT)
"""What the reason of a threshold may speak of."""


def build_thresholds(
    context: Context, policy: PolicyFile, measures: dict[str, Measure]
) -> tuple[Threshold, ...]:
    """The thresholds in the author's order."""
    found = (_threshold(context, entry, measures) for entry in policy.thresholds or ())
    return tuple(threshold for threshold in found if threshold is not None)


def _threshold(
    context: Context, entry: ThresholdEntry, measures: dict[str, Measure]
) -> Threshold | None:
    measure = _measure(context, entry.measure, measures)
    schedule = parsing.parse_schedule(entry.check, context.report)
    if measure is None or schedule is None:
        return None
    subject = Scope(measure.per, frozenset({measure.per}))
    require = context.expression(entry.require, subject) if entry.require else None
    if require is not None:
        report_constant(context, require)
    type_ = unwrap(measure.value.type)
    bands = build_bands(context, entry.bands, type_, subject)
    if len(bands) == len(entry.bands):
        check_bands(context, bands)
    _check_sample(context, entry, measure)
    leave = build_bands(context, entry.leave, type_, subject)
    _known_bands(context, entry)
    return Threshold(
        **item_fields(context, entry, entry.threshold, Scope(measure.per, parameters=SHOWN)),
        measure=measure.name,
        per=measure.per,
        schedule=schedule,
        require=require,
        require_measures=_measures_in(require),
        bands=bands,
        leave=by_name(leave),
        hold_for=_holds(context, entry),
        on_enter=_effects(context, entry),
    )


def _measure(context: Context, name: Embedded, measures: dict[str, Measure]) -> Measure | None:
    context.used.add(("measure", name.text))
    if name.text not in measures:
        if name.text not in context.environment.measures:
            context.report.add(
                messages.unknown_reference("measure", name.text, measures, name.span)
            )
        return None
    return measures[name.text]


def _measures_in(expr: ir.Expr | None) -> tuple[str, ...]:
    parts = () if expr is None else subexpressions(expr)
    found = [part.measure for part in parts if isinstance(part, ir.MeasureValue)]
    return tuple(dict.fromkeys(found))


def _check_sample(context: Context, entry: ThresholdEntry, measure: Measure) -> None:
    guarded = entry.require is not None or measure.at_least > 1
    if measure.sample is not None and not guarded:
        context.report.add(messages.no_least_sample(measure.name, entry.measure.span))


def _known_bands(context: Context, entry: ThresholdEntry) -> None:
    names = {named.key.text for named in entry.bands}
    for section in (entry.leave, entry.hold_for, entry.on_enter):
        for named in section or ():
            if named.key.text not in names:
                context.report.add(
                    messages.unknown_reference("band", named.key.text, names, named.key.span)
                )


def _holds(context: Context, entry: ThresholdEntry) -> dict[str, HoldFor]:
    found = {}
    for named in entry.hold_for or ():
        node = parsing.parse_hold(named.value, context.report)
        if node is not None:
            length = None if node.length is None else context.length_of(node.length)
            found[named.key.text] = HoldFor(node.checks, length)
    return found


def _effects(context: Context, entry: ThresholdEntry) -> dict[str, Effects]:
    found = {}
    for named in entry.on_enter or ():
        found[named.key.text] = _effect(context, entry, named)
    return found


def _effect(context: Context, entry: ThresholdEntry, named: Named) -> Effects:
    consequence: Consequence = named.value
    if consequence.violation is None and consequence.do is None:
        context.report.add(messages.needs_partner(named.key.text, "violation", named.key.span))
    elif entry.because is None:
        context.report.add(messages.no_reason(entry.threshold.span))
    return Effects(
        violation=context.violation(consequence.violation),
        actions=context.proposals(consequence.do, recovers=True),
    )
