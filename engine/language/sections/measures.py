"""`measures`: what is counted, over which window, for whom."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from graphlib import CycleError, TopologicalSorter

from .. import ir, syntax
from .. import parser as parsing
from ..authored import MeasureEntry, PolicyFile
from ..functions import is_division, ratio_overload
from ..messages import policy as messages
from ..program import AggregatePlan, Length, Measure
from ..shapes import Named
from ..source import Span
from ..syntax import AggregateOperator
from ..types import BOOLEAN, INTEGER, PERCENT, Optional, Type
from ..walk import subexpressions, transform
from .common import item_fields
from .context import NOWHERE, Context, Scope

DAY = 86_400_000_000
_DAYS = {
    syntax.Unit.CALENDAR_DAYS: 1,
    syntax.Unit.CALENDAR_WEEKS: 7,
    syntax.Unit.CALENDAR_MONTHS: 31,
    syntax.Unit.BUSINESS_DAYS: 4,
}
"""The most days that one unit spans; business days with room for long holidays."""

_VALUE = Scope(aggregates=True)


@dataclass(slots=True)
class Plans:
    """The aggregates of all measures; equal ones are kept once."""

    found: dict[AggregatePlan, int] = field(default_factory=dict)

    def add(self, plan: AggregatePlan) -> int:
        """The index of a plan, which is new if no equal one is there."""
        return self.found.setdefault(plan, len(self.found))

    def all(self) -> tuple[AggregatePlan, ...]:
        """The plans by index."""
        return tuple(replace(plan, index=index) for plan, index in self.found.items())


def build_measures(
    context: Context, policy: PolicyFile, retention: int
) -> tuple[dict[str, Measure], tuple[AggregatePlan, ...]]:
    """The measures, each after those that it reads, and the aggregates that they share."""
    entries = {named.key.text: named for named in policy.measures or ()}
    trees = {
        name: parsing.parse_expression(named.value.value, context.report)
        for name, named in entries.items()
    }
    plans, built = Plans(), dict[str, Measure]()
    for name in _in_order(context, entries, trees):
        tree = trees[name]
        measure = None if tree is None else _measure(context, entries[name], tree, plans)
        if measure is not None:
            built[name] = measure
            _declare(context, measure)
            check_retention(
                context, "window", measure.length, measure.lag, retention, entries[name]
            )
    return built, plans.all()


def _in_order(
    context: Context, entries: dict[str, Named], trees: dict[str, syntax.Node | None]
) -> list[str]:
    graph = {
        name: [] if tree is None else [n for n in _names(tree) if n in entries]
        for name, tree in trees.items()
    }
    try:
        return list(TopologicalSorter(graph).static_order())
    except CycleError as error:
        circle = list(reversed(error.args[1]))
        context.report.add(messages.measure_circle(circle, entries[circle[0]].key.span))
        return []


def _names(tree: syntax.Node) -> Iterator[str]:
    """The plain names in a syntax tree, in the author's order."""
    waiting: list[object] = [tree]
    while waiting:
        here = waiting.pop()
        if isinstance(here, syntax.Name):
            yield here.text
        elif isinstance(here, syntax.Node):
            waiting.extend(getattr(here, item.name) for item in dataclasses.fields(here))
        elif isinstance(here, tuple):
            waiting.extend(here)


def _declare(context: Context, measure: Measure) -> None:
    type_: Type = measure.value.type
    seen: Type = Optional(type_) if measure.sample is not None else type_
    known = {**context.environment.measures, measure.name: seen}
    context.environment = replace(context.environment, measures=known)


def _measure(context: Context, named: Named, tree: syntax.Node, plans: Plans) -> Measure | None:
    entry: MeasureEntry = named.value
    value, length = context.check(tree, _VALUE, None), context.length(entry.over)
    if value is None or length is None:
        return None
    lag = context.duration(entry.lag, 0)
    window = _Window(entry.per.text, length, lag)
    lowered = _lower(context, value, window, plans)
    if lowered is None:
        return None
    ratio = lowered.arguments if isinstance(lowered, ir.Call) and is_division(lowered) else None
    sample = ratio[1] if ratio else _sample(lowered)
    if entry.at_least and sample is None:
        context.report.add(messages.no_sample(entry.at_least.span))
    return Measure(
        **item_fields(context, entry, named.key, NOWHERE),
        per=window.per,
        value=lowered,
        aggregates=_aggregates(lowered),
        measures=_measures(lowered),
        numerator=ratio[0] if ratio else None,
        denominator=ratio[1] if ratio else None,
        sample=sample,
        at_least=entry.at_least.value if entry.at_least else 1,
        length=length,
        lag=lag,
    )


@dataclass(frozen=True, slots=True)
class _Window:
    per: str
    length: Length
    lag: int


def _lower(context: Context, value: ir.Expr, window: _Window, plans: Plans) -> ir.Expr | None:
    """Replace the aggregates of a value by parameters that name their plans."""
    for part in subexpressions(value):
        if isinstance(part, ir.Aggregate):
            scope = context.catalog.scope(part.entity)
            if window.per not in scope:
                context.report.add(messages.unknown_subject(part.entity, window.per, part.span))
                return None

    def change(expr: ir.Expr) -> ir.Expr | None:
        return _planned(expr, window, plans) if isinstance(expr, ir.Aggregate) else None

    return transform(value, change)


def _planned(expr: ir.Aggregate, window: _Window, plans: Plans) -> ir.Expr:
    if expr.operator is AggregateOperator.SHARE:
        return _share(expr, window, plans)
    plan = AggregatePlan(
        index=0,
        operator=expr.operator.value,
        entity=expr.entity,
        per=window.per,
        value=expr.value,
        where=expr.where,
        date=expr.date,
        length=window.length,
        lag=window.lag,
    )
    return ir.Parameter(f"aggregate_{plans.add(plan)}", type=expr.type, span=expr.span)


def _share(expr: ir.Aggregate, window: _Window, plans: Plans) -> ir.Expr:
    """A share is a ratio of two counts."""
    assert expr.value is not None  # noqa: S101  # the checker asks for what stands before `of`
    both = (
        expr.value
        if expr.where is None
        else ir.And((expr.where, expr.value), type=BOOLEAN, span=expr.span)
    )
    count = replace(expr, operator=AggregateOperator.COUNT, value=None, type=INTEGER)
    parts = (replace(count, where=both), count)
    arguments = tuple(_planned(part, window, plans) for part in parts)
    return ir.Call(ratio_overload(), arguments, type=PERCENT, span=expr.span)


def _sample(lowered: ir.Expr) -> ir.Expr | None:
    """The number of entities behind an average; nothing else without a ratio has a sample."""
    if isinstance(lowered, ir.Parameter) and lowered.type is not INTEGER:
        name = lowered.name.replace("aggregate_", "sample_")
        return ir.Parameter(name, type=INTEGER, span=lowered.span)
    return None


def _aggregates(value: ir.Expr) -> tuple[int, ...]:
    found = [part.name for part in subexpressions(value) if isinstance(part, ir.Parameter)]
    return tuple(dict.fromkeys(int(name.removeprefix("aggregate_")) for name in found))


def _measures(value: ir.Expr) -> tuple[str, ...]:
    found = [part.measure for part in subexpressions(value) if isinstance(part, ir.MeasureValue)]
    return tuple(dict.fromkeys(found))


def most_micros(length: Length | None) -> int:
    """The longest that a length of time can be, in microseconds."""
    if length is None or isinstance(length, int):
        return length or 0
    return length.count * _DAYS[length.unit] * DAY


def check_retention(  # noqa: PLR0913, PLR0917  # one message needs them all
    context: Context,
    what: str,
    length: Length | None,
    lag: int,
    retention: int,
    named: Named,
) -> None:
    """Report a window that reaches further back than entities are remembered."""
    if most_micros(length) + lag > retention:
        span: Span = named.value.over.span
        context.report.add(messages.beyond_retention(what, f"{retention // DAY} days", span))
