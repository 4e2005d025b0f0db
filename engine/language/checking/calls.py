"""Calls of functions, and those that read the state of the shop."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from .. import functions, ir, syntax
from ..catalog import SHOP
from ..diagnostics import Diagnostic
from ..environment import Environment
from ..messages import names as name_messages
from ..messages import typing as messages
from ..source import Span
from ..types import BOOLEAN, ERROR, INSTANT, INTEGER, TEXT, Optional, Type
from .forms import FORMS
from .logic import narrowed
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
    name = _action(walk, node, scope)
    if name is None:
        return walk.error(node, BOOLEAN)
    return ir.InForce(name, *_target(name, scope.environment), type=BOOLEAN, span=node.span)


def _since(walk: Walk, node: syntax.Call, scope: Scope) -> ir.Expr:
    """`since("close_shop")`."""
    name = _action(walk, node, scope)
    if name is None:
        return walk.error(node, INSTANT)
    target = _target(name, scope.environment)
    return narrowed(ir.Since(name, *target, type=Optional(INSTANT), span=node.span), scope)


def _action(walk: Walk, node: syntax.Call, scope: Scope) -> str | None:
    """The action that is asked about."""
    known = scope.environment.actions
    name = _constant_name(walk, node, scope, known, name_messages.unknown_action)
    if name is not None:
        walk.uses.add(("action", name))
    return name


def _target(action: str, environment: Environment) -> tuple[str | None, str | None]:
    """The kind in scope that an action falls on, and the kind that links to it."""
    kind = environment.falls_on.get(action)
    paths = environment.catalog.scope(environment.subject)
    if kind == environment.subject:
        return kind, None
    if kind is None or kind not in paths or kind == SHOP:
        return None, None
    path = paths[kind]
    return kind, path[-2] if len(path) > 1 else environment.subject


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
    "since": _since,
}
