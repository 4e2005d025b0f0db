"""Bands with conditions: tried before the value, and told with their explanation."""

from __future__ import annotations

import pytest
from revlex.engine.runtime.evaluator import Evaluator
from revlex.tests.reference.streams import Shop, compiled, lines

HEAD = """
policy: conditions
measures:
  rate: {per: shop, value: share(review.stars <= 2 of review), over: 10d, at_least: 2}
  bad: {per: shop, value: count(review where review.stars == 1), over: 10d}
  on_product: {per: product, value: count(review), over: 10d}
"""


def shop(thresholds: str, more: str = "") -> Shop:
    return Shop(compiled(f"{HEAD}\nthresholds:\n{thresholds}\n{more}"))


def bands(found: Shop) -> list[tuple[str, str | None, str]]:
    """(subject, band, result) of every crossing."""
    return [(d.subject.id, d.outcome.band, d.rule.result) for d in found.of("threshold")]


RATE = """
  - threshold: rate
    measure: rate
    check: on change
    bands: {fine: below 50%, poor: from 50% or when bad >= 2, gone: 'when shop.tier == "gone"'}
"""


def test_a_condition_decides_whatever_the_value_is() -> None:
    found = shop(RATE)
    for number, stars in enumerate([5, 5, 5, 5, 1, 1]):
        found.send("2025-07-01T00:00", "review.posted", review_id=f"r{number}", stars=stars)
    assert bands(found) == [("s1", "fine", "fired"), ("s1", "poor", "fired")]
    decision = found.decisions[-1]
    assert decision.evidence.measure is not None
    assert decision.evidence.measure.value == "1/3"
    assert decision.evidence.measure.threshold is None
    assert decision.evidence.explanation is not None
    assert decision.evidence.explanation.text == "bad >= 2"


def test_conditions_are_tried_in_the_order_of_the_bands() -> None:
    found = shop(RATE)
    found.send("2025-07-01T00:00", "review.posted", review_id="r1", stars=1)
    found.send("2025-07-01T00:00", "shop.tier_changed", tier="gone")
    found.send("2025-07-01T00:01", "review.posted", review_id="r2", stars=1)
    assert [band for _, band, _ in bands(found)] == ["gone", "poor"]


def test_a_condition_needs_no_sample_and_what_it_brought_stays_without_one() -> None:
    found = shop(RATE)
    found.send("2025-07-01T00:00", "shop.tier_changed", tier="gone")
    found.send("2025-07-02T00:00", "shop.tier_changed", tier="back")
    found.send("2025-07-03T00:00", "clock.tick")
    assert bands(found) == [("s1", "gone", "fired"), ("s1", "gone", "insufficient")]
    for name in ("r1", "r2"):
        found.send("2025-07-04T00:00", "review.posted", review_id=name, stars=5)
    assert bands(found)[2:] == [("s1", "fine", "fired")]
    explanation = found.decisions[-1].evidence.explanation
    assert explanation is not None
    assert (explanation.text, explanation.value) == ('shop.tier == "gone"', False)


def test_a_condition_that_fails_is_an_error_and_keeps_the_band() -> None:
    found = shop(
        """
  - threshold: t
    per: shop
    check: on change
    bands:
      many: when sum(order.quantity of order) > 5
      other: otherwise
""".replace("sum(order.quantity of order)", "(bad * 9223372036854775807)")
    )
    found.send("2025-07-01T00:00", "review.posted", review_id="r1", stars=5)
    found.send("2025-07-01T00:01", "review.posted", review_id="r2", stars=1)
    found.send("2025-07-01T00:02", "review.posted", review_id="r3", stars=1)
    assert bands(found) == [
        ("s1", "other", "fired"),
        ("s1", "many", "fired"),
        ("s1", "many", "error"),
    ]


@pytest.mark.parametrize("check", ["on change", "daily at 00:01"])
def test_a_threshold_of_conditions_looks_from_the_first_event_on(check: str) -> None:
    found = shop(f"""
  - threshold: t
    per: shop
    check: {check}
    bands: {{mall: 'when shop.tier == "mall"', other: otherwise}}
  - threshold: u
    per: product
    check: {check}
    bands: {{toys: 'when product.category == "toys"', other: otherwise}}
""")
    found.send("2025-07-01T00:00", "product.listed", product_id="p1", category="toys")
    found.send("2025-07-02T00:00", "shop.tier_changed", tier="mall")
    found.send("2025-07-03T00:00", "product.updated", product_id="p1", category="books")
    found.advance("2025-07-05T00:00")
    assert sorted(bands(found)) == sorted(
        [
            ("s1", "other", "fired"),
            ("p1", "toys", "fired"),
            ("s1", "mall", "fired"),
            ("p1", "other", "fired"),
        ]
    )


def test_a_condition_that_reads_the_time_is_looked_at_by_every_check() -> None:
    found = shop("""
  - threshold: t
    per: shop
    check: daily
    bands:
      away: when has shop.holiday_to and now < shop.holiday_to
      here: otherwise
""")
    found.send(
        "2025-07-01T10:00",
        "shop.holiday_mode",
        from_="2025-07-01T00:00:00Z",
        to="2025-07-04T12:00:00Z",
    )
    found.advance("2025-07-09T00:00")
    assert [(d.time.event_time[:10], d.outcome.band) for d in found.of("threshold")] == [
        ("2025-07-02", "away"),
        ("2025-07-05", "here"),
    ]


def test_a_band_by_condition_can_be_held() -> None:
    found = shop("""
  - threshold: t
    per: shop
    check: on change
    bands: {poor: when bad >= 1, fine: otherwise}
    hold_for: {poor: 48h}
""")
    found.send("2025-07-01T00:00", "review.posted", review_id="r1", stars=1)
    found.send("2025-07-02T00:00", "review.removed", review_id="r1")
    found.send("2025-07-02T12:00", "review.restored", review_id="r1")
    found.advance("2025-07-08T00:00")
    assert [(d.time.event_time[:13], d.outcome.band) for d in found.of("threshold")] == [
        ("2025-07-02T00", "fine"),
        ("2025-07-04T12", "poor"),
    ]


def test_a_refused_first_event_leaves_the_same_behind_when_restored() -> None:
    text = """
  - {threshold: t, per: shop, check: on change, bands: {bad: when bad > 0, other: otherwise}}
"""
    straight, cut = shop(text), shop(text)
    for one in (straight, cut):
        one.send("2025-07-01T00:00", "review.edited", review_id="unknown", stars=1)
    snapshot = cut.evaluator.snapshot()
    cut.evaluator = Evaluator(cut.program)
    cut.evaluator.restore(snapshot)
    for one in (straight, cut):
        one.send("2025-07-01T00:01", "clock.tick")
    assert bands(straight) == [("s1", "other", "fired")]
    assert lines(straight.decisions) == lines(cut.decisions)


def test_what_a_condition_brought_is_lifted_when_it_no_longer_holds() -> None:
    found = shop(
        """
  - threshold: t
    per: shop
    check: on change
    bands: {poor: when bad >= 1, fine: otherwise}
    on_enter: {poor: {do: [close until recovered]}}
    because: "{band}"
""",
        "actions: {close: {scope: shop}}\n"
        "appeals: [{appeal: action, attempts: [within 9d of notice]}]",
    )
    found.send("2025-07-01T00:00", "review.posted", review_id="r1", stars=1)
    assert found.in_force() == ["close"]
    found.advance("2025-07-20T00:00")
    assert found.in_force() == []
