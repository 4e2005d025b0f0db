"""Names for what is wrong with brackets: not closed, not opened, closed by the wrong one."""

from __future__ import annotations

from collections.abc import Sequence

from ..diagnostics import Diagnostic
from ..messages import syntax as say
from ..source import Embedded
from .lexemes import Kind, Lexeme

_CLOSING = {"(": ")", "[": "]"}


def bracket_error(text: Embedded, pieces: Sequence[Lexeme]) -> Diagnostic | None:
    """The first bracket that is closed wrongly, or else the innermost one that is not closed.

    What follows the first mistake may be its consequence, so that there is one at most.
    """
    opened: list[Lexeme] = []
    for piece in pieces:
        if piece.kind is Kind.OPEN:
            opened.append(piece)
        elif piece.kind is Kind.CLOSE:
            partner = opened.pop() if opened else None
            if partner is None or _CLOSING[partner.text] != piece.text:
                return _wrong_closing(text, piece, partner)
    return _unclosed(text, opened[-1]) if opened else None


def _unclosed(text: Embedded, piece: Lexeme) -> Diagnostic:
    span = text.at(piece.start, piece.end)
    return say.unclosed_bracket(span, piece.text, _CLOSING[piece.text])


def _wrong_closing(text: Embedded, piece: Lexeme, partner: Lexeme | None) -> Diagnostic:
    span = text.at(piece.start, piece.end)
    if partner is None:
        return say.unexpected_closing(span, piece.text)
    opening = text.at(partner.start, partner.end)
    return say.mismatched_bracket(span, piece.text, _CLOSING[partner.text], opening)
