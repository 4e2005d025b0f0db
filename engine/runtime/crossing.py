"""Crossings: what one look at a threshold finds of one subject, and what follows from it."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from typing import Any

from ..language.catalog import SHOP
from ..language.program import Band, Effects, Status
from ..records.decision import Decision, Evidence, Outcome
from ..records.values import show
from .action_records import Asking
from .actions import Actions
from .banding import Banding
from .desk import Desk
from .entities import Entity
from .errors import EvaluationError
from .instants import FIRST_INSTANT
from .measuring import Measured
from .model import Issued, Watch, WatchState
from .openings import Openings
from .prepared import PreparedThreshold
from .violations import Offence, Violations
from .writing import Moment, Wording


class Crossings:
    """The looks at the thresholds of one shop."""

    def __init__(
        self, desk: Desk, violations: Violations, actions: Actions, openings: Openings
    ) -> None:
        """Work at a desk, with the violations, actions and openings of the same shop."""
        self._desk = desk
        self._violations = violations
        self._actions = actions
        self._openings = openings
        self.on_check: Any = None
        """Called with (threshold, subject, now, measured, shop) at each look, if set."""

    # --------------------------------------------------------------- looking

    def judge(
        self, prepared: PreparedThreshold, state: WatchState, subject: str, moment: Moment
    ) -> None:
        """Look at a subject, and let it enter another band if it is in one for long enough."""
        self._desk.measuring.at(moment.now, subject)
        watch = state.subjects.setdefault(subject, Watch())
        measured, band = self._found(prepared, watch, subject, moment.now)
        if self.on_check is not None:
            shop = self._desk.writer.shop
            self.on_check(prepared.threshold, subject, moment.now, measured, shop)
        if not measured.enough:
            self._not_enough(prepared, watch, subject, measured, moment)
            state.held.pop(subject, None)
            return
        was_silent = not watch.enough or watch.failed
        watch.enough, watch.failed = True, False
        if band is None or (band.name == watch.band and not was_silent):
            watch.candidate = None
            state.held.pop(subject, None)
            return
        until = None if band.name == watch.band else self._held(prepared, watch, band, moment.now)
        if until is None:
            state.held.pop(subject, None)
            watch.candidate = None
            self._enter(prepared, watch, subject, band, measured, moment)
        else:
            state.held[subject] = until

    def _found(
        self, prepared: PreparedThreshold, watch: Watch, subject: str, now: int
    ) -> tuple[Measured, Band | None]:
        """What the measure comes to, and the band that it lies in; a bound may fail as well."""
        measured = self._measured(prepared, subject, now)
        if not measured.enough:
            return measured, None
        entity = self._entity(prepared.threshold.per, subject)
        banding = Banding(self._desk, prepared, entity, now)
        try:
            return measured, banding.band(measured.value, watch.band)
        except EvaluationError as error:
            return replace(measured, value=None, error=error.reason), None

    def _measured(self, prepared: PreparedThreshold, subject: str, now: int) -> Measured:
        """The measure's value; insufficient when a further condition does not hold."""
        measuring, threshold = self._desk.measuring, prepared.threshold
        measured = measuring.read(threshold.measure, subject, now)
        if not measured.enough or prepared.require is None:
            return measured
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

    def _held(self, prepared: PreparedThreshold, watch: Watch, band: Band, now: int) -> int | None:
        """Until when a band is to be held before it is entered; nothing if it has been.

        Where checks are counted, no instant decides, and the first of all instants stands for that.
        """
        hold = prepared.threshold.hold_for.get(band.name)
        if hold is None:
            return None
        if watch.candidate != band.name:
            watch.candidate, watch.since, watch.checks = band.name, now, 0
        watch.checks += 1
        if hold.checks is not None:
            return None if watch.checks >= hold.checks else FIRST_INSTANT
        until = now if hold.length is None else self._desk.lasts(watch.since, hold.length)
        return None if now >= until else until

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
        watch.band = band.name
        if not moved:
            return
        ref = f"{threshold.name}|{subject}"
        self._actions.recovered(ref, moment)
        effects = threshold.on_enter.get(band.name)
        if decision.decision_id in self._desk.redress.void:
            return
        self._remember(decision, moment)
        if effects is not None and threshold.status is Status.ENFORCE:
            self._effects(effects, decision, ref, moment)

    def _remember(self, decision: Decision, moment: Moment) -> None:
        self._desk.facts.issued[decision.decision_id] = Issued(
            kind="threshold",
            rule=decision.rule.id,
            at=moment.now,
            root=decision.decision_id,
            subject_kind=decision.subject.kind,
            subject_id=decision.subject.id,
            event=moment.event_id,
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
