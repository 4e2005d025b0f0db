"""What a measure comes to for a subject, as of now, and the evidence for it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Any

from ..language.catalog import SHOP
from ..language.ir import RollupPlan
from ..language.program import Measure, Stretch
from ..language.varied import InTurn, in_turn
from ..records.canonical import canonical_json, digest
from ..records.decision import MeasureEvidence
from ..records.values import show
from .aggregates import Aggregates
from .calendar import Calendar, Window
from .counted import Function, PreparedAggregate, PreparedMeasure, PreparedWindow
from .entities import Entity, scope_of
from .errors import DIVISION_BY_ZERO, EvaluationError
from .grants import counting, in_force
from .instants import DAY, FIRST_INSTANT, OutOfCalendar, format_instant
from .model import Facts, Total
from .periods import Periods
from .prepared import Prepared
from .zones import zone

MOST_COUNTED = 50
"""A record lists so many of the entities that counted, and a digest of all."""

_NOTHING = Total()
_SILENT = "the measure does not speak here and now"


class _NothingThere(Exception):  # noqa: N818  # says what was found; nothing has failed
    """There is no entity to take the mean or an extreme of."""


@dataclass(frozen=True, slots=True)
class Measured:
    """A measure's value: enough to tell, insufficient (`value` is `None`), or an error.

    `unmet` says that a further condition of the threshold makes it insufficient.
    """

    value: Any
    numerator: Any = None
    denominator: Any = None
    sample: int | None = None
    error: str | None = None
    unmet: bool = False

    @property
    def enough(self) -> bool:
        """Whether there is a value."""
        return self.value is not None and self.error is None


class Measuring:
    """Reads the measures of one shop; compiled expressions ask it for what they are made of."""

    def __init__(self, prepared: Prepared, facts: Facts, calendar: Calendar) -> None:
        """Read from the given facts."""
        self._prepared = prepared
        self._facts = facts
        self.calendar = calendar
        self.aggregates = Aggregates(prepared, facts, calendar, self)
        self._subject = ""
        self._now = 0
        self._turns: dict[str, InTurn[PreparedMeasure]] = {}
        self.periods = Periods(facts)
        self.past: Entity | None = None
        """What the event that is judged is about, as it was before; for rules that ask."""

    # ------------------------------------------- what compiled functions ask

    def measure(self, name: str) -> Any:
        """The value of another measure for the same subject, or `None` when insufficient."""
        measured = self.read(name, self._subject, self._now)
        if measured.error is not None:
            raise EvaluationError(measured.error)
        return measured.value

    def points(self, ladder: str) -> int:
        """The balance of a ladder."""
        state = self._facts.ladders.get(ladder)
        return self._prepared.starts.get(ladder, 0) if state is None else state.total

    def in_force(self, action: str) -> bool:
        """Whether an action runs against the shop or anything of it."""
        return self.since(action) is not None

    def in_force_on(self, action: str, target: str | None) -> bool:
        """Whether an action runs against something of the shop."""
        return self.since_on(action, target) is not None

    def since(self, action: str) -> int | None:
        """Since when an action runs against the shop or anything of it."""
        found = [
            counting(state, self._now)[0].start
            for state in self._facts.actions.values()
            if state.action == action and not state.extended and in_force(state, self._now)
        ]
        return min(found, default=None)

    def since_on(self, action: str, target: str | None) -> int | None:
        """Since when an action runs against something of the shop."""
        state = self._facts.actions.get(f"{action}|{target}")
        if target is None or state is None or not in_force(state, self._now):
            return None
        return counting(state, self._now)[0].start

    def rollup(self, plan: RollupPlan, key: str | None, now: int) -> Any:
        """What is made of the entities that belong to an owner."""
        return self.aggregates.rollups.value(plan, key, now)

    def counted(self, plan: RollupPlan, key: str | None, now: int) -> tuple[str, ...]:
        """The keys of the entities that a roll-up is made of."""
        return self.aggregates.rollups.counted(plan, key, now)

    def parameter(self, name: str) -> Any:
        """An aggregate's value (`aggregate_3`) or how many it is made of (`sample_3`)."""
        what, _, number = name.partition("_")
        index = int(number)
        total = self._facts.aggregates[index].totals.get(self._subject, _NOTHING)
        if total.failed:
            raise EvaluationError("a condition of the measure failed")
        if what == "sample":
            return total.count
        value = _READ[self._prepared.aggregates[index].plan.operator](total)
        if value is None:
            raise _NothingThere
        return value

    def declared(self, instant: int, kinds: tuple[str, ...]) -> bool:
        """Whether an instant lies in a period declared for the shop."""
        return self.periods.holds(instant, kinds)

    def use(self, calendar: Calendar) -> None:
        """Go on with another calendar of the same zone."""
        self.calendar = calendar
        self.aggregates.use(calendar)

    # -------------------------------------------------------------- reading

    @contextmanager
    def meanwhile(self) -> Iterator[None]:
        """Ask about something else, and then go on as before."""
        before = self._now, self._subject
        try:
            yield
        finally:
            self.at(*before)

    def at(self, now: int, subject: str = "") -> None:
        """Set the time and the subject that compiled functions are asking about."""
        self._now, self._subject = now, subject

    def read(self, name: str, subject: str, now: int) -> Measured:
        """The value of a measure for a subject, as of now."""
        prepared = self._variant(name, now)
        if name in self._prepared.bounded and not self._speaks(prepared.measure, now):
            return Measured(None, error=_SILENT if prepared.measure.is_certain else None)
        for index in prepared.all_aggregates:
            self.aggregates.settle(index, now)
        if prepared.measure.per == SHOP:
            subject = ""
        before = self._subject, self._now
        self.at(now, subject)
        try:
            return self._value(prepared, now)
        except EvaluationError as error:
            return Measured(None, error=error.reason)
        finally:
            self._subject, self._now = before

    def _speaks(self, measure: Measure, now: int) -> bool:
        return measure.applies(self._facts.region, now)

    def _variant(self, name: str, now: int) -> PreparedMeasure:
        """The variant of a measure that speaks at an instant, or else the nearest."""
        if name not in self._prepared.bounded:
            return self._prepared.measures[name]
        if name not in self._turns:
            pairs = ((one.measure, one) for one in self._prepared.bounded[name])
            self._turns[name] = in_turn(pairs, self._facts.region)
        return self._turns[name].at(now)

    def _value(self, prepared: PreparedMeasure, now: int) -> Measured:
        numerator = self._ratio_part(prepared.numerator, now)
        denominator = self._ratio_part(prepared.denominator, now)
        sample = self._there(prepared.sample, now)
        size = None if sample is None else int(sample)
        if size is not None and size < max(prepared.measure.at_least, 1):
            return Measured(None, numerator, denominator, size)
        return Measured(self._there(prepared.value, now), numerator, denominator, size)

    def _there(self, function: Function | None, now: int) -> Any:
        """What a function comes to, or `None` where there is nothing to make it of."""
        try:
            return None if function is None else function(now, self)
        except _NothingThere:
            return None

    def _ratio_part(self, function: Function | None, now: int) -> Any:
        """A part of a ratio, or `None` where it is itself a ratio to nothing."""
        try:
            return self._there(function, now)
        except EvaluationError as error:
            if error.reason != DIVISION_BY_ZERO:
                raise
            return None

    # ------------------------------------------------------------- evidence

    def evidence(
        self,
        name: str,
        subject: str,
        now: int,
        measured: Measured,
        bound: tuple[str, Any] | None,
    ) -> MeasureEvidence:
        """What a measure was made of, for the record; `bound` is the threshold and its value."""
        prepared = self._variant(name, now)
        measure = prepared.measure
        chosen = self._chosen(prepared, subject, now)
        indexes = self._counting_in(prepared, chosen, now)
        window = self._window(now - measure.lag, chosen.length)
        counted = self._counted(indexes, subject)
        margin = None
        if bound is not None and measured.value is not None:
            margin = show(Fraction(measured.value) - Fraction(bound[1]), measure.value.type)
        zone_ = zone(self.calendar.zone)
        return MeasureEvidence(
            measure=name,
            value=None if measured.value is None else show(measured.value, measure.value.type),
            window_from=format_instant(window.start, zone_),
            window_to=format_instant(window.end, zone_),
            window_from_included=window.start_included,
            sample=measured.sample,
            at_least=measure.at_least if measure.sample is not None else None,
            numerator=_plain(measured.numerator),
            denominator=_plain(measured.denominator),
            threshold=None if bound is None else bound[0],
            margin=margin,
            excluded=self._excluded(indexes, subject, now, window),
            counted={label: keys[:MOST_COUNTED] for label, keys in counted.items()},
            counted_total={label: len(keys) for label, keys in counted.items()},
            counted_digest=digest(canonical_json(counted)),
        )

    def _rests_on(self, prepared: PreparedMeasure, now: int) -> Iterable[int]:
        """The aggregates that a measure is made of at an instant."""
        if not self._prepared.bounded:
            return prepared.all_aggregates
        found = dict.fromkeys(prepared.measure.aggregates)
        for name in prepared.measure.measures:
            found |= dict.fromkeys(self._rests_on(self._variant(name, now), now))
        return found

    def _counting_in(
        self, prepared: PreparedMeasure, chosen: PreparedWindow, now: int
    ) -> dict[int, None]:
        """The same over the window that has been chosen."""
        found = dict.fromkeys(chosen.aggregates)
        for name in prepared.measure.measures:
            found |= dict.fromkeys(self._rests_on(self._variant(name, now), now))
        return found

    def _chosen(self, prepared: PreparedMeasure, subject: str, now: int) -> PreparedWindow:
        """The window that a measure is read over: the first whose condition holds."""
        *choices, other = prepared.windows
        before = self._subject, self._now
        self.at(now, subject)
        try:
            return next((one for one in choices if self._there(one.condition, now)), other)
        except EvaluationError:
            return other
        finally:
            self._subject, self._now = before

    def _counted(self, indexes: Iterable[int], subject: str) -> dict[str, list[str]]:
        """The keys that count in each aggregate, by what it counts, numbered where ambiguous."""
        found: dict[str, list[str]] = {}
        for index in indexes:
            entity = self._prepared.aggregates[index].plan.entity
            label, number = entity, 2
            while label in found:
                label, number = f"{entity} {number}", number + 1
            found[label] = self._members(index, subject)
        return found

    def _window(self, end: int, length: Stretch) -> Window:
        """The window as of an instant; what begins before the calendar begins with it."""
        earliest = FIRST_INSTANT + DAY
        try:
            window = self.calendar.window_start(end, length)
        except OutOfCalendar:
            return Window(earliest, start_included=True, end=end)
        return replace(window, start=max(window.start, earliest))

    def _members(self, index: int, subject: str) -> list[str]:
        members = self._facts.aggregates[index].members
        return sorted(key for key, member in members.items() if member.subject == subject)

    def _excluded(
        self, indexes: Iterable[int], subject: str, now: int, window: Window
    ) -> dict[str, int]:
        """Entities dated in the window that did not count because of their state, by state."""
        found: dict[str, dict[tuple[str, str], None]] = {}
        for index in indexes:
            aggregate = self._prepared.aggregates[index]
            if aggregate.counts_field:
                for key, reason in self._left_out(aggregate, subject, now, window):
                    found.setdefault(reason, {})[aggregate.plan.entity, key] = None
        return {reason: len(keys) for reason, keys in sorted(found.items())}

    def _left_out(
        self, aggregate: PreparedAggregate, subject: str, now: int, window: Window
    ) -> list[tuple[str, str]]:
        kind, store = aggregate.plan.entity, self._facts.entities
        field = aggregate.counts_field or ""
        found = []
        for key, entity in store[kind].items():
            reason = getattr(entity, field)
            if reason in aggregate.counts_values:
                continue
            if self.aggregates.subject(aggregate, entity) != subject:
                continue
            scope = scope_of(self._prepared.kinds, store, kind, entity, self.aggregates.shop())
            date = aggregate.date(*scope, now, self)
            if date is not None and date in window:
                found.append((key, str(reason)))
        return found


def _plain(value: Any) -> int | str | None:
    if value is None or isinstance(value, int):
        return value
    return str(value)


def _count(total: Total) -> int:
    return total.count


def _distinct(total: Total) -> int:
    return len(total.values)


def _sum(total: Total) -> Any:
    return total.sum


def _average(total: Total) -> Fraction | None:
    return Fraction(total.sum) / total.count if total.count else None


def _least(total: Total) -> Any:
    return min(total.values, default=None)


def _greatest(total: Total) -> Any:
    return max(total.values, default=None)


def _most_common(total: Total) -> Any:
    """The value that occurs most often; of several, the first in the order of characters."""
    return min(total.values, key=lambda value: (-total.values[value], value), default=None)


_READ = {
    "count": _count,
    "count distinct": _distinct,
    "sum": _sum,
    "average": _average,
    "least": _least,
    "greatest": _greatest,
    "most_common": _most_common,
}
