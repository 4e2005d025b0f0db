from __future__ import annotations

from pathlib import Path

import pytest
import yaml
from revlex.engine.runtime.folding import fold
from revlex.engine.runtime.texts import (
    count_bytes,
    count_characters,
    ends_with,
    has_email,
    has_handle,
    has_markup,
    has_phone,
    has_url,
    matches,
    plain,
    starts_with,
)

TESTS = {
    "url": has_url,
    "email": has_email,
    "handle": has_handle,
    "phone": has_phone,
    "markup": has_markup,
}
PHRASES = yaml.safe_load(Path(__file__).with_name("phrases.yaml").read_text(encoding="utf-8"))


def cases(group: str) -> list[tuple[str, str]]:
    return [(test, text) for test, texts in PHRASES[group].items() for text in texts]


@pytest.mark.parametrize(("test", "text"), cases("there"))
def test_there(test: str, text: str) -> None:
    assert TESTS[test](fold(text))


@pytest.mark.parametrize(("test", "text"), cases("not_there"))
def test_not_there(test: str, text: str) -> None:
    assert not TESTS[test](fold(text))


@pytest.mark.parametrize("test", TESTS)
@pytest.mark.parametrize(
    "piece", ["a.", "@", "a@", "www.", "wechat ", "1 ", "1", "1.000.", "<a ", "&a", "[", "é.co@"]
)
def test_hostile_texts_take_linear_time(test: str, piece: str) -> None:
    text = piece * (1_000_000 // len(piece))
    assert TESTS[test](text) in {True, False}


@pytest.mark.parametrize(
    ("text", "characters", "size"),
    [("", 0, 0), ("abc", 3, 3), ("é", 1, 2), ("e\u0301", 1, 3), ("ดี", 2, 6), ("😀", 1, 4)],
)
def test_sizes(text: str, characters: int, size: int) -> None:
    assert count_characters(text) == characters
    assert count_bytes(text) == size


def test_half_a_pair_has_a_size_too() -> None:
    assert count_bytes("\ud800") == 3


def test_beginnings_and_endings() -> None:
    assert starts_with(fold("  VOUCHERS here"), fold("Voucher"))
    assert ends_with(fold("thank you!\n"), fold("YOU!"))
    assert not starts_with("a", "ab")


def test_patterns_of_re2() -> None:
    assert matches("(?i)gift ?cards?$", "a Gift Card")
    assert not matches("^card", "a card")


def test_patterns_that_hang_other_engines() -> None:
    assert not matches("(a+)+$", "a" * 1_000_000 + "b")
    assert not matches("(x+x+)+y", "x" * 1_000_000)


@pytest.mark.parametrize(
    ("text", "seen"),
    [
        ("", ""),
        ("  as it\n\nis ", "  as it\n\nis "),
        ("a < b & c > d", "a < b & c > d"),
        ("I <3 it, <name>", "I <3 it, <name>"),
        ("<b>vou</b>cher", "voucher"),
        ("<P CLASS='x'>one</P>\n<p>two</p>", "one\ntwo"),
        ("one<br/>two<BR>three", "one\ntwo\nthree"),
        ("x<!-- <b>hidden</b> -->y", "xy"),
        ("x<!-- never closed", "x"),
        ("a<script src=x>alert('<b>')</script>b<style>p {}</style>c", "abc"),
        ("<script>never closed", ""),
        ("Q&amp;A &#233; &#xE9; &nbsp;.", "Q&A \xe9 \xe9 \xa0."),
        ("&bogus; &amp", "&bogus; &amp"),
        ("&lt;b&gt;", "<b>"),
        ("see [our page](http://x.y), ![a cup](cup.png)", "see our page, a cup"),
        ("[a] (b) [c](d e)", "[a] (b) [c](d e)"),
        ("<<b>b>", "<b>"),
    ],
)
def test_plain(text: str, seen: str) -> None:
    assert plain(text) == seen


@pytest.mark.parametrize(
    "piece", ["<", "<b>", "<!--", "<!--<b>", "<script>", "<script <b>", "&a", "[a](", "](", "<p>\n"]
)
def test_taking_markup_out_takes_linear_time(piece: str) -> None:
    text = piece * (100_000 // len(piece))
    assert len(plain(text)) <= len(text)
