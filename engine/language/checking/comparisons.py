"""`==`, `<` and their kind, chains of them, and `in`."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from .. import functions, ir, syntax
from ..messages import typing as messages
from ..syntax import Comparator
from ..types import BOOLEAN, ERROR, TEXT, Enumeration, ListOf, Type
from .names import resolves
from .walk import Scope, Walk


def comparison(walk: Walk, node: syntax.Comparison, scope: Scope, _hint: Type | None) -> ir.Expr:
    """`a == b`, `a <= b <= c`."""
    operands = _operands(walk, node.operands, scope)
    pairs = zip(pairwise(operands), pairwise(node.operands), node.comparators, strict=True)
    overloads = [_overload(walk, pair, place, sign, scope) for pair, place, sign in pairs]
    found = tuple(overload for overload in overloads if overload is not None)
    if len(found) < len(overloads):
        return walk.error(node, BOOLEAN)
    if len(operands) == 2:  # noqa: PLR2004 - no chain
        return ir.Call(found[0], operands, type=BOOLEAN, span=node.span)
    return ir.Chain(operands, found, type=BOOLEAN, span=node.span)


def _operands(walk: Walk, nodes: Sequence[syntax.Node], scope: Scope) -> tuple[ir.Expr, ...]:
    """The operands in their order; what needs to be told its type is checked after the others."""
    checked: dict[int, ir.Expr] = {}
    hint: Type | None = None
    for index in sorted(range(len(nodes)), key=lambda index: _rank(nodes[index], scope)):
        checked[index] = walk.value(nodes[index], scope, hint)
        if hint in {None, ERROR}:
            hint = checked[index].type
    return tuple(checked[index] for index in range(len(nodes)))


def _rank(node: syntax.Node, scope: Scope) -> int:
    """How much a node needs to be told which type it should have."""
    if isinstance(node, syntax.If | syntax.Coalesce):
        return 1
    if isinstance(node, syntax.Text):
        return 3
    if isinstance(node, syntax.Name) and len(node.parts) == 1:
        return 2 if resolves(node, scope) else 3
    return 0


def _overload(
    walk: Walk,
    pair: tuple[ir.Expr, ir.Expr],
    place: tuple[syntax.Node, syntax.Node],
    comparator: Comparator,
    scope: Scope,
) -> str | None:
    left, right = pair
    if ERROR in {left.type, right.type}:
        return None
    if left.type != right.type:
        walk.fail(messages.different_types(left, right, place), scope)
        return None
    overload = functions.find(comparator.value, (left.type, right.type))
    if overload is None:
        span = place[0].span.to(place[1].span)
        walk.fail(messages.no_order(comparator.value, left.type, span), scope)
        return None
    return overload.id


def membership(walk: Walk, node: syntax.In, scope: Scope, _hint: Type | None) -> ir.Expr:
    """`review.class in [product, service]`, `product.category in some_list`."""
    item = walk.value(node.item, scope)
    container = walk.value(node.container, scope, ListOf(item.type))
    if ERROR in {item.type, container.type}:
        return walk.error(node, BOOLEAN)
    if not isinstance(container.type, ListOf):
        walk.fail(messages.not_a_list(container, node.container.span), scope)
        return walk.error(node, BOOLEAN)
    if not isinstance(container, ir.Constant):
        return _in_entries(walk, node, item, container, scope)
    values = _values(walk, node, item, container, scope)
    if values is None:
        return walk.error(node, BOOLEAN)
    return ir.Member(item, values, type=BOOLEAN, span=node.span)


def _values(
    walk: Walk, node: syntax.In, item: ir.Expr, container: ir.Constant, scope: Scope
) -> tuple[ir.Value, ...] | None:
    assert isinstance(container.type, ListOf)  # noqa: S101  # seen to just above
    values = container.value
    assert isinstance(values, tuple)  # noqa: S101  # as the type says
    if not values:
        walk.fail(messages.empty_list(node.container.span), scope)
        return None
    if isinstance(item.type, Enumeration) and container.type.item == TEXT:
        return _members(walk, node, item.type, values, scope)
    if item.type != container.type.item:
        sample = ir.Constant(value=None, type=container.type.item, span=container.span)
        walk.fail(messages.mixed_list(item.type, sample, node.container), scope)
        return None
    return tuple(dict.fromkeys(values))


def _members(
    walk: Walk, node: syntax.In, of: Enumeration, values: tuple[ir.Value, ...], scope: Scope
) -> tuple[ir.Value, ...] | None:
    """The words of a named list as members: lists do not know what they are compared with."""
    strange = [str(value) for value in values if value not in of.members]
    if strange:
        walk.fail(messages.strange_word(of, strange[0], node.container.span), scope)
        return None
    return tuple(dict.fromkeys(values))


def _in_entries(
    walk: Walk, node: syntax.In, item: ir.Expr, container: ir.Expr, scope: Scope
) -> ir.Expr:
    """`"screenshot" in report.evidence`: a list that each event brings along."""
    overload = functions.find("in", (item.type, container.type))
    if overload is None:
        walk.fail(messages.wrong_type(TEXT, item, node.item), scope)
        return walk.error(node, BOOLEAN)
    return ir.Call(overload.id, (item, container), type=BOOLEAN, span=node.span)
