"""`count(review where negative)` and its kind, which measures are made of."""

from __future__ import annotations

from dataclasses import replace

from .. import functions, ir, syntax
from ..catalog import EntityKind
from ..messages import names as name_messages
from ..messages import typing as messages
from ..types import ERROR, INSTANT, Optional, Type, unwrap
from .guards import shown
from .names import read_field
from .walk import NO_FACTS, Scope, Walk


def aggregate(walk: Walk, node: syntax.Aggregate, scope: Scope, _hint: Type | None) -> ir.Expr:
    """An aggregate over the entities of a kind, each read with what it links to in scope."""
    kind = _kind(walk, node, scope) if _is_allowed(walk, node, scope) else None
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
    value = None if node.value is None else _value(walk, node.value, inner)
    date = _date(walk, node, kind, inner)
    result = _result(walk, node, value, inner)
    return ir.Aggregate(node.operator, kind.name, value, where, date, type=result, span=node.span)


def _is_allowed(walk: Walk, node: syntax.Aggregate, scope: Scope) -> bool:
    operator = node.operator.value
    if scope.counting:
        walk.fail(messages.nested_aggregate(operator, node.span), scope)
        return False
    if not scope.environment.aggregates:
        walk.fail(messages.outside_measure(operator, node.span), scope)
        return False
    return True


def _kind(walk: Walk, node: syntax.Aggregate, scope: Scope) -> EntityKind | None:
    """The kind that is counted."""
    entities, name = scope.environment.catalog.entities, node.entity.text
    if name not in entities:
        walk.fail(name_messages.unknown_kind(name, entities, node.entity.span), scope)
        return None
    return entities[name]


def _value(walk: Walk, node: syntax.Node, scope: Scope) -> ir.Expr:
    """What stands before `of`; only entities for which the condition holds have to have it."""
    value = walk.check(node, scope)
    if isinstance(value, ir.Field) and isinstance(value.type, Optional):
        path = f"{value.entity}.{value.name}"
        walk.fail(messages.unguarded_of_entity(path, node.span), scope)
        return replace(value, type=unwrap(value.type))
    return walk.there(value, node, scope)


def _date(walk: Walk, node: syntax.Aggregate, kind: EntityKind, scope: Scope) -> ir.Expr:
    """The field that dates an entity; it may be missing, and then the entity is not counted."""
    if node.dated is None:
        if kind.date is None:
            walk.fail(messages.undated(kind.name, _dates(kind), node.entity.span), scope)
            return walk.error(node)
        of, _, field = kind.date.rpartition(".")
        return read_field(of or kind.name, field, node.entity, scope)
    date = walk.check(node.dated, scope)
    if date.type != ERROR and not (isinstance(date, ir.Field) and unwrap(date.type) == INSTANT):
        walk.fail(messages.not_a_date(node.dated.span), scope)
        return walk.error(node)
    return date


def _dates(kind: EntityKind) -> list[str]:
    return [f"{kind.name}.{name}" for name, field in kind.fields.items() if field.type == INSTANT]


def _result(walk: Walk, node: syntax.Aggregate, value: ir.Expr | None, scope: Scope) -> Type:
    of = None if value is None else value.type
    row = functions.aggregate(node.operator, of)
    if row is not None:
        return row.result
    if of != ERROR:
        rows = [row for row in functions.AGGREGATES if row.operator is node.operator]
        place = node.value or node
        walk.fail(messages.wrong_aggregate(node.operator.value, of, place.span, rows), scope)
    walk.failed = True
    return ERROR
