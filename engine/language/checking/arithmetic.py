"""`+`, `-`, `*` and `/`, read from the left, and the sign before a value."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

from .. import functions, ir, syntax
from ..diagnostics import Diagnostic
from ..messages import typing as messages
from ..syntax import Arithmetic, ArithmeticOperator
from ..types import DECIMAL, ERROR, INTEGER, PERCENT, Type
from .walk import Scope, Walk

_POINTS = frozenset({ArithmeticOperator.ADD, ArithmeticOperator.SUBTRACT})
"""What is done between two percentages in points."""


def arithmetic(walk: Walk, node: Arithmetic, scope: Scope, _hint: Type | None) -> ir.Expr:
    """`a + b - c`: each operator takes what has come out so far and the next operand."""
    levels = len(node.operators)  # the result is nested as deeply as the chain is long
    walk.deepen(levels)
    operands = [walk.value(operand, scope) for operand in node.operands]
    walk.deepen(-levels)
    result, so_far = operands[0], node.operands[0]
    for operator, right, place in zip(node.operators, operands[1:], node.operands[1:], strict=True):
        step = Arithmetic((so_far, place), (operator,), span=so_far.span.to(place.span))
        result, so_far = _step(walk, step, (result, right), scope), step
    return result


def _step(walk: Walk, node: Arithmetic, pair: tuple[ir.Expr, ir.Expr], scope: Scope) -> ir.Expr:
    operator, types = node.operators[0], tuple(expr.type for expr in pair)
    if ERROR in types:
        return walk.error(node)
    if operator is ArithmeticOperator.DIVIDE:
        if isinstance(pair[1], ir.Constant) and pair[1].value == 0:
            walk.fail(messages.division_by_zero(node.operands[1].span), scope)
            return walk.error(node)
        if all(map(_is_count, pair)):
            types = (functions.COUNT, functions.COUNT)
    overload = functions.find(operator.value, types)
    if overload is None:
        walk.fail(_no_operation(node, types), scope)
        return walk.error(node)
    return ir.Call(overload.id, pair, type=overload.result, span=node.span)


def _no_operation(node: Arithmetic, types: tuple[Type, ...]) -> Diagnostic:
    if node.operators[0] in _POINTS and PERCENT in types and {INTEGER, DECIMAL} & set(types):
        return messages.percent_against_number(node.operands[types.index(PERCENT) - 1])
    rows = [row for row in functions.rows(node.operators[0].value) if len(row.parameters) > 1]
    return messages.no_operation(node.operators[0].value, types, node, rows)


def _is_count(expr: ir.Expr) -> bool:
    """Whether a whole number was counted: an aggregate, a measure, or a sum of some.

    The ratio of two such numbers is a percent; of any others, a decimal number.
    """
    if expr.type != INTEGER:
        return False
    if isinstance(expr, ir.Call):
        return any(map(_is_count, expr.arguments))
    return isinstance(expr, ir.Aggregate | ir.Rollup | ir.MeasureValue)


def sign(walk: Walk, node: syntax.Negative, scope: Scope, _hint: Type | None) -> ir.Expr:
    """`-x`."""
    operand = walk.value(node.operand, scope)
    if operand.type == ERROR:
        return operand
    overload = functions.find("-", (operand.type,))
    if overload is None:
        rows = [row for row in functions.rows("-") if len(row.parameters) == 1]
        walk.fail(messages.no_operation("-", (operand.type,), node, rows), scope)
        return walk.error(node)
    if isinstance(operand, ir.Constant) and isinstance(operand.value, int | Fraction):
        return replace(operand, value=-operand.value, span=node.span)
    return ir.Call(overload.id, (operand,), type=overload.result, span=node.span)
