"""Measures that reckon with declared periods, counted anew from everything at every moment."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from revlex.engine.runtime.evaluator import Evaluator
from revlex.engine.runtime.events import Decoder, Event
from revlex.tests.reference.days import Window, micros_of
from revlex.tests.reference.naive import (
    Asked,
    Counted,
    RefusedError,
    Thing,
    World,
    answer,
    happen,
)
from revlex.tests.reference.streams import compiled

HALF_HOUR = timedelta(minutes=30)
STARTS = {
    "America/New_York": "2018-03-08",
    "America/Sao_Paulo": "2018-02-15",
    "Asia/Bangkok": "2020-02-26",
}
"""Some days before the clocks are set, or before a leap day."""


def posted_at(_world: World, thing: Thing) -> Any:
    return thing.get("posted_at")


def counted(kinds: tuple[str, ...] | None) -> Counted:
    """Reviews that were not posted in a period of some kinds; or all of them."""
    if kinds is None:
        return Counted("count", "review", posted_at, lambda _w, _t: True, None, "count(review)")
    said = "".join(f', "{kind}"' for kind in kinds)
    return Counted(
        "count",
        "review",
        posted_at,
        lambda world, thing: not world.lies_in_period(thing.get("posted_at"), *kinds),
        None,
        f"count(review where not declared(review.posted_at{said}))",
    )


def asked(name: str, kinds: tuple[str, ...] | None, count: int, unit: str) -> Asked:
    return Asked(name, "shop", (counted(kinds),), Window(count, unit), timedelta(), 1)


BY_DAYS = [
    asked("all_of_one_day", None, 1, "business days"),
    asked("all_of_three_days", None, 3, "business days"),
]
BY_PERIODS = [
    asked("undeclared", (), 6, "d"),
    asked("no_strike", ("strike",), 4, "calendar days"),
    asked("neither", ("strike", "public_holiday"), 2, "business days"),
]


def policy(zone: str, several: list[Asked]) -> str:
    measures = "".join(
        f"  {one.name}: {{per: shop, value: '{one.text}', over: {one.window}}}\n" for one in several
    )
    return f"policy: p\ntitle: P\ntimezone: {zone}\nmeasures:\n{measures}"


ROWS = st.lists(
    st.tuples(
        st.integers(0, 40),
        st.one_of(
            st.just({"type": "review.posted", "stars": 3}),
            st.fixed_dictionaries(
                {
                    "type": st.just("calendar.declared"),
                    "kind": st.sampled_from(["public_holiday", "public_holiday", "strike"]),
                    "from": st.sampled_from([-150, -96, -48, -20, -1, 0, 1, 20, 48]),
                    "to": st.sampled_from([-120, -48, 0, 1, 48, 96]),
                }
            ),
        ),
    ),
    min_size=3,
    max_size=16,
)
"""Half hours since the last event, and what happens; periods in half hours from then."""


def told(start: datetime, rows: list[tuple[int, dict[str, Any]]]) -> list[Mapping[str, Any]]:
    found, at = [], start
    for number, (later, said) in enumerate(rows):
        at += HALF_HOUR * later
        times = {name: at + HALF_HOUR * said[name] for name in ("from", "to") if name in said}
        review = {"review_id": f"r{number}"} if said["type"] == "review.posted" else {}
        envelope = {"event_id": f"e{number:03}", "occurred_at": at}
        found.append({**said, **times, **review, **envelope})
    return found


@pytest.mark.parametrize("several", [BY_DAYS, BY_PERIODS], ids=["days", "periods"])
@settings(max_examples=75)
@given(st.sampled_from(sorted(STARTS)), ROWS, st.integers(0, 400))
def test_measures_are_what_all_that_is_known_by_now_makes_them(
    several: list[Asked], zone: str, rows: list[tuple[int, dict[str, Any]]], rest: int
) -> None:
    start = datetime.fromisoformat(STARTS[zone]).replace(tzinfo=UTC)
    program = compiled(policy(zone, several))
    evaluator, decoder = Evaluator(program), Decoder(program.catalog)
    world = World(zone=ZoneInfo(zone))

    def compare(now: datetime) -> None:
        measuring = evaluator._shops["s"].engine.desk.measuring
        fast = {one.name: measuring.read(one.name, "", micros_of(now)).value for one in several}
        slow = {one.name: answer(world, one, "", now, ZoneInfo(zone))[0] for one in several}
        assert fast == slow, now

    for said in told(start, rows):
        event = decoder.convert({"shop_id": "s", **said})
        assert isinstance(event, Event), event
        evaluator.feed(event)
        try:
            happen(world, said, said["occurred_at"])
        except RefusedError:
            assert evaluator.quarantined.pop().event is event
        compare(said["occurred_at"])
    last = told(start, rows)[-1]["occurred_at"]
    for half_hours in range(0, rest, 7):
        evaluator.advance(micros_of(last + HALF_HOUR * half_hours))
        compare(last + HALF_HOUR * half_hours)
