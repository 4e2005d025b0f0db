from __future__ import annotations

from fractions import Fraction

import pytest
from revlex.engine.language.functions import BY_ID, COMPARISONS, OVERLOADS
from revlex.engine.language.source import embed
from revlex.engine.language.syntax import Period, Unit
from revlex.engine.language.types import LARGEST_INTEGER
from revlex.engine.runtime.calendar import Calendar
from revlex.engine.runtime.errors import EvaluationError
from revlex.engine.runtime.functions import FUNCTIONS, SMALLEST_INTEGER, within
from revlex.engine.runtime.instants import LAST_INSTANT

HALF, THIRD = Fraction(1, 2), Fraction(1, 3)


def test_every_overload_is_computed_and_nothing_else() -> None:
    assert set(FUNCTIONS) == {overload.id for overload in OVERLOADS}


def test_comparisons_are_those_of_python() -> None:
    assert {FUNCTIONS[row.id].infix for row in COMPARISONS} == {"==", "!=", "<", "<=", ">", ">="}
    assert all(FUNCTIONS[row.id].infix == BY_ID[row.id].name for row in COMPARISONS)


@pytest.mark.parametrize(
    ("overload", "arguments", "value"),
    [
        ("le_integer", (2, 2), True),
        ("lt_percent", (THIRD, HALF), True),
        ("eq_text", ("a", "A"), False),
        ("add_integer", (LARGEST_INTEGER, 0), LARGEST_INTEGER),
        ("add_instant_duration", (5, 7), 12),
        ("subtract_instant", (5, 7), -2),
        ("subtract_integer", (SMALLEST_INTEGER, 0), SMALLEST_INTEGER),
        ("multiply_duration_integer", (5, -3), -15),
        ("add_decimal", (THIRD, HALF), Fraction(5, 6)),
        ("multiply_percent_integer", (THIRD, 6), 2),
        ("divide_count", (3, 457), Fraction(3, 457)),
        ("divide_integer", (1, 3), THIRD),
        ("divide_duration", (10, 4), Fraction(5, 2)),
        ("divide_percent_integer", (HALF, 2), Fraction(1, 4)),
        ("negate_integer", (LARGEST_INTEGER,), -LARGEST_INTEGER),
        ("negate_decimal", (HALF,), -HALF),
        ("length_text", ("e\u0301",), 1),
        ("length_list", (("a", "b"),), 2),
        ("words_text", ("two words",), 2),
        ("bytes_text", ("é",), 2),
        ("least_of_percent", (THIRD, HALF), THIRD),
        ("greatest_of_integer", (1, 2), 2),
        ("starts_with_text", ("voucher", "vouch"), True),
        ("ends_with_text", ("voucher", "her"), True),
        ("in_list_text", ("A", ("a",)), False),
    ],
)
def test_values(overload: str, arguments: tuple[object, ...], value: object) -> None:
    result = FUNCTIONS[overload].call(*arguments)
    assert result == value
    assert isinstance(result, Fraction) == (
        str(BY_ID[overload].result) in {"decimal number", "percent"}
    )


@pytest.mark.parametrize(
    ("overload", "arguments"),
    [
        ("add_integer", (LARGEST_INTEGER, 1)),
        ("add_instant_duration", (LARGEST_INTEGER, LARGEST_INTEGER)),
        ("subtract_duration", (SMALLEST_INTEGER, 1)),
        ("multiply_integer", (2**32, 2**31)),
        ("negate_integer", (SMALLEST_INTEGER,)),
    ],
)
def test_overflow(overload: str, arguments: tuple[int, ...]) -> None:
    with pytest.raises(EvaluationError, match="63 bits"):
        FUNCTIONS[overload].call(*arguments)


@pytest.mark.parametrize("overload", [row.id for row in OVERLOADS if row.name == "/"])
def test_division_by_zero(overload: str) -> None:
    with pytest.raises(EvaluationError, match="division by zero"):
        FUNCTIONS[overload].call(1, 0)


def test_within_a_period() -> None:
    calendar = Calendar("Asia/Bangkok")
    two_days = Period(2, Unit.CALENDAR_DAYS, span=embed("").span)
    assert within(calendar, 0, two_days, 0)
    assert not within(calendar, -1, two_days, 0)
    with pytest.raises(EvaluationError, match="calendar"):
        within(calendar, LAST_INSTANT, two_days, LAST_INSTANT)


def test_the_reason_survives_travel() -> None:
    error = EvaluationError("division by zero")
    assert error.reason == str(error) == "division by zero"
