"""Actions: applied, extended, suspended, lifted and expired, each with a decision of its own.

An action that runs against a target is the sum of its grants: each asking for it, by which
decision and for how long. Its end is worked out from them under the action's overlap rule, so that
taking one grant back gives exactly what the others had asked for.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from ..language.program import (
    ONCE,
    PERMANENT,
    RECOVERED,
    Action,
    Length,
    Overlap,
    Proposal,
    WhilePending,
)
from ..language.source import Source, Span
from ..language.syntax import Period, Unit
from ..records.decision import ActionChange, Decision, Evidence, Outcome, Subject
from .desk import ACTION_END, ACTION_START, Desk
from .model import ActionState, Grant, Issued
from .openings import Openings
from .writing import Moment, Wording

_NOWHERE = Source("", "")
ACTION = "action"
_NO_TARGET = "the decision is about no such thing"
_IMPOSED = frozenset({"applied", "extended", "scheduled"})


@dataclass(frozen=True, slots=True)
class Asking:
    """Who asks for actions: a decision, the decision at its root, and what both are about."""

    decision: Decision
    root: str
    root_kind: str
    recovers: str | None = None


class Actions:
    """The actions of one shop."""

    def __init__(self, desk: Desk, openings: Openings) -> None:
        """Work at a desk, with the openings of appeals of the same shop."""
        self._desk = desk
        self._openings = openings

    # ------------------------------------------------------------- applying

    def apply(self, proposal: Proposal, asking: Asking, moment: Moment) -> Decision | None:
        """Apply an action, or lengthen the one that runs, unless an appeal took that out."""
        action = self._desk.prepared.program.actions[proposal.action]
        target = _target(action, asking.decision.subject)
        if target is None:
            return self._held_back(action, proposal, asking, moment)
        start = self._start(asking, moment)
        key = f"{action.name}|{target}"
        change = self._change_of(action, key, start, moment)
        wording = _asked(action, change, asking)
        subject = _subject(self._desk, action, target, asking)
        if self._desk.writer.identify(wording, subject, moment) in self._desk.redress.void:
            return None
        state = self._desk.facts.actions.setdefault(
            key, ActionState(action.name, target, action.scope, start, None, [])
        )
        grant = self._grant(proposal, asking, moment, start)
        state.grants.append(grant)
        self._settle(key, state)
        if change == "scheduled":
            self._desk.timer(start, ACTION_START, key)
        decision = self._impose(wording, subject, state, change, moment)
        grant.decision = decision.decision_id
        self._remember(decision, key, asking, moment)
        if proposal.length is ONCE:
            self._end(key, state)
        return decision

    def _change_of(self, action: Action, key: str, start: int, moment: Moment) -> str:
        """What asking for an action changes."""
        if key not in self._desk.facts.actions:
            return "scheduled" if start > moment.now else "applied"
        return "kept" if action.overlap is Overlap.KEEP else "extended"

    def _grant(self, proposal: Proposal, asking: Asking, moment: Moment, start: int) -> Grant:
        length = proposal.length
        timed = None if length in {PERMANENT, RECOVERED, ONCE} else _pack(length)
        return Grant(
            decision="",
            root=asking.root,
            asked_at=moment.now,
            start=start,
            length=timed,
            permanent=length is PERMANENT,
            recovers=asking.recovers if length is RECOVERED else None,
        )

    def _start(self, asking: Asking, moment: Moment) -> int:
        """When actions begin: at once, unless their appeal delays them."""
        for kind in (asking.root_kind, ACTION):
            process = self._openings.process(kind, moment.now)
            if process and process.delay and process.while_pending is WhilePending.DELAY:
                return self._desk.lasts(moment.now, process.delay)
        return moment.now

    def _remember(self, decision: Decision, key: str, asking: Asking, moment: Moment) -> None:
        self._desk.facts.issued[decision.decision_id] = Issued(
            kind="action",
            rule=decision.rule.id,
            at=moment.now,
            root=asking.root,
            causes=[asking.decision.decision_id],
            subject_kind="action",
            subject_id=key,
            event=moment.event_id,
        )

    def _settle(self, key: str, state: ActionState) -> None:
        """Work out when the action begins and ends, and ask to be woken then."""
        before = state.start
        state.start, state.until = self._span(state)
        if state.until is not None:
            self._desk.timer(state.until, ACTION_END, key)
        if state.start != before:
            self._desk.timer(state.start, ACTION_START, key)

    def _span(self, state: ActionState) -> tuple[int, int | None]:
        overlap = self._desk.prepared.program.actions[state.action].overlap
        start, until = state.grants[0].start, self._grant_end(state.grants[0], None)
        for grant in state.grants[1:]:
            until = self._joined(overlap, until, grant)
        return start, until

    def _joined(self, overlap: Overlap, until: int | None, grant: Grant) -> int | None:
        if overlap is Overlap.KEEP:
            return until
        own = self._grant_end(grant, None)
        if own is None or until is None:
            return None if overlap is not Overlap.RESTART else own
        if overlap is Overlap.RESTART:
            return own
        if overlap is Overlap.LONGEST:
            return max(until, own)
        return self._grant_end(grant, max(until, grant.start))

    def _grant_end(self, grant: Grant, start: int | None) -> int | None:
        """When a grant ends if it begins at `start`; `None` while it has no end."""
        if grant.length is None:
            return None
        return self._desk.lasts(grant.start if start is None else start, _unpack(grant.length))

    # --------------------------------------------------------------- ending

    def due_end(self, key: str, now: int) -> None:
        """A timer went: end an action whose time is over."""
        state = self._desk.facts.actions.get(key)
        if state is None or state.until is None or state.until > now:
            return
        moment = Moment(state.until, f"expiry/{key}/{state.until}")
        self._change(state, "expired", moment)
        self._end(key, state)

    def due_start(self, key: str, now: int) -> None:
        """A timer went: begin an action that was delayed, unless an appeal holds it back."""
        state = self._desk.facts.actions.get(key)
        if state is None or state.start > now or state.suspended:
            return
        if state.start > state.grants[0].asked_at and state.start == now:
            self._change(state, "applied", Moment(now, f"start/{key}/{now}"))

    def _end(self, key: str, state: ActionState) -> None:
        del state
        self._desk.facts.actions.pop(key, None)

    def recovered(self, watch: str, moment: Moment) -> None:
        """Lift what was to last until a threshold's band was left."""
        for key, state in list(self._desk.facts.actions.items()):
            kept = [grant for grant in state.grants if grant.recovers != watch]
            if len(kept) < len(state.grants):
                self._reduce(key, state, kept, moment, None)

    def take_back(
        self, decisions: set[str], moment: Moment, reversal: Wording
    ) -> list[tuple[str, Decision]]:
        """Take back the grants of some decisions; gives each with the decision that did it."""
        done = []
        for key, state in list(self._desk.facts.actions.items()):
            gone = [grant.decision for grant in state.grants if grant.decision in decisions]
            if gone:
                kept = [grant for grant in state.grants if grant.decision not in decisions]
                decision = self._reduce(key, state, kept, moment, reversal)
                done += [(one, decision) for one in gone]
        return done

    def _reduce(
        self,
        key: str,
        state: ActionState,
        kept: list[Grant],
        moment: Moment,
        reversal: Wording | None,
    ) -> Decision:
        gone = [grant.decision for grant in state.grants if grant not in kept]
        if kept:
            before = state.until
            state.grants = kept
            self._settle(key, state)
            over = state.until is not None and state.until <= moment.now
            change = "lifted" if over else ("kept" if state.until == before else "extended")
        else:
            change = "lifted"
        decision = self._change(state, change, moment, reversal, gone)
        if change == "lifted":
            self._end(key, state)
        return decision

    # ----------------------------------------------------------- suspending

    def suspend(self, roots: set[str], case: str, moment: Moment) -> None:
        """Suspend what follows from some decisions while they are under appeal."""
        for state in self._desk.facts.actions.values():
            if any(grant.root in roots or grant.decision in roots for grant in state.grants):
                first = not state.suspended
                state.suspended[case] = None
                if first:
                    self._change(state, "suspended", moment)

    def resume(self, case: str, moment: Moment) -> None:
        """Let go on what an appeal had suspended."""
        for state in self._desk.facts.actions.values():
            if case in state.suspended:
                del state.suspended[case]
                if not state.suspended:
                    self._change(state, "resumed", moment)

    # -------------------------------------------------------------- writing

    def _impose(
        self,
        wording: Wording,
        subject: Subject,
        state: ActionState,
        change: str,
        moment: Moment,
    ) -> Decision:
        """Write that an action was asked for; one that this brings about can be appealed."""
        wording = replace(
            wording,
            outcome=Outcome(actions=[self._record(state, change, state.until)]),
            applies_from=state.start,
            applies_until=state.until,
        )
        if change not in _IMPOSED:
            return self._desk.writer.write(wording, subject, moment)
        wording = self._openings.announce(wording, ACTION, moment.now)
        decision = self._desk.writer.write(wording, subject, moment)
        self._openings.open(decision, ACTION, moment)
        return decision

    def _change(
        self,
        state: ActionState,
        change: str,
        moment: Moment,
        reversal: Wording | None = None,
        gone: list[str] | None = None,
    ) -> Decision:
        action = self._desk.prepared.program.actions[state.action]
        causes = gone or [grant.decision for grant in state.grants]
        until = moment.now if change == "lifted" else state.until
        wording = Wording(
            kind="reversal" if reversal else "action",
            section="actions",
            item=action,
            span=action.span,
            outcome=Outcome(actions=[self._record(state, change, until)]),
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

    def _record(self, state: ActionState, change: str, until: int | None) -> ActionChange:
        action = self._desk.prepared.program.actions[state.action]
        writer = self._desk.writer
        grants = state.grants
        return ActionChange(
            action=state.action,
            change=change,  # type: ignore[arg-type]  # one of the words that the record names
            scope=action.scope,
            target=state.target,
            start=writer.time(state.start) or "",
            until=writer.time(until),
            permanent=any(grant.permanent for grant in grants) and until is None,
            until_recovered=any(grant.recovers for grant in grants) and until is None,
            overlap=action.overlap.value,
            parameters=dict(action.parameters),
        )

    def _held_back(
        self, action: Action, proposal: Proposal, asking: Asking, moment: Moment
    ) -> Decision:
        """Record an action that cannot fall on anything."""
        del proposal
        writer = self._desk.writer
        change = ActionChange(
            action=action.name,
            change="kept",
            scope=action.scope,
            target="",
            start=writer.time(moment.now) or "",
            held_back_by=_NO_TARGET,
            parameters=dict(action.parameters),
        )
        wording = Wording(
            kind="action",
            section="actions",
            item=action,
            span=action.span,
            outcome=Outcome(actions=[change]),
            evidence=Evidence(causes=[asking.decision.decision_id]),
            result="not fired",
            because=asking.decision.rule.because,
            extra=f"held back/{asking.decision.decision_id}",
        )
        return writer.write(wording, asking.decision.subject, moment)


def _target(action: Action, subject: Subject) -> str | None:
    """The key of what an action falls on, given what the decision is about."""
    if action.scope in {"shop", "fund"}:
        return subject.shop
    if subject.kind == action.scope:
        return subject.id
    related: str | None = getattr(subject, action.scope)
    return related


def _subject(desk: Desk, action: Action, target: str, asking: Asking) -> Subject:
    if action.scope == asking.decision.subject.kind:
        return asking.decision.subject
    return desk.writer.subject(action.scope, target)


def _asked(action: Action, change: str, asking: Asking) -> Wording:
    """Who asked for an action and why, without what came of it."""
    return Wording(
        kind="action",
        section="actions",
        item=action,
        span=action.span,
        outcome=Outcome(),
        evidence=Evidence(causes=[asking.decision.decision_id]),
        because=asking.decision.rule.because,
        extra=f"{change}/{asking.decision.decision_id}",
    )


def _pack(length: object) -> object:
    """A length as plain data."""
    return [length.count, length.unit.value] if isinstance(length, Period) else length


def _unpack(data: object) -> Length:
    """The length that `_pack` made plain."""
    if isinstance(data, int):
        return data
    assert isinstance(data, list | tuple)  # noqa: S101  # as `_pack` made it
    return Period(data[0], Unit(data[1]), span=Span(_NOWHERE, 0, 0))
