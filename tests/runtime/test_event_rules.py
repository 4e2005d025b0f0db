"""Rules on other events: what their verdicts fall on, and what undoes them."""

from __future__ import annotations

import pytest
from revlex.engine.language.catalog import standard_catalog
from revlex.engine.language.program import Rule, Stratum
from revlex.tests.reference.streams import Shop, compiled

POLICY = """
policy: events
title: Events
version: "1"
review_rules:
  - {rule: too-many, when: review.stars == 1, verdict: flag}
event_rules:
  - {rule: too-many, event: order.placed, when: order.quantity > 9, verdict: hold, because: many}
  - {rule: far-too-many, event: order.placed, when: order.quantity > 99, verdict: refuse,
     because: so many}
  - rule: linked
    event: [shop.linked, shop.opened]
    when: shop.verdict == none
    verdict: flag
measures:
  orders: {per: shop, value: "count(order where order.verdict in [none, allow, flag])", over: 30d}
thresholds:
  - {threshold: orders, measure: orders, check: on change, bands: {few: below 1, many: from 1}}
appeals:
  - {appeal: verdict, attempts: [within 7d of notice], recompute: RECOMPUTE}
"""

each_way = pytest.mark.parametrize("recompute", ["from now", "retroactive"])


def shop(recompute: str = "from now") -> Shop:
    return Shop(compiled(POLICY.replace("RECOMPUTE", recompute)))


def overturn(of: Shop, rule: str, number: int) -> None:
    of.send(f"2025-06-02T0{number}:00", "appeal.filed", appeal_id=f"a{number}", rule=rule)
    decided = {"outcome": "overturned", "decided_by": "ann", "reason": "mistaken"}
    of.send(f"2025-06-02T0{number}:30", "appeal.decided", appeal_id=f"a{number}", **decided)


@each_way
def test_each_verdict_is_taken_back_by_itself(recompute: str) -> None:
    """The rule on reviews with the same name would have said something else."""
    one = shop(recompute)
    one.send("2025-06-01T09:00", "review.posted", review_id="r1", stars=1)
    one.send("2025-06-01T10:00", "order.placed", order_id="o1", quantity=100)
    verdicts = [(d.subject.kind, d.rule.section, d.outcome.verdict) for d in one.of("verdict")]
    assert verdicts == [
        ("review", "review_rules", "flag"),
        ("order", "event_rules", "hold"),
        ("order", "event_rules", "refuse"),
    ]
    overturn(one, "far-too-many", 1)
    assert one.bands() == {}
    overturn(one, "too-many", 2)
    assert one.bands()["orders", ""] == "many"
    reversals = [(d.rule.section, d.rule.id) for d in one.of("reversal")]
    assert reversals == [("event_rules", "far-too-many"), ("event_rules", "too-many")]


def test_the_shop_itself_is_judged_and_remembers_it() -> None:
    one = shop()
    one.send("2025-06-01T09:00", "shop.linked", linked_account_ids=["s2"])
    one.send("2025-06-01T10:00", "shop.opened", tier="gold")
    (verdict,) = one.of("verdict")
    assert (verdict.subject.kind, verdict.subject.id) == ("shop", "s1")
    assert verdict.time.event_time == "2025-06-01T09:00:00+00:00"


def test_a_verdict_is_remembered_in_a_snapshot() -> None:
    one = shop()
    one.send("2025-06-01T09:00", "shop.linked", linked_account_ids=["s2"])
    other = shop()
    other.evaluator.restore(one.evaluator.snapshot())
    assert other.send("2025-06-01T10:00", "shop.opened", tier="gold") == []


def test_only_judged_kinds_have_a_verdict() -> None:
    entities = compiled(POLICY.replace("RECOMPUTE", "from now")).catalog.entities
    changed = {name for name, kind in entities.items() if kind != standard_catalog().entities[name]}
    assert changed == {"order", "shop"}
    plain = compiled('policy: p\nversion: "1"')
    assert plain.catalog is standard_catalog()


def test_a_rule_says_what_its_entry_says() -> None:
    program = compiled("""
policy: p
event_rules:
  - rule: r
    event: [order.placed, order.shipped, order.placed]
    require: order.quantity < 10
    otherwise: hold
    because: so many
    priority: 4
    stop: true
""")
    (rule,) = program.rules
    assert isinstance(rule, Rule)
    assert (rule.stratum, rule.about) == (Stratum.EVENT, "order")
    assert rule.events == ("order.placed", "order.shipped")
    assert (rule.priority, rule.stop, rule.verdicts) == (4, True, {"": "hold"})
