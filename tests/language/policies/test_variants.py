"""Variants: entries of one name, for regions and dates of their own."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from revlex.engine.language.compiler import compile_sources
from revlex.engine.language.program import Program
from revlex.engine.language.source import Source

Clean = Callable[..., Program]
Compiled = Callable[..., Any]

RULE = "  - {{rule: r, when: review.stars == 1, verdict: flag, {}}}\n"


def rules(*terms: str) -> str:
    head = "policy: p\nregions: [TH, VN, SG]\ntimezone: Asia/Bangkok\nreview_rules:\n"
    return head + "".join(RULE.format(one) for one in terms)


@pytest.mark.parametrize(
    ("one", "other", "meet"),
    [
        ("regions: [TH]", "regions: [VN]", False),
        ("regions: [TH]", "regions: [VN, TH]", True),
        ("regions: [TH]", "owner: me", True),
        ("effective: {until: 2025-06-10}", "effective: {from: 2025-06-10}", False),
        ("effective: {until: 2025-06-11}", "effective: {from: 2025-06-10}", True),
        ("effective: {from: 2025-06-10}", "effective: {until: 2025-06-10}", False),
        ("effective: {from: 2025-06-10}", "effective: {from: 2026-06-10}", True),
        ("effective: {from: 2025-06-10}", "owner: me", True),
        ("effective: {from: 2025-06-10}, regions: [TH]", "regions: [SG]", False),
        (
            "effective: {from: 2025-06-10}, regions: [TH]",
            "effective: {until: 2025-06-10}, regions: [TH]",
            False,
        ),
    ],
)
def test_whether_two_meet(one: str, other: str, meet: bool, compiled: Compiled) -> None:  # noqa: FBT001  # a column of the table
    for text in (rules(one, other), rules(other, one)):
        outcome = compiled(text)
        assert outcome.codes == ["E670"] * meet
        if meet:
            assert outcome.found[0].span.line == 6
            assert [label.span.line for label in outcome.found[0].labels] == [5]


def test_names_that_stand_twice_without_more_are_a_mistake_of_names(compiled: Compiled) -> None:
    assert compiled(rules("owner: me", "owner: you")).codes == ["E209"]


def test_each_variant_that_meets_another_is_told_once(compiled: Compiled) -> None:
    outcome = compiled(rules("regions: [TH]", "regions: [VN]", "owner: me", "owner: you"))
    assert [(one.code, one.span.line) for one in outcome.found] == [("E670", 7), ("E209", 8)]


@pytest.mark.parametrize(
    "terms",
    ["regions: [XX]", "effective: {from: soon}", "effective: {until: 2025-02-30}", "regions: TH"],
)
def test_an_entry_with_a_mistake_is_not_compared(terms: str, compiled: Compiled) -> None:
    outcome = compiled(rules("regions: [TH]", terms))
    assert len(outcome.codes) == 1
    assert outcome.codes != ["E670"]


def test_a_name_in_two_files(clean: Clean) -> None:
    program = clean(
        "policy: p\nregions: [TH, VN]\nviolations: {spam: {points: 1, regions: [TH]}}\n"
        "escalations: [{ladder: l, per: shop, because: x, steps: [{at: 4, do: [pause for 1d]}]}]\n"
        "actions: {pause: {scope: shop}}\n"
        "appeals: [{appeal: violation, attempts: [within 7d of notice]}]\n",
        "violations: {spam: [{points: 2, regions: [VN]}]}\n",
    )
    assert [one.points for one in program.violations.every()] == [1, 2]
    assert program.violations.at("spam", "VN", 0).points == 2
    assert program.violations.at("spam", "TH", 0).points == 1
    assert program.violations.at("spam", "XX", 0).points == 1


def test_a_list_under_a_name_without_anything_to_tell_apart(compiled: Compiled) -> None:
    text = "policy: p\nviolations: {spam: [{points: 1}, {points: 2}]}\n"
    assert compiled(text).codes == ["E670"]
    assert compiled("policy: p\nviolations: {spam: []}\n").codes == ["E208"]
    assert compiled("policy: p\nviolations: {spam: [[]]}\n").codes == ["E201"]


def test_measures_and_lines_of_classify_have_no_such_status(compiled: Compiled) -> None:
    measure = "measures: {m: {per: shop, value: count(review), over: 1d, status: warn}}"
    assert compiled(f"policy: p\n{measure}\n").codes == ["E202"]
    assert compiled("policy: p\nclassify: [{as: other, status: shadow}]\n").codes == ["E207"]


MEASURES = """
policy: p
regions: [TH, VN]
effective: {{from: 2025-01-01, until: 2026-01-01}}
measures:
  m:
{}
  k: {{per: shop, value: (m ?? 0) + 1, over: 30d}}
thresholds:
  - {{threshold: t, measure: k, check: daily, bands: {{few: below 9, many: from 9}}}}
"""
MEASURE = "    - {{per: shop, value: count(review), over: 30d, {}}}\n"


@pytest.mark.parametrize(
    ("terms", "certain"),
    [
        (["regions: [TH]", "regions: [VN]"], True),
        (["regions: [TH, VN]"], True),
        (["regions: [TH]"], False),
        (["effective: {from: 2025-01-01}"], True),
        (["effective: {from: 2025-01-02}"], False),
        (["effective: {until: 2026-01-01}"], True),
        (["effective: {until: 2025-12-31}"], False),
        (["effective: {until: 2025-05-01}", "effective: {from: 2025-05-01}"], True),
        (["effective: {until: 2025-05-01}", "effective: {from: 2025-05-03}"], False),
        (["regions: [TH]", "regions: [VN], effective: {from: 2025-06-01}"], False),
    ],
)
def test_a_measure_that_speaks_always_needs_no_guard(
    terms: list[str],
    certain: bool,  # noqa: FBT001  # a column of the table
    compiled: Compiled,
) -> None:
    text = MEASURES.format("".join(MEASURE.format(one) for one in terms))
    assert compiled(text).codes == ["E507"] * certain
    bare = compiled(text.replace("(m ?? 0)", "m"))
    assert bool(bare.errors) is not certain
    assert not certain or bare.program.measures["m"].is_certain


def test_variants_of_measures_that_read_each_other(clean: Clean, compiled: Compiled) -> None:
    text = """
policy: p
regions: [TH, VN]
measures:
  a:
    - {regions: [TH], per: shop, value: count(review), over: 30d}
    - {regions: [VN], per: shop, value: b + count(order), over: 30d}
  b: {per: shop, value: count(item), over: 30d}
thresholds:
  - {threshold: t, measure: a, check: daily, bands: {few: below 9, many: from 9}}
"""
    assert list(clean(text).measures) == ["b", "a"]
    circle = text.replace("value: count(item)", "value: a + count(item)")
    assert "E617" in compiled(circle).codes


def test_thresholds_ladders_and_actions_have_things_in_common(compiled: Compiled) -> None:
    text = """
policy: p
regions: [TH, VN]
measures:
  of_shop: {per: shop, value: count(review), over: 30d}
  of_product: {per: product, value: count(review), over: 30d}
thresholds:
  - threshold: t
    regions: [TH]
    measure: of_shop
    check: daily
    bands: {few: below 9, many: from 9}
  - threshold: t
    regions: [VN]
    measure: of_product
    check: daily
    bands: {few: below 9, many: from 9}
violations: {spam: {points: 1}}
actions: {pause: {scope: shop, overlap: keep}}
escalations:
  - {ladder: l, regions: [TH], per: shop, because: x, steps: [{at: 4, do: [pause for 1d]}]}
  - ladder: l
    regions: [VN]
    per: shop
    count: down from 100
    because: x
    steps: [{at: 4, do: [pause for 1d]}]
appeals: [{appeal: violation, attempts: [within 7d of notice]}]
"""
    assert compiled(text).codes == ["E672", "E672"]


def test_a_thousand_variants(clean: Clean, compiled: Compiled) -> None:
    regions = ", ".join(f"r{i}" for i in range(1_000))
    head = f"policy: p\nregions: [{regions}]\nreview_rules:\n"
    apart = head + "".join(RULE.format(f"regions: [r{i}]") for i in range(1_000))
    assert len(clean(apart).rules) == 1_000
    together = head + "".join(RULE.format("regions: [r1, r2]") for _ in range(1_000))
    assert len(compiled(together).found) == 999


def test_more_than_a_thousand(compiled: Compiled) -> None:
    regions = ", ".join(f"r{i}" for i in range(2_000))
    head = f"policy: p\nregions: [{regions}]\nreview_rules:\n"
    text = head + "".join(RULE.format(f"regions: [r{i}]") for i in range(1_001))
    outcome = compiled(text)
    assert [(one.code, one.span.line) for one in outcome.found] == [("E674", 1_004)]


days = st.integers(1, 27)
spans = st.tuples(st.none() | days, st.none() | days).filter(
    lambda ends: ends[0] is None or ends[1] is None or ends[0] < ends[1]
)
places = st.sets(st.sampled_from(["TH", "VN", "SG"]))


def terms(place: set[str], span: tuple[int | None, int | None]) -> str:
    first, last = (None if day is None else f"2025-06-{day:02}" for day in span)
    dates = ", ".join(f"{key}: {day}" for key, day in (("from", first), ("until", last)) if day)
    parts = [f"regions: [{', '.join(sorted(place))}]"] if place else []
    parts += [f"effective: {{{dates}}}"] if dates else []
    return ", ".join(parts) or "owner: me"


@given(variants=st.lists(st.tuples(places, spans), min_size=2, max_size=5))
def test_there_is_a_message_just_if_two_speak_on_one_day(
    variants: list[tuple[set[str], tuple[int | None, int | None]]],
) -> None:
    _, report = compile_sources([Source("p", rules(*(terms(*one) for one in variants)))])
    taken: set[tuple[str, int]] = set()
    meet = False
    for place, (first, last) in variants:
        mine = {
            (region, day)
            for region in place or {"TH", "VN", "SG"}
            for day in range(first or 0, last or 40)
        }
        meet = meet or bool(mine & taken)
        taken |= mine
    assert any(one.code in {"E670", "E209"} for one in report) is meet


@pytest.mark.parametrize(
    ("terms_of", "days"),
    [
        (["effective: {until: 2025-06-30}", "effective: {from: 2025-07-01}"], ["2025-06-30"]),
        (["effective: {from: 2025-07-01}", "effective: {until: 2025-06-30}"], ["2025-06-30"]),
        (["effective: {until: 2025-07-01}", "effective: {from: 2025-07-01}"], []),
        (["effective: {until: 2025-06-29}", "effective: {from: 2025-07-01}"], []),
        (
            [
                "regions: [TH, VN], effective: {until: 2025-06-30}",
                "regions: [VN, TH], effective: {from: 2025-07-01}",
            ],
            ["2025-06-30"],
        ),
        (
            [
                "regions: [TH], effective: {until: 2025-06-30}",
                "regions: [VN], effective: {from: 2025-07-01}",
            ],
            [],
        ),
        (
            [
                "effective: {until: 2025-06-30}",
                "effective: {from: 2025-06-30, until: 2025-07-01}",
                "effective: {from: 2025-07-01}",
            ],
            [],
        ),
        (["effective: {until: 9999-12-31}", "regions: [TH], effective: {until: 2025-01-01}"], []),
    ],
)
def test_a_single_day_on_which_none_speaks(terms_of: list[str], days: list[str]) -> None:
    _, report = compile_sources([Source("p", rules(*terms_of))])
    assert [one.span.text for one in report if one.code == "W731"] == days
