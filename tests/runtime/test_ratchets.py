"""Thresholds that move one way: what is reached is kept, until an appeal undoes the crossing."""

from __future__ import annotations

import pytest
from revlex.engine.runtime.evaluator import Evaluator
from revlex.tests.reference.streams import Shop, compiled


def ratchet(moves: str, recompute: str = "from now", more: str = "") -> Shop:
    return Shop(
        compiled(f"""
policy: ratchets
measures:
  bad: {{per: shop, value: count(review where review.stars <= 2), over: 10d}}
thresholds:
  - threshold: bad
    measure: bad
    check: on change
    moves: {moves}
    bands: {{fine: below 1, poor: from 1 below 3, worst: from 3}}
    on_enter: {{poor: {{violation: bad}}}}
    because: "{{value}}"
    {more}
violations: {{bad: {{points: 0}}}}
appeals:
  - appeal: crossing
    against: [threshold, violation]
    attempts: [within 30d of notice]
    recompute: {recompute}
""")
    )


def bands(shop: Shop) -> list[str | None]:
    return [one.outcome.band for one in shop.of("threshold")]


def post(shop: Shop, count: int, at: str = "2025-07-01T00:00") -> None:
    for _ in range(count):
        shop.send(at, "review.posted", review_id=f"r{len(shop.events)}", stars=1)


def test_up_is_never_left_downwards() -> None:
    shop = ratchet("up")
    shop.send("2025-06-30T00:00", "review.posted", review_id="good", stars=5)
    post(shop, 2)
    shop.advance("2025-07-20T00:00")
    post(shop, 3, "2025-07-21T00:00")
    shop.advance("2025-08-20T00:00")
    assert bands(shop) == ["poor", "worst"]


def test_down_is_never_left_upwards() -> None:
    shop = ratchet("down")
    post(shop, 2)
    post(shop, 2)
    assert bands(shop) == ["poor"]
    shop.advance("2025-07-20T00:00")
    post(shop, 3, "2025-07-21T00:00")
    assert bands(shop) == ["poor", "fine"]


def test_a_held_band_has_to_be_reached_in_the_right_way() -> None:
    shop = ratchet("up", more="hold_for: {fine: 1h, worst: 2h}")
    post(shop, 3)
    shop.advance("2025-07-01T02:00")
    assert bands(shop) == ["poor", "worst"]
    shop.advance("2025-08-01T02:00")
    assert bands(shop) == ["poor", "worst"]


@pytest.mark.parametrize("restored", [False, True])
def test_an_appeal_lets_go_of_what_was_reached(*, restored: bool) -> None:
    shop = ratchet("up")
    post(shop, 1)
    shop.send("2025-07-02T00:00", "appeal.filed", appeal_id="a", rule="bad", about_event="e1")
    if restored:
        snapshot = shop.evaluator.snapshot()
        shop.evaluator = Evaluator(shop.program)
        shop.evaluator.restore(snapshot)
    decision = next(one for one in shop.of("threshold"))
    shop.send(
        "2025-07-02T00:00",
        "appeal.filed",
        appeal_id="b",
        decision_id=decision.decision_id,
    )
    shop.send(
        "2025-07-03T00:00",
        "appeal.decided",
        appeal_id="b",
        outcome="overturned",
        decided_by="ann",
        reason="a mistake",
    )
    shop.advance("2025-07-20T00:00")
    assert bands(shop) == ["poor", "fine"]


def test_history_without_the_crossing_has_not_reached_anything() -> None:
    shop = ratchet("up", "retroactive")
    post(shop, 1)
    decision = next(one for one in shop.of("threshold"))
    shop.send("2025-07-02T00:00", "appeal.filed", appeal_id="b", decision_id=decision.decision_id)
    shop.send(
        "2025-07-03T00:00",
        "appeal.decided",
        appeal_id="b",
        outcome="overturned",
        decided_by="ann",
        reason="a mistake",
        review_ids=["r0"],
    )
    post(shop, 1, "2025-07-04T00:00")
    shop.advance("2025-07-05T00:00")
    assert shop.bands() == {("bad", ""): "poor"}
    assert len([one for one in shop.of("violation") if one.reverses is None]) == 2
