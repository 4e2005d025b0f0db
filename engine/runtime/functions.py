"""What operators and functions do, by the id of their overload.

Whole numbers, durations and instants are held to 63 bits and a sign; decimal numbers and percents
are exact fractions without a limit of their own.
"""

from __future__ import annotations

import operator
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from types import MappingProxyType
from typing import Any, Final, Never

from ..language.functions import COMPARISONS
from ..language.syntax import Period
from ..language.types import DECIMAL, LARGEST_INTEGER, PERCENT
from . import texts
from .calendar import Calendar
from .errors import DIVISION_BY_ZERO, OUT_OF_CALENDAR, OVERFLOW, EvaluationError
from .instants import OutOfCalendar

SMALLEST_INTEGER: Final = -LARGEST_INTEGER - 1

_CHEAP, _USUAL, _FRACTIONS, _SEARCH = 1, 4, 20, 40


@dataclass(frozen=True, slots=True)
class Function:
    """How one overload is computed.

    `call` takes the values of the arguments and may raise `EvaluationError`. With `folded`, texts
    among them are given folded. `infix` names the operator of Python that does the same (for whole
    numbers: before the result is held to 63 bits). `cost` says roughly how many comparisons of
    whole numbers take as long.
    """

    call: Callable[..., Any]
    folded: bool = False
    infix: str | None = None
    cost: int = _USUAL


def bounded(value: int) -> int:
    """A whole number that fits.

    Raises:
        EvaluationError: It takes more than 63 bits and a sign.
    """
    return value if SMALLEST_INTEGER <= value <= LARGEST_INTEGER else overflow()


def overflow() -> Never:
    """Refuse a whole number that does not fit."""
    raise EvaluationError(OVERFLOW)


def within(calendar: Calendar, value: int, length: Period, anchor: int) -> bool:
    """Whether an instant lies from `anchor` to the end of the deadline counted from there.

    Raises:
        EvaluationError: The calendar does not cover the deadline.
    """
    try:
        return calendar.within(value, length, anchor)
    except OutOfCalendar as error:
        raise EvaluationError(OUT_OF_CALENDAR) from error


def _add(left: int, right: int) -> int:
    return bounded(left + right)


def _subtract(left: int, right: int) -> int:
    return bounded(left - right)


def _multiply(left: int, right: int) -> int:
    return bounded(left * right)


def _negate(value: int) -> int:
    return bounded(-value)


def _divide(left: int | Fraction, right: int | Fraction) -> Fraction:
    if not right:
        raise EvaluationError(DIVISION_BY_ZERO)
    return Fraction(left) / right


def _is_in_list(text: str, entries: tuple[str, ...]) -> bool:
    return text in entries


_OPERATORS: Final[Mapping[str, Callable[[Any, Any], bool]]] = {
    "==": operator.eq,
    "!=": operator.ne,
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
}


def _comparisons() -> dict[str, Function]:
    return {
        row.id: Function(
            _OPERATORS[row.name],
            infix=row.name,
            cost=_FRACTIONS if row.parameters[0] in {DECIMAL, PERCENT} else _CHEAP,
        )
        for row in COMPARISONS
    }


def _whole(call: Callable[[int, int], int], infix: str, *ids: str) -> dict[str, Function]:
    return dict.fromkeys(ids, Function(call, infix=infix, cost=_USUAL))


def _exact(call: Callable[..., Fraction], *ids: str) -> dict[str, Function]:
    return dict.fromkeys(ids, Function(call, cost=_FRACTIONS))


FUNCTIONS: Final[Mapping[str, Function]] = MappingProxyType(
    {
        **_comparisons(),
        **_whole(_add, "+", "add_integer", "add_duration", "add_instant_duration"),
        **_whole(
            _subtract,
            "-",
            "subtract_integer",
            "subtract_duration",
            "subtract_instant",
            "subtract_instant_duration",
        ),
        **_whole(
            _multiply,
            "*",
            "multiply_integer",
            "multiply_duration_integer",
            "multiply_integer_duration",
        ),
        **_exact(operator.add, "add_decimal", "add_percent"),
        **_exact(operator.sub, "subtract_decimal", "subtract_percent"),
        **_exact(
            operator.mul,
            "multiply_decimal",
            "multiply_decimal_integer",
            "multiply_integer_decimal",
            "multiply_percent",
            "multiply_percent_integer",
            "multiply_integer_percent",
            "multiply_percent_decimal",
            "multiply_decimal_percent",
        ),
        **_exact(
            _divide,
            "divide_count",
            "divide_integer",
            "divide_decimal",
            "divide_decimal_integer",
            "divide_percent",
            "divide_percent_integer",
            "divide_duration",
        ),
        "negate_integer": Function(_negate),
        "negate_duration": Function(_negate),
        **_exact(operator.neg, "negate_decimal", "negate_percent"),
        "length_text": Function(texts.count_characters, cost=_USUAL),
        "length_list": Function(len, cost=_CHEAP),
        "words_text": Function(texts.count_words, folded=True, cost=_SEARCH),
        "bytes_text": Function(texts.count_bytes, cost=_USUAL),
        "has_url_text": Function(texts.has_url, folded=True, cost=_SEARCH),
        "has_email_text": Function(texts.has_email, folded=True, cost=_SEARCH),
        "has_phone_text": Function(texts.has_phone, folded=True, cost=_SEARCH),
        "has_handle_text": Function(texts.has_handle, folded=True, cost=_SEARCH),
        "has_markup_text": Function(texts.has_markup, folded=True, cost=_SEARCH),
        **dict.fromkeys(
            ("least_of_integer", "least_of_decimal", "least_of_percent"), Function(min)
        ),
        **dict.fromkeys(
            ("greatest_of_integer", "greatest_of_decimal", "greatest_of_percent"), Function(max)
        ),
        "plain_text": Function(texts.plain, cost=_SEARCH),
        "starts_with_text": Function(texts.starts_with, folded=True),
        "ends_with_text": Function(texts.ends_with, folded=True),
        "in_list_text": Function(_is_in_list),
    }
)
"""How every overload of the language is computed."""
