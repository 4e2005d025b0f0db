"""Thresholds: looking at measures on schedule or on change, and what their bands bring."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

from ..language.catalog import SHOP
from ..language.program import Band, Effects, Status
from ..language.syntax import ScheduleKind
from ..records.decision import Decision, Evidence, Outcome
from ..records.values import show
from .action_records import Asking
from .actions import Actions
from .banding import Banding
from .desk import CHECK, Desk
from .entities import Entity
from .errors import EvaluationError
from .measuring import Measured
from .model import Issued, Watch, WatchState
from .openings import Openings
from .prepared import PreparedThreshold
from .schedule import next_check
from .violations import Offence, Violations
from .writing import Moment, Wording

_MOST_DAYS = 4_096
"""Checks are remembered for so many days at a time: the days of a stream lie close together."""


class Watching:
    """The thresholds of one shop."""

    def __init__(
        self, desk: Desk, violations: Violations, actions: Actions, openings: Openings
    ) -> None:
        """Work at a desk, with the violations, actions and openings of the same shop."""
        self._desk = desk
        self._violations = violations
        self._actions = actions
        self._openings = openings
        self._by_name = {p.threshold.name: p for p in desk.prepared.thresholds}
        self.on_check: Any = None
        """Called with (threshold, subject, now, measured, shop) after each look, if set."""

    # ------------------------------------------------------------ scheduling

    def arm(self, now: int) -> None:
        """After something happened: see to it that what it may have moved is looked at."""
        for number in self._spread():
            self._arm(self._desk.prepared.thresholds[number], now)

    def _spread(self) -> list[int]:
        """Tell the thresholds which subjects have changed; gives those that were told."""
        aggregates, facts = self._desk.measuring.aggregates, self._desk.facts
        told: dict[int, None] = {}
        for index in list(aggregates.touched):
            state = facts.aggregates[index]
            for number in self._desk.prepared.by_aggregate.get(index, ()):
                name = self._desk.prepared.thresholds[number].threshold.name
                facts.watches[name].dirty.update(state.changed)
                told[number] = None
            state.changed.clear()
        aggregates.touched.clear()
        return sorted(told)

    def _arm(self, prepared: PreparedThreshold, now: int) -> None:
        if prepared.threshold.schedule.kind is ScheduleKind.ON_CHANGE:
            self.look(prepared, now, f"change/{now}")
            return
        self._wake(prepared, self._next(prepared, now))

    def _next(self, prepared: PreparedThreshold, after: int) -> int:
        """The next check after an instant; all instants of a day share two answers."""
        schedule, calendar = prepared.threshold.schedule, self._desk.calendar
        known = self._desk.prepared.checks.setdefault((calendar.zone, schedule), {})
        day = calendar.day_of(after)
        if day not in known:
            if len(known) >= _MOST_DAYS:
                known.clear()
            first = next_check(schedule, calendar, calendar.day_start(day) - 1)
            known[day] = (first, next_check(schedule, calendar, first))
        first, second = known[day]
        return first if after < first else second

    def _wake(self, prepared: PreparedThreshold, at: int) -> None:
        name = prepared.threshold.name
        state = self._desk.facts.watches[name]
        if state.check_at is None or at < state.check_at:
            state.check_at = at
            self._desk.timer(at, CHECK, name)

    def due(self, name: str, now: int) -> None:
        """A timer went: a check, unless it was put off."""
        state = self._desk.facts.watches[name]
        if state.check_at != now:
            return
        state.check_at = None
        self.look(self._by_name[name], now, f"check/{self._desk.writer.time(now)}")

    # --------------------------------------------------------------- looking

    def look(self, prepared: PreparedThreshold, now: int, cause: str) -> None:
        """Look at every subject whose measure may have changed since the last look."""
        threshold = prepared.threshold
        state = self._desk.facts.watches[threshold.name]
        subjects = self._changed(prepared, state, now)
        speaks = (
            threshold.status is not Status.DISABLED
            and threshold.applies(self._desk.facts.region, now)
            and self._desk.prepared.program.effective.covers(now)
        )
        if speaks:
            for subject in subjects:
                self._judge(prepared, state, subject, Moment(now, cause))
        self._plan_next(prepared, state, now)

    def _changed(self, prepared: PreparedThreshold, state: WatchState, now: int) -> list[str]:
        """The subjects to look at: those that changed, and those whose band is being held."""
        for index in prepared.aggregates:
            self._desk.measuring.aggregates.settle(index, now)
        for number in self._spread():
            other = self._desk.prepared.thresholds[number]
            if other is not prepared:
                self._wake(other, self._soon(other, now))
        found = {*state.dirty, *state.held}
        state.dirty.clear()
        if prepared.threshold.per != SHOP and "" in found:
            found = {*found, *state.subjects} - {""}
        return sorted(found)

    def _soon(self, prepared: PreparedThreshold, now: int) -> int:
        on_change = prepared.threshold.schedule.kind is ScheduleKind.ON_CHANGE
        return now if on_change else self._next(prepared, now)

    def _plan_next(self, prepared: PreparedThreshold, state: WatchState, now: int) -> None:
        if state.held and prepared.threshold.schedule.kind is not ScheduleKind.ON_CHANGE:
            self._wake(prepared, self._next(prepared, now))
        changes = map(self._desk.measuring.aggregates.next_change, prepared.aggregates)
        moments = [at for at in changes if at is not None]
        if not moments:
            return
        at = max(min(moments), now + 1)
        if prepared.threshold.schedule.kind is ScheduleKind.ON_CHANGE:
            self._wake(prepared, at)
        else:
            self._wake(prepared, self._next(prepared, at - 1))

    # --------------------------------------------------------------- judging

    def _judge(
        self, prepared: PreparedThreshold, state: WatchState, subject: str, moment: Moment
    ) -> None:
        threshold = prepared.threshold
        watch = state.subjects.setdefault(subject, Watch())
        measured = self._measured(prepared, subject, moment.now)
        if self.on_check is not None:
            self.on_check(threshold, subject, moment.now, measured, self._desk.writer.shop)
        if not measured.enough:
            self._not_enough(prepared, watch, subject, measured, moment)
            return
        entity = self._entity(threshold.per, subject)
        banding = Banding(self._desk, prepared, entity, moment.now)
        band = banding.band(measured.value, watch.band)
        was_silent = not watch.enough or watch.failed
        watch.enough, watch.failed = True, False
        if band is None or (band.name == watch.band and not was_silent):
            watch.candidate = None
            state.held.pop(subject, None)
            return
        if band.name == watch.band or self._held_long_enough(prepared, watch, band, moment.now):
            state.held.pop(subject, None)
            watch.candidate = None
            self._enter(prepared, watch, subject, band, measured, moment)
        else:
            state.held[subject] = None

    def _measured(self, prepared: PreparedThreshold, subject: str, now: int) -> Measured:
        """The measure's value; insufficient when a further condition does not hold."""
        measuring, threshold = self._desk.measuring, prepared.threshold
        measured = measuring.read(threshold.measure, subject, now)
        if not measured.enough or prepared.require is None:
            return measured
        measuring.at(now, subject)
        scope = self._desk.scope(threshold.per, self._entity(threshold.per, subject))
        try:
            holds = prepared.require(*scope, now, measuring)
        except EvaluationError as error:
            return Measured(None, measured.numerator, measured.denominator, error=error.reason)
        if holds:
            return measured
        return Measured(None, measured.numerator, measured.denominator, measured.sample)

    def _entity(self, kind: str, subject: str) -> Entity:
        if kind == SHOP:
            return self._desk.shop()
        known = self._desk.facts.entities[kind].get(subject)
        return self._desk.prepared.kinds.blanks[kind] if known is None else known

    def _not_enough(
        self,
        prepared: PreparedThreshold,
        watch: Watch,
        subject: str,
        measured: Measured,
        moment: Moment,
    ) -> None:
        """Record once that there is not enough to tell; the band stays as it was."""
        failed = measured.error is not None
        told = (watch.failed if failed else not watch.enough) or watch.band is None
        watch.candidate = None
        if not told or (failed and not watch.failed):
            self._write(prepared, watch, subject, measured, moment, None)
        watch.enough, watch.failed = failed, failed

    def _held_long_enough(
        self, prepared: PreparedThreshold, watch: Watch, band: Band, now: int
    ) -> bool:
        hold = prepared.threshold.hold_for.get(band.name)
        if hold is None:
            return True
        if watch.candidate != band.name:
            watch.candidate, watch.since, watch.checks = band.name, now, 0
        watch.checks += 1
        if hold.checks is not None:
            return watch.checks >= hold.checks
        return hold.length is None or now >= self._desk.lasts(watch.since, hold.length)

    # -------------------------------------------------------------- entering

    def _enter(
        self,
        prepared: PreparedThreshold,
        watch: Watch,
        subject: str,
        band: Band,
        measured: Measured,
        moment: Moment,
    ) -> None:
        threshold = prepared.threshold
        moved = band.name != watch.band
        decision = self._write(prepared, watch, subject, measured, moment, band)
        ref = f"{threshold.name}|{subject}"
        if moved:
            self._actions.recovered(ref, moment)
            self._remember(decision, moment)
        watch.band = band.name
        effects = threshold.on_enter.get(band.name)
        if not moved or effects is None or threshold.status is not Status.ENFORCE:
            return
        watch.entry = decision.decision_id
        if decision.decision_id not in self._desk.redress.void:
            self._effects(effects, decision, ref, moment)

    def _remember(self, decision: Decision, moment: Moment) -> None:
        self._desk.facts.issued[decision.decision_id] = Issued(
            kind="threshold",
            rule=decision.rule.id,
            at=moment.now,
            root=decision.decision_id,
            subject_kind=decision.subject.kind,
            subject_id=decision.subject.id,
        )

    def _effects(self, effects: Effects, decision: Decision, ref: str, moment: Moment) -> None:
        self._openings.open(decision, "threshold", moment)
        root, kind = decision.decision_id, "threshold"
        if effects.violation is not None:
            offence = Offence(effects.violation, decision, decision.rule.because)
            issued = self._violations.issue(offence, moment)
            if issued is not None:
                root, kind = issued.decision_id, "violation"
        asking = Asking(decision, root, kind, recovers=ref)
        for proposal in effects.actions:
            self._actions.apply(proposal, asking, moment)

    def _write(
        self,
        prepared: PreparedThreshold,
        watch: Watch,
        subject: str,
        measured: Measured,
        moment: Moment,
        band: Band | None,
    ) -> Decision:
        threshold = prepared.threshold
        entity = self._entity(threshold.per, subject)
        banding = Banding(self._desk, prepared, entity, moment.now)
        bound = None if band is None else banding.shown_bound(band)
        evidence = self._desk.measuring.evidence(
            threshold.measure, subject, moment.now, measured, bound
        )
        entered = watch.band if band is None else band.name
        effects = threshold.on_enter.get(band.name) if band and band.name != watch.band else None
        wording = Wording(
            kind="threshold",
            section="thresholds",
            item=threshold,
            span=band.span if band else threshold.span,
            outcome=Outcome(band=entered, band_before=watch.band),
            evidence=Evidence(measure=evidence),
            because=self._because(prepared, measured, entered, entity, moment.now),
            result="fired" if band else ("error" if measured.error else "insufficient"),
            error=measured.error,
        )
        if effects is not None and threshold.status is Status.ENFORCE:
            wording = self._openings.announce(wording, "threshold", moment.now)
        owner = self._desk.writer.shop if threshold.per == SHOP else subject
        record = self._desk.writer.subject(threshold.per, owner, entity)
        return self._desk.writer.write(wording, record, moment)

    def _because(
        self,
        prepared: PreparedThreshold,
        measured: Measured,
        band: str | None,
        entity: Entity,
        now: int,
    ) -> str | None:
        threshold = prepared.threshold
        type_ = self._desk.prepared.measures[threshold.measure].measure.value.type
        enough = measured.value is not None
        shown = {
            "value": show(measured.value, type_) if enough else "not enough to tell",
            "numerator": _plain(measured.numerator),
            "denominator": _plain(measured.denominator),
            "sample": _plain(measured.sample),
            "band": band or "none",
        }
        if not enough:
            return None
        return self._desk.fill(threshold.because, threshold.per, entity, now, shown)


def _plain(value: Any) -> str:
    return str(value) if isinstance(value, int | Fraction) else "0"
