"""Which characters belong to words, and where words have borders.

Most scripts put spaces between words. Thai, Lao, Khmer, Myanmar, Han, Hiragana and Katakana do not:
there a word may begin and end anywhere. Python knows the category of a character but not its
script, so these scripts are given by their blocks.
"""

from __future__ import annotations

import functools
import re
import unicodedata
from bisect import bisect_right
from collections.abc import Iterable
from itertools import groupby
from typing import Final

IDEOGRAPHIC: Final = (
    (0x2E80, 0x2FDF),  # radicals
    (0x3005, 0x3007),  # iteration mark, closing mark, zero
    (0x3021, 0x3029),  # numerals
    (0x3038, 0x303B),
    (0x3040, 0x30FF),  # Hiragana and Katakana
    (0x31F0, 0x31FF),
    (0x3400, 0x4DBF),
    (0x4E00, 0x9FFF),
    (0xF900, 0xFAFF),
    (0xFF66, 0xFF9F),  # narrow Katakana
    (0x1AFF0, 0x1B16F),  # more kana
    (0x20000, 0x3FFFD),
)
"""The blocks of Han, Hiragana and Katakana: every character can be a word of its own."""

UNBROKEN: Final = (
    (0x0E00, 0x0EFF),  # Thai, Lao
    (0x1000, 0x109F),  # Myanmar
    (0x1780, 0x17FF),  # Khmer
    (0x19E0, 0x19FF),
    (0xA9E0, 0xA9FF),
    (0xAA60, 0xAA7F),
)
"""The blocks of Thai, Lao, Khmer and Myanmar: words run into each other without a border."""

_FIRST_UNSPACED: Final = chr(UNBROKEN[0][0])
_FIRST_MARK: Final = "\u0300"
_LAST_MARK: Final = 0x1E94A
"""The last mark but for the variation selectors, which are invisible."""

_BLOCKS: Final = tuple(sorted(IDEOGRAPHIC + UNBROKEN))
_STARTS: Final = tuple(start for start, _ in _BLOCKS)

_PLAIN: Final = re.compile("[\0-\u02ff\u0370-\u0482\u048a-\u0590\u1e00-\u20cf]*")
_PLAIN_WORDS: Final = re.compile(r"[^\W_]+")
"""Words of Latin, Greek and Cyrillic, in texts of these without marks of their own."""

DELIMITER: Final = "\0"
"""Stands at word borders in a delimited text; no folded text holds it."""


def is_spaced(char: str) -> bool:
    """Whether a character is a letter, digit or mark of a script that spaces its words."""
    if char < _FIRST_MARK:
        return char.isalnum()
    if not char.isalnum() and not _is_mark(char):
        return False
    return char < _FIRST_UNSPACED or not _is_unspaced(ord(char))


def _is_unspaced(code: int) -> bool:
    """Whether a code point lies in a block of a script without spaces."""
    block = bisect_right(_STARTS, code) - 1
    return block >= 0 and code <= _BLOCKS[block][1]


def is_bordered(text: str, start: int, end: int) -> bool:
    """Whether the characters `start` to `end` (exclusive, at least one) cut no word in two.

    A word is cut where two characters of a script with spaces stand next to each other.
    """
    if start and is_spaced(text[start]) and is_spaced(text[start - 1]):
        return False
    return not (end < len(text) and is_spaced(text[end - 1]) and is_spaced(text[end]))


def delimit(text: str) -> str:
    """The text with a delimiter on both sides of every run of characters that are spaced.

    A word stands in a text at word borders just if it does so delimited in the delimited text, and
    that takes one search for a part, whose time is linear whatever the two look like.
    """
    pieces = []
    for spaced, run in groupby(text, key=is_spaced):
        piece = "".join(run)
        pieces.append(f"{DELIMITER}{piece}{DELIMITER}" if spaced else piece)
    return "".join(pieces)


def count_words(text: str) -> int:
    """How many words a text has.

    A word is a run of letters, digits and marks of scripts with spaces, in which single apostrophes
    may stand (`don't`); or one letter of Han, Hiragana or Katakana; or a run of letters, digits and
    marks of Thai, Lao, Khmer or Myanmar, since nothing short of a dictionary could cut it up.
    """
    if _PLAIN.fullmatch(text):
        words = _PLAIN_WORDS.findall(text)
    else:
        text = _marks().sub("", text)
        words = _words().findall(text)
    joints = "'" in text or "\u2019" in text
    return len(words) - (len(_joints().findall(text)) if joints else 0)


@functools.cache
def _words() -> re.Pattern[str]:
    """What finds a word, or its parts between apostrophes, in a text without marks."""
    ideographic = _ranges(IDEOGRAPHIC)
    unbroken = "".join(
        chr(code)
        for start, end in UNBROKEN
        for code in range(start, end + 1)
        if chr(code).isalnum()
    )
    return re.compile(f"[^\\W_{ideographic}{unbroken}]+|[{unbroken}]+|(?!_)(?=\\w)[{ideographic}]")


@functools.cache
def _joints() -> re.Pattern[str]:
    """What finds an apostrophe that joins two parts of a word."""
    part = f"[^\\W_{_ranges(_BLOCKS)}]"
    return re.compile(f"(?<={part})['\u2019](?={part})")


@functools.cache
def _marks() -> re.Pattern[str]:
    """What finds marks, such as accents and vowel signs. Made late: it takes some milliseconds."""
    marks = (chr(code) for code in range(ord(_FIRST_MARK), _LAST_MARK + 1))
    return re.compile(f"[{''.join(filter(_is_mark, marks))}]+")


def _is_mark(char: str) -> bool:
    return unicodedata.category(char).startswith("M")


def _ranges(blocks: Iterable[tuple[int, int]]) -> str:
    """Blocks as they stand in a character class."""
    return "".join(f"{chr(start)}-{chr(end)}" for start, end in blocks)
