"""Thresholds: bands in order, without gaps, and what follows from them."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from revlex.engine.language import ir
from revlex.engine.language.diagnostics import Diagnostic
from revlex.engine.language.program import (
    ONCE,
    RECOVERED,
    Band,
    Bound,
    Effects,
    HoldFor,
    Program,
    Proposal,
)
from revlex.engine.language.syntax import Schedule, ScheduleKind

Clean = Callable[..., Program]
Wrong = Callable[[str, str], list[Diagnostic]]

HOUR = 3_600_000_000
MEASURES = """\
policy: p
measures:
  rate: {per: shop, value: count(review) / count(order), over: 30d, at_least: 9}
  reviews: {per: shop, value: count(review), over: 30d}
  of_product: {per: product, value: share(review.stars <= 2 of review), over: 30d, at_least: 9}
  stars: {per: shop, value: average(review.stars of review), over: 30d, at_least: 9}
thresholds:
  - {threshold: a, measure: rate, check: daily, bands: {any: from 0%}}
  - {threshold: b, measure: reviews, check: daily, bands: {any: from 0}}
  - {threshold: c, measure: of_product, check: daily, bands: {any: from 0%}}
  - {threshold: d, measure: stars, check: daily, bands: {any: from 0.0}}
"""


def bound(value: Bound | None) -> tuple[Any, bool] | None:
    if value is None:
        return None
    assert isinstance(value.value, ir.Constant)
    return value.value.value, value.included


def shown(bands: tuple[Band, ...]) -> list[tuple[str, Any, Any]]:
    return [(band.name, bound(band.lower), bound(band.upper)) for band in bands]


def test_a_threshold_says_what_its_entry_says(clean: Clean) -> None:
    program = clean(
        MEASURES
        + """
  - threshold: shop-rate
    measure: rate
    check: weekly on monday at 06:00
    require: reviews >= 100
    bands: {bad: from 1%, good: below 0.5%, middling: from 0.5% below 1%}
    leave: {bad: below 0.8%}
    hold_for: {bad: 2 checks, middling: 48h}
    on_enter:
      bad: {violation: too-many, do: [order_cap until recovered, send_notice]}
      middling: {do: [send_notice]}
    because: "{numerator} of {denominator} are {value}, which is {band}; {sample} count"
violations: {too-many: {points: 4}}
actions:
  order_cap: {scope: shop}
  send_notice: {scope: shop, overlap: keep}
appeals: [{appeal: x, against: [violation, threshold], attempts: [within 30d of notice]}]
"""
    )
    threshold = program.thresholds[-1]
    assert (threshold.name, threshold.measure, threshold.per) == ("shop-rate", "rate", "shop")
    assert threshold.schedule == Schedule(ScheduleKind.WEEKLY, 0, 6 * 60, span=threshold.span)
    assert threshold.other_measures == ("reviews",)
    assert shown(threshold.bands) == [
        ("good", None, (Fraction(1, 200), False)),
        ("middling", (Fraction(1, 200), True), (Fraction(1, 100), False)),
        ("bad", (Fraction(1, 100), True), None),
    ]
    assert shown(tuple(threshold.leave.values())) == [("bad", None, (Fraction(1, 125), False))]
    assert threshold.hold_for == {"bad": HoldFor(2, None), "middling": HoldFor(None, 48 * HOUR)}
    assert threshold.on_enter == {
        "bad": Effects(
            "too-many", (Proposal("order_cap", RECOVERED), Proposal("send_notice", ONCE))
        ),
        "middling": Effects(None, (Proposal("send_notice", ONCE),)),
    }
    assert threshold.because is not None
    parameters = [part.name for part in threshold.because.parts if isinstance(part, ir.Parameter)]
    assert parameters == ["numerator", "denominator", "value", "band", "sample"]


@pytest.mark.parametrize(
    ("measure", "bands", "codes"),
    [
        ("reviews", "below 5 | from 5", ""),
        ("reviews", "up to 5 | above 5", ""),
        ("reviews", "from 0", ""),
        ("reviews", "from 0 below 5 | from 5", ""),
        ("reviews", "below 5 | from 5 up to 5 | above 5", ""),
        ("reviews", "from 9 | from 5 below 9 | below 5", ""),
        ("reviews", "above 0", "E608"),
        ("reviews", "from 1", "E608"),
        ("reviews", "below 5", "E608"),
        ("reviews", "below 5 | above 5", "E608"),
        ("reviews", "below 5 | from 6", "E608"),
        ("reviews", "up to 5 | from 5", "E607"),
        ("reviews", "below 6 | from 5", "E607"),
        ("reviews", "from 0 | from 5 below 6", "E607"),
        ("reviews", "below 5 | below 6", "E607"),
        ("reviews", "from 5 | from 6", "E607"),
        ("reviews", "below 5 | from 7 up to 6 | from 5", "E609"),
        ("reviews", "below 5 | from 5 below 5 | from 5", "E609"),
        ("reviews", "below 5 | above 5 up to 5 | from 5", "E609"),
        ("rate", "below 0.5% | from 0.5%", ""),
        ("rate", "below 0.05 | from 5%", "E502"),
        ("rate", "below 5 | from 5", "E502 E502"),
        ("reviews", "below 5% | from 5%", "E503 E503"),
        ("stars", "below 4.0 | from 4.0", ""),
        ("stars", "below 4 | from 4", "E503 E503"),
        ("reviews", "from 5d | below 5d", "E503 E503"),
        ("reviews", "below reviews | from reviews", ""),
        ("reviews", "below rate | from 5", "E503 E506"),
        ("reviews", "5 to 7 | from 7", "E360"),
    ],
)
def test_bands(measure: str, bands: str, codes: str, compiled: Callable[..., Any]) -> None:
    named = ", ".join(f"b{i}: '{band.strip()}'" for i, band in enumerate(bands.split("|")))
    text = f"{MEASURES}  - {{threshold: t, measure: {measure}, check: daily, bands: {{{named}}}}}\n"
    assert compiled(text).codes == codes.split()


numbers = st.integers(0, 6)
edges = st.one_of(st.none(), st.tuples(numbers, st.booleans()))


@given(pairs=st.lists(st.tuples(edges, edges), min_size=1, max_size=4))
def test_bands_are_accepted_just_when_each_number_lies_in_one(
    pairs: list[tuple[tuple[int, bool] | None, tuple[int, bool] | None]],
    compiled: Callable[..., Any],
) -> None:
    # Two to every unit, so that what lies between two bounds is looked at too.
    def inside(value: int, low: tuple[int, bool] | None, high: tuple[int, bool] | None) -> bool:
        above = low is None or value > 2 * low[0] or (low[1] and value == 2 * low[0])
        below = high is None or value < 2 * high[0] or (high[1] and value == 2 * high[0])
        return above and below

    def written(low: tuple[int, bool] | None, high: tuple[int, bool] | None) -> str:
        start = "" if low is None else f"{'from' if low[1] else 'above'} {low[0]}.0 "
        end = "" if high is None else f"{'up to' if high[1] else 'below'} {high[0]}.0"
        return (start + end).strip()

    texts = [written(*pair) for pair in pairs]
    if "" in texts:
        return
    values = range(20)
    once = all(sum(inside(value, *pair) for pair in pairs) == 1 for value in values)
    once = once and sum(inside(-1, *pair) for pair in pairs) <= 1  # below all that there can be
    full = all(any(inside(value, *pair) for value in range(-1, 20)) for pair in pairs)
    named = ", ".join(f"b{i}: {text}" for i, text in enumerate(texts))
    text = f"{MEASURES}  - {{threshold: t, measure: stars, check: daily, bands: {{{named}}}}}\n"
    found = compiled(text).codes
    assert (found == []) is (once and full), found


# ------------------------------------------------------------------ looked-up bounds


TABLES = (
    MEASURES
    + """\
  - threshold: t
    measure: of_product
    check: daily
    bands:
      good: below lower[product.category]
      middling: from lower[product.category] below upper[product.category]
      bad: from upper[product.category]
tables:
"""
)


def test_looked_up_bounds_are_looked_at_row_by_row(compiled: Callable[..., Any]) -> None:
    lower = "  lower: {by: product.category, books: 1%, else: 2%}\n"
    outcome = compiled(TABLES + lower + "  upper: {by: product.category, toys: 3%, else: 4%}\n")
    assert outcome.codes == []
    names = [band.name for band in outcome.program.thresholds[-1].bands]
    assert names == ["good", "middling", "bad"]


@pytest.mark.parametrize(
    ("upper", "message"),
    [
        ("books: 3%, else: 1%", "no value can lie in the band `middling`"),
        ("books: 1%, else: 4%", "for `books`, no value can lie in the band `middling`"),
        ("toys: 1%, else: 4%", "for `toys`, no value can lie in the band `middling`"),
    ],
)
def test_a_row_for_which_bands_make_no_sense(
    upper: str, message: str, compiled: Callable[..., Any]
) -> None:
    lower = "  lower: {by: product.category, books: 1%, else: 2%}\n"
    outcome = compiled(f"{TABLES}{lower}  upper: {{by: product.category, {upper}}}\n")
    assert [(one.code, one.message) for one in outcome.found] == [("E609", message)]


def test_the_order_of_bands_in_the_file_means_nothing(clean: Clean) -> None:
    tables = (
        "  lower: {by: product.category, books: 1%, else: 2%}\n"
        "  upper: {by: product.category, toys: 3%, else: 4%}\n"
    )
    lines = TABLES.splitlines(keepends=True)
    at = next(i for i, line in enumerate(lines) if line.startswith("      good"))
    turned = "".join([*lines[:at], *reversed(lines[at : at + 3]), *lines[at + 3 :]])
    one, other = clean(TABLES + tables), clean(turned + tables)
    assert one.digest == other.digest
    assert one.thresholds == other.thresholds


# ------------------------------------------------------------------- consequences


@pytest.mark.parametrize(
    ("measure", "scope", "codes"),
    [
        ("reviews", "shop", []),
        ("reviews", "fund", []),
        ("reviews", "product", ["E641"]),
        ("reviews", "review", ["E641"]),
        ("reviews", "reply", ["E641"]),
        ("of_product", "shop", []),
        ("of_product", "fund", []),
        ("of_product", "product", []),
        ("of_product", "review", ["E641"]),
        ("of_product", "reply", ["E641"]),
    ],
)
def test_an_action_falls_on_what_is_looked_at(
    measure: str, scope: str, codes: list[str], compiled: Callable[..., Any]
) -> None:
    band = "0" if measure == "reviews" else "0%"
    text = f"""{MEASURES}
  - threshold: t
    measure: {measure}
    check: daily
    bands: {{any: from {band}}}
    on_enter: {{any: {{do: [act for 1d]}}}}
    because: why
actions: {{act: {{scope: {scope}}}}}
appeals: [{{appeal: threshold, attempts: [within 30d of notice]}}]
"""
    assert compiled(text).codes == codes


def test_nothing_falls_on_anybody_for_what_buyers_do(wrong: Wrong) -> None:
    wrong(
        """
        policy: p
        measures:
          angry: {per: buyer, value: count(review), over: 30d}
        thresholds:
          - threshold: t
            measure: angry
            check: daily
            bands: {few: below 5, many: from 5}
            on_enter: {«many»: {violation: angry-buyers}}
            because: "{value}"
        violations: {angry-buyers: {points: 1}}
        """,
        "E643",
    )


def test_each_mistake_in_a_threshold_has_its_place(wrong: Wrong) -> None:
    wrong(
        """
        policy: p
        measures:
          reviews: {per: shop, value: count(review), over: 30d}
        thresholds:
          - threshold: t
            measure: «revues»
            check: «hourly»
            bands: {few: below 5, many: from 5}
            leave: {«mny»: below 3}
            hold_for: {many: 2 «cheques»}
          - threshold: u
            measure: reviews
            check: monthly on day «32»
            bands: {few: below 5, many: from 5}
            on_enter: {many: {do: [close for 5d, «clothes» for 5d, close for «0d»]}}
            because: "too {«much»}"
        actions: {close: {scope: shop, overlap: keep}}
        """,
        "E606 E361 E606 E367 E371 E606 E633 E401",
    )
