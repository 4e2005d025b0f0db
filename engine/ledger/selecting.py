"""What of a ledger is asked for by shop, rule, kind and time, without reading the rest."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Select, select

from .tables import appeals, entries


@dataclass(frozen=True, slots=True)
class Selection:
    """Some of the decisions of a ledger; an empty collection does not narrow.

    `since` and `before` are in microseconds since 1970, the second not included.
    """

    rules: Collection[str] = ()
    kinds: Collection[str] = ()
    since: int | None = None
    before: int | None = None

    def shops(self) -> Select[Any]:
        """Asks for the shops that have any of them."""
        return select(entries.c.shop).where(*self._conditions()).distinct()

    def bodies(self, shop: str) -> Select[Any]:
        """Asks for the records of those of a shop, in order."""
        asked = select(entries.c.body).where(entries.c.shop == shop, *self._conditions())
        return asked.order_by(entries.c.sequence)

    def _conditions(self) -> list[ColumnElement[bool]]:
        found: list[ColumnElement[bool]] = []
        if self.rules:
            found.append(entries.c.rule.in_(sorted(self.rules)))
        if self.kinds:
            found.append(entries.c.kind.in_(sorted(self.kinds)))
        if self.since is not None:
            found.append(entries.c.at >= self.since)
        if self.before is not None:
            found.append(entries.c.at < self.before)
        return found


def shops_with_appeals() -> Select[Any]:
    """Asks for the shops that have appeals."""
    return select(appeals.c.shop).distinct()
