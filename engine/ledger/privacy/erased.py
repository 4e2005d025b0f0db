"""What an erasure or a retention took out of a ledger, and the record of it that stays."""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Literal

import msgspec

Kind = Literal["buyer", "retention"]


class Erased(msgspec.Struct, kw_only=True):
    """How much was taken out, and of what.

    Attributes:
        kind: The texts and the name of one buyer, or what was kept long enough.
        at: When, as RFC 3339 text.
        buyer: Whose, as the ledger names them; empty for a retention.
        texts: Texts from before this were withheld, as RFC 3339 text; so for `events` and `aside`.
        shops: In so many shops something changed.
        from_events: Texts were taken out of so many events.
        from_decisions: And of so many decisions.
        from_appeals: And of so many versions of appeals.
        from_states: And of the states of so many shops.
        from_aside: And of so many records in the quarantine.
        dropped_events: So many events were dropped.
        dropped_aside: So many records of the quarantine were dropped, by input.
        dropped_others: So many of these were no events.
        marked: A digest of the list of those decisions.
    """

    kind: Kind
    at: str
    buyer: str = ""
    texts: str | None = None
    events: str | None = None
    aside: str | None = None
    shops: int = 0
    from_events: int = 0
    from_decisions: int = 0
    from_appeals: int = 0
    from_states: int = 0
    from_aside: int = 0
    dropped_events: int = 0
    dropped_aside: dict[str, int] = {}
    dropped_others: int = 0
    marked: str = ""

    @property
    def is_nothing(self) -> bool:
        """Whether nothing was there to be taken out."""
        return not (self.shops or self.from_aside or any(self.dropped_aside.values()))


def body_of(erased: Erased) -> str:
    """The record of an erasure, as JSON."""
    return msgspec.json.encode(erased, order="sorted").decode()


@dataclass(frozen=True, slots=True)
class Noted:
    """A row of the erasures but for its hash."""

    number: int
    kind: str
    at: int
    body: str


def marks_of(entries: Iterable[tuple[str, int]]) -> Iterator[str]:
    """Entries, each a shop and a sequence, as texts in a fixed order."""
    return (f"{sequence} {shop}" for shop, sequence in sorted(entries))


def chained(previous: str, row: Noted, key: bytes) -> str:
    """The hash of a row of the erasures, given that of the one before it."""
    said = msgspec.msgpack.encode((previous, row.number, row.kind, row.at, row.body))
    return hmac.digest(key, said, hashlib.sha256).hex()
