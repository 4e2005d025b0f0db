"""Types of operators, comparisons, lists, branches, lengths, calls and searches."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from typing import Any

import pytest
from revlex.engine.language import ir
from revlex.engine.language.syntax import Period, Unit
from revlex.engine.language.types import (
    BOOLEAN,
    DECIMAL,
    DURATION,
    INSTANT,
    INTEGER,
    PERCENT,
    PERIOD,
    TEXT,
    ListOf,
)

Check = Callable[..., Any]
Define = Callable[..., Any]


@pytest.mark.parametrize(
    ("text", "type_", "overload"),
    [
        ("review.stars + 1", INTEGER, "add_integer"),
        ("2.5 - 1.0", DECIMAL, "subtract_decimal"),
        ("1% + 2%", PERCENT, "add_percent"),
        ("review.posted_at - now", DURATION, "subtract_instant"),
        ("review.posted_at + 3d", INSTANT, "add_instant_duration"),
        ("review.posted_at - 3d", INSTANT, "subtract_instant_duration"),
        ("2 * 3d", DURATION, "multiply_integer_duration"),
        ("50% * 1%", PERCENT, "multiply_percent"),
        ("2 * 1%", PERCENT, "multiply_integer_percent"),
        ("50% * 4.5", DECIMAL, "multiply_percent_decimal"),
        ("length(review.text) / 2", DECIMAL, "divide_integer"),
        ("deliveries / 30", DECIMAL, "divide_integer"),
        ("deliveries / deliveries", PERCENT, "divide_count"),
        ("2% / 1%", DECIMAL, "divide_percent"),
        ("3d / 1d", DECIMAL, "divide_duration"),
        ("-review.stars", INTEGER, "negate_integer"),
        ("review.stars == 3", BOOLEAN, "eq_integer"),
        ("review.text != reply.text", BOOLEAN, "ne_text"),
        ("review.class != product", BOOLEAN, "ne_enumeration"),
        ("negative == true", BOOLEAN, "eq_boolean"),
        ("review.posted_at <= now", BOOLEAN, "le_instant"),
        ("now - review.posted_at > 3d", BOOLEAN, "gt_duration"),
        ("nrr_limit[product.category] >= 1%", BOOLEAN, "ge_percent"),
        ("1.5 < 2.0", BOOLEAN, "lt_decimal"),
        ("length(report.evidence)", INTEGER, "length_list"),
        ("length(review.text)", INTEGER, "length_text"),
        ("least_of(1, review.stars, 3, 4, 5, 6, 7, 8)", INTEGER, "least_of_integer"),
        ("least_of(1, review.stars)", INTEGER, "least_of_integer"),
        ("has_url(reply.text)", BOOLEAN, "has_url_text"),
        ('"screenshot" in report.evidence', BOOLEAN, "in_list_text"),
        ('reply.text starts with "hi"', BOOLEAN, "starts_with_text"),
        ('reply.text ends with "bye"', BOOLEAN, "ends_with_text"),
    ],
)
def test_a_row_is_chosen_by_the_types(check: Check, text: str, type_: Any, overload: str) -> None:
    about = "report" if "report." in text else "reply"
    expr = check(text, about=about).expr
    assert isinstance(expr, ir.Call)
    assert (expr.type, expr.overload) == (type_, overload)


@pytest.mark.parametrize(
    ("text", "type_", "value"),
    [
        ("12", INTEGER, 12),
        ("-12", INTEGER, -12),
        ("4.5", DECIMAL, Fraction(9, 2)),
        ("-0.5%", PERCENT, Fraction(-1, 200)),
        ("24h", DURATION, 86_400_000_000),
        ('"refund"', TEXT, "refund"),
        ("true", BOOLEAN, True),
        ("[1, 2, 1]", ListOf(INTEGER), (1, 2)),
        ('["a", "b"]', ListOf(TEXT), ("a", "b")),
    ],
)
def test_constants(check: Check, text: str, type_: Any, value: Any) -> None:
    expr = check(text).expr
    assert (type(expr), expr.type, expr.value) == (ir.Constant, type_, value)


def test_arithmetic_is_read_from_the_left(check: Check) -> None:
    inner = check("10 - review.stars - 3").expr.arguments[0]
    assert inner.overload == "subtract_integer"
    assert inner.span.text == "10 - review.stars"


def test_a_chain_is_one_node_with_each_operand_once(check: Check) -> None:
    expr = check("10 <= length(review.text) < 2000").expr
    assert isinstance(expr, ir.Chain)
    assert expr.overloads == ("le_integer", "lt_integer")


def test_two_operands_are_no_chain(check: Check) -> None:
    assert isinstance(check("10 <= length(review.text)").expr, ir.Call)


@pytest.mark.parametrize(
    ("text", "code", "place"),
    [
        ('review.stars == "5"', "E501", '"5"'),
        ("review.stars <= 2.5", "E501", "2.5"),
        ("review.posted_at < 3d", "E501", "3d"),
        ("now - review.posted_at < 60 calendar days", "E501", "60 calendar days"),
        ("negative == 3", "E501", "3"),
        ("review.verdict == reply.verdict", "E501", "reply.verdict"),
        ("1 <= review.stars <= 2.0", "E501", "2.0"),
        ("nrr_limit[product.category] > 0.69", "E502", "0.69"),
        ("1 < nrr_limit[product.category]", "E502", "1"),
        ("nrr_limit[product.category] + 1 > 2%", "E502", "1"),
        ("1 + 2 - nrr_limit[product.category] > 2%", "E502", "1 + 2"),
        ("nrr_limit[product.category] in [1%, 2]", "E502", "2"),
        ("review.stars and negative", "E503", "review.stars"),
        ("not review.stars", "E503", "review.stars"),
        ("if review.stars then 1 else 2", "E503", "review.stars"),
        ('review.stars contains "x"', "E503", "review.stars"),
        ("review.stars within 3d of now", "E503", "review.stars"),
        ("now within 3d of review.stars", "E503", "review.stars"),
        ("review.stars in 3", "E503", "3"),
        ("nrr_limit[review.stars] > 1%", "E503", "review.stars"),
        ("3 in shop.linked_account_ids", "E503", "3"),
        ("reply.text contains any of [1]", "E514", "1"),
        ("reply.text contains 3", "E503", "3"),
        ('review.text < "b"', "E504", 'review.text < "b"'),
        ("review.class < product", "E504", "review.class < product"),
        ("shop.linked_account_ids == shop.linked_account_ids", "E504", None),
        ("3 calendar days < 4 calendar days", "E504", None),
        ("review.text + 1 > 2", "E504", "review.text + 1"),
        ("now + now > now", "E504", "now + now"),
        ("-review.text == review.text", "E504", "-review.text"),
        ("length() > 1", "E505", "length()"),
        ("length(reply.text, review.text) > 1", "E505", None),
        ("least_of(1, 2, 3, 4, 5, 6, 7, 8, 9) > 1", "E505", None),
        ("least_of(1, 2.0, 3) > 1", "E505", None),
        ("least_of(1) > 1", "E505", None),
        ("length(1, 1, 1) > 1", "E505", None),
        ("length(3) > 1", "E505", "length(3)"),
        ("review.text in []", "E509", "[]"),
        ("deliveries / 0 > 1%", "E513", "0"),
        ("1% / 0% > 1.0", "E513", "0%"),
        ('review.stars in [1, "two"]', "E514", '"two"'),
        ("review.stars in rewards", "E514", "rewards"),
        ("review.class in rewards", "E514", "rewards"),
        ("review.stars in [1, review.edits]", "E508", "review.edits"),
        ("(if negative then 1 else 2.0) > 1", "E515", "2.0"),
        ("(review.language ?? 5) == 5", "E515", "5"),
        ("nrr_limit[product.category, shop.tier] > 1%", "E517", None),
        ("now within 0d of review.posted_at", "E518", "0d"),
        ("now within 0 calendar days of review.posted_at", "E518", "0 calendar days"),
    ],
)
def test_mistake(check: Check, text: str, code: str, place: str | None) -> None:
    found = check(text).only
    assert found.code == code
    assert place in {None, found.span.text}


@pytest.mark.parametrize(
    ("text", "help_"),
    [
        (
            "nrr_limit[product.category] > 0.69",
            "write `0.69%` for a percentage, or `69%` if the number is a share of one",
        ),
        (
            "nrr_limit[product.category] > 1",
            "write `1%` for a percentage, or `100%` if the number is a share of one",
        ),
        (
            "nrr_limit[product.category] > deliveries",
            "make both of them percentages, or both numbers",
        ),
        (
            "now - review.posted_at < 60 calendar days",
            "write `a within 30 calendar days of b`, or a duration: `30d`",
        ),
        ("negative == 3", "a condition stands by itself: join it with `and` or `or`"),
        (
            "review.stars + 1.0 > 2.0",
            "write both as whole numbers, or both with a decimal point, as in `4.0`",
        ),
        (
            "now + 3 calendar days > now",
            "use a calendar length in `a within 30 calendar days of b`",
        ),
        ("review.text + 1 > 2", "`+` is for numbers, percentages and times"),
        ("length(3) > 1", "`length` takes a text, or a list of texts"),
    ],
)
def test_help(check: Check, text: str, help_: str) -> None:
    assert check(text).only.help == help_


def test_the_difference_between_two_lists_of_words_is_told(check: Check) -> None:
    message = check("review.verdict == reply.verdict").only.message
    assert message.endswith("only one of them knows `refuse`, `reject`")


def test_the_other_operand_has_a_label(check: Check) -> None:
    (label,) = check('review.stars == "5"').only.labels
    assert (label.span.text, label.text) == ("review.stars", "this is a whole number")


@pytest.mark.parametrize(
    "text",
    [
        'review.stars + "x" + 1 + 2 == 3',
        "(review.stars + 1.0) * 2 > 3",
        '-(review.text + "x") > 3',
        "10 <= review.strs <= 2000",
        'length(review.stars + "x") > 1',
        "review.stars in [1, 1 + review.strs]",
        "(if negative then review.strs else 2) > 1.5 - 1.5",
    ],
)
def test_one_mistake_gives_one_message(check: Check, text: str) -> None:
    assert len(check(text).found) == 1


def test_mistakes_in_both_operands_are_told(check: Check) -> None:
    found = check('review.stars == "5" and now + now > now')
    assert found.codes == ["E501", "E504"]


# ------------------------------------------------------------------ what a place needs


def test_the_place_says_which_type_it_needs(check: Check) -> None:
    assert check("negative", BOOLEAN).found == []
    assert check("review.stars", BOOLEAN).codes == ["E503"]
    assert check("0.69", PERCENT).only.help.startswith("write `0.69%` for a percentage")
    assert check("review.strs", BOOLEAN).codes == ["E402"]


# ---------------------------------------------------------------------------- membership


def test_membership_in_constants(check: Check) -> None:
    expr = check("review.class in [product, service, product]").expr
    assert isinstance(expr, ir.Member)
    assert expr.values == ("product", "service")


def test_membership_in_a_named_list(check: Check) -> None:
    assert check("review.text in rewards").expr.values == ("voucher", "gift card")


def test_a_named_list_may_hold_words_of_an_enumeration(check: Check) -> None:
    lists = {"ours": ("product", "service"), "odd": ("product", "taste"), "none": ()}
    assert check("review.class in ours", lists=lists).expr.values == ("product", "service")
    assert "`taste`" in check("review.class in odd", lists=lists).only.message
    assert check("review.class in none", lists=lists).codes == ["E509"]


# ---------------------------------------------------------------------------- within


def test_within_takes_a_constant_length(check: Check) -> None:
    period = check("now within 60 calendar days of review.posted_at").expr.length
    assert isinstance(period, Period)
    assert (period.count, period.unit) == (60, Unit.CALENDAR_DAYS)
    assert check("now within 1d of review.posted_at").expr.length == 86_400_000_000


def test_a_period_is_a_type_of_its_own(check: Check) -> None:
    assert check("60 calendar days").type == PERIOD


# --------------------------------------------------------------------------- searches


def test_words_are_constant_and_kept_once(check: Check) -> None:
    any_of = check('reply.text contains any of ["a", "b", "a"]').expr
    assert (any_of.words, any_of.all) == (("a", "b"), False)
    all_of = check("reply.text contains all of rewards").expr
    assert (all_of.words, all_of.all) == (("voucher", "gift card"), True)
    assert check('reply.text contains "a b"').expr.words == ("a b",)


def test_a_definition_can_stand_for_what_is_looked_for(check: Check, define: Define) -> None:
    named = define(promise='"gift"', pattern='"[0-9]+"', words='["a", "b"]')
    assert check("reply.text contains promise", definitions=named).expr.words == ("gift",)
    assert check("reply.text matches pattern", definitions=named).expr.pattern == "[0-9]+"
    assert check("reply.text contains any of words", definitions=named).expr.words == ("a", "b")


@pytest.mark.parametrize(
    ("text", "code", "place"),
    [
        ('reply.text contains ""', "E509", '""'),
        ('reply.text contains "  "', "E509", '"  "'),
        ('reply.text starts with ""', "E509", '""'),
        ('reply.text matches ""', "E509", '""'),
        ('reply.text contains any of ["a", " "]', "E509", '["a", " "]'),
        ("reply.text contains any of []", "E509", "[]"),
        ("reply.text contains any of nothing", "E509", "nothing"),
        ("reply.text contains rewards", "E516", "rewards"),
        ("reply.text matches rewards", "E516", "rewards"),
        ('reply.text contains any of "voucher"', "E516", '"voucher"'),
        ("reply.text contains product.title", "E508", "product.title"),
        ("reply.text contains any of shop.linked_account_ids", "E508", None),
        ("reply.text matches product.title", "E508", "product.title"),
        ("reply.text ends with product.title", "E508", "product.title"),
    ],
)
def test_nothing_to_look_for(check: Check, text: str, code: str, place: str | None) -> None:
    found = check(text, lists={"rewards": ("voucher",), "nothing": ()}).only
    assert found.code == code
    assert place in {None, found.span.text}


@pytest.mark.parametrize(
    ("pattern", "place"),
    [
        ("(a", "(a"),
        ("ab)", None),
        ("x[a", "[a"),
        ("a(?=b)", "(?="),
        ("a(?<!b)c", "(?<!"),
        (r"x(a)\\1", r"\\1"),
        (r"\\d{2000}", "{2000}"),
        (r"a\u0041**", "**"),
        ("*a", "*"),
        (r"a\\", r"\\"),
        (r"\\p{Foo}x", r"\\p{Foo}"),
        ("(b)(b)**(b)**", None),
    ],
)
def test_a_bad_pattern_is_marked_inside_the_text(
    check: Check, pattern: str, place: str | None
) -> None:
    found = check(f'reply.text matches "{pattern}"').only
    assert found.code == "E510"
    assert found.span.text == place or (place is None and found.span.text.strip('"'))


def test_a_bad_pattern_in_a_definition_is_marked_there(check: Check, define: Define) -> None:
    found = check("reply.text matches p", definitions=define(p='"a(?=b)"')).only
    assert (found.span.text, found.span.source.text) == ("(?=", '"a(?=b)"')


@pytest.mark.parametrize("pattern", ["x" * 1_001, r"(\\pL{1,100}-){3}\\pL{1,100}"])
def test_a_pattern_can_be_too_large(check: Check, pattern: str) -> None:
    assert check(f'reply.text matches "{pattern}"').codes == ["E511"]


def test_a_pattern_may_be_long(check: Check) -> None:
    assert check(f'reply.text matches "{"x" * 1_000}"').found == []
