"""`T within P of T`, `T during HOURS`, `first 12:00 after T`."""

from __future__ import annotations

from .. import ir, syntax
from ..messages import typing as messages
from ..types import BOOLEAN, INSTANT, Type
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
    assert isinstance(node, syntax.Duration | syntax.Period)  # noqa: S101  # as the grammar says
    length: int | syntax.Period = node.micros if isinstance(node, syntax.Duration) else node
    if (length.count if isinstance(length, syntax.Period) else length) == 0:
        walk.fail(messages.no_length(node.span), scope)
        return None
    return length


_DAYS = 7
_WHOLE_DAY = (0, 24 * 60)


def during(walk: Walk, node: syntax.During, scope: Scope, _hint: Type | None) -> ir.Expr:
    """`review.posted_at during monday to friday 09:00 to 18:00`."""
    value = walk.expect(walk.value(node.value, scope), INSTANT, node.value, scope)
    part = node.part
    count = (part.last - part.first) % _DAYS + 1
    days = tuple(sorted((part.first + distance) % _DAYS for distance in range(count)))
    start, end = (part.hours.start, part.hours.end) if part.hours else _WHOLE_DAY
    return ir.During(value, days, start, end, type=BOOLEAN, span=node.span)


def first_after(walk: Walk, node: syntax.FirstAfter, scope: Scope, _hint: Type | None) -> ir.Expr:
    """`first monday at 12:00 after review.posted_at`."""
    anchor = walk.expect(walk.value(node.anchor, scope), INSTANT, node.anchor, scope)
    return ir.FirstAfter(anchor, node.day, node.minute, type=INSTANT, span=node.span)
