"""What a condition shows to be there, when it holds and when it does not.

`has order.delivered_at and ...` reads its right side only where the left one holds; so the right
side may use the field. The same goes for `not has ... or ...`, for `if has ... then ...`, and for
everything that is put together from these.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import singledispatch
from typing import NamedTuple

from .. import ir
from ..identity import fingerprint
from ..types import ERROR, INSTANT
from .walk import ANYTHING, NO_FACTS, Fact

Facts = frozenset[Fact]


class Shown(NamedTuple):
    """What is known to be there once a condition has held, and once it has not."""

    holding: Facts
    failing: Facts


NOTHING = Shown(NO_FACTS, NO_FACTS)


@singledispatch
def shown(_expr: ir.Expr) -> Shown:
    """What a condition shows; both outcomes at once, so that the work grows with the size alone."""
    return NOTHING


@shown.register
def _(expr: ir.Constant) -> Shown:
    mistaken: Facts = frozenset({ANYTHING})
    return Shown(mistaken, mistaken) if expr.type == ERROR else NOTHING


@shown.register
def _(expr: ir.Has) -> Shown:
    found: Facts = frozenset({fingerprint(expr.operand)})
    if isinstance(expr.operand, ir.Field):  # who has a field has been seen
        found |= {known(expr.operand.entity)}
    return Shown(found, NO_FACTS)


@shown.register
def _(expr: ir.InForce) -> Shown:
    since = ir.Since(expr.action, expr.target, expr.holder, type=INSTANT, span=expr.span)
    return Shown(frozenset({fingerprint(since)}), NO_FACTS)


@shown.register
def _(expr: ir.Known) -> Shown:
    return Shown(frozenset({known(expr.entity)}), NO_FACTS)


@shown.register
def _(expr: ir.Not) -> Shown:
    holding, failing = shown(expr.operand)
    return Shown(failing, holding)


@shown.register
def _(expr: ir.And) -> Shown:
    holding, failing = zip(*map(shown, expr.operands), strict=True)
    return Shown(_each(holding), _whichever(failing))


@shown.register
def _(expr: ir.Or) -> Shown:
    holding, failing = zip(*map(shown, expr.operands), strict=True)
    return Shown(_whichever(holding), _each(failing))


@shown.register
def _(expr: ir.If) -> Shown:
    condition, then, otherwise = map(shown, (expr.condition, expr.then, expr.otherwise))
    return Shown(
        (condition.holding | then.holding) & (condition.failing | otherwise.holding),
        (condition.holding | then.failing) & (condition.failing | otherwise.failing),
    )


def known(kind: str) -> Fact:
    """The fact that an entity of a kind has been seen."""
    return ("known", kind)


def _each(facts: Iterable[Facts]) -> Facts:
    """What is there when all operands came out so."""
    return NO_FACTS.union(*facts)


def _whichever(facts: Iterable[Facts]) -> Facts:
    """What is there when one of the operands came out so, whichever it was."""
    return frozenset.intersection(*facts)
