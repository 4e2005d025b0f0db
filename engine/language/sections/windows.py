"""`over`: the window of a measure, or several among which a count chooses."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from .. import functions, ir
from ..diagnostics import Diagnostic
from ..messages import counting as messages
from ..messages import policy as policy_messages
from ..program import Stretch
from ..source import Span
from ..syntax import AggregateOperator, Node, WindowByVolume
from ..types import BOOLEAN
from ..walk import children, subexpressions
from .context import Context, Scope
from .rules import report_constant

MOST_WINDOWS = 4
"""A measure chooses among at most so many windows."""

NOT_COUNTED = (ir.Field, ir.Known, ir.Now, ir.Points, ir.InForce, ir.Since, ir.Declared)
"""What a measure cannot read outside its aggregates: it would change without anything counted."""

_COUNTING = frozenset(
    {AggregateOperator.COUNT, AggregateOperator.COUNT_DISTINCT, AggregateOperator.SUM}
)
"""What comes to something whether or not there is anything."""


@dataclass(frozen=True, slots=True)
class Choice:
    """A window, and the condition that counts over it, which has to hold for it to be chosen.

    The last window of a measure has no condition.
    """

    length: Stretch
    condition: ir.Expr | None
    span: Span


def build_windows(context: Context, tree: Node, per: str) -> tuple[Choice, ...]:
    """The windows of a measure of a kind of subject; nothing where one has a mistake."""
    written = list(_written(tree))
    if len(written) > MOST_WINDOWS:
        context.report.add(messages.too_many_windows(MOST_WINDOWS, tree.span))
        return ()
    found = [_choice(context, window, condition, per) for window, condition in written]
    choices = tuple(choice for choice in found if choice is not None)
    _check_difference(context, choices)
    return choices if len(choices) == len(found) else ()


def _written(tree: Node) -> Iterator[tuple[Node, Node | None]]:
    while isinstance(tree, WindowByVolume):
        yield tree.window, tree.condition
        tree = tree.otherwise
    yield tree, None


def _choice(context: Context, window: Node, condition: Node | None, per: str) -> Choice | None:
    length = context.stretch_of(window)
    checked = None if condition is None else _condition(context, condition, per)
    if length is None or (condition is not None and checked is None):
        return None
    return Choice(length, checked, window.span)


def _condition(context: Context, tree: Node, per: str) -> ir.Expr | None:
    """What has to hold over a window for it to be the one."""
    checked = context.check(tree, Scope(aggregates=True, rollups=True, per=per), BOOLEAN)
    if checked is None:
        return None
    mistakes = list(misplaced(context, checked, per)) or list(_not_told(checked))
    if mistakes:
        context.report.extend(mistakes)
        return None
    report_constant(context, checked)
    return checked


def _not_told(condition: ir.Expr) -> Iterator[Diagnostic]:
    """Why a condition cannot always tell which window it is."""
    parts = list(subexpressions(condition))
    for part in parts:
        if (isinstance(part, ir.Aggregate) and part.operator not in _COUNTING) or (
            isinstance(part, ir.Call) and functions.is_division(part)
        ):
            yield messages.cannot_choose(part.span)
    if not any(isinstance(part, ir.Aggregate | ir.MeasureValue) for part in parts):
        yield messages.cannot_choose(condition.span)


def _check_difference(context: Context, choices: tuple[Choice, ...]) -> None:
    for index, choice in enumerate(choices):
        if any(choice.length == other.length for other in choices[:index]):
            context.report.add(messages.same_window(choice.span))


# ------------------------------------------------------------------- what counts for whom


def misplaced(context: Context, value: ir.Expr, per: str) -> Iterator[Diagnostic]:
    """What a measure cannot read, or cannot count for its subjects."""
    for part in outside(value):
        if isinstance(part, NOT_COUNTED):
            yield policy_messages.not_counted(part.span)
    for part in subexpressions(value):
        if isinstance(part, ir.Aggregate) and per not in context.catalog.scope(part.entity):
            yield policy_messages.unknown_subject(part.entity, per, part.span)


def outside(value: ir.Expr) -> Iterator[ir.Expr]:
    """What stands in a value outside its aggregates."""
    waiting = [value]
    while waiting:
        here = waiting.pop()
        if not isinstance(here, ir.Aggregate):
            yield here
            waiting.extend(children(here))
