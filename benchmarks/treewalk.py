"""The baseline: checked expressions evaluated by walking their trees, node by node, at every call.

It computes the same answers as the generated functions, with the same functions for texts and
numbers, so that the ratio shows what generating code is worth.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from revlex.engine.language import ir
from revlex.engine.runtime.entities import KEY
from revlex.engine.runtime.errors import EvaluationError
from revlex.engine.runtime.event_types import attribute
from revlex.engine.runtime.functions import FUNCTIONS, within
from revlex.engine.runtime.lower import Failed, Helpers, LoweredRule
from revlex.engine.runtime.texts import fold, matcher, matches

Scope = tuple[dict[str, Any], int, Any]
"""Entities by kind, now, and the context of compiled rules."""


def walk(expr: Any, scope: Scope) -> Any:
    """The value of an expression."""
    return _WALK[type(expr)](expr, scope)


def _member(expr: Any, scope: Scope) -> bool:
    return walk(expr.item, scope) in expr.values


def _chain(expr: Any, scope: Scope) -> bool:
    values = [walk(operand, scope) for operand in expr.operands]
    pairs = zip(expr.overloads, values, values[1:], strict=False)
    return all(FUNCTIONS[overload].call(left, right) for overload, left, right in pairs)


def _call(expr: Any, scope: Scope) -> Any:
    function = FUNCTIONS[expr.overload]
    values = [walk(argument, scope) for argument in expr.arguments]
    if function.folded:
        values = [fold(value) if isinstance(value, str) else value for value in values]
    return function.call(*values)


def _within(expr: Any, scope: Scope) -> bool:
    value, anchor = walk(expr.value, scope), walk(expr.anchor, scope)
    if isinstance(expr.length, int):
        return bool(anchor <= value <= anchor + expr.length)
    return within(scope[2].calendar, value, expr.length, anchor)


def _coalesce(expr: Any, scope: Scope) -> Any:
    values = (walk(operand, scope) for operand in expr.operands)
    return next((value for value in values if value is not None), None)


def _word_test(expr: Any, scope: Scope) -> bool:
    found = matcher(expr.words).find(fold(walk(expr.text, scope)))
    return len(found) == len(expr.words) if expr.all else bool(found)


_WALK: dict[type[ir.Expr], Callable[[Any, Scope], Any]] = {
    ir.Constant: lambda e, _: e.value,
    ir.Field: lambda e, s: getattr(s[0][e.entity], attribute(e.name)),
    ir.Known: lambda e, s: bool(getattr(s[0][e.entity], KEY)),
    ir.Now: lambda _, s: s[1],
    ir.Parameter: lambda e, s: s[2].parameter(e.name),
    ir.MeasureValue: lambda e, s: s[2].measure(e.measure),
    ir.Points: lambda e, s: s[2].points(e.ladder),
    ir.InForce: lambda e, s: s[2].in_force(e.action),
    ir.Since: lambda e, s: s[2].since(e.action),
    ir.Call: _call,
    ir.Not: lambda e, s: not walk(e.operand, s),
    ir.And: lambda e, s: all(walk(operand, s) for operand in e.operands),
    ir.Or: lambda e, s: any(walk(operand, s) for operand in e.operands),
    ir.Chain: _chain,
    ir.If: lambda e, s: walk(e.then if walk(e.condition, s) else e.otherwise, s),
    ir.Has: lambda e, s: walk(e.operand, s) is not None,
    ir.Coalesce: _coalesce,
    ir.Member: _member,
    ir.WordTest: _word_test,
    ir.Matches: lambda e, s: matches(e.pattern, walk(e.text, s)),
    ir.Within: _within,
    ir.Lookup: lambda e, s: e.rows.get(walk(e.key, s), e.default),
}


def walk_function(expr: ir.Expr, kinds: tuple[str, ...], helpers: Helpers) -> Callable[..., Any]:
    """A function like `lower_function` gives, that walks the tree at every call."""
    del helpers

    def function(*arguments: Any) -> Any:
        *entities, now, context = arguments
        return walk(expr, (dict(zip(kinds, entities, strict=True)), now, context))

    return function


def walk_rules(
    rules: Sequence[LoweredRule], kinds: tuple[str, ...], helpers: Helpers
) -> Callable[..., list[int | Failed]]:
    """A function like `lower_rules` gives, that walks the trees of all rules at every call."""
    del helpers

    def judge(*arguments: Any) -> list[int | Failed]:
        *entities, now, context = arguments
        scope = (dict(zip(kinds, entities, strict=True)), now, context)
        hits: list[int | Failed] = []
        for rule in rules:
            try:
                if rule.condition is None or walk(rule.condition, scope):
                    hits.append(rule.index)
                    if rule.stop:
                        break
            except EvaluationError as error:
                hits.append(Failed(rule.index, error.reason))
        return hits

    return judge
