"""`within P of T`."""

from __future__ import annotations

from .. import ir, syntax
from ..messages import typing as messages
from ..types import BOOLEAN, DURATION, INSTANT, PERIOD, Type
from .walk import Scope, Walk


def within(walk: Walk, node: syntax.Within, scope: Scope, _hint: Type | None) -> ir.Expr:
    """`review.posted_at within 60 calendar days of order.delivered_at`."""
    value = walk.expect(walk.value(node.value, scope), INSTANT, node.value, scope)
    anchor = walk.expect(walk.value(node.anchor, scope), INSTANT, node.anchor, scope)
    length = _length(walk, node.period, scope)
    if length is None:
        return walk.error(node, BOOLEAN)
    return ir.Within(value, length, anchor, type=BOOLEAN, span=node.span)


def _length(walk: Walk, node: syntax.Node, scope: Scope) -> int | syntax.Period | None:
    length = walk.value(node, scope)
    if length.type not in {DURATION, PERIOD}:
        walk.expect(length, DURATION, node, scope)
        return None
    if not isinstance(length, ir.Constant):
        walk.fail(messages.not_constant(node.span, "how long it may take"), scope)
        return None
    value = length.value
    if isinstance(value, syntax.Period) and value.count > 0:
        return value
    if isinstance(value, int) and value > 0:
        return value
    walk.fail(messages.no_length(node.span), scope)
    return None
