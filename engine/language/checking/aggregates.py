"""`count(review where negative)` and its kind, which measures are made of."""

from __future__ import annotations

from dataclasses import replace

from .. import ir, syntax
from ..messages import counting as counting_messages
from ..messages import typing as messages
from ..syntax import AggregateOperator
from ..types import Type
from .counted import counted_date, counted_kind, counted_type, counted_value
from .guards import shown
from .rollups import rollup
from .walk import NO_FACTS, Scope, Walk

_ROLLUPS_ONLY = frozenset({AggregateOperator.FIRST, AggregateOperator.LATEST})


def aggregate(walk: Walk, node: syntax.Aggregate, scope: Scope, _hint: Type | None) -> ir.Expr:
    """An aggregate over the entities of a kind, each read with what it links to in scope."""
    if node.owner is not None:
        return rollup(walk, node, node.owner, scope)
    kind = counted_kind(walk, node, scope) if _is_allowed(walk, node, scope) else None
    if kind is None:
        return walk.error(node)
    environment = scope.environment.counting(kind.name)
    inner = replace(
        scope,
        environment=environment,
        kinds=environment.kinds(),
        facts=NO_FACTS,
        counting=True,
    )
    where = None if node.where is None else walk.condition(node.where, inner)
    if where is not None:
        inner = inner.knowing(shown(where).holding)
    value = None if node.value is None else counted_value(walk, node.value, inner)
    date = counted_date(walk, node, kind, inner)
    result = counted_type(walk, node, value, inner)
    return ir.Aggregate(node.operator, kind.name, value, where, date, type=result, span=node.span)


def _is_allowed(walk: Walk, node: syntax.Aggregate, scope: Scope) -> bool:
    operator = node.operator.value
    if node.operator in _ROLLUPS_ONLY:
        walk.fail(counting_messages.only_in_rollups(operator, node.span), scope)
    elif scope.counting:
        walk.fail(messages.nested_aggregate(operator, node.span), scope)
    elif not scope.environment.aggregates:
        walk.fail(messages.outside_measure(operator, node.span), scope)
    else:
        return True
    return False
