"""Actions on the shop that fall on linked accounts and products too."""

from __future__ import annotations

import pytest
from revlex.engine.records.decision import Decision
from revlex.engine.runtime import extending
from revlex.engine.runtime.evaluator import Evaluator
from revlex.tests.reference.streams import Shop, compiled

START = "2025-07-01T00:00"


def shop(
    to: str, do: str = "close for 9d", terms: str = "", overlap: str = "extend", remedies: str = ""
) -> Shop:
    found = Shop(
        compiled(f"""
policy: extending
measures:
  sold: {{per: product, value: count(order), over: 20d}}
thresholds:
  - {{threshold: d, measure: sold, check: daily, bands: {{any: from 0}}}}
violations: {{bad: {{points: 4, do: [{do}]}}, other: {{points: 4}}}}
actions: {{close: {{scope: shop, overlap: {overlap}, extends_to: [{to}]}}}}
escalations:
  - {{ladder: points, per: shop, expire: 5d, because: many, steps: [{{at: 8, do: [{do}]}}]}}
appeals:
  - {{appeal: violation, attempts: [within 90d of notice]{terms}}}
  - {{appeal: action, attempts: [within 90d of notice]{terms}}}{remedies}
""")
    )
    found.send(START, "shop.linked", linked_account_ids=["s9", "s1", "s8", "s9"])
    for number, (product, by) in enumerate((("p2", "seller"), ("p1", "platform"))):
        found.send(
            f"2025-07-01T0{number}:30", "product.listed", product_id=product, fulfilled_by=by
        )
    return found


def record(found: Shop, at: str = "2025-07-02T00:00", violation: str = "bad") -> None:
    number = f"v{len(found.events)}"
    found.send(at, "violation.recorded", violation_id=number, violation=violation)


def overturn(found: Shop, at: str, **against: str) -> None:
    found.send(f"{at}T00:00", "appeal.filed", appeal_id="a", **against)
    found.send(
        f"{at}T01:00",
        "appeal.decided",
        appeal_id="a",
        outcome="overturned",
        decided_by="ann",
        reason="wrong",
    )


def told(decisions: list[Decision]) -> list[tuple[str, str, str]]:
    """(change, kind, target) of every decision on an action."""
    return [
        (change.change, change.scope, change.target)
        for one in decisions
        for change in one.outcome.actions
    ]


ALL = ["s1", "s9", "s8", "p1", "p2"]


def test_each_has_a_decision_of_its_own() -> None:
    found = shop("linked accounts, products")
    record(found)
    asked = found.of("action")
    assert told(asked) == [
        ("applied", "shop", "s1"),
        ("applied", "account", "s9"),
        ("applied", "account", "s8"),
        ("applied", "product", "p1"),
        ("applied", "product", "p2"),
    ]
    assert [one.subject.kind for one in asked] == ["shop", "account", "account", *["product"] * 2]
    assert {one.outcome.actions[0].until for one in asked} == {"2025-07-11T00:00:00+00:00"}
    main, *others = asked
    assert {tuple(one.evidence.causes) for one in others} == {(main.decision_id,)}
    assert [one.redress is not None for one in asked] == [True, *[False] * 4]
    assert len(found.evaluator.appeals()) == 2
    found.advance("2025-08-01T00:00")
    ended = [target for change, _, target in told(found.decisions) if change == "expired"]
    assert sorted(ended) == sorted(ALL)
    assert found.in_force() == []


@pytest.mark.parametrize(
    ("to", "targets"),
    [
        ("products where product.fulfilled_by == seller", ["p2"]),
        ("products where sold >= 1", ["p1"]),
        ("products where sold >= 1, products where product.fulfilled_by == seller", ["p1", "p2"]),
        ("products where sold > 5", []),
        ("products where sold * 9223372036854775807 > 1, linked accounts", ["p2", "s9", "s8"]),
    ],
)
def test_some_products(to: str, targets: list[str]) -> None:
    found = shop(to)
    for number in range(2):
        at = f"2025-07-01T03:0{number}"
        found.send(at, "order.placed", order_id=f"o{number}", product_id="p1")
    record(found)
    fell = [target for change, _, target in told(found.decisions) if change == "applied"]
    expected = [one for one in targets if "9223372036854775807" not in to or one != "p2"]
    assert fell == ["s1", *expected]
    held = [one for one in found.of("action") if one.rule.result == "not fired"]
    assert len(held) == ("9223372036854775807" in to)
    assert all("could not be decided" in str(one.outcome.actions[0].held_back_by) for one in held)


@pytest.mark.parametrize("recompute", ["from now", "retroactive"])
@pytest.mark.parametrize("against", ["bad", "close"])
def test_reversed_together(recompute: str, against: str) -> None:
    found = shop("linked accounts, products", terms=f", recompute: {recompute}")
    record(found)
    snapshot = found.evaluator.snapshot()
    found.evaluator = Evaluator(found.program)
    found.evaluator.restore(snapshot)
    overturn(found, "2025-07-03", rule=against)
    assert found.in_force() == []
    lifted = [one for one in found.of("reversal") if one.outcome.actions]
    assert [target for _, _, target in told(lifted)] == ALL
    assert {change for change, _, _ in told(lifted)} == {"lifted"}


@pytest.mark.parametrize("recompute", ["from now", "retroactive"])
@pytest.mark.parametrize("against", ["bad", "close", None])
def test_shortened_together(recompute: str, against: str | None) -> None:
    """A remedy is about the action on the shop; the others go with it, then and afterwards."""
    remedy = """
remedies:
  - {remedy: quiz, event: quiz.completed, of: [close], do: [shorten to 3d]}"""
    found = shop("linked accounts, products", terms=f", recompute: {recompute}", remedies=remedy)
    record(found)
    found.send("2025-07-03T00:00", "quiz.completed", quiz_id="q", score=100)
    anew = [one for one in found.of("action") if one.time.event_time.startswith("2025-07-03")]
    assert [target for change, _, target in told(anew) if change == "applied"] == ALL
    assert {one.outcome.actions[0].until for one in anew} == {"2025-07-05T00:00:00+00:00"}
    assert {tuple(one.evidence.causes) for one in anew[1:]} == {(anew[0].decision_id,)}
    found.send("2025-07-03T01:00", "quiz.completed", quiz_id="q2", score=100)
    assert len(found.in_force()) == len(ALL)
    if against is None:
        found.advance("2025-07-05T00:00")
    else:
        overturn(found, "2025-07-04", rule=against)
    assert found.in_force() == []


def test_suspended_and_resumed_together() -> None:
    found = shop("products", terms=", while_pending: suspend")
    record(found)
    found.send("2025-07-03T00:00", "appeal.filed", appeal_id="a", rule="bad")
    assert found.in_force() == []
    found.send("2025-07-04T00:00", "appeal.withdrawn", appeal_id="a")
    assert found.in_force() == ["close"] * 3


def test_delayed_together() -> None:
    found = shop("products", terms=", while_pending: delay 48h")
    record(found)
    assert found.in_force() == []
    found.advance("2025-07-04T00:00")
    assert found.in_force() == ["close"] * 3
    found.advance("2025-07-13T00:00")
    assert found.in_force() == []


@pytest.mark.parametrize(
    ("do", "change"), [("close until complaint.closed", "lifted"), ("close", "applied")]
)
def test_until_an_event_and_once(do: str, change: str) -> None:
    found = shop("products", do)
    record(found)
    assert found.in_force() == (["close"] * 3 if "until" in do else [])
    found.send("2025-07-03T00:00", "complaint.closed", complaint_id="c", upheld=False)
    assert told(found.decisions)[-3:] == [
        (change, "shop", "s1"),
        (change, "product", "p1"),
        (change, "product", "p2"),
    ]
    overturn(found, "2025-07-04", rule="bad")
    lifted = [one for one in found.of("reversal") if one.outcome.actions]
    assert told(lifted) == (
        []
        if "until" in do
        else [("lifted", "shop", "s1"), ("lifted", "product", "p1"), ("lifted", "product", "p2")]
    )


def test_a_milestone_that_is_lost_lifts_all() -> None:
    program = compiled("""
policy: milestones
violations: {bad: {points: 4}}
actions: {close: {scope: shop, extends_to: [products]}}
escalations:
  - ladder: points
    per: shop
    expire: 5d
    because: many
    steps: [{at: 4, do: [close until recovered]}]
appeals: [{appeal: violation, attempts: [within 9d of notice]}]
""")
    found = Shop(program)
    found.send(START, "product.listed", product_id="p1")
    record(found)
    assert found.in_force() == ["close", "close"]
    found.advance("2025-07-10T00:00")
    assert found.in_force() == []


def test_what_comes_later_is_there_at_the_next_asking() -> None:
    found = shop("products")
    record(found)
    found.send("2025-07-03T00:00", "product.listed", product_id="p3")
    found.send("2025-07-03T00:01", "violation.recorded", violation_id="x", violation="bad")
    last = told(found.decisions)[-4:]
    assert ("applied", "product", "p3") in told(found.decisions)
    assert ("extended", "product", "p1") in last


def test_there_is_a_most(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(extending, "MOST_TARGETS", 3)
    found = shop("linked accounts, products")
    record(found)
    held = [one for one in found.of("action") if one.rule.result == "not fired"]
    assert [one.outcome.actions[0].held_back_by for one in held] == [
        "it extends to more than 3 others"
    ]
    assert len([one for one in told(found.decisions) if one[0] == "applied"]) == 4


def test_the_shop_alone_is_asked_about() -> None:
    """A product that is still under the action does not make the shop so."""
    found = Shop(
        compiled("""
policy: asking
review_rules:
  - {rule: closed, when: in_force("close"), verdict: flag}
violations: {bad: {points: 0, do: [close for 2d]}}
actions: {close: {scope: shop, overlap: extend, extends_to: [products]}}
appeals: [{appeal: violation, attempts: [within 9d of notice]}]
""")
    )
    found.send(START, "product.listed", product_id="s1")
    record(found)
    found.send("2025-07-03T00:00", "review.posted", review_id="r1", product_id="s1", stars=5)
    found.send("2025-07-05T00:00", "review.posted", review_id="r2", product_id="s1", stars=5)
    assert [one.subject.id for one in found.of("verdict")] == ["r1"]
    assert len(told(found.decisions)) == 4
