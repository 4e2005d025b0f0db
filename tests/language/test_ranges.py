"""Conditions that hold always or never, and conditions that follow from others."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from revlex.engine.language.catalog import standard_catalog
from revlex.engine.language.domains import (
    ALL_NUMBERS,
    ALL_WORDS,
    Numbers,
    Words,
    above,
    all_but,
    at,
    below,
    between,
    only,
)
from revlex.engine.language.ranges import always, implies

CATALOG = standard_catalog()
Check = Callable[..., Any]

NEVER = [
    "review.stars > 5",
    "review.stars < 1",
    "review.stars == 0",
    "6 <= review.stars",
    "5 < review.stars",
    "review.stars >= 4 and review.stars <= 2",
    "review.stars > 4 and review.stars < 5",
    "2 < review.stars < 3",
    "review.stars in [6, 7]",
    "review.stars in [1, 2] and review.stars in [4, 5]",
    "not (review.stars in [1, 2, 3, 4, 5])",
    "review.stars != 1 and review.stars != 2 and review.stars <= 2",
    "review.class == product and review.class == service",
    "review.class in [product, service] and review.class == other",
    "not (review.class in [product, service, logistics, safety, other, unclassified])",
    'review.text == "" and review.text == "x"',
    'review.text == "" and review.text != ""',
    "review.anonymous and not review.anonymous",
    "review.anonymous == true and review.anonymous == false",
    "negative and review.stars > 2",
    "negative == (review.stars > 2)",
    "negative != (review.stars <= 2)",
    "length(review.text) < 0",
    "words(review.text) > 10 and words(review.text) < 5",
    "10 <= length(review.text) <= 5",
    "has order.delivered_at and not has order.delivered_at",
    "has order.delivered_at and not has order",
    "(seller_nrr ?? 0%) > 1% and (seller_nrr ?? 0%) < 1%",
    "review.posted_at < now and now < review.posted_at",
    "review.posted_at < now and review.posted_at == now",
    "review.posted_at < now and now <= review.posted_at",
    "review.posted_at - now > 3d and review.posted_at - now < 2d",
    "now < now",
    "1 == 2",
    "if negative then review.stars > 3 else review.stars < 2",
    'reply.text contains "a" and not (reply.text contains any of ["a", "b"])',
    'reply.text contains all of ["a", "b"] and not (reply.text contains "b")',
    'reply.text matches "a" and not (reply.text matches "a")',
    "has_url(reply.text) and not has_url(reply.text)",
    "nrr_limit[product.category] > 1% and nrr_limit[product.category] < 1%",
    "false",
]

ALWAYS = [
    "review.stars >= 1",
    "review.stars != 6",
    "1 <= review.stars <= 5",
    "length(review.text) >= 0",
    "review.stars <= 3 or review.stars >= 3",
    "review.class == product or review.class != product",
    "negative or not negative",
    "negative == (review.stars <= 2)",
    "not (review.stars > 5)",
    "not has order.delivered_at or has order",
    "now == now",
    "has_url(reply.text) == has_url(reply.text)",
    "if negative then review.stars < 3 else review.stars > 2",
    "true",
]

OPEN = [
    "negative",
    "review.stars > 4 and review.stars <= 5",
    "has order.delivered_at",
    "has order.delivered_at and order.delivered_at < now",
    "not has order.delivered_at or order.delivered_at < now",
    "has order and not has order.delivered_at",
    "1.0 < (order.amount ?? 0.0) < 1.5",
    "(seller_nrr ?? 0%) > 1% and (seller_nrr ?? 0%) < 1.5%",
    'review.text != "" and review.text != "x"',
    'reply.text contains "a" and not (reply.text contains "b")',
    'reply.text contains any of ["a", "b"] and not (reply.text contains "a")',
    'reply.text contains "a" and not (reply.text contains all of ["a", "b"])',
    'reply.text == "a" and review.text == "b"',
    "length(review.text) > 3 and length(reply.text) < 3",
    "review.posted_at < now",
    "review.posted_at - now > 2d and review.posted_at - now < 3d",
]


@pytest.mark.parametrize("text", NEVER)
def test_never(check: Check, text: str) -> None:
    assert always(check(text).expr, CATALOG) is False


@pytest.mark.parametrize("text", ALWAYS)
def test_always(check: Check, text: str) -> None:
    assert always(check(text).expr, CATALOG) is True


@pytest.mark.parametrize("text", OPEN)
def test_neither(check: Check, text: str) -> None:
    assert always(check(text).expr, CATALOG) is None


def test_counts_are_not_negative(measure: Check) -> None:
    assert always(measure("count(review) < 0").expr, CATALOG) is False
    assert always(measure("sum(review.images of review) < 0").expr, CATALOG) is None


@pytest.mark.parametrize(
    ("premise", "conclusion", "follows"),
    [
        ("negative", "review.stars <= 3", True),
        ("review.stars <= 3", "negative", False),
        ("review.class == product", "seller_fault", True),
        ("seller_fault", "review.class == product", False),
        ("negative and review.anonymous", "negative", True),
        ("negative", "negative or review.anonymous", True),
        ("has order.delivered_at and order.delivered_at < now", "has order", True),
        ('reply.text contains "voucher"', "reply.text contains any of rewards", True),
        ("reply.text contains any of rewards", 'reply.text contains "voucher"', False),
        ("reply.text contains all of rewards", 'reply.text contains "voucher"', True),
        ("review.posted_at < now", "review.posted_at <= now", True),
        ("review.posted_at < now", "now > review.posted_at", True),
        ("review.stars > 5", "review.anonymous", True),
        ("negative", "true", True),
        ("true", "negative", False),
    ],
)
def test_implies(check: Check, premise: str, conclusion: str, follows: bool) -> None:  # noqa: FBT001 - a case
    assert implies(check(premise).expr, check(conclusion).expr, CATALOG) is follows


def test_long_word_lists_are_one_question(check: Check) -> None:
    lists = {"words": tuple(f"word{number}" for number in range(10_000))}
    text = "reply.text contains any of words and not (reply.text contains any of words)"
    assert always(check(text, lists=lists).expr, CATALOG) is False


def test_what_is_too_much_to_look_at_is_open(check: Check) -> None:
    wide = " and ".join(
        f"(length(review.text) != {number} or words(reply.text) != {number})"
        for number in range(9, 400)
    )
    never = f"negative and {wide} and review.stars > 2"
    assert always(check(wide).expr, CATALOG) is None
    assert always(check(never).expr, CATALOG) in {False, None}
    assert not implies(check(wide).expr, check("negative").expr, CATALOG)


def test_alternatives_that_are_too_many_do_not_hide_others(check: Check) -> None:
    alternatives = " and ".join(f'(review.images == {n} or reply.text == "{n}")' for n in range(9))
    assert always(check(f"{alternatives} or negative").expr, CATALOG) is None
    many = " or ".join(f"review.images == {number}" for number in range(200))
    assert always(check(f"({many}) and negative").expr, CATALOG) is None


def test_deep_equalities_end(check: Check) -> None:
    text = "negative"
    for _ in range(40):
        text = f"({text}) == review.anonymous"
    deep = check(text).expr
    assert always(deep, CATALOG) is None
    assert not implies(deep, deep, CATALOG)


# ------------------------------------------------------------------------------ domains

NUMBERS = st.integers(-4, 4) | st.fractions(-4, 4, max_denominator=2)
SAMPLE = [Fraction(number, 4) for number in range(-20, 21)]


@st.composite
def sets_of_numbers(draw: st.DrawFn) -> Numbers:
    pieces = [
        between(draw(NUMBERS | st.none()), draw(NUMBERS | st.none())),
        only(draw(st.lists(NUMBERS, max_size=3))),
        all_but(draw(st.lists(NUMBERS, max_size=3)), whole=False),
        Numbers(((above(draw(NUMBERS), whole=False), (1, 0, 0)),)),
        Numbers((((-1, 0, 0), below(draw(NUMBERS), whole=False)),)),
    ]
    first, second = draw(st.permutations(pieces))[:2]
    return first.meet(second)


def has(numbers: Numbers, value: Fraction) -> bool:
    return any(low <= at(value) <= high for low, high in numbers.intervals)


@given(one=sets_of_numbers(), other=sets_of_numbers())
def test_numbers_meet(one: Numbers, other: Numbers) -> None:
    met = one.meet(other)
    for value in SAMPLE:
        assert has(met, value) == (has(one, value) and has(other, value))
    assert met.is_empty == (not met.intervals)
    assert list(met.intervals) == sorted(met.intervals)


@given(numbers=st.lists(st.integers(-3, 3)))
def test_all_but_whole_numbers(numbers: list[int]) -> None:
    rest = all_but(numbers, whole=True)
    for value in range(-5, 6):
        assert has(rest, Fraction(value)) == (value not in numbers)
    assert all(low <= high for low, high in rest.intervals)


def test_open_ends_of_whole_numbers_are_the_next_ones() -> None:
    assert Numbers(((above(1, whole=True), below(3, whole=True)),)) == only([2])
    assert between(3, 2).is_empty
    assert between(None, None) == ALL_NUMBERS


WORDS = st.builds(Words, st.frozensets(st.sampled_from("abcd")), inverted=st.booleans())


@given(one=WORDS, other=WORDS)
def test_words_meet(one: Words, other: Words) -> None:
    met = one.meet(other)
    for word in "abcde":
        inside = [(word in words.members) is not words.inverted for words in (one, other, met)]
        assert inside[2] == (inside[0] and inside[1])
    assert not ALL_WORDS.is_empty
    assert Words(frozenset()).is_empty
