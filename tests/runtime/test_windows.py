"""Windows that are pieces of the calendar, and windows that a count chooses."""

from __future__ import annotations

import pytest
from revlex.engine.language.compiler import compile_sources
from revlex.engine.language.source import Source
from revlex.engine.runtime.evaluator import Evaluator
from revlex.tests.reference.streams import Shop, compiled, lines


def policy(value: str, over: str, more: str = "") -> str:
    return (
        f"policy: windows\nretention: 800d\nmeasures:\n  num: {{per: shop, value: '{value}',"
        f" over: '{over}'{more}}}\nthresholds:\n  - {{threshold: num, measure: num,"
        " check: on change, bands: {none: below 1, some: from 1}}\n"
    )


def codes(value: str, over: str) -> list[str]:
    _, report = compile_sources([Source("policy.yaml", policy(value, over))])
    return [one.code for one in report]


def changes(shop: Shop) -> list[tuple[str | None, str]]:
    return [(one.outcome.band, one.time.event_time[:10]) for one in shop.of("threshold")]


def test_a_lag_moves_a_piece_of_the_calendar() -> None:
    shop = Shop(compiled(policy("count(review)", "last calendar month", ", lag: 5d")))
    shop.send("2025-06-10T10:00", "review.posted", review_id="r1", stars=1)
    shop.advance("2026-01-01")
    assert changes(shop) == [("some", "2025-07-06"), ("none", "2025-08-06")]


def test_what_is_known_late_enters_at_once() -> None:
    shop = Shop(compiled(policy("count(order dated order.delivered_at)", "last calendar month")))
    shop.send("2025-06-10", "order.placed", order_id="o1")
    shop.send("2025-07-10", "order.delivered", order_id="o1", delivered_at="2025-06-12T10:00:00Z")
    shop.send("2025-07-20", "order.delivered", order_id="o1", delivered_at="2025-05-31T10:00:00Z")
    assert changes(shop) == [("some", "2025-07-10"), ("none", "2025-07-20")]


def test_the_evidence_shows_the_window_that_was_chosen() -> None:
    over = "2d if count(review) >= 3 else 4d if count(review) >= 2 else last calendar year"
    shop = Shop(compiled(policy("count(review where review.stars == 5)", over)))
    shop.send("2024-02-03", "review.posted", review_id="r0", stars=1)
    for day in (1, 2, 3, 4):
        shop.send(f"2025-06-0{day}", "review.posted", review_id=f"r{day}", stars=1)
        shop.send(f"2025-06-0{day}T00:00:01", "review.posted", review_id=f"s{day}", stars=5)
    shop.advance("2026-12-01")
    found = [
        (one.outcome.band, one.time.event_time[:10], one.evidence.measure.window_from[:10])
        for one in shop.of("threshold")
    ]
    assert found == [
        ("none", "2024-02-03", "2023-01-01"),
        ("some", "2025-06-01", "2025-05-28"),
        ("none", "2025-06-08", "2024-01-01"),
        ("some", "2026-01-01", "2025-01-01"),
    ]


def test_the_counts_of_the_other_window_are_no_evidence() -> None:
    over = "2d if count(order) >= 2 else 30d"
    shop = Shop(compiled(policy("count(review)", over)))
    shop.send("2025-06-01", "order.placed", order_id="o1")
    shop.send("2025-06-01T10:00", "review.posted", review_id="r1", stars=1)
    shop.send("2025-06-09", "order.placed", order_id="o2")
    shop.send("2025-06-09T01:00", "order.placed", order_id="o3")
    _, first, second = shop.of("threshold")
    assert first.evidence.measure.counted == {"review": ["r1"]}
    assert second.evidence.measure.counted == {"order": ["o2", "o3"], "review": []}
    assert second.evidence.measure.window_from[:10] == "2025-06-07"


def test_a_measure_may_decide_which_window_it_is() -> None:
    text = """
policy: by-measure
measures:
  orders: {per: shop, value: count(order), over: 5d}
  num: {per: product, value: count(review), over: 1d if orders > 1 else 30d}
thresholds:
  - {threshold: num, measure: num, check: on change, bands: {none: below 1, some: from 1}}
"""
    shop = Shop(compiled(text))
    shop.send("2025-06-01", "review.posted", review_id="r1", product_id="p1", stars=1)
    shop.send("2025-06-05", "order.placed", order_id="o1")
    shop.send("2025-06-06", "order.placed", order_id="o2")
    shop.advance("2025-06-20")
    assert changes(shop) == [("some", "2025-06-01"), ("none", "2025-06-06"), ("some", "2025-06-10")]


def test_measures_that_choose_by_each_other_make_a_circle() -> None:
    text = """
policy: circle
measures:
  a: {per: shop, value: count(order), over: 1d if b > 1 else 2d}
  b: {per: shop, value: count(order), over: 1d if a > 1 else 2d}
"""
    _, report = compile_sources([Source("policy.yaml", text)])
    assert [one.code for one in report if one.code.startswith("E")] == ["E617"]


@pytest.mark.parametrize(
    ("over", "found"),
    [
        ("this calendar year", []),
        ("30d if count(order) > 1 and sum(order.quantity of order) > 5 else 60d", []),
        ("30d if average(review.stars of review) > 1.0 else 60d", ["E528"]),
        ('30d if most_common(product.category of item) == "toys" else 60d', ["E528"]),
        ("30d if count(order) / count(review) > 1% else 60d", ["E528"]),
        ("30d if now > now else 60d", ["E627", "E627"]),
        ("30d if 1 == 1 else 60d", ["E528"]),
        ("30d if count(order) >= 0 else 60d", ["W724"]),
        ("30d if count(order) else 60d", ["E503"]),
        ("30d if count(chat for order) > 1 else 60d", ["E524"]),
        ("0d if count(order) > 1 else 60d", ["E633"]),
        ("30d if count(order) > 1 else last calendar year", []),
        ("900d if count(order) > 1 else 60d", ["E618"]),
        ("1d if num > 3 else 2d", ["E617"]),
    ],
)
def test_which_windows_there_may_be(over: str, found: list[str]) -> None:
    assert codes("count(review)", over) == found


def test_a_product_without_what_is_counted() -> None:
    text = policy("count(order)", "1d if count(chat) > 1 else 2d").replace(
        "per: shop", "per: product"
    )
    _, report = compile_sources([Source("policy.yaml", text)])
    assert [one.code for one in report] == ["E632"]


def test_a_snapshot_changes_nothing() -> None:
    over = "this calendar week if count(review) >= 2 else last calendar week"
    program = compiled(policy("count(review)", over))
    whole, cut = Shop(program), Evaluator(program)
    found = []
    for number in range(12):
        event = whole.event(
            f"2025-06-{2 * number + 1:02}", "review.posted", review_id=f"r{number}", stars=1
        )
        whole.decisions += whole.evaluator.feed(event)
        restored = Evaluator(program)
        restored.restore(cut.snapshot())
        cut = restored
        found += cut.feed(event)
    assert lines(found) == lines(whole.decisions)
    assert len(found) > 1
