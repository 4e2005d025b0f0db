from __future__ import annotations

from pathlib import Path

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st
from revlex.engine.runtime.folding import fold
from revlex.engine.runtime.words import Found, WordMatcher, contains, matcher

PHRASES = yaml.safe_load(Path(__file__).with_name("phrases.yaml").read_text(encoding="utf-8"))


@pytest.mark.parametrize(("word", "text"), PHRASES["found"])
def test_found(word: str, text: str) -> None:
    assert WordMatcher([word]).find(fold(text)) == {0}
    assert WordMatcher(["xyz", word]).mask(fold(text)) == 0b10
    assert contains(fold(text), fold(word))


@pytest.mark.parametrize(("word", "text"), PHRASES["not_found"])
def test_not_found(word: str, text: str) -> None:
    assert WordMatcher([word]).find(fold(text)) == set()
    assert WordMatcher(["xyz", word]).mask(fold(text)) == 0
    assert not contains(fold(text), fold(word))


def test_words_inside_words_are_all_found() -> None:
    words = ["gift", "gift card", "card", "gift card now", "car"]
    assert WordMatcher(words).find("a gift card now") == {0, 1, 2, 3}


def test_words_that_fold_alike_are_both_found() -> None:
    assert WordMatcher(["Voucher", "VOUCHER", "x"]).find("voucher") == {0, 1}
    assert WordMatcher(["Voucher", "VOUCHER", "x"]).mask("voucher") == 0b11


def test_places_are_the_first_at_borders() -> None:
    found = WordMatcher(["card", "gift"]).places("cards, card gift card")
    assert found == (Found(0, 7, 11), Found(1, 12, 16))


def test_no_words_find_nothing() -> None:
    assert WordMatcher([]).find("anything") == set()


def test_a_matcher_is_made_once() -> None:
    assert matcher(("a", "b")) is matcher(("a", "b"))


ALPHABET = st.sampled_from("ab é1ก漢-")


@given(st.lists(st.text(ALPHABET, max_size=4), max_size=6), st.text(ALPHABET, max_size=40))
def test_a_matcher_and_single_searches_agree(words: list[str], text: str) -> None:
    folded = fold(text)
    expected = {index for index, word in enumerate(words) if contains(folded, fold(word))}
    found = WordMatcher(words)
    assert found.find(folded) == expected
    assert found.mask(folded) == sum(1 << index for index in expected)
    for place in found.places(folded):
        assert folded[place.start : place.end] == fold(words[place.word])


@pytest.mark.parametrize("at", [0, 16_380, 16_384, 16_390, 49_999])
def test_words_across_windows_of_long_texts(at: int) -> None:
    text = "x " * (at // 2) + " gift card " + "y " * 30_000
    assert WordMatcher(["nothing", "gift card"]).find(fold(text)) == {1}


def test_contains_does_not_try_for_ever() -> None:
    periodic = "ab ab ab ab a"
    assert not contains("ab " * 30_000 + "ab", periodic * 1_000)
    assert not contains("xa" * 50_000, "a")
    assert contains("xa" * 50_000 + " a", "a")


def test_ten_thousand_words() -> None:
    words = [f"word{number}" for number in range(10_000)]
    assert WordMatcher(words).find("word7 and word9999, not word10000") == {7, 9_999}
