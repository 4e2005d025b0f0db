from __future__ import annotations

from typing import Any

import pytest
from revlex.engine.records.differ import counterfactual, decisive
from revlex.engine.records.explanation import Explanation, Found, Place

PLACE = Place("rules.yaml", 1, 1)
CONDITION = "yes-or-no condition"


def node(text: str, operator: str, *children: Explanation, **more: Any) -> Explanation:
    more = {"type": CONDITION, **more}
    return Explanation(text, PLACE, operator, children=children, **more)


def held(text: str, operator: str, *children: Explanation, **more: Any) -> Explanation:
    return node(text, operator, *children, value=True, **more)


def did_not(text: str, operator: str, *children: Explanation, **more: Any) -> Explanation:
    return node(text, operator, *children, value=False, **more)


def field(text: str, value: Any, of: str = CONDITION) -> Explanation:
    return node(text, "field", value=value, type=of)


def compare(
    left: Any, sign: str, right: Any, *, value: bool, of: str = "whole number"
) -> Explanation:
    bound = node(str(right), "constant", value=right, type=of)
    return node(f"x {sign} {right}", sign, field("x", left, of), bound, value=value)


def skipped(text: str) -> Explanation:
    return node(text, "field", evaluated=False)


TRUE, FALSE = node("yes", "field", value=True), node("no", "field", value=False)


@pytest.mark.parametrize(
    ("leaf", "sentence"),
    [
        (compare(1, "<=", 2, value=True), "`x <= 2` held with x = 1; it would not hold from 3 on"),
        (
            compare(3, "<=", 2, value=False),
            "`x <= 2` did not hold with x = 3; it would hold up to 2",
        ),
        (compare(3, "<", 2, value=False), "`x < 2` did not hold with x = 3; it would hold up to 1"),
        (compare(3, ">", 2, value=True), "`x > 2` held with x = 3; it would not hold up to 2"),
        (
            compare(2, ">", 2, value=False),
            "`x > 2` did not hold with x = 2; it would hold from 3 on",
        ),
        (
            compare(2, "==", 2, value=True),
            "`x == 2` held with x = 2; it would not hold with anything but 2",
        ),
        (
            compare(3, "==", 2, value=False),
            "`x == 2` did not hold with x = 3; it would hold with 2",
        ),
        (
            compare(2, "!=", 2, value=False),
            "`x != 2` did not hold with x = 2; it would hold with anything but 2",
        ),
        (
            compare("1/150", ">=", "0.69%", value=False, of="percent"),
            "`x >= 0.69%` did not hold with x = 1/150; it would hold from 0.69%",
        ),
        (
            compare("1%", ">=", "0.69%", value=True, of="percent"),
            "`x >= 0.69%` held with x = 1%; it would not hold below 0.69%",
        ),
        (
            compare("65d", "<=", "60d", value=False, of="duration"),
            "`x <= 60d` did not hold with x = 65d; it would hold up to 60d",
        ),
        (
            compare("65d", "<=", "70d", value=True, of="duration"),
            "`x <= 70d` held with x = 65d; it would not hold beyond 70d",
        ),
        (
            compare("", "==", "a", value=False, of="text"),
            "`x == a` did not hold with x = “”; it would hold with “a”",
        ),
        (
            held(
                "2 < x",
                "<",
                node("2", "constant", value=2, type="whole number"),
                field("x", 3, "whole number"),
            ),
            "`2 < x` held with x = 3; it would not hold up to 2",
        ),
        (
            held(
                "a < b",
                "<",
                field("a", "T1", "point in time"),
                field("b", "T2", "point in time"),
            ),
            "`a < b` held with a = T1 and b = T2; it would not hold from b",
        ),
        (
            held("has x", "has", field("x", 3)),
            "`has x` held with x = 3; it would not hold if it were missing",
        ),
        (
            did_not("has x", "has", field("x", None)),
            "`has x` did not hold with x = nothing; it would hold if it were there",
        ),
        (
            held(
                "t contains any of l",
                "contains any of",
                field("t", "a b", "text"),
                found=(Found("a"), Found("b")),
            ),
            "`t contains any of l` held with t = “a b”; it would not hold without “a” and “b”",
        ),
        (
            did_not("t contains any of l", "contains any of", field("t", "", "text")),
            (
                "`t contains any of l` did not hold with t = “”"
                "; it would hold with one of the words in the text"
            ),
        ),
        (
            did_not("t contains all of l", "contains all of", field("t", "", "text")),
            (
                "`t contains all of l` did not hold with t = “”"
                "; it would hold with all of the words in the text"
            ),
        ),
        (
            did_not("x in [1]", "in", field("x", 2)),
            "`x in [1]` did not hold with x = 2; it would hold with a value that is listed",
        ),
        (
            held("x in [1]", "in", field("x", 1)),
            "`x in [1]` held with x = 1; it would not hold with a value that is not listed",
        ),
        (
            held(
                "a within 1d of b",
                "within",
                field("a", "T1"),
                field("b", "T2"),
            ),
            "`a within 1d of b` held with a = T1 and b = T2; it would not hold outside that time",
        ),
        (
            did_not("a during monday", "during", field("a", "T1", "point in time")),
            "`a during monday` did not hold with a = T1; it would hold inside that time",
        ),
        (
            held("declared(a)", "declared", field("a", "T1", "point in time")),
            "`declared(a)` held with a = T1; it would not hold outside such periods",
        ),
        (
            did_not("in_one_sentence(t, x, y)", "in_one_sentence", field("t", "a", "text")),
            (
                "`in_one_sentence(t, x, y)` did not hold with t = “a”;"
                " it would hold with a word of each list in one sentence"
            ),
        ),
        (
            held(
                "in_one_sentence(t, x, y)",
                "in_one_sentence",
                field("t", "a b", "text"),
                found=(Found("a"), Found("b")),
            ),
            "`in_one_sentence(t, x, y)` held with t = “a b”; it would not hold without “a” and “b”",
        ),
        (
            did_not('t matches "x"', "matches", field("t", "a", "text")),
            (
                '`t matches "x"` did not hold with t = “a”'
                "; it would hold if something in the text matched"
            ),
        ),
        (TRUE, "`yes` held"),
        (FALSE, "`no` did not hold"),
        (
            held("has_url(t)", "has_url", field("t", "x.com", "text")),
            "`has_url(t)` held with t = “x.com”",
        ),
    ],
)
def test_sentences(leaf: Explanation, sentence: str) -> None:
    assert counterfactual(leaf) == [sentence]


@pytest.mark.parametrize(
    ("tree", "texts"),
    [
        (held("", "and", TRUE, TRUE), ["yes", "yes"]),
        (did_not("", "and", TRUE, FALSE, skipped("z")), ["no"]),
        (held("", "or", FALSE, TRUE, skipped("z")), ["yes"]),
        (did_not("", "or", FALSE, FALSE), ["no", "no"]),
        (held("", "not", did_not("", "and", TRUE, FALSE)), ["no"]),
        (held("", "if", FALSE, skipped("z"), TRUE), ["no", "yes"]),
        (node("", "and", TRUE, node("f", "field", error="no"), error="no"), []),
        (held("cut", "and", omitted=4), ["cut"]),
    ],
)
def test_what_an_outcome_rests_on(tree: Explanation, texts: list[str]) -> None:
    assert [leaf.text for leaf in decisive(tree)] == texts


def test_a_sentence_is_said_once() -> None:
    assert counterfactual(held("", "and", TRUE, TRUE)) == ["`yes` held"]
