"""Functions made of checked expressions: one expression, or all rules on a type of event."""

from __future__ import annotations

import ast
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from ...language import ir
from ..errors import EvaluationError
from ..functions import FUNCTIONS, Function
from . import nodes
from .expressions import Lowering
from .pieces import Builder

_HITS: Final = "_hits"
_ERROR: Final = "_error"


@dataclass(frozen=True, slots=True)
class Helpers:
    """What expressions are lowered with: how each overload is computed, by its id."""

    functions: Mapping[str, Function] = field(default_factory=lambda: FUNCTIONS)


@dataclass(frozen=True, slots=True)
class LoweredRule:
    """A rule as the generated function sees it.

    `index` is what a hit says. A rule without a condition always fires; one with `stop` that fires
    is the last that is looked at.
    """

    index: int
    condition: ir.Expr | None
    stop: bool


@dataclass(frozen=True, slots=True)
class Failed:
    """A rule whose condition could not be computed, and why."""

    index: int
    reason: str


Hit = int | Failed
"""The index of a rule that fired, or a rule that failed."""


def lower_function(
    expr: ir.Expr, kinds: Sequence[str], helpers: Helpers
) -> Callable[..., ir.Value]:
    """The function that computes an expression.

    It takes the entities of `kinds` in this order, then `now` in microseconds, then a context with
    the methods `measure(name)`, `points(ladder)`, `in_force(action)`, `since(action)`,
    `in_force_on(action, key)`, `since_on(action, key)`, `parameter(name)` and
    `rollup(plan, key, now)` and the attribute `calendar`. It raises `EvaluationError`.

    Raises:
        TooDeepError: The expression is nested too deep.
    """
    builder = Builder(kinds)
    piece = Lowering(builder, [expr], helpers.functions).closed(expr)
    return builder.function([ast.Return(value=piece.node)], piece.kept)


def lower_rules(
    rules: Sequence[LoweredRule], kinds: Sequence[str], helpers: Helpers
) -> Callable[..., list[Hit]]:
    """The function that gives the hits of all rules, in their order.

    It takes what the functions of `lower_function` take. A rule that fails is a hit of its own, and
    the others still run.

    Raises:
        TooDeepError: A condition is nested too deep.
    """
    builder = Builder(kinds)
    conditions = [rule.condition for rule in rules if rule.condition is not None]
    lowering = Lowering(builder, conditions, helpers.functions)
    body = [nodes.assign([_HITS], ast.List(elts=[], ctx=ast.Load()))]
    kept: frozenset[str] = frozenset()
    for rule in rules:
        if rule.condition is None:
            body += _fire(rule)
        else:
            piece = lowering.closed(rule.condition)
            kept |= piece.kept
            body.append(_attempt(rule, piece.node, builder))
    body.append(ast.Return(value=nodes.name(_HITS)))
    return builder.function(body, kept)


def _attempt(rule: LoweredRule, condition: ast.expr, builder: Builder) -> ast.stmt:
    """Fire if the condition holds; note it if the condition fails. `try` itself takes no time."""
    reason = nodes.attribute(nodes.name(_ERROR), "reason")
    failed = nodes.call(builder.outside(Failed), nodes.constant(rule.index), reason)
    handler = ast.ExceptHandler(
        type=builder.outside(EvaluationError), name=_ERROR, body=[_note(failed)]
    )
    test = ast.If(test=condition, body=_fire(rule), orelse=[])
    return ast.Try(body=[test], handlers=[handler], orelse=[], finalbody=[])


def _fire(rule: LoweredRule) -> list[ast.stmt]:
    fire = [_note(nodes.constant(rule.index))]
    return [*fire, ast.Return(value=nodes.name(_HITS))] if rule.stop else fire


def _note(hit: ast.expr) -> ast.stmt:
    append: Any = nodes.attribute(nodes.name(_HITS), "append")
    return ast.Expr(value=nodes.call(append, hit))
