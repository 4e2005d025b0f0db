"""`and`, `or`, `not`, `if`, `has` and `??`: conditions, and what they show to be there."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from .. import ir, syntax
from ..identity import fingerprint
from ..messages import names as name_messages
from ..messages import typing as messages
from ..types import BOOLEAN, ERROR, Optional, Type, unwrap
from .guards import known, shown
from .walk import ANYTHING, Scope, Walk


def negation(walk: Walk, node: syntax.Not, scope: Scope, _hint: Type | None) -> ir.Expr:
    """`not x`."""
    return ir.Not(walk.condition(node.operand, scope), type=BOOLEAN, span=node.span)


def conjunction(walk: Walk, node: syntax.And, scope: Scope, _hint: Type | None) -> ir.Expr:
    """`a and b`: the right side is read where the left one holds."""
    operands = _in_turn(walk, node.operands, scope, going_on=True)
    return ir.And(operands, type=BOOLEAN, span=node.span)


def disjunction(walk: Walk, node: syntax.Or, scope: Scope, _hint: Type | None) -> ir.Expr:
    """`a or b`: the right side is read where the left one does not hold."""
    operands = _in_turn(walk, node.operands, scope, going_on=False)
    return ir.Or(operands, type=BOOLEAN, span=node.span)


def _in_turn(
    walk: Walk, nodes: Sequence[syntax.Node], scope: Scope, *, going_on: bool
) -> tuple[ir.Expr, ...]:
    operands: list[ir.Expr] = []
    for node in nodes:
        operands.append(_operand(walk, node, scope, nodes[len(operands) - 1] if operands else None))
        holding, failing = shown(operands[-1])
        scope = scope.knowing(holding if going_on else failing)
    return tuple(operands)


def _operand(walk: Walk, node: syntax.Node, scope: Scope, before: syntax.Node | None) -> ir.Expr:
    """An operand of `and` or `or`; what compares nothing may belong to the one before it."""
    expr = walk.value(node, scope)
    if isinstance(before, _COMPARING) and expr.type not in {BOOLEAN, ERROR}:
        walk.fail(messages.half_a_comparison(before, expr, node), scope)
        return walk.error(node)
    return walk.expect(expr, BOOLEAN, node, scope)


_COMPARING = syntax.Comparison | syntax.TextTest | syntax.In


def choice(walk: Walk, node: syntax.If, scope: Scope, hint: Type | None) -> ir.Expr:
    """`if c then a else b`: both of one type; each is read under what the condition shows."""
    condition = walk.condition(node.condition, scope)
    holding, failing = shown(condition)
    then = walk.check(node.then, scope.knowing(holding), hint)
    otherwise = walk.check(node.otherwise, scope.knowing(failing), _sure(hint, then))
    common = _common(walk, (then, otherwise), (node.then, node.otherwise), scope)
    if common is None:
        return walk.error(node)
    if any(isinstance(branch.type, Optional) for branch in (then, otherwise)):
        common = Optional(common)
    return narrowed(ir.If(condition, then, otherwise, type=common, span=node.span), scope)


def coalesce(walk: Walk, node: syntax.Coalesce, scope: Scope, hint: Type | None) -> ir.Expr:
    """`x ?? y`: the first that is there; all of one type."""
    operands: list[ir.Expr] = []
    for operand in node.operands:
        operands.append(walk.check(operand, scope, hint))
        hint = _sure(hint, operands[-1])
    for operand, expr in zip(node.operands[:-1], operands, strict=False):
        _may_be_missing(walk, operand, expr, scope)
    common = _common(walk, operands, node.operands, scope)
    if common is None:
        return walk.error(node)
    if all(isinstance(operand.type, Optional) for operand in operands):
        common = Optional(common)
    return narrowed(ir.Coalesce(tuple(operands), type=common, span=node.span), scope)


def has(walk: Walk, node: syntax.Has, scope: Scope, _hint: Type | None) -> ir.Expr:
    """`has order.delivered_at`, `has order`, `has seller_nrr`."""
    name = node.operand
    if name.text in scope.environment.catalog.entities and not _is_defined(name.text, scope):
        return _has_kind(walk, node, scope)
    expr = walk.check(name, scope)
    if expr.type == ERROR:
        return walk.error(node)
    if not _may_be_missing(walk, name, expr, scope):
        return ir.Constant(value=True, type=BOOLEAN, span=node.span)
    whole = replace(expr, type=Optional(unwrap(expr.type)))
    return ir.Has(whole, type=BOOLEAN, span=node.span)


def _has_kind(walk: Walk, node: syntax.Has, scope: Scope) -> ir.Expr:
    kind = node.operand.text
    if kind not in scope.kinds:
        walk.fail(name_messages.kind_out_of_scope(kind, scope.kinds, node.operand.span), scope)
        return walk.error(node)
    if scope.environment.is_certain(kind):
        _always_there(walk, node.operand, scope)
        return ir.Constant(value=True, type=BOOLEAN, span=node.span)
    return ir.Known(kind, type=BOOLEAN, span=node.span)


def _is_defined(name: str, scope: Scope) -> bool:
    environment = scope.environment
    return name in {*environment.parameters, *environment.definitions, *environment.measures}


def _may_be_missing(walk: Walk, node: syntax.Node, expr: ir.Expr, scope: Scope) -> bool:
    """Whether asking for a value, or giving a default for it, makes sense."""
    if isinstance(expr.type, Optional) or expr.type == ERROR or _is_narrowed(expr, scope):
        return True
    _always_there(walk, node, scope)
    return False


def _always_there(walk: Walk, node: syntax.Node, scope: Scope) -> None:
    """Report a needless guard; in a definition, another place may need it."""
    if not scope.inlined:
        walk.fail(messages.always_there(node.span), scope)


def narrowed(expr: ir.Expr, scope: Scope) -> ir.Expr:
    """An expression without its doubt, where a guard has shown that its value is there."""
    if isinstance(expr.type, Optional) and _is_narrowed(expr, scope):
        return replace(expr, type=expr.type.item)
    return expr


def _is_narrowed(expr: ir.Expr, scope: Scope) -> bool:
    if ANYTHING in scope.facts or fingerprint(expr) in scope.facts:
        return True
    if not isinstance(expr, ir.Field) or known(expr.entity) not in scope.facts:
        return False
    return not scope.environment.catalog.entities[expr.entity].fields[expr.name].may_be_missing


def _sure(hint: Type | None, expr: ir.Expr) -> Type | None:
    """The type to hope for in the next branch."""
    return hint if hint is not None or expr.type == ERROR else unwrap(expr.type)


def _common(
    walk: Walk, exprs: Sequence[ir.Expr], nodes: Sequence[syntax.Node], scope: Scope
) -> Type | None:
    """The one type of all branches; nothing where one has a mistake or differs."""
    common = next((unwrap(expr.type) for expr in exprs if expr.type != ERROR), ERROR)
    for expr, node in zip(exprs, nodes, strict=True):
        if unwrap(expr.type) not in {common, ERROR}:
            walk.fail(messages.branches_differ(common, expr, node), scope)
            return None
    return None if any(expr.type == ERROR for expr in exprs) else common
