"""What measures are made of: aggregates, each asked for once, and the sample behind a value."""

from __future__ import annotations

from collections.abc import Hashable, Iterator
from dataclasses import dataclass, field, replace
from functools import reduce

from .. import functions, ir
from ..identity import fingerprint
from ..program import AggregatePlan, Stretch
from ..syntax import AggregateOperator
from ..types import BOOLEAN, INTEGER, PERCENT
from ..walk import subexpressions, transform

_AGGREGATE = "aggregate_"
_NEED_SAMPLE = frozenset({"average", "least", "greatest", "most_common"})
"""Aggregates that come to nothing when there is nothing."""


@dataclass(frozen=True, slots=True)
class Window:
    """Whose entities count, and when they do."""

    per: str
    length: Stretch
    lag: int


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


# ----------------------------------------------------------------------- lowering


def lowered(value: ir.Expr, window: Window, plans: Plans) -> ir.Expr:
    """A value with its aggregates replaced by parameters that name their plans."""

    def change(expr: ir.Expr) -> ir.Expr | None:
        return _planned(expr, window, plans) if isinstance(expr, ir.Aggregate) else None

    return transform(value, change)


def _planned(expr: ir.Aggregate, window: Window, plans: Plans) -> ir.Expr:
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


def _share(expr: ir.Aggregate, window: Window, plans: Plans) -> ir.Expr:
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


def aggregates_of(value: ir.Expr) -> tuple[int, ...]:
    """The aggregates that a lowered value reads."""
    found = (_index(part) for part in subexpressions(value) if isinstance(part, ir.Parameter))
    return tuple(dict.fromkeys(found))


def _index(parameter: ir.Parameter) -> int:
    return int(parameter.name.removeprefix(_AGGREGATE))


def measures_of(value: ir.Expr) -> tuple[str, ...]:
    """The measures that a value reads."""
    found = [part.measure for part in subexpressions(value) if isinstance(part, ir.MeasureValue)]
    return tuple(dict.fromkeys(found))


# ------------------------------------------------------------------------- sample


def sample_of(value: ir.Expr, plans: Plans) -> ir.Expr | None:
    """How many entities a value rests on: the fewest of those that any part of it needs."""
    found = tuple(dict.fromkeys(_samples(value, plans)))
    return reduce(_fewer, found) if found else None


def _fewer(left: ir.Expr, right: ir.Expr) -> ir.Expr:
    overload = functions.find("least_of", (INTEGER, INTEGER))
    assert overload is not None  # noqa: S101  # a row of the table of functions
    return ir.Call(overload.id, (left, right), type=INTEGER, span=left.span)


def _samples(expr: ir.Expr, plans: Plans) -> Iterator[ir.Expr]:
    """What has to be there for the parts of a value that are always evaluated."""
    if isinstance(expr, ir.Parameter) and plans.operator(expr) in _NEED_SAMPLE:
        yield _behind(expr)
    if isinstance(expr, ir.Lookup):
        yield from _samples(expr.key, plans)
    if not isinstance(expr, ir.Call):
        return
    if functions.is_division(expr):
        yield from _under(expr.arguments[1])
    for argument in expr.arguments:
        yield from _samples(argument, plans)


def _under(denominator: ir.Expr) -> Iterator[ir.Expr]:
    """The sample of a ratio: what is counted under the line, or what is summed up there."""
    parts = list(subexpressions(denominator))
    counted = any(isinstance(part, ir.Parameter | ir.MeasureValue) for part in parts)
    looked_up = any(isinstance(part, ir.Lookup) for part in parts)
    if denominator.type == INTEGER and counted and not looked_up:
        yield denominator
    else:
        yield from (_behind(part) for part in parts if isinstance(part, ir.Parameter))


def _behind(parameter: ir.Parameter) -> ir.Expr:
    """The number of entities behind an aggregate."""
    name = f"sample_{_index(parameter)}"
    return ir.Parameter(name, type=INTEGER, span=parameter.span)
