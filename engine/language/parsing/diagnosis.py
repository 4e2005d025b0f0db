"""Why a text was refused: the first kind of mistake that is found in it, and all of that kind.

Signs, words and numbers come first, then brackets, then order: a mistake of one kind is likely to
cause those of the next.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice

from ..diagnostics import MOST_DIAGNOSTICS, Diagnostic
from ..messages import phrases as say
from ..source import Embedded
from .brackets import bracket_error
from .lalr import Refusal
from .lexemes import Kind, lexemes
from .lexical import lexical_errors
from .structure import structure_error
from .trouble import Trouble


def diagnose(text: Embedded, start: str, refusal: Refusal) -> Iterator[Diagnostic]:
    """What is wrong with a text that the grammar has refused: at least one thing."""
    pieces = lexemes(text.text)
    mistakes = list(islice(lexical_errors(text, pieces), MOST_DIAGNOSTICS))
    hides_rest = any(piece.kind is Kind.UNCLOSED for piece in pieces)
    bracket = None if hides_rest else bracket_error(text, pieces)
    yield from mistakes
    if bracket:
        yield bracket
    elif not mistakes:
        yield _misplaced(Trouble.at(text, pieces, refusal), start)


_BEFORE_CONDITION = {"band": "when", "window": "if", "extension": "where"}
"""The word in a phrase behind which a condition begins."""


def _in_condition(trouble: Trouble, start: str) -> bool:
    """Whether the trouble lies in the condition of a phrase, which reads like any other."""
    word = _BEFORE_CONDITION.get(start)
    before = [piece.text for piece in trouble.pieces[: trouble.index]]
    return word in before and (start != "window" or trouble.open_if() is not None)


def _misplaced(trouble: Trouble, start: str) -> Diagnostic:
    if start == "expression" or _in_condition(trouble, start):
        return structure_error(trouble)
    return say.malformed_phrase(trouble.span(), start, trouble.found or None)
