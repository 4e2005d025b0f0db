"""What a condition shows to be there, when it holds and when it does not.

`has order.delivered_at and ...` reads its right side only where the left one holds; so the right
side may use the field. The same goes for `not has ... or ...`, for `if has ... then ...`, and for
everything that is put together from these.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import singledispatch

from .. import ir
from ..identity import fingerprint
from ..types import ERROR
from .walk import ANYTHING, NO_FACTS, Fact


@singledispatch
def established(_expr: ir.Expr, *, outcome: bool) -> frozenset[Fact]:  # noqa: ARG001 - others need it
    """What is known to be there once a condition has come out so."""
    return NO_FACTS


@established.register
def _(expr: ir.Constant, *, outcome: bool) -> frozenset[Fact]:  # noqa: ARG001 - as for all others
    return frozenset({ANYTHING}) if expr.type == ERROR else NO_FACTS


@established.register
def _(expr: ir.Has, *, outcome: bool) -> frozenset[Fact]:
    if not outcome:
        return NO_FACTS
    found: frozenset[Fact] = frozenset({fingerprint(expr.operand)})
    if isinstance(expr.operand, ir.Field):  # who has a field has been seen
        found |= {known(expr.operand.entity)}
    return found


@established.register
def _(expr: ir.Known, *, outcome: bool) -> frozenset[Fact]:
    return frozenset({known(expr.entity)}) if outcome else NO_FACTS


@established.register
def _(expr: ir.Not, *, outcome: bool) -> frozenset[Fact]:
    return established(expr.operand, outcome=not outcome)


@established.register
def _(expr: ir.And, *, outcome: bool) -> frozenset[Fact]:
    return _all(expr.operands, each=True) if outcome else _first(expr.operands, each=False)


@established.register
def _(expr: ir.Or, *, outcome: bool) -> frozenset[Fact]:
    return _first(expr.operands, each=True) if outcome else _all(expr.operands, each=False)


@established.register
def _(expr: ir.If, *, outcome: bool) -> frozenset[Fact]:
    ways = (
        established(expr.condition, outcome=way) | established(branch, outcome=outcome)
        for way, branch in ((True, expr.then), (False, expr.otherwise))
    )
    return frozenset.intersection(*ways)


def known(kind: str) -> Fact:
    """The fact that an entity of a kind has been seen."""
    return ("known", kind)


def _all(operands: Sequence[ir.Expr], *, each: bool) -> frozenset[Fact]:
    """What is there when every operand came out as `each`."""
    return NO_FACTS.union(*(established(operand, outcome=each) for operand in operands))


def _first(operands: Sequence[ir.Expr], *, each: bool) -> frozenset[Fact]:
    """What is there when some operand came out as `each` and those before it did not."""
    before, found = NO_FACTS, None
    for operand in operands:
        way = before | established(operand, outcome=each)
        found = way if found is None else found & way
        if not found:
            break
        before |= established(operand, outcome=not each)
    return found or NO_FACTS
