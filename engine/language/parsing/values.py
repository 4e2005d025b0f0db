"""The values of literals: numbers, lengths of time, times of the day, texts."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from ..messages import phrases as say_phrase
from ..messages import syntax as say
from ..source import Span
from ..syntax import Unit
from .draft import Draft

LARGEST_INTEGER = 2**63 - 1
MOST_DIGITS = 18
"""The most digits of a decimal or a percentage: as many as always fit in 63 bits."""

_SECOND = 1_000_000
_MINUTE = 60 * _SECOND
_HOUR = 60 * _MINUTE
_DAY = 24 * _HOUR
MICROS = {"s": _SECOND, "m": _MINUTE, "h": _HOUR, "d": _DAY, "w": 7 * _DAY}
"""The microseconds in each unit of a duration."""

_MINUTES_AN_HOUR = 60
_MINUTES_A_DAY = 24 * _MINUTES_AN_HOUR
_LAST_DAY_OF_MONTH = 31

_TIME = re.compile(r"([0-1][0-9]|2[0-3]):([0-5][0-9])")
_DATE = re.compile(r"\b[0-9]{4}-[0-9]{2}-[0-9]{2}\b")
_PARTS_OF_A_DATE = (0, 5, 8)
"""So many characters before its year, month and day a date begins."""

_ESCAPE = re.compile(r"\\(u[0-9a-fA-F]{4}|.)")
_ESCAPES = {'"': '"', "'": "'", "\\": "\\", "n": "\n", "t": "\t"}
_HALVES = range(0xD800, 0xE000)


@dataclass(frozen=True, slots=True)
class Literal:
    """A literal as it was written, and where it begins in the text."""

    draft: Draft
    text: str
    start: int

    @property
    def span(self) -> Span:
        """Where the literal stands in the file."""
        return self.draft.at(self.start, self.start + len(self.text))

    def whole(self, digits: str) -> int:
        """A whole number at the start of the literal, or 0 if it is none of ours."""
        if _has_idle_zeros(digits):
            self._refuse_zeros()
        elif len(digits) > len(str(LARGEST_INTEGER)) or int(digits) > LARGEST_INTEGER:
            self._refuse_size(f"{LARGEST_INTEGER:,}")
        else:
            return int(digits)
        return 0

    def integer(self) -> int:
        """`12`."""
        return self.whole(self.text)

    def decimal(self) -> Decimal:
        """`4.5`."""
        return Decimal(self.text) if self._is_exact(self.text) else Decimal(0)

    def percent(self) -> Fraction:
        """`0.5%`: the fraction 1/200."""
        digits = self.text.removesuffix("%")
        return Fraction(digits) / 100 if self._is_exact(digits) else Fraction(0)

    def duration(self) -> int:
        """`30d`: its microseconds."""
        unit = MICROS[self.text[-1]]
        count = self.whole(self.text[:-1])
        if count * unit > LARGEST_INTEGER:
            self._refuse_size(f"`{LARGEST_INTEGER // unit}{self.text[-1]}`")
            return 0
        return count * unit

    def period(self) -> tuple[int, Unit]:
        """`30 calendar days`: the number and what is counted."""
        digits, calendar, unit = self.text.split()
        return self.whole(digits), Unit(f"{calendar} {unit.removesuffix('s')}s")

    def minute(self) -> int:
        """`21:30`: the minutes since midnight."""
        match = _TIME.fullmatch(self.text)
        if match is None:
            self.draft.found.append(say_phrase.malformed_time(self.span, self.text))
            return 0
        return int(match[1]) * _MINUTES_AN_HOUR + int(match[2])

    def day_of_month(self) -> int:
        """`20`: 1 to 31."""
        day = self.integer()
        if not 1 <= day <= _LAST_DAY_OF_MONTH:
            self.draft.found.append(say_phrase.no_such_day(self.span, self.text))
        return day

    def quoted_text(self) -> str:
        """The text between the quotes, its escapes resolved."""
        return _ESCAPE.sub(self._escaped, self.text[1:-1])

    def _escaped(self, match: re.Match[str]) -> str:
        found = match[1]
        if found in _ESCAPES:
            return _ESCAPES[found]
        start = self.start + 1 + match.start()
        span = self.draft.at(start, start + len(match[0]))
        if len(found) == 1:
            self.draft.found.append(say.unknown_escape(span, match[0]))
        elif int(found[1:], 16) in _HALVES:
            self.draft.found.append(say.half_character(span, match[0]))
        else:
            return chr(int(found[1:], 16))
        return ""

    def _is_exact(self, digits: str) -> bool:
        if _has_idle_zeros(digits):
            self._refuse_zeros()
        elif sum(map(str.isdigit, digits)) > MOST_DIGITS:
            self._refuse_size(f"{MOST_DIGITS} digits long")
        else:
            return True
        return False

    def _refuse_zeros(self) -> None:
        for begun in _PARTS_OF_A_DATE:
            date = _DATE.match(self.draft.text.text, max(0, self.start - begun))
            if date is not None and self.start in range(*date.span()):
                self._refuse_date(date)
                return
        right = self.text.lstrip("0")
        right = right if right[:1].isdigit() else f"0{right}"
        self.draft.found.append(say.malformed_number(self.span, self.text, right))

    def _refuse_date(self, date: re.Match[str]) -> None:
        """A date is told once, however many of its parts begin with a zero."""
        said = say.date(self.draft.at(*date.span()), date[0])
        if said not in self.draft.found:
            self.draft.found.append(said)

    def _refuse_size(self, limit: str) -> None:
        self.draft.found.append(say.number_too_large(self.span, limit))


def _has_idle_zeros(digits: str) -> bool:
    return digits.startswith("0") and digits[1:2].isdigit()
