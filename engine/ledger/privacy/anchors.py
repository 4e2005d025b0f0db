"""Anchors: how a shop stood after texts or events of its were taken out.

An anchor holds the state of the shop and what all that came before came to: what follows can be
evaluated once more from there, and what came before cannot be changed without being noticed.
"""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import msgspec


class Stood(msgspec.Struct, frozen=True, kw_only=True):
    """What had been written of a shop.

    Attributes:
        events: The number of the last event.
        dropped: So many events were dropped, the first ones.
        entries: The number of the last entry.
        heard: A digest of the events that are there.
        appeals: How many versions of appeals are there.
        told: A digest of these.
        aside: How many of its events are in the quarantine.
        why: The sum of the digests of these, as a number in decimals.
    """

    events: int
    dropped: int
    entries: int
    heard: str
    appeals: int
    told: str
    aside: int
    why: str


@dataclass(frozen=True, slots=True)
class Anchor:
    """An anchor as it is kept: its shop, the erasure that made it, and the state."""

    shop: str
    erasure: int
    stood: Stood
    state: bytes

    def hash(self, key: bytes) -> str:
        """The hash of all that it says."""
        said = (self.shop, self.erasure, msgspec.json.encode(self.stood), self.state)
        return hmac.digest(key, msgspec.msgpack.encode(said), hashlib.sha256).hex()


def anchor_of(row: Any) -> Anchor:
    """The anchor that a row holds.

    Raises:
        msgspec.MsgspecError: It holds none.
    """
    stood = msgspec.json.decode(row.body, type=Stood, strict=True)
    return Anchor(row.shop, row.erasure, stood, row.state)


class Pile:
    """Texts in order: how many there are, and a digest of them."""

    def __init__(self, texts: Iterable[str] = ()) -> None:
        """Begin with some."""
        self.count = 0
        self._hashed = hashlib.sha256()
        for text in texts:
            self.add(text)

    def add(self, text: str) -> None:
        """Put one more at the end."""
        data = text.encode("utf-8", "surrogatepass")
        self._hashed.update(len(data).to_bytes(8, "big") + data)
        self.count += 1

    @property
    def digest(self) -> str:
        """The digest of all."""
        return self._hashed.hexdigest()
