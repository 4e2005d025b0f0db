"""How large an expression may be, judged before the grammar sees it and once more after.

What comes after the parser may go down a tree by recursion: no tree is deeper than `MOST_DEPTH`.
"""

from __future__ import annotations

import re

from ..diagnostics import Diagnostic
from ..messages import syntax as say
from ..source import Embedded
from ..syntax import Node
from .depth import deeper_than

MOST_CHARACTERS = 500_000
"""The most characters of one expression: some 20,000 comparisons in a row."""

MOST_WORDS = 100_000
"""The most words and signs of one expression: about two seconds of work."""

MOST_NESTING = 64
"""The most brackets inside brackets; an `if` inside an `if` counts like a bracket."""

MOST_DEPTH = 128
"""The most nodes above one another in a tree."""

_NODES_BY_BRACKET = 10
"""One bracket adds at most so many nodes: each level of precedence once."""

_STEP = re.compile(
    r"""
    "(?:[^"\\\r\n]|\\[^\r\n])*" | '(?:[^'\\\r\n]|\\[^\r\n])*'   # a text hides what is in it
    | [()\[\],]
    | (?<![\w.])if(?![\w.])
    """,
    re.VERBOSE,
)
_WORD = re.compile(r"[\w.]+|[^\w\s]")
_PARTNER = {")": "(", "]": "["}


def beyond_limits(text: Embedded) -> Diagnostic | None:
    """What is too large about a text, before it is parsed."""
    if problem := beyond_size(text):
        return problem
    if _most_brackets(text.text) <= MOST_NESTING:
        return None
    if place := _too_nested(text.text):
        return say.too_deep(text.at(*place), MOST_NESTING)
    return None


def beyond_size(text: Embedded) -> Diagnostic | None:
    """Whether a text is too long, whatever is in it."""
    size = len(text.text)
    if size <= MOST_WORDS:
        return None
    whole = text.at(0, size)
    if size > MOST_CHARACTERS:
        return say.too_long(whole, "characters", size, MOST_CHARACTERS)
    words = sum(1 for _ in _WORD.finditer(text.text))
    return say.too_long(whole, "words and signs", words, MOST_WORDS) if words > MOST_WORDS else None


def too_deep(text: Embedded, tree: Node) -> Diagnostic | None:
    """Whether a tree is too deep; only a text with many brackets can have such a tree."""
    if (_most_brackets(text.text) + 1) * _NODES_BY_BRACKET <= MOST_DEPTH:
        return None
    deep = deeper_than(tree, MOST_DEPTH)
    return say.too_deep(deep.span, MOST_DEPTH) if deep else None


def _most_brackets(text: str) -> int:
    """No fewer than the brackets, `if` and `first … after` that can be open at once."""
    return text.count("(") + text.count("[") + text.count("if") + text.count("first")


def _too_nested(text: str) -> tuple[int, int] | None:
    """The place of the first bracket or `if` inside too many others."""
    opened: list[str] = []
    for match in _STEP.finditer(text):
        step = match[0]
        if step in _PARTNER:
            _close(opened, _PARTNER[step])
        elif step == ",":
            _drop_ifs(opened)
        elif step in {"(", "[", "if"}:
            opened.append(step)
            if len(opened) > MOST_NESTING:
                return match.span()
    return None


def _close(opened: list[str], partner: str) -> None:
    _drop_ifs(opened)
    if opened and opened[-1] == partner:
        opened.pop()


def _drop_ifs(opened: list[str]) -> None:
    while opened and opened[-1] == "if":
        opened.pop()
