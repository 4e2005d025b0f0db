"""Whether the decisions of a shop follow from its events: these are evaluated once more.

What else they come to then can be held against what the ledger keeps of the shop.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass, field
from itertools import zip_longest
from typing import Any

import msgspec

from ...language.program import Program
from ...records.decision import Decision
from ...runtime.evaluator import Evaluator, Quarantined
from ...runtime.event_types import Event
from ...runtime.events import Decoder
from ..reading import KeptShop, LedgerReader
from .anchored import Start
from .fed import Fed, Unsound
from .findings import Finding
from .tallies import Tally


@dataclass(slots=True)
class Again:
    """Evaluates the events of shops under one program, one shop after the other."""

    reader: LedgerReader
    program: Program
    on_event: Callable[[], None]
    _evaluators: dict[str, Evaluator] = field(default_factory=dict)

    def evaluator(self, region: str) -> Evaluator:
        """An evaluator that knows no shops; `region` is that of shops whose events name none."""
        found = self._evaluators.get(region)
        if found is None:
            found = self._evaluators[region] = Evaluator(
                self.program, region=region, key=self.reader.key
            )
        found.make_room(0)
        found.quarantined.clear()
        return found

    def first_difference(
        self, evaluator: Evaluator, kept: KeptShop, start: Start, newest: int, turned_away: Tally
    ) -> Finding | None:
        """The first decision of a shop that differs from those that its events bring.

        Args:
            evaluator: Evaluates the events, and knows the shop afterwards.
            kept: The shop.
            start: Where that begins.
            newest: The latest instant that the shop has heard of.
            turned_away: Is told of the events that are not applied.
        """
        fed = Fed(kept, Decoder(self.program.catalog), newest, start)
        if start.stood is not None:
            evaluator.load(start.state)
        with closing(self.reader.entries(kept.shop)) as all_, self._events(kept.shop) as events:
            rows = (row for row in all_ if row.sequence > start.entries)
            again = self._decisions(evaluator, kept.shop, fed.read(events), turned_away)
            found = (_difference(kept.shop, *pair) for pair in zip_longest(rows, again))
            try:
                return next((one for one in found if one is not None), None) or fed.miscounted()
            except Unsound as unsound:
                return unsound.finding

    def _events(self, shop: str) -> closing[Any]:
        return closing(self.reader.events(shop))

    def _decisions(
        self, evaluator: Evaluator, shop: str, fed: Iterator[int | Event], turned_away: Tally
    ) -> Iterator[Decision]:
        """The decisions that the events of a shop bring."""
        for one in fed:
            self.on_event()
            if isinstance(one, Event):
                yield from evaluator.feed(one)
            else:
                yield from evaluator.advance_shop(shop, one)
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
