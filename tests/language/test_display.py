"""What is drawn for text that somebody else wrote, and how wide it is."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st
from revlex.engine.language.display import WIDTH, Excerpt, excerpt, visible

LONG = "".join(f"{number:03}." for number in range(100))


def under(shown: Excerpt, columns: range) -> str:
    """The text over some columns of an excerpt in which every character is one column wide."""
    return shown.text[columns.start : columns.stop]


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("stars <= 2", "stars <= 2"),
        ("a\tb", "a    b"),
        ("\x1b[31mred\x07", "<U+001B>[31mred<U+0007>"),
        ("a\r\nb\x0b\x85\u2028\u2029", "a<U+000D><U+000A>b<U+000B><U+0085><U+2028><U+2029>"),
        ("\x7f\x9b", "<U+007F><U+009B>"),
        ("\u202eevil\u2069\u200b\ufeff", "<U+202E>evil<U+2069><U+200B><U+FEFF>"),
        ("a\xa0b\u3000c\u2003", "a<U+00A0>b<U+3000>c<U+2003>"),
        ("\ud800\udfff", "<U+D800><U+DFFF>"),
        ("\ue000\uffff\U0010ffff", "<U+E000><U+FFFF><U+10FFFF>"),
        ("\u3164\u2800", "<U+3164><U+2800>"),
        ("e\u0301 漢字 \u1112\u1161\u11ab", "e\u0301 漢字 \u1112\u1161\u11ab"),
        ("\u0301e", "<U+0301>e"),
        ("\t\u0301", "    <U+0301>"),
        ("e" + "\u0301" * 10, "e" + "\u0301" * 8 + "<U+0301>" * 2),
    ],
)
def test_visible(text: str, shown: str) -> None:
    assert visible(text) == shown


@given(st.text())
def test_everything_visible_has_a_shape(text: str) -> None:
    blanks = {"Zs", "Zl", "Zp"}
    for char in visible(text):
        category = unicodedata.category(char)
        assert char == " " or (category[0] != "C" and category not in blanks)


@given(st.text(st.characters(categories=["L", "N", "P", "S"], max_codepoint=0x7FF)))
def test_letters_and_signs_stay_as_they_are(text: str) -> None:
    assert visible(text) == text


@pytest.mark.parametrize(
    ("line", "start", "end", "columns"),
    [
        ("stars <= 2", 0, 5, range(5)),
        ("stars <= 2", 6, 8, range(6, 8)),
        ("stars <= 2", 9, 10, range(9, 10)),
        ("stars <= 2", 9, 99, range(9, 10)),
        ("stars <= 2", 3, 3, range(3, 4)),
        ("stars <= 2", 10, 10, range(10, 11)),
        ("stars <= 2", 11, 12, range(10, 11)),
        ("", 0, 0, range(1)),
        ("\ta", 1, 2, range(4, 5)),
        ("漢字a", 1, 2, range(2, 4)),
        ("漢字a", 2, 3, range(4, 5)),
        ("ｶﾅ", 1, 2, range(1, 2)),
        ("\uff21b", 1, 2, range(2, 3)),
        ("e\u0301x", 2, 3, range(1, 2)),
        ("e\u0301x", 1, 2, range(1)),
        ("e\u0301x", 1, 1, range(1)),
        ("\x1bx", 0, 1, range(8)),
        ("\x1bx", 1, 2, range(8, 9)),
        ("\u1112\u1161\u11abx", 3, 4, range(2, 3)),
    ],
)
def test_columns(line: str, start: int, end: int, columns: range) -> None:
    assert excerpt(line, start).columns(start, end) == columns


@pytest.mark.parametrize("at", range(0, len(LONG) + 1, 7))
def test_a_long_line_is_cut_around_the_place(at: int) -> None:
    shown = excerpt(LONG, at)
    text = shown.text.strip("…")
    begin = LONG.index(text)
    assert not shown.is_whole
    assert len(text) == WIDTH
    assert begin == max(0, min(at - 40, len(LONG) - WIDTH))
    assert shown.text.startswith("…") == (begin > 0)
    assert shown.text.endswith("…") == (begin + WIDTH < len(LONG))
    assert under(shown, shown.columns(at, at + 3)) == LONG[at : at + 3]


def test_a_mark_that_was_cut_ends_under_the_sign_for_it() -> None:
    shown = excerpt(LONG, 100)
    assert shown.columns(100, 400) == range(41, WIDTH + 2)
    assert shown.columns(0, 110) == range(51)


def test_a_line_that_just_fits_is_whole() -> None:
    assert excerpt("漢" * (WIDTH // 2), 3).is_whole
    assert not excerpt("漢" * (WIDTH // 2) + "a", 3).is_whole


def test_marks_that_combine_do_not_make_an_excerpt_endless() -> None:
    shown = excerpt("e" + "\u0301" * 1_000_000, 500_000)
    assert len(shown.text) <= WIDTH + 2


@given(st.text(min_size=1, max_size=300), st.data())
def test_any_place_of_any_line_has_columns(line: str, data: st.DataObject) -> None:
    start = data.draw(st.integers(0, len(line)))
    end = data.draw(st.integers(start, len(line)))
    shown = excerpt(line, start)
    columns = shown.columns(start, end)
    width = sum(cell.width for cell in shown.cells)
    assert 0 <= columns.start < columns.stop <= width + 1
    assert width <= WIDTH + 2
    assert shown.text == visible(line) or not shown.is_whole
