"""Values that are written out: numbers, texts, lengths of time, lists."""

from __future__ import annotations

from fractions import Fraction

from .. import ir, syntax
from ..messages import names as name_messages
from ..messages import typing as messages
from ..types import (
    BOOLEAN,
    DECIMAL,
    DURATION,
    ERROR,
    INTEGER,
    PERCENT,
    PERIOD,
    TEXT,
    Enumeration,
    ListOf,
    Type,
)
from .walk import Scope, Walk


def boolean(_walk: Walk, node: syntax.Boolean, _scope: Scope, _hint: Type | None) -> ir.Expr:
    """`true`."""
    return ir.Constant(value=node.value, type=BOOLEAN, span=node.span)


def integer(_walk: Walk, node: syntax.Integer, _scope: Scope, _hint: Type | None) -> ir.Expr:
    """`12`."""
    return ir.Constant(value=node.value, type=INTEGER, span=node.span)


def number(_walk: Walk, node: syntax.Number, _scope: Scope, _hint: Type | None) -> ir.Expr:
    """`4.5`."""
    return ir.Constant(value=Fraction(node.value), type=DECIMAL, span=node.span)


def percent(_walk: Walk, node: syntax.Percent, _scope: Scope, _hint: Type | None) -> ir.Expr:
    """`0.5%`."""
    return ir.Constant(value=node.value, type=PERCENT, span=node.span)


def duration(_walk: Walk, node: syntax.Duration, _scope: Scope, _hint: Type | None) -> ir.Expr:
    """`24h`."""
    return ir.Constant(value=node.micros, type=DURATION, span=node.span)


def period(_walk: Walk, node: syntax.Period, _scope: Scope, _hint: Type | None) -> ir.Expr:
    """`30 calendar days`."""
    return ir.Constant(value=node, type=PERIOD, span=node.span)


def text(walk: Walk, node: syntax.Text, scope: Scope, hint: Type | None) -> ir.Expr:
    """`"refund"`; where a word of an enumeration is meant, it has no quotes."""
    if isinstance(hint, Enumeration):
        walk.fail(name_messages.quoted_member(node.value, hint, node.span), scope)
        return walk.error(node)
    return ir.Constant(value=node.value, type=TEXT, span=node.span)


def list_literal(walk: Walk, node: syntax.ListLiteral, scope: Scope, hint: Type | None) -> ir.Expr:
    """`[product, service]`: constants of one type, each kept once."""
    if not node.items:
        walk.fail(messages.empty_list(node.span), scope)
        return walk.error(node)
    of: Type | None = hint.item if isinstance(hint, ListOf) else hint
    items = []
    for item in node.items:
        items.append(_list_item(walk, item, scope, of))
        of = of or items[-1].type
    if any(item.type == ERROR for item in items):
        return walk.error(node)
    values = dict.fromkeys(item.value for item in items)
    return ir.Constant(value=tuple(values), type=ListOf(items[0].type), span=node.span)


def _list_item(walk: Walk, node: syntax.Node, scope: Scope, of: Type | None) -> ir.Constant:
    item = walk.value(node, scope, of)
    if item.type != ERROR and not isinstance(item, ir.Constant):
        walk.fail(messages.not_constant(node.span, "a list"), scope)
    elif of not in {None, ERROR, item.type} and item.type != ERROR:
        walk.fail(messages.mixed_list(of, item, node), scope)
    elif isinstance(item, ir.Constant):
        return item
    return walk.error(node)
