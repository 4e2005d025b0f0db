"""What a threshold requires stands in its decisions, with its values."""

from __future__ import annotations

from revlex.engine.records.decision import Decision
from revlex.engine.records.explain import explain_lines
from revlex.tests.reference.streams import Shop, compiled

POLICY = """
policy: needs
title: Needs
version: "1"
timezone: Asia/Bangkok
measures:
  share_bad: {per: shop, value: share(review.stars <= 2 of review), over: 10d, at_least: 2}
  bad: {per: shop, value: count(review where review.stars <= 2), over: 10d}
  fives: {per: shop, value: count(review where review.stars == 5), over: 10d}
thresholds:
  - threshold: rate
    measure: share_bad
    check: on change
    require: bad >= 2
    bands: BANDS
"""
RANGES = "{fine: below 50%, poor: from 50%}"
WITH_CONDITION = "{fine: below 50%, poor: from 50%, odd: when fives >= 1}"


def watched(stars: tuple[int, ...], bands: str = RANGES) -> Shop:
    """A shop with one review a day, of so many stars."""
    shop = Shop(compiled(POLICY.replace("BANDS", bands)))
    for day, given in enumerate(stars, 1):
        shop.send(f"2025-07-{day:02}T00:00", "review.posted", review_id=f"r{day}", stars=given)
    return shop


def required(decision: Decision) -> list[str]:
    """The lines that say what was required."""
    return [line for line in explain_lines(decision) if line.startswith("required  ")]


def test_what_is_required_is_shown_where_a_band_is_entered_by_value() -> None:
    (entered,) = watched((1, 1)).of("threshold")
    assert (entered.outcome.band, required(entered)) == ("poor", ["required  bad >= 2   = yes"])


def test_what_does_not_hold_is_shown_where_it_is_not_enough_to_tell() -> None:
    shop = watched((1, 1, 3))
    shop.send("2025-07-04T00:00", "review.removed", review_id="r1")
    short = shop.of("threshold")[-1]
    assert short.rule.result == "insufficient"
    assert required(short) == ["required  bad >= 2   = no"]
    told = "\n".join(explain_lines(short))
    assert "`bad >= 2` did not hold with bad = 1; it would hold from 2 on" in told


def test_too_small_a_sample_is_not_put_down_to_the_requirement() -> None:
    shop = watched((1, 1))
    shop.send("2025-07-04T00:00", "review.removed", review_id="r1")
    short = shop.of("threshold")[-1]
    assert (short.rule.result, short.evidence.explanation) == ("insufficient", None)


def test_the_condition_of_a_band_goes_before_what_is_required() -> None:
    shop = watched((1, 1, 5), WITH_CONDITION)
    shop.send("2025-07-04T00:00", "review.removed", review_id="r3")
    found = shop.of("threshold")
    assert [one.outcome.band for one in found] == ["poor", "odd", "poor"]
    assert [bool(required(one)) for one in found] == [True, False, False]
    texts = [one.evidence.explanation.text for one in found if one.evidence.explanation]
    assert texts == ["bad >= 2", "fives >= 1", "fives >= 1"]
