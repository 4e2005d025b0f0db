from __future__ import annotations

import sys
import time
import unicodedata
from collections.abc import Callable
from pathlib import Path

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st
from revlex.engine.runtime.folding import _clusters, _settled, fold, fold_with_places

PHRASES = yaml.safe_load(Path(__file__).with_name("phrases.yaml").read_text(encoding="utf-8"))
ASSIGNED = [
    chr(code)
    for code in (*range(0x20000), *range(0x2F800, 0x2FA20), *range(0xE0000, 0xE0200))
    if unicodedata.category(chr(code)) not in {"Cs", "Cn"}
]
"""Every character that folds to anything but itself is among these."""


@pytest.mark.parametrize(("text", "folded"), PHRASES["folded"])
def test_fold(text: str, folded: str) -> None:
    assert fold(text) == folded


def test_half_a_pair_is_dropped() -> None:
    assert fold("half \ud800 pair") == "half pair"


def test_decomposed_and_composed_texts_fold_alike() -> None:
    vietnamese = "Hàng đẹp, ủng hộ shop lần sau nhé"
    assert fold(unicodedata.normalize("NFD", vietnamese)) == fold(vietnamese)


def test_thai_am_folds_as_nfkc_does() -> None:
    assert fold("น้ำ") == unicodedata.normalize("NFKC", "น้ำ")


@pytest.mark.parametrize("around", ["{}", "a{}\u0301", "\u1100{}\u11a8"])
def test_every_character_folds_once_and_for_all(around: str) -> None:
    wrong = [
        hex(ord(char))
        for char in ASSIGNED
        if (folded := fold(text := around.format(char))) != fold(folded)
        or folded != fold(unicodedata.normalize("NFC", text))
        or folded != fold(unicodedata.normalize("NFD", text))
    ]
    assert not wrong


def test_replacing_frequent_characters_first_changes_nothing() -> None:
    plain = [char for char in ASSIGNED if char.isalnum() and char.isprintable()]
    normalised = "".join(plain)
    assert fold(normalised) == fold(unicodedata.normalize("NFKC", normalised))


@given(st.text())
def test_folding_twice_is_folding_once(text: str) -> None:
    assert fold(fold(text)) == fold(text)


@given(st.text(st.characters(categories=["Lu", "Ll", "Lt", "Nd", "Zs", "Po"])))
def test_letter_case_is_no_difference(text: str) -> None:
    assert fold(text.casefold()) == fold(text)


@given(st.text(), st.text())
def test_what_nobody_sees_makes_no_difference(left: str, right: str) -> None:
    assert fold(f"{left} \u200b{right}") == fold(f"{left} {right}")


@given(st.text())
def test_white_space_is_single_spaces_inside(text: str) -> None:
    folded = fold(text)
    assert folded == " ".join(folded.split())


@given(st.text())
def test_places_lead_back_to_the_text(text: str) -> None:
    folded, places = fold_with_places(text)
    assert folded == fold(text)
    if places:
        assert len(places) == len(folded) + 1
        assert places == sorted(places)
        assert places[-1] == len(text)


def test_places_of_clusters() -> None:
    text = "A\u0301  \u200bﬁ…"
    folded, places = fold_with_places(text)
    assert folded == "á fi..."
    assert [text[places[at]] for at in range(len(folded))] == [*"A ﬁﬁ……", "…"]


def test_a_hundred_thousand_characters_are_nothing() -> None:
    for char in ("a", "\u0301", "\u200b", "ﷺ", "\u1e9b\u0323", "가", " ", "ำ"):
        text = char * (100_000 // len(char))
        assert len(fold(text)) <= 18 * sys.getsizeof(text)


def one_by_one(text: str) -> tuple[str, list[int]]:
    """Every cluster of a text folded by itself: slow, and the same for all characters."""
    pieces: list[str] = []
    places: list[int] = []
    for start, cluster in _clusters(text):
        for char in _settled(cluster)[0]:
            if not char.isspace():
                pieces.append(char)
                places.append(start)
            elif pieces and pieces[-1] != " ":
                pieces.append(" ")
                places.append(start)
    folded = "".join(pieces).rstrip(" ")
    if folded != fold(text):
        return fold(text), []
    return folded, [*places[: len(folded)], len(text)]


TRICKY = (
    "aZ .\t\n\x1c\x1f\x00\x07\x7f\xad\u0301\u0345\u200b\xe9\u0130\ufb01\uff21\u1100\u1161\u3000\xdf"
)


@given(st.text(alphabet=TRICKY) | st.text() | st.text(alphabet="ab  \n"))
def test_plain_stretches_are_folded_as_everything_is(text: str) -> None:
    assert fold_with_places(text) == one_by_one(text)


@pytest.mark.parametrize("around", ["{}", "a{}", "{}\u0301", " {} a", "a{}\x07\u0301"])
def test_every_ascii_character_is_folded_as_everything_is(around: str) -> None:
    texts = [around.format(chr(code)) for code in range(128)]
    assert [fold_with_places(text) for text in texts] == [one_by_one(text) for text in texts]


def test_long_plain_texts_are_folded_word_by_word() -> None:
    text = "Great soap, arrived  late; " * 200
    best = min(_time(fold_with_places, text) for _ in range(5))
    slow = min(_time(one_by_one, text) for _ in range(5))
    assert 3 * best < slow


def _time(function: Callable[[str], object], text: str) -> float:
    begin = time.process_time()
    function(text)
    return time.process_time() - begin
