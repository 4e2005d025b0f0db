"""Calls whose arguments are more than values: `was`."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from .. import ir, syntax
from ..messages import events as messages
from ..messages import names as name_messages
from ..types import ERROR, Optional
from .logic import narrowed
from .walk import Scope, Walk


def _was(walk: Walk, node: syntax.Call, scope: Scope) -> ir.Expr:
    """`was(review.stars)`: missing where nothing was known of the entity before the event."""
    environment = scope.environment
    if scope.counting:
        walk.fail(name_messages.not_in_aggregate("was", node.span), scope)
        return walk.error(node)
    if environment.past is None:
        walk.fail(messages.no_event(node.span), scope)
        return walk.error(node)
    field = _field(walk, node, scope)
    if field is None:
        return walk.error(node)
    spec = environment.catalog.entities[field.entity].fields[field.name]
    is_sure = environment.past and not spec.may_be_missing
    of = spec.type if is_sure else Optional(spec.type)
    return narrowed(ir.Was(field.entity, field.name, type=of, span=node.span), scope)


def _field(walk: Walk, node: syntax.Call, scope: Scope) -> ir.Field | None:
    """The one argument, if it is a field of what the event is about."""
    about = scope.environment.subject
    found = [walk.check(argument, scope) for argument in node.arguments]
    if any(argument.type == ERROR for argument in found):
        return None
    if len(found) == 1 and isinstance(found[0], ir.Field) and found[0].entity == about:
        return found[0]
    walk.fail(messages.no_field_of_event(about, node.span), scope)
    return None


FORMS: Mapping[str, Callable[[Walk, syntax.Call, Scope], ir.Expr]] = {
    "was": _was,
}
"""How each of them is checked."""
