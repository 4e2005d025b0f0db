"""What a history says at its end is what the engine knows; a folder tells the same as a ledger."""

from __future__ import annotations

from dataclasses import replace

import pytest
from revlex.engine.authoring.timeline.model import History
from revlex.engine.authoring.timeline.opening import history_of
from revlex.engine.authoring.timeline.survey import Asked
from revlex.engine.ledger.auditing.programs import Programs
from revlex.engine.ledger.reading import LedgerReader
from revlex.engine.runtime.evaluator import Evaluator
from revlex.engine.runtime.event_types import Event
from revlex.engine.runtime.events import Decoder

EARLY = ["boa-moda", "krathong-living", "lotus-home", "sari-beauty", "turbo-gadgets"]
"""The shops that had events in January."""


def history(source: str, shop: str, since: str | None = None, until: str | None = None) -> History:
    return history_of(source, shop, Asked(since, until, most=10_000), progress=False)


@pytest.fixture(scope="session")
def engine(demo_ledger: str) -> Evaluator:
    """The engine after all events of all shops."""
    with LedgerReader(demo_ledger) as reader:
        program = Programs(reader).get(reader.shops()[0].policy)
        assert program is not None
        evaluator, decoder = Evaluator(program), Decoder(program.catalog)
        for kept in reader.shops():
            for row in reader.events(kept.shop):
                event = decoder.decode(row.body.encode())
                assert isinstance(event, Event)
                evaluator.feed(event)
    return evaluator


def test_balances_end_where_the_engine_has_them(
    demo_ledger: str, shop: str, engine: Evaluator
) -> None:
    known = {ladder: total for ladder, name, total in engine.totals() if name == shop}
    told = {one.ladder: one.total for one in history(demo_ledger, shop).points}
    assert {name: total for name, total in told.items() if total} == known


def test_bands_end_where_the_engine_has_them(
    demo_ledger: str, shop: str, engine: Evaluator
) -> None:
    known = {
        (threshold, subject): band
        for threshold, name, subject, band in engine.bands()
        if name == shop
    }
    told = {(one.threshold, one.subject): one.band for one in history(demo_ledger, shop).series}
    assert {key: band for key, band in told.items() if band is not None} == {
        key: band for key, band in known.items() if key in told
    }


def test_what_is_in_force_is_what_the_engine_has_in_force(
    demo_ledger: str, shop: str, engine: Evaluator
) -> None:
    known = sorted((action, target) for action, name, target in engine.in_force() if name == shop)
    told = history(demo_ledger, shop).in_force
    assert sorted((bar.action, bar.target) for bar in told) == known


@pytest.mark.parametrize("shop", EARLY, indirect=True)
@pytest.mark.parametrize("until", ["2025-02-05T00:00:00Z", "2025-02-16T10:30:00Z", "2025-04-09"])
def test_at_any_time_a_history_says_what_the_engine_knew(
    demo_ledger: str, shop: str, until: str
) -> None:
    found = history(demo_ledger, shop, until=until)
    assert found.stretch is not None
    with LedgerReader(demo_ledger) as reader:
        kept = reader.shop(shop)
        program = Programs(reader).get(kept.policy)
        assert program is not None
        evaluator, decoder = Evaluator(program, region=kept.region), Decoder(program.catalog)
        for row in reader.events(shop):
            event = decoder.decode(row.body.encode())
            if row.at <= found.stretch.end and isinstance(event, Event):
                evaluator.feed(event)
    evaluator.advance_shop(shop, found.stretch.end)
    known = {ladder: total for ladder, _, total in evaluator.totals()}
    assert {one.ladder: one.total for one in found.points if one.total} == known
    running = sorted((action, target) for action, _, target in evaluator.in_force())
    planned = {"planned", "suspended"}
    told = [bar for bar in found.in_force if bar.pieces[-1].state not in planned]
    assert sorted((bar.action, bar.target) for bar in told) == running
    bands = {(name, subject): band for name, _, subject, band in evaluator.bands()}
    for one in found.series:
        if one.band is not None:
            assert bands[one.threshold, one.subject] == one.band


def changes(found: History) -> dict[str, object]:
    return {one.ladder: one.balances for one in found.points if one.balances}


def test_a_folder_tells_the_same_as_a_ledger(
    demo_ledger: str, demo_results: str, shop: str
) -> None:
    one, other = history(demo_ledger, shop), history(demo_results, shop)
    assert one.bars == other.bars
    assert [entry.decision for entry in one.entries] == [entry.decision for entry in other.entries]
    assert changes(one) == changes(other)
    assert one.appeals == other.appeals
    assert one.decisions == other.decisions


def test_values_in_a_folder_are_those_that_the_checks_saw(
    demo_ledger: str, demo_results: str
) -> None:
    day = ("2025-02-01", "2025-03-31")
    one = history(demo_ledger, "turbo-gadgets", *day)
    other = history(demo_results, "turbo-gadgets", *day)

    def seen(found: History) -> dict[tuple[str, str], list[object]]:
        return {
            (series.threshold, series.subject): [sample.value for sample in series.samples]
            for series in found.series
            if series.samples
        }

    assert seen(one)["shop-rating", ""]
    assert seen(one).items() >= seen(other).items()


def test_every_review_is_counted_once_with_the_stars_it_had_first(demo_ledger: str) -> None:
    found = history(demo_ledger, "turbo-gadgets")
    with LedgerReader(demo_ledger) as reader:
        posted = [row for row in reader.events("turbo-gadgets") if '"review.posted"' in row.body]
        five = [row for row in posted if '"stars":5' in row.body]
    assert sum(found.calendar.stars) == len(posted)
    assert found.calendar.stars[4] == len(five)


def test_a_part_of_a_history_ends_as_it_stood_then(demo_ledger: str) -> None:
    found = history(demo_ledger, "turbo-gadgets", "2025-02-04", "2025-02-12")
    [points, _] = found.points
    assert (points.start, points.total) == (13, 21)
    assert {bar.action for bar in found.in_force} >= {"order_cap", "hold_payout"}
    assert "close_shop" not in {bar.action for bar in found.bars}
    assert sum(found.decisions.values()) == len(found.entries)
    assert all(found.stretch and found.stretch.holds(entry.at) for entry in found.entries)


def test_parts_make_the_whole(demo_ledger: str, shop: str) -> None:
    whole = history(demo_ledger, shop)
    first = history(demo_ledger, shop, until="2025-02-28")
    second = history(demo_ledger, shop, since="2025-03-01")
    assert [*first.entries, *second.entries] == [replace(entry) for entry in whole.entries]
    assert first.decisions + second.decisions == whole.decisions


def test_too_many_decisions_are_counted_and_those_that_matter_stay(demo_ledger: str) -> None:
    whole = history(demo_ledger, "turbo-gadgets")
    few = history_of(demo_ledger, "turbo-gadgets", Asked(most=40), progress=False)
    assert len(few.entries) == 40
    assert (
        few.left_out + type(few.left_out)(entry.decision.kind for entry in few.entries)
        == whole.decisions
    )
    assert few.left_out["draft"] == whole.decisions["draft"]
    assert few.left_out["violation"] == 0
