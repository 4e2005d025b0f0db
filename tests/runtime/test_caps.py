"""Caps that are a part of a measure."""

from __future__ import annotations

from typing import Any

import pytest
from revlex.engine.runtime.evaluator import Evaluator
from revlex.tests.reference.streams import Shop, compiled, instant

START = "2025-07-01T00:00"


def shop(
    cap: str, overlap: str = "extend", scope: str = "shop", terms: str = "", do: str = "cap for 9d"
) -> Shop:
    return Shop(
        compiled(f"""
policy: caps
measures:
  orders: {{per: shop, value: count(order), over: 20d}}
  average: {{per: shop, value: average(order.quantity of order), over: 20d, at_least: 2}}
  below: {{per: shop, value: count(review) - count(order), over: 20d}}
  sold: {{per: product, value: count(order), over: 20d}}
  unused: {{per: product, value: sum(order.quantity of order), over: 20d}}
thresholds:
  - {{threshold: a, measure: orders, check: daily, bands: {{any: from 0}}}}
  - {{threshold: b, measure: average, check: daily, bands: {{any: from 0.0}}}}
  - {{threshold: c, measure: below, check: daily, bands: {{low: below 0, any: from 0}}}}
  - {{threshold: d, measure: sold, check: daily, bands: {{any: from 0}}}}
  - {{threshold: e, measure: unused, check: daily, bands: {{any: from 0}}}}
violations: {{late: {{points: 0, do: [{do}]}}, other: {{points: 0}}}}
actions: {{cap: {{scope: {scope}, overlap: {overlap}, cap: {cap}}}}}
appeals:
  - {{appeal: violation, attempts: [within 90d of notice]{terms}}}
""")
    )


def order(found: Shop, count: int, at: str = START, **more: Any) -> None:
    for number in range(count):
        found.send(instant(at) + number, "order.placed", order_id=f"o{len(found.events)}", **more)


def record(found: Shop, at: str = "2025-07-01T01:00", **about: str) -> None:
    found.send(
        at, "violation.recorded", violation_id=f"v{len(found.events)}", violation="late", **about
    )


def overturn(found: Shop, event: str, at: str, *reviews: str) -> None:
    found.send(at, "appeal.filed", appeal_id=f"a{event}", about_event=event)
    found.send(
        instant(at) + 1,
        "appeal.decided",
        appeal_id=f"a{event}",
        outcome="overturned",
        decided_by="ann",
        reason="wrong",
        review_ids=list(reviews),
    )


def caps(found: Shop) -> list[tuple[str, str | None]]:
    """(change, cap) of every decision on an action."""
    return [
        (change.change, change.parameters.get("cap"))
        for one in found.decisions
        for change in one.outcome.actions
    ]


@pytest.mark.parametrize(
    ("cap", "orders", "expected"),
    [
        ("70% of orders per day", 10, "7 per day"),
        ("70% of orders per day", 9, "6 per day"),
        ("100% of orders per day", 9, "9 per day"),
        ("0% of orders per day", 9, "0 per day"),
        ("250.5% of orders per 2 calendar weeks", 2, "5 per 2 calendar weeks"),
        ("99.999999999999999% of orders per 24h", 1, "0 per 24h"),
        ("50% of average per day", 3, "1 per day"),
        ("50% of below per day", 3, "0 per day"),
    ],
)
def test_the_part_is_rounded_down(cap: str, orders: int, expected: str) -> None:
    found = shop(cap)
    order(found, orders, quantity=3)
    record(found)
    assert caps(found) == [("applied", expected)]
    decision = found.of("action")[0]
    assert decision.outcome.actions[0].parameters["cap_is"].endswith(cap.split()[2])
    assert decision.evidence.measure is not None
    assert decision.evidence.causes


def test_an_absolute_cap_stays_as_it_is() -> None:
    found = shop("100 per day")
    record(found)
    assert found.of("action")[0].outcome.actions[0].parameters == {"cap": "100 per day"}
    assert found.of("action")[0].evidence.measure is None


def test_without_enough_to_tell_the_action_is_held_back() -> None:
    found = shop("50% of average per day")
    order(found, 1)
    record(found)
    decision = found.of("action")[0]
    assert (decision.rule.result, found.in_force()) == ("not fired", [])
    assert decision.outcome.actions[0].held_back_by == "there is not enough to tell `average`"
    assert decision.evidence.measure is not None
    assert decision.evidence.measure.sample == 1


def test_each_product_has_its_own() -> None:
    found = shop("50% of sold per day", scope="product")
    order(found, 4, product_id="p1")
    order(found, 2, "2025-07-01T00:30", product_id="p2")
    record(found, product_id="p1")
    record(found, product_id="p2")
    assert [cap for _, cap in caps(found)] == ["2 per day", "1 per day"]


@pytest.mark.parametrize(("overlap", "expected"), [("extend", "3 per day"), ("keep", "1 per day")])
def test_of_several_askings(overlap: str, expected: str) -> None:
    found = shop("50% of orders per day", overlap)
    order(found, 2)
    record(found)
    order(found, 4, "2025-07-02T00:00")
    record(found, "2025-07-02T01:00")
    assert [cap for _, cap in caps(found)] == ["1 per day", expected]
    snapshot = found.evaluator.snapshot()
    found.evaluator = Evaluator(found.program)
    found.evaluator.restore(snapshot)
    found.advance("2025-08-01T00:00")
    assert caps(found)[-1] == ("expired", expected)


def test_taking_one_back_leaves_the_number_of_the_others() -> None:
    found = shop("50% of orders per day")
    order(found, 2)
    record(found)
    order(found, 4, "2025-07-02T00:00")
    record(found, "2025-07-02T01:00")
    overturn(found, found.events[-1].event_id, "2025-07-03T00:00")
    assert caps(found)[-1] == ("kept", "1 per day")


@pytest.mark.parametrize("violation", ["late", "other"])
def test_history_without_some_reviews_has_another_number(violation: str) -> None:
    found = shop("50% of below per day", terms=", recompute: retroactive")
    for number in range(5):
        found.send(START, "review.posted", review_id=f"r{number}", stars=5)
    record(found)
    found.send("2025-07-02T00:00", "violation.recorded", violation_id="v", violation=violation)
    assert {cap for _, cap in caps(found)} == {"2 per day"}
    overturn(found, "e7", "2025-07-03T00:00", "r3", "r4")
    assert caps(found)[-1] == ("kept", "1 per day")


def test_reading_the_measure_changes_nothing_else() -> None:
    """What leaves the window is noticed when it is read; the checks find the same."""
    for cap in ("100 per day", "50% of orders per day"):
        found = shop(cap)
        order(found, 3)
        record(found, "2025-07-21T00:00")
        found.advance("2025-07-25T00:00")
        told = [(one.time.event_time, one.outcome.band) for one in found.of("threshold")]
        assert told, cap
        if cap == "100 per day":
            expected = told
    assert told == expected


@pytest.mark.parametrize(("share", "held_back"), [("100%", None), ("200%", "too large a number")])
def test_a_cap_is_no_larger_than_a_number_may_be(share: str, held_back: str | None) -> None:
    found = Shop(
        compiled(f"""
policy: large
measures:
  many: {{per: shop, value: count(order) * 9223372036854775807, over: 10d}}
violations: {{bad: {{points: 0, do: [slow for 7d]}}}}
actions: {{slow: {{scope: shop, overlap: extend, cap: {share} of many per day}}}}
appeals: [{{appeal: violation, attempts: [within 9d of notice]}}]
""")
    )
    found.send("2025-07-01T00:00", "order.placed", order_id="o1")
    found.send("2025-07-02T00:00", "violation.recorded", violation_id="v1", violation="bad")
    reason = found.of("action")[0].outcome.actions[0].held_back_by
    assert reason == (held_back and f"the cap is {held_back}")
    Evaluator(found.program).restore(found.evaluator.snapshot())
