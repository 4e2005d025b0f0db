"""What the parts of one shop's engine share: program, state, calendar, measures and writer."""

from __future__ import annotations

import heapq
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from ..language.ir import RollupPlan
from ..language.program import Action, AppealProcess, Ladder, Length, Message, Violation
from ..records.values import say
from .calendar import Calendar
from .entities import Entity, scope_of
from .errors import EvaluationError
from .instants import DAY, LAST_INSTANT, OutOfCalendar
from .measuring import Measuring
from .model import Facts, Redress
from .prepared import Prepared, Slot
from .register import Register
from .writing import Writer

POINTS, ACTION_END, ACTION_START, CASE, HOLD, CHECK = range(6)
"""Ranks of timers: at one instant what ends goes before what begins, and checks come last."""

LAST_TOLD = LAST_INSTANT - 2 * DAY
"""The last instant that anything is put off to; every zone has a date for it."""


@dataclass(slots=True)
class Slots:
    """What a sentence's slots may ask for: named values, and whatever measures give."""

    measuring: Measuring
    values: Mapping[str, str]

    def parameter(self, name: str) -> str:
        """A named value."""
        return self.values[name]

    def measure(self, name: str) -> Any:
        """A measure's value."""
        return self.measuring.measure(name)

    def points(self, ladder: str) -> int:
        """A ladder's total."""
        return self.measuring.points(ladder)

    def in_force(self, action: str) -> bool:
        """Whether an action runs."""
        return self.measuring.in_force(action)

    def in_force_on(self, action: str, target: str | None) -> bool:
        """Whether an action runs against something of the shop."""
        return self.measuring.in_force_on(action, target)

    def since(self, action: str) -> int | None:
        """Since when an action runs."""
        return self.measuring.since(action)

    def since_on(self, action: str, target: str | None) -> int | None:
        """Since when an action runs against something of the shop."""
        return self.measuring.since_on(action, target)

    def rollup(self, plan: RollupPlan, key: str | None, now: int) -> Any:
        """What a roll-up comes to."""
        return self.measuring.rollup(plan, key, now)

    def declared(self, instant: int, kinds: tuple[str, ...]) -> bool:
        """Whether an instant lies in a declared period."""
        return self.measuring.declared(instant, kinds)

    @property
    def calendar(self) -> Calendar:
        """The calendar of the shop's region."""
        return self.measuring.calendar

    @property
    def past(self) -> Entity | None:
        """What the event is about, as it was before."""
        return self.measuring.past


@dataclass(slots=True)
class Desk:
    """One shop's engine, as its parts see it. `rehearsal` means that history is evaluated again."""

    prepared: Prepared
    facts: Facts
    redress: Redress
    calendar: Calendar
    measuring: Measuring
    writer: Writer
    rehearsal: bool = False
    register: Register = field(init=False)
    """The decisions that have effects, by what they are about."""
    moved: dict[str, None] = field(default_factory=dict)
    """The appeals, by key, that have entered a state since somebody asked."""
    _no_values: Mapping[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """Look after the decisions of these facts."""
        self.register = Register(self.facts)

    def violation(self, name: str, at: int) -> Violation:
        """The variant of a violation that speaks here at an instant, or else the nearest."""
        return self.prepared.program.violations.at(name, self.facts.region, at)

    def action(self, name: str, at: int) -> Action:
        """The variant of an action that speaks here at an instant, or else the nearest."""
        return self.prepared.program.actions.at(name, self.facts.region, at)

    def ladder(self, name: str, at: int) -> Ladder:
        """The variant of a ladder that speaks here at an instant, or else the nearest."""
        return self.prepared.ladders.at(name, self.facts.region, at)

    def process(self, name: str, at: int) -> AppealProcess:
        """The variant of an appeal process that speaks here at an instant, or else the nearest."""
        return self.prepared.appeals.at(name, self.facts.region, at)

    def timer(self, at: int, rank: int, ref: str) -> None:
        """Ask to be woken at an instant."""
        heapq.heappush(self.facts.timers, (at, rank, ref))

    def scope(self, kind: str, entity: Entity) -> list[Entity]:
        """The entities in scope with one."""
        shop = self.measuring.aggregates.shop()
        return scope_of(self.prepared.kinds, self.facts.entities, kind, entity, shop)

    def named_scope(self, kind: str, entity: Entity) -> dict[str, Entity]:
        """The same by kind, for explanations."""
        return dict(
            zip(self.prepared.kinds.scope_kinds(kind), self.scope(kind, entity), strict=True)
        )

    def shop(self) -> Entity:
        """The shop as an entity."""
        return self.measuring.aggregates.shop()

    def is_excluded(self, review: str) -> bool:
        """Whether an appeal took a review out of the measures."""
        return review in self.facts.excluded or review in self.redress.excluded

    def lasts(self, start: int, length: Length) -> int:
        """The first instant after a length of time that began at `start`."""
        if isinstance(length, int):
            return min(start + length, LAST_TOLD)
        return self.last_in_time(start, length) + 1

    def leaves(self, start: int, length: Length) -> int:
        """The first instant whose window of that length no longer holds `start`."""
        try:
            return min(self.calendar.window_leave(start, length), LAST_TOLD)
        except OutOfCalendar:
            return LAST_TOLD

    def last_in_time(self, start: int, length: Length) -> int:
        """The last instant that is within a length of time of `start`.

        What would end after the calendar does ends with it.
        """
        try:
            return min(self.calendar.deadline(start, length) - 1, LAST_TOLD - 1)
        except OutOfCalendar:
            return LAST_TOLD - 1

    def fill(
        self,
        message: Message | None,
        kind: str,
        entity: Entity,
        now: int,
        values: Mapping[str, str] | None = None,
    ) -> str | None:
        """A sentence with its slots filled; one that cannot be filled is left as written."""
        if message is None:
            return None
        scope = self.scope(kind, entity)
        slots = Slots(self.measuring, values or self._no_values)
        try:
            parts = [
                part if isinstance(part, str) else _filled(part, scope, now, slots)
                for part in self.prepared.message(message, kind)
            ]
        except EvaluationError:
            return message.text
        return "".join(parts)


def shown(value: Any, slot: Slot) -> str:
    """What a slot's value reads like in a sentence."""
    return value if isinstance(value, str) else say(value, slot.type)


def _filled(slot: Slot, scope: list[Entity], now: int, slots: Slots) -> str:
    return shown(slot.function(*scope, now, slots), slot)
