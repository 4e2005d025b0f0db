"""Remedies: a quiz passed, a mistake corrected, and what that does to a decision.

An event that meets a remedy undoes or softens one decision, by reversals that name the remedy as
their cause. In a rehearsal of history nothing is looked for anew: what remedies did is repeated.
"""

from __future__ import annotations

from collections.abc import Iterable

from msgspec.structs import replace

from ..language.program import Remedy, Status, Success
from ..records.decision import Decision, Evidence, Outcome
from .admission import HEARD
from .desk import Desk
from .effects import Effects
from .entities import Entity
from .errors import EvaluationError
from .event_types import Event
from .grants import packed
from .model import Case, Effect, Issued
from .prepared import PreparedRemedy
from .trace import explain
from .writing import Moment, Wording

_CURED = frozenset({"violation", "action"})


class Remedies:
    """The remedies of one shop."""

    def __init__(self, desk: Desk, effects: Effects) -> None:
        """Work at a desk, with the effects of appeals of the same shop."""
        self._desk = desk
        self._effects = effects

    def happened(
        self, remedies: tuple[PreparedRemedy, ...], event: Event, entity: Entity, moment: Moment
    ) -> None:
        """Let an event remedy what it can; of several remedies each looks for itself."""
        if self._desk.rehearsal:
            self._effects.replay_event(moment)
            return
        met = [one for one in remedies if self._is_met(one, entity, moment.now)]
        found = [self._remedy(one, event, entity, moment) for one in met]
        if met and not any(found) and _names(event):
            why_not = "it names no decision that can be remedied so"
            self._write(met[0], entity, None, why_not, moment)

    def _is_met(self, prepared: PreparedRemedy, entity: Entity, now: int) -> bool:
        remedy, region = prepared.remedy, self._desk.facts.region
        speaks = remedy.status is Status.ENFORCE and remedy.applies(region, now)
        return speaks and self._holds(prepared, entity, now)

    def _holds(self, prepared: PreparedRemedy, entity: Entity, now: int) -> bool:
        """Whether an event is what the remedy asks for; what cannot be told is not."""
        if prepared.condition is None:
            return True
        self._desk.measuring.at(now)
        scope = self._desk.scope(prepared.remedy.about, entity)
        try:
            return bool(prepared.condition(*scope, now, self._desk.measuring))
        except EvaluationError:
            return False

    def _remedy(
        self, prepared: PreparedRemedy, event: Event, entity: Entity, moment: Moment
    ) -> bool:
        """Remedy the decision that an event is about; whether there is one that fits."""
        remedy = prepared.remedy
        target = self._target(remedy, event)
        if target is None:
            return False
        why_not = self._why_not(remedy, target, moment.now)
        decision = self._write(prepared, entity, target, why_not, moment)
        if why_not is None:
            self._forget(moment.now)
            self._desk.redress.remedied.append((remedy.name, target, moment.now))
            self._cure(remedy, target, decision, moment)
        return True

    # ------------------------------------------------------------ finding

    def _target(self, remedy: Remedy, event: Event) -> str | None:
        """The decision that an event is about: the one it names, else the latest that fits."""
        decision, rule = getattr(event, "decision_id", None), getattr(event, "rule", None)
        found = [
            identity
            for identity, issued in self._desk.facts.issued.items()
            if self._fits(remedy, issued)
            and decision in {None, identity}
            and rule in {None, issued.rule}
        ]
        return found[-1] if found else None

    def _fits(self, remedy: Remedy, issued: Issued) -> bool:
        if issued.kind not in _CURED or issued.reversed_by is not None or self._extends(issued):
            return False
        if remedy.of:
            return issued.rule in remedy.of
        return issued.kind == ("violation" if remedy.voids or remedy.lowers else "action")

    def _extends(self, issued: Issued) -> bool:
        """Whether it is an action on the shop that falls on others too: it goes with that."""
        causes = map(self._desk.facts.issued.get, issued.causes)
        return issued.kind == "action" and any(one and one.kind == "action" for one in causes)

    def _why_not(self, remedy: Remedy, target: str, now: int) -> str | None:
        """What keeps a remedy from a decision."""
        issued, known = self._desk.facts.issued[target], self._desk.facts.issued
        about = {target, issued.root, *(one for one in known if known[one].root == target)}
        cases = [one for one in self._desk.redress.cases.values() if one.decision in about]
        if any(case.state in HEARD for case in cases):
            return "an appeal against it is being decided"
        if remedy.within is not None:
            since = _noticed(cases, target, issued)
            if now > self._desk.last_in_time(since, remedy.within):
                return "the time for it is over"
        return self._used_up(remedy, target, now)

    def _used_up(self, remedy: Remedy, target: str, now: int) -> str | None:
        used = self._desk.redress.remedied
        if any((name, about) == (remedy.name, target) for name, about, _ in used):
            return "it has been remedied so before"
        rate = remedy.per_shop
        if rate is None:
            return None
        times = [at for name, _, at in used if name == remedy.name]
        recent = sum(now < self._desk.lasts(at, rate.length) for at in times)
        return f"the limit of {rate.count} is used up" if recent >= rate.count else None

    def _forget(self, now: int) -> None:
        """Forget what was remedied, once neither the decision nor a limit asks for it."""
        remedies = self._desk.prepared.program.remedies
        rates = {one.name: one.per_shop for one in remedies if one.per_shop is not None}
        self._desk.redress.remedied = [
            (name, about, at)
            for name, about, at in self._desk.redress.remedied
            if about in self._desk.facts.issued
            or (name in rates and now < self._desk.lasts(at, rates[name].length))
        ]

    # ------------------------------------------------------------- curing

    def _cure(self, remedy: Remedy, target: str, decision: Decision, moment: Moment) -> None:
        issued = self._desk.facts.issued[target]
        effect = Effect(
            "shorten",
            "",
            moment.now,
            moment.event_id,
            target,
            appeal=decision.decision_id,
            reason=decision.rule.because or f"the remedy `{remedy.name}`",
        )
        if remedy.shortens is not None:
            self._effects.do(replace(effect, length=packed(remedy.shortens)))
        success = [Success.VOID_POINTS.value] * (remedy.voids or bool(remedy.lowers))
        success += [Success.LIFT_ACTIONS.value] * remedy.lifts
        left = max(issued.points - remedy.lowers, 0) if remedy.lowers else 0
        if success:
            self._effects.do(replace(effect, kind="reverse", points=left, success=success))

    def _write(
        self,
        prepared: PreparedRemedy,
        entity: Entity,
        target: str | None,
        why_not: str | None,
        moment: Moment,
    ) -> Decision:
        remedy, explanation = prepared.remedy, None
        if remedy.condition is not None:
            named = self._desk.named_scope(remedy.about, entity)
            explanation = explain(remedy.condition, named, moment.now, self._desk.measuring)
        reason = self._desk.fill(remedy.because, "shop", self._desk.shop(), moment.now)
        wording = Wording(
            kind="remedy",
            section="remedies",
            item=remedy,
            span=remedy.span,
            outcome=Outcome(),
            evidence=Evidence(explanation=explanation, causes=[target] if target else []),
            because=why_not or reason,
            result="fired" if why_not is None else "not fired",
            extra=target or "",
        )
        writer = self._desk.writer
        return writer.write(wording, writer.subject("shop", writer.shop), moment)


def _names(event: Event) -> bool:
    """Whether an event says which decision it is about."""
    return any(getattr(event, field, None) is not None for field in ("decision_id", "rule"))


def _noticed(cases: Iterable[Case], target: str, issued: Issued) -> int:
    """When the seller was told of a decision."""
    told = [case.noticed_at for case in cases if case.decision == target]
    return next((at for at in told if at is not None), issued.at)
