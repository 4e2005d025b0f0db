"""`measures`: what is counted, over which window, for whom."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import reduce
from graphlib import CycleError, TopologicalSorter

from .. import functions, ir, syntax
from .. import parser as parsing
from ..authored import MeasureEntry, PolicyFile
from ..diagnostics import Diagnostic
from ..identity import fingerprint
from ..messages import policy as messages
from ..messages import variants as variant_messages
from ..program import AggregatePlan, Length, Measure
from ..shapes import Named, fitting
from ..syntax import AggregateOperator
from ..types import BOOLEAN, DECIMAL, DURATION, INTEGER, PERCENT, Optional, Type, unwrap
from ..varied import Varied
from ..walk import children, subexpressions, transform
from .common import item_fields
from .context import DAY, Context, Scope, most_micros
from .rules import report_constant
from .trees import reached
from .variants import check_alike, speaks_always

_AGGREGATE = "aggregate_"
_MEASURABLE = frozenset({INTEGER, DECIMAL, PERCENT, DURATION})
_NEED_SAMPLE = frozenset({"average", "least", "greatest"})
"""Aggregates that come to nothing when there is nothing."""

_NOT_COUNTED = (ir.Field, ir.Known, ir.Now, ir.Points, ir.InForce, ir.Since)
"""What a measure cannot read outside its aggregates: it would change without anything counted."""


@dataclass(slots=True)
class Plans:
    """The aggregates of all measures; equal ones are kept once."""

    found: dict[Hashable, AggregatePlan] = field(default_factory=dict)

    def add(self, plan: AggregatePlan) -> int:
        """The index of a plan, which is new if no equal one is there."""
        numbered = replace(plan, index=len(self.found))
        return self.found.setdefault(_identity(plan), numbered).index

    def all(self) -> tuple[AggregatePlan, ...]:
        """The plans by index."""
        return tuple(self.found.values())

    def operator(self, parameter: ir.Parameter) -> str:
        """What the aggregate does that a parameter stands for."""
        return self.all()[_index(parameter)].operator


def _identity(plan: AggregatePlan) -> Hashable:
    """What two plans that ask for the same have in common."""
    parts = (plan.value, plan.where, plan.date)
    prints = tuple(None if part is None else fingerprint(part) for part in parts)
    return (plan.operator, plan.entity, plan.per, plan.length, plan.lag, prints)


def build_measures(
    context: Context, policy: PolicyFile, retention: int
) -> tuple[Varied[Measure], tuple[AggregatePlan, ...]]:
    """The measures, each after those that it reads, and the aggregates that they share."""
    entries: dict[str, list[Named]] = {}
    for named in fitting(policy.measures):
        entries.setdefault(named.key.text, []).append(named)
    trees = {
        name: [parsing.parse_expression(one.value.value, context.report) for one in several]
        for name, several in entries.items()
    }
    plans, built = Plans(), dict[str, tuple[Measure, ...]]()
    for name in _in_order(context, entries, trees):
        pairs = zip(entries[name], trees[name], strict=True)
        found = [_one(context, named, tree, plans, retention) for named, tree in pairs]
        variants = tuple(one for one in found if one is not None)
        if len(variants) == len(found):
            context.measures[name] = seen = _seen(context, variants)
            certain = not isinstance(seen, Optional)
            built[name] = tuple(replace(one, is_certain=certain) for one in variants)
            check_alike(context, "measure", variants, {"per": "per"})
            _check_types(context, variants)
    return Varied(built), plans.all()


def _one(
    context: Context, named: Named, tree: syntax.Node | None, plans: Plans, retention: int
) -> Measure | None:
    measure = None if tree is None else _measure(context, named, tree, plans)
    if measure is not None:
        _check_retention(context, measure, retention, named.value)
    return measure


def _check_types(context: Context, variants: Sequence[Measure]) -> None:
    """Report variants whose values are not of the type of the first."""
    first = variants[0]
    for other in variants[1:]:
        if unwrap(other.value.type) != unwrap(first.value.type):
            found = variant_messages.variants_differ(
                "measure", other.name, "type", other.value.span, first.value.span
            )
            context.report.add(found)


def _seen(context: Context, variants: Sequence[Measure]) -> Type:
    """The type of a measure where it is read, which may be insufficient.

    So is one with a sample, and one that does not speak everywhere and always.
    """
    of = unwrap(variants[0].value.type)
    whole = all(one.sample is None and one.value.type == of for one in variants)
    return of if whole and speaks_always(context, variants) else Optional(of)


# -------------------------------------------------------------------------- order


def _in_order(
    context: Context,
    entries: Mapping[str, Sequence[Named]],
    trees: Mapping[str, Sequence[syntax.Node | None]],
) -> list[str]:
    """The names of the measures, each after those that it reads; circles are left out."""
    definitions = context.environment.definitions
    graph = {
        name: [
            other for tree in several for other in reached(tree, definitions) if other in entries
        ]
        for name, several in trees.items()
    }
    while True:
        try:
            return list(TopologicalSorter(graph).static_order())
        except CycleError as error:
            circle = _turned(list(reversed(error.args[1]))[:-1])
            place = entries[circle[0]][0].key.span
            context.report.add(messages.measure_circle([*circle, circle[0]], place))
            graph = _without(graph, circle)


def _turned(circle: list[str]) -> list[str]:
    """A circle from the first of its names on."""
    start = circle.index(min(circle))
    return circle[start:] + circle[:start]


def _without(graph: Mapping[str, list[str]], names: Iterable[str]) -> dict[str, list[str]]:
    out = frozenset(names)
    return {
        name: [other for other in others if other not in out]
        for name, others in graph.items()
        if name not in out
    }


# -------------------------------------------------------------------- one measure


def _measure(context: Context, named: Named, tree: syntax.Node, plans: Plans) -> Measure | None:
    entry: MeasureEntry = named.value
    scope = Scope(aggregates=True, rollups=True, per=entry.per.text)
    value, length = context.check(tree, scope, None), context.length(entry.over)
    window = _Window(entry.per.text, length or 0, context.duration(entry.lag, 0))
    item = item_fields(context, entry, named.name, Scope())
    if value is None:
        return None
    _check_conditions(context, value)
    if mistakes := list(_mistakes(context, value, tree, window)):
        context.report.extend(mistakes)
        return None
    lowered = _lowered(value, window, plans)
    ratio = (
        lowered.arguments
        if isinstance(lowered, ir.Call) and functions.is_division(lowered)
        else None
    )
    sample = _sample(lowered, plans)
    if entry.at_least and sample is None:
        context.report.add(messages.no_sample(entry.at_least.span))
    if length is None:
        return None
    return Measure(
        **item,
        per=window.per,
        value=lowered,
        aggregates=_aggregates(lowered),
        measures=_measures(lowered),
        numerator=ratio[0] if ratio else None,
        denominator=ratio[1] if ratio else None,
        sample=sample,
        at_least=entry.at_least.value if entry.at_least else 1,
        length=length,
        lag=window.lag,
    )


@dataclass(frozen=True, slots=True)
class _Window:
    per: str
    length: Length
    lag: int


def _mistakes(
    context: Context, value: ir.Expr, tree: syntax.Node, window: _Window
) -> Iterator[Diagnostic]:
    """Why a value is no quantity made of what is counted for the subject."""
    early = [part for part in _outside(value) if isinstance(part, _NOT_COUNTED)]
    yield from (messages.not_counted(part.span) for part in early)
    parts = list(subexpressions(value))
    counted = any(isinstance(part, ir.Aggregate | ir.MeasureValue) for part in parts)
    if not early and not (counted and unwrap(value.type) in _MEASURABLE):
        yield messages.not_measurable(tree.span)
    for part in parts:
        if isinstance(part, ir.Aggregate) and window.per not in context.catalog.scope(part.entity):
            yield messages.unknown_subject(part.entity, window.per, part.span)


def _outside(value: ir.Expr) -> Iterator[ir.Expr]:
    """What stands in a value outside its aggregates."""
    waiting = [value]
    while waiting:
        here = waiting.pop()
        if not isinstance(here, ir.Aggregate):
            yield here
            waiting.extend(children(here))


def _check_conditions(context: Context, value: ir.Expr) -> None:
    """Report what is counted always or never."""
    for part in subexpressions(value):
        if isinstance(part, ir.Aggregate):
            for condition in (part.where, part.value):
                if condition is not None and condition.type == BOOLEAN:
                    report_constant(context, condition)


# ----------------------------------------------------------------------- lowering


def _lowered(value: ir.Expr, window: _Window, plans: Plans) -> ir.Expr:
    """A value with its aggregates replaced by parameters that name their plans."""

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
    return ir.Parameter(f"{_AGGREGATE}{plans.add(plan)}", type=expr.type, span=expr.span)


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
    return ir.Call(functions.ratio_overload(), arguments, type=PERCENT, span=expr.span)


def _aggregates(value: ir.Expr) -> tuple[int, ...]:
    found = (_index(part) for part in subexpressions(value) if isinstance(part, ir.Parameter))
    return tuple(dict.fromkeys(found))


def _index(parameter: ir.Parameter) -> int:
    return int(parameter.name.removeprefix(_AGGREGATE))


def _measures(value: ir.Expr) -> tuple[str, ...]:
    found = [part.measure for part in subexpressions(value) if isinstance(part, ir.MeasureValue)]
    return tuple(dict.fromkeys(found))


# ------------------------------------------------------------------------- sample


def _sample(lowered: ir.Expr, plans: Plans) -> ir.Expr | None:
    """How many entities a value rests on: the fewest of those that any part of it needs."""
    found = tuple(dict.fromkeys(_samples(lowered, plans)))
    return reduce(_fewer, found) if found else None


def _fewer(left: ir.Expr, right: ir.Expr) -> ir.Expr:
    overload = functions.find("least_of", (INTEGER, INTEGER))
    assert overload is not None  # noqa: S101  # a row of the table of functions
    return ir.Call(overload.id, (left, right), type=INTEGER, span=left.span)


def _samples(expr: ir.Expr, plans: Plans) -> Iterator[ir.Expr]:
    """What has to be there for the parts of a value that are always evaluated."""
    if isinstance(expr, ir.Parameter) and plans.operator(expr) in _NEED_SAMPLE:
        yield _behind(expr)
    if not isinstance(expr, ir.Call):
        return
    if functions.is_division(expr):
        yield from _under(expr.arguments[1])
    for argument in expr.arguments:
        yield from _samples(argument, plans)


def _under(denominator: ir.Expr) -> Iterator[ir.Expr]:
    """The sample of a ratio: what is counted under the line, or what is summed up there."""
    parts = list(subexpressions(denominator))
    if denominator.type == INTEGER and any(
        isinstance(part, ir.Parameter | ir.MeasureValue) for part in parts
    ):
        yield denominator
    else:
        yield from (_behind(part) for part in parts if isinstance(part, ir.Parameter))


def _behind(parameter: ir.Parameter) -> ir.Expr:
    """The number of entities behind an aggregate."""
    name = f"sample_{_index(parameter)}"
    return ir.Parameter(name, type=INTEGER, span=parameter.span)


# ---------------------------------------------------------------------- retention


def _check_retention(
    context: Context, measure: Measure, retention: int, entry: MeasureEntry
) -> None:
    """Report a window that reaches further back than entities are remembered."""
    if most_micros(measure.length) + measure.lag > retention:
        context.report.add(messages.beyond_retention(retention // DAY, entry.over.span))
