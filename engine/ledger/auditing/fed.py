"""Whether the events of a shop stand as they were fed: one behind the other, and well written.

What an event says cannot be told from its row alone; that shows when it is evaluated once more.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import msgspec

from ...language.problems import Problem
from ...runtime.event_types import Event
from ...runtime.events import Decoder, encode_event
from ...runtime.instants import from_datetime
from ..checkpoint import PASSING, TakenOver
from ..privacy.anchors import Pile
from ..reading import KeptShop
from .anchored import Start
from .findings import Finding


class Unsound(Problem):
    """An event that cannot have been fed so; `finding` says which and why."""

    def __init__(self, shop: str, what: str) -> None:
        """Keep what is wrong with the events of a shop."""
        super().__init__(what)
        self.finding = Finding(shop, None, None, what)


@dataclass(slots=True)
class Fed:
    """The events of one shop from a start on, of which none is from after `newest`."""

    kept: KeptShop
    decoder: Decoder
    newest: int
    start: Start
    _read: int = 0
    _before: Pile = field(default_factory=Pile)

    def read(self, rows: Iterator[Any]) -> Iterator[int | Event | TakenOver]:
        """The events in order; an instant where time was let pass up to it.

        Raises:
            Unsound: A row does not stand where or as it was written.
        """
        self._read = self.start.dropped
        for row in rows:
            self._read += 1
            event = self._event(row, self._read)
            if isinstance(event, str):
                raise Unsound(self.kept.shop, f"event {row.number}: {event}")
            if row.number <= self.start.events:
                self._before.add(row.body)
                continue
            self._check_before()
            yield event
        self._check_before()

    def _check_before(self) -> None:
        """Make sure, once, that what is not evaluated any more is what it was."""
        stood = self.start.stood
        if stood is not None and self._before.digest != stood.heard:
            what = "the events from before texts were taken out are not what they were"
            raise Unsound(self.kept.shop, what)

    def miscounted(self) -> Finding | None:
        """Whether there were as many events as the shop says, once all were read."""
        if self._read == self.kept.events:
            return None
        what = f"it has had {self.kept.events:,} events, and {self._read:,} are there"
        return Finding(self.kept.shop, None, None, what)

    def _event(self, row: Any, number: int) -> int | Event | TakenOver | str:
        """What a row says, or what is wrong with it."""
        if row.number != number:
            return f"event {number} is missing"
        if row.at > self.newest:
            return "it is from after all that the shop has heard of"
        if not row.event_id:
            return no_event(row)
        event = self.decoder.decode(row.body.encode("utf-8", "surrogatepass"))
        if not isinstance(event, Event) or encode_event(event).decode() != row.body:
            return "it is no event"
        said = (event.shop_id, event.event_id, from_datetime(event.occurred_at))
        if said != (row.shop, row.event_id, row.at):
            return "its columns do not say what it says"
        return event


def no_event(row: Any) -> int | TakenOver | str:
    """What is kept where time passed, or another policy took over."""
    if row.body == PASSING.decode():
        return int(row.at)
    try:
        found = msgspec.json.decode(row.body, type=TakenOver)
    except msgspec.MsgspecError:
        return "it is no event"
    return found if msgspec.json.encode(found).decode() == row.body else "it is no event"
