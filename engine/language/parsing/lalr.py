"""The parser that Lark makes from `expr.lark`: one for the process, made when first needed."""

from __future__ import annotations

import functools
from dataclasses import dataclass
from importlib.resources import files
from typing import Any, cast

from lark import Lark
from lark.exceptions import UnexpectedInput

from ..syntax import Node
from .draft import Draft
from .tree import DRAFT, Part, TreeBuilder, bare

STARTS = (
    "expression",
    "band",
    "range",
    "schedule",
    "deadline",
    "action_phrase",
    "point_range",
    "balance",
    "rate",
    "cap",
    "extension",
    "hours",
    "hold",
    "length",
    "window",
)
"""The rules of the grammar that may be parsed by themselves."""


@dataclass(frozen=True, slots=True)
class Refusal:
    """Where the grammar could not go on.

    `offset` is the first character of what does not fit, or the length of the text at its end;
    `possible` names the terminals of the grammar that might have stood there.
    """

    offset: int
    possible: frozenset[str]


def parse(draft: Draft, start: str) -> Node | Refusal:
    """Parse a draft's text by a start rule; what is wrong with its values is noted in the draft."""
    text = draft.text.text
    token = DRAFT.set(draft)
    try:
        tree = cast("Part", _parser().parse(text, start))
    except UnexpectedInput as error:
        return _refusal(error, len(text))
    finally:
        DRAFT.reset(token)
    return bare(tree)


@functools.cache
def _parser() -> Lark:
    grammar = (files("revlex.grammar") / "expr.lark").read_text(encoding="utf-8")
    return Lark(grammar, parser="lalr", start=list(STARTS), transformer=TreeBuilder())


def _refusal(error: UnexpectedInput, end: int) -> Refusal:
    token = getattr(error, "token", None)
    at_end = token is not None and token.type == "$END"
    state: Any = error.interactive_parser
    return Refusal(
        offset=end if at_end else error.pos_in_stream or 0,
        possible=frozenset(state.accepts() if state else ()),
    )
