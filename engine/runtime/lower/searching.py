"""Searching texts for words: each text is folded once, and searched once for all tests on it."""

from __future__ import annotations

import ast
from collections.abc import Sequence
from typing import Final

from ...language import ir
from ..texts import contains, fold, matcher
from . import nodes
from .numbering import Numbering
from .pieces import Builder, Piece

_FEW: Final = 4
"""So many words are sooner looked for one by one than with an automaton for all of them."""


class Searches:
    """The word tests of some expressions, and the texts that they are about."""

    def __init__(self, builder: Builder, numbering: Numbering) -> None:
        self._builder = builder
        self._words: dict[int, dict[str, int]] = {}
        self._folded: dict[int, Piece] = {}
        self._found: dict[int, Piece] = {}
        for part in numbering.parts:
            if isinstance(part, ir.WordTest):
                words = self._words.setdefault(numbering.of(part.text), {})
                for word in map(fold, part.words):
                    words.setdefault(word, len(words))

    def folded(self, text: int, piece: Piece) -> Piece:
        """The folded form of the text with a number and a piece."""
        if text not in self._folded:
            node = nodes.call(self._builder.outside(fold), piece.node)
            self._folded[text] = self._builder.lazy(self._builder.piece(node, piece))
        return self._folded[text]

    def test(self, part: ir.WordTest, text: int, folded: Piece) -> Piece:
        """Whether the folded text holds the words of a test."""
        words = list(dict.fromkeys(map(fold, part.words)))
        if len(self._words[text]) <= _FEW:
            return self._one_by_one(words, folded, every=part.all)
        bits = sum(1 << self._words[text][word] for word in words)
        found = self._all_at_once(text, folded)
        wanted = self._builder.outside(bits)
        common = ast.BinOp(left=found.node, op=ast.BitAnd(), right=wanted)
        node = (
            nodes.compare(common, ast.Eq(), wanted)
            if part.all
            else nodes.compare(common, ast.NotEq(), nodes.constant(0))
        )
        return self._builder.piece(node, found)

    def _one_by_one(self, words: Sequence[str], folded: Piece, *, every: bool) -> Piece:
        """`w in text and contains(text, w) or …`: most texts hold none, which `in` says soonest."""
        search = self._builder.outside(contains)
        tests = [
            nodes.both(
                nodes.compare(nodes.constant(word), ast.In(), folded.node),
                nodes.call(search, folded.node, nodes.constant(word)),
            )
            for word in words
        ]
        node = tests[0] if len(tests) == 1 else (nodes.both if every else nodes.either)(*tests)
        return self._builder.piece(node, folded)

    def _all_at_once(self, text: int, folded: Piece) -> Piece:
        """The words that the text holds, as bits."""
        if text not in self._found:
            search = self._builder.outside(matcher(tuple(self._words[text])).mask)
            node = nodes.call(search, folded.node)
            self._found[text] = self._builder.lazy(self._builder.piece(node, folded))
        return self._found[text]
