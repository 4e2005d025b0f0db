"""Values that may be missing, and the guards that show that they are there."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from revlex.engine.language import ir
from revlex.engine.language.types import BOOLEAN, INSTANT, INTEGER, PERCENT, TEXT, Optional

Check = Callable[..., Any]
Define = Callable[..., Any]

LATE = "review.posted_at - order.delivered_at > 60d"

GUARDED = [
    f"has order.delivered_at and {LATE}",
    f"negative and has order.delivered_at and {LATE}",
    f"not has order.delivered_at or {LATE}",
    f"not has order.delivered_at or negative or {LATE}",
    f"if has order.delivered_at then {LATE} else negative",
    f"if not has order.delivered_at then negative else {LATE}",
    f"delivered and {LATE}",
    f"not delivered or {LATE}",
    f"(has order.delivered_at and negative) and {LATE}",
    f"not (not has order.delivered_at or negative) and {LATE}",
    f"has order.delivered_at and (negative or {LATE})",
    f"has order.delivered_at and not ({LATE})",
    f"has order.delivered_at and (if negative then {LATE} else not ({LATE}))",
    f"(if negative then has order.delivered_at else has order.delivered_at) and {LATE}",
    f"not (has order.delivered_at and negative) or {LATE}",
    f"(has order.delivered_at and negative or has order.delivered_at) and {LATE}",
    f"not (not has order.delivered_at and negative or not has order.delivered_at) and {LATE}",
    f"(if has order.delivered_at then negative else false) and negative or not delivered or {LATE}",
    "review.posted_at - (order.delivered_at ?? order.shipped_at ?? now) > 60d",
    "has order.delivered_at and (order.delivered_at ?? now) < now",
    "has seller_nrr and seller_nrr > 1%",
    "(seller_nrr ?? 0%) > 1%",
    "has review.safety_class and review.safety_class <= 2",
    'review.language ?? "en" == "en"',
]

UNGUARDED = [
    LATE,
    f"{LATE} and has order.delivered_at",
    f"has order.delivered_at or {LATE}",
    f"not has order.delivered_at and {LATE}",
    f"has order.shipped_at and {LATE}",
    f"(has order.delivered_at or negative) and {LATE}",
    f"if has order.delivered_at then negative else {LATE}",
    f"(if negative then has order.delivered_at else true) and {LATE}",
    f"not (has order.delivered_at or negative) or {LATE}",
    f"(has order.delivered_at and negative) or {LATE}",
    f"(not has order.delivered_at or negative) and {LATE}",
    "review.posted_at - (order.delivered_at ?? order.shipped_at) > 60d",
    "seller_nrr > 1%",
    "seller_nrr > 1% or has seller_nrr",
    "length(review.language) > 2",
    "review.language in rewards",
    "review.language contains any of rewards",
    "-review.safety_class < 3",
    "not (order.delivered_at < now)",
    "has order and order.delivered_at < now",
    "order.delivered_at within 3d of now",
]


@pytest.mark.parametrize("text", GUARDED)
def test_guarded(check: Check, text: str) -> None:
    assert check(text).found == []


@pytest.mark.parametrize("text", UNGUARDED)
def test_unguarded(check: Check, text: str) -> None:
    assert check(text).codes == ["E506"]


def test_the_help_is_the_guard_to_write(check: Check) -> None:
    assert check(LATE).only.help == "guard it: `has order.delivered_at and …`"
    assert check("seller_nrr > 1%").only.message == "`seller_nrr` may be insufficient here"
    assert check("seller_nrr > 1%").only.help == "guard it: `has seller_nrr and …`"
    coalesced = check("(order.delivered_at ?? order.shipped_at) < now").only
    assert coalesced.help == "end it with a default that is always there: `… ?? value`"


def test_a_guarded_use_has_the_plain_type(check: Check) -> None:
    expr = check(f"has order.delivered_at and {LATE}").expr
    asked, late = expr.operands
    assert asked.operand.type == Optional(INSTANT)
    assert late.arguments[0].arguments[1].type == INSTANT


def test_where_any_type_will_do_a_value_may_be_missing(check: Check) -> None:
    assert check("review.language").type == Optional(TEXT)
    assert check("review.language ?? buyer.name").type == Optional(TEXT)
    assert check("if negative then review.language else review.text").type == Optional(TEXT)


def test_where_a_type_is_expected_it_must_be_there(check: Check) -> None:
    assert check("review.language", TEXT).codes == ["E506"]
    assert check("review.language", Optional(TEXT)).type == Optional(TEXT)
    assert check("review.text", Optional(TEXT)).type == TEXT
    assert check("review.stars", Optional(TEXT)).codes == ["E503"]


# ------------------------------------------------------------------- linked entities


def test_fields_with_defaults_need_no_guard(check: Check) -> None:
    assert check("order.quantity > 3").found == []


def test_other_fields_of_a_kind_that_may_be_unknown_need_one(check: Check) -> None:
    certain: frozenset[str] = frozenset()
    assert check("review.stars <= 2", certain=certain).codes == ["E506"]
    assert check("has review.stars and review.stars <= 2", certain=certain).found == []
    assert check("has review and review.stars <= 2", certain=certain).found == []
    first = "has review.stars and review.first_stars > review.stars"
    assert check(first, certain=certain).found == []


def test_the_subject_and_the_shop_are_certain(check: Check) -> None:
    assert check("has reply and negative").codes == ["E507"]
    assert check("has shop").codes == ["E507"]
    assert check("has order").expr == ir.Known("order", type=BOOLEAN, span=check("now").expr.span)


def test_a_definition_of_the_name_of_a_kind_is_asked_itself(check: Check, define: Define) -> None:
    found = check("has order", definitions=define(order="order.delivered_at"))
    assert isinstance(found.expr, ir.Has)


# --------------------------------------------------------------- guards without a need


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("has review.stars", "review.stars"),
        ("has review", "review"),
        ("has negative", "negative"),
        ("has deliveries and negative", "deliveries"),
        ('(review.text ?? "none") == ""', "review.text"),
        ('(review.language ?? review.text ?? "en") == "en"', "review.text"),
    ],
)
def test_needless(check: Check, text: str, place: str) -> None:
    found = check(text).only
    assert (found.code, found.span.text) == ("E507", place)


def test_a_guard_in_a_definition_may_be_needed_elsewhere(check: Check, define: Define) -> None:
    named = define(shared="has review.stars and review.stars <= 2", known="has review")
    assert check("shared and known", definitions=named).found == []
    assert check("shared and known", definitions=named, certain=frozenset()).found == []


def test_a_second_guard_is_no_mistake(check: Check, define: Define) -> None:
    named = define(late=f"has order.delivered_at and {LATE}")
    assert check("has order.delivered_at and late", definitions=named).found == []


# ------------------------------------------------------------- guards with mistakes


@pytest.mark.parametrize(
    "text",
    [
        f"has order.delivred_at and {LATE}",
        f"not has order.delivred_at or {LATE}",
        f"deliverd and {LATE}",
        f"(negative and has order.delivred_at) and {LATE}",
    ],
)
def test_a_misspelt_guard_is_told_once(check: Check, text: str) -> None:
    assert len(check(text).found) == 1


def test_a_mistake_beside_a_guard_hides_nothing(check: Check) -> None:
    assert check(f"review.strs > 2 and {LATE}").codes == ["E402", "E506"]


# ------------------------------------------------------------------------ definitions


def test_a_definition_that_may_be_missing_is_guarded_by_its_name(
    check: Check, define: Define
) -> None:
    named = define(arrived="order.delivered_at ?? order.completed_at")
    assert check("has arrived and arrived < now", definitions=named).found == []
    assert check("arrived < now", definitions=named).codes == ["E506"]
    assert check("arrived", definitions=named).type == Optional(INSTANT)


def test_a_definition_is_judged_where_it_is_used(check: Check, define: Define) -> None:
    named = define(late=LATE, delivered="has order.delivered_at")
    assert check("delivered and late", definitions=named).found == []
    assert check("late", definitions=named).codes == ["E506"]


def test_parameters_are_guarded_alike(check: Check) -> None:
    parameters = {"matched": Optional(TEXT), "points": INTEGER}
    assert check('matched == "x"', parameters=parameters).codes == ["E506"]
    assert check('has matched and matched == "x"', parameters=parameters).found == []


def test_measures_are_optional_percents(check: Check) -> None:
    assert check("seller_nrr").type == Optional(PERCENT)
    assert check("seller_nrr ?? 0%").type == PERCENT
