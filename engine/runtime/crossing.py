"""Crossings: what one look at a threshold finds of one subject, and what follows from it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Any

from ..language import ir
from ..language.catalog import SHOP
from ..language.program import Band, Effects, Moves, Status
from ..records.decision import Decision, Evidence, Outcome
from ..records.values import say
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
from .trace import explain
from .violations import Offence, Violations
from .writing import Moment, Wording


@dataclass(frozen=True, slots=True)
class Look:
    """What one look finds: the measure, and the band, if there is enough to tell.

    `by_condition` says that a condition put the subject there, whatever the measure says.
    """

    measured: Measured
    band: Band | None = None
    by_condition: bool = False

    @property
    def enough(self) -> bool:
        """Whether there is enough to tell."""
        return self.by_condition or self.measured.enough


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
        look = _kept(prepared, watch, self._look(prepared, watch, subject, moment.now))
        if self.on_check is not None:
            shop = self._desk.writer.shop
            self.on_check(prepared.threshold, subject, moment.now, look.measured, shop)
        if not look.enough:
            self._not_enough(prepared, watch, subject, look, moment)
            state.held.pop(subject, None)
            return
        was_silent = not watch.enough or watch.failed
        watch.enough, watch.failed = True, False
        band = look.band
        if band is None or (band.name == watch.band and not was_silent):
            watch.candidate = None
            state.held.pop(subject, None)
            return
        until = None if band.name == watch.band else self._held(prepared, watch, band, moment.now)
        if until is None:
            state.held.pop(subject, None)
            watch.candidate = None
            self._enter(prepared, watch, subject, band, look, moment)
        else:
            state.held[subject] = until

    def _look(self, prepared: PreparedThreshold, watch: Watch, subject: str, now: int) -> Look:
        """What there is to see of a subject; a condition or a bound may fail as well."""
        try:
            first = self._condition(prepared, subject, now) if prepared.whens else None
        except EvaluationError as error:
            return Look(Measured(None, error=error.reason))
        measured = self._measured(prepared, subject, now)
        if first is not None or not measured.enough:
            return Look(measured, first, by_condition=first is not None)
        entity = self._entity(prepared.threshold.per, subject)
        banding = Banding(self._desk, prepared, entity, now)
        try:
            return Look(measured, banding.band(measured.value, watch.band))
        except EvaluationError as error:
            return Look(replace(measured, value=None, error=error.reason))

    def _condition(self, prepared: PreparedThreshold, subject: str, now: int) -> Band | None:
        """The first band whose condition holds."""
        scope = self._desk.scope(
            prepared.threshold.per, self._entity(prepared.threshold.per, subject)
        )
        measuring = self._desk.measuring
        whens = prepared.whens
        return next((band for band, holds in whens if holds(*scope, now, measuring)), None)

    def _measured(self, prepared: PreparedThreshold, subject: str, now: int) -> Measured:
        """The measure's value; insufficient when a further condition does not hold."""
        measuring, threshold = self._desk.measuring, prepared.threshold
        if threshold.measure is None:
            return Measured(None)
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
        return replace(measured, value=None, unmet=True)

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
        look: Look,
        moment: Moment,
    ) -> None:
        """Record once that there is not enough to tell; the band stays as it was."""
        failed = look.measured.error is not None
        told = (watch.failed if failed else not watch.enough) or watch.band is None
        watch.candidate = None
        if not told or (failed and not watch.failed):
            self._write(prepared, watch, subject, look, moment)
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
        look: Look,
        moment: Moment,
    ) -> None:
        threshold = prepared.threshold
        moved = band.name != watch.band
        decision = self._write(prepared, watch, subject, look, moment)
        watch.band = band.name
        if not moved:
            return
        is_void = decision.decision_id in self._desk.redress.void
        if threshold.moves is not Moves.BOTH:
            watch.kept_by = "" if is_void else decision.decision_id
        ref = f"{threshold.name}|{subject}"
        self._actions.recovered(ref, moment)
        effects = threshold.on_enter.get(band.name)
        if is_void:
            return
        self._remember(decision, moment)
        if effects is not None and threshold.status is Status.ENFORCE:
            self._effects(effects, decision, ref, moment)

    def _remember(self, decision: Decision, moment: Moment) -> None:
        issued = Issued(
            kind="threshold",
            rule=decision.rule.id,
            at=moment.now,
            root=decision.decision_id,
            subject_kind=decision.subject.kind,
            subject_id=decision.subject.id,
            event=moment.event_id,
        )
        self._desk.register.add(decision.decision_id, issued)

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
        look: Look,
        moment: Moment,
    ) -> Decision:
        threshold, band = prepared.threshold, look.band
        entity = self._entity(threshold.per, subject)
        entered = watch.band if band is None else band.name
        effects = threshold.on_enter.get(band.name) if band and band.name != watch.band else None
        wording = Wording(
            kind="threshold",
            section="thresholds",
            item=threshold,
            span=band.span if band else threshold.span,
            outcome=Outcome(band=entered, band_before=watch.band),
            evidence=self._evidence(prepared, watch, subject, look, moment.now),
            because=self._because(prepared, look, entered, entity, moment.now),
            result="fired" if band else ("error" if look.measured.error else "insufficient"),
            error=look.measured.error if band is None else None,
            extra=entered or "",
        )
        if effects is not None and threshold.status is Status.ENFORCE:
            wording = self._openings.announce(wording, "threshold", moment.now)
        owner = self._desk.writer.shop if threshold.per == SHOP else subject
        record = self._desk.writer.subject(threshold.per, owner, entity)
        return self._desk.writer.write(wording, record, moment)

    def _evidence(
        self, prepared: PreparedThreshold, watch: Watch, subject: str, look: Look, now: int
    ) -> Evidence:
        """The measure with its inputs, and the condition that decided."""
        threshold, measuring = prepared.threshold, self._desk.measuring
        entity, measure = self._entity(threshold.per, subject), None
        if threshold.measure is not None:
            by_value = look.band is not None and not look.by_condition
            banding = Banding(self._desk, prepared, entity, now)
            bound = banding.shown_bound(look.band) if look.band and by_value else None
            measure = measuring.evidence(threshold.measure, subject, now, look.measured, bound)
        condition = _deciding(prepared, watch, look)
        if condition is None:
            return Evidence(measure=measure)
        named = self._desk.named_scope(threshold.per, entity)
        return Evidence(explain(condition, named, now, measuring), measure)

    def _because(
        self,
        prepared: PreparedThreshold,
        look: Look,
        band: str | None,
        entity: Entity,
        now: int,
    ) -> str | None:
        if not look.enough:
            return None
        threshold, measured = prepared.threshold, look.measured
        shown = {
            "value": self._shown_value(prepared, measured),
            "numerator": _plain(measured.numerator),
            "denominator": _plain(measured.denominator),
            "sample": _plain(measured.sample),
            "band": band or "none",
        }
        return self._desk.fill(threshold.because, threshold.per, entity, now, shown)

    def _shown_value(self, prepared: PreparedThreshold, measured: Measured) -> str:
        name = prepared.threshold.measure
        if name is None or measured.value is None:
            return "not enough to tell"
        return say(measured.value, self._desk.prepared.measures[name].measure.value.type)


def _kept(prepared: PreparedThreshold, watch: Watch, look: Look) -> Look:
    """What is found, or the band so far where a threshold that moves one way holds on to it."""
    moves = prepared.threshold.moves
    if moves is Moves.BOTH or look.band is None or not watch.kept_by:
        return look
    bands = prepared.threshold.bands
    names = [band.name for band in bands]
    if watch.band not in names:
        return look
    before = names.index(watch.band)
    step = names.index(look.band.name) - before
    against = step < 0 if moves is Moves.UP else step > 0
    return replace(look, band=bands[before]) if against else look


def _deciding(prepared: PreparedThreshold, watch: Watch, look: Look) -> ir.Expr | None:
    """The condition to show: that of a band entered or left by it, else what is required."""
    if look.band is None:
        return prepared.threshold.require if look.measured.unmet else None
    decided = look.band if look.by_condition else _left(prepared, watch)
    if decided is not None and decided.when is not None:
        return decided.when
    return None if look.by_condition else prepared.threshold.require


def _left(prepared: PreparedThreshold, watch: Watch) -> Band | None:
    """The band that a subject has been in, whose condition no longer holds."""
    bands = prepared.threshold.bands
    return next((band for band in bands if band.name == watch.band), None)


def _plain(value: Any) -> str:
    return str(value) if isinstance(value, int | Fraction) else "0"
