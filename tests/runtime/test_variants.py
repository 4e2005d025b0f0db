"""Variants of thresholds, ladders, actions and appeals, as one gives way to the next."""

from __future__ import annotations

import pytest
from revlex.engine.runtime.evaluator import Evaluator
from revlex.tests.reference.streams import Shop, compiled

BANDS = """
policy: p
measures:
  bad: {per: shop, value: count(review where review.stars <= 2), over: 60d}
thresholds:
  - threshold: t
    effective: {until: 2025-06-10}
    measure: bad
    check: daily at 06:00
    bands: {few: below 2, many: from 2}
    on_enter: {many: {do: [pause until recovered]}}
    because: too many
  - threshold: t
    effective: {from: 2025-06-10}
    measure: bad
    check: CHECK
    bands: {FEW: below 5, many: from 5}
actions: {pause: {scope: shop}}
appeals: [{appeal: action, attempts: [within 7d of notice]}]
"""


def told(shop: Shop) -> list[tuple[str, str | None, str | None, str | None]]:
    return [
        (one.rule.id, one.outcome.band_before, one.outcome.band, one.time.event_time[:13])
        for one in shop.decisions
        if one.kind == "threshold"
    ]


@pytest.mark.parametrize(("check", "hour"), [("on change", "00"), ("daily at 03:00", "03")])
def test_a_band_goes_on_where_the_next_variant_has_it(check: str, hour: str) -> None:
    shop = Shop(compiled(BANDS.replace("CHECK", check).replace("FEW", "few")))
    for number in range(3):
        shop.send("2025-06-01T10:00", "review.posted", review_id=f"r{number}", stars=1)
    shop.advance("2025-06-09T23:59")
    assert shop.in_force() == ["pause"]
    shop.advance("2025-06-20T00:00")
    assert told(shop) == [
        ("t", None, "many", "2025-06-02T06"),
        ("t", "many", "few", f"2025-06-10T{hour}"),
    ]
    assert shop.in_force() == []


def test_a_band_that_is_no_more_is_left_behind() -> None:
    shop = Shop(compiled(BANDS.replace("CHECK", "on change").replace("FEW", "good")))
    shop.send("2025-06-01T10:00", "review.posted", review_id="r", stars=1)
    shop.advance("2025-06-20T00:00")
    assert told(shop) == [
        ("t", None, "few", "2025-06-02T06"),
        ("t", None, "good", "2025-06-10T00"),
    ]


def test_the_next_variant_waits_for_a_shop_of_which_nothing_was_heard_before() -> None:
    program = compiled(BANDS.replace("CHECK", "weekly at 03:00").replace("FEW", "few"))
    shop = Shop(program)
    shop.send("2025-06-09T23:00", "review.posted", review_id="r", stars=1)
    snapshot = shop.evaluator.snapshot()
    shop.advance("2025-06-20T00:00")
    assert told(shop) == [("t", None, "few", "2025-06-16T03")]
    again = Evaluator(program)
    again.restore(snapshot)
    later = Shop(program)
    later.evaluator = again
    later.advance("2025-06-20T00:00")
    assert told(later) == told(shop)


LADDER = """
policy: p
in_flight: TERMS
violations: {spam: {points: 4}}
actions: {pause: {scope: shop, overlap: extend}}
escalations:
  - ladder: l
    effective: {until: 2025-06-10}
    per: shop
    expire: 10d
    because: "{points}"
    steps: [{at: 12, do: [pause for 1d]}]
  - ladder: l
    effective: {from: 2025-06-10}
    per: shop
    expire: LATER
    because: "{points}"
    steps: [{at: 8, do: [pause for 2d]}]
appeals: [{appeal: violation, attempts: [within 7d of notice]}]
"""


def expiries(terms: str, later: str) -> list[str]:
    text = LADDER.replace("TERMS", terms).replace("LATER", later)
    shop = Shop(compiled(text.replace("    expire: ~\n", "")))
    for number, day in enumerate(("05", "09", "11")):
        at = f"2025-06-{day}T10:00"
        shop.send(at, "violation.recorded", violation_id=f"v{number}", violation="spam")
    shop.advance("2026-06-01T00:00")
    return [one.time.event_time[5:16] for one in shop.decisions if one.kind == "points"]


@pytest.mark.parametrize(
    ("terms", "later", "when"),
    [
        ("keep", "30d", ["06-15T10:00", "06-19T10:00", "07-11T10:00"]),
        ("adopt", "30d", ["07-05T10:00", "07-09T10:00", "07-11T10:00"]),
        ("keep", "3d", ["06-14T10:00", "06-15T10:00", "06-19T10:00"]),
        ("adopt", "3d", ["06-10T00:00", "06-12T10:00", "06-14T10:00"]),
        ("keep", "~", ["06-15T10:00", "06-19T10:00"]),
        ("adopt", "~", []),
    ],
)
def test_points_keep_their_length_or_adopt_the_new_one(
    terms: str, later: str, when: list[str]
) -> None:
    assert expiries(terms, later) == when


def test_a_step_that_lies_below_the_balance_is_not_taken_by_a_new_variant() -> None:
    shop = Shop(compiled(LADDER.replace("TERMS", "keep").replace("LATER", "90d")))
    for number in range(2):
        at = f"2025-06-0{number + 8}T10:00"
        shop.send(at, "violation.recorded", violation_id=f"v{number}", violation="spam")
    shop.advance("2025-06-11T00:00")
    assert [one.outcome.step for one in shop.of("step")] == []
    assert shop.points() == {"l": 8}


def test_what_a_step_of_the_old_variant_brought_is_lifted_when_its_milestone_is_lost() -> None:
    text = LADDER.replace("TERMS", "keep").replace("LATER", "90d")
    text = text.replace("at: 12, do: [pause for 1d]", "at: 4, do: [pause until recovered]")
    shop = Shop(compiled(text))
    shop.send("2025-06-09T10:00", "violation.recorded", violation_id="v", violation="spam")
    shop.advance("2025-06-19T09:59")
    assert shop.in_force() == ["pause"]
    shop.advance("2025-06-19T10:00")
    assert shop.in_force() == []


APPEALS = """
policy: p
violations: {spam: {points: 4}}
actions: {pause: {scope: shop}}
escalations: [{ladder: l, per: shop, because: x, steps: [{at: 12, do: [pause for 1d]}]}]
appeals:
  - appeal: a
    against: [violation]
    effective: {until: 2025-06-10}
    attempts: [within 9d of notice]
  - appeal: a
    against: [violation]
    effective: {from: 2025-06-10}
    attempts: [within 1d of notice]
    evidence: {else: [screenshot]}
"""


def test_an_appeal_goes_on_under_the_variant_under_which_it_was_opened() -> None:
    shop = Shop(compiled(APPEALS))
    for number, day in enumerate(("09", "10")):
        at = f"2025-06-{day}T10:00"
        shop.send(
            at, "violation.recorded", violation_id=f"v{number}", violation="spam", event_id=day
        )
    first, second = shop.of("violation")
    for number, one in enumerate((first, second)):
        shop.send(
            "2025-06-10T11:00", "appeal.filed", appeal_id=f"a{number}", decision_id=one.decision_id
        )
    assert [shop.appeal(name).state for name in ("a0", "a1")] == ["under_review", "open"]


def test_an_action_runs_on_under_the_next_variant() -> None:
    text = """
policy: p
violations: {spam: {points: 1, do: [cap_orders for 3d]}}
actions:
  cap_orders:
    - {effective: {until: 2025-06-10}, scope: shop, overlap: extend, cap: 100 per day}
    - {effective: {from: 2025-06-10}, scope: shop, overlap: extend, cap: 50 per day}
escalations: [{ladder: l, per: shop, because: x, steps: [{at: 12, do: [cap_orders for 1d]}]}]
appeals: [{appeal: a, against: [violation, action], attempts: [within 9d of notice]}]
"""
    shop = Shop(compiled(text))
    shop.send("2025-06-09T10:00", "violation.recorded", violation_id="v1", violation="spam")
    shop.send("2025-06-11T10:00", "violation.recorded", violation_id="v2", violation="spam")
    caps = [change.parameters["cap"] for one in shop.of("action") for change in one.outcome.actions]
    assert len(set(caps)) == 2
    shop.advance("2025-06-15T09:59")
    assert shop.in_force() == ["cap_orders"]
    shop.advance("2025-06-15T10:00")
    assert shop.in_force() == []
