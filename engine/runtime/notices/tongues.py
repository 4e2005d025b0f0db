"""In which language a seller is told something."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TypeVar

from ...language.program import Notices

ELSE = "else"
_Said = TypeVar("_Said")


def chain(notices: Notices, region: str, language: str | None) -> tuple[str, ...]:
    """The languages to look for, in turn: the shop's, its region's, that of all others.

    A tag such as `pt-BR` is followed by `pt`.
    """
    wanted = (language, notices.languages.get(region), notices.languages.get(""))
    tags = (tag.replace("_", "-").lower() for tag in wanted if tag)
    return tuple(dict.fromkeys(each for tag in tags for each in _shortened(tag)))


def _shortened(tag: str) -> Iterator[str]:
    while tag:
        yield tag
        tag = tag.rpartition("-")[0]


def spoken(said: Mapping[str, _Said], wanted: tuple[str, ...]) -> str | None:
    """The key of what is said in the first of some languages, or in whichever, if it is there."""
    by_tag = {key.lower(): key for key in said}
    return next((by_tag[tag] for tag in (*wanted, ELSE) if tag in by_tag), None)
