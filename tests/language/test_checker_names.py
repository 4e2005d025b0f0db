"""Names: what each stands for, and what is said about those that stand for nothing."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from revlex.engine.language import ir
from revlex.engine.language.environment import Environment, Table, always_set
from revlex.engine.language.types import (
    BOOLEAN,
    ERROR,
    INSTANT,
    INTEGER,
    PERCENT,
    TEXT,
    Enumeration,
    ListOf,
    Optional,
)

Check = Callable[..., Any]
Define = Callable[..., Any]


# ------------------------------------------------------------------- what names mean


def test_a_field_is_read_from_the_entity_of_its_kind(check: Check) -> None:
    expr = check("review.stars").expr
    assert expr == ir.Field("review", "stars", type=INTEGER, span=expr.span)
    assert expr.span.text == "review.stars"


def test_now_is_the_time_that_is_judged(check: Check) -> None:
    assert check("now").type == INSTANT


def test_a_parameter_comes_from_its_place(check: Check) -> None:
    assert check("matched").expr == ir.Parameter("matched", type=TEXT, span=check("now").expr.span)
    dotted = check("violation.points > 3", parameters={"violation.points": INTEGER})
    assert dotted.type == BOOLEAN


def test_a_parameter_beats_a_definition(check: Check, define: Define) -> None:
    found = check("x", parameters={"x": TEXT}, definitions=define(x="1 == 2"))
    assert found.type == TEXT


def test_a_definition_is_written_out(check: Check) -> None:
    assert check("negative").expr == check("review.stars <= 2").expr


def test_a_member_beats_a_definition_of_that_name(check: Check, define: Define) -> None:
    named = define(logistics="review.class == logistics")
    assert check("logistics", definitions=named).expr == check("review.class == logistics").expr


def test_a_measure_is_read_for_the_subject(check: Check) -> None:
    assert check("deliveries").type == INTEGER
    assert isinstance(check("deliveries").expr, ir.MeasureValue)


def test_a_list_is_a_constant(check: Check) -> None:
    found = check("rewards")
    assert found.type == ListOf(TEXT)
    assert found.expr.value == ("voucher", "gift card")


@pytest.mark.parametrize(
    "text",
    [
        "review.class == product",
        "product == review.class",
        "review.class in [product, service]",
        "(if negative then product else service) == review.class",
        "review.class == (if negative then product else service)",
    ],
)
def test_words_of_an_enumeration_go_by_what_stands_beside_them(check: Check, text: str) -> None:
    assert check(text).found == []


def test_a_word_can_be_all_that_the_place_hopes_for(check: Check) -> None:
    classes = check("review.class").type
    assert isinstance(classes, Enumeration)
    found = check("product", classes)
    assert found.expr == ir.Constant(value="product", type=classes, span=found.expr.span)


def test_a_table_is_read_by_its_key(check: Check) -> None:
    found = check("nrr_limit[product.category]")
    assert found.type == PERCENT
    assert found.expr.rows.keys() == {"beauty", "electronics"}


def test_a_table_without_a_default_may_come_out_empty(check: Check) -> None:
    table = Table("limit", {"beauty": 3}, INTEGER)
    assert check("limit[product.category]", tables={"limit": table}).type == Optional(INTEGER)
    assert check("limit[product.category] > 3", tables={"limit": table}).codes == ["E506"]
    assert check("(limit[product.category] ?? 1) > 3", tables={"limit": table}).found == []


def test_the_words_of_an_enumeration_are_keys(check: Check) -> None:
    classes = check("review.class").type
    table = Table("weight", {"product": 3, "safety": 9}, INTEGER, default=1, key_type=classes)
    assert check("weight[review.class]", tables={"weight": table}).type == INTEGER
    assert check("weight[safety]", tables={"weight": table}).type == INTEGER
    assert check("weight[other]", tables={"weight": table}).codes == ["E412"]
    assert check("weight[saftey]", tables={"weight": table}).codes == ["E404"]
    assert check("weight[review.text]", tables={"weight": table}).codes == ["E503"]


def test_ladders_and_actions_are_read_by_constant_names(check: Check) -> None:
    assert check('points("violation-points")').type == INTEGER
    assert check('in_force("close_shop")').type == BOOLEAN
    assert check("points(review.text)").codes == ["E508"]
    assert check("points(3)").codes == ["E505"]
    assert check("in_force()").codes == ["E505"]
    assert check('since("close_shop")').type == Optional(INSTANT)
    assert check('since("close_shop") < now').codes == ["E506"]
    assert check('in_force("close_shop") and since("close_shop") < now').codes == []
    assert check('not in_force("close_shop") or since("close_shop") < now').codes == []
    assert check('in_force("close_shop") or since("close_shop") < now').codes == ["E506"]


def test_a_name_for_the_name_of_a_ladder(check: Check, define: Define) -> None:
    found = check("points(which) > 3", definitions=define(which='"violation-points"'))
    assert found.found == []


def test_without_a_subject_only_the_shop_is_in_scope(check: Check) -> None:
    assert check("shop.tier", about=None, certain=frozenset()).type == TEXT
    assert check("review.stars", about=None, certain=frozenset()).codes == ["E403"]


# ----------------------------------------------------------------- what is said of slips


@pytest.mark.parametrize(
    ("text", "code", "place", "help_"),
    [
        ("negativ", "E401", "negativ", "did you mean `negative`?"),
        ("stars <= 2", "E401", "stars", "did you mean `review.stars`?"),
        ("product.category == beauty", "E401", "beauty", 'put a text in quotes: `"beauty"`'),
        ("review.strs <= 2", "E402", "review.strs", "did you mean `review.stars`?"),
        ("reply.stars <= 2", "E402", "reply.stars", "did you mean `review.stars`?"),
        ("report.category == other", "E403", "report.category", None),
        ("has report and negative", "E403", "report", None),
        ("review.class == produkt", "E404", "produkt", "did you mean `product`?"),
        ('review.class == "produkt"', "E404", '"produkt"', "did you mean `product`?"),
        ('review.class == "product"', "E405", '"product"', "write `product` without quotes"),
        ("review.class in [produkt]", "E404", "produkt", "did you mean `product`?"),
        ("reviw.stars <= 2", "E406", "reviw.stars", "did you mean `review`?"),
        ("reply.review.stars <= 2", "E408", "reply.review.stars", "write `review.stars`"),
        ("lenght(reply.text) > 3", "E409", "lenght", "did you mean `length`?"),
        ("negative(3)", "E409", "negative", "`negative` is a value: leave out the brackets"),
        ("review.stars(3)", "E409", "review.stars", None),
        ("reply.text contains any of rewrds", "E410", "rewrds", "did you mean `rewards`?"),
        ("reply.language in rewrds", "E506", "reply.language", None),
        ("nrr_limt[product.category] > 1%", "E411", "nrr_limt", "did you mean `nrr_limit`?"),
        ('nrr_limit["beuty"] > 1%', "E412", '"beuty"', "did you mean `beauty`?"),
        ('points("violation-point") > 3', "E413", '"violation-point"', None),
        ('in_force("close_shp")', "E414", '"close_shp"', "did you mean `close_shop`?"),
    ],
)
def test_slip(check: Check, text: str, code: str, place: str, help_: str | None) -> None:
    first = check(text).found[0]
    assert (first.code, first.span.text) == (code, place)
    assert help_ in {None, first.help}


def test_a_field_that_another_kind_has_is_told(check: Check) -> None:
    assert check("product.delivered_at").only.help == "did you mean `order.delivered_at`?"
    assert check("buyer.upheld").only.help == (
        "`complaint` has it, but none belongs to what is judged here"
    )
    assert check("buyer.zzz").only.help == "its fields are `name`"


def test_what_is_near_to_nothing_gets_a_list(check: Check) -> None:
    assert "`beauty`, `electronics`" in check('nrr_limit["zzzz"]').only.help
    assert "`bytes`, `declared`, `greatest_of`" in check("zzzz(1)").only.help


def test_nothing_defined_is_told_too(check: Check) -> None:
    assert check("reply.text contains any of x", lists={}).only.help == "add it under `lists`"
    assert check('points("x")', ladders=frozenset()).only.help == "add it under `escalations`"


@pytest.mark.parametrize(
    "text",
    [
        "review.clas == product",
        "review.clas in [product, service]",
        "reviw.stars == five",
        "length(review.txt) <= 3 <= words(review.text)",
        "(if negativ then 1 else 2) == 1",
        "nrr_limit[product.categry] > 1%",
        "points(ladder_name) > 2 ",
        "average(review.stars of review) > 3",
    ],
)
def test_one_slip_gives_one_message(check: Check, text: str) -> None:
    assert len(check(text).found) == 1


def test_several_slips_give_several_messages(check: Check) -> None:
    found = check("review.strs <= 2 and order.quantity > many or lenght(reply.text) > 1")
    assert found.codes == ["E402", "E401", "E409"]


@pytest.mark.parametrize(
    ("section", "text"),
    [
        ("definitions", "has order and broken"),
        ("definitions", "broken and order.delivered_at < now"),
        ("lists", "reply.text contains any of broken"),
        ("lists", "review.text in broken"),
        ("tables", "broken[product.category] > 3"),
    ],
)
def test_what_is_broken_elsewhere_gives_no_message_here(
    check: Check, section: str, text: str
) -> None:
    found = check(text, **{section: {"broken": None}})
    assert found.expr is None
    assert found.found == []


def test_a_measure_without_a_type_gives_no_message(check: Check) -> None:
    found = check("broken > 1%", measures={"broken": ERROR})
    assert found.expr is None
    assert found.found == []


# -------------------------------------------------------------------------- definitions


def test_a_circle_is_told_once_wherever_it_is_entered(check: Check, define: Define) -> None:
    named = define(a="b and b", b="c or negative", c="a", negative="review.stars <= 2")
    found = [check(text, definitions=named).only for text in ("a", "b", "c", "negative and c")]
    assert {(each.code, each.span.start, each.message) for each in found} == {
        ("E417", 0, "`a` is defined by itself: `a -> b -> c -> a`")
    }
    assert {each.span.source.text for each in found} == {"a"}


def test_a_definition_of_itself(check: Check, define: Define) -> None:
    assert check("a", definitions=define(a="not a")).only.message == (
        "`a` is defined by itself: `a -> a`"
    )


def test_many_circles_take_no_time(check: Check, define: Define) -> None:
    names = [f"d{number}" for number in range(40)]
    named = define(**dict.fromkeys(names, " and ".join(names)))
    assert set(check("d0", definitions=named).codes) == {"E417"}


def test_a_mistake_in_a_definition_is_told_there_and_where_it_is_used(
    check: Check, define: Define
) -> None:
    named = define(late="now - order.delivered_at > 3d", very="late")
    found = check("negative and very", definitions={**named, **define(negative="true")}).only
    assert (found.code, found.span.text) == ("E506", "order.delivered_at")
    assert [(label.text, label.span.text) for label in found.labels] == [("used here", "very")]


# --------------------------------------------------------------------------------- uses


def test_used_names_are_collected(check: Check) -> None:
    text = (
        "seller_fault and reply.text contains any of rewards and deliveries > 3"
        ' and nrr_limit[product.category] > 1% and points("violation-points") > 3'
        ' and in_force("close_shop")'
    )
    assert check(text).uses == {
        ("definition", "seller_fault"),
        ("list", "rewards"),
        ("measure", "deliveries"),
        ("table", "nrr_limit"),
        ("ladder", "violation-points"),
        ("action", "close_shop"),
    }


def test_names_in_definitions_and_beside_mistakes_are_used(check: Check, define: Define) -> None:
    named = define(outer="inner and strs", inner="reply.text contains any of rewards")
    assert check("outer", definitions=named).uses == {
        ("definition", "outer"),
        ("definition", "inner"),
        ("list", "rewards"),
    }


# -------------------------------------------------------------------------- environment


def test_what_an_event_always_sets(standard: Environment) -> None:
    followed = always_set(standard.catalog, "review.follow_up_posted")
    assert "review.follow_up_at" in followed
    assert "review.follow_up_text" not in followed
    assert "review.stars" in always_set(standard.catalog, "review.posted")
    assert "review.status" in always_set(standard.catalog, "review.hidden")


def test_what_the_event_sets_needs_no_guard(check: Check) -> None:
    text = "review.follow_up_at within 180 calendar days of review.posted_at"
    assert check(text).codes == ["E506"]
    assert check(text, present=frozenset({"review.follow_up_at"})).found == []
