"""Calls of functions, and the two that read the state of the shop."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from .. import functions, ir, syntax
from ..diagnostics import Diagnostic
from ..messages import names as name_messages
from ..messages import typing as messages
from ..source import Span
from ..types import BOOLEAN, ERROR, INTEGER, TEXT, Type
from .forms import FORMS
from .names import resolves
from .walk import Scope, Walk


def call(walk: Walk, node: syntax.Call, scope: Scope, _hint: Type | None) -> ir.Expr:
    """`length(review.text)`."""
    name = node.function.text
    if name in _STATE:
        return _STATE[name](walk, node, scope)
    if name in FORMS:
        return FORMS[name](walk, node, scope)
    rows = functions.rows(name) if name in functions.function_names() else ()
    arguments = tuple(walk.value(argument, scope) for argument in node.arguments)
    if not rows:
        walk.fail(_unknown(node, scope), scope)
        return walk.error(node)
    types = [argument.type for argument in arguments]
    if ERROR in types:
        return walk.error(node)
    overload = functions.find(name, types)
    if overload is None:
        walk.fail(messages.wrong_arguments(name, types, node.span, rows), scope)
        return walk.error(node)
    return ir.Call(overload.id, arguments, type=overload.result, span=node.span)


def _unknown(node: syntax.Call, scope: Scope) -> Diagnostic:
    is_value = len(node.function.parts) > 1 or resolves(node.function, scope)
    known = functions.function_names()
    name = node.function
    return name_messages.unknown_function(name.text, known, name.span, is_value=is_value)


def _points(walk: Walk, node: syntax.Call, scope: Scope) -> ir.Expr:
    """`points("violation-points")`."""
    known = scope.environment.ladders
    name = _constant_name(walk, node, scope, known, name_messages.unknown_ladder)
    if name is None:
        return walk.error(node, INTEGER)
    walk.uses.add(("ladder", name))
    return ir.Points(name, type=INTEGER, span=node.span)


def _in_force(walk: Walk, node: syntax.Call, scope: Scope) -> ir.Expr:
    """`in_force("close_shop")`."""
    known = scope.environment.actions
    name = _constant_name(walk, node, scope, known, name_messages.unknown_action)
    if name is None:
        return walk.error(node, BOOLEAN)
    walk.uses.add(("action", name))
    return ir.InForce(name, type=BOOLEAN, span=node.span)


def _constant_name(
    walk: Walk,
    node: syntax.Call,
    scope: Scope,
    known: frozenset[str],
    unknown: Callable[[str, Iterable[str], Span], Diagnostic],
) -> str | None:
    """The name in brackets, if it is one constant text and means something."""
    function = node.function.text
    if scope.counting:
        walk.fail(name_messages.not_in_aggregate(function, node.span), scope)
        return None
    arguments = [walk.value(argument, scope, TEXT) for argument in node.arguments]
    types = [argument.type for argument in arguments]
    if ERROR in types:
        return None
    if types != [TEXT]:
        rows = [row for row in functions.STATE_READERS if row.name == function]
        walk.fail(messages.wrong_arguments(function, types, node.span, rows), scope)
        return None
    name, place = arguments[0], node.arguments[0]
    if not isinstance(name, ir.Constant):
        walk.fail(messages.not_constant(place.span, "the name"), scope)
        return None
    if name.value not in known:
        walk.fail(unknown(str(name.value), known, place.span), scope)
        return None
    return str(name.value)


_STATE: dict[str, Callable[[Walk, syntax.Call, Scope], ir.Expr]] = {
    "points": _points,
    "in_force": _in_force,
}
