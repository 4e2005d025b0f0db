"""Running counts: each entity enters when it is dated and its condition holds, and leaves again.

A measure is a stream of signed changes. Each aggregate keeps its present members with the instant
at which each leaves its window, and the totals by subject; a change costs the same however long
the window is. Nothing is removed before somebody reads: `settle` lets go of what has left by then.
"""

from __future__ import annotations

import heapq
from collections.abc import Iterable
from fractions import Fraction
from typing import Any

from ..language.program import Stretch
from ..language.syntax import Period, Unit
from ..language.types import LARGEST_INTEGER
from .calendar import Calendar
from .counted import PreparedAggregate
from .entities import Entity, link_attribute, scope_of
from .errors import EvaluationError
from .functions import SMALLEST_INTEGER
from .instants import FIRST_INSTANT, LAST_INSTANT, OutOfCalendar
from .model import AggregateState, Facts, Member, Total
from .prepared import Prepared
from .reverse import Reverse
from .rollups import Rollups
from .routes import Routes

_SMALL = 64
"""Below this size nobody minds what stands in a heap twice."""


class Aggregates:
    """The aggregates of one shop."""

    def __init__(self, prepared: Prepared, facts: Facts, calendar: Calendar, context: Any) -> None:
        """Work on the given facts; `context` is what compiled functions may ask."""
        self._prepared = prepared
        self._facts = facts
        self._calendar = calendar
        self._context = context
        self._kinds = prepared.kinds
        shops = facts.entities["shop"]
        self._shop: Entity = next(iter(shops.values()), prepared.kinds.blanks["shop"])
        self.reverse = Reverse(prepared.reverse, facts.entities)
        self.rollups = Rollups(prepared, facts.entities, self.reverse, self._shop, context)
        self._routes = Routes(prepared.routes, facts.entities, self.reverse)
        self._stale: dict[tuple[str, str], None] = {}
        changed = (index for index, state in enumerate(facts.aggregates) if state.changed)
        self.touched: dict[int, None] = dict.fromkeys(changed)
        """Aggregates that have changed since the engine last looked."""

    def entity_about_to_change(self, kind: str, key: str) -> None:
        """Note what roll-ups of an entity count in, before its links change or it is forgotten."""
        if kind in self._prepared.routes:
            self._stale |= self._routes.affected(kind, key)

    def entity_changed(self, kind: str, key: str, now: int) -> None:
        """Bring every aggregate up to date with an entity that has changed."""
        if self._prepared.routes:
            self._rolled_up(kind, key, now)
            return
        self._changed(kind, key, now)

    def _rolled_up(self, kind: str, key: str, now: int) -> None:
        """The same, and what roll-ups of the entity count in."""
        self.rollups.remember(answers=True)
        self._changed(kind, key, now)
        stale, self._stale = self._stale | self._routes.affected(kind, key), {}
        for counted, other in stale:
            self._update(self._prepared.by_kind.get(counted, ()), counted, other, now)
        self.rollups.remember(answers=False)

    def _changed(self, kind: str, key: str, now: int) -> None:
        self._update(self._prepared.by_kind.get(kind, ()), kind, key, now)
        for counted, path in self._prepared.dependents.get(kind, ()):
            keys = (
                self._facts.entities[counted]
                if kind == "shop"
                else self.reverse.behind(counted, path, key)
            )
            for other in list(keys):
                self._update(self._prepared.by_kind[counted], counted, other, now)

    def _update(self, indexes: Iterable[int], kind: str, key: str, now: int) -> None:
        store = self._facts.entities
        entity = store[kind].get(key)
        if not indexes or entity is None:
            return
        scope = scope_of(self._kinds, store, kind, entity, self._shop)
        for index in indexes:
            self._place(index, key, entity, scope, now)

    def use(self, calendar: Calendar) -> None:
        """Go on with another calendar of the same zone, from the next change on."""
        self._calendar = calendar

    def days_changed(self, now: int) -> None:
        """Count anew by business days, of which there are others than before."""
        for index, aggregate in enumerate(self._prepared.aggregates):
            length = aggregate.plan.length
            if isinstance(length, Period) and length.unit is Unit.BUSINESS_DAYS:
                kind = aggregate.plan.entity
                for key in list(self._facts.entities[kind]):
                    self._update((index,), kind, key, now)

    def recount(self, now: int) -> None:
        """Count everything that is known, from nothing."""
        for kind, indexes in self._prepared.by_kind.items():
            for key in list(self._facts.entities[kind]):
                self._update(indexes, kind, key, now)

    def shop(self) -> Entity:
        """The shop as an entity."""
        return self._shop

    def _place(self, index: int, key: str, entity: Entity, scope: list[Entity], now: int) -> None:
        aggregate, state = self._prepared.aggregates[index], self._facts.aggregates[index]
        member = self._member(aggregate, state, key, entity, scope, now)
        old = state.members.get(key)
        if old is None and member is None:
            return
        if old is not None:
            if member is not None and old == member:
                return
            del state.members[key]
            _count(state, old, -1, keeps=aggregate.keeps_values)
        if member is not None:
            state.members[key] = member
            _queue_exit(state, (member.leave_at, key))
            _count(state, member, 1, keeps=aggregate.keeps_values)
        self.touched[index] = None

    def _member(
        self,
        aggregate: PreparedAggregate,
        state: AggregateState,
        key: str,
        entity: Entity,
        scope: list[Entity],
        now: int,
    ) -> Member | None:
        if aggregate.counts_field and (
            getattr(entity, aggregate.counts_field) not in aggregate.counts_values
        ):
            return None
        subject = self.subject(aggregate, entity)
        date = aggregate.date(*scope, now, self._context)
        if date is None or subject is None:
            return None
        plan = aggregate.plan
        begin = (self._enters(date, plan.length) if aggregate.waits else date) + plan.lag
        if begin > now:
            _queue_arrival(state, (begin, key))
            self.touched[plan.index] = None
            return None
        leave = self._leaves(date, plan.length) + plan.lag
        if leave <= now:
            return None
        return self._counted(aggregate, scope, now, Member(subject, leave))

    def _enters(self, date: int, length: Stretch) -> int:
        """When an entity enters its window; beyond the calendar's end it never does."""
        try:
            return self._calendar.window_enter(date, length)
        except OutOfCalendar:
            return LAST_INSTANT

    def _leaves(self, date: int, length: Stretch) -> int:
        """When an entity leaves its window; beyond the calendar's end it never does."""
        try:
            return self._calendar.window_leave(date, length)
        except OutOfCalendar:
            return LAST_INSTANT

    def _counted(
        self, aggregate: PreparedAggregate, scope: list[Entity], now: int, member: Member
    ) -> Member | None:
        """The member if its condition holds; one whose condition fails counts as failed."""
        try:
            if aggregate.where and not aggregate.where(*scope, now, self._context):
                return None
            if aggregate.value:
                member.amount = aggregate.value(*scope, now, self._context)
                if member.amount is None:
                    return None
        except EvaluationError:
            member.failed = True
        return member

    def subject(self, aggregate: PreparedAggregate, entity: Entity) -> str | None:
        """The key of the subject that an entity belongs to; the shop's is empty."""
        holder: Any = entity
        key: str | None = ""
        for position, kind in enumerate(aggregate.path):
            key = getattr(holder, link_attribute(kind))
            if key is None:
                return None
            if position + 1 < len(aggregate.path):
                holder = self._facts.entities[kind].get(key)
                if holder is None:
                    return None
        return key

    def settle(self, index: int, now: int) -> AggregateState:
        """Let in what has been dated by now, let go of what has left, and give the state."""
        state, aggregate = self._facts.aggregates[index], self._prepared.aggregates[index]
        while state.arrivals and state.arrivals[0][0] <= now:
            at, key = heapq.heappop(state.arrivals)
            self._update((index,), aggregate.plan.entity, key, at)
        while state.exits and state.exits[0][0] <= now:
            at, key = heapq.heappop(state.exits)
            member = state.members.get(key)
            if member is not None and member.leave_at == at:
                del state.members[key]
                _count(state, member, -1, keeps=aggregate.keeps_values)
                self.touched[index] = None
        return state

    def forgotten(self, kind: str, key: str, now: int) -> None:
        """Bring what roll-ups of a forgotten entity count in up to date."""
        if kind in self._prepared.routes:
            self._rolled_up(kind, key, now)

    def next_change(self, index: int) -> int | None:
        """The next instant at which an aggregate changes by itself, if any."""
        state = self._facts.aggregates[index]
        heads = [heap[0][0] for heap in (state.exits, state.arrivals) if heap]
        return min(heads) if heads else None

    def still_counts(self, kind: str, entity: Entity, now: int) -> bool:
        """Whether some window holds the date of an entity, now or later."""
        indexes = self._prepared.by_kind.get(kind, ())
        scope = scope_of(self._kinds, self._facts.entities, kind, entity, self._shop)
        return any(self._ends(index, scope, now) > now for index in indexes)

    def _ends(self, index: int, scope: list[Entity], now: int) -> int:
        """When an entity leaves its window; the first of all instants if it has no date."""
        aggregate = self._prepared.aggregates[index]
        date = aggregate.date(*scope, now, self._context)
        if date is None:
            return FIRST_INSTANT
        return self._leaves(date, aggregate.plan.length) + aggregate.plan.lag

    def drop(self, kind: str, key: str) -> None:
        """Take out an entity that is being forgotten."""
        self.entity_about_to_change(kind, key)
        for index in self._prepared.by_kind.get(kind, ()):
            state = self._facts.aggregates[index]
            member = state.members.pop(key, None)
            if member is not None:
                keeps = self._prepared.aggregates[index].keeps_values
                _count(state, member, -1, keeps=keeps)
                self.touched[index] = None


def _queue_exit(state: AggregateState, entry: tuple[int, str]) -> None:
    """Note when a member leaves; now and then, what does not hold any more is taken out."""
    heapq.heappush(state.exits, entry)
    if len(state.exits) > state.most_exits:
        state.exits = sorted((member.leave_at, key) for key, member in state.members.items())
        state.most_exits = 2 * len(state.exits) + _SMALL


def _queue_arrival(state: AggregateState, entry: tuple[int, str]) -> None:
    """Note when an entity will be dated; now and then, what stands there twice is taken out."""
    heapq.heappush(state.arrivals, entry)
    if len(state.arrivals) > state.most_arrivals:
        state.arrivals = sorted(set(state.arrivals))
        state.most_arrivals = 2 * len(state.arrivals) + _SMALL


def _count(state: AggregateState, member: Member, sign: int, *, keeps: bool) -> None:
    total = state.totals.get(member.subject)
    if total is None:
        total = state.totals[member.subject] = Total()
    total.count += sign
    state.changed[member.subject] = None
    if member.failed:
        total.failed += sign
    elif member.amount is not None:
        if keeps:
            _note(total, member.amount, sign)
        else:
            total.sum = _held(total.sum + sign * member.amount, member.amount)
    if not total.count:
        del state.totals[member.subject]


def _held(value: Any, amount: Any) -> Any:
    """A sum as a snapshot can hold it: of whole numbers, what is beyond 63 bits as a fraction."""
    if not isinstance(amount, int):
        return value
    whole = int(value)
    return whole if SMALLEST_INTEGER <= whole <= LARGEST_INTEGER else Fraction(whole)


def _note(total: Total, amount: Any, sign: int) -> None:
    """Keep how often an amount occurs, for distinct counts and extremes."""
    left = total.values.get(amount, 0) + sign
    if left:
        total.values[amount] = left
    else:
        del total.values[amount]
