"""Lists and groups of keys that are still open, and what may stand in them."""

from __future__ import annotations

import re

from ..diagnostics import Diagnostic
from ..document import Entry, Mapping, Node, Scalar, Sequence
from ..messages import reading as say
from ..messages import slips
from ..source import Span
from .notes import Notes
from .traps import lone_line_faults

_MERGE = "<<"
_GLUED_DASH = re.compile(r"-[^\W\d]")
_GLUED_COLON = re.compile(r":\S")
_LINE_BREAK = re.compile(r"[\r\n]")
_NO_VALUE_FOLLOWS = re.compile(r"\s*[,}]")


class OpenSequence:
    """A list that is not closed yet."""

    def __init__(self, start: int, column: int, *, flow: bool) -> None:
        """Open a list at a place, in brackets (`flow`) or by `-` in a column, from 0."""
        self.start = start
        self.column = column
        self.flow = flow
        self._items: list[Node] = []

    def put(self, node: Node, _notes: Notes) -> None:
        """Add an item."""
        self._items.append(node)

    def close(self, notes: Notes, end: int) -> Sequence:
        """The list; without brackets it ends where its last item does."""
        past = end if self.flow or not self._items else self._items[-1].span.end
        return Sequence(notes.span(self.start, past), tuple(self._items))


class OpenMapping:
    """A group of keys that is not closed yet."""

    def __init__(self, start: int, column: int, *, flow: bool) -> None:
        """Open a group at a place, in braces (`flow`) or by keys in a column, from 0."""
        self.start = start
        self.column = column
        self.flow = flow
        self._key: Node | None = None
        self._past = start
        self._entries: dict[str, Entry] = {}
        self._is_no_mapping = False

    def put(self, node: Node, notes: Notes) -> None:
        """Add a key, or the value of the last key."""
        if self._key is None:
            self._key = node
            return
        key, self._key = self._key, None
        self._past = node.span.end
        if isinstance(key, Scalar) and key.value and isinstance(key.value, str):
            self._enter(Entry(key, node), notes)
        else:
            notes.refuse(_no_key(key, notes))

    def close(self, notes: Notes, end: int) -> Mapping:
        """The group; without braces it ends where its last value does."""
        past = end if self.flow else self._past
        return Mapping(notes.span(self.start, past), tuple(self._entries.values()))

    def _enter(self, entry: Entry, notes: Notes) -> None:
        key, name = entry.key.span, entry.name
        if name == _MERGE and key.end - key.start == len(_MERGE):
            notes.refuse(say.merge_key(key))
        elif _GLUED_DASH.match(notes.source.text, key.start):
            notes.refuse(slips.missing_blank(notes.span(key.start, key.start + 1), "-"))
        elif self.flow and _GLUED_COLON.match(notes.source.text, key.end) and key.text == name:
            # The parser in Python reads `{TH:[allow]}` where the one in C refuses it.
            notes.refuse(slips.missing_blank(notes.span(key.end, key.end + 1), ":"))
        elif (first := self._entries.get(name)) is not None:
            notes.add(say.duplicate_key(key, first.key.span))
        else:
            self._entries[name] = entry
            if isinstance(entry.value, Scalar):
                self._check_value(key, entry.value, notes)

    def _check_value(self, key: Span, value: Scalar, notes: Notes) -> None:
        text = notes.source.text
        if self.flow:
            if value.value is None and _NO_VALUE_FOLLOWS.match(text, key.end):
                self._refuse_lone_key(key, notes)
        elif isinstance(value.value, str) and _LINE_BREAK.search(text, key.end, value.span.start):
            notes.refuse(*lone_line_faults(value.span))

    def _refuse_lone_key(self, key: Span, notes: Notes) -> None:
        """`{buyer.name}`, `{TH:allow}`, `{TH: allow, else}`: a key without a value in braces."""
        colon = key.text.find(":")
        if colon >= 0:
            sign = notes.span(key.start + colon, key.start + colon + 1)
            notes.refuse(slips.missing_blank(sign, ":"))
        elif len(self._entries) == 1:
            self._is_no_mapping = True
            notes.refuse(slips.brace_starts_value(notes.span(self.start, self.start + 1)))
        elif not self._is_no_mapping:
            notes.refuse(say.key_without_value(key))


_FOUND: dict[type, str] = {
    Sequence: "a list",
    Mapping: "a group of keys",
    type(None): "empty",
    str: "empty",
    bool: "`true` or `false`",
}


def _no_key(key: Node, notes: Notes) -> Diagnostic:
    start = key.span.start
    if isinstance(key, Mapping) and notes.source.text[start] == "{":
        return slips.brace_starts_value(notes.span(start, start + 1))
    kind = type(key.value) if isinstance(key, Scalar) else type(key)
    return say.key_not_text(key.span, _FOUND.get(kind, "a number"))
