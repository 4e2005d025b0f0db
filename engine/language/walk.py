"""Walking checked expressions without knowing their kinds."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Iterator
from typing import Any

from .ir import Expr, Rollup, RollupPlan


def children(expr: Expr) -> Iterator[Expr]:
    """The direct operands of an expression, in the author's order."""
    for item in dataclasses.fields(expr):
        value = getattr(expr, item.name)
        if isinstance(value, Expr):
            yield value
        elif isinstance(value, tuple):
            yield from (part for part in value if isinstance(part, Expr))


def subexpressions(expr: Expr) -> Iterator[Expr]:
    """The expression and everything below it, without recursion."""
    waiting = [expr]
    while waiting:
        here = waiting.pop()
        yield here
        waiting.extend(reversed(list(children(here))))


def rollup_plans(expr: Expr) -> Iterator[RollupPlan]:
    """The plans of the roll-ups in an expression and, after each, of those within it."""
    waiting = [expr]
    while waiting:
        for part in subexpressions(waiting.pop()):
            if isinstance(part, Rollup):
                yield part.plan
                waiting.extend(part.plan.parts)


def transform(expr: Expr, change: Callable[[Expr], Expr | None]) -> Expr:
    """A new tree in which what `change` gives something for is replaced by it, outermost first.

    The depth of a checked expression is bounded, so that recursion is safe.
    """
    changed = change(expr)
    if changed is not None:
        return changed
    values: dict[str, Any] = {}
    for item in dataclasses.fields(expr):
        value = getattr(expr, item.name)
        if isinstance(value, Expr):
            values[item.name] = transform(value, change)
        elif isinstance(value, tuple) and any(isinstance(part, Expr) for part in value):
            values[item.name] = tuple(
                transform(part, change) if isinstance(part, Expr) else part for part in value
            )
    return dataclasses.replace(expr, **values) if values else expr
