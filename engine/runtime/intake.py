"""Letting events in: each once, in order, and none from before what has been judged.

Under a `lateness`, an event waits until later ones show that none can come before it any more. What
becomes of an event is settled when its turn comes, so that it does not depend on which of two
arrived first.
"""

from __future__ import annotations

import heapq
from collections.abc import Iterator, Sequence
from hashlib import blake2b
from typing import Final

import msgspec

from ..language.program import Program
from .event_types import Event
from .events import Decoder, content_digest
from .model import ShopState
from .rejections import Rejection

DUPLICATE = "duplicate"
_HEARD: Final = 32
"""The bytes of the digest of all that has come."""
_MOST_REGIONS = 20
"""So many regions of the policy a message names."""


class Intake:
    """The events of one shop on their way in."""

    def __init__(self, program: Program, state: ShopState, decoder: Decoder) -> None:
        """Work on a shop's state; events that have waited in a snapshot are read by `decoder`."""
        self._program = program
        self._state = state
        self._decoder = decoder
        self._latest: tuple[Event | None, bytes] = None, b""

    def hear(self, event: Event) -> None:
        """Take note of an event that comes, whatever becomes of it."""
        memory, content = self._state.memory, content_digest(event)
        recorded = b"" if event.recorded_at is None else str(event.recorded_at).encode()
        memory.heard = blake2b(memory.heard + content + recorded, digest_size=_HEARD).digest()
        self._latest = event, content

    def refusal(self, event: Event, now: int) -> Rejection | None:
        """Why an event cannot come in now: known already, of no region here, or late."""
        seen = self._seen(event)
        if seen is not None:
            return seen
        regions = self._program.regions
        if regions and event.region is not None and event.region not in regions:
            message = _no_such_region(event.region, regions)
            return Rejection("unknown-region", "region", message, event.event_id)
        state = self._state
        after_last = state.last is None or (now, event.sequence, event.event_id) > state.last
        if after_last and now >= state.facts.clock:
            return None
        message = "events of the shop from later on have been judged already"
        return Rejection("late", "occurred_at", message, event.event_id)

    def _seen(self, event: Event) -> Rejection | None:
        memory = self._state.memory
        known = memory.now.get(event.event_id) or memory.before.get(event.event_id)
        if known is None:
            return None
        if known == content_digest(event):
            return Rejection(DUPLICATE, "event_id", "the event has come before", event.event_id)
        message = "an event of this id has said something else"
        return Rejection("conflict", "event_id", message, event.event_id)

    def wait(self, event: Event, now: int) -> int:
        """Let an event wait for those before it; gives the instant up to which none can come."""
        state = self._state
        line = msgspec.json.encode(event)
        heapq.heappush(state.waiting, (now, event.sequence, event.event_id, line))
        state.newest = max(state.newest, now)
        return state.newest - self._program.lateness

    def ready(self, before: int) -> Iterator[tuple[int, Event]]:
        """The waiting events from before an instant, in order, each with its time."""
        waiting = self._state.waiting
        while waiting and waiting[0][0] < before:
            now, _, _, line = heapq.heappop(waiting)
            event = self._decoder.decode(line)
            assert isinstance(event, Event)  # noqa: S101  # it was one when it began to wait
            yield now, event

    def take(self, event: Event, now: int) -> None:
        """Remember an event whose turn has come."""
        memory, state = self._state.memory, self._state
        if now - memory.started_at > self._program.retention:
            memory.before, memory.now, memory.started_at = memory.now, {}, now
        heard, content = self._latest
        memory.now[event.event_id] = content if heard is event else content_digest(event)
        state.last = (now, event.sequence, event.event_id)


def _no_such_region(region: str, known: Sequence[str]) -> str:
    names = ", ".join(known[:_MOST_REGIONS]) + ", …" * (len(known) > _MOST_REGIONS)
    return f"the policy has no region `{region}`; it has {names}"
