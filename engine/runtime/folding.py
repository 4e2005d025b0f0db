"""The form in which texts are compared, and where each of its characters came from.

A folded text is normalised (NFKC: full-width digits, ligatures and their like become plain), case
folded, and free of what nobody sees: zero-width characters, soft hyphens, variation selectors,
control characters. Every run of white space in it is one space, and there is none at its ends.
Folding a folded text changes nothing.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from typing import Final

_INVISIBLE: Final = (
    "\x00-\x08\x0e-\x1b\x7f-\x84\x86-\x9f"  # controls that are no white space
    "\xad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u202a-\u202e"
    "\u2060-\u206f\u3164\ufe00-\ufe0f\ufeff\uffa0\ufff0-\ufff8"
    "\U0001bca0-\U0001bca3\U0001d173-\U0001d17a\U000e0000-\U000e0fff"  # default ignorable
    "\ud800-\udfff"  # halves of surrogate pairs, which no UTF-8 holds
)
_DROPPED: Final = re.compile(f"[{_INVISIBLE}]+")
_PLAIN: Final = re.compile(
    "[ -~\xa1-\xac\xae-\u034e\u0350-\u061b\u061d-\u115e\u1161-\u167f\u1681-\u17b3\u17b6-\u180a"
    "\u1810-\u1fff\u2010-\u2027\u2030-\u205e\u2070-\u2fff\u3001-\u3163\u3165-\ud7ff\ue000-\ufdff"
    "\ufe10-\ufefe\uff00-\uff9f\uffa1-\uffef\ufff9-\U0001bc9f\U0001bca4-\U0001d172"
    "\U0001d17b-\U000dffff\U000e1000-\U0010ffff]*"
)
"""Texts with nothing invisible and no white space but plain spaces: the quickest way to tell."""

_FREQUENT: Final = (
    ("\u0e33", "\u0e4d\u0e32"),  # the Thai vowel am
    *((chr(ord(narrow) + 0xFEE0), narrow) for narrow in ",!?:;()"),  # full-width punctuation
    ("\u2026", "..."),
    ("\xa0", " "),
)
"""Characters of everyday Thai and Chinese, with what NFKC makes of them.

Replacing them first gives the same result and, where they are all that there is, saves the
normalisation: a tenth of the time.
"""

_QUICK: Final = re.compile("[\t-\r\x1c-~]+")
"""Stretches of ASCII without what is dropped. Only their last character may have marks on it."""

_WORDS_OR_BLANK: Final = re.compile(r"\S+(?: \S+)*|\s+")
"""Words with one space between them, or white space that becomes one space."""

_HANGUL_VOWELS_AND_FINALS: Final = range(0x1160, 0x1200)
_NARROW_KANA_MARKS: Final = "\uff9e\uff9f"


def fold(text: str) -> str:
    """The form in which a text is compared."""
    if text.isascii() and text.isprintable():
        folded, is_plain = text.lower(), True
    else:
        folded, is_plain = _settled(text)
    if is_plain and "  " not in folded:
        return folded.strip(" ")
    return " ".join(folded.split())


def _settled(text: str) -> tuple[str, bool]:
    """A text folded, but for white space, until nothing changes: one round or two.

    Folding a letter such as U+01F0 takes it apart and normalising puts it together again, so the
    last step is the normalisation. The second value says whether all white space is plain spaces.
    """
    while True:
        folded = _nfkc(text).casefold()
        is_plain = _PLAIN.fullmatch(folded) is not None
        if not is_plain:
            folded = _DROPPED.sub("", folded)
        if unicodedata.is_normalized("NFKC", folded):
            return folded, is_plain
        folded = unicodedata.normalize("NFKC", folded)
        if folded == text:
            return folded, is_plain
        text = folded


def _nfkc(text: str) -> str:
    if unicodedata.is_normalized("NFKC", text):
        return text
    for char, plain in _FREQUENT:
        text = text.replace(char, plain)
    return unicodedata.normalize("NFKC", text)


def fold_with_places(text: str) -> tuple[str, list[int]]:
    """A folded text, and for each of its characters the index of where it came from.

    The index is that of the first character of a cluster: a letter and the marks on it go
    together, as do the vowels and finals of Hangul. One more index, the length of the text, ends
    the list. In the rare case that clusters do not fold one by one, the list is empty.
    """
    pieces: list[str] = []
    places: list[int] = []
    done = 0
    for quick in _QUICK.finditer(text):
        _add_clusters(text, (done, quick.start()), pieces, places)
        done = quick.end() if quick.end() == len(text) else quick.end() - 1
        _add_words(text, (quick.start(), done), pieces, places)
    _add_clusters(text, (done, len(text)), pieces, places)
    folded = "".join(pieces).rstrip(" ")
    if folded != fold(text):
        return fold(text), []
    return folded, [*places[: len(folded)], len(text)]


def _add_words(text: str, part: tuple[int, int], pieces: list[str], places: list[int]) -> None:
    """Fold a part of a text in which each character folds to one, by itself."""
    for found in _WORDS_OR_BLANK.finditer(text, *part):
        words = found[0]
        if not words.isspace():
            pieces.append(words.lower())
            places.extend(range(found.start(), found.end()))
        elif pieces and pieces[-1] != " ":
            pieces.append(" ")
            places.append(found.start())


def _add_clusters(text: str, part: tuple[int, int], pieces: list[str], places: list[int]) -> None:
    """Fold a part of a text, of any characters."""
    begin, end = part
    for start, cluster in _clusters(text[begin:end]):
        for char in _settled(cluster)[0]:
            if not char.isspace():
                pieces.append(char)
                places.append(begin + start)
            elif pieces and pieces[-1] != " ":
                pieces.append(" ")
                places.append(begin + start)


def _clusters(text: str) -> Iterator[tuple[int, str]]:
    """The pieces of a text that normalise by themselves, each with the index of its start."""
    start = 0
    for index in range(1, len(text)):
        if not _continues(text[index]):
            yield start, text[start:index]
            start = index
    if text:
        yield start, text[start:]


def _continues(char: str) -> bool:
    """Whether a character may combine with the one before it, or hides before one that may."""
    return (
        unicodedata.category(char).startswith("M")
        or ord(char) in _HANGUL_VOWELS_AND_FINALS
        or char in _NARROW_KANA_MARKS
        or _DROPPED.match(char) is not None
    )
