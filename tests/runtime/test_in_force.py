"""What rules know of actions: whether they run against what is judged, and since when."""

from __future__ import annotations

import pytest
from revlex.engine.records.decision import encode
from revlex.tests.reference.streams import Shop, compiled


def shop(condition: str, event: str = "reply.submitted", kind: str = "reply") -> Shop:
    return Shop(
        compiled(f"""
policy: running
{kind}_rules:
  - {{rule: asked, event: {event}, when: '{condition}', verdict: flag}}
violations:
  of-product: {{points: 0, do: [freeze for 5d]}}
  of-review: {{points: 0, do: [hide for 5d]}}
  of-shop: {{points: 0, do: [close for 5d, hold for 5d]}}
actions:
  freeze: {{scope: product, overlap: extend}}
  hide: {{scope: review, overlap: extend}}
  mute: {{scope: reply}}
  close: {{scope: shop, overlap: extend}}
  hold: {{scope: fund, overlap: extend}}
appeals:
  - {{appeal: violation, attempts: [within 9d of notice], while_pending: suspend}}
""")
    )


def record(found: Shop, at: str, violation: str, **about: str) -> None:
    number = f"v{len(found.events)}"
    found.send(at, "violation.recorded", violation_id=number, violation=violation, **about)


def replied(found: Shop, at: str, review: str) -> bool:
    before = len(found.of("verdict"))
    reply = f"p{len(found.events)}"
    found.send(at, "reply.submitted", reply_id=reply, review_id=review, text="Thanks")
    return len(found.of("verdict")) > before


def reviews(found: Shop) -> None:
    for review, product in (("r1", "p1"), ("r2", "p2"), ("r3", None)):
        found.send(
            "2025-07-01T00:00", "review.posted", review_id=review, stars=5, product_id=product
        )


def test_an_action_on_a_product_is_asked_about_the_one_in_scope() -> None:
    found = shop('in_force("freeze")')
    reviews(found)
    record(found, "2025-07-02T00:00", "of-product", product_id="p1")
    assert [replied(found, "2025-07-03T00:00", one) for one in ("r1", "r2", "r3")] == [
        True,
        False,
        False,
    ]
    assert not replied(found, "2025-07-07T00:00", "r1")


def test_an_action_on_a_review_is_asked_about_the_one_that_is_judged() -> None:
    found = shop('in_force("hide")', "review.edited", "review")
    reviews(found)
    record(found, "2025-07-02T00:00", "of-review", review_id="r1")
    for one in ("r1", "r2"):
        found.send("2025-07-03T00:00", "review.edited", review_id=one, stars=4)
    assert [one.subject.id for one in found.of("verdict")] == ["r1"]


def test_an_action_on_what_is_not_in_scope_is_asked_about_any() -> None:
    found = shop('in_force("mute") or in_force("hide")', "review.posted", "review")
    reviews(found)
    record(found, "2025-07-02T00:00", "of-review", review_id="r1")
    found.send("2025-07-03T00:00", "review.posted", review_id="r9", stars=4)
    assert found.of("verdict") == []


@pytest.mark.parametrize("action", ["close", "hold"])
def test_an_action_on_the_shop(action: str) -> None:
    found = shop(f'in_force("{action}") and reply.submitted_at >= since("{action}") + 1d')
    reviews(found)
    record(found, "2025-07-02T00:00", "of-shop")
    assert not replied(found, "2025-07-02T23:59:59", "r1")
    assert replied(found, "2025-07-03T00:00", "r1")


def test_it_runs_since_the_first_asking_that_still_counts() -> None:
    found = shop('now - (since("close") ?? now) > 3d')
    reviews(found)
    record(found, "2025-07-02T00:00", "of-shop")
    record(found, "2025-07-04T00:00", "of-shop")
    assert replied(found, "2025-07-06T00:00", "r1")
    first = next(one for one in found.of("violation"))
    found.send(
        "2025-07-06T00:00", "violation.voided", decision_id=first.decision_id, reason="wrong"
    )
    assert not replied(found, "2025-07-06T00:00", "r1")
    assert replied(found, "2025-07-08T00:00", "r1")


def test_what_is_suspended_does_not_run() -> None:
    found = shop('in_force("close") and since("close") <= now')
    reviews(found)
    record(found, "2025-07-02T00:00", "of-shop")
    found.send("2025-07-03T00:00", "appeal.filed", appeal_id="a", rule="of-shop")
    assert not replied(found, "2025-07-03T00:00", "r1")
    found.send("2025-07-04T00:00", "appeal.withdrawn", appeal_id="a")
    assert replied(found, "2025-07-04T00:00", "r1")


def test_the_explanation_says_since_when() -> None:
    found = shop('in_force("freeze") and since("freeze") < now')
    reviews(found)
    record(found, "2025-07-02T00:00", "of-product", product_id="p1")
    assert replied(found, "2025-07-03T00:00", "r1")
    assert b'"2025-07-02T00:00:00+00:00"' in encode(found.of("verdict")[0].evidence)
