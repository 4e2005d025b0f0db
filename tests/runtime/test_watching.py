"""When thresholds are looked at: nothing is missed because a look was spared."""

from __future__ import annotations

import pytest
from revlex.engine.records.decision import Decision
from revlex.tests.reference.streams import DAY, Shop, compiled, instant, lines

HEAD = """
policy: looks
title: Looks
version: "1"
timezone: Asia/Bangkok
"""


def crossings(shop: Shop) -> list[tuple[str, str | None, str]]:
    """(time, band, result) of every look that was written."""
    found = shop.of("threshold")
    return [(one.time.event_time, one.outcome.band, one.rule.result) for one in found]


def negatives(check: str, more: str = "", per: str = "shop") -> Shop:
    """A shop whose bad reviews of the last ten days are watched: two are bad."""
    return Shop(
        compiled(
            f"""{HEAD}
measures:
  negatives: {{per: {per}, value: count(review where review.stars <= 2), over: 10d}}
thresholds:
  - threshold: bad-reviews
    measure: negatives
    check: {check}
    bands: {{fine: below 2, bad: from 2}}
    {more}
"""
        )
    )


def test_a_check_that_is_daily_sees_what_leaves() -> None:
    shop = negatives("daily at 06:00")
    shop.send("2025-07-01T00:00", "review.posted", review_id="r1", stars=1)
    shop.send("2025-07-01T00:00", "review.posted", review_id="r2", stars=1)
    shop.advance("2025-07-20T00:00")
    assert crossings(shop) == [
        ("2025-07-02T06:00:00+07:00", "bad", "fired"),
        ("2025-07-12T06:00:00+07:00", "fine", "fired"),
    ]


def test_on_change_sees_at_once_what_leaves() -> None:
    shop = negatives("on change")
    shop.send("2025-07-01T00:00", "review.posted", review_id="r1", stars=1)
    shop.send("2025-07-01T00:00", "review.posted", review_id="r2", stars=1)
    shop.advance("2025-07-20T00:00")
    assert [band for _, band, _ in crossings(shop)] == ["fine", "bad", "fine"]
    assert crossings(shop)[-1][0] == "2025-07-11T07:00:00+07:00"


def test_crossings_of_one_instant_are_decisions_of_their_own() -> None:
    shop = negatives("on change")
    at = "2025-07-01T00:00"
    shop.send(at, "review.posted", review_id="r1", stars=1)
    shop.send(at, "review.posted", review_id="r2", stars=1)
    shop.send(at, "review.removed", review_id="r1")
    shop.send(at, "review.restored", review_id="r1")
    assert [band for _, band, _ in crossings(shop)] == ["fine", "bad", "fine", "bad"]
    assert len({one.decision_id for one in shop.decisions}) == len(shop.decisions)
    assert [one.event_id for one in shop.decisions] == ["e1", "e2", "e3", "e4"]


def test_a_shop_where_nothing_happens_is_checked_too() -> None:
    program = compiled(
        f"""{HEAD}
measures:
  orders: {{per: shop, value: count(order dated order.delivered_at), over: 10d}}
thresholds:
  - threshold: idle
    measure: orders
    check: daily at 06:00
    bands: {{idle: below 1, busy: from 1}}
"""
    )
    shop = Shop(program)
    shop.send("2025-07-01T00:00", "order.placed", order_id="o1")
    shop.advance("2025-07-02T00:00")
    assert crossings(shop) == [("2025-07-02T06:00:00+07:00", "idle", "fired")]


@pytest.mark.parametrize("check", ["daily at 06:00", "on change"])
def test_what_happened_before_a_threshold_spoke_is_not_lost(check: str) -> None:
    shop = negatives(check, "effective: {from: 2025-07-05, until: 2025-07-09}")
    shop.send("2025-07-01T00:00", "review.posted", review_id="r1", stars=1)
    shop.send("2025-07-01T00:00", "review.posted", review_id="r2", stars=1)
    shop.advance("2025-07-20T00:00")
    first = "00:00" if check == "on change" else "06:00"
    assert crossings(shop) == [(f"2025-07-05T{first}:00+07:00", "bad", "fired")]


def test_counted_checks_in_a_row() -> None:
    shop = negatives("daily at 06:00", "hold_for: {bad: 3 checks}")
    shop.send("2025-07-01T00:00", "review.posted", review_id="r1", stars=1)
    shop.send("2025-07-01T00:00", "review.posted", review_id="r2", stars=1)
    shop.advance("2025-07-08T00:00")
    assert crossings(shop) == [("2025-07-04T06:00:00+07:00", "bad", "fired")]


def test_a_row_of_checks_is_broken_by_one_that_sees_something_else() -> None:
    shop = negatives("daily at 06:00", "hold_for: {bad: 2 checks}")
    for name in ("r1", "r2"):
        shop.send("2025-07-01T00:00", "review.posted", review_id=name, stars=1)
    shop.send("2025-07-02T00:00", "review.removed", review_id="r1")
    shop.send("2025-07-03T00:00", "review.restored", review_id="r1")
    shop.advance("2025-07-08T00:00")
    assert crossings(shop) == [
        ("2025-07-03T06:00:00+07:00", "fine", "fired"),
        ("2025-07-05T06:00:00+07:00", "bad", "fired"),
    ]


def test_on_change_only_changes_of_the_subject_are_counted() -> None:
    shop = negatives("on change", "hold_for: {bad: 2 checks}", per="product")
    for number in range(3):
        name = f"a{number}"
        at = f"2025-07-01T0{number}:00"
        shop.send(at, "review.posted", review_id=name, product_id="A", stars=1)
        shop.send(f"2025-07-01T0{number}:30", "review.posted", review_id=f"b{number}", stars=1)
        for other in range(3):
            shop.send(
                f"2025-07-01T0{number}:4{other}",
                "review.posted",
                review_id=f"c{number}{other}",
                product_id="C",
                stars=5,
            )
    assert [(one.subject.id, one.outcome.band, one.event_id) for one in shop.of("threshold")] == [
        ("A", "fine", "e1"),
        ("A", "bad", "e11"),
    ]


def test_on_change_a_length_of_time_ends_by_itself() -> None:
    shop = negatives("on change", "hold_for: {bad: 48h}")
    shop.send("2025-07-01T00:00", "review.posted", review_id="r1", stars=1)
    shop.send("2025-07-01T01:00", "review.posted", review_id="r2", stars=1)
    shop.advance("2025-07-20T00:00")
    assert crossings(shop)[1] == ("2025-07-03T08:00:00+07:00", "bad", "fired")


def test_hysteresis() -> None:
    shop = negatives("on change", "leave: {bad: below 1}")
    for number in range(2):
        shop.send(f"2025-07-0{number + 1}T00:00", "review.posted", review_id=f"r{number}", stars=1)
    shop.advance("2025-07-20T00:00")
    assert [(at[:10], band) for at, band, _ in crossings(shop)] == [
        ("2025-07-01", "fine"),
        ("2025-07-02", "bad"),
        ("2025-07-12", "fine"),
    ]


LIMITS = f"""{HEAD}
tables:
  most: {{by: product.category, beauty: 3, else: 1}}
measures:
  negatives: {{per: product, value: count(review where review.stars <= 2), over: 10d}}
thresholds:
  - threshold: by-category
    measure: negatives
    check: CHECK
    bands:
      fine: below most[product.category]
      bad: from most[product.category]
"""


@pytest.mark.parametrize("check", ["daily at 06:00", "on change"])
def test_a_bound_that_moves_is_a_change(check: str) -> None:
    shop = Shop(compiled(LIMITS.replace("CHECK", check)))
    shop.send("2025-07-01T00:00", "product.listed", product_id="p", category="beauty")
    shop.send("2025-07-01T00:01", "review.posted", review_id="r1", product_id="p", stars=1)
    shop.send("2025-07-03T00:00", "product.updated", product_id="p", category="toys")
    shop.advance("2025-07-05T00:00")
    found = [(at[:10], band) for at, band, _ in crossings(shop)]
    first = "2025-07-01" if check == "on change" else "2025-07-02"
    second = "2025-07-03" if check == "on change" else "2025-07-04"
    assert found == [(first, "fine"), (second, "bad")]


@pytest.mark.parametrize(
    ("require", "event", "fields"),
    [
        ("has shop.opened_at and now - shop.opened_at >= 3d", "clock.tick", {}),
        ('shop.tier == "gold"', "shop.tier_changed", {"tier": "gold"}),
    ],
)
def test_a_condition_that_comes_to_hold_is_a_change(
    require: str, event: str, fields: dict[str, str]
) -> None:
    program = compiled(
        f"""{HEAD}
measures:
  negatives: {{per: shop, value: count(review where review.stars <= 2), over: 100d}}
thresholds:
  - threshold: guarded
    measure: negatives
    check: daily at 06:00
    require: '{require}'
    bands: {{fine: below 1, bad: from 1}}
"""
    )
    shop = Shop(program)
    shop.send("2025-07-01T00:00", "shop.opened", opened_at="2025-07-01T00:00:00Z")
    shop.send("2025-07-01T00:00", "review.posted", review_id="r1", stars=1)
    shop.advance("2025-07-03T23:00")
    shop.send("2025-07-04T00:00", event, **fields)
    shop.advance("2025-07-06T00:00")
    assert [at for at, band, _ in crossings(shop) if band == "bad"] == ["2025-07-05T06:00:00+07:00"]


def test_a_sample_that_is_a_sum_is_no_number_of_entities() -> None:
    program = compiled(
        f"""{HEAD}
measures:
  per_piece:
    per: shop
    value: count(review) / sum(order.quantity of order)
    over: 10d
    at_least: 30
thresholds:
  - threshold: pieces
    measure: per_piece
    check: on change
    bands: {{fine: below 1%, bad: from 1%}}
"""
    )
    shop = Shop(program)
    shop.send("2025-07-01T00:00", "order.placed", order_id="o1", quantity=40)
    assert [band for _, band, _ in crossings(shop)] == ["fine"]


def test_too_few_to_tell_is_said_once_and_not_forgotten() -> None:
    program = compiled(
        f"""{HEAD}
measures:
  share: {{per: shop, value: share(review.stars <= 2 of review), over: 10d, at_least: 2}}
thresholds:
  - {{threshold: t, measure: share, check: on change, bands: {{fine: below 50%, bad: from 50%}}}}
"""
    )
    shop = Shop(program)
    shop.send("2025-07-01T00:00", "review.posted", review_id="r1", stars=1)
    shop.send("2025-07-02T00:00", "review.posted", review_id="r2", stars=5)
    shop.send("2025-07-03T00:00", "review.removed", review_id="r1")
    shop.send("2025-07-03T01:00", "review.removed", review_id="r2")
    shop.send("2025-07-04T00:00", "review.restored", review_id="r1")
    shop.send("2025-07-04T01:00", "review.restored", review_id="r2")
    assert [(band, result) for _, band, result in crossings(shop)] == [
        ("bad", "fired"),
        ("bad", "insufficient"),
        ("bad", "fired"),
    ]


def test_watching_the_looks_changes_no_decision() -> None:
    def run(*, watched: bool) -> list[Decision]:
        program = compiled(
            f"""{HEAD}
measures:
  share: {{per: product, value: share(review.stars <= 2 of review), over: 3d, at_least: 2}}
thresholds:
  - threshold: t
    measure: share
    check: on change
    bands: {{fine: below 50%, bad: from 50%}}
    hold_for: {{bad: 2 checks}}
"""
        )
        shop = Shop(program)
        if watched:
            shop.evaluator.observe(lambda *_: None)
        start = instant("2025-07-01T00:00")
        for number in range(40):
            at = start + number * DAY // 3
            name = f"p{number % 3}"
            stars = 1 + 4 * (number * number % 3 == 0)
            shop.send(at, "review.posted", review_id=f"r{number}", product_id=name, stars=stars)
            if number % 5 == 4:
                shop.send(at + 1, "review.removed", review_id=f"r{number - 1}")
        return shop.decisions

    assert len(run(watched=True)) > 5
    assert lines(run(watched=True)) == lines(run(watched=False))
