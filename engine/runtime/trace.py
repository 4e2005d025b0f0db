"""Explanations of conditions: evaluated once more, and told in the author's words.

What is shown is bounded, so that records stay small whatever a policy or an event looks like: see
the limits below. What the outcome rests on is shown before anything else.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Mapping, Sequence
from datetime import tzinfo
from functools import singledispatch
from typing import Any, Final

from ..language import ir
from ..language.functions import BY_ID
from ..language.source import Span
from ..language.types import Enumeration, ListOf, Optional, Type
from ..records.explanation import Explanation, Found, Place
from ..records.values import Shown, jsonable, show
from .recording import Scope, Step, evaluate
from .texts import fold_with_places

MOST_OPERANDS: Final = 12
"""A part shows at most so many operands: the first, the last, and those that decided."""

MOST_PARTS: Final = 400
"""An explanation shows at most so many parts; those nearer to its root come first."""

DEEPEST: Final = 32
"""An explanation shows at most so many levels."""

LONGEST: Final = 200
"""Longer texts, of policies and of events, are cut to so many characters."""

_FIRST, _LAST = 6, 2


def explain(expr: ir.Expr, entities: Mapping[str, Any], now: int, context: Any) -> Explanation:
    """Why a condition comes out as it does.

    Args:
        expr: The checked condition.
        entities: Those in scope, by kind.
        now: The time of the event, in microseconds.
        context: What compiled rules get, with its calendar.
    """
    root = evaluate(expr, Scope(entities, now, context))
    clock: tzinfo = context.calendar.clock
    shown = _selection(root)
    told: dict[int, Explanation] = {}
    for step in reversed(shown):  # children come after what they are part of
        told[id(step)] = _told(step, [told[id(c)] for c in step.children if id(c) in told], clock)
    return told[id(root)]


def matched_words(
    expr: ir.Expr, entities: Mapping[str, Any], now: int, context: Any
) -> tuple[str, ...]:
    """The words of the policy that a condition found, each once, as they are written there.

    What is found under a `not` is no reason for anything and left out.
    """
    found: dict[str, None] = {}
    waiting = [evaluate(expr, Scope(entities, now, context))]
    while waiting:
        step = waiting.pop()
        if isinstance(step.expr, ir.WordTest | ir.OneSentence):
            found.update(dict.fromkeys(step.expr.words[each.word] for each in step.found))
        if not isinstance(step.expr, ir.Not):
            waiting.extend(reversed(step.children))
    return tuple(found)


# ------------------------------------------------------------------- what is shown


def _selection(root: Step) -> list[Step]:
    """The steps that are shown, level by level."""
    shown, waiting = [root], deque([(root, 1)])
    while waiting:
        step, level = waiting.popleft()
        if level < DEEPEST:
            operands = _operands(step)[: MOST_PARTS - len(shown)]
            shown += operands
            waiting.extend((operand, level + 1) for operand in operands)
    return shown


def _operands(step: Step) -> Sequence[Step]:
    """The operands that are shown of a part."""
    operands = step.children
    if len(operands) <= MOST_OPERANDS:
        return operands
    end = len(operands)
    decided = [i for i, each in enumerate(operands) if each.error or _agrees(each, step)]
    chosen = [*range(_FIRST), *range(end - _LAST, end), *decided]
    return [operands[i] for i in sorted(list(dict.fromkeys(chosen))[:MOST_OPERANDS])]


def _agrees(operand: Step, step: Step) -> bool:
    """Whether an operand of a conjunction or disjunction came to what that came to."""
    return operand.evaluated and isinstance(step.value, bool) and operand.value is step.value


def _told(step: Step, children: Sequence[Explanation], clock: tzinfo) -> Explanation:
    expr = step.expr
    return Explanation(
        text=_cut(" ".join(expr.span.text.split())),
        place=_place(expr.span),
        operator=operator_of(expr),
        type=_type_name(expr.type),
        value=_short(jsonable(step.value, expr.type, clock)),
        evaluated=step.evaluated,
        error=step.error,
        row=_row(step, clock),
        found=_found(step),
        counted=tuple(map(_cut, step.counted[:MOST_OPERANDS])),
        counted_total=len(step.counted),
        omitted=len(step.children) - len(children),
        children=tuple(children),
    )


def _place(span: Span) -> Place:
    line, column = span.source.position(span.start)
    return Place(span.source.base_name, line, column)


def _type_name(of: Type) -> str:
    if isinstance(of, Optional | ListOf):
        return _type_name(of.item) if isinstance(of, Optional) else f"list of {_type_name(of.item)}"
    return "word" if isinstance(of, Enumeration) else of.name


def _cut(text: str) -> str:
    return text if len(text) <= LONGEST else f"{text[: LONGEST - 1]}…"


def _short(value: Shown) -> Shown:
    if isinstance(value, list):
        return [_short(item) for item in value[:MOST_OPERANDS]]
    return _cut(value) if isinstance(value, str) else value


def _row(step: Step, clock: tzinfo) -> str | None:
    """The row that a lookup read."""
    expr = step.expr
    if not isinstance(expr, ir.Lookup) or not step.evaluated or step.error is not None:
        return None
    return "else" if step.row is None else _cut(show(step.row, expr.key.type, clock))


def _found(step: Step) -> tuple[Found, ...]:
    """The words that a search found, with their places in the text as it is."""
    if (
        not isinstance(step.expr, ir.WordTest | ir.OneSentence)
        or not step.found
        or step.text is None
    ):
        return ()
    words, text = step.expr.words, step.text
    _, places = fold_with_places(text)
    found = []
    for each in step.found[:MOST_OPERANDS]:
        if not places:
            found.append(Found(words[each.word]))
            continue
        start, last = places[each.start], places[each.end - 1]
        end = next(place for place in places[each.end :] if place > last)
        end = start + len(text[start:end].rstrip())
        shown = _cut(text[start:end])
        found.append(Found(words[each.word], shown, start + step.offset, end + step.offset))
    return tuple(found)


# -------------------------------------------------------------- what parts are called


@singledispatch
def operator_of(expr: ir.Expr) -> str:
    """What a part of an expression is called in explanations."""
    return _NAMES[type(expr)]


@operator_of.register
def _(expr: ir.Call) -> str:
    return BY_ID[expr.overload].name


@operator_of.register
def _(expr: ir.Rollup) -> str:
    return expr.plan.operator.value


@operator_of.register
def _(expr: ir.Chain) -> str:
    return " ".join(BY_ID[overload].name for overload in expr.overloads[:MOST_OPERANDS])


@operator_of.register
def _(expr: ir.WordTest) -> str:
    if len(expr.words) == 1:
        return "contains"
    return "contains all of" if expr.all else "contains any of"


_NAMES: Final[Mapping[type[ir.Expr], str]] = {
    ir.Constant: "constant",
    ir.Field: "field",
    ir.Was: "was",
    ir.Known: "has",
    ir.Now: "now",
    ir.Parameter: "parameter",
    ir.Not: "not",
    ir.And: "and",
    ir.Or: "or",
    ir.If: "if",
    ir.Has: "has",
    ir.Coalesce: "??",
    ir.Member: "in",
    ir.HowMany: "how_many",
    ir.OneSentence: "in_one_sentence",
    ir.Matches: "matches",
    ir.Within: "within",
    ir.During: "during",
    ir.Declared: "declared",
    ir.FirstAfter: "first after",
    ir.Lookup: "lookup",
    ir.MeasureValue: "measure",
    ir.Points: "points",
    ir.InForce: "in_force",
    ir.Since: "since",
}
