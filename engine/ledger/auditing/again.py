"""Whether the decisions of a shop follow from its events: these are evaluated once more.

What else they come to then can be held against what the ledger keeps of the shop.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass
from itertools import zip_longest
from typing import Any

import msgspec

from ...records.decision import Decision
from ...runtime.evaluator import Quarantined
from ...runtime.event_types import Event
from ..checkpoint import TakenOver
from ..reading import KeptShop, LedgerReader
from .anchored import Start
from .fed import Fed, Unsound
from .findings import Finding
from .sitting import Sitting
from .tallies import Tally


@dataclass(frozen=True, slots=True)
class Again:
    """Evaluates the events of shops, one shop after the other."""

    reader: LedgerReader
    on_event: Callable[[], None]

    def first_difference(
        self, sitting: Sitting, kept: KeptShop, start: Start, newest: int, turned_away: Tally
    ) -> Finding | None:
        """The first decision of a shop that differs from those that its events bring.

        Args:
            sitting: Judges the events; its evaluator knows the shop afterwards.
            kept: The shop.
            start: Where that begins.
            newest: The latest instant that the shop has heard of.
            turned_away: Is told of the events that are not applied.
        """
        fed = Fed(kept, sitting.decoder, newest, start)
        if start.stood is not None:
            sitting.evaluator.load(start.state)
        with closing(self.reader.entries(kept.shop)) as all_, self._events(kept.shop) as events:
            rows = (row for row in all_ if row.sequence > start.entries)
            again = self._decisions(sitting, fed, events, turned_away)
            found = (_difference(kept.shop, *pair) for pair in zip_longest(rows, again))
            try:
                return next((one for one in found if one is not None), None) or fed.miscounted()
            except Unsound as unsound:
                return unsound.finding

    def _events(self, shop: str) -> closing[Any]:
        return closing(self.reader.events(shop))

    def _decisions(
        self, sitting: Sitting, fed: Fed, rows: Iterator[Any], turned_away: Tally
    ) -> Iterator[Decision]:
        """The decisions that the events of a shop bring."""
        for one in fed.read(rows):
            self.on_event()
            evaluator = sitting.evaluator
            if isinstance(one, TakenOver):
                sitting.take_over(one)
                fed.decoder = sitting.decoder
            elif isinstance(one, Event):
                yield from evaluator.feed(one)
            else:
                yield from evaluator.advance_shop(fed.kept.shop, one)
            for found in evaluator.quarantined:
                turned_away.add(said_aside(found))
            evaluator.quarantined.clear()


def said_aside(found: Quarantined) -> tuple[str | None, ...]:
    """What the quarantine has to say of an event that was not applied."""
    why, raw = found.rejection, msgspec.json.encode(found.event).decode()
    return (why.reason, why.field, why.message, why.event_id, raw)


def _difference(shop: str, row: Any, decision: Decision | None) -> Finding | None:
    if decision is None:
        what = "it does not follow from the events"
    elif row is None:
        return Finding(shop, decision.sequence, decision.decision_id, "the entry is missing")
    elif decision.integrity.hash != row.hash:
        what = "evaluated once more, it comes out differently"
    else:
        return None
    return Finding(shop, row.sequence, row.decision_id, what)
