"""Checked expressions to Python, one short function for each kind of node."""

from __future__ import annotations

import ast
from collections.abc import Callable, Mapping
from functools import singledispatch
from typing import Final

from ...language import ir
from ...language.patterns import compile_pattern
from ...language.types import LARGEST_INTEGER
from ..entities import KEY, link_attribute
from ..event_types import attribute
from ..functions import SMALLEST_INTEGER, Function, overflow, within
from ..texts import fold, sentence_matcher
from ..week import during, first_after
from . import nodes
from .numbering import Numbering
from .pieces import CONTEXT, NOW, Builder, Piece
from .searching import Searches

_WORTH_KEEPING: Final = 6
"""What costs this much and occurs more than once is computed once."""

_COMPARISONS: Final[Mapping[str, ast.cmpop]] = {
    "==": ast.Eq(),
    "!=": ast.NotEq(),
    "<": ast.Lt(),
    "<=": ast.LtE(),
    ">": ast.Gt(),
    ">=": ast.GtE(),
}
_ARITHMETIC: Final[Mapping[str, ast.operator]] = {
    "+": ast.Add(),
    "-": ast.Sub(),
    "*": ast.Mult(),
}


class Lowering:
    """Turns some expressions, over the same entities, into pieces of one function."""

    def __init__(
        self, builder: Builder, exprs: list[ir.Expr], functions: Mapping[str, Function]
    ) -> None:
        """Take over expressions that will share what they have in common.

        Raises:
            TooDeepError: One of them is nested too deep.
        """
        self.builder = builder
        self.functions = functions
        self._numbering = Numbering(exprs, functions)
        self._searches = Searches(builder, self._numbering)
        self._pieces: list[Piece] = []
        for number, part in enumerate(self._numbering.parts):  # operands come first
            self._pieces.append(self._made(part, number))

    def open(self, part: ir.Expr) -> Piece:
        """The piece of a part, which may have something to compute first."""
        return self._pieces[self._numbering.of(part)]

    def closed(self, part: ir.Expr) -> Piece:
        """The piece of a part."""
        return self.builder.closed(self.open(part))

    def folded(self, text: ir.Expr) -> Piece:
        """The piece of a text in its folded form."""
        if isinstance(text, ir.Constant):
            return Piece(nodes.constant(fold(str(text.value))))
        return self._searches.folded(self._numbering.of(text), self.closed(text))

    def word_test(self, part: ir.WordTest) -> Piece:
        """The piece of a search for words."""
        return self._searches.test(part, self._numbering.of(part.text), self.folded(part.text))

    def value(self, value: ir.Value) -> ast.expr:
        """A value that is known now."""
        if value is None or isinstance(value, bool | int | str):
            return nodes.constant(value)
        return self.builder.outside(value)

    def _made(self, part: ir.Expr, number: int) -> Piece:
        piece = lower(part, self)
        is_worth = self._numbering.costs[number] >= _WORTH_KEEPING
        if is_worth and self._numbering.uses[number] > 1:
            return self.builder.lazy(self.builder.closed(piece))
        return piece


@singledispatch
def lower(part: ir.Expr, _to: Lowering) -> Piece:
    """The Python for a part whose operands have theirs."""
    raise NotImplementedError(type(part).__name__)


@lower.register
def _(part: ir.Constant, to: Lowering) -> Piece:
    return Piece(to.value(part.value))


@lower.register
def _(part: ir.Field, _to: Lowering) -> Piece:
    return Piece(nodes.attribute(nodes.name(attribute(part.entity)), attribute(part.name)))


@lower.register
def _(part: ir.Was, _to: Lowering) -> Piece:
    """`None if _context.past is None else _context.past.field`."""
    past = nodes.attribute(nodes.name(CONTEXT), "past")
    is_new = nodes.compare(past, ast.Is(), nodes.constant(None))
    was = nodes.attribute(past, attribute(part.name))
    return Piece(nodes.choose(is_new, nodes.constant(None), was), depth=3)


@lower.register
def _(part: ir.Known, _to: Lowering) -> Piece:
    key = nodes.attribute(nodes.name(attribute(part.entity)), KEY)
    return Piece(nodes.compare(key, ast.NotEq(), nodes.constant("")))


@lower.register
def _(_part: ir.Now, _to: Lowering) -> Piece:
    return Piece(nodes.name(NOW))


@lower.register
def _(part: ir.Parameter, _to: Lowering) -> Piece:
    return _asked("parameter", part.name)


@lower.register
def _(part: ir.MeasureValue, _to: Lowering) -> Piece:
    return _asked("measure", part.measure)


@lower.register
def _(part: ir.Points, _to: Lowering) -> Piece:
    return _asked("points", part.ladder)


@lower.register
def _(part: ir.InForce | ir.Since, _to: Lowering) -> Piece:
    question = "in_force" if isinstance(part, ir.InForce) else "since"
    if part.target is None:
        return _asked(question, part.action)
    ask = nodes.attribute(nodes.name(CONTEXT), f"{question}_on")
    of, at = (
        (part.target, KEY) if part.holder is None else (part.holder, link_attribute(part.target))
    )
    key = nodes.attribute(nodes.name(attribute(of)), at)
    return Piece(nodes.call(ask, nodes.constant(part.action), key), depth=2)


def _asked(question: str, about: str) -> Piece:
    """A question to the context."""
    ask = nodes.attribute(nodes.name(CONTEXT), question)
    return Piece(nodes.call(ask, nodes.constant(about)), depth=2)


@lower.register
def _(part: ir.Rollup, to: Lowering) -> Piece:
    """A question to the context, about the key of the owner."""
    own = part.holder == part.plan.owner
    key = nodes.attribute(
        nodes.name(attribute(part.holder)), KEY if own else link_attribute(part.plan.owner)
    )
    ask = nodes.attribute(nodes.name(CONTEXT), "rollup")
    return Piece(nodes.call(ask, to.builder.outside(part.plan), key, nodes.name(NOW)), depth=2)


@lower.register
def _(part: ir.Not, to: Lowering) -> Piece:
    operand = to.closed(part.operand)
    return to.builder.piece(nodes.negation(operand.node), operand)


@lower.register
def _(part: ir.And, to: Lowering) -> Piece:
    operands = [to.closed(operand) for operand in part.operands]
    return to.builder.piece(nodes.both(*(operand.node for operand in operands)), *operands)


@lower.register
def _(part: ir.Or, to: Lowering) -> Piece:
    operands = [to.closed(operand) for operand in part.operands]
    return to.builder.piece(nodes.either(*(operand.node for operand in operands)), *operands)


@lower.register
def _(part: ir.If, to: Lowering) -> Piece:
    condition, then, otherwise = map(to.closed, (part.condition, part.then, part.otherwise))
    node = nodes.choose(condition.node, then.node, otherwise.node)
    return to.builder.piece(node, condition, then, otherwise)


@lower.register
def _(part: ir.Has, to: Lowering) -> Piece:
    operand = to.closed(part.operand)
    return to.builder.piece(_is_there(operand.node), operand)


@lower.register
def _(part: ir.Coalesce, to: Lowering) -> Piece:
    """`x if (x := a) is not None or (x := b) is not None else c`: flat, however many there are."""
    *maybe, otherwise = [to.closed(operand) for operand in part.operands]
    found = to.builder.local()
    tests = [_is_there(nodes.keep(found, operand.node)) for operand in maybe]
    test = tests[0] if len(tests) == 1 else nodes.either(*tests)
    node = nodes.choose(test, nodes.name(found), otherwise.node)
    return to.builder.piece(node, *maybe, otherwise)


def _is_there(node: ast.expr) -> ast.expr:
    if isinstance(node, ast.Constant):  # of which Python would warn
        return nodes.constant(node.value is not None)
    return nodes.compare(node, ast.IsNot(), nodes.constant(None))


@lower.register
def _(part: ir.Member, to: Lowering) -> Piece:
    item = to.closed(part.item)
    values = to.builder.outside(frozenset(part.values))
    return to.builder.piece(nodes.compare(item.node, ast.In(), values), item)


@lower.register
def _(part: ir.Chain, to: Lowering) -> Piece:
    """Python's own chains read each operand once, and stop at the first pair that fails."""
    first, *others = [to.closed(operand) for operand in part.operands]
    signs = [to.functions[overload].infix or "" for overload in part.overloads]
    node = ast.Compare(
        left=first.node,
        ops=[_COMPARISONS[sign] for sign in signs],
        comparators=[other.node for other in others],
    )
    return to.builder.piece(node, first, *others)


@lower.register
def _(part: ir.Call, to: Lowering) -> Piece:
    function = to.functions[part.overload]
    if len(part.arguments) == 2 and not function.folded:  # noqa: PLR2004 - left and right
        left, right = part.arguments
        return to.builder.infix(_operation(function, to.builder), to.open(left), to.closed(right))
    give = to.folded if function.folded else to.closed
    arguments = [give(argument) for argument in part.arguments]
    called = to.builder.outside(function.call)
    node = nodes.call(called, *(argument.node for argument in arguments))
    return to.builder.piece(node, *arguments)


def _operation(function: Function, builder: Builder) -> Callable[[ast.expr, ast.expr], ast.expr]:
    """What is done with two operands: by Python itself where it can, else by a call."""
    infix = function.infix or ""
    if infix in _COMPARISONS:
        comparison = _COMPARISONS[infix]
        return lambda left, right: nodes.compare(left, comparison, right)
    if infix in _ARITHMETIC:
        operator = _ARITHMETIC[infix]
        return lambda left, right: _bounded(ast.BinOp(left=left, op=operator, right=right), builder)
    called = builder.outside(function.call)
    return lambda left, right: nodes.call(called, left, right)


def _bounded(node: ast.expr, builder: Builder) -> ast.expr:
    """A whole number, if it fits: `x if lowest <= (x := node) <= largest else overflow()`."""
    result = builder.local()
    fits = ast.Compare(
        left=nodes.constant(SMALLEST_INTEGER),
        ops=[ast.LtE(), ast.LtE()],
        comparators=[nodes.keep(result, node), nodes.constant(LARGEST_INTEGER)],
    )
    return nodes.choose(fits, nodes.name(result), nodes.call(builder.outside(overflow)))


@lower.register
def _(part: ir.WordTest, to: Lowering) -> Piece:
    return to.word_test(part)


@lower.register
def _(part: ir.HowMany, to: Lowering) -> Piece:
    """`sum((a, b, c))`: conditions come out as `True` and `False`, which add up."""
    operands = [to.closed(operand) for operand in part.operands]
    each = ast.Tuple(elts=[operand.node for operand in operands], ctx=ast.Load())
    return to.builder.piece(nodes.call(to.builder.outside(sum), each), *operands)


@lower.register
def _(part: ir.OneSentence, to: Lowering) -> Piece:
    text = to.closed(part.text)
    holds = to.builder.outside(sentence_matcher(part.groups).holds)
    return to.builder.piece(nodes.call(holds, text.node), text)


@lower.register
def _(part: ir.Matches, to: Lowering) -> Piece:
    text = to.closed(part.text)
    search = to.builder.outside(compile_pattern(part.pattern).search)
    return to.builder.piece(_is_there(nodes.call(search, text.node)), text)


@lower.register
def _(part: ir.Within, to: Lowering) -> Piece:
    value, anchor = to.closed(part.value), to.closed(part.anchor)
    if isinstance(part.length, int):
        node: ast.expr = ast.Compare(
            left=nodes.constant(0),
            ops=[ast.LtE(), ast.LtE()],
            comparators=[
                ast.BinOp(left=value.node, op=ast.Sub(), right=anchor.node),
                nodes.constant(part.length),
            ],
        )
    else:
        calendar = nodes.attribute(nodes.name(CONTEXT), "calendar")
        length = to.builder.outside(part.length)
        node = nodes.call(to.builder.outside(within), calendar, value.node, length, anchor.node)
    return to.builder.piece(node, value, anchor)


@lower.register
def _(part: ir.During, to: Lowering) -> Piece:
    value = to.closed(part.value)
    calendar = nodes.attribute(nodes.name(CONTEXT), "calendar")
    days = to.builder.outside(frozenset(part.days))
    hours = (nodes.constant(part.start), nodes.constant(part.end))
    node = nodes.call(to.builder.outside(during), calendar, value.node, days, *hours)
    return to.builder.piece(node, value)


@lower.register
def _(part: ir.FirstAfter, to: Lowering) -> Piece:
    anchor = to.closed(part.anchor)
    calendar = nodes.attribute(nodes.name(CONTEXT), "calendar")
    day = to.builder.outside(part.day)
    first = to.builder.outside(first_after)
    node = nodes.call(first, calendar, anchor.node, day, nodes.constant(part.minute))
    return to.builder.piece(node, anchor)


@lower.register
def _(part: ir.Declared, to: Lowering) -> Piece:
    value = to.closed(part.value)
    ask = nodes.attribute(nodes.name(CONTEXT), "declared")
    kinds = to.builder.outside(part.kinds)
    return to.builder.piece(nodes.call(ask, value.node, kinds), value)


@lower.register
def _(part: ir.Lookup, to: Lowering) -> Piece:
    key = to.closed(part.key)
    read = to.builder.outside(dict(part.rows).get)
    return to.builder.piece(nodes.call(read, key.node, to.value(part.default)), key)
