"""Notices, as they are filled in."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from ..ir import Expr
from .shared import Item, Message


@dataclass(frozen=True, slots=True)
class NoticeLine:
    """A line of a notice, which stands there where its condition, if it has one, holds.

    A line without parts is blank. One of whose slots has nothing in it is left out.
    """

    message: Message
    condition: Expr | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class NoticeTemplate(Item):
    """What sellers are told of some kinds of decisions: an empty `of` means all of them.

    `subjects` and `texts` are by language; the key `else` is for all others.
    """

    kinds: tuple[str, ...]
    of: frozenset[str]
    condition: Expr | None
    subjects: Mapping[str, Message]
    texts: Mapping[str, tuple[NoticeLine, ...]]


@dataclass(frozen=True, slots=True)
class Notices:
    """What sellers are told.

    `languages` are by region, where the key `""` is for all others; `words` by name and language.
    The first template that fits is taken; those for single names come before those for all.
    """

    languages: Mapping[str, str] = field(default_factory=dict)
    words: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    templates: tuple[NoticeTemplate, ...] = ()
