"""Which parts of expressions are the same, how often each occurs, and what it costs.

Expressions are numbered from the leaves up: a part is known by its class, what it says, and the
numbers of its operands. So equal parts have equal numbers, and nothing is ever compared twice.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Hashable, Iterator, Mapping
from functools import singledispatch

from ...language import ir
from ...language.walk import children
from ..functions import Function

DEEPEST = 256
"""Expressions may be nested this deep. The checker allows half of it."""

_NO_PART = frozenset({"span", "type"})
_STATE = 10
_SEARCH = 40
_CALENDAR = 20


class TooDeepError(ValueError):
    """An expression is nested deeper than `DEEPEST`; a checked one never is."""


def depth(expr: ir.Expr) -> int:
    """How deep an expression is nested; `a + b + c + …` is one level, however long."""
    deepest, waiting = 0, [(expr, 1)]
    while waiting:
        here, level = waiting.pop()
        deepest = max(deepest, level)
        for index, child in enumerate(children(here)):
            is_chained = index == 0 and isinstance(here, ir.Call) and isinstance(child, ir.Call)
            waiting.append((child, level if is_chained else level + 1))
    return deepest


def from_the_leaves(expr: ir.Expr) -> Iterator[ir.Expr]:
    """The parts of an expression, each after its operands, without recursion."""
    waiting = [(expr, False)]
    while waiting:
        here, is_ready = waiting.pop()
        if is_ready:
            yield here
        else:
            waiting.append((here, True))
            waiting.extend((child, False) for child in reversed(list(children(here))))


class Numbering:
    """The numbers of all parts of some expressions, with their uses and costs by number.

    The expressions have to be kept while the numbering is in use.

    Raises:
        TooDeepError: One of them is nested too deep.
    """

    def __init__(self, exprs: list[ir.Expr], functions: Mapping[str, Function]) -> None:
        self._functions = functions
        self._numbers: dict[Hashable, int] = {}
        self._by_identity: dict[int, int] = {}
        self.parts: list[ir.Expr] = []
        self.uses: list[int] = []
        self.costs: list[int] = []
        for expr in exprs:
            if depth(expr) > DEEPEST:
                raise TooDeepError(f"an expression is nested deeper than {DEEPEST} levels")
            for part in from_the_leaves(expr):
                self._add(part)

    def of(self, expr: ir.Expr) -> int:
        """The number of a part."""
        return self._by_identity[id(expr)]

    def _add(self, part: ir.Expr) -> None:
        number = self._numbers.setdefault(self._key(part), len(self.parts))
        if number == len(self.parts):
            self.parts.append(part)
            self.uses.append(0)
            self.costs.append(self._cost(part))
        self.uses[number] += 1
        self._by_identity[id(part)] = number

    def _key(self, part: ir.Expr) -> Hashable:
        if isinstance(part, ir.Constant):  # `true`, 1 and 100% are equal in Python
            return (ir.Constant, part.type, part.value)
        said = (
            self._said(getattr(part, item.name))
            for item in dataclasses.fields(part)
            if item.name not in _NO_PART
        )
        return (type(part), *said)

    def _said(self, value: object) -> Hashable:
        if isinstance(value, ir.Expr):
            return self.of(value)
        if isinstance(value, tuple):
            return tuple(map(self._said, value))
        if isinstance(value, Mapping):
            return id(value)
        assert isinstance(value, Hashable)  # noqa: S101  # nodes hold nodes and plain values
        return value

    def _cost(self, part: ir.Expr) -> int:
        """What a part costs, in comparisons of whole numbers; `sum` because all may be read."""
        own = self._functions[part.overload].cost if isinstance(part, ir.Call) else own_cost(part)
        return own + sum(self.costs[self.of(child)] for child in children(part))


@singledispatch
def own_cost(_part: ir.Expr) -> int:
    """What a part costs beyond its operands."""
    return 1


@own_cost.register
def _(
    _part: ir.MeasureValue | ir.Points | ir.InForce | ir.Since | ir.Parameter | ir.Declared,
) -> int:
    return _STATE


@own_cost.register
def _(_part: ir.Matches | ir.OneSentence | ir.Rollup) -> int:
    return _SEARCH


@own_cost.register
def _(part: ir.WordTest) -> int:
    return 2 * min(len(part.words), _STATE)


@own_cost.register
def _(part: ir.Within) -> int:
    return 2 if isinstance(part.length, int) else _CALENDAR


@own_cost.register
def _(_part: ir.During | ir.FirstAfter) -> int:
    return _CALENDAR
