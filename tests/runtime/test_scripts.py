from __future__ import annotations

from pathlib import Path

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st
from revlex.engine.runtime.folding import fold
from revlex.engine.runtime.scripts import count_words, delimit, is_bordered, is_spaced

PHRASES = yaml.safe_load(Path(__file__).with_name("phrases.yaml").read_text(encoding="utf-8"))


@pytest.mark.parametrize("char", [*"aZ9é\u0301đж한\u0627\u0bcd²"])
def test_spaced(char: str) -> None:
    assert is_spaced(char)


@pytest.mark.parametrize("char", [*" _-'.@\u200b😀กำ่๙ກខမ漢々かカー。"])
def test_not_spaced(char: str) -> None:
    assert not is_spaced(char)


@pytest.mark.parametrize(("text", "words"), PHRASES["words"])
def test_words(text: str, words: int) -> None:
    assert count_words(fold(text)) == words


@given(st.text())
def test_a_delimited_text_is_the_text(text: str) -> None:
    assert delimit(text).replace("\0", "") == text.replace("\0", "")


@given(st.text(st.sampled_from("aé ก漢-'1_"), min_size=1), st.data())
def test_a_delimited_part_is_a_bordered_one(text: str, data: st.DataObject) -> None:
    start = data.draw(st.integers(0, len(text) - 1))
    end = data.draw(st.integers(start + 1, len(text)))
    at = [
        each
        for each in range(len(text))
        if text.startswith(text[start:end], each) and is_bordered(text, each, each + end - start)
    ]
    assert bool(at) == (delimit(text[start:end]) in delimit(text))


def test_long_texts_have_words_too() -> None:
    assert count_words("a'" * 50_000) == 1
    assert count_words("ก " * 50_000) == 50_000
    assert count_words("漢" * 100_000) == 100_000


@given(st.text(st.sampled_from("aé1đ' _-.\u2019\u0301ж")))
def test_plain_texts_have_as_many_words_as_others(text: str) -> None:
    thai = "ก"
    assert count_words(f"{text} {thai}") == count_words(text) + 1
