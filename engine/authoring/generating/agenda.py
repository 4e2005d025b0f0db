"""The agenda: many stories told at once, their events in the order of time.

A story is a generator that yields the time up to which it waits. Between waits it tells events,
which happen at the time it woke. Only stories that wait are in memory.
"""

from __future__ import annotations

import heapq
from collections.abc import Iterator, Mapping
from typing import Any, Protocol

from ...runtime.events import Event
from .regions import Region

Story = Iterator[int]
"""Yields times in seconds; a time that has passed means at once."""


class Teller(Protocol):
    """The shop that events are about."""

    @property
    def id(self) -> str:
        """Its key."""

    @property
    def region(self) -> Region:
        """Where it is."""


class Agenda:
    """What happens next, for all stories."""

    def __init__(self, classes: Mapping[str, type[Event]]) -> None:
        """Make events of the given classes, by the names of their types."""
        self.now = 0
        self._classes = classes
        self._waiting: list[tuple[int, int, Story]] = []
        self._told: list[Event] = []
        self._begun = 0
        self._number = 0
        self._last = -1
        self._sequence = 0

    @property
    def waiting(self) -> int:
        """How many stories have not ended: what there is in memory."""
        return len(self._waiting)

    def begin(self, story: Story) -> None:
        """Let a story run up to its first wait, and go on from there in its time."""
        until = next(story, None)
        if until is not None:
            self._begun += 1
            heapq.heappush(self._waiting, (max(until, self.now), self._begun, story))

    def tell(self, type_: str, shop: Teller, **fields: Any) -> str:
        """Let an event happen now; gives its id.

        Events of one second bear a `sequence`, in the order in which they were told.
        """
        now = self.now
        self._sequence = self._sequence + 1 if now == self._last else 0
        self._last = now
        self._number += 1
        region = shop.region
        event_id = f"e{self._number:010d}"
        event = self._classes[type_](
            event_id=event_id,
            occurred_at=region.clock.moment(now),
            shop_id=shop.id,
            region=region.code,
            sequence=self._sequence,
            **fields,
        )
        self._told.append(event)
        return event_id

    def events(self) -> Iterator[Event]:
        """Everything that happens, until no story is left."""
        waiting = self._waiting
        while waiting:
            self.now, number, story = waiting[0]
            until = next(story, None)
            # What the story has begun meanwhile stands behind it: not earlier, and begun later.
            if until is None:
                heapq.heappop(waiting)
            else:
                heapq.heapreplace(waiting, (max(until, self.now), number, story))
            if self._told:
                told, self._told = self._told, []
                yield from told
