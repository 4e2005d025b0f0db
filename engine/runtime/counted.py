"""Aggregates, roll-ups and measures made ready to run: their functions, and what they rest on."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from ..language import ir
from ..language.program import AggregatePlan, Interval, Measure, Program, Stretch
from ..language.syntax import Aligned
from .dependence import Path
from .entities import Kinds
from .event_types import attribute
from .lower import Helpers, lower_function

Function = Callable[..., Any]
_KEEPING = frozenset({"count distinct", "least", "greatest", "most_common"})


@dataclass(frozen=True, slots=True)
class PreparedAggregate:
    """An aggregate with its functions; all take the scope's entities, now and a context."""

    plan: AggregatePlan
    path: tuple[str, ...]
    """The links from the counted entity to its subject; empty for the shop."""
    where: Function | None
    value: Function | None
    date: Function
    counts_field: str | None
    counts_values: frozenset[str]
    keeps_values: bool
    """Whether single amounts have to be known, as for distinct counts and extremes."""
    waits: bool
    """Whether entities enter the window later than they are dated."""


@dataclass(frozen=True, slots=True)
class PreparedRollup:
    """A roll-up with its functions, which take what those of aggregates take."""

    plan: ir.RollupPlan
    entity: str
    path: Path
    """The links from what is counted to its owner."""
    where: Function | None
    value: Function | None
    date: Function | None
    counts_field: str | None
    counts_values: frozenset[str]


@dataclass(frozen=True, slots=True)
class PreparedWindow:
    """A window of a measure, and when it is the one; a function that takes no entities."""

    length: Stretch
    condition: Function | None
    aggregates: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class PreparedMeasure:
    """A measure with its functions, which take no entities."""

    measure: Measure
    value: Function
    numerator: Function | None
    denominator: Function | None
    sample: Function | None
    windows: tuple[PreparedWindow, ...]
    all_aggregates: tuple[int, ...]
    """Its own and those of the measures it reads."""


def prepare_aggregate(plan: AggregatePlan, kinds: Kinds, helpers: Helpers) -> PreparedAggregate:
    """An aggregate with its functions."""
    scope = kinds.scope_kinds(plan.entity)
    kind = kinds.catalog.entities[plan.entity]

    def compiled(expr: ir.Expr | None) -> Function | None:
        return None if expr is None else lower_function(expr, scope, helpers)

    path = kinds.scopes[plan.entity][plan.per]
    return PreparedAggregate(
        plan=plan,
        path=() if plan.per == "shop" else path,
        where=compiled(plan.where),
        value=compiled(plan.value),
        date=lower_function(plan.date, scope, helpers),
        counts_field=attribute(kind.counts_field) if kind.counts_field else None,
        counts_values=frozenset(kind.counts_values),
        keeps_values=plan.operator in _KEEPING,
        waits=isinstance(plan.length, Aligned) and plan.length.last,
    )


def prepare_rollup(plan: ir.RollupPlan, kinds: Kinds, helpers: Helpers) -> PreparedRollup:
    """A roll-up with its functions."""
    scope = kinds.scope_kinds(plan.entity)
    kind = kinds.catalog.entities[plan.entity]

    def compiled(expr: ir.Expr | None) -> Function | None:
        return None if expr is None else lower_function(expr, scope, helpers)

    return PreparedRollup(
        plan=plan,
        entity=plan.entity,
        path=kinds.scopes[plan.entity][plan.owner],
        where=compiled(plan.where),
        value=compiled(plan.value),
        date=compiled(plan.date),
        counts_field=attribute(kind.counts_field) if kind.counts_field else None,
        counts_values=frozenset(kind.counts_values),
    )


Variants = Mapping[str, tuple[PreparedMeasure, ...]]
"""The variants of measures by name."""


def prepare_measures(program: Program, helpers: Helpers) -> Variants:
    """The measures of a program with their functions."""
    found: dict[str, tuple[PreparedMeasure, ...]] = {}
    for name, several in program.measures.variants.items():
        found[name] = tuple(_measure(measure, found, helpers) for measure in several)
    return found


def _measure(measure: Measure, known: Variants, helpers: Helpers) -> PreparedMeasure:
    below = [index for name in measure.measures for index in all_aggregates(known[name])]

    def compiled(expr: ir.Expr | None) -> Function | None:
        return None if expr is None else lower_function(expr, (), helpers)

    return PreparedMeasure(
        measure=measure,
        value=lower_function(measure.value, (), helpers),
        numerator=compiled(measure.numerator),
        denominator=compiled(measure.denominator),
        sample=compiled(measure.sample),
        windows=tuple(
            PreparedWindow(one.length, compiled(one.condition), one.aggregates)
            for one in measure.windows
        ),
        all_aggregates=tuple(dict.fromkeys([*measure.aggregates, *below])),
    )


def all_aggregates(variants: Iterable[PreparedMeasure]) -> list[int]:
    """The aggregates of all variants of a measure, and of those that they read."""
    return [index for one in variants for index in one.all_aggregates]


def is_bounded(variants: Sequence[PreparedMeasure]) -> bool:
    """Whether a measure does not speak everywhere and always in one and the same way."""
    only = variants[0].measure
    return len(variants) > 1 or bool(only.regions) or only.effective != Interval()
