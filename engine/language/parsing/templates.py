"""A template cut into its texts and its slots, by hand: braces mean nothing in the grammar."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from ..diagnostics import Diagnostic
from ..messages import phrases as say
from ..source import Embedded

_PLAIN = re.compile(r"(?:[^{}]|\{\{|\}\})+")
_SLOT = re.compile(r"""\{((?:[^{}"']|"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*')*)\}""", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Piece:
    """The characters `start` to `end` (exclusive) of a template: a text or the inside of a slot."""

    is_slot: bool
    start: int
    end: int


def pieces(text: Embedded) -> Iterator[Piece | Diagnostic]:
    """The texts and slots of a template in order; a brace that is neither ends them."""
    at, size = 0, len(text.text)
    while at < size:
        if match := _PLAIN.match(text.text, at):
            yield Piece(is_slot=False, start=match.start(), end=match.end())
        elif match := _SLOT.match(text.text, at):
            yield _slot(text, match)
        else:
            yield _lone_brace(text, at)
            return
        at = match.end()


def plain_text(text: str) -> str:
    """A literal piece of a template, as the reader of the reply sees it."""
    return text.replace("{{", "{").replace("}}", "}")


def _slot(text: Embedded, match: re.Match[str]) -> Piece | Diagnostic:
    if not match[1].strip():
        return say.empty_slot(text.at(*match.span()))
    return Piece(is_slot=True, start=match.start(1), end=match.end(1))


def _lone_brace(text: Embedded, at: int) -> Diagnostic:
    span = text.at(at, at + 1)
    return say.unclosed_slot(span) if text.text[at] == "{" else say.single_brace(span)
