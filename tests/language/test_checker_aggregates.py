"""Aggregates: what is counted, by which date, and what comes out."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from revlex.engine.language import ir
from revlex.engine.language.types import (
    DECIMAL,
    DURATION,
    INSTANT,
    INTEGER,
    PERCENT,
    Optional,
)

Check = Callable[..., Any]
Define = Callable[..., Any]


@pytest.mark.parametrize(
    ("text", "type_"),
    [
        ("count(review)", INTEGER),
        ("count(review where negative)", INTEGER),
        ("count(distinct review.class of review)", INTEGER),
        ("count(distinct order.buyer_key of order where has order.buyer_key)", INTEGER),
        ("sum(review.images of review)", INTEGER),
        ("sum(order.amount of order where has order.amount)", DECIMAL),
        ("sum(review.posted_at - order.placed_at of review where has order.placed_at)", DURATION),
        ("average(review.stars of review)", DECIMAL),
        ("average(order.amount of order where has order.amount)", DECIMAL),
        ("least(review.stars of review)", INTEGER),
        ("greatest(review.posted_at - (order.placed_at ?? review.posted_at) of review)", DURATION),
        ("share(negative of review)", PERCENT),
        ("count(review) / count(order)", PERCENT),
        ("count(review where negative) / (count(order) + count(return))", PERCENT),
        ("2 * count(review) / count(order)", PERCENT),
        ("sum(review.images of review) / count(review)", PERCENT),
        ("count(review) / deliveries", PERCENT),
        ("count(review) / 30", DECIMAL),
        ("sum(order.amount of order where has order.amount) / count(order)", DECIMAL),
        ("least_of(average(review.stars of review), average(chat.stars ?? 5 of chat))", DECIMAL),
        ("share(negative of review) / share(seller_fault of review)", DECIMAL),
    ],
)
def test_type(measure: Check, text: str, type_: Any) -> None:
    assert measure(text).type == type_


def test_a_condition_is_read_with_the_entity_in_scope(measure: Check) -> None:
    expr = measure("count(review where review.stars <= 2 and order.sample == false)").expr
    assert (expr.entity, expr.value) == ("review", None)
    assert expr.date == ir.Field("review", "posted_at", type=INSTANT, span=expr.span)
    assert measure("count(review where has_url(reply.text))").codes == ["E403"]


def test_another_date_can_be_named(measure: Check) -> None:
    expr = measure("count(order dated order.delivered_at)").expr
    assert expr.date == ir.Field("order", "delivered_at", type=Optional(INSTANT), span=expr.span)
    assert measure("count(review dated order.placed_at)").expr.date.entity == "order"


def test_the_usual_date_may_be_that_of_another_kind(measure: Check) -> None:
    date = measure("count(item)").expr.date
    assert (date.entity, date.name, date.type) == ("order", "placed_at", Optional(INSTANT))


def test_the_condition_guards_what_is_summed_up(measure: Check) -> None:
    text = "average(chat.stars of chat where has chat.stars)"
    assert measure(text).expr.value.type == INTEGER
    assert measure("average(chat.stars of chat)").only.help == (
        "count only where it is there: `where has chat.stars`"
    )
    assert measure("average(chat.stars + 1 of chat)").codes == ["E506"]


def test_what_is_known_outside_is_not_known_of_each_entity(measure: Check, define: Define) -> None:
    named = define(opened="has shop.opened_at")
    text = "if opened then count(order where shop.opened_at < order.placed_at) else 0"
    assert set(measure(text, definitions=named).codes) == {"E506"}


def test_a_linked_entity_may_be_unknown(measure: Check) -> None:
    assert measure("count(reply where review.stars <= 2)").codes == ["E506"]
    assert measure("count(reply where has review and review.stars <= 2)").found == []


@pytest.mark.parametrize(
    ("text", "code", "place"),
    [
        ("count(reviw)", "E406", "reviw"),
        ("count(review where now - review.posted_at < 3d)", "E419", "now"),
        ("count(review where seller_nrr > 1%)", "E419", "seller_nrr"),
        ('count(review where points("violation-points") > 1)', "E419", None),
        ('count(review where in_force("close_shop"))', "E419", None),
        ("count(review where count(order) > 1)", "E520", "count(order)"),
        ("sum(count(order) of review)", "E520", "count(order)"),
        ("count(product)", "E521", "product"),
        ("count(buyer)", "E521", "buyer"),
        ("count(order dated now)", "E419", "now"),
        ("count(order dated order.amount)", "E521", "order.amount"),
        ("count(order dated order.placd_at)", "E402", "order.placd_at"),
        ("sum(review.text of review)", "E522", "review.text"),
        ("sum(review.class of review)", "E522", "review.class"),
        ("share(review.stars of review)", "E522", "review.stars"),
        ("average(review.posted_at of review)", "E522", "review.posted_at"),
        ("count(review where review.stars)", "E503", "review.stars"),
        ("count(review where matched == review.text)", "E401", "matched"),
    ],
)
def test_mistake(measure: Check, text: str, code: str, place: str | None) -> None:
    found = measure(text).only
    assert found.code == code
    assert place in {None, found.span.text}


def test_the_help_names_a_date_that_there_is(measure: Check) -> None:
    assert "`count(product dated product.listed_at)`" in measure("count(product)").only.help
    assert measure("count(buyer)").only.help == "count something that has a date"


def test_aggregates_stand_in_measures_only(check: Check) -> None:
    found = check("count(review where negative) > 3").only
    assert (found.code, found.span.text) == ("E519", "count(review where negative)")


def test_definitions_may_hold_aggregates_and_conditions(measure: Check, define: Define) -> None:
    named = define(bad="count(review where negative)", negative="review.stars <= 2")
    found = measure("bad / count(order)", definitions=named)
    assert found.type == PERCENT
    assert found.uses == {("definition", "bad"), ("definition", "negative")}
