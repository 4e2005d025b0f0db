"""Bands that are left later than they are entered, in whichever direction."""

from __future__ import annotations

from revlex.engine.language.compiler import compile_sources
from revlex.engine.language.source import Source
from revlex.engine.runtime.evaluator import Evaluator
from revlex.engine.runtime.event_types import Event
from revlex.engine.runtime.events import Decoder

POLICY = """
policy: bands
title: Bands
version: "1"
timezone: UTC
measures:
  of_reviews: {per: shop, value: count(review), over: 30d}
thresholds:
  - threshold: few-or-many
    measure: of_reviews
    check: on change
    bands: {none: below 1, some: from 1 below 4, many: from 4}
    leave: LEAVE
"""


def bands(leave: str, *changes: int) -> list[str]:
    """The bands entered as reviews are added (one each) or removed."""
    program, problems = compile_sources([Source("policy.yaml", POLICY.replace("LEAVE", leave))])
    assert program is not None, list(problems)
    evaluator, decoder = Evaluator(program), Decoder(program.catalog)
    standing: list[str] = []
    entered: list[str] = []
    for minute, change in enumerate(changes):
        key = f"r{minute}" if change > 0 else standing.pop()
        standing.extend([key] if change > 0 else [])
        at = f"2025-07-01T10:{minute:02}:00Z"
        head = {"event_id": str(minute), "shop_id": "s1", "occurred_at": at, "review_id": key}
        added = {"type": "review.posted", "stars": 5}
        event = decoder.convert(head | (added if change > 0 else {"type": "review.removed"}))
        assert isinstance(event, Event)
        entered += [decision.outcome.band or "" for decision in evaluator.feed(event)]
    return entered


UP_AND_DOWN = (1, 1, 1, 1, -1, -1, -1, -1)


def test_without_more_every_bound_counts_both_ways() -> None:
    assert bands("{}", *UP_AND_DOWN) == ["some", "many", "some", "none"]


def test_the_highest_band_is_left_downwards_only_where_it_says() -> None:
    assert bands("{many: below 2}", 1, 1, 1, 1, -1, -1) == ["some", "many"]
    assert bands("{many: below 2}", 1, 1, 1, 1, -1, -1, -1) == ["some", "many", "some"]


def test_a_middle_band_that_guards_the_way_down_still_lets_values_rise() -> None:
    assert bands("{some: below 1}", 1, 1, 1, 1) == ["some", "many"]


def test_a_middle_band_that_guards_the_way_up_still_lets_values_fall() -> None:
    assert bands("{some: above 4}", 1, 1, 1, 1) == ["some"]
    assert bands("{some: above 4}", 1, 1, 1, 1, 1) == ["some", "many"]
    assert bands("{some: above 4}", 1, -1) == ["some", "none"]
