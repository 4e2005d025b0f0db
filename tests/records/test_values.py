from __future__ import annotations

from datetime import UTC
from fractions import Fraction
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st
from revlex.engine.language import types
from revlex.engine.language.source import embed
from revlex.engine.language.syntax import Period, Unit
from revlex.engine.language.types import (
    BOOLEAN,
    DECIMAL,
    DURATION,
    INSTANT,
    INTEGER,
    PERCENT,
    PERIOD,
    TEXT,
    Enumeration,
    ListOf,
    Optional,
)
from revlex.engine.records import values
from revlex.engine.records.values import (
    decimal_text,
    duration_text,
    jsonable,
    percent_text,
    say,
    show,
)
from revlex.engine.runtime.instants import FIRST_INSTANT, LAST_INSTANT, format_instant

BANGKOK = ZoneInfo("Asia/Bangkok")


def test_names_of_types_are_those_of_the_language() -> None:
    for name in ("INSTANT", "DURATION", "PERCENT", "DECIMAL", "INTEGER", "TEXT"):
        assert getattr(values, name) == str(getattr(types, name))
    assert str(Optional(PERCENT)) == PERCENT.name + values.MAY_BE_MISSING
    assert str(ListOf(TEXT)) == f"list of {TEXT.name}"


@pytest.mark.parametrize(
    ("value", "of", "shown", "text"),
    [
        (True, BOOLEAN, True, "true"),
        (None, Optional(PERCENT), None, "missing"),
        (3, INTEGER, 3, "3"),
        (Fraction(3), INTEGER, "3", "3"),
        (Fraction(5, 2), DECIMAL, "2.5", "2.5"),
        (Fraction(-1, 3), DECIMAL, "-1/3", "-1/3"),
        (Fraction(69, 10_000), PERCENT, "0.69%", "0.69%"),
        (Fraction(69, 10_000), Optional(PERCENT), "0.69%", "0.69%"),
        (Fraction(3, 457), PERCENT, "3/457", "3/457"),
        (Fraction(0), PERCENT, "0%", "0%"),
        (1, PERCENT, "100%", "100%"),
        ("a b", TEXT, "a b", "a b"),
        ("other", Enumeration("class", ("other",)), "other", "other"),
        (("a", "b"), ListOf(TEXT), ["a", "b"], "a, b"),
        ((Fraction(1, 100),), ListOf(PERCENT), ["1%"], "1%"),
        (30 * 86_400_000_000, DURATION, "30d", "30d"),
        (0, INSTANT, "1970-01-01T07:00:00+07:00", "1970-01-01T07:00:00+07:00"),
        (Period(30, Unit.CALENDAR_DAYS, span=embed("").span), PERIOD, *["30 calendar days"] * 2),
    ],
)
def test_values(value: object, of: object, shown: object, text: str) -> None:
    assert jsonable(value, of, BANGKOK) == shown
    assert type(jsonable(value, of, BANGKOK)) is type(shown)
    assert show(value, of, BANGKOK) == text
    assert show(value, str(of), BANGKOK) == text


@pytest.mark.parametrize(
    ("micros", "text"),
    [
        (0, "0s"),
        (1, "0.000001s"),
        (1_500_000, "1.5s"),
        (5_400_000_000, "1h 30m"),
        (86_400_000_000, "1d"),
        (90_061_000_000, "1d 1h 1m 1s"),
        (-86_400_000_000, "-1d"),
    ],
)
def test_durations(micros: int, text: str) -> None:
    assert duration_text(micros) == text


@given(st.fractions())
def test_decimals_are_exact(value: Fraction) -> None:
    text = decimal_text(value)
    assert Fraction(text) == value
    assert len(text.partition(".")[2]) <= 12
    assert "." not in text or not text.endswith("0")


@given(st.fractions())
def test_percents_are_exact(value: Fraction) -> None:
    text = percent_text(value)
    assert (Fraction(text[:-1]) / 100 if text.endswith("%") else Fraction(text)) == value


@given(st.integers(FIRST_INSTANT + 2 * 86_400_000_000, LAST_INSTANT - 2 * 86_400_000_000))
def test_instants_are_written_as_everywhere(instant: int) -> None:
    for zone in (UTC, BANGKOK, ZoneInfo("America/Sao_Paulo")):
        assert show(instant, INSTANT, zone) == format_instant(instant, zone)


def test_instants_beyond_the_calendar_are_still_told() -> None:
    assert show(2**62, INSTANT) == "1970-01-01T00:00:00+00:00 and 53375995d 14h 27.387904s"


@pytest.mark.parametrize(
    ("value", "percent", "decimal"),
    [
        (Fraction(2, 13), "15.38…%", "0.15…"),
        (Fraction(-2, 13), "-15.38…%", "-0.15…"),
        (Fraction(1, 2), "50%", "0.5"),
        (Fraction(1), "100%", "1"),
        (Fraction(7, 300_000), "0.0023…%", "0.000023…"),
        (Fraction(99_999, 7), "1428557.14…%", "14285.57…"),
        (Fraction(1, 3 * 10**30), f"1/{3 * 10**30}", f"1/{3 * 10**30}"),
    ],
)
def test_sentences_cut_decimals_that_do_not_end(
    value: Fraction, percent: str, decimal: str
) -> None:
    assert say(value, PERCENT) == percent
    assert say(value, DECIMAL) == decimal


@given(st.fractions(max_denominator=10_000))
def test_what_is_said_is_the_beginning_of_the_number(value: Fraction) -> None:
    said = say(value, DECIMAL)
    if said.endswith("…"):
        shown = Fraction(said[:-1])
        places = len(said[:-1].partition(".")[2])
        assert abs(shown) <= abs(value) < abs(shown) + Fraction(1, 10**places)
    else:
        assert Fraction(said) == value
