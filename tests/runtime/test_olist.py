"""The Olist pack over the public tables: every rate and band, as plain loops over them count it."""

from __future__ import annotations

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from fractions import Fraction
from importlib.resources import files
from pathlib import Path
from typing import Any

import pytest
from revlex.engine.language.compiler import compile_policy
from revlex.engine.language.diagnostics import Report
from revlex.engine.language.source import Source
from revlex.engine.records.decision import Decision
from revlex.engine.runtime.evaluator import Evaluator
from revlex.engine.runtime.events import Decoder
from revlex.engine.runtime.instants import from_datetime, to_datetime
from revlex.engine.runtime.mapping import bind, load_mapping, map_events
from revlex.engine.runtime.zones import zone
from revlex.tests.reference.olist_rates import Seen, Shop, band_after, read_shops, seen

DATA = Path(__file__).parents[2].parent / "shared" / "data" / "olist"
PACK = files("revlex.rules") / "marketplace" / "olist"
CLOCK = zone("America/Sao_Paulo")
FIRST, LAST = date(2016, 9, 1), date(2018, 12, 31)
"""From before the first order until everything has left its window."""

pytestmark = pytest.mark.skipif(not DATA.is_dir(), reason="the Olist tables are not here")

Look = tuple[int, int, bool, Fraction | None]
"""Numerator, denominator, whether that was enough, and the rate."""


@dataclass(slots=True)
class Outcome:
    """What the engine saw and decided, by shop; days as `date.toordinal` gives them."""

    looks: dict[str, dict[int, Look]] = field(default_factory=lambda: defaultdict(dict))
    decisions: list[Decision] = field(default_factory=list)
    quarantined: int = 0


def local_day(text_or_instant: str | int) -> int:
    if isinstance(text_or_instant, str):
        return datetime.fromisoformat(text_or_instant).date().toordinal()
    return to_datetime(text_or_instant, CLOCK).date().toordinal()


@pytest.fixture(scope="module")
def outcome() -> Outcome:
    program, report = compile_policy(Path(str(PACK)))
    assert program is not None, list(report)
    found = Outcome()

    def look(_threshold: Any, subject: str, now: int, measured: Any, shop: str) -> None:
        assert subject == ""
        row = (measured.numerator, measured.denominator, measured.enough, measured.value)
        day = local_day(now)
        assert day not in found.looks[shop], "a shop is looked at once a day"
        found.looks[shop][day] = row

    evaluator = Evaluator(program)
    evaluator.observe(look)
    mapping = load_mapping(Source.read(Path(str(PACK / "mapping.yaml"))), program.catalog, Report())
    assert mapping is not None
    bound = bind(mapping, DATA, Report())
    assert bound is not None
    for received in map_events(bound, Decoder(program.catalog)):
        assert received.event is not None
        found.decisions += evaluator.feed(received.event)
    end = datetime(LAST.year, LAST.month, LAST.day, 12, tzinfo=CLOCK)
    found.decisions += evaluator.advance(from_datetime(end))
    found.quarantined = len(evaluator.quarantined)
    return found


@pytest.fixture(scope="module")
def shops() -> dict[str, Shop]:
    return read_shops(DATA)


def every_day() -> Iterator[date]:
    for offset in range((LAST - FIRST).days + 1):
        yield FIRST + timedelta(days=offset)


def carried(looks: dict[int, Look], day: int, days: list[int]) -> Look:
    """What was seen last: a check at which nothing has changed is skipped."""
    position = bisect_right(days, day)
    return looks[days[position - 1]] if position else (0, 0, False, None)


def test_every_rate_of_every_shop_on_every_day(outcome: Outcome, shops: dict[str, Shop]) -> None:
    assert outcome.quarantined == 0
    assert set(outcome.looks) <= set(shops)
    enough = 0
    for name, shop in shops.items():
        looks = outcome.looks.get(name, {})
        days = sorted(looks)
        for day in every_day():
            expected: Seen = seen(shop, day)
            numerator, denominator, told, rate = carried(looks, day.toordinal(), days)
            assert (numerator, denominator) == (expected.numerator, expected.denominator), name
            assert rate == expected.rate, (name, day)
            assert told == (expected.rate is not None), (name, day)
            enough += told
    assert enough > 3_000, "shops with enough orders to tell were compared"


def test_every_change_of_band(outcome: Outcome, shops: dict[str, Shop]) -> None:
    found: dict[str, list[tuple[int, str | None, str | None]]] = defaultdict(list)
    for decision in outcome.decisions:
        crossing = decision.outcome
        if decision.kind == "threshold" and crossing.band != crossing.band_before:
            day = local_day(decision.time.event_time)
            found[decision.subject.shop].append((day, crossing.band_before, crossing.band))
    changes = 0
    for name, shop in shops.items():
        expected = list(band_changes(shop))
        assert found.get(name, []) == expected, name
        changes += len(expected)
    assert changes == sum(map(len, found.values()))
    assert changes > 200, "bands did change"


def band_changes(shop: Shop) -> Iterator[tuple[int, str | None, str]]:
    band: str | None = None
    for day in every_day():
        rate = seen(shop, day).rate
        after = band if rate is None else band_after(band, rate)
        if after is not None and after != band:
            yield day.toordinal(), band, after
            band = after
