"""Values of measures: read back from the text of a record, and rounded for people."""

from __future__ import annotations

import re
from fractions import Fraction
from typing import Final

from ...records.values import DECIMAL, DURATION, INTEGER, PERCENT, decimal_text, duration_text

_MICROS: Final = {"d": 86_400_000_000, "h": 3_600_000_000, "m": 60_000_000, "s": 1_000_000}
_NUMBER: Final = re.compile(r"-?\d{1,40}(?:\.\d{1,40}|/\d{1,40})?", re.ASCII)
_LENGTH: Final = re.compile(r"-?(?:\d{1,20}(?:\.\d{1,12})?[dhms] ?)+", re.ASCII)
_PART: Final = re.compile(r"(\d+(?:\.\d+)?)([dhms])", re.ASCII)


def unit_of(text: str) -> str:
    """The name of the type that a value in a record looks like it has."""
    if text.endswith("%"):
        return PERCENT
    if _LENGTH.fullmatch(text):
        return DURATION
    return DECIMAL if "." in text or "/" in text else INTEGER


def read_value(text: str | None) -> Fraction | None:
    """A value as a record has it, as a number; nothing where it is none."""
    if text is None:
        return None
    if _LENGTH.fullmatch(text):
        total = sum(Fraction(count) * _MICROS[unit] for count, unit in _PART.findall(text))
        return Fraction(-total if text.startswith("-") else total)
    bare = text.removesuffix("%")
    if not _NUMBER.fullmatch(bare) or bare.endswith("/0"):
        return None
    return Fraction(bare) / (100 if text != bare else 1)


def readable(value: Fraction | None, unit: str) -> str:
    """A value for people, rounded to two places, or to seconds."""
    if value is None:
        return "none"
    if unit == PERCENT:
        return f"{decimal_text(round(value * 100, 2))}%"
    if unit == DURATION:
        return duration_text(round(value / _MICROS["s"]) * _MICROS["s"])
    return decimal_text(round(value, 2))
