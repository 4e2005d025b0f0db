"""`count(review for order)`: something made of what belongs to one entity, without a window."""

from __future__ import annotations

from dataclasses import replace

from .. import functions, ir, syntax
from ..catalog import EntityKind
from ..identity import fingerprint
from ..messages import counting as messages
from ..messages import names as name_messages
from ..syntax import AggregateOperator
from ..types import ERROR, Optional
from .counted import counted_date, counted_kind, counted_type, counted_value
from .guards import shown
from .logic import narrowed
from .walk import NO_FACTS, Scope, Walk

_IN_ORDER = frozenset({AggregateOperator.FIRST, AggregateOperator.LATEST})
_ALWAYS_THERE = frozenset(
    {AggregateOperator.COUNT, AggregateOperator.COUNT_DISTINCT, AggregateOperator.SUM}
)
"""What comes to zero where nothing belongs to the owner; everything else is missing then."""


def rollup(walk: Walk, node: syntax.Aggregate, owner: syntax.Name, scope: Scope) -> ir.Expr:
    """A roll-up over the entities of a kind that belong to an owner in scope."""
    kind = counted_kind(walk, node, scope)
    if kind is None or not _is_allowed(walk, node, kind, owner, scope):
        return walk.error(node)
    inner = _inside(scope, kind)
    where = None if node.where is None else walk.condition(node.where, inner)
    if where is not None:
        inner = inner.knowing(shown(where).holding)
    value = None if node.value is None else counted_value(walk, node.value, inner)
    date = _date(walk, node, kind, inner)
    of = counted_type(walk, node, value, inner)
    if of == ERROR or (date is not None and date.type == ERROR):
        return walk.error(node)
    plan = _plan(node, kind.name, owner.text, (value, where, date))
    result = of if node.operator in _ALWAYS_THERE else Optional(of)
    holder = _holder(scope, owner.text)
    return narrowed(ir.Rollup(plan, holder, type=result, span=node.span), scope)


def _inside(scope: Scope, kind: EntityKind) -> Scope:
    """Where the condition and the value of a roll-up are read."""
    environment = scope.environment.counting(kind.name)
    return replace(scope, environment=environment, kinds=environment.kinds(), facts=NO_FACTS)


def _is_allowed(
    walk: Walk, node: syntax.Aggregate, kind: EntityKind, owner: syntax.Name, scope: Scope
) -> bool:
    environment, name = scope.environment, owner.text
    entities = environment.catalog.entities
    if name not in entities:
        walk.fail(name_messages.unknown_kind(name, scope.kinds, owner.span), scope)
    elif name in functions.NO_OWNERS:
        walk.fail(messages.too_much_for_rollup(name, owner.span), scope)
    elif name == kind.name or name not in environment.catalog.scope(kind.name):
        owners = set(environment.catalog.scope(kind.name)) - functions.NO_OWNERS - {kind.name}
        walk.fail(messages.not_linked(kind.name, name, owners, owner.span), scope)
    elif not environment.rollups or environment.aggregates:
        walk.fail(messages.no_rollup_here(node.operator.value, node.span), scope)
    elif name not in scope.kinds:
        walk.fail(name_messages.kind_out_of_scope(name, scope.kinds, owner.span), scope)
    else:
        return True
    return False


def _date(walk: Walk, node: syntax.Aggregate, kind: EntityKind, scope: Scope) -> ir.Expr | None:
    """What puts the entities in order, where their order matters."""
    if node.operator in _IN_ORDER:
        return counted_date(walk, node, kind, scope)
    if node.dated is not None:
        walk.fail(messages.dated_rollup(node.operator.value, node.dated.span), scope)
        return walk.error(node)
    return None


def _holder(scope: Scope, owner: str) -> str:
    """The kind in scope whose entity links to the owner, or the owner's own."""
    about = scope.environment.subject
    path = scope.environment.catalog.scope(about)[owner]
    if not path:
        return owner
    return path[-2] if len(path) > 1 else about


def _plan(
    node: syntax.Aggregate,
    entity: str,
    owner: str,
    parts: tuple[ir.Expr | None, ir.Expr | None, ir.Expr | None],
) -> ir.RollupPlan:
    value, where, date = parts
    prints = tuple(None if part is None else fingerprint(part) for part in parts)
    return ir.RollupPlan(
        identity=(node.operator.value, entity, owner, prints),
        operator=node.operator,
        entity=entity,
        owner=owner,
        value=value,
        where=where,
        date=date,
    )
