"""Periods that are declared for a shop: what lies in them, and what they change afterwards."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from revlex.engine.language.compiler import compile_sources
from revlex.engine.language.program import Program
from revlex.engine.language.source import Source
from revlex.engine.runtime.calendar import Calendar
from revlex.engine.runtime.evaluator import Evaluator
from revlex.engine.runtime.events import Decoder, Event
from revlex.engine.runtime.instants import parse_instant
from revlex.engine.runtime.model import Facts
from revlex.engine.runtime.periods import LONGEST_HOLIDAY, MOST_PERIODS, Periods
from revlex.engine.runtime.prepared import prepare
from revlex.engine.runtime.refused import Refused

Said = Mapping[str, Any]
HOUR = 3_600_000_000
START = datetime(2025, 3, 1, tzinfo=UTC)
SHOP_POLICY = """
policy: periods
title: Periods
version: "1"
timezone: Asia/Bangkok
measures:
  bad:
    per: shop
    value: count(review where review.stars <= 2 and not declared(review.posted_at, "disaster"))
    over: 30d
  recent: {per: shop, value: count(review), over: 2 business days}
thresholds:
  - {threshold: bad, measure: bad, check: on change, bands: {fine: below 2, poor: from 2}}
  - {threshold: recent, measure: recent, check: on change, bands: {none: below 1, some: from 1}}
review_rules:
  - rule: in-peak-season
    when: declared(now, "peak_season") or declared(review.posted_at - 1h, "strike")
    verdict: flag
"""


def program() -> Program:
    found, report = compile_sources([Source("policy.yaml", SHOP_POLICY)])
    assert found is not None, [(one.code, one.message) for one in report]
    return found


class Shop:
    """A shop to which things happen."""

    def __init__(self) -> None:
        self.evaluator = Evaluator(program())
        self._decoder = Decoder(self.evaluator.program.catalog)
        self._number = 0

    def hears(self, at: str, type_: str, **said: Any) -> list[str]:
        """What it is told, and what it says to that."""
        self._number += 1
        event = self._decoder.convert(
            {
                "event_id": f"e{self._number:03}",
                "occurred_at": at,
                "shop_id": "s1",
                "type": type_,
                **said,
            }
        )
        assert isinstance(event, Event), event
        return [
            f"{one.rule.id}: {one.outcome.band or one.outcome.verdict}"
            for one in self.evaluator.feed(event)
        ]

    def is_reviewed(self, at: str, stars: int = 1) -> list[str]:
        return self.hears(at, "review.posted", review_id=f"r{self._number}", stars=stars)

    def declares(self, at: str, kind: str, begin: str, end: str) -> list[str]:
        return self.hears(at, "calendar.declared", kind=kind, **{"from": begin, "to": end})

    def advances(self, to: str) -> list[str]:
        found = self.evaluator.advance(parse_instant(to))
        return [f"{one.rule.id}: {one.outcome.band}" for one in found]

    @property
    def refused(self) -> list[str]:
        return [one.rejection.reason for one in self.evaluator.quarantined]


def test_measures_are_corrected_by_what_is_declared_later() -> None:
    shop = Shop()
    assert "bad: fine" in shop.is_reviewed("2025-03-03T10:00:00Z")
    assert "bad: poor" in shop.is_reviewed("2025-03-04T10:00:00Z")
    told = shop.declares(
        "2025-03-05T10:00:00Z", "disaster", "2025-03-04T10:00:00Z", "2025-03-04T10:00:00.000001Z"
    )
    assert told == ["bad: fine"]
    again = shop.declares(
        "2025-03-06T10:00:00Z", "disaster", "2025-03-04T10:00:00Z", "2025-03-04T10:00:00Z"
    )
    assert "bad: poor" in again


def test_another_kind_of_period_changes_nothing() -> None:
    shop = Shop()
    shop.is_reviewed("2025-03-03T10:00:00Z")
    shop.is_reviewed("2025-03-04T10:00:00Z")
    assert (
        shop.declares(
            "2025-03-05T10:00:00Z", "strike", "2025-03-01T00:00:00Z", "2025-03-09T00:00:00Z"
        )
        == []
    )


def test_rules_ask_for_what_is_known_then() -> None:
    shop, flagged = Shop(), "in-peak-season: flag"
    march = ("2025-03-01T00:00:00Z", "2025-03-05T00:00:00Z")
    assert flagged not in shop.is_reviewed("2025-03-03T10:00:00Z", 5)
    assert flagged not in shop.declares("2025-03-03T11:00:00Z", "peak_season", *march)
    assert flagged in shop.is_reviewed("2025-03-04T23:59:59.999999Z", 5)
    assert flagged not in shop.is_reviewed("2025-03-05T00:00:00Z", 5)
    shop.declares("2025-03-05T00:30:00Z", "strike", "2025-03-05T00:00:00Z", "2025-03-06T00:00:00Z")
    assert flagged not in shop.is_reviewed("2025-03-05T00:59:59.999999Z", 5)
    assert flagged in shop.is_reviewed("2025-03-05T01:00:00Z", 5)


def test_holiday_mode_is_a_period_too() -> None:
    shop = Shop()
    shop.hears(
        "2025-03-05T01:00:00Z",
        "shop.holiday_mode",
        **{"from": "2025-03-06T00:00:00Z", "to": "2025-03-08T00:00:00Z"},
    )
    periods = shop.evaluator._shops["s1"].engine.desk.measuring.periods
    noon = parse_instant("2025-03-06T12:00:00Z")
    assert periods.holds(noon, ("holiday_mode",))
    assert periods.holds(noon, ())
    assert not periods.holds(noon, ("strike",))


def test_a_public_holiday_is_no_business_day_from_then_on() -> None:
    shop, other = Shop(), Shop()
    # a review of Monday, in a window of two business days, leaves it when Wednesday begins
    for one in (shop, other):
        one.is_reviewed("2025-03-03T03:00:00Z", 5)
    holiday = ("public_holiday", "2025-03-04T00:00:00+07:00", "2025-03-05T00:00:00+07:00")
    assert shop.declares("2025-03-03T04:00:00Z", *holiday) == []
    assert other.advances("2025-03-04T17:00:00Z") == ["recent: none"]
    assert shop.advances("2025-03-05T16:59:59.999999Z") == []
    assert shop.advances("2025-03-05T17:00:00Z") == ["recent: none"]
    # what has left comes back if the days between turn out to have been holidays
    back = ("public_holiday", "2025-03-04T00:00:00+07:00", "2025-03-06T00:00:00+07:00")
    assert shop.declares("2025-03-05T17:30:00Z", *back) == ["recent: some"]


def test_a_deadline_reckons_with_declared_holidays() -> None:
    shop = Shop()
    shop.is_reviewed("2025-03-07T03:00:00Z", 5)
    calendar = shop.evaluator._shops["s1"].engine.desk.calendar
    assert calendar.business_day_from(calendar.day_of(parse_instant("2025-03-10T03:00:00Z"))) == (
        calendar.day_of(parse_instant("2025-03-10T03:00:00Z"))
    )
    shop.declares(
        "2025-03-07T04:00:00Z", "public_holiday", "2025-03-10T05:00:00Z", "2025-03-10T06:00:00Z"
    )
    desk = shop.evaluator._shops["s1"].engine.desk
    for calendar in (desk.calendar, desk.measuring.calendar):
        monday = calendar.day_of(parse_instant("2025-03-10T03:00:00Z"))
        assert calendar.business_day_from(monday) == monday + 1
    usual = desk.prepared.calendar("")
    assert usual.business_day_from(monday) == monday


def test_snapshots_keep_periods() -> None:
    shop = Shop()
    shop.is_reviewed("2025-03-03T03:00:00Z", 5)
    holiday = ("public_holiday", "2025-03-04T00:00:00+07:00", "2025-03-05T00:00:00+07:00")
    shop.declares("2025-03-03T04:00:00Z", *holiday)
    shop.declares(
        "2025-03-03T04:00:00Z", "peak_season", "2025-03-03T00:00:00Z", "2025-03-05T00:00:00Z"
    )
    again = Shop()
    again.evaluator.restore(shop.evaluator.snapshot())
    again._number = 10
    assert "in-peak-season: flag" in again.is_reviewed("2025-03-04T03:00:00Z", 5)
    desk = again.evaluator._shops["s1"].engine.desk
    assert len(desk.calendar.holidays) == 1
    assert again.advances("2025-03-05T16:59:59.999999Z") == []
    assert again.advances("2025-03-05T17:00:00Z") == ["recent: none"]


@pytest.mark.parametrize(
    ("kind", "end"),
    [("strike", "2025-02-28T23:59:59Z"), ("public_holiday", "2025-04-01T00:00:00.000001Z")],
)
def test_what_cannot_be_a_period_is_refused(kind: str, end: str) -> None:
    shop = Shop()
    shop.declares("2025-03-01T00:00:00Z", kind, "2025-03-01T00:00:00Z", end)
    assert shop.refused == ["out-of-range"]
    assert not any(shop.evaluator._shops["s1"].state.facts.declared.values())


def test_a_long_strike_is_no_holiday_and_is_taken() -> None:
    shop = Shop()
    shop.declares("2025-03-01T00:00:00Z", "strike", "0002-01-01T00:00:00Z", "9998-12-31T00:00:00Z")
    assert shop.refused == []


# ----------------------------------------------------------------- many, and overlapping

DECODER = Decoder(program().catalog)


def declared(kind: str, begin: int, end: int) -> Event:
    """A declaration in hours from the start."""
    event = DECODER.convert(
        {
            "event_id": "e",
            "occurred_at": START,
            "shop_id": "s",
            "type": "calendar.declared",
            "kind": kind,
            "from": START + timedelta(hours=begin),
            "to": START + timedelta(hours=end),
        }
    )
    assert isinstance(event, Event), event
    return event


ROWS = st.lists(
    st.tuples(
        st.sampled_from(["strike", "disaster", "public_holiday"]),
        st.integers(0, 20),
        st.integers(0, 20),
    ),
    max_size=12,
)
MICROS = parse_instant("2025-03-01T00:00:00Z")


@given(ROWS, st.sampled_from([(), ("strike",), ("strike", "disaster")]))
def test_an_instant_lies_in_a_period_just_if_one_that_stands_holds_it(
    rows: list[tuple[str, int, int]], kinds: tuple[str, ...]
) -> None:
    periods, stands = Periods(Facts()), dict[tuple[str, int], int]()
    for kind, begin, end in rows:
        if end < begin:
            with pytest.raises(Refused):
                periods.declare(declared(kind, begin, end))
        else:
            assert periods.declare(declared(kind, begin, end)) is (kind == "public_holiday")
            stands[kind, begin] = end
        for hour in range(-1, 22):
            expected = any(
                begin <= hour < end and (not kinds or kind in kinds)
                for (kind, begin), end in stands.items()
            )
            assert periods.holds(MICROS + hour * HOUR, kinds) is expected
            assert periods.holds(MICROS + (hour + 1) * HOUR - 1, kinds) is expected


def test_the_number_of_periods_is_bounded() -> None:
    facts = Facts()
    periods = Periods(facts)
    for number in range(MOST_PERIODS + 10):
        periods.declare(declared("strike", 2 * number, 2 * number + 1))
    assert len(facts.declared["strike"]) == MOST_PERIODS
    assert not periods.holds(MICROS + 9 * 2 * HOUR, ())
    assert periods.holds(MICROS + 10 * 2 * HOUR, ())


@pytest.mark.parametrize("zone", ["America/New_York", "Asia/Bangkok", "America/Sao_Paulo"])
@given(st.integers(0, 24 * 400), st.integers(1, 24 * LONGEST_HOLIDAY))
def test_a_holiday_is_every_day_that_it_touches(zone: str, begin: int, hours: int) -> None:
    periods, calendar = Periods(Facts()), Calendar(zone)
    periods.declare(declared("public_holiday", begin, begin + hours))
    first = MICROS + begin * HOUR
    touched = {calendar.day_of(first + hour * HOUR) for hour in range(hours)}
    touched.add(calendar.day_of(first + hours * HOUR - 1))
    assert periods.holidays(calendar) == touched


# ----------------------------------------------------------------- where nothing asks


def test_a_policy_that_does_not_ask_depends_on_no_period() -> None:
    plain = SHOP_POLICY.replace(' and not declared(review.posted_at, "disaster")', "")
    found, report = compile_sources([Source("policy.yaml", plain)])
    assert found is not None, list(report)
    assert "shop" not in prepare(found).dependents
    assert prepare(program()).dependents["shop"] == (("review", ("shop",)),)


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("declared()", "E534"),
        ("declared(review.stars)", "E503"),
        ("declared(order.delivered_at)", "E506"),
        ('declared(now, "stirke")', "E423"),
        ("declared(now, strike)", "E401"),
        ("declared(now, review.text)", "E508"),
        ("declared(now, 3)", "E503"),
        ("declared", "E416"),
        ("declard(now)", "E409"),
    ],
)
def test_mistakes(text: str, code: str) -> None:
    rule = f"""
policy: p
review_rules:
  - {{rule: one, when: '{text}', verdict: flag}}
"""
    _, report = compile_sources([Source("policy.yaml", rule)])
    assert [one.code for one in report if one.code.startswith("E")] == [code]


def test_a_measure_by_itself_is_not_made_of_periods() -> None:
    measure = """
policy: p
measures:
  m: {per: shop, value: "if declared(now) then count(review) else 0", over: 5d}
"""
    _, report = compile_sources([Source("policy.yaml", measure)])
    assert {one.code for one in report if one.code.startswith("E")} == {"E627"}
