"""When things were put on the marketplace, as the events of a ledger tell it."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from contextlib import closing
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final

import msgspec

from ...ledger.reading import LedgerReader
from ...records.decision import Decision


class _Event(msgspec.Struct):
    """What is read of an event."""

    type: str
    occurred_at: str
    review_id: str | None = None
    reply_id: str | None = None
    product_id: str | None = None
    opened_at: str | None = None
    listed_at: str | None = None


_DECODER: Final = msgspec.json.Decoder(_Event)
_Told = tuple[str, str | None, str]
_TOLD: Final[dict[str, Callable[[_Event], _Told]]] = {
    "review.posted": lambda one: ("review", one.review_id, one.occurred_at),
    "reply.submitted": lambda one: ("reply", one.reply_id, one.occurred_at),
    "product.listed": lambda one: ("product", one.product_id, one.listed_at or one.occurred_at),
    "shop.opened": lambda one: ("shop", "", one.opened_at or one.occurred_at),
}
"""Events with which something begins: what, which, and when."""


@dataclass(slots=True)
class Posted:
    """Days on which things were posted, of one shop at a time.

    Its events are read once, as soon as anything is asked about it.
    """

    reader: LedgerReader
    _shop: str | None = None
    _known: dict[tuple[str, str | None], str] = field(default_factory=dict)

    def day(self, decision: Decision, scope: str) -> str | None:
        """The day of what a decision falls on, by the shop's clocks at the time of the decision."""
        shop = decision.subject.shop
        if shop != self._shop:
            with closing(self.reader.events(shop)) as rows:
                self._known = _begun(row.body for row in rows if row.event_id)
            self._shop = shop
        key = ("shop", "") if scope in {"shop", "fund"} else (scope, _key(decision, scope))
        time = self._known.get(key)
        return None if time is None else _day(time, decision.time.event_time)


def _key(decision: Decision, scope: str) -> str | None:
    if decision.outcome.actions:
        return decision.outcome.actions[0].target
    found: str | None = getattr(decision.subject, scope, None)
    return decision.subject.id if decision.subject.kind == scope else found


def _begun(bodies: Iterable[str]) -> dict[tuple[str, str | None], str]:
    found: dict[tuple[str, str | None], str] = {}
    for body in bodies:
        try:
            event = _DECODER.decode(body)
        except msgspec.MsgspecError:
            continue  # `revlex verify` finds it; here nothing can be told from it
        if event.type in _TOLD:
            kind, key, time = _TOLD[event.type](event)
            found.setdefault((kind, key), time)
    return found


def _day(time: str, clock: str) -> str | None:
    """The day of an instant where clocks are as they are at another time."""
    try:
        zone: Any = datetime.fromisoformat(clock).tzinfo
        return datetime.fromisoformat(time).astimezone(zone).date().isoformat()
    except (ValueError, OverflowError):
        return None
