"""`most_common`: what occurs most often in a window, as the key of a table."""

from __future__ import annotations

from collections import Counter
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from revlex.engine.language.compiler import compile_sources
from revlex.engine.language.source import Source
from revlex.tests.reference.streams import DAY, Shop, compiled, instant

START = instant("2025-06-01")
POLICY = """
policy: most-common
tables:
  place: {by: product.category, a: 1, b: 2, c: 3, else: 4}
measures:
  num: {per: shop, value: "place[most_common(product.category of item)]", over: 3d}
thresholds:
  - {threshold: num, measure: num, check: on change, bands: {low: below 2, high: from 2}}
"""
PROGRAM = compiled(POLICY)

ORDERED = st.lists(st.tuples(st.integers(0, 2), st.sampled_from("abcd")), min_size=1, max_size=12)
"""How many days after the one before each order comes, and of which category."""


def looks(shop: Shop) -> list[Any]:
    found: list[Any] = []

    def look(_threshold: Any, _subject: str, _now: int, measured: Any, _shop: str) -> None:
        found.append(measured.value)

    shop.evaluator.observe(look)
    return found


@given(ORDERED)
def test_the_first_of_those_that_occur_most_often(ordered: list[tuple[int, str]]) -> None:
    shop = Shop(PROGRAM)
    found, now, dated = looks(shop), START, []
    for category in "abcd":
        shop.send(START, "product.listed", product_id=f"p{category}", category=category)
    for number, (days, category) in enumerate(ordered):
        now += days * DAY + 1
        shop.send(now, "order.placed", order_id=f"o{number}", product_id=f"p{category}")
        dated.append((now, category))
        times = Counter(one for at, one in dated if at > now - 3 * DAY)
        best = min(times, key=lambda one: (-times[one], one))
        assert found[-1] == "abcd".index(best) + 1
    shop.advance(now + 4 * DAY)
    assert found[-1] is None


def test_a_category_that_changes_counts_as_the_new_one() -> None:
    shop = Shop(PROGRAM)
    found = looks(shop)
    shop.send(START, "product.listed", product_id="p1", category="a")
    shop.send(START + 1, "order.placed", order_id="o1", product_id="p1")
    shop.send(START + 2, "product.updated", product_id="p1", category="c")
    assert found == [1, 3]


@pytest.mark.parametrize(
    ("value", "codes"),
    [
        ("place[most_common(product.category of item)]", []),
        ("place[most_common(review.class of review)]", ["E503"]),
        ("most_common(product.category of item)", ["E626"]),
        ("count(item) + place[most_common(product.category of review)]", []),
        ("place[most_common(review.stars of review)]", ["E522"]),
        ("place[most_common(product.category of chat)]", ["E403"]),
    ],
)
def test_where_it_may_stand(value: str, codes: list[str]) -> None:
    text = POLICY.replace("place[most_common(product.category of item)]", value)
    _, report = compile_sources([Source("policy.yaml", text)])
    assert [one.code for one in report if one.code.startswith("E")][:1] == codes


def test_a_ratio_to_a_whole_number_of_a_table_needs_something_on_both_sides() -> None:
    value = "count(order) / place[most_common(product.category of item)]"
    text = POLICY.replace("place[most_common(product.category of item)]", value)
    shop = Shop(compiled(text.replace("below 2,", "below 2.0,").replace("from 2}", "from 2.0}")))
    found = looks(shop)
    shop.send(START, "product.listed", product_id="p1", category="b")
    shop.send(START + 1, "order.placed", order_id="o1")
    shop.send(START + 2, "order.placed", order_id="o2", product_id="p1")
    assert found[0] is None
    assert found[-1] == 1
