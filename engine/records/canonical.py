"""One text for one value, and short names made from content.

Decisions, policies and snapshots are named by what is in them, so a value must have the same text
on every machine and in every run: keys in the order of their code points, UTF-8, no blanks, whole
numbers only. Whoever has a fraction or a decimal writes it as text or as two whole numbers first;
no number is ever rounded on its way here.
"""

from __future__ import annotations

import base64
import hashlib
import json
from collections.abc import Iterable, Mapping
from typing import Any

DIGEST_LENGTH = 26
"""The characters of a digest, five bits each: 130 bits."""

MOST_LEVELS = 400
"""Lists and mappings may nest this deep: more than a record needs, less than the stack bears."""

_SCALARS = (str, int, type(None))
_encoder = json.JSONEncoder(
    ensure_ascii=False,
    check_circular=False,
    sort_keys=True,
    separators=(",", ":"),
    default=dict,
)


def canonical_json(value: Any) -> bytes:
    """The one JSON text, in UTF-8, of a value.

    Takes None, booleans, whole numbers, text, lists, tuples (written as lists), and mappings with
    text as keys. Values that are the same JSON have the same text, and others have others.

    Raises:
        TypeError: The value holds anything else: a binary float, a `Fraction`, a `Decimal`, bytes,
            a set, a key that is not text.
        ValueError: The value is nested deeper than `MOST_LEVELS` (or in itself), or a text in it
            holds half of a surrogate pair, which UTF-8 cannot write.
    """
    level = [value]
    for _ in range(MOST_LEVELS + 1):
        level = [inner for outer in level for inner in _inside(outer)]
        if not level:
            return _encoder.encode(value).encode("utf-8")
    raise ValueError(f"nested deeper than {MOST_LEVELS} levels")


def digest(*parts: bytes | str) -> str:
    """A short name for a sequence of parts: lower-case base32 of the head of their SHA-256.

    Each part goes in behind its length, so that parts never run into each other: `("ab", "c")` and
    `("a", "bc")` differ. Text counts as its UTF-8 bytes.

    The name has 26 characters, `a` to `z` and `2` to `7`, which hold 130 bits. Among 10^9 names the
    odds that any two meet by chance are below 1 in 10^21, among 10^12 names below 1 in 10^15. To
    make two things with one name on purpose takes about 2^65 attempts; where somebody gains from
    that, keep a full SHA-256 beside the name.

    Raises:
        ValueError: A text holds half of a surrogate pair, which UTF-8 cannot write.
    """
    hashed = hashlib.sha256()
    for part in parts:
        data = part.encode("utf-8") if isinstance(part, str) else part
        hashed.update(len(data).to_bytes(8, "big"))
        hashed.update(data)
    return base64.b32encode(hashed.digest()).decode("ascii").lower()[:DIGEST_LENGTH]


def _inside(value: Any) -> Iterable[Any]:
    """What a value holds, one level down, if it is one that has a canonical text."""
    if isinstance(value, _SCALARS):
        return ()
    if isinstance(value, list | tuple):
        return value
    if not isinstance(value, Mapping):
        raise TypeError(f"{type(value).__name__} has no canonical text: {value!r}")
    for key in value:
        if not isinstance(key, str):
            raise TypeError(f"a key that is not text has no canonical text: {key!r}")
    return value.values()
