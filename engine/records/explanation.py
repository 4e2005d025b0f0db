"""Explanations: a condition with the values that it had, as a tree of its author's words."""

from __future__ import annotations

import msgspec

from .values import Shown


class Place(msgspec.Struct, frozen=True):
    """Where in a policy something is written; lines and columns count from 1."""

    file: str
    line: int
    column: int


class Found(msgspec.Struct, frozen=True):
    """A word that was found in a text.

    `word` is as the policy has it, `text` as it stood in the text, from the character `start` to
    `end` (exclusive), counted from 0; without these three if the place cannot be told.
    """

    word: str
    text: str | None = None
    start: int | None = None
    end: int | None = None


class Explanation(msgspec.Struct, frozen=True, omit_defaults=True):
    """A part of a condition, and what it came to.

    Attributes:
        text: The author's words, on one line, cut if they are long.
        place: Where they stand.
        operator: What the part is: `and`, `<=`, `contains`, `field`, `constant`, …
        type: The name of its type.
        value: What it came to; missing where the value is missing, was not computed, or failed.
        evaluated: Whether it was computed at all.
        error: Why it has no value, if it failed.
        row: The row that a lookup read; `else` if none matched.
        found: The words that were found.
        counted: The ids of what a roll-up was made of, the first of them in their order.
        counted_total: How many these are in all.
        omitted: How many operands are not shown.
        children: Its operands, in the author's order.
    """

    text: str
    place: Place
    operator: str
    type: str
    value: Shown = None
    evaluated: bool = True
    error: str | None = None
    row: str | None = None
    found: tuple[Found, ...] = ()
    counted: tuple[str, ...] = ()
    counted_total: int = 0
    omitted: int = 0
    children: tuple[Explanation, ...] = ()
