"""Searches in texts: `contains`, `starts with`, `ends with`, `matches`."""

from __future__ import annotations

import re
from collections.abc import Callable

from .. import functions, ir, syntax
from ..messages import typing as messages
from ..patterns import PatternError, compile_pattern
from ..source import Span
from ..syntax import TextOperator
from ..types import BOOLEAN, ERROR, TEXT, ListOf, Type
from .walk import Scope, Walk

_Finish = Callable[[Walk, syntax.TextTest, ir.Expr, ir.Constant, Scope], ir.Expr | None]


def text_test(walk: Walk, node: syntax.TextTest, scope: Scope, _hint: Type | None) -> ir.Expr:
    """A text on the left, and on the right what is looked for, which has to be constant."""
    left = walk.expect(walk.value(node.left, scope), TEXT, node.left, scope)
    right = _constant(walk, node, scope)
    if right is None:
        return walk.error(node, BOOLEAN)
    found = _FINISH[node.operator](walk, node, left, right, scope)
    return found or walk.error(node, BOOLEAN)


def _constant(walk: Walk, node: syntax.TextTest, scope: Scope) -> ir.Constant | None:
    hint = ListOf(TEXT) if node.operator in _SEVERAL else TEXT
    right = walk.value(node.right, scope, hint)
    if right.type == ERROR:
        return None
    if not isinstance(right, ir.Constant):
        walk.fail(messages.not_constant(node.right.span, "what is looked for"), scope)
        return None
    return right


def _one(walk: Walk, node: syntax.TextTest, right: ir.Constant, scope: Scope) -> str | None:
    """The text that is looked for."""
    if right.type == ListOf(TEXT):
        walk.fail(messages.several_texts(node.operator.value, node.right.span), scope)
        return None
    if right.type != TEXT:
        walk.fail(messages.wrong_type(TEXT, right, node.right), scope)
        return None
    text = str(right.value)
    if not (text if node.operator is TextOperator.MATCHES else text.strip()):
        walk.fail(messages.empty_word(node.right.span), scope)
        return None
    return text


def _contains(
    walk: Walk, node: syntax.TextTest, left: ir.Expr, right: ir.Constant, scope: Scope
) -> ir.Expr | None:
    word = _one(walk, node, right, scope)
    if word is None:
        return None
    return ir.WordTest(left, (word,), all=False, type=BOOLEAN, span=node.span)


def _contains_several(
    walk: Walk, node: syntax.TextTest, left: ir.Expr, right: ir.Constant, scope: Scope
) -> ir.Expr | None:
    if right.type == TEXT:
        walk.fail(messages.single_text(node.operator.value, node.right.span), scope)
        return None
    if right.type != ListOf(TEXT):
        walk.fail(messages.wrong_type(ListOf(TEXT), right, node.right), scope)
        return None
    words = words_to_find(walk, right, node.right.span, scope)
    if words is None:
        return None
    every = node.operator is TextOperator.CONTAINS_ALL
    return ir.WordTest(left, words, all=every, type=BOOLEAN, span=node.span)


def words_to_find(
    walk: Walk, found: ir.Constant, span: Span, scope: Scope
) -> tuple[str, ...] | None:
    """The words of a constant list of texts, each once: at least one, and none blank."""
    assert isinstance(found.value, tuple)  # noqa: S101  # as the type says
    words = tuple(dict.fromkeys(str(word) for word in found.value))
    if not words:
        walk.fail(messages.empty_list(span), scope)
        return None
    if not all(word.strip() for word in words):
        walk.fail(messages.empty_word(span), scope)
        return None
    return words


def _at_an_end(
    walk: Walk, node: syntax.TextTest, left: ir.Expr, right: ir.Constant, scope: Scope
) -> ir.Expr | None:
    overload = functions.find(node.operator.value, (TEXT, TEXT))
    if overload is None or _one(walk, node, right, scope) is None:
        return None
    return ir.Call(overload.id, (left, right), type=BOOLEAN, span=node.span)


def _matches(
    walk: Walk, node: syntax.TextTest, left: ir.Expr, right: ir.Constant, scope: Scope
) -> ir.Expr | None:
    pattern = _one(walk, node, right, scope)
    if pattern is None:
        return None
    try:
        compile_pattern(pattern)
    except PatternError as error:
        span = _inside(right.span, pattern, error)
        walk.fail(messages.bad_pattern(error, span), scope)
        return None
    return ir.Matches(left, pattern, type=BOOLEAN, span=node.span)


def _inside(span: Span, pattern: str, error: PatternError) -> Span:
    """The place of a mistake in a pattern, where the quoted text stands in the file as it is."""
    signs = list(_SIGN.finditer(span.text[1:-1]))
    is_plain = len(signs) == len(pattern) and all(
        sign.group() in {char, f"\\{char}"} or sign.group().startswith("\\u")
        for sign, char in zip(signs, pattern, strict=True)
    )
    if error.place is None or not is_plain:
        return span
    start, end = error.place
    first = span.start + 1
    return Span(span.source, first + signs[start].start(), first + signs[end - 1].end())


_SIGN = re.compile(r"\\u[0-9a-fA-F]{4}|\\.|.", re.DOTALL)
"""One character of a text as it is written in quotes."""

_SEVERAL = frozenset({TextOperator.CONTAINS_ANY, TextOperator.CONTAINS_ALL})
_FINISH: dict[TextOperator, _Finish] = {
    TextOperator.CONTAINS: _contains,
    TextOperator.CONTAINS_ANY: _contains_several,
    TextOperator.CONTAINS_ALL: _contains_several,
    TextOperator.STARTS: _at_an_end,
    TextOperator.ENDS: _at_an_end,
    TextOperator.MATCHES: _matches,
}
