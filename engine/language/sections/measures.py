"""`measures`: what is counted, over which window, for whom."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from graphlib import CycleError, TopologicalSorter

from .. import functions, ir, syntax
from .. import parser as parsing
from ..authored import MeasureEntry, PolicyFile
from ..diagnostics import Diagnostic
from ..messages import policy as messages
from ..messages import variants as variant_messages
from ..program import AggregatePlan, Measure, MeasureWindow
from ..shapes import Named, fitting
from ..types import BOOLEAN, DECIMAL, DURATION, INTEGER, PERCENT, Optional, Type, unwrap
from ..varied import Varied
from ..walk import subexpressions
from .common import item_fields
from .context import DAY, Context, Scope, most_micros
from .plans import Plans, Window, aggregates_of, lowered, measures_of, sample_of
from .rules import report_constant
from .trees import reached
from .variants import check_alike, speaks_always
from .windows import NOT_COUNTED, Choice, build_windows, misplaced, outside

_MEASURABLE = frozenset({INTEGER, DECIMAL, PERCENT, DURATION})


@dataclass(frozen=True, slots=True)
class _Written:
    """The syntax trees of a measure; nothing where a text has none."""

    value: syntax.Node | None
    over: syntax.Node | None

    def names(self, definitions: Mapping[str, syntax.Node | None]) -> Iterator[str]:
        """Every name that they speak of, also through definitions."""
        yield from reached(self.value, definitions)
        yield from reached(self.over, definitions)


def build_measures(
    context: Context, policy: PolicyFile, retention: int
) -> tuple[Varied[Measure], tuple[AggregatePlan, ...]]:
    """The measures, each after those that it reads, and the aggregates that they share."""
    entries: dict[str, list[Named]] = {}
    for named in fitting(policy.measures):
        entries.setdefault(named.key.text, []).append(named)
    trees = {
        name: [_written(context, one.value) for one in several] for name, several in entries.items()
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


def _written(context: Context, entry: MeasureEntry) -> _Written:
    return _Written(
        parsing.parse_expression(entry.value, context.report),
        parsing.parse_window(entry.over, context.report),
    )


def _one(
    context: Context, named: Named, written: _Written, plans: Plans, retention: int
) -> Measure | None:
    measure = _measure(context, named, written, plans)
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
    trees: Mapping[str, Sequence[_Written]],
) -> list[str]:
    """The names of the measures, each after those that it reads; circles are left out."""
    definitions = context.environment.definitions
    graph = {
        name: [other for tree in several for other in tree.names(definitions) if other in entries]
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


def _measure(context: Context, named: Named, written: _Written, plans: Plans) -> Measure | None:
    entry: MeasureEntry = named.value
    scope = Scope(aggregates=True, rollups=True, per=entry.per.text)
    value = None if written.value is None else context.check(written.value, scope, None)
    choices = () if written.over is None else build_windows(context, written.over, entry.per.text)
    lag = context.duration(entry.lag, 0)
    item = item_fields(context, entry, named.name, Scope())
    if value is None:
        return None
    _check_conditions(context, value)
    if mistakes := list(_mistakes(context, value, entry.per.text)):
        context.report.extend(mistakes)
        return None
    parts = [_part(value, Window(entry.per.text, one.length, lag), one, plans) for one in choices]
    if entry.at_least and parts and parts[0].sample is None:
        context.report.add(messages.no_sample(entry.at_least.span))
    if not parts:
        return None
    chosen = _chosen([part.value for part in parts], parts)
    assert chosen is not None  # noqa: S101  # every part has a value
    return Measure(
        **item,
        per=entry.per.text,
        value=chosen,
        aggregates=aggregates_of(chosen),
        measures=measures_of(chosen),
        numerator=_chosen([part.numerator for part in parts], parts),
        denominator=_chosen([part.denominator for part in parts], parts),
        sample=_chosen([part.sample for part in parts], parts),
        at_least=entry.at_least.value if entry.at_least else 1,
        windows=tuple(part.window for part in parts),
        lag=lag,
    )


@dataclass(frozen=True, slots=True)
class _Part:
    """What a measure comes to over one of its windows."""

    window: MeasureWindow
    value: ir.Expr
    numerator: ir.Expr | None
    denominator: ir.Expr | None
    sample: ir.Expr | None


def _part(value: ir.Expr, window: Window, choice: Choice, plans: Plans) -> _Part:
    low = lowered(value, window, plans)
    condition = None if choice.condition is None else lowered(choice.condition, window, plans)
    is_ratio = isinstance(low, ir.Call) and functions.is_division(low)
    ratio = low.arguments if isinstance(low, ir.Call) and is_ratio else (None, None)
    read = (low,) if condition is None else (condition, low)
    indexes = dict.fromkeys(index for part in read for index in aggregates_of(part))
    return _Part(
        window=MeasureWindow(window.length, condition, tuple(indexes)),
        value=low,
        numerator=ratio[0],
        denominator=ratio[1],
        sample=sample_of(low, plans),
    )


def _chosen(exprs: Sequence[ir.Expr | None], parts: Sequence[_Part]) -> ir.Expr | None:
    """One of several expressions: that of the first window whose condition holds."""
    chosen = exprs[-1]
    for expr, part in reversed(list(zip(exprs[:-1], parts[:-1], strict=True))):
        condition = part.window.condition
        if expr is None or chosen is None or condition is None:
            return None
        chosen = ir.If(condition, expr, chosen, type=expr.type, span=expr.span)
    return chosen


def _mistakes(context: Context, value: ir.Expr, per: str) -> Iterator[Diagnostic]:
    """Why a value is no quantity made of what is counted for the subject."""
    early = any(isinstance(part, NOT_COUNTED) for part in outside(value))
    parts = subexpressions(value)
    counted = any(isinstance(part, ir.Aggregate | ir.MeasureValue) for part in parts)
    if not early and not (counted and unwrap(value.type) in _MEASURABLE):
        yield messages.not_measurable(value.span)
    yield from misplaced(context, value, per)


def _check_conditions(context: Context, value: ir.Expr) -> None:
    """Report what is counted always or never."""
    for part in subexpressions(value):
        if isinstance(part, ir.Aggregate):
            for condition in (part.where, part.value):
                if condition is not None and condition.type == BOOLEAN:
                    report_constant(context, condition)


# ---------------------------------------------------------------------- retention


def _check_retention(
    context: Context, measure: Measure, retention: int, entry: MeasureEntry
) -> None:
    """Report a window that reaches further back than entities are remembered."""
    longest = max(most_micros(window.length) for window in measure.windows)
    if longest + measure.lag > retention:
        context.report.add(messages.beyond_retention(retention // DAY, entry.over.span))
