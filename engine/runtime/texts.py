"""What is asked of texts, exactly and in linear time; there is no other implementation.

Texts are searched in their folded form (see `folding.py`), so that it is made once for many
questions: a parameter named `folded` takes the result of `fold`. The others take the text itself.
"""

from __future__ import annotations

import unicodedata

from ..language.patterns import compile_pattern
from .contacts import has_email, has_handle, has_url
from .folding import fold, fold_with_places
from .markup import has_markup, plain
from .phones import has_phone
from .scripts import count_words
from .sentences import SentenceMatcher, sentence_matcher
from .words import WordMatcher, contains, matcher

__all__ = [
    "SentenceMatcher",
    "WordMatcher",
    "contains",
    "count_bytes",
    "count_characters",
    "count_words",
    "ends_with",
    "fold",
    "fold_with_places",
    "has_email",
    "has_handle",
    "has_markup",
    "has_phone",
    "has_url",
    "matcher",
    "matches",
    "plain",
    "sentence_matcher",
    "starts_with",
]


def count_characters(text: str) -> int:
    """How many characters a text has: code points after NFC.

    An accented letter is one however it was typed. What a reader may see as one character but
    Unicode writes with several (a flag, a family, a Thai consonant with its vowel) counts as these.
    """
    return len(text) if text.isascii() else len(unicodedata.normalize("NFC", text))


def count_bytes(text: str) -> int:
    """How many bytes a text has in UTF-8."""
    return len(text) if text.isascii() else len(text.encode("utf-8", "surrogatepass"))


def starts_with(folded: str, beginning: str) -> bool:
    """Whether a folded text begins with another; words may be cut."""
    return folded.startswith(beginning)


def ends_with(folded: str, ending: str) -> bool:
    """Whether a folded text ends with another; words may be cut."""
    return folded.endswith(ending)


def matches(pattern: str, text: str) -> bool:
    """Whether a pattern of RE2 finds something anywhere in a text, which is not folded.

    Raises:
        PatternError: The pattern has a mistake; a checked expression has none.
    """
    return compile_pattern(pattern).search(text) is not None
