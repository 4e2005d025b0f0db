"""Whether the decisions of a shop follow from its events: these are evaluated once more."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from itertools import zip_longest
from typing import Any

from ...language.program import Program
from ...records.decision import Decision, encode
from ...runtime.evaluator import Evaluator
from ...runtime.event_types import Event
from ...runtime.events import Decoder
from ..reading import KeptShop, LedgerReader
from .findings import Finding


def first_difference(reader: LedgerReader, program: Program, kept: KeptShop) -> Finding | None:
    """The first decision of a shop that differs from those that its events bring once more."""
    with closing(reader.entries(kept.shop)) as rows, closing(reader.events(kept.shop)) as events:
        pairs = zip_longest(rows, _fed(events, program, kept))
        found = (_difference(kept.shop, row, decision) for row, decision in pairs)
        return next((one for one in found if one is not None), None)


def _difference(shop: str, row: Any, decision: Decision | None) -> Finding | None:
    if decision is None:
        what = "it does not follow from the events"
    elif row is None:
        return Finding(shop, decision.sequence, decision.decision_id, "the entry is missing")
    elif encode(decision).decode() != row.body:
        what = "evaluated once more, it comes out differently"
    else:
        return None
    return Finding(shop, row.sequence, row.decision_id, what)


def _fed(rows: Iterator[Any], program: Program, kept: KeptShop) -> Iterator[Decision]:
    """The decisions that the events of a shop bring."""
    evaluator, decoder = Evaluator(program, region=kept.region), Decoder(program.catalog)
    for row in rows:
        if not row.event_id:
            yield from evaluator.advance_shop(kept.shop, row.at)
            continue
        event = decoder.decode(row.body.encode())
        if isinstance(event, Event):
            yield from evaluator.feed(event)
        evaluator.quarantined.clear()
