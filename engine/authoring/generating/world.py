"""What the stories share: chance, the agenda, the market, and running numbers."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal

from .agenda import Agenda
from .chance import Chance
from .regions import Region
from .settings import Settings
from .shops import Market


@dataclass(slots=True)
class World:
    """One stream in the making; `buyers` are how many people there are in each region."""

    settings: Settings
    chance: Chance
    agenda: Agenda
    market: Market
    buyers: Mapping[str, int]
    _numbers: Counter[str] = field(default_factory=Counter)

    def new_id(self, letter: str) -> str:
        """A key that no other thing has, such as `r00000012`."""
        self._numbers[letter] += 1
        return f"{letter}{self._numbers[letter]:08d}"


def money(region: Region, amount: int) -> Decimal:
    """An amount in the smallest unit, as the region writes it."""
    return Decimal(amount).scaleb(-region.cents)
