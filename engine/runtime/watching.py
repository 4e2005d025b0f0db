"""Thresholds: when their measures are looked at.

A look is spared where nothing can have changed: a threshold is told which subjects have, and looks
at these alone. What comes of it is the same as if every subject were looked at every time.
"""

from __future__ import annotations

from collections.abc import Iterator

from ..language.catalog import SHOP
from ..language.program import Interval, Status
from ..language.syntax import ScheduleKind
from .crossing import Crossings
from .desk import CHECK, Desk
from .instants import FIRST_INSTANT, LAST_INSTANT, OutOfCalendar
from .model import WatchState
from .prepared import PreparedThreshold
from .schedule import next_check
from .writing import Moment

_MOST_DAYS = 4_096
"""Checks are remembered for so many days at a time: the days of a stream lie close together."""


class Watching:
    """The thresholds of one shop."""

    def __init__(self, desk: Desk, crossings: Crossings) -> None:
        """Work at a desk, with the crossings of the same shop."""
        self._desk = desk
        self._crossings = crossings
        self._numbers = desk.prepared.numbers
        self._turns = desk.prepared.turns(desk.facts.region)
        self._told: dict[int, None] = dict.fromkeys(
            self._numbers[prepared.threshold.name]
            for prepared in desk.prepared.thresholds
            if prepared.is_eager and _on_change(prepared) and self._state(prepared).dirty
        )

    def _state(self, prepared: PreparedThreshold) -> WatchState:
        return self._desk.facts.watches[prepared.threshold.name]

    def _turn(self, number: int, now: int) -> PreparedThreshold:
        """The variant of a threshold whose turn it is."""
        return self._desk.prepared.thresholds[self._turns.at(number, now)]

    # ------------------------------------------------------------ what moves

    def opened(self, now: int) -> None:
        """The shop is known now: scheduled checks begin, even of what stays at zero."""
        for number in self._numbers.values():
            prepared = self._turn(number, now)
            if not self._begins_known(prepared):
                continue
            self._state(prepared).dirty[""] = None
            if _on_change(prepared):
                self._told[number] = None
            else:
                self._wake(prepared, self._due_at(prepared, now + 1, now))
        for name in self._turns.borders:
            self._plan_border(self._numbers[name], now)

    def _begins_known(self, prepared: PreparedThreshold) -> bool:
        """Whether a shop can be told of before anything is counted."""
        of_shop = prepared.threshold.per == SHOP and prepared.sample is None
        return of_shop and (prepared.is_eager or not _on_change(prepared))

    def _will_change(self, prepared: PreparedThreshold) -> bool:
        """Whether something that it counts comes in or leaves by itself."""
        changes = map(self._desk.measuring.aggregates.next_change, prepared.aggregates)
        return any(at is not None for at in changes)

    def _is_counted(self, prepared: PreparedThreshold, subject: str) -> bool:
        """Whether a subject is known, or something of it is counted."""
        aggregates = self._desk.facts.aggregates
        known = subject in self._state(prepared).subjects
        return known or any(subject in aggregates[one].totals for one in prepared.aggregates)

    def taken_over(self, now: int) -> None:
        """Look at everything when it next would be: another program has left its bands."""
        if not self._desk.facts.opened:
            return
        for name, number in self._numbers.items():
            prepared = self._turn(number, now)
            state = self._state(prepared)
            state.era = self._turns.era(name, now)
            state.dirty.update(dict.fromkeys([*state.subjects, *self._countable(prepared)]))
            if not self._begins_known(prepared) and not self._is_counted(prepared, ""):
                state.dirty.pop("", None)
            if not state.dirty and not self._will_change(prepared):
                continue
            if _on_change(prepared):
                self._told[number] = None
                self._plan_next(prepared, state, now)
            else:
                self._wake(prepared, self._due_at(prepared, now + 1, now))
        for name in self._turns.borders:
            self._plan_border(self._numbers[name], now)

    def entity_changed(self, kind: str, key: str) -> None:
        """Something changed that the bounds and conditions of thresholds may read."""
        for number in self._desk.prepared.by_read.get(kind, ()):
            prepared = self._turn(number, self._desk.facts.clock)
            state = self._state(prepared)
            is_known = key in state.subjects or prepared.is_eager
            known = state.subjects if kind == SHOP else [key] if is_known else ()
            state.dirty.update(dict.fromkeys(known))
            self._told[number] = None

    def arm(self, now: int, cause: str, event_id: str | None = None) -> None:
        """After something happened: see to it that what it may have moved is looked at."""
        moment = Moment(now, cause, event_id)
        for number in self._desk.prepared.restless:
            prepared = self._turn(number, now)
            if _on_change(prepared):
                state = self._state(prepared)
                state.dirty.update(dict.fromkeys(state.subjects))
                self._told[number] = None
        while told := self._spread():
            for number in told:
                self._arm(self._turn(number, now), moment)

    def _spread(self) -> list[int]:
        """Tell the thresholds which subjects have changed; gives those that were told."""
        aggregates, facts = self._desk.measuring.aggregates, self._desk.facts
        told, self._told = self._told, {}
        for index in aggregates.touched:
            changed = facts.aggregates[index].changed
            for number in self._desk.prepared.by_aggregate.get(index, ()):
                self._state(self._desk.prepared.thresholds[number]).dirty.update(changed)
                told[number] = None
            changed.clear()
        aggregates.touched.clear()
        return sorted(told)

    def _arm(self, prepared: PreparedThreshold, moment: Moment) -> None:
        if not self._may_tell(prepared, self._state(prepared)):
            return
        if _on_change(prepared):
            self._look(prepared, moment)
        else:
            self._wake(prepared, self._due_at(prepared, moment.now + 1, moment.now))

    def _may_tell(self, prepared: PreparedThreshold, state: WatchState) -> bool:
        """Whether a look could bring anything; forgets subjects of which nothing can be told yet.

        A subject without a band and with too small a sample stays silent until its sample grows,
        and growing brings it here again. The sample may count what has left by now, never less.
        """
        aggregates = self._desk.facts.aggregates
        waits = any(aggregates[index].arrivals for index in prepared.aggregates)
        if prepared.sample is None or waits or self._crossings.on_check is not None:
            return True
        silent = [one for one in state.dirty if self._is_silent(prepared, state, one)]
        for subject in silent:
            del state.dirty[subject]
        return bool(state.dirty)

    def _is_silent(self, prepared: PreparedThreshold, state: WatchState, subject: str) -> bool:
        watch = state.subjects.get(subject)
        is_subject = bool(subject) or prepared.threshold.per == SHOP
        if not is_subject or subject in state.held or (watch and watch.band is not None):
            return False
        aggregates = self._desk.facts.aggregates
        totals = [aggregates[index].totals.get(subject) for index in prepared.aggregates]
        if any(total.failed for total in totals if total):
            return False
        sample = aggregates[prepared.sample or 0].totals.get(subject)
        return sample is None or sample.count < prepared.at_least

    # ------------------------------------------------------------ scheduling

    def _next(self, prepared: PreparedThreshold, after: int) -> int:
        """The next check after an instant; all instants of a day share two answers."""
        schedule, calendar = prepared.threshold.schedule, self._desk.calendar
        known = self._desk.prepared.checks.setdefault((calendar.zone, schedule), {})
        try:
            day = calendar.day_of(after)
            if day not in known:
                if len(known) >= _MOST_DAYS:
                    known.clear()
                first = next_check(schedule, calendar, calendar.day_start(day) - 1)
                known[day] = (first, next_check(schedule, calendar, first))
        except OutOfCalendar:
            return LAST_INSTANT
        first, second = known[day]
        return first if after < first else second

    def _due_at(self, prepared: PreparedThreshold, at: int, now: int) -> int:
        """When something is looked at that may change at an instant, by whoever has the turn."""
        name = prepared.threshold.name
        while True:
            found = at if _on_change(prepared) else self._next(prepared, at - 1)
            border = self._turns.next_border(name, now)
            if border is None or found < border:
                return found
            prepared = self._turn(self._numbers[name], border)
            at, now = max(at, border), border

    def _wake(self, prepared: PreparedThreshold, at: int) -> None:
        state = self._state(prepared)
        if state.check_at is None or at < state.check_at:
            state.check_at = at
            self._desk.timer(at, CHECK, prepared.threshold.name)

    def due(self, name: str, now: int) -> None:
        """A timer went: a check, unless it was put off."""
        prepared = self._turn(self._numbers[name], now)
        state = self._state(prepared)
        if state.check_at == now:
            state.check_at = None
            self._look(prepared, Moment(now, f"check/{self._desk.writer.time(now)}"))

    # --------------------------------------------------------------- looking

    def _look(self, prepared: PreparedThreshold, moment: Moment) -> None:
        """Look at every subject whose measure may have changed since the last look."""
        state, start = self._state(prepared), self._speaks_from(prepared, moment.now)
        name = prepared.threshold.name
        if name in self._turns.borders:
            self._turn_over(prepared, state, moment.now)
            self._plan_border(self._numbers[name], moment.now)
        if start is None:
            state.dirty.clear()
        elif start > moment.now:
            self._wake(prepared, self._due_at(prepared, start, moment.now))
        else:
            changed = self._changed(prepared, state, moment.now)
            for subject in self._subjects(prepared, state, changed, moment.now):
                self._crossings.judge(prepared, state, subject, moment)
                if subject in changed:
                    state.subjects[subject].seen = moment.now
            self._plan_next(prepared, state, moment.now)

    def _turn_over(self, prepared: PreparedThreshold, state: WatchState, now: int) -> None:
        """In a new era every subject is looked at; bands that are no more are left behind."""
        era = self._turns.era(prepared.threshold.name, now)
        if era == state.era:
            return
        state.era = era
        state.held.clear()
        bands = {band.name for band in prepared.threshold.bands}
        for watch in state.subjects.values():
            watch.candidate = None
            watch.band = watch.band if watch.band in bands else None
        state.dirty.update(dict.fromkeys([*state.subjects, *self._countable(prepared)]))

    def _countable(self, prepared: PreparedThreshold) -> Iterator[str]:
        """The subjects of which a threshold could tell."""
        facts, per = self._desk.facts, prepared.threshold.per
        if per == SHOP:
            yield ""
        elif prepared.is_eager:
            yield from facts.entities[per]
        for index in prepared.aggregates:
            yield from facts.aggregates[index].totals

    def _plan_border(self, number: int, now: int) -> None:
        """Be woken at the first look behind the next border."""
        prepared = self._desk.prepared.thresholds[number]
        border = self._turns.next_border(prepared.threshold.name, now)
        if border is not None:
            prepared = self._turn(number, border)
            self._wake(prepared, self._due_at(prepared, border, border))

    def _speaks_from(self, prepared: PreparedThreshold, now: int) -> int | None:
        """From when on a threshold speaks to the shop; nothing if it never will again."""
        threshold, region = prepared.threshold, self._desk.facts.region
        intervals = (threshold.effective, self._desk.prepared.program.effective)
        elsewhere = threshold.regions and region not in threshold.regions
        if (
            threshold.status is Status.DISABLED
            or elsewhere
            or any(_over(i, now) for i in intervals)
        ):
            return None
        return max(i.start for i in (*intervals, _ALWAYS) if i.start is not None)

    def _changed(self, prepared: PreparedThreshold, state: WatchState, now: int) -> set[str]:
        """The subjects that have changed, by now; other thresholds are told of theirs."""
        for index in prepared.aggregates:
            self._desk.measuring.aggregates.settle(index, now)
        for number in self._spread():
            other = self._turn(number, now)
            if other is not prepared:
                soon = now if _on_change(other) else self._due_at(other, now + 1, now)
                self._wake(other, soon)
        changed = set(state.dirty)
        state.dirty.clear()
        if prepared.threshold.per != SHOP and "" in changed:
            changed = {*changed, *state.subjects} - {""}
        return changed

    def _subjects(
        self, prepared: PreparedThreshold, state: WatchState, changed: set[str], now: int
    ) -> list[str]:
        """The subjects to look at: what has changed, what is held, what time alone may change."""
        if _on_change(prepared):
            held = {one for one, until in state.held.items() if FIRST_INSTANT < until <= now}
            return sorted(changed | held)
        restless = state.subjects if prepared.restless else ()
        return sorted({*changed, *state.held, *restless})

    def _plan_next(self, prepared: PreparedThreshold, state: WatchState, now: int) -> None:
        """Be woken when something changes by itself."""
        changes = map(self._desk.measuring.aggregates.next_change, prepared.aggregates)
        moments = [max(at, now + 1) for at in changes if at is not None]
        if _on_change(prepared):
            moments += [until for until in state.held.values() if until > now]
        elif state.held or prepared.restless:
            moments.append(now + 1)
        if moments:
            self._wake(prepared, self._due_at(prepared, min(moments), now))

    # ------------------------------------------------------------- forgetting

    def forget(self, before: int) -> None:
        """Forget subjects of which nothing has been seen since an instant, and nothing is left."""
        for prepared in self._desk.prepared.thresholds:
            state = self._state(prepared)
            for subject, watch in list(state.subjects.items()):
                if subject and watch.seen < before and not self._is_needed(prepared, subject):
                    del state.subjects[subject]

    def _is_needed(self, prepared: PreparedThreshold, subject: str) -> bool:
        facts, state = self._desk.facts, self._state(prepared)
        group = self._turns.variants.get(self._numbers[prepared.threshold.name])
        numbers = group.things if group else ()
        variants = [self._desk.prepared.thresholds[one] for one in numbers] or [prepared]
        indices = [index for one in variants for index in one.aggregates]
        ref = f"{prepared.threshold.name}|{subject}"
        return (
            subject in state.dirty
            or subject in state.held
            or any(subject in facts.aggregates[index].totals for index in indices)
            or any(one.recovers == ref for each in facts.actions.values() for one in each.grants)
        )


_ALWAYS = Interval(FIRST_INSTANT, None)


def _on_change(prepared: PreparedThreshold) -> bool:
    return prepared.threshold.schedule.kind is ScheduleKind.ON_CHANGE


def _over(interval: Interval, now: int) -> bool:
    """Whether an interval lies in the past."""
    return interval.end is not None and interval.end <= now
