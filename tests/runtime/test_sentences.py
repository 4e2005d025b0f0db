"""Sentences, and words that stand together in one of them."""

from __future__ import annotations

import re
import time
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from revlex.engine.language import ir
from revlex.engine.language.source import embed
from revlex.engine.language.types import BOOLEAN, TEXT
from revlex.engine.runtime.calendar import Calendar
from revlex.engine.runtime.sentences import SentenceMatcher, sentence_matcher, sentences
from revlex.engine.runtime.trace import explain, matched_words

SPAN = embed("x").span


def cut(text: str) -> list[str]:
    return [text[start:end] for start, end in sentences(text)]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("", []),
        ("...", []),
        ("One", ["One"]),
        ("One. Two! Three? Four", ["One", " Two", " Three", " Four"]),
        ("4.5 stars at shop.example.", ["4.5 stars at shop.example"]),
        ("Wait... what?!", ["Wait", " what"]),
        ("Wait\u2026 what", ["Wait", " what"]),
        ("a\nb\r\nc\u2028d\x85e", ["a", "b", "c", "d", "e"]),
        ("好。不好\uff01好吗\uff1f", ["好", "不好", "好吗"]),
        ("ขอบคุณครับ มาใหม่นะ\nลาก่อน", ["ขอบคุณครับ มาใหม่นะ", "ลาก่อน"]),
        ("one .two", ["one ", "two"]),
        ("full\uff0ewidth\uff0e end", ["full\uff0ewidth", " end"]),
        ("شكرا؟ نعم", ["شكرا", " نعم"]),
    ],
)
def test_where_sentences_end(text: str, found: list[str]) -> None:
    assert cut(text) == found


@given(st.text(alphabet="ab .!?\n。\u2026"))
def test_sentences_leave_out_nothing_but_their_ends(text: str) -> None:
    left = [char for char in text if char not in ".!?\n。\u2026"]
    inside = [char for char in "".join(cut(text)) if char != "."]
    assert inside == left


@given(st.text(alphabet="ab .!?\n", max_size=30))
def test_groups_stand_in_one_sentence_just_if_some_sentence_holds_them(text: str) -> None:
    matcher = SentenceMatcher((("a", "aa"), ("b",)))
    words = [re.findall("\\w+", one) for one in cut(text)]
    expected = any(("a" in one or "aa" in one) and "b" in one for one in words)
    assert matcher.holds(text) is expected
    found = matcher.find(text)
    assert (found is not None) is expected
    if found is not None:
        assert {0, 1, 2} >= {each.word for each in found.found} >= {2}


def test_the_work_grows_with_the_length_of_the_text() -> None:
    matcher = sentence_matcher((("if you",), ("refund",)))
    for piece in ("if you. ", "refund!", "....", "\n", "if you "):
        text = piece * (100_000 // len(piece))
        begin = time.process_time()
        assert not matcher.holds(text)
        assert time.process_time() - begin < 2


class Context:
    calendar = Calendar("Etc/UTC")


def told(text: str, *groups: tuple[str, ...]) -> tuple[Any, tuple[str, ...]]:
    searched = ir.Constant(value=text, type=TEXT, span=SPAN)
    expr = ir.OneSentence(searched, groups, type=BOOLEAN, span=SPAN)
    return explain(expr, {}, 0, Context()), matched_words(expr, {}, 0, Context())


def test_the_explanation_shows_the_words_where_they_stand() -> None:
    text = "Sorry. IF  YOU change it, we REFUND you. If you"
    found, words = told(text, ("once you", "if you"), ("refund",))
    assert (found.operator, found.value) == ("in_one_sentence", True)
    places = [(one.word, one.text, text[one.start : one.end]) for one in found.found]
    assert places == [("if you", "IF  YOU", "IF  YOU"), ("refund", "REFUND", "REFUND")]
    assert words == ("if you", "refund")


def test_nothing_is_shown_of_words_in_different_sentences() -> None:
    found, words = told("If you like it. Refund", ("if you",), ("refund",))
    assert (found.value, found.found, words) == (False, (), ())
