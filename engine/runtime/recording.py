"""Conditions evaluated once more with everything written down.

The functions are those of compiled rules, and so are the order of evaluation and where it stops; a
test compares the two. A part without operands gives its step at once. Any other is a generator that
hands out its operands and gets them back computed, so that no nesting is too deep for the stack.
"""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import singledispatch
from typing import Any

from ..language import ir
from .entities import KEY, link_attribute
from .errors import EvaluationError
from .event_types import attribute
from .functions import FUNCTIONS, Function, within
from .texts import fold, matcher, matches, sentence_matcher
from .week import during, first_after
from .words import Found


@dataclass(frozen=True, slots=True)
class Step:
    """A part of an expression and what it came to; its `children` in the author's order.

    `found` are the words that a search found, `text` what it searched, which begins at `offset` of
    the whole text; `row` is what a lookup read, `counted` the keys of what a roll-up is made of.
    """

    expr: ir.Expr
    value: ir.Value = None
    evaluated: bool = True
    error: str | None = None
    children: tuple[Step, ...] = ()
    found: tuple[Found, ...] = ()
    text: str | None = None
    offset: int = 0
    row: ir.Value = None
    counted: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Scope:
    """What expressions are read in: entities by kind, now, and the context of compiled rules."""

    entities: Mapping[str, Any]
    now: int
    context: Any
    functions: Mapping[str, Function] = field(default_factory=lambda: FUNCTIONS)


_Steps = Generator[ir.Expr, Any, Step]
"""Gives operands, gets their steps."""


def evaluate(expr: ir.Expr, scope: Scope) -> Step:
    """Everything that happens when an expression is evaluated; a failure is an answer too."""
    waiting: list[_Steps] = []
    begun = _begin(expr, scope)
    while waiting or not isinstance(begun, Step):
        done: Step | None = None
        if isinstance(begun, Step):
            done = begun
        else:
            waiting.append(begun)
        try:
            operand = waiting[-1].send(done)
        except StopIteration as finished:
            waiting.pop()
            begun = finished.value
        else:
            begun = _begin(operand, scope)
    return begun


# --------------------------------------------------------------- what every node does


def _skipped(exprs: Iterable[ir.Expr]) -> tuple[Step, ...]:
    """Operands that were not evaluated."""
    return tuple(Step(expr, evaluated=False) for expr in exprs)


def _failed(expr: ir.Expr, done: Sequence[Step], left: Iterable[ir.Expr] = ()) -> Step:
    """A part whose last operand failed."""
    return Step(expr, error=done[-1].error, children=(*done, *_skipped(left)))


def _computed(expr: ir.Expr, done: Sequence[Step], compute: Callable[[], ir.Value]) -> Step:
    """A part whose operands are there and which may fail by itself."""
    try:
        return Step(expr, compute(), children=tuple(done))
    except EvaluationError as error:
        return Step(expr, error=error.reason, children=tuple(done))


def _all(exprs: Sequence[ir.Expr]) -> Generator[ir.Expr, Step, tuple[list[Step], bool]]:
    """All operands in turn, up to the first that fails; and whether none did."""
    done: list[Step] = []
    for expr in exprs:
        done.append((yield expr))
        if done[-1].error is not None:
            return done, False
    return done, True


def _strict(expr: ir.Expr, operands: Sequence[ir.Expr], compute: Callable[..., ir.Value]) -> _Steps:
    """A part that needs all of its operands."""
    done, is_good = yield from _all(operands)
    if not is_good:
        return _failed(expr, done, operands[len(done) :])
    return _computed(expr, done, lambda: compute(*(step.value for step in done)))


# ------------------------------------------------------------------ what each node does


@singledispatch
def _begin(expr: ir.Expr, _scope: Scope) -> Step | _Steps:
    raise NotImplementedError(type(expr).__name__)


@_begin.register
def _(expr: ir.Constant, _scope: Scope) -> Step:
    return _computed(expr, (), lambda: expr.value)


@_begin.register
def _(expr: ir.Field, scope: Scope) -> Step:
    return _computed(expr, (), lambda: getattr(scope.entities[expr.entity], attribute(expr.name)))


@_begin.register
def _(expr: ir.Was, scope: Scope) -> Step:
    past = scope.context.past
    return Step(expr, None if past is None else getattr(past, attribute(expr.name)))


@_begin.register
def _(expr: ir.Known, scope: Scope) -> Step:
    return _computed(expr, (), lambda: getattr(scope.entities[expr.entity], KEY) != "")


@_begin.register
def _(expr: ir.Now, scope: Scope) -> Step:
    return _computed(expr, (), lambda: scope.now)


@_begin.register
def _(expr: ir.Parameter, scope: Scope) -> Step:
    return _computed(expr, (), lambda: scope.context.parameter(expr.name))


@_begin.register
def _(expr: ir.MeasureValue, scope: Scope) -> Step:
    return _computed(expr, (), lambda: scope.context.measure(expr.measure))


@_begin.register
def _(expr: ir.Points, scope: Scope) -> Step:
    return _computed(expr, (), lambda: scope.context.points(expr.ladder))


@_begin.register
def _(expr: ir.InForce, scope: Scope) -> Step:
    if expr.target is None:
        return _computed(expr, (), lambda: scope.context.in_force(expr.action))
    key = _target_key(expr, scope)
    return _computed(expr, (), lambda: scope.context.in_force_on(expr.action, key))


@_begin.register
def _(expr: ir.Since, scope: Scope) -> Step:
    if expr.target is None:
        return _computed(expr, (), lambda: scope.context.since(expr.action))
    key = _target_key(expr, scope)
    return _computed(expr, (), lambda: scope.context.since_on(expr.action, key))


def _target_key(expr: ir.InForce | ir.Since, scope: Scope) -> str | None:
    """The key of what an action is asked about, where it falls on something of the shop."""
    if expr.holder is None:
        key: str | None = getattr(scope.entities[expr.target or ""], KEY)
    else:
        key = getattr(scope.entities[expr.holder], link_attribute(expr.target or ""))
    return key


@_begin.register
def _(expr: ir.Rollup, scope: Scope) -> Step:
    own = expr.holder == expr.plan.owner
    name = KEY if own else link_attribute(expr.plan.owner)
    key = getattr(scope.entities[expr.holder], name)
    try:
        value = scope.context.rollup(expr.plan, key, scope.now)
        counted = scope.context.counted(expr.plan, key, scope.now)
    except EvaluationError as error:
        return Step(expr, error=error.reason)
    return Step(expr, value, counted=counted)


@_begin.register
def _(expr: ir.Not, _scope: Scope) -> _Steps:
    return _strict(expr, (expr.operand,), lambda value: not value)


@_begin.register
def _(expr: ir.And, _scope: Scope) -> _Steps:
    return _until(expr, expr.operands, stop=False)


@_begin.register
def _(expr: ir.Or, _scope: Scope) -> _Steps:
    return _until(expr, expr.operands, stop=True)


def _until(expr: ir.Expr, operands: Sequence[ir.Expr], *, stop: bool) -> _Steps:
    """Operands in turn up to the first that comes to `stop`, which is then the answer."""
    done: list[Step] = []
    for operand in operands:
        done.append((yield operand))
        if done[-1].error is not None or done[-1].value is stop:
            break
    left = operands[len(done) :]
    if done[-1].error is not None:
        return _failed(expr, done, left)
    return Step(expr, done[-1].value, children=(*done, *_skipped(left)))


@_begin.register
def _(expr: ir.If, _scope: Scope) -> _Steps:
    condition = yield expr.condition
    if condition.error is not None:
        return _failed(expr, [condition], (expr.then, expr.otherwise))
    chosen = yield expr.then if condition.value else expr.otherwise
    (other,) = _skipped((expr.otherwise if condition.value else expr.then,))
    branches = (chosen, other) if condition.value else (other, chosen)
    return Step(expr, chosen.value, error=chosen.error, children=(condition, *branches))


@_begin.register
def _(expr: ir.Has, _scope: Scope) -> _Steps:
    return _strict(expr, (expr.operand,), lambda value: value is not None)


@_begin.register
def _(expr: ir.Coalesce, _scope: Scope) -> _Steps:
    done: list[Step] = []
    for operand in expr.operands:
        done.append((yield operand))
        if done[-1].error is not None or done[-1].value is not None:
            break
    left = _skipped(expr.operands[len(done) :])
    return Step(expr, done[-1].value, error=done[-1].error, children=(*done, *left))


@_begin.register
def _(expr: ir.Member, _scope: Scope) -> _Steps:
    return _strict(expr, (expr.item,), lambda item: item in expr.values)


@_begin.register
def _(expr: ir.Chain, scope: Scope) -> _Steps:
    done: list[Step] = []
    holds = True
    for operand in expr.operands:
        done.append((yield operand))
        if done[-1].error is not None:
            return _failed(expr, done, expr.operands[len(done) :])
        if len(done) > 1:
            compare = scope.functions[expr.overloads[len(done) - 2]].call
            holds = compare(done[-2].value, done[-1].value)
        if not holds:
            break
    return Step(expr, holds, children=(*done, *_skipped(expr.operands[len(done) :])))


@_begin.register
def _(expr: ir.Call, scope: Scope) -> _Steps:
    function = scope.functions[expr.overload]
    if not function.folded:
        return _strict(expr, expr.arguments, function.call)
    return _strict(expr, expr.arguments, lambda *texts: function.call(*map(fold, texts)))


@_begin.register
def _(expr: ir.WordTest, _scope: Scope) -> _Steps:
    text = yield expr.text
    if text.error is not None:
        return _failed(expr, [text])
    searched = str(text.value)
    found = matcher(expr.words).places(fold(searched))
    holds = len(found) == len(expr.words) if expr.all else bool(found)
    return Step(expr, holds, children=(text,), found=found, text=searched)


@_begin.register
def _(expr: ir.HowMany, _scope: Scope) -> _Steps:
    return _strict(expr, expr.operands, lambda *values: sum(values))


@_begin.register
def _(expr: ir.OneSentence, _scope: Scope) -> _Steps:
    text = yield expr.text
    if text.error is not None:
        return _failed(expr, [text])
    together = sentence_matcher(expr.groups).find(str(text.value))
    if together is None:
        return Step(expr, value=False, children=(text,))
    start = together.start
    sentence = str(text.value)[start : together.end]
    return Step(
        expr, value=True, children=(text,), found=together.found, text=sentence, offset=start
    )


@_begin.register
def _(expr: ir.Matches, _scope: Scope) -> _Steps:
    return _strict(expr, (expr.text,), lambda text: matches(expr.pattern, text))


@_begin.register
def _(expr: ir.Within, scope: Scope) -> _Steps:
    length = expr.length
    if isinstance(length, int):
        return _strict(
            expr, (expr.value, expr.anchor), lambda value, anchor: 0 <= value - anchor <= length
        )
    return _strict(
        expr,
        (expr.value, expr.anchor),
        lambda value, anchor: within(scope.context.calendar, value, length, anchor),
    )


@_begin.register
def _(expr: ir.During, scope: Scope) -> _Steps:
    days, calendar = frozenset(expr.days), scope.context.calendar
    return _strict(
        expr, (expr.value,), lambda value: during(calendar, value, days, expr.start, expr.end)
    )


@_begin.register
def _(expr: ir.FirstAfter, scope: Scope) -> _Steps:
    calendar = scope.context.calendar
    return _strict(
        expr, (expr.anchor,), lambda anchor: first_after(calendar, anchor, expr.day, expr.minute)
    )


@_begin.register
def _(expr: ir.Declared, scope: Scope) -> _Steps:
    return _strict(expr, (expr.value,), lambda value: scope.context.declared(value, expr.kinds))


@_begin.register
def _(expr: ir.Lookup, _scope: Scope) -> _Steps:
    key = yield expr.key
    if key.error is not None:
        return _failed(expr, [key])
    is_listed = key.value in expr.rows
    value = expr.rows[key.value] if is_listed else expr.default
    return Step(expr, value, children=(key,), row=key.value if is_listed else None)
