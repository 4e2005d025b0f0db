"""The place where the grammar gave up, with what stands around it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import takewhile

from ..source import Embedded, Span
from .lalr import Refusal
from .lexemes import Kind, Lexeme
from .words import AGGREGATES, COMPARATORS, RELATIONS, RESERVED

_VALUE_KINDS = frozenset({Kind.TEXT, Kind.PERIOD, Kind.NUMBER})
_VALUE_WORDS = frozenset({"true", "false", "has", "not", "if"})
_BOUNDARIES = frozenset({"and", "or", "not", "if", "then", "else", "where", "dated", ","})


@dataclass(frozen=True)
class Trouble:
    """A refused text whose pieces are all of the language and whose brackets match.

    `index` is the number of the piece that does not fit, or the number of pieces if the text ends
    too early; `possible` names the terminals of the grammar that might have stood there.
    """

    text: Embedded
    pieces: Sequence[Lexeme]
    index: int
    possible: frozenset[str]

    @classmethod
    def at(cls, text: Embedded, pieces: Sequence[Lexeme], refusal: Refusal) -> Trouble:
        """The trouble at the place of a refusal."""
        before = sum(piece.end <= refusal.offset for piece in pieces)
        return cls(text, pieces, before, refusal.possible)

    def piece(self, distance: int) -> Lexeme | None:
        """The piece so many places after the one that does not fit, or before if negative."""
        index = self.index + distance
        return self.pieces[index] if 0 <= index < len(self.pieces) else None

    def word(self, distance: int) -> str:
        """The text of the piece at a distance, or nothing."""
        piece = self.piece(distance)
        return piece.text if piece else ""

    @property
    def found(self) -> str:
        """What does not fit; nothing if the text ends too early."""
        return self.word(0)

    @property
    def before(self) -> str:
        """What stands right before it."""
        return self.word(-1)

    def span(self, distance: int = 0) -> Span:
        """The place of a piece; after the last one, the end of the text."""
        piece = self.piece(distance)
        if piece is None:
            end = self.pieces[-1].end if self.pieces else 0
            return self.text.at(end, end)
        return self.span_of(piece)

    def span_of(self, piece: Lexeme) -> Span:
        """The place of a piece in the file."""
        return self.text.at(piece.start, piece.end)

    @property
    def needs_value(self) -> bool:
        """Whether a value should have stood here, rather than an operator or an end."""
        return "INTEGER" in self.possible

    @cached_property
    def opening(self) -> int:
        """The index of the bracket around the trouble, or -1."""
        depth = 0
        for index in range(self.index - 1, -1, -1):
            depth += self._closes(index)
            if depth < 0:
                return index
        return -1

    def _closes(self, index: int) -> int:
        """1 for a closing bracket, -1 for an opening one, 0 for anything else."""
        kind = self.pieces[index].kind
        return (kind is Kind.CLOSE) - (kind is Kind.OPEN)

    def value_before(self) -> Span:
        """The place of the value right before the trouble, with the name before its brackets."""
        index = self.index - 1
        depth = self._closes(index)
        while depth > 0:
            index -= 1
            depth += self._closes(index)
        if self.pieces[index].kind is Kind.OPEN and index and is_name(self.pieces[index - 1]):
            index -= 1
        return self.span_of(self.pieces[index]).to(self.span(-1))

    @property
    def aggregate(self) -> str | None:
        """The word of the aggregate whose brackets are right around the trouble."""
        word = self.pieces[self.opening - 1].text if self.opening > 0 else ""
        return word if word in AGGREGATES else None

    def earlier(self) -> Iterator[Lexeme]:
        """What stands before the trouble within the same brackets, backwards.

        Brackets inside these are left out with what is in them.
        """
        depth = 0
        for index in range(self.index - 1, self.opening, -1):
            closes = self._closes(index)
            depth += closes
            if depth == closes == 0:
                yield self.pieces[index]

    def open_if(self) -> Lexeme | None:
        """The `if` within the same brackets whose `then` or `else` is still to come."""
        complete = 0
        for piece in self.earlier():
            if piece.text == "else":
                complete += 1
            elif piece.text == "if":
                if complete == 0:
                    return piece
                complete -= 1
        return None

    def later_word(self, word: str) -> bool:
        """Whether a word stands anywhere after the trouble."""
        return any(piece.text == word for piece in self.pieces[self.index :])

    def earlier_relation(self) -> Lexeme | None:
        """The comparison that the trouble would go on with: `==`, `in`, `contains`."""
        inside = takewhile(lambda piece: piece.text not in _BOUNDARIES, self.earlier())
        return next((piece for piece in inside if piece.text in COMPARATORS | RELATIONS), None)


def is_name(piece: Lexeme | None) -> bool:
    """Whether a piece can name something."""
    return piece is not None and piece.kind is Kind.WORD and piece.text not in RESERVED


def starts_value(piece: Lexeme) -> bool:
    """Whether a piece can be the first of a value."""
    if piece.kind is Kind.WORD:
        return piece.text not in RESERVED or piece.text in _VALUE_WORDS
    return piece.kind in _VALUE_KINDS or piece.kind is Kind.OPEN
