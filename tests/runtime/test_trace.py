from __future__ import annotations

from typing import Any

import msgspec
import pytest
from revlex.engine.language import ir
from revlex.engine.language.catalog import standard_catalog
from revlex.engine.language.checking import check_expression
from revlex.engine.language.diagnostics import Report
from revlex.engine.language.environment import Environment, Table
from revlex.engine.language.parser import parse_expression
from revlex.engine.language.source import Source, Span, embed
from revlex.engine.language.types import BOOLEAN, INTEGER, PERCENT, TEXT, Optional
from revlex.engine.records.canonical import canonical_json
from revlex.engine.records.differ import counterfactual
from revlex.engine.records.explanation import Explanation, Found, Place
from revlex.engine.runtime.calendar import Calendar
from revlex.engine.runtime.entities import make_kinds
from revlex.engine.runtime.instants import parse_instant
from revlex.engine.runtime.trace import (
    DEEPEST,
    LONGEST,
    MOST_OPERANDS,
    MOST_PARTS,
    explain,
    matched_words,
)

KINDS = make_kinds(standard_catalog())
NAMES = KINDS.scope_kinds("review")
POSTED = parse_instant("2025-06-17T09:30:00+07:00")
DAY = 86_400_000_000


def environment() -> Environment:
    report = Report()
    tree = parse_expression(embed("review.stars <= 2", "policy.yaml"), report)
    percent = parse_expression(embed("0.69%"), report)
    assert tree is not None
    assert percent is not None
    rate = check_expression(percent, Environment(standard_catalog()), PERCENT, report)
    assert isinstance(rate, ir.Constant)
    return Environment(
        standard_catalog(),
        about="review",
        definitions={"negative": tree},
        lists={"rewards": ("voucher", "Gift Card", "คูปอง")},
        tables={"nrr_limit": Table("nrr_limit", {"beauty": rate.value}, PERCENT, rate.value)},
        measures={"seller_nrr": Optional(PERCENT)},
        ladders=frozenset({"points"}),
        actions=frozenset({"close_shop"}),
    )


class Context:
    calendar = Calendar("Asia/Bangkok")

    def measure(self, _name: str) -> None:
        return None

    def points(self, _ladder: str) -> int:
        return 12

    def in_force(self, _action: str) -> bool:
        return True


def check(text: str) -> ir.Expr:
    report = Report()
    tree = parse_expression(embed(text, "rules.yaml"), report)
    assert tree is not None
    expr = check_expression(tree, environment(), BOOLEAN, report)
    assert expr is not None, [diagnostic.message for diagnostic in report]
    return expr


def entities(**fields: Any) -> dict[str, Any]:
    made = {kind: KINDS.classes[kind]() for kind in NAMES}
    made["review"].entity_key = "r1"
    made["review"].stars = 1
    made["review"].posted_at = POSTED
    for name, value in fields.items():
        kind, _, attribute = name.partition("__")
        setattr(made[kind], attribute, value)
    return made


def why(text: str, **fields: Any) -> Explanation:
    return explain(check(text), entities(**fields), POSTED, Context())


def leaf(text: str, operator: str, of: str, value: Any, column: int) -> Explanation:
    return Explanation(text, Place("rules.yaml", 1, column), operator, of, value)


def test_an_explanation_says_what_everything_was() -> None:
    assert why("review.stars <= 2 and review.anonymous") == Explanation(
        "review.stars <= 2 and review.anonymous",
        Place("rules.yaml", 1, 1),
        "and",
        "yes-or-no condition",
        value=False,
        children=(
            Explanation(
                "review.stars <= 2",
                Place("rules.yaml", 1, 1),
                "<=",
                "yes-or-no condition",
                value=True,
                children=(
                    leaf("review.stars", "field", "whole number", 1, 1),
                    leaf("2", "constant", "whole number", 2, 17),
                ),
            ),
            leaf("review.anonymous", "field", "yes-or-no condition", value=False, column=23),
        ),
    )


def test_an_operand_after_the_decisive_one_is_not_evaluated() -> None:
    tree = why("review.stars > 2 and length(review.text) > 10")
    assert [child.evaluated for child in tree.children] == [True, False]
    assert tree.children[1].children == ()
    assert tree.children[1].value is None


def test_a_failure_goes_up_to_the_root() -> None:
    tree = why("1 / (review.stars - 1) > 2.0 or true")
    assert tree.error == tree.children[0].error == "division by zero"
    assert tree.value is None
    assert [child.evaluated for child in tree.children] == [True, False]
    assert counterfactual(tree) == []


def test_words_of_a_definition_stand_where_it_is_written() -> None:
    assert why("negative").place == Place("policy.yaml", 1, 1)


def test_words_that_were_found() -> None:
    text = "Ask for a  gift\u200b \n CARD or ขอคูปอง  "
    tree = why("review.text contains any of rewards", review__text=text)
    assert tree.found == (
        Found("Gift Card", "gift\u200b \n CARD", 11, 23),
        Found("คูปอง", "คูปอง", 29, 34),
    )
    for found in tree.found:
        assert text[found.start : found.end] == found.text
    assert tree.operator == "contains any of"


def test_a_word_that_is_part_of_one_character() -> None:
    tree = why('review.text contains "1"', review__text="only ½ of it")
    assert tree.found == (Found("1", "½", 5, 6),)


def test_the_row_of_a_table() -> None:
    tree = why("nrr_limit[product.category] >= 0.5%", product__category="beauty")
    assert tree.children[0].row == "beauty"
    assert tree.children[0].value == "0.69%"
    assert why("nrr_limit[product.category] >= 0.5%").children[0].row == "else"


def test_times_are_shown_in_the_zone_of_the_policy() -> None:
    tree = why(
        "has order.delivered_at and review.posted_at - order.delivered_at > 60d",
        order__delivered_at=POSTED - 65 * DAY,
    )
    difference = tree.children[1].children[0]
    assert difference.value == "65d"
    assert [child.value for child in difference.children] == [
        "2025-06-17T09:30:00+07:00",
        "2025-04-13T09:30:00+07:00",
    ]


@pytest.mark.parametrize(
    ("text", "operator", "value"),
    [
        ("not review.anonymous", "not", True),
        ("if review.anonymous then true else false", "if", False),
        ("has order", "has", False),
        ("has seller_nrr", "has", False),
        ("(seller_nrr ?? 1%) > 0.5%", ">", True),
        ("review.class in [product, service]", "in", False),
        ("1 <= review.stars < 5", "<= <", True),
        ('review.text matches "x"', "matches", False),
        ('review.text contains all of ["a", "b"]', "contains all of", False),
        ("review.posted_at within 1d of now", "within", True),
        ("review.posted_at within 2 business days of now", "within", True),
        ('points("points") == 12', "==", True),
        ('in_force("close_shop")', "in_force", True),
        ("has_url(review.text)", "has_url", False),
    ],
)
def test_operators_and_values(text: str, operator: str, value: object) -> None:
    tree = why(text)
    assert (tree.operator, tree.value) == (operator, value)


def test_types_have_short_names() -> None:
    tree = why('(review.language ?? "en") in ["en"] and review.class == other')
    names = [child.children[0].type for child in tree.children]
    assert names == ["text", "word"]
    assert tree.children[0].children[0].children[0].type == "text"


# ------------------------------------------------------------------ matched words


@pytest.mark.parametrize(
    ("condition", "words"),
    [
        ("review.text contains any of rewards", ("voucher", "Gift Card")),
        ('review.text contains "card" or review.text contains "voucher"', ("card",)),
        (
            'review.text contains "card" and review.text contains any of rewards',
            ("card", "voucher", "Gift Card"),
        ),
        ('not (review.text contains "card" and review.anonymous)', ()),
        ("review.stars == 1", ()),
    ],
)
def test_matched_words(condition: str, words: tuple[str, ...]) -> None:
    scope = entities(review__text="A VOUCHER and a gift card")
    assert matched_words(check(condition), scope, POSTED, Context()) == words


# ----------------------------------------------------------------------- limits


def equal(number: int) -> ir.Expr:
    source = Source("rules.yaml", f"review.stars == {number}")
    span = Span(source, 0, len(source.text))
    stars = ir.Field("review", "stars", type=INTEGER, span=span)
    value = ir.Constant(value=number, type=INTEGER, span=span)
    return ir.Call("eq_integer", (stars, value), type=BOOLEAN, span=span)


def test_wide_conditions_show_the_ends_and_what_decided() -> None:
    operands = tuple(equal(number) for number in range(-10_000, 10_000))
    tree = explain(
        ir.Or(operands, type=BOOLEAN, span=operands[0].span), entities(), POSTED, Context()
    )
    assert len(tree.children) == 9
    assert tree.omitted == 20_000 - 9
    assert [child.value for child in tree.children] == [False] * 6 + [True, None, None]
    assert tree.children[6].text == "review.stars == 1"


def test_wide_conditions_without_a_decision_show_no_more() -> None:
    operands = tuple(equal(number) for number in range(2, 10_000))
    whole = ir.Or(operands, type=BOOLEAN, span=operands[0].span)
    assert len(explain(whole, entities(), POSTED, Context()).children) == MOST_OPERANDS


def size(tree: Explanation) -> int:
    return 1 + sum(map(size, tree.children))


def test_large_conditions_show_so_many_parts() -> None:
    expr = equal(1)
    for _ in range(4):
        expr = ir.And((expr,) * MOST_OPERANDS, type=BOOLEAN, span=expr.span)
    tree = explain(expr, entities(), POSTED, Context())
    assert size(tree) == MOST_PARTS
    assert len(tree.children) == MOST_OPERANDS


def test_deep_conditions_show_so_many_levels() -> None:
    expr = equal(1)
    for _ in range(200):
        expr = ir.Not(expr, type=BOOLEAN, span=expr.span)
    tree, levels = explain(expr, entities(), POSTED, Context()), 1
    assert tree.value is True
    while tree.children:
        tree, levels = tree.children[0], levels + 1
    assert levels == DEEPEST
    assert tree.omitted == 1


def test_long_texts_are_cut() -> None:
    words = " or ".join(["review.anonymous"] * 50)
    tree = why(f'({words}) or review.text contains "x"', review__text="x " * 50_000)
    assert len(tree.text) == LONGEST
    assert tree.text.endswith("…")
    searched = tree.children[-1].children[0]
    assert searched.value == ("x " * 50_000)[: LONGEST - 1] + "…"


def test_the_author_s_lines_become_one() -> None:
    assert why("review.stars <= 2\n  and review.anonymous").text == (
        "review.stars <= 2 and review.anonymous"
    )


def test_explanations_are_records() -> None:
    tree = why("review.text contains any of rewards", review__text="a voucher")
    plain = msgspec.to_builtins(tree)
    assert msgspec.convert(plain, Explanation) == tree
    assert canonical_json(plain)
    assert "error" not in plain


def test_a_missing_value_is_null() -> None:
    expr = ir.Field("review", "language", type=Optional(TEXT), span=check("true").span)
    tree = explain(ir.Has(expr, type=BOOLEAN, span=expr.span), entities(), POSTED, Context())
    assert tree.children[0].value is None
    assert tree.children[0].evaluated
    assert tree.children[0].type == "text"
