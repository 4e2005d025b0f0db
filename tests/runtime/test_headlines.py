"""What decisions say of themselves in one sentence."""

from __future__ import annotations

from revlex.engine.records.explain import headline
from revlex.tests.reference.streams import Shop, compiled

POLICY = """
policy: told
title: Told
version: "1"
timezone: UTC
review_rules:
  - {rule: low, when: review.stars == 1, verdict: flag}
violations:
  bad: {points: 12}
escalations:
  - ladder: penalty
    per: shop
    warn_before: 4
    steps: [{at: 12, do: [freeze permanently]}, {at: 16, do: [freeze permanently]}]
    because: "{points} points"
actions:
  freeze: {scope: shop, overlap: extend}
appeals:
  - {appeal: violation, attempts: [within 7d of notice]}
"""


def told(kind: str) -> list[str]:
    """The sentences of such decisions, after a violation that somebody recorded."""
    shop = Shop(compiled(POLICY))
    shop.send("2025-07-01T00:00", "violation.recorded", violation_id="v1", violation="bad")
    return [headline(one) for one in shop.of(kind)]


def test_a_step_says_the_balance_and_no_change() -> None:
    (step,) = told("step")
    assert step.startswith("step `penalty`: at 12, penalty 12 on shop ")


def test_a_violation_says_the_change() -> None:
    (violation,) = told("violation")
    assert "penalty 0 -> 12 on shop " in violation


def test_a_notice_says_what_it_is_of() -> None:
    recorded, near = told("notice")
    assert recorded.startswith("notice `bad`: recorded on shop ")
    assert near.startswith("notice `penalty`: penalty 12 on shop ")


def test_each_says_the_shop_and_the_region() -> None:
    shop = Shop(compiled(POLICY))
    shop.send("2025-07-01T00:00", "shop.opened", region="TH")
    shop.send("2025-07-02T00:00", "violation.recorded", violation_id="v1", violation="bad")
    shop.send("2025-07-03T00:00", "review.posted", review_id="r1", stars=1)
    (violation,) = shop.of("violation")
    assert " on shop s1, region TH, 2025-07-02T" in headline(violation)
    (verdict,) = shop.of("verdict")
    assert headline(verdict).startswith("verdict `low`: flag on review r1 of shop s1, region TH, ")
