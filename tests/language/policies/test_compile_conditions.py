"""Bands with conditions: what they may say, and in which order they mean something."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from revlex.engine.language import ir
from revlex.engine.language.program import Program

Clean = Callable[..., Program]

HEAD = """\
policy: p
measures:
  rate: {per: shop, value: count(review) / count(order), over: 30d, at_least: 9}
  orders: {per: shop, value: count(order), over: 30d}
  of_product: {per: product, value: count(review), over: 30d}
thresholds:
  - {threshold: a, measure: rate, check: daily, bands: {any: from 0%}}
  - {threshold: b, measure: orders, check: daily, bands: {any: from 0}}
  - {threshold: c, measure: of_product, check: daily, bands: {any: from 0}}
"""


def threshold(keys: str) -> str:
    return f"{HEAD}  - {{threshold: t, check: daily, {keys}}}\n"


@pytest.mark.parametrize(
    ("keys", "codes"),
    [
        ("measure: rate, bands: {low: below 1%, high: from 1% or when orders > 5}", ""),
        ("measure: rate, bands: {low: below 1%, high: from 1%, odd: when orders > 5}", ""),
        ("per: shop, bands: {low: when orders < 5, other: otherwise}", ""),
        ("per: product, bands: {low: when of_product < 5 and orders > 3, other: otherwise}", ""),
        ("per: product, bands: {low: 'when product.title == \"x\"', other: otherwise}", ""),
        ("per: buyer, bands: {low: when orders < 5, other: otherwise}", ""),
        ("per: shop, bands: {all: otherwise}", ""),
        ("per: shop, bands: {low: when of_product < 5, other: otherwise}", "E638"),
        ("per: shop, bands: {low: when rate < 5%, other: otherwise}", "E506"),
        ("per: shop, bands: {low: when orders, other: otherwise}", "E503"),
        ("per: shop, bands: {low: when product.price > 5.0, other: otherwise}", "E403"),
        ("per: shop, bands: {low: 'when points(\"x\") > 5', other: otherwise}", "E413"),
        ("bands: {low: when orders < 5, other: otherwise}", "E675"),
        ("measure: rate, per: shop, bands: {any: from 0%}", "E675"),
        ("per: shop, bands: {low: below 5, other: otherwise}", "E676"),
        ("per: shop, bands: {low: below 5 or when orders > 9, other: otherwise}", "E676"),
        ("measure: rate, bands: {low: when orders < 5, high: when orders >= 5}", "E676"),
        (
            "per: shop, leave: {low: below 5}, bands: {low: when orders < 5, other: otherwise}",
            "E676",
        ),
        ("per: shop, require: orders > 5, bands: {low: when orders < 5, other: otherwise}", "E676"),
        ("per: shop, bands: {low: when orders < 5, high: when orders >= 5}", "E677"),
        ("per: shop, bands: {low: when orders < 5, b: otherwise, c: otherwise}", "E677"),
        ("measure: orders, bands: {low: below 5, high: from 5, other: otherwise}", "E677"),
        ("measure: orders, leave: {high: otherwise}, bands: {low: below 5, high: from 5}", "E377"),
        (
            "measure: orders, leave: {b: from 3 or when rate > 2}, bands: {a: below 5, b: from 5}",
            "E377",
        ),
        ("per: shop, bands: {low: when length(shop.tier) < 0, other: otherwise}", "E624"),
        ("per: shop, bands: {low: when true, other: otherwise}", "W735"),
        ("per: shop, bands: {all: otherwise, low: when length(shop.tier) >= 0}", "W735"),
        ("measure: orders, bands: {low: below 5, high: from 5, all: when true}", "W735"),
        ("per: shop, bands: {a: when orders > 5, b: when orders > 7, c: otherwise}", "W735"),
        ("measure: orders, bands: {a: when orders > 5, b: from 0 or when orders > 7}", ""),
        ("per: shop, bands: {a: when orders > 7, b: when orders > 5, c: otherwise}", ""),
    ],
)
def test_conditions(keys: str, codes: str, compiled: Callable[..., Any]) -> None:
    assert compiled(threshold(keys)).codes == codes.split()


def test_what_is_left_is_what_no_condition_has_taken(clean: Clean) -> None:
    program = clean(
        threshold("per: shop, bands: {c: otherwise, a: when orders > 9, b: when orders > 5}")
    )
    found = program.thresholds[-1]
    assert (found.measure, found.per, found.other_measures) == (None, "shop", ("orders",))
    assert [band.name for band in found.bands] == ["c", "a", "b"]
    rest = found.bands[0].when
    assert isinstance(rest, ir.And)
    assert all(isinstance(part, ir.Not) for part in rest.operands)
    assert [part.operand for part in rest.operands if isinstance(part, ir.Not)] == [
        band.when for band in found.bands[1:]
    ]


def test_the_order_of_conditions_is_part_of_the_policy(clean: Clean) -> None:
    bands = ["a: when orders > 9", "b: when orders < 5", "c: otherwise"]
    keys = (
        f"per: shop, bands: {{{', '.join(one)}}}" for one in (bands, [bands[1], bands[0], bands[2]])
    )
    one, other = (clean(threshold(each)) for each in keys)
    assert one.digest != other.digest


def test_very_many_conditions(compiled: Callable[..., Any]) -> None:
    bands = ", ".join(f"b{number}: when orders == {number}" for number in range(500))
    assert compiled(threshold(f"per: shop, bands: {{{bands}, rest: otherwise}}")).codes == []
