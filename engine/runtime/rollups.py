"""Roll-ups: what is made of the entities that belong to one owner, worked out when it is asked for.

Nothing is kept between events: a roll-up looks at the entities of its owner each time. How many it
may look at is bounded, those of roll-ups within it included.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from fractions import Fraction
from itertools import islice
from typing import Any, Final

from ..language.ir import RollupPlan
from ..language.syntax import AggregateOperator
from ..language.types import LARGEST_INTEGER
from .counted import PreparedRollup
from .entities import Entity, Store, scope_of
from .errors import EvaluationError
from .functions import SMALLEST_INTEGER, overflow
from .prepared import Prepared
from .reverse import Reverse

MOST_LOOKED_AT: Final = 1_000
"""One roll-up looks at so many entities; where more belong to its owner, its result is an error."""

Row = tuple[str, Any, int]
"""The key of an entity, its amount, and its date where their order matters."""


class Rollups:
    """The roll-ups of one shop."""

    def __init__(
        self, prepared: Prepared, store: Store, reverse: Reverse, shop: Entity, context: Any
    ) -> None:
        """Work on the given entities; `context` is what compiled functions may ask."""
        self._prepared = prepared
        self._store = store
        self._reverse = reverse
        self._shop = shop
        self._context = context
        self._looked_at = 0
        self._within = 0
        self._known: dict[tuple[int, str], Any] | None = None

    # ------------------------------------------------------------ answering

    def value(self, plan: RollupPlan, key: str | None, now: int) -> Any:
        """What a roll-up comes to for an owner; `None` where there is nothing to make it of.

        Raises:
            EvaluationError: A condition fails, or too much belongs to the owner.
        """
        if key is None:
            return _COME_TO[plan.operator]([])
        if self._known is None or self._within:
            return self._worked_out(plan, key, now)
        asked = (id(plan), key)
        if asked not in self._known:
            self._known[asked] = self._tried(plan, key, now)
        found = self._known[asked]
        if isinstance(found, EvaluationError):
            raise EvaluationError(found.reason)
        return found

    def counted(self, plan: RollupPlan, key: str | None, now: int) -> tuple[str, ...]:
        """The keys of what a roll-up is made of, in their order."""
        return () if key is None else tuple(row[0] for row in self._rows(plan, key, now))

    def remember(self, *, answers: bool) -> None:
        """Keep answers from now on, while no entity changes, or forget them."""
        self._known = {} if answers else None

    def _tried(self, plan: RollupPlan, key: str, now: int) -> Any:
        try:
            return self._worked_out(plan, key, now)
        except EvaluationError as error:
            return error

    def _worked_out(self, plan: RollupPlan, key: str, now: int) -> Any:
        return _COME_TO[plan.operator](self._rows(plan, key, now))

    # -------------------------------------------------------------- looking

    def _rows(self, plan: RollupPlan, key: str, now: int) -> list[Row]:
        """What belongs to an owner and meets the condition, in the order of the keys."""
        rollup = self._prepared.rollup(plan)
        if not self._within:
            self._looked_at = 0
        self._within += 1
        try:
            return [
                row
                for one in sorted(self._below(rollup, key))
                if (row := self._row(rollup, one, now)) is not None
            ]
        finally:
            self._within -= 1

    def _below(self, rollup: PreparedRollup, key: str) -> list[str]:
        """The keys of all entities that belong to an owner, as long as they are few enough."""
        left = MOST_LOOKED_AT - self._looked_at
        found = list(islice(self._reverse.behind(rollup.entity, rollup.path, key), left + 1))
        if len(found) > left:
            plan = rollup.plan
            reason = (
                f"more than {MOST_LOOKED_AT:,} `{plan.entity}` to look at for one `{plan.owner}`"
            )
            raise EvaluationError(reason)
        self._looked_at += len(found)
        return found

    def _row(self, rollup: PreparedRollup, key: str, now: int) -> Row | None:
        entity = self._store[rollup.entity][key]
        if rollup.counts_field and getattr(entity, rollup.counts_field) not in rollup.counts_values:
            return None
        scope = scope_of(self._prepared.kinds, self._store, rollup.entity, entity, self._shop)
        if rollup.where and not rollup.where(*scope, now, self._context):
            return None
        date = rollup.date(*scope, now, self._context) if rollup.date else 0
        if date is None:
            return None
        amount = rollup.value(*scope, now, self._context) if rollup.value else None
        return key, amount, date


# --------------------------------------------------------------------- what comes out


def _count(rows: list[Row]) -> int:
    return len(rows)


def _distinct(rows: list[Row]) -> int:
    return len({amount for _, amount, _ in rows})


def _sum(rows: list[Row]) -> Any:
    total = sum(amount for _, amount, _ in rows)
    if isinstance(total, int) and not SMALLEST_INTEGER <= total <= LARGEST_INTEGER:
        overflow()
    return total


def _average(rows: list[Row]) -> Fraction | None:
    return Fraction(sum(amount for _, amount, _ in rows)) / len(rows) if rows else None


def _share(rows: list[Row]) -> Fraction | None:
    return Fraction(sum(amount for _, amount, _ in rows), len(rows)) if rows else None


def _least(rows: list[Row]) -> Any:
    return min(_amounts(rows), default=None)


def _greatest(rows: list[Row]) -> Any:
    return max(_amounts(rows), default=None)


def _amounts(rows: list[Row]) -> Iterator[Any]:
    return (amount for _, amount, _ in rows)


def _most_common(rows: list[Row]) -> Any:
    """The amount that occurs most often; of several, the first in the order of characters."""
    times = Counter(_amounts(rows))
    return min(times, key=lambda amount: (-times[amount], amount), default=None)


def _first(rows: list[Row]) -> Any:
    """That of the earliest; of several of one instant, that of the first key."""
    return min(rows, key=_by_date)[1] if rows else None


def _latest(rows: list[Row]) -> Any:
    return max(rows, key=_by_date)[1] if rows else None


def _by_date(row: Row) -> tuple[int, str]:
    return row[2], row[0]


_COME_TO: Mapping[AggregateOperator, Callable[[list[Row]], Any]] = {
    AggregateOperator.COUNT: _count,
    AggregateOperator.COUNT_DISTINCT: _distinct,
    AggregateOperator.SUM: _sum,
    AggregateOperator.AVERAGE: _average,
    AggregateOperator.SHARE: _share,
    AggregateOperator.LEAST: _least,
    AggregateOperator.GREATEST: _greatest,
    AggregateOperator.MOST_COMMON: _most_common,
    AggregateOperator.FIRST: _first,
    AggregateOperator.LATEST: _latest,
}
