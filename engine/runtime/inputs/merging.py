"""Several inputs as one, in the order of events."""

from __future__ import annotations

import heapq
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from operator import itemgetter

from ..event_types import SMALLEST_INTEGER
from ..events import Event
from .received import Received

Key = tuple[datetime, int, str]

_FIRST: Key = (datetime.min.replace(tzinfo=UTC), SMALLEST_INTEGER, "")


def order_of(event: Event) -> Key:
    """What events are ordered by: when they happened, their sequence, their id."""
    return event.occurred_at, event.sequence, event.event_id


def merge_in_order(streams: Iterable[Iterable[Received]]) -> Iterator[Received]:
    """What several inputs hold, by `(occurred_at, sequence, event_id)`.

    Each input has to be in that order; one that is not comes out as it is, between the others.
    Equal events come in the order of the inputs. Rejections, which have no time, come as soon as
    they are read. One event of each input is held in memory.
    """
    keyed = [_keyed(stream) for stream in streams]
    for _key, received in heapq.merge(*keyed, key=itemgetter(0)):
        yield received


def _keyed(stream: Iterable[Received]) -> Iterator[tuple[Key, Received]]:
    """Everything with its key; that of a rejection is the one of the event before it."""
    key = _FIRST
    for received in stream:
        if received.event is not None:
            key = order_of(received.event)
        yield key, received
