"""The records of actions: who asked for one, what changed, what could not fall on anything."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from ..language.program import Action
from ..records.decision import ActionChange, Decision, Evidence, Outcome, Subject
from .caps import Capped, parameters_of
from .desk import Desk
from .grants import cap
from .model import ActionState
from .writing import Moment, Wording

_NO_TARGET = "the decision is about no such thing"


@dataclass(frozen=True, slots=True)
class Causes:
    """What came before a decision that only together with it asks for actions.

    Of all of them, so many `needs` to stand. Where there are more than are listed, `total` counts
    them with the decision, and `digest` is one of all.
    """

    listed: tuple[str, ...] = ()
    needs: int = 0
    total: int | None = None
    digest: str | None = None

    def evidence(self, decision: str) -> Evidence:
        """The same for the record, with the decision itself."""
        listed = [*self.listed, decision]
        return Evidence(causes=listed, causes_total=self.total, causes_digest=self.digest)


_ALONE: Final = Causes()


@dataclass(frozen=True, slots=True)
class Asking:
    """Who asks for actions: a decision, the decision at its root, and what both are about."""

    decision: Decision
    root: str
    root_kind: str
    recovers: str | None = None
    causes: Causes = _ALONE


class ActionRecords:
    """Writes the decisions on the actions of one shop."""

    def __init__(self, desk: Desk) -> None:
        """Work at a desk."""
        self._desk = desk

    def asked(self, action: Action, target: str, asking: Asking, moment: Moment) -> Wording:
        """Who asked for an action and why, without what came of it.

        One decision may ask for the same action twice; each asking has an id of its own.
        """
        number, subject = 0, self.subject(action, target, asking)
        while True:
            wording = _asked(action, asking, f"asked/{asking.decision.decision_id}/{number}")
            identity = self._desk.writer.identify(wording, subject, moment)
            if identity not in self._desk.facts.issued:
                return wording
            number += 1

    def subject(self, action: Action, target: str, asking: Asking) -> Subject:
        """What an action falls on, with what it belongs to where the asking knows."""
        if action.scope == asking.decision.subject.kind:
            return asking.decision.subject
        return self._desk.writer.subject(action.scope, target)

    def changed(
        self,
        state: ActionState,
        change: str,
        moment: Moment,
        causes: list[str],
        reversal: Wording | None = None,
    ) -> Decision:
        """Write that something became of an action without anybody asking for it."""
        action = self._desk.action(state.action, moment.now)
        until = moment.now if change == "lifted" else state.until
        wording = Wording(
            kind="reversal" if reversal else "action",
            section="actions",
            item=action,
            span=action.span,
            outcome=Outcome(actions=[self.record(state, change, until)]),
            evidence=Evidence(causes=causes),
            because=reversal.because if reversal else None,
            extra=f"{change}/{'/'.join(causes)}",
            applies_from=state.start,
            applies_until=until,
            reverses=causes[0] if reversal else None,
            caused_by_appeal=reversal.caused_by_appeal if reversal else None,
        )
        subject = self._desk.writer.subject(state.target_kind, state.target)
        return self._desk.writer.write(wording, subject, moment)

    def record(self, state: ActionState, change: str, until: int | None) -> ActionChange:
        """What became of an action, for the record."""
        writer, grants = self._desk.writer, state.grants
        asked = max((grant.asked_at for grant in grants), default=state.start)
        action = self._desk.action(state.action, asked)
        number = cap(state, action.overlap, self._desk.facts.clock)
        return ActionChange(
            action=state.action,
            change=change,  # type: ignore[arg-type]  # one of the words that the record names
            scope=state.target_kind,
            target=state.target,
            start=writer.time(state.start) or "",
            until=writer.time(until),
            permanent=any(grant.permanent for grant in grants) and until is None,
            until_recovered=any(grant.recovers for grant in grants) and until is None,
            until_events=sorted({grant.event for grant in grants if grant.event}),
            overlap=action.overlap.value,
            parameters=parameters_of(action, number),
        )

    def held_back(
        self, action: Action, asking: Asking, moment: Moment, capped: Capped | None = None
    ) -> None:
        """Record an action that cannot fall on anything, or whose cap cannot be worked out."""
        writer = self._desk.writer
        change = ActionChange(
            action=action.name,
            change="kept",
            scope=action.scope,
            target="",
            start=writer.time(moment.now) or "",
            held_back_by=_NO_TARGET if capped is None else capped.reason,
            parameters=dict(action.parameters),
        )
        evidence = Evidence(causes=[asking.decision.decision_id])
        wording = Wording(
            kind="action",
            section="actions",
            item=action,
            span=action.span,
            outcome=Outcome(actions=[change]),
            evidence=evidence if capped is None else capped.beside(evidence),
            result="not fired",
            because=asking.decision.rule.because,
            extra=f"held back/{asking.decision.decision_id}",
        )
        writer.write(wording, asking.decision.subject, moment)


def target_of(action: Action, subject: Subject) -> str | None:
    """The key of what an action falls on, given what the decision is about."""
    if action.scope in {"shop", "fund"}:
        return subject.shop
    if subject.kind == action.scope:
        return subject.id
    related: str | None = getattr(subject, action.scope)
    return related


def _asked(action: Action, asking: Asking, extra: str) -> Wording:
    return Wording(
        kind="action",
        section="actions",
        item=action,
        span=action.span,
        outcome=Outcome(),
        evidence=asking.causes.evidence(asking.decision.decision_id),
        because=asking.decision.rule.because,
        extra=extra,
    )
