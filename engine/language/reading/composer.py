"""From a parser's events to nodes, without recursion, refusing what policies do without.

Whatever is wrong goes into the notes, and composing goes on as well as it can, so that one run
finds all of it.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import yaml

from ..document import Node, Scalar
from ..messages import reading as say
from .frames import OpenMapping, OpenSequence
from .limits import DEEPEST, MOST_VALUES
from .notes import Notes
from .values import Written, block, plain, quoted, untagged

_PROPERTY = re.compile(r"(?P<tag>!\S*)|&[^\s,\[\]{}]*")
_SPACE = re.compile(r"(?:\s++|#[^\r\n]*+)*+")
_DIRECTIVE = re.compile(r"^%[^\r\n]*", re.MULTILINE)
_DOCUMENT_MARKER = "---"
_WHITE = frozenset(" \t\r\n")
_BRACKETS = frozenset("[{")
_BLOCK_STYLES = frozenset("|>")


class TooMuchError(Exception):
    """The file is nested too deep or has too many values; the notes say so."""


class Composer:
    """Takes the events of one parse, in order.

    `root` is the tree of the first document as soon as that is complete; `since` is where in the
    source the last event began.
    """

    def __init__(self, notes: Notes, offset: int = 0) -> None:
        """Compose a text that starts at character `offset` of the source."""
        self.root: Node | None = None
        self.since = offset
        self._notes = notes
        self._text = notes.source.text
        self._offset = offset
        self._open: list[OpenSequence | OpenMapping] = []
        self._documents = 0
        self._values = 0
        self._handlers: dict[type, Callable[[Any, int, int], None]] = {
            yaml.DocumentStartEvent: self._document,
            yaml.AliasEvent: self._alias,
            yaml.ScalarEvent: self._scalar,
            yaml.SequenceStartEvent: self._sequence,
            yaml.SequenceEndEvent: self._close,
            yaml.MappingStartEvent: self._mapping,
            yaml.MappingEndEvent: self._close,
        }

    def take(self, event: Any) -> None:
        """Go on by one event.

        Raises:
            TooMuchError: the file is nested too deep or has too many values.
        """
        handler = self._handlers.get(type(event))
        if handler is not None:
            self.since = event.start_mark.index + self._offset
            handler(event, self.since, event.end_mark.index + self._offset)

    @property
    def bracket(self) -> int | None:
        """The place of the innermost bracket that is open, if there is one."""
        starts = (frame.start for frame in reversed(self._open) if frame.flow)
        return next((start for start in starts if self._text[start] in _BRACKETS), None)

    def _document(self, _event: yaml.DocumentStartEvent, start: int, end: int) -> None:
        marker = end - len(_DOCUMENT_MARKER) if end > start else end
        for match in _DIRECTIVE.finditer(self._text[start:marker]):
            self._notes.add(
                say.directive(self._notes.span(start + match.start(), start + match.end()))
            )
        self._documents += 1
        if self._documents > 1:
            self._notes.add(say.several_documents(self._notes.span(marker, end)))

    def _alias(self, _event: yaml.AliasEvent, start: int, end: int) -> None:
        self._notes.refuse(say.alias(self._notes.span(start, end)))
        self._put(untagged(Written(self._text[start:end], start, end), self._notes))

    def _scalar(self, event: yaml.ScalarEvent, start: int, end: int) -> None:
        if event.tag is not None or event.anchor is not None:
            start = min(self._properties(start), end)
        if not event.value and not event.style:
            start = end = self._end_of_text(end)
        written = Written(event.value, start, end, event.style or "")
        self._put(self._node(written, is_tagged=event.tag is not None))

    def _node(self, written: Written, *, is_tagged: bool) -> Scalar:
        inner = self._open[-1] if self._open else None
        if written.style in _BLOCK_STYLES:
            return block(written, -1 if inner is None else inner.column, self._notes)
        if written.style:
            return quoted(written, self._notes)
        if is_tagged:
            return untagged(written, self._notes)
        in_list = isinstance(inner, OpenSequence) and not inner.flow
        return plain(written, self._notes, in_list=in_list)

    def _sequence(self, event: Any, start: int, _end: int) -> None:
        self._start(OpenSequence, event, start)

    def _mapping(self, event: Any, start: int, _end: int) -> None:
        self._start(OpenMapping, event, start)

    def _start(self, kind: type[OpenSequence | OpenMapping], event: Any, start: int) -> None:
        if event.tag is not None or event.anchor is not None:
            start = self._properties(start)
        if len(self._open) >= DEEPEST:
            self._notes.refuse(say.nested_too_deep(self._notes.span(start, start + 1), DEEPEST))
            raise TooMuchError
        self._open.append(kind(start, event.start_mark.column, flow=bool(event.flow_style)))

    def _close(self, _event: yaml.CollectionEndEvent, _start: int, end: int) -> None:
        self._put(self._open.pop().close(self._notes, end))

    def _put(self, node: Node) -> None:
        self._values += 1
        if self._values > MOST_VALUES:
            self._notes.refuse(say.too_many_values(node.span, MOST_VALUES))
            raise TooMuchError
        if self._open:
            self._open[-1].put(node, self._notes)
        elif self._documents == 1:
            self.root = node

    def _end_of_text(self, at: int) -> int:
        """The place of a missing value: right behind its colon, which the parsers differ about."""
        while at > 0 and self._text[at - 1] in _WHITE:
            at -= 1
        return at

    def _properties(self, start: int) -> int:
        """Refuse the tags and anchors before a value; the answer is where the value starts."""
        at = start
        while match := _PROPERTY.match(self._text, at):
            message = say.tag if match["tag"] else say.anchor
            self._notes.add(message(self._notes.span(*match.span())))
            space = _SPACE.match(self._text, match.end())
            at = space.end() if space else match.end()
        return at
