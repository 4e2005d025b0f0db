"""Roll-ups: whose they may be, what they may read, and what comes out."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from revlex.engine.language import ir
from revlex.engine.language.ranges import always
from revlex.engine.language.types import (
    BOOLEAN,
    DECIMAL,
    DURATION,
    INSTANT,
    INTEGER,
    PERCENT,
    TEXT,
    Enumeration,
    Optional,
)

Check = Callable[..., Any]


@pytest.mark.parametrize(
    ("text", "type_"),
    [
        ("count(review for order)", INTEGER),
        ("count(distinct review.class of review for buyer)", INTEGER),
        ("sum(review.images of review for order)", INTEGER),
        ("sum(order.amount of order for buyer where has order.amount)", DECIMAL),
        ("average(review.stars of review for order)", Optional(DECIMAL)),
        ("share(review.stars <= 2 of review for order)", Optional(PERCENT)),
        ("least(review.stars of review for order)", Optional(INTEGER)),
        ("greatest(now - review.posted_at of review for order)", Optional(DURATION)),
        ("first(review.text of review for order)", Optional(TEXT)),
        ("latest(review.posted_at of review for order)", Optional(INSTANT)),
        ("latest(review.anonymous of review for order)", Optional(BOOLEAN)),
        ("count(review for order) / count(reply for order)", PERCENT),
        ("count(review for order) / 2", DECIMAL),
        ("count(reply for review where count(review for order) > 1)", INTEGER),
    ],
)
def test_type(check: Check, text: str, type_: Any) -> None:
    found = check(text)
    assert (found.codes, found.type) == ([], type_)


def test_the_word_that_comes_out_is_of_the_same_list(check: Check) -> None:
    of = check("latest(review.class of review for order)").type
    assert isinstance(of.item, Enumeration)
    assert "logistics" in of.item.members
    text = "(latest(review.class of review for order) ?? other) == logistics"
    assert check(text).codes == []


@pytest.mark.parametrize(
    ("text", "code", "place"),
    [
        ("count(review for shop) > 1", "E523", "shop"),
        ("count(review for product) > 1", "E523", "product"),
        ("count(chat for order) > 1", "E524", "order"),
        ("count(review for review) > 1", "E524", "review"),
        ("count(product for buyer) > 1", "E524", "buyer"),
        ("count(review for chat) > 1", "E524", "chat"),
        ("count(report for return) > 1", "E524", "return"),
        ("count(review for ordr) > 1", "E406", "ordr"),
        ("count(reviw for order) > 1", "E406", "reviw"),
        ("count(review for order dated review.posted_at) > 1", "E525", "review.posted_at"),
        ("sum(review.stars of review for order dated review.posted_at) > 1", "E525", None),
        ("has_url(first(review.text of review for order dated review.stars) ?? '')", "E521", None),
        ("least(review.text of review for order) == ''", "E522", "review.text"),
        ("average(review.stars of review for order) > 1.0", "E506", None),
        ("count(review for order where review.stars) > 1", "E503", "review.stars"),
        ("count(review for order where reply.text == '') > 1", "E403", "reply.text"),
        ("count(review for order where count(review) > 1) > 1", "E519", "count(review)"),
    ],
)
def test_mistake(check: Check, text: str, code: str, place: str | None) -> None:
    found = check(text)
    assert found.codes[:1] == [code]
    assert place in {None, found.found[0].span.text}


def test_an_owner_has_to_be_in_scope(check: Check) -> None:
    assert check("count(review for order) > 1", about="chat", certain=frozenset()).codes == ["E403"]
    assert check("count(chat for buyer) > 1", about="chat", certain=frozenset()).codes == []


def test_not_where_roll_ups_cannot_be_followed(check: Check, measure: Check) -> None:
    assert check("count(review for order) > 1", rollups=False).codes == ["E527"]
    assert measure("count(review for order)", rollups=True).codes == ["E527"]
    assert measure("count(order where count(review for order) > 1)", rollups=True).codes == []
    assert measure("count(order where count(review for order) > 1)", rollups=False).codes == [
        "E527"
    ]


def test_nothing_that_changes_by_itself_within_a_measure(measure: Check) -> None:
    text = "count(order where count(review for order where {}) > 1)"
    for inner in ("now > review.posted_at", "seller_nrr > 1%", 'points("violation-points") > 1'):
        assert measure(text.format(inner), rollups=True).codes == ["E419"]


def test_a_guard_of_a_roll_up(check: Check, define: Callable[..., Any]) -> None:
    named = define(worst="least(review.stars of review for order)")
    assert check("has worst and worst <= 2", definitions=named).codes == []
    assert check("worst <= 2", definitions=named).codes == ["E506"]
    assert check("has worst", definitions=define(worst="count(review for order)")).codes == ["E507"]


def test_the_condition_guards_what_is_summed_up(check: Check) -> None:
    assert check("sum(order.amount of order for buyer) > 1.0").only.help == (
        "count only where it is there: `where has order.amount`"
    )


def test_the_holder_is_what_links_to_the_owner(check: Check) -> None:
    holder = {
        text: check(text).expr.holder
        for text in (
            "count(reply for review)",
            "count(review for order)",
            "count(order for buyer)",
            "count(reply for order)",
        )
    }
    assert holder == {
        "count(reply for review)": "reply",
        "count(review for order)": "review",
        "count(order for buyer)": "review",
        "count(reply for order)": "review",
    }
    own = check("count(reply for review)", about="review", certain=frozenset()).expr
    assert own.holder == "review"


def test_what_asks_the_same_is_the_same(check: Check) -> None:
    one = check("count(review for order where review.stars <= 2)").expr
    same = check("count(review  for order where negative)").expr
    other = check("count(review for order where review.stars <= 3)").expr
    assert one.plan == same.plan
    assert one.plan != other.plan
    assert len({one.plan, same.plan, other.plan}) == 2


def test_a_count_is_never_negative(check: Check, standard: Any) -> None:
    expr = check("count(review for order) >= 0").expr
    assert always(expr, standard.catalog) is True
    assert always(check("count(review for order) < 0").expr, standard.catalog) is False
    assert always(check("count(review for order) > 0").expr, standard.catalog) is None
    assert isinstance(expr, ir.Call)
