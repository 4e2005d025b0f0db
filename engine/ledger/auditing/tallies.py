"""Telling whether two piles hold the same things, whatever their order, without keeping them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from hashlib import sha256
from typing import Final

_MODULUS: Final = 1 << 256


@dataclass(slots=True)
class Tally:
    """How many things there are, and the sum of their digests."""

    count: int = 0
    total: int = 0

    def joined(self, other: Tally) -> Tally:
        """The two piles as one."""
        return Tally(self.count + other.count, (self.total + other.total) % _MODULUS)

    def add(self, parts: Iterable[str | None]) -> None:
        """Count a thing that consists of some texts."""
        hashed = sha256()
        for part in parts:
            data = b"-" if part is None else b"+" + part.encode("utf-8", "surrogatepass")
            hashed.update(len(data).to_bytes(8, "big") + data)
        self.count += 1
        self.total = (self.total + int.from_bytes(hashed.digest(), "big")) % _MODULUS
