"""Scalars as nodes: their values, the places of their characters, and the traps they fall into."""

from __future__ import annotations

import re
from typing import NamedTuple

from ..diagnostics import Diagnostic
from ..document import Scalar
from ..messages.slips import unknown_escape
from ..source import Embedded
from .core import resolve
from .notes import Notes
from .scalars import Spelling, spell, spell_as_a_whole, spell_as_it_stands
from .traps import item_warnings, plain_faults, plain_warnings

_SURROGATE = re.compile("[\ud800-\udfff]")


class Written(NamedTuple):
    """A scalar's value as text, and where in the source it stands, in which style."""

    text: str
    start: int
    end: int
    style: str = ""


def quoted(written: Written, notes: Notes) -> Scalar:
    """A text in single or double quotes."""
    text, start, end, style = written
    if notes.source.text[start + 1 : end - 1] == text:
        return _text(written, spell_as_it_stands(text, start, end, style), notes)
    spelling = _spell(written, notes)
    # The slower of the two parsers lets halves of a surrogate pair pass; neither is text.
    for match in _SURROGATE.finditer(text):
        place = notes.span(spelling.starts[match.start()], spelling.ends[match.start()])
        notes.refuse(unknown_escape(place))
    return _text(written, spelling, notes)


def block(written: Written, indent: int, notes: Notes) -> Scalar:
    """A text below a `|` or `>`, in a collection that stands in the column `indent`, from 0."""
    return _text(written, _spell(written, notes, indent), notes)


def plain(written: Written, notes: Notes, *, in_list: bool) -> Scalar:
    """A value without quotes; `in_list` if it is an item after a `-`."""
    text, start, end, _ = written
    span = notes.span(start, end)
    if notes.source.text[start:end] == text:
        spelling = spell_as_it_stands(text, start, end, "")
    else:
        spelling = _spell(written, notes)
        if in_list:
            notes.warnings += item_warnings(span)
    notes.warnings += plain_warnings(span, text)
    notes.refuse(*plain_faults(span, text))
    value = resolve(text, span)
    if isinstance(value, Diagnostic):
        notes.refuse(value)
        value = text
    return Scalar(span, value, Embedded(text, span, spelling.starts, spelling.ends))


def untagged(written: Written, notes: Notes) -> Scalar:
    """A value without quotes of a kind that is refused: it stands for its text."""
    return _text(written, _spell(written, notes), notes)


def _spell(written: Written, notes: Notes, indent: int = -1) -> Spelling:
    text, start, end, style = written
    spelling = spell(notes.source.text, start, end, style, indent)
    return spelling if spelling.text == text else spell_as_a_whole(text, start, end)


def _text(written: Written, spelling: Spelling, notes: Notes) -> Scalar:
    text, span = written.text, notes.span(written.start, spelling.end)
    return Scalar(span, text, Embedded(text, span, spelling.starts, spelling.ends))
