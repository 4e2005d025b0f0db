"""What goes wrong between a marketplace and a file: events sent twice, and lines that are none."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Final

import msgspec

from ...runtime.events import Event
from .chance import Chance

_NO_OFFSET: Final = re.compile(rb'("occurred_at":"[^"]{19})[^"]*')
_EVENT_ID: Final = re.compile(rb'"event_id":"[^"]*"')


def with_duplicates(events: Iterator[Event], per_mille: int, chance: Chance) -> Iterator[Event]:
    """The same events, some of them delivered a second time right after.

    What is delivered again says when that was, as `recorded_at`.
    """
    for event in events:
        yield event
        if chance.happens(per_mille):
            again = event.occurred_at + timedelta(seconds=chance.between(2, 600))
            yield msgspec.structs.replace(event, recorded_at=again)


def with_bad_lines(lines: Iterator[bytes], per_mille: int, chance: Chance) -> Iterator[bytes]:
    """The same lines, some of them followed by a spoiled copy that is no event."""
    for line in lines:
        yield line
        if chance.happens(per_mille):
            yield chance.pick(SPOILERS)(line)


def _cut_off(line: bytes) -> bytes:
    return line[: len(line) * 2 // 3]


def _in_a_list(line: bytes) -> bytes:
    return b"[" + line + b"]"


def _not_utf_8(line: bytes) -> bytes:
    return line.replace(b'"shop_id":"', b'"shop_id":"\xff', 1)


def _of_no_known_type(line: bytes) -> bytes:
    return line.replace(b'"type":"', b'"type":"old.', 1)


def _without_shop(line: bytes) -> bytes:
    return line.replace(b'"shop_id":', b'"source":', 1)


def _without_offset(line: bytes) -> bytes:
    return _NO_OFFSET.sub(rb"\1", line, count=1)


def _with_a_number_for_its_id(line: bytes) -> bytes:
    return _EVENT_ID.sub(b'"event_id":17', line, count=1)


def _with_an_empty_id(line: bytes) -> bytes:
    return _EVENT_ID.sub(b'"event_id":""', line, count=1)


def _with_a_field_too_many(line: bytes) -> bytes:
    return line[:-1] + b',"row_number":17}'


SPOILERS: Final[tuple[Callable[[bytes], bytes], ...]] = (
    _cut_off,
    _in_a_list,
    _not_utf_8,
    _of_no_known_type,
    _without_shop,
    _without_offset,
    _with_a_number_for_its_id,
    _with_an_empty_id,
    _with_a_field_too_many,
)
"""Ways to make something that is refused of an event's line."""
