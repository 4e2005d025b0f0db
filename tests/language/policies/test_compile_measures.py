"""Measures: what they are made of, in which order, and on how many things they rest."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from revlex.engine.language import ir
from revlex.engine.language.diagnostics import Diagnostic
from revlex.engine.language.program import Measure, Program
from revlex.engine.language.syntax import Period, Unit
from revlex.engine.language.types import DECIMAL, INTEGER, PERCENT
from revlex.engine.language.walk import subexpressions

Clean = Callable[..., Program]
Wrong = Callable[[str, str], list[Diagnostic]]

AMOUNT = "order.amount of order where has order.amount"
DAY = 86_400_000_000


def policy(**values: str) -> str:
    """A policy with measures of these values, each looked at by a threshold."""
    measures = "".join(
        f"  {name}: {{per: shop, value: '{value}', over: 30d}}\n" for name, value in values.items()
    )
    thresholds = "".join(
        f"  - {{threshold: t-{name}, measure: {name}, check: daily, bands: {{any: from 0}}}}\n"
        for name in values
    )
    return f"policy: p\nmeasures:\n{measures}thresholds:\n{thresholds}"


def measured(value: str, compiled: Callable[..., object], band: str = "0") -> Measure:
    text = (
        f"policy: p\nmeasures:\n  m: {{per: shop, value: '{value}', over: 30d}}\nthresholds:\n"
        f"  - {{threshold: t, measure: m, check: daily, bands: {{any: from {band}}}}}\n"
    )
    outcome = compiled(text)
    assert getattr(outcome, "errors", None) == [], outcome
    program = getattr(outcome, "program", None)
    assert isinstance(program, Program)
    return program.measures["m"]


def test_a_measure_says_what_its_entry_says(clean: Clean) -> None:
    program = clean("""
        policy: p
        retention: 500d
        measures:
          rate:
            per: product
            value: count(review where review.stars <= 2) / count(order dated order.delivered_at)
            over: 8 calendar weeks
            at_least: 30
            lag: 36h
            owner: trust team
        thresholds:
          - {threshold: t, measure: rate, check: daily, bands: {good: below 1%, bad: from 1%}}
    """)
    (measure,) = program.measures.values()
    assert (measure.name, measure.per, measure.owner) == ("rate", "product", "trust team")
    assert measure.windows[0].length == Period(8, Unit.CALENDAR_WEEKS, span=measure.span)
    assert (measure.lag, measure.at_least) == (DAY * 3 // 2, 30)
    assert measure.value.type == PERCENT
    assert measure.aggregates == (0, 1)
    upper, lower = program.aggregates
    assert (upper.operator, upper.entity, upper.per) == ("count", "review", "product")
    assert (upper.length, upper.lag) == (measure.windows[0].length, measure.lag)
    assert isinstance(lower.date, ir.Field)
    assert (lower.entity, lower.where, lower.date.name) == ("order", None, "delivered_at")
    names = [getattr(part, "name", None) for part in (measure.numerator, measure.denominator)]
    assert names == ["aggregate_0", "aggregate_1"]
    assert measure.sample == measure.denominator


def test_equal_aggregates_are_counted_once(clean: Clean) -> None:
    program = clean(policy(a="count(review)", b="count(review) - count(order)", c="count(order)"))
    assert [plan.entity for plan in program.aggregates] == ["review", "order"]
    assert [plan.index for plan in program.aggregates] == [0, 1]
    assert [one.aggregates for one in program.measures.values()] == [(0,), (0, 1), (1,)]


def test_windows_make_a_difference(clean: Clean) -> None:
    program = clean("""
        policy: p
        measures:
          month: {per: shop, value: count(review), over: 30d}
          days: {per: shop, value: count(review), over: 30 calendar days}
          late: {per: shop, value: count(review), over: 30d, lag: 1d}
          each: {per: product, value: count(review), over: 30d}
          all: {per: shop, value: month + days + late, over: 30d}
        thresholds:
          - {threshold: t, measure: all, check: daily, bands: {any: from 0}}
          - {threshold: u, measure: each, check: daily, bands: {any: from 0}}
    """)
    assert len(program.aggregates) == 4


def test_a_measure_comes_after_those_that_it_reads(clean: Clean) -> None:
    text = policy(top="middle + bottom", middle="twice", bottom="count(review)")
    program = clean(text + "define:\n  twice: bottom + bottom\n")
    assert list(program.measures) == ["bottom", "middle", "top"]
    assert program.measures["top"].measures == ("middle", "bottom")
    assert program.measures["middle"].measures == ("bottom",)


@pytest.mark.parametrize(
    ("value", "band", "sample"),
    [
        ("count(review)", "0", []),
        ("count(review) - count(order)", "0", []),
        ("sum(order.quantity of order)", "0", []),
        ("count(review) / count(order)", "0%", ["aggregate_1"]),
        ("1 + count(review)", "0", []),
        ("share(review.stars <= 2 of review)", "0%", ["aggregate_1"]),
        ("average(review.stars of review)", "0.0", ["sample_0"]),
        ("greatest(review.stars of review)", "0", ["sample_0"]),
        ("least(review.stars of review) + count(order)", "0", ["sample_0"]),
        ("count(review) / 2", "0.0", []),
        (
            "count(review) / sum(order.quantity of order where order.quantity > 1)",
            "0%",
            ["aggregate_1"],
        ),
        (
            f"sum({AMOUNT}) / sum({AMOUNT} and order.gift)",
            "0.0",
            ["sample_1"],
        ),
        (
            "count(review) / count(order) + share(review.stars <= 2 of review)",
            "0%",
            ["aggregate_1", "aggregate_0"],
        ),
        ("if count(order) > 0 then count(review) / count(order) else 0%", "0%", []),
    ],
)
def test_the_sample_is_what_a_value_cannot_do_without(
    value: str, band: str, sample: list[str], compiled: Callable[..., object]
) -> None:
    found = measured(value, compiled, band).sample
    parts = [] if found is None else list(subexpressions(found))
    assert [part.name for part in parts if isinstance(part, ir.Parameter)] == sample


def test_a_measure_with_a_sample_may_be_insufficient_where_it_is_read(wrong: Wrong) -> None:
    wrong(
        """
        policy: p
        measures:
          rate: {per: shop, value: count(review) / count(order), over: 30d, at_least: 30}
          double: {per: shop, value: «rate» + 1%, over: 30d}
          same: {per: shop, value: rate ?? 0%, over: 30d}
        thresholds:
          - {threshold: t, measure: same, check: daily, require: «rate» > 1%, bands: {any: from 0%}}
          - {threshold: u, measure: double, check: daily, bands: {any: from 0%}}
        """,
        "E506 E506",
    )


def test_a_measure_that_only_names_another_may_be_insufficient_too(wrong: Wrong) -> None:
    wrong(
        """
        policy: p
        measures:
          rate: {per: shop, value: count(review) / count(order), over: 30d, at_least: 30}
          alias: {per: shop, value: rate, over: 30d}
          more: {per: shop, value: «alias» + 1%, over: 30d}
        thresholds:
          - {threshold: t, measure: more, check: daily, bands: {any: from 0%}}
        """,
        "E506",
    )


def test_types(compiled: Callable[..., object]) -> None:
    assert measured("count(review)", compiled).value.type == INTEGER
    assert measured("count(review) / count(order)", compiled, "0%").value.type == PERCENT
    assert measured("average(review.stars of review)", compiled, "0.0").value.type == DECIMAL
    times = "order.delivered_at - order.placed_at of order where has order.delivered_at"
    value = f"greatest({times} and has order.placed_at)"
    assert measured(value, compiled, "0h").value.type not in {INTEGER, DECIMAL, PERCENT}


def test_a_circle_is_reported_once_and_hides_nothing_else(wrong: Wrong) -> None:
    found = wrong(
        """
        policy: p
        measures:
          b: {per: shop, value: half, over: 30d}
          «a»: {per: shop, value: b + 1, over: 30d}
          c: {per: shop, value: a + b, over: 30d}
          d: {per: shop, value: count(review where «review.starz» > 1), over: 30d}
        define:
          half: a - 1
        thresholds:
          - {threshold: t, measure: c, check: daily, require: a > 1, bands: {any: from 0}}
          - {threshold: u, measure: d, check: daily, bands: {any: from 0}}
        """,
        "E617 E402",
    )
    assert found[0].message == "these measures are made of each other: `a` -> `b` -> `a`"


def test_a_rule_cannot_read_a_measure_not_even_through_a_definition(wrong: Wrong) -> None:
    wrong(
        """
        policy: p
        measures:
          rate: {per: shop, value: count(review), over: 30d}
        define:
          busy: rate > 5
          very_busy: busy
        classify:
          - {as: other, when: «rate» > 5}
        review_rules:
          - {rule: r, when: review.stars > 2 and «very_busy», verdict: flag}
        reply_drafts:
          rules:
            - {draft: d, mode: draft, when: «busy», templates: {en: ["{«rate»}"]}}
        """,
        "E637 E637 E637 E637",
    )


def test_a_word_that_is_also_a_measure_is_a_word(clean: Clean) -> None:
    program = clean("""
        policy: p
        measures:
          service: {per: shop, value: count(review), over: 30d}
        thresholds:
          - {threshold: t, measure: service, check: daily, bands: {any: from 0}}
        review_rules:
          - {rule: r, when: review.class == service, verdict: flag}
    """)
    assert program.rules[0].name == "r"


def test_a_measure_per_shop_can_be_read_for_each_of_its_products(clean: Clean) -> None:
    program = clean("""
        policy: p
        measures:
          reviews: {per: shop, value: count(review), over: 30d}
          own: {per: product, value: count(review) / reviews, over: 30d, at_least: 5}
        thresholds:
          - threshold: t
            measure: own
            check: daily
            require: reviews > 10
            bands: {good: below 1%, bad: from 1%}
            because: "{value} of {reviews}"
    """)
    assert program.measures["own"].measures == ("reviews",)
    assert program.thresholds[0].other_measures == ("reviews",)


def test_a_definition_may_stand_in_several_scopes(clean: Clean, wrong: Wrong) -> None:
    text = """
        policy: p
        define:
          negative: review.stars <= 2
          late: {late}
        measures:
          unhappy: {{per: shop, value: count(review where negative), over: 30d}}
        thresholds:
          - {{threshold: t, measure: unhappy, check: daily, bands: {{any: from 0}}}}
        review_rules:
          - {{rule: r, when: negative and late, verdict: flag}}
        reply_rules:
          - {{rule: s, when: negative and late, verdict: flag}}
        """
    program = clean(text.format(late="not (has order.delivered_at)"))
    assert len({str(rule.condition) for rule in program.rules}) == 1
    found = wrong(text.format(late="now > «order.delivered_at»"), "E506")
    assert [label.span.text for label in found[0].labels] == ["late"]
