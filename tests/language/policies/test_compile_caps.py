"""Caps of actions: numbers, and parts of measures."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from typing import Any

import pytest
from revlex.engine.language.program import Program, RelativeCap

POLICY = """
policy: p
measures:
  orders: {{per: shop, value: count(order), over: 30d}}
  sold: {{per: product, value: count(order), over: 30d}}
  bought: {{per: buyer, value: count(order), over: 30d}}
  rate: {{per: shop, value: count(review) / count(order), over: 30d, at_least: 9}}
  wait:
    per: shop
    value: greatest(review.posted_at - review.posted_at of review)
    over: 30d
    at_least: 9
  odd: {{per: shop, value: count(review where 1), over: 30d}}
thresholds:
  - {{threshold: a, measure: orders, check: daily, bands: {{any: from 0}}}}
  - {{threshold: b, measure: sold, check: daily, bands: {{any: from 0}}}}
  - {{threshold: c, measure: bought, check: daily, bands: {{any: from 0}}}}
  - {{threshold: d, measure: rate, check: daily, bands: {{any: from 0%}}}}
  - {{threshold: e, measure: wait, check: daily, bands: {{any: from 0s}}}}
violations: {{late: {{points: 0, do: [act for 9d]}}}}
actions: {{act: {{scope: {scope}, cap: {cap}}}}}
appeals: [{{appeal: violation, attempts: [within 9d of notice]}}]
"""


@pytest.mark.parametrize(
    ("scope", "cap", "codes"),
    [
        ("shop", "100 per day", ""),
        ("shop", "70% of orders per day", ""),
        ("fund", "70% of orders per 3 business days", ""),
        ("product", "70% of sold per day", ""),
        ("product", "70% of orders per day", ""),
        ("review", "70% of orders per day", ""),
        ("review", "70% of sold per day", "E638"),
        ("shop", "70% of sold per day", "E638"),
        ("product", "70% of bought per day", "E638"),
        ("shop", "70% of order per day", "E606"),
        ("shop", "70% of rate per day", "E679"),
        ("shop", "70% of wait per day", "E679"),
        ("shop", "70% of orders per 0d", "E633"),
        ("shop", "70% of orders", "E379"),
        ("shop", "70% per day", "E379"),
        ("shop", "70 of orders per day", "E379"),
        ("shop", "70% of orders per hour", "E379"),
        ("shop", "70 % of orders per day", "E305"),
        ("shop", "1234567890123456789% of orders per day", "E314"),
    ],
)
def test_caps(scope: str, cap: str, codes: str, compiled: Callable[..., Any]) -> None:
    text = POLICY.replace("  odd: {{per: shop, value: count(review where 1), over: 30d}}\n", "")
    assert compiled(text.format(scope=scope, cap=cap)).codes == codes.split()


def test_a_measure_with_a_mistake_gives_one_message(compiled: Callable[..., Any]) -> None:
    text = POLICY.format(scope="shop", cap="70% of odd per day")
    assert compiled(text).codes == ["E503"]


def test_what_a_cap_says(clean: Callable[..., Program]) -> None:
    text = POLICY.replace("  odd: {{per: shop, value: count(review where 1), over: 30d}}\n", "")
    program = clean(text.format(scope="shop", cap="62.5% of orders per 2  calendar weeks"))
    assert program.actions["act"].cap == RelativeCap(Fraction(5, 8), "orders", "2 calendar weeks")
