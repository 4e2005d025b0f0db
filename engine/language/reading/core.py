"""What a word without quotes stands for, by the core schema of YAML 1.2.

Nothing, true and false, whole numbers, decimal numbers; everything else is text. Numbers are exact.
Where the core schema's answer would be a surprise, there is a diagnostic instead of a value.
"""

from __future__ import annotations

import re
from decimal import Decimal

from ..diagnostics import Diagnostic
from ..document import Value
from ..messages import reading as say
from ..source import Span

MOST_DIGITS = 40
"""A number has at most so many digits before and after its point."""

_WORDS: dict[str, Value] = {
    "": None,
    "~": None,
    **dict.fromkeys(("null", "Null", "NULL")),
    **dict.fromkeys(("true", "True", "TRUE"), True),
    **dict.fromkeys(("false", "False", "FALSE"), False),
}
_NUMBER_STARTS = frozenset("+-.0123456789")
_WHOLE = re.compile(r"[-+]?[0-9]+")
_OCTAL = re.compile(r"0o[0-7]+")
_HEXADECIMAL = re.compile(r"0x[0-9a-fA-F]+")
_DECIMAL = re.compile(r"[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE](?P<exponent>[-+]?[0-9]+))?")
_SPECIAL = re.compile(r"[-+]?\.(?:inf|Inf|INF)|\.(?:nan|NaN|NAN)")
_LEADING_ZERO = re.compile(r"(?P<sign>[-+]?)0+(?P<rest>[0-9].*)")


def resolve(text: str, span: Span) -> Value | Diagnostic:
    """The value of a plain scalar, or what is wrong with it."""
    if text in _WORDS:
        return _WORDS[text]
    if text[0] not in _NUMBER_STARTS:
        return text
    return _number(text, span)


def _number(text: str, span: Span) -> Value | Diagnostic:
    if _SPECIAL.fullmatch(text):
        return say.special_number(span)
    if _OCTAL.fullmatch(text) or _HEXADECIMAL.fullmatch(text):
        return _bounded(text, span) or int(text, 0)
    match = _DECIMAL.fullmatch(text)
    if match is None:
        return text
    if zero := _LEADING_ZERO.fullmatch(text):
        return say.leading_zero(span, zero["sign"] + zero["rest"])
    whole = _WHOLE.fullmatch(text)
    return _bounded(text, span) or (int(text) if whole else _decimal(text, match, span))


def _bounded(text: str, span: Span) -> Diagnostic | None:
    digits = sum(char.isalnum() for char in text)
    return say.number_too_long(span, MOST_DIGITS) if digits > MOST_DIGITS else None


def _decimal(text: str, match: re.Match[str], span: Span) -> Value | Diagnostic:
    """A decimal number whose exponent, too, is within bounds: `1e999999999` is no quantity."""
    if abs(int(match["exponent"] or "0")) > MOST_DIGITS:
        return say.number_too_long(span, MOST_DIGITS)
    return Decimal(text)
