"""Roll-ups in rules and within measures: what they count, when they change, what they show."""

from __future__ import annotations

import pytest
from revlex.engine.language.compiler import compile_sources
from revlex.engine.language.program import Program
from revlex.engine.language.source import Source
from revlex.engine.records.explain import explain_lines
from revlex.engine.records.explanation import Explanation
from revlex.engine.runtime.evaluator import Evaluator
from revlex.engine.runtime.rollups import MOST_LOOKED_AT
from revlex.engine.runtime.trace import MOST_OPERANDS
from revlex.tests.reference.streams import Shop, compiled, instant, lines


def rules(*conditions: str) -> Program:
    """A policy that flags reviews, by rules `r0`, `r1`, … with these conditions."""
    listed = "".join(
        f"  - {{rule: r{number}, when: '{condition}', verdict: flag}}\n"
        for number, condition in enumerate(conditions)
    )
    return compiled(f"policy: rules\nreview_rules:\n{listed}")


def counting(value: str, *, per: str = "shop", more: str = "") -> Program:
    """A policy with one measure, looked at on change; its band is `some` from one on."""
    return compiled(
        f"policy: counting\n{more}measures:\n  n: {{per: {per}, value: '{value}', over: 30d}}\n"
        "thresholds:\n  - {threshold: n, measure: n, check: on change,"
        " bands: {none: below 1, some: from 1}}\n"
    )


START = instant("2025-06-01")
BAD_ORDERS = "count(order where count(review for order where review.stars <= 2) > 0)"


def fired(shop: Shop) -> list[tuple[str, str]]:
    return [(one.rule.id, one.subject.id) for one in shop.of("verdict")]


def bands(shop: Shop) -> list[str | None]:
    return [one.outcome.band for one in shop.of("threshold")]


# ------------------------------------------------------------------------------ in rules


def test_a_rule_counts_what_the_event_brings() -> None:
    shop = Shop(rules("count(review for order) == 2"))
    shop.send("2025-06-01", "review.posted", review_id="r1", order_id="o1", stars=1)
    shop.send("2025-06-02", "review.posted", review_id="r2", order_id="o2", stars=1)
    shop.send("2025-06-03", "review.posted", review_id="r3", order_id="o1", stars=1)
    assert fired(shop) == [("r0", "r3")]


def test_an_owner_of_which_no_event_has_told_is_one_all_the_same() -> None:
    shop = Shop(rules("count(review for order) == 1", "not has order"))
    shop.send("2025-06-01", "review.posted", review_id="r1", order_id="o1", stars=1)
    assert fired(shop) == [("r0", "r1"), ("r1", "r1")]


def test_nothing_belongs_to_no_owner() -> None:
    shop = Shop(
        rules("count(review for order) == 0", "(least(review.stars of review for order) ?? 9) == 9")
    )
    shop.send("2025-06-01", "review.posted", review_id="r1", stars=1)
    assert fired(shop) == [("r0", "r1"), ("r1", "r1")]


def test_what_does_not_stand_is_not_counted() -> None:
    shop = Shop(rules("count(review for order) == 2"))
    shop.send("2025-06-01", "review.posted", review_id="r1", order_id="o1", stars=1)
    shop.send("2025-06-02", "review.hidden", review_id="r1")
    shop.send("2025-06-03", "review.posted", review_id="r2", order_id="o1", stars=1)
    assert fired(shop) == []


def test_the_time_of_the_event_may_be_read() -> None:
    recent = "count(order for buyer where has order.placed_at and now - order.placed_at < 2d) == 1"
    shop = Shop(rules(recent))
    for day in (1, 9):
        shop.send(f"2025-06-0{day}", "order.placed", order_id=f"o{day}", buyer_key="b1")
    shop.send("2025-06-10", "review.posted", review_id="r1", buyer_key="b1", stars=1)
    shop.send("2025-06-12", "review.posted", review_id="r2", buyer_key="b1", stars=1)
    assert fired(shop) == [("r0", "r1")]


def test_first_and_latest_by_date_then_id() -> None:
    shop = Shop(
        rules(
            'first(reply.text of reply for order) ?? "" == "b"',
            'latest(reply.text of reply for order) ?? "" == "d"',
            'latest(reply.text of reply for order dated review.posted_at) ?? "" == "c"',
        )
    )
    shop.send("2025-06-01", "review.posted", review_id="r1", order_id="o1", stars=1)
    for key, day in (("b", 2), ("c", 3), ("a", 3), ("d", 3)):
        shop.send(f"2025-06-0{day}", "reply.submitted", reply_id=key, review_id="r1", text=key)
    shop.send("2025-06-04", "review.posted", review_id="r2", order_id="o1", stars=1)
    assert fired(shop) == [("r0", "r2"), ("r1", "r2")]


def test_a_reason_and_a_template_may_hold_one() -> None:
    text = """
policy: words
review_rules:
  - rule: again
    when: count(review for buyer) > 1
    verdict: flag
    because: "review {count(review for buyer)} of this buyer"
reply_drafts:
  rules:
    - draft: thanks
      mode: draft
      when: review.stars == 5
      templates: {en: ["Your order no. {count(order for buyer)}!"], else: ["Thanks"]}
"""
    shop = Shop(compiled(text))
    shop.send("2025-06-01", "order.placed", order_id="o1", buyer_key="b1")
    for key in ("r1", "r2"):
        shop.send(
            "2025-06-02", "review.posted", review_id=key, buyer_key="b1", stars=5, language="en"
        )
    assert [one.rule.because for one in shop.of("verdict")] == ["review 2 of this buyer"]
    drafts = [one.outcome.draft for one in shop.of("draft")]
    assert [one.text for one in drafts if one is not None] == ["Your order no. 1!"] * 2


# ------------------------------------------------------------------------- in measures


def test_a_change_of_what_is_rolled_up_counts_the_owner_anew() -> None:
    shop = Shop(counting(BAD_ORDERS))
    shop.send("2025-06-01", "order.placed", order_id="o1")
    shop.send("2025-06-02", "review.posted", review_id="r1", order_id="o1", stars=1)
    shop.send("2025-06-03", "review.edited", review_id="r1", stars=5)
    shop.send("2025-06-04", "review.edited", review_id="r1", stars=2)
    shop.send("2025-06-05", "review.removed", review_id="r1")
    assert bands(shop) == ["some", "none", "some", "none"]


def test_what_was_there_before_its_owner_is_counted() -> None:
    shop = Shop(counting(BAD_ORDERS))
    shop.send("2025-06-01", "review.posted", review_id="r1", order_id="o1", stars=1)
    shop.send("2025-06-02", "order.placed", order_id="o1")
    assert bands(shop) == ["some"]


def test_a_link_that_moves_changes_both_owners() -> None:
    value = "count(order where count(complaint for order) > 0 and order.quantity == 7)"
    shop = Shop(counting(value))
    shop.send("2025-06-01", "order.placed", order_id="o1", quantity=7)
    shop.send("2025-06-01", "order.placed", order_id="o2")
    shop.send("2025-06-02", "complaint.filed", complaint_id="c1", order_id="o1")
    shop.send("2025-06-03", "complaint.filed", complaint_id="c1", order_id="o2")
    assert bands(shop) == ["some", "none"]


def test_a_change_on_the_way_to_the_owner_counts() -> None:
    """A return belongs to a buyer by way of its order."""
    value = "count(chat where count(return for buyer) > 0)"
    shop = Shop(counting(value))
    shop.send("2025-06-01", "chat.message_received", thread_id="t1", buyer_key="b1")
    shop.send("2025-06-02", "return.requested", return_id="x1", order_id="o1")
    shop.send("2025-06-03", "order.placed", order_id="o1", buyer_key="b1")
    shop.send("2025-06-04", "order.placed", order_id="o1", buyer_key="b2")
    assert bands(shop) == ["some", "none"]


def test_what_is_rolled_up_may_read_what_it_links_to() -> None:
    value = 'count(order where count(item for order where product.category == "toys") > 0)'
    shop = Shop(counting(value))
    shop.send("2025-06-01", "order.placed", order_id="o1", product_id="p1")
    shop.send("2025-06-02", "product.listed", product_id="p1", category="toys")
    shop.send("2025-06-03", "product.updated", product_id="p1", category="books")
    assert bands(shop) == ["some", "none"]


def test_what_is_rolled_up_may_read_the_shop() -> None:
    value = 'count(order where count(review for order where shop.tier == "gold") > 0)'
    shop = Shop(counting(value))
    shop.send("2025-06-01", "order.placed", order_id="o1")
    shop.send("2025-06-02", "review.posted", review_id="r1", order_id="o1", stars=1)
    shop.send("2025-06-03", "shop.tier_changed", tier="gold")
    assert bands(shop) == ["some"]


def test_roll_ups_within_roll_ups() -> None:
    value = (
        "count(order where count(review for order where count(reply for review"
        " where reply.status == published) == 0) > 0)"
    )
    shop = Shop(counting(value))
    shop.send("2025-06-01", "order.placed", order_id="o1")
    shop.send("2025-06-02", "review.posted", review_id="r1", order_id="o1", stars=1)
    shop.send("2025-06-03", "reply.submitted", reply_id="p1", review_id="r1", text="Sorry")
    shop.send("2025-06-04", "reply.published", reply_id="p1")
    shop.send("2025-06-05", "reply.deleted", reply_id="p1")
    assert bands(shop) == ["some", "none", "some"]


def test_a_roll_up_may_be_of_what_is_counted_or_of_what_that_links_to() -> None:
    shop = Shop(counting("count(review where count(review for buyer) > 1)"))
    shop.send("2025-06-01", "review.posted", review_id="r1", buyer_key="b1", stars=1)
    shop.send("2025-06-02", "review.posted", review_id="r2", buyer_key="b1", stars=1)
    assert bands(shop) == ["some"]
    assert shop.of("threshold")[-1].evidence.measure.counted == {"review": ["r1", "r2"]}


def test_the_value_of_a_measure_may_be_rolled_up() -> None:
    shop = Shop(counting("greatest(count(reply for review) of review)"))
    shop.send("2025-06-01", "review.posted", review_id="r1", stars=1)
    shop.send("2025-06-02", "reply.submitted", reply_id="p1", review_id="r1", text="Sorry")
    assert bands(shop) == ["none", "some"]


def test_what_is_forgotten_is_not_counted() -> None:
    shop = Shop(counting("count(order where count(return for buyer) > 0)", more="retention: 30d\n"))
    shop.send("2025-06-01", "order.placed", order_id="o1", buyer_key="b1")
    shop.send("2025-06-01", "return.requested", return_id="x1", order_id="o1")
    shop.send("2025-06-20", "order.placed", order_id="o2", buyer_key="b1")
    shop.send("2025-06-25", "clock.tick")
    assert shop.bands() == {("n", ""): "some"}
    shop.send("2025-07-02T12:00", "clock.tick")
    assert shop.bands() == {("n", ""): "none"}


def test_an_appeal_that_excludes_a_review_counts_its_order_anew() -> None:
    text = """
policy: excluded
review_rules:
  - {rule: bad, when: review.stars == 1, verdict: hold, because: one star}
measures:
  n: {per: shop, value: 'count(order where count(review for order) > 0)', over: 30d}
thresholds:
  - {threshold: n, measure: n, check: on change, bands: {none: below 1, some: from 1}}
appeals:
  - {appeal: verdict, attempts: [within 9d of notice], if_overturned: [exclude from measures]}
"""
    shop = Shop(compiled(text))
    shop.send("2025-06-01", "order.placed", order_id="o1")
    shop.send("2025-06-02", "review.posted", review_id="r1", order_id="o1", stars=1)
    shop.send("2025-06-03", "appeal.filed", appeal_id="a1", rule="bad")
    shop.send(
        "2025-06-04",
        "appeal.decided",
        appeal_id="a1",
        outcome="overturned",
        decided_by="ann",
        reason="x",
        review_ids=["r1"],
    )
    assert bands(shop) == ["some", "none"]


# ------------------------------------------------------------------------------ bounds


@pytest.mark.parametrize("more", [0, 1])
def test_more_than_so_many_is_an_error(more: int) -> None:
    shop = Shop(rules("count(review for order) > 999"))
    for number in range(MOST_LOOKED_AT + more):
        shop.send(
            START + number, "review.posted", review_id=f"r{number:05}", order_id="o1", stars=1
        )
    results = [one.rule.result for one in shop.of("verdict")]
    assert results == (["fired", "error"] if more else ["fired"])
    if more:
        assert "more than 1,000 `review`" in str(shop.of("verdict")[-1].rule.error)


def test_what_is_looked_at_within_counts_as_well() -> None:
    """Thirty reviews of an order, each of which looks at thirty: fine; forty are too many."""
    shop = Shop(rules("count(review for order where count(review for buyer) > 0) >= 30"))
    both = {"order_id": "o1", "buyer_key": "b1"}
    for number in range(40):
        shop.send(START + number, "review.posted", review_id=f"r{number:02}", stars=1, **both)
    results = [one.rule.result for one in shop.of("verdict")]
    assert results == ["fired"] * 2 + ["error"] * 9


def test_one_owner_of_too_much_does_not_make_every_event_slow() -> None:
    shop = Shop(counting("count(order where count(order for buyer) > 1)"))
    for number in range(MOST_LOOKED_AT + 300):
        shop.send(START + number, "order.placed", order_id=f"o{number:05}", buyer_key="b1")
    measured = shop.of("threshold")[-1]
    assert (measured.rule.result, measured.rule.error) == (
        "error",
        "a condition of the measure failed",
    )


def test_sixty_within_one_another() -> None:
    inner = "review.stars >= 2"
    for _ in range(60):
        inner = f"count(review for order where {inner}) > 0"
    shop = Shop(rules(inner))
    for number in range(2):
        shop.send(START + number, "review.posted", review_id=f"r{number}", order_id="o1", stars=3)
    assert [one.rule.result for one in shop.of("verdict")] == ["fired", "error"]


def test_an_error_within_is_one_of_the_whole() -> None:
    shop = Shop(rules("count(review for order where 1 / (review.stars - 1) > 0.0) > 0"))
    shop.send("2025-06-01", "review.posted", review_id="r1", order_id="o1", stars=1)
    assert [one.rule.error for one in shop.of("verdict")] == ["division by zero"]


def test_sums_are_bounded_like_all_whole_numbers() -> None:
    shop = Shop(rules("sum(order.quantity of order for buyer) > 0"))
    for key in ("o1", "o2"):
        shop.send("2025-06-01", "order.placed", order_id=key, buyer_key="b1", quantity=2**62)
    shop.send("2025-06-01", "review.posted", review_id="r1", buyer_key="b1", stars=1)
    assert [one.rule.error for one in shop.of("verdict")] == ["a whole number beyond 63 bits"]


# ------------------------------------------------------------------------- explanations


def part(tree: Explanation, text: str) -> Explanation:
    """The part of an explanation with a text."""
    waiting = [tree]
    while waiting:
        here = waiting.pop()
        if here.text == text:
            return here
        waiting += here.children
    raise AssertionError(text)


def test_an_explanation_shows_what_was_counted() -> None:
    shop = Shop(rules("count(review for order where review.stars <= 2) > 1"))
    for number, stars in enumerate((1, 5, 2)):
        shop.send("2025-06-01", "review.posted", review_id=f"r{number}", order_id="o1", stars=stars)
    (verdict,) = shop.of("verdict")
    assert verdict.evidence.explanation is not None
    found = part(verdict.evidence.explanation, "count(review for order where review.stars <= 2)")
    assert (found.operator, found.value, found.counted, found.counted_total) == (
        "count",
        2,
        ("r0", "r2"),
        2,
    )
    assert "= 2: counted r0, r2" in "\n".join(explain_lines(verdict))


def test_an_explanation_shows_no_more_than_so_many() -> None:
    shop = Shop(rules("count(review for order) == 20"))
    for number in range(20):
        shop.send(
            START + number, "review.posted", review_id=f"r{number:02}", order_id="o1", stars=1
        )
    (verdict,) = shop.of("verdict")
    assert verdict.evidence.explanation is not None
    found = part(verdict.evidence.explanation, "count(review for order)")
    assert (len(found.counted), found.counted_total) == (MOST_OPERANDS, 20)
    assert ", and 8 more" in "\n".join(explain_lines(verdict))


# ------------------------------------------------------------------------ state and sense


def test_a_snapshot_changes_nothing() -> None:
    program = counting(BAD_ORDERS)
    whole, cut = Shop(program), Evaluator(program)
    found = []
    for number in range(30):
        kind = ("order.placed", "review.posted")[number % 2]
        fields = {"order_id": f"o{number % 5}"}
        if number % 2:
            fields |= {"review_id": f"r{number}", "stars": 1 + number % 5}
        event = whole.event(f"2025-06-{number + 1:02}", kind, **fields)
        whole.decisions += whole.evaluator.feed(event)
        restored = Evaluator(program)
        restored.restore(cut.snapshot())
        cut = restored
        found += cut.feed(event)
    assert lines(found) == lines(whole.decisions)
    assert found


@pytest.mark.parametrize(
    ("condition", "code"),
    [
        ("count(review for order where review.stars > 5) > 0", "E624"),
        ("count(review for order where review.stars >= 1) > 0", "W724"),
    ],
)
def test_a_condition_within_that_is_no_condition_is_pointed_out(condition: str, code: str) -> None:
    text = f"policy: p\nreview_rules:\n  - {{rule: r, when: '{condition}', verdict: flag}}\n"
    _, report = compile_sources([Source("policy.yaml", text)])
    assert [one.code for one in report] == [code]
