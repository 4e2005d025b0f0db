"""Actions: applied, extended, suspended, lifted and expired, each with a decision of its own.

What an action comes to follows from its grants (`grants.py`), so that taking one grant back gives
exactly what the others had asked for.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import msgspec

from ..language.program import (
    ONCE,
    PERMANENT,
    RECOVERED,
    Action,
    Length,
    Overlap,
    Proposal,
    Status,
    WhilePending,
)
from ..language.syntax import Ending
from ..records.decision import Decision, Evidence, Outcome, Subject
from .action_records import ActionRecords, Asking, target_of
from .caps import Caps
from .desk import ACTION_END, ACTION_START, Desk
from .extending import Extending
from .grants import Target, counting, is_suspended, packed, ref_of, span
from .model import ActionState, Grant, Issued
from .openings import Openings
from .writing import Moment, Wording

ACTION = "action"
_OF_SHOPS = frozenset({"shop", "fund"})
_IMPOSED = frozenset({"applied", "extended", "scheduled"})


class Actions:
    """The actions of one shop."""

    def __init__(self, desk: Desk, openings: Openings) -> None:
        """Work at a desk, with the openings of appeals of the same shop."""
        self._desk = desk
        self._openings = openings
        self._records = ActionRecords(desk)
        self._caps = Caps(desk)
        self._extending = Extending(desk)

    # ------------------------------------------------------------- applying

    def apply(self, proposal: Proposal, asking: Asking, moment: Moment) -> None:
        """Apply an action, or lengthen the one that runs, unless an appeal took that out."""
        action = self._desk.action(proposal.action, moment.now)
        speaks = action.applies(self._desk.facts.region, moment.now)
        if action.status is Status.DISABLED or not speaks:
            return
        key = target_of(action, asking.decision.subject)
        if key is None:
            self._records.held_back(action, asking, moment)
            return
        wording = self._records.asked(action, key, asking, moment)
        subject = self._records.subject(action, key, asking)
        if self._desk.writer.identify(wording, subject, moment) in self._desk.redress.void:
            return
        capped = self._caps.work_out(action, key, moment.now)
        if capped.reason is not None:
            self._records.held_back(action, asking, moment, capped)
            return
        if capped.evidence is not None:
            wording = replace(wording, evidence=capped.beside(wording.evidence))
        grant = self._grant(proposal, asking, moment)
        grant.cap = capped.number
        main = self._fall(action, Target(action.scope, key), grant, (wording, subject), moment)
        for target, words in self._extending.beside(action, main, moment):
            own = msgspec.structs.replace(grant, decision="", held={})
            self._fall(action, target, own, words, moment)

    def _fall(
        self,
        action: Action,
        target: Target,
        grant: Grant,
        words: tuple[Wording, Subject],
        moment: Moment,
    ) -> Decision:
        """Let an action fall on something, or only say that it would."""
        if action.status is Status.ENFORCE:
            return self._join(action, target, grant, words, moment)
        return self._write(words, self._alone(action, target, grant), "applied", moment)

    def _grant(self, proposal: Proposal, asking: Asking, moment: Moment) -> Grant:
        length = proposal.length
        timed = None if isinstance(length, Ending) else packed(length)
        return Grant(
            decision="",
            root=asking.root,
            asked_at=moment.now,
            start=self._start(asking, moment),
            length=timed,
            once=length is ONCE,
            permanent=length is PERMANENT,
            recovers=asking.recovers if length is RECOVERED else None,
            event=proposal.event,
            needs=asking.causes.needs,
        )

    def _start(self, asking: Asking, moment: Moment) -> int:
        """When actions begin: at once, unless their appeal delays them."""
        for kind in (asking.root_kind, ACTION):
            process = self._openings.process(kind, moment.now)
            if process and process.delay and process.while_pending is WhilePending.DELAY:
                return self._desk.lasts(moment.now, process.delay)
        return moment.now

    def _join(
        self,
        action: Action,
        target: Target,
        grant: Grant,
        words: tuple[Wording, Subject],
        moment: Moment,
    ) -> Decision:
        """Let a grant count: now or, if it is delayed, from its start on."""
        key, now = target.ref(action.name), moment.now
        if grant.once and grant.start <= now:
            return self._impose(words, self._alone(action, target, grant), "applied", moment)
        state = self._desk.facts.actions.setdefault(key, _against(action, target, grant.start, []))
        held = is_suspended(state, now)
        change = self._change_of(action, state, grant, now)
        if grant.start > now and all(one.start != grant.start for one in state.grants):
            self._desk.timer(grant.start, ACTION_START, key)
        state.grants.append(grant)
        self._settle(key, state, now)
        shown = self._alone(action, target, grant) if change == "scheduled" else state
        decision = self._impose(words, shown, change, moment)
        grant.decision = decision.decision_id
        self._follow(state, moment, suspended=held)
        return decision

    def _alone(self, action: Action, target: Target, grant: Grant) -> ActionState:
        """What an action comes to that nothing but one grant has asked for."""
        state = _against(action, target, grant.start, [grant])
        state.until = self._span(state, grant.start)[1]
        return state

    def _change_of(self, action: Action, state: ActionState, grant: Grant, now: int) -> str:
        """What asking for an action changes."""
        if action.overlap is Overlap.KEEP and not all(one.once for one in state.grants):
            return "kept"
        if grant.start > now:
            return "scheduled"
        return "extended" if counting(state, now) else "applied"

    def _settle(self, key: str, state: ActionState, now: int) -> None:
        """Work out when the action begins and ends, and ask to be woken then."""
        before = state.until
        state.start, state.until = self._span(state, now)
        if state.until is not None and state.until != before:
            self._desk.timer(state.until, ACTION_END, key)

    def _span(self, state: ActionState, now: int) -> tuple[int, int | None]:
        overlap = self._desk.action(state.action, now).overlap
        return span(state, overlap, self._desk.lasts, now)

    # ------------------------------------------------------- as time passes

    def due_start(self, key: str, now: int) -> None:
        """A timer went: grants begin that were delayed."""
        state = self._desk.facts.actions.get(key)
        begun = [grant for grant in state.grants if _begins(grant, now)] if state else []
        if state is None or not begun:
            return
        moment = Moment(now, f"start/{key}/{now}")
        if any(grant.once for grant in begun):
            self._do_once(key, state, moment)
        lasting = [grant for grant in begun if not grant.once]
        if lasting:
            self._settle(key, state, now)
            first = len(counting(state, now)) == len(lasting)
            if not is_suspended(state, now):
                change = "applied" if first else "extended"
                self._change(state, change, moment, lasting)

    def _do_once(self, key: str, state: ActionState, moment: Moment) -> None:
        """Do what is done once, was delayed, and is held by no appeal."""
        due = [one for one in state.grants if one.once and one.start <= moment.now and not one.held]
        for grant in due:
            self._change(state, "applied", moment, [grant])
        if due:
            self._leave(key, state, [one for one in state.grants if one not in due], moment.now)

    def due_end(self, key: str, now: int) -> None:
        """A timer went: end an action whose time is over."""
        state = self._desk.facts.actions.get(key)
        if state is None or state.until is None or state.until > now:
            return
        over = counting(state, now)
        if over:
            moment = Moment(state.until, f"expiry/{key}/{state.until}")
            self._change(state, "expired", moment, over)
            self._leave(key, state, [one for one in state.grants if one not in over], now)

    def _leave(self, key: str, state: ActionState, grants: list[Grant], now: int) -> None:
        """Go on with what is left of an action, if anything is."""
        state.grants = grants
        if grants:
            self._settle(key, state, now)
        else:
            del self._desk.facts.actions[key]

    # ---------------------------------------------------------- taking back

    def recovered(self, watch: str, moment: Moment) -> None:
        """Lift what was to last until a threshold's band was left."""
        for key, state in list(self._desk.facts.actions.items()):
            gone = [grant for grant in state.grants if grant.recovers == watch]
            if gone:
                self._take_off(key, state, gone, moment, None)

    def happened(self, event: str, about: Mapping[str, str | None], moment: Moment) -> None:
        """Lift what was to last until an event; `about` are the keys that it is about, by kind."""
        for key, state in list(self._desk.facts.actions.items()):
            scope = self._desk.prepared.program.actions[state.action].scope
            concerns = scope in _OF_SHOPS or about.get(scope) == state.target
            gone = [grant for grant in state.grants if grant.event == event]
            if gone and concerns:
                self._take_off(key, state, gone, moment, None)

    def take_back(self, decision: str, moment: Moment, reversal: Wording) -> Decision | None:
        """Take back the grant of a decision; gives what did it, if it still counted."""
        for key, state in self._desk.facts.actions.items():
            gone = [grant for grant in state.grants if grant.decision == decision]
            if gone:
                return self._take_off(key, state, gone, moment, reversal)
        return None

    def _take_off(
        self,
        key: str,
        state: ActionState,
        gone: list[Grant],
        moment: Moment,
        reversal: Wording | None,
    ) -> Decision:
        """Take grants off an action; what nothing else keeps running is lifted."""
        now, held = moment.now, is_suspended(state, moment.now)
        running = counting(state, now)
        left = [grant for grant in state.grants if grant not in gone]
        if any(grant in left for grant in running):
            state.grants = left
            self._settle(key, state, now)
            over = state.until is not None and state.until <= now
        else:
            over = True
        decision = self._change(state, "lifted" if over else "kept", moment, gone, reversal)
        if over:
            self._leave(key, state, [one for one in left if one not in running], now)
        else:
            self._follow(state, moment, suspended=held)
        return decision

    # ----------------------------------------------------------- shortening

    def shorten(
        self, decision: str, length: Length, reversal: Wording, moment: Moment
    ) -> Decision | None:
        """Replace a grant by one that ends sooner, so long after its start.

        Gives what cancelled it, or nothing where it has no end or would not end sooner.
        """
        for key, state in self._desk.facts.actions.items():
            for place, grant in enumerate(state.grants):
                if grant.decision == decision and grant.length is not None:
                    shorter = msgspec.structs.replace(grant, length=packed(length))
                    return self._replace((key, state), (place, shorter), reversal, moment)
        return None

    def _replace(
        self,
        at: tuple[str, ActionState],
        by: tuple[int, Grant],
        reversal: Wording,
        moment: Moment,
    ) -> Decision | None:
        (key, state), (place, shorter), now = at, by, moment.now
        old, until = state.grants[place], state.until
        state.grants[place] = shorter
        end = self._span(state, now)[1]
        state.grants[place] = old
        if until is None or end is None or end >= until:
            return None
        if end <= now:
            return self.take_back(old.decision, moment, reversal)
        cancelled = self._change(state, "lifted", moment, [old], reversal)
        state.grants[place] = shorter
        self._settle(key, state, now)
        self._imposed_anew(state, (old, shorter), reversal, moment)
        return cancelled

    def _imposed_anew(
        self, state: ActionState, grants: tuple[Grant, Grant], reversal: Wording, moment: Moment
    ) -> None:
        """Write the shorter action in place of one that was cancelled."""
        (old, shorter), action = grants, self._desk.action(state.action, moment.now)
        wording = Wording(
            kind="action",
            section="actions",
            item=action,
            span=action.span,
            outcome=Outcome(),
            evidence=Evidence(causes=self._desk.facts.issued[old.decision].causes),
            because=reversal.because,
            extra=f"shortened/{old.decision}",
        )
        subject = self._desk.writer.subject(state.target_kind, state.target)
        written = self._impose((wording, subject), state, "applied", moment)
        shorter.decision = written.decision_id
        self._desk.facts.issued[written.decision_id].root = shorter.root
        for issued in self._desk.facts.issued.values():
            if old.decision in issued.causes:  # what it extends to follows from the new one
                issued.causes = [
                    written.decision_id if one == old.decision else one for one in issued.causes
                ]

    # ----------------------------------------------------------- suspending

    def suspend(self, decisions: set[str], case: str, moment: Moment) -> None:
        """Hold the grants of some decisions while they are under appeal."""
        for state in self._desk.facts.actions.values():
            held = is_suspended(state, moment.now)
            for grant in state.grants:
                if grant.decision in decisions:
                    grant.held[case] = None
            self._follow(state, moment, suspended=held)

    def resume(self, case: str, moment: Moment) -> None:
        """Let go of what an appeal had held, and do what it held back."""
        for key, state in list(self._desk.facts.actions.items()):
            held = is_suspended(state, moment.now)
            for grant in state.grants:
                grant.held.pop(case, None)
            self._follow(state, moment, suspended=held)
            self._do_once(key, state, moment)

    def _follow(self, state: ActionState, moment: Moment, *, suspended: bool) -> None:
        """Say so when an action is suspended that was not, or no longer is."""
        running = counting(state, moment.now)
        held = is_suspended(state, moment.now)
        if running and held != suspended:
            self._change(state, "suspended" if held else "resumed", moment, running)

    # -------------------------------------------------------------- writing

    def _impose(
        self, words: tuple[Wording, Subject], state: ActionState, change: str, moment: Moment
    ) -> Decision:
        """Write that an action was asked for; one that this brings about can be appealed."""
        wording, subject = words
        appealable = change in _IMPOSED and not state.extended
        if appealable:
            wording = self._openings.announce(wording, ACTION, moment.now)
        decision = self._write((wording, subject), state, change, moment)
        if appealable:
            self._openings.open(decision, ACTION, moment)
        issued = Issued(
            kind=ACTION,
            rule=decision.rule.id,
            at=moment.now,
            root=state.grants[-1].root,
            causes=decision.evidence.causes,
            subject_kind=ACTION,
            subject_id=ref_of(state),
            event=moment.event_id,
            once=state.grants[-1].once,
            needs=state.grants[-1].needs,
        )
        self._desk.register.add(decision.decision_id, issued)
        return decision

    def _write(
        self, words: tuple[Wording, Subject], state: ActionState, change: str, moment: Moment
    ) -> Decision:
        wording, subject = words
        wording = replace(
            wording,
            outcome=Outcome(actions=[self._records.record(state, change, state.until)]),
            applies_from=state.start,
            applies_until=state.until,
        )
        return self._desk.writer.write(wording, subject, moment)

    def _change(
        self,
        state: ActionState,
        change: str,
        moment: Moment,
        grants: list[Grant],
        reversal: Wording | None = None,
    ) -> Decision:
        causes = [grant.decision for grant in grants]
        return self._records.changed(state, change, moment, causes, reversal)


def _against(action: Action, target: Target, start: int, grants: list[Grant]) -> ActionState:
    return ActionState(
        action.name, target.key, target.kind, start, None, grants, extended=target.extended
    )


def _begins(grant: Grant, now: int) -> bool:
    """Whether a grant that was delayed begins now."""
    return grant.asked_at < grant.start == now
