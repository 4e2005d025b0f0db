"""What aggregates and roll-ups have in common: a kind, a value, a date, and what comes out."""

from __future__ import annotations

from dataclasses import replace

from .. import functions, ir, syntax
from ..catalog import EntityKind
from ..messages import names as name_messages
from ..messages import typing as messages
from ..types import ERROR, INSTANT, Optional, Type, unwrap
from .names import read_field
from .walk import Scope, Walk


def counted_kind(walk: Walk, node: syntax.Aggregate, scope: Scope) -> EntityKind | None:
    """The kind that is counted."""
    entities, name = scope.environment.catalog.entities, node.entity.text
    if name not in entities:
        walk.fail(name_messages.unknown_kind(name, entities, node.entity.span), scope)
        return None
    return entities[name]


def counted_value(walk: Walk, node: syntax.Node, scope: Scope) -> ir.Expr:
    """What stands before `of`; only entities for which the condition holds have to have it."""
    value = walk.check(node, scope)
    if isinstance(value, ir.Field) and isinstance(value.type, Optional):
        path = f"{value.entity}.{value.name}"
        walk.fail(messages.unguarded_of_entity(path, node.span), scope)
        return replace(value, type=unwrap(value.type))
    return walk.there(value, node, scope)


def counted_date(walk: Walk, node: syntax.Aggregate, kind: EntityKind, scope: Scope) -> ir.Expr:
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


def counted_type(walk: Walk, node: syntax.Aggregate, value: ir.Expr | None, scope: Scope) -> Type:
    """The type of what comes out."""
    of = None if value is None else value.type
    row = functions.aggregate(node.operator, of)
    if row is not None:
        return of if of is not None and row.result == row.of else row.result
    if of != ERROR:
        rows = [row for row in functions.AGGREGATES if row.operator is node.operator]
        place = node.value or node
        walk.fail(messages.wrong_aggregate(node.operator.value, of, place.span, rows), scope)
    walk.failed = True
    return ERROR
