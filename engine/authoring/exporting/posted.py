"""What the events of a ledger tell of things: when they were posted, and what they are made of."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from contextlib import closing
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final

import msgspec

from ...ledger.reading import LedgerReader
from ...records.decision import Decision
from ...records.projections.dsa.settings import Block


class _Event(msgspec.Struct):
    """What is read of an event."""

    type: str
    occurred_at: str
    review_id: str | None = None
    reply_id: str | None = None
    product_id: str | None = None
    opened_at: str | None = None
    listed_at: str | None = None
    text: str | None = None
    images: int = 0
    videos: int = 0


@dataclass(frozen=True, slots=True)
class _Thing:
    """When something was put on the marketplace, and what it is made of where that differs."""

    time: str
    content: tuple[str, ...] = ()


_Key = tuple[str, str | None]
_DECODER: Final = msgspec.json.Decoder(_Event)
_BEGINNINGS: Final[dict[str, Callable[[_Event], tuple[_Key, _Thing]]]] = {
    "review.posted": lambda one: (
        ("review", one.review_id),
        _Thing(one.occurred_at, _made_of(one)),
    ),
    "reply.submitted": lambda one: (("reply", one.reply_id), _Thing(one.occurred_at)),
    "product.listed": lambda one: (
        ("product", one.product_id),
        _Thing(one.listed_at or one.occurred_at),
    ),
    "shop.opened": lambda one: (("shop", ""), _Thing(one.opened_at or one.occurred_at)),
}
"""Events with which something begins."""


def _made_of(review: _Event) -> tuple[str, ...]:
    pictures = ("CONTENT_TYPE_IMAGE",) if review.images else ()
    films = ("CONTENT_TYPE_VIDEO",) if review.videos else ()
    words = ("CONTENT_TYPE_TEXT",) if (review.text or "").strip() or not (pictures or films) else ()
    return (*pictures, *words, *films)


@dataclass(slots=True)
class Posted:
    """The things of one shop at a time; its events are read as soon as anything is asked."""

    reader: LedgerReader
    _shop: str | None = None
    _known: dict[_Key, _Thing] = field(default_factory=dict)

    def about(self, decision: Decision, scope: str) -> Block:
        """What is known of the thing that a decision falls on, as fields of a statement.

        Its day is that of the shop's clocks at the time of the decision.
        """
        shop = decision.subject.shop
        if shop != self._shop:
            with closing(self.reader.events(shop)) as rows:
                self._known = _begun(row.body for row in rows if row.event_id)
            self._shop = shop
        key = ("shop", "") if scope in {"shop", "fund"} else (scope, _key(decision, scope))
        thing = self._known.get(key)
        return {} if thing is None else _fields(thing, decision)


def _key(decision: Decision, scope: str) -> str | None:
    if decision.outcome.actions:
        return decision.outcome.actions[0].target
    found: str | None = getattr(decision.subject, scope, None)
    return decision.subject.id if decision.subject.kind == scope else found


def _begun(bodies: Iterable[str]) -> dict[_Key, _Thing]:
    found: dict[_Key, _Thing] = {}
    for body in bodies:
        try:
            event = _DECODER.decode(body)
        except msgspec.MsgspecError:
            continue  # `revlex verify` finds it; here nothing can be told from it
        if event.type in _BEGINNINGS:
            key, thing = _BEGINNINGS[event.type](event)
            found.setdefault(key, thing)
    return found


def _fields(thing: _Thing, decision: Decision) -> Block:
    day = _day(thing.time, decision.time.event_time)
    content = {"content_type": list(thing.content)} if thing.content else {}
    return content if day is None else {"content_date": day, **content}


def _day(time: str, clock: str) -> str | None:
    """The day of an instant where clocks are as they are at another time."""
    try:
        zone: Any = datetime.fromisoformat(clock).tzinfo
        return datetime.fromisoformat(time).astimezone(zone).date().isoformat()
    except (ValueError, OverflowError):
        return None
