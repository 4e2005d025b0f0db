"""Evaluating a shop's history again, without what a successful appeal took out.

Where a policy recomputes retroactively, a shop keeps the events of the last retention and a
snapshot from before them. The rehearsal starts there, and what comes out differently from what
stands is written as decisions that reverse or replace: nothing that was written is ever edited.
"""

from __future__ import annotations

import msgspec

from ..records.decision import ActionChange, Decision, Evidence, Mode, Outcome, PointsChange
from .desk import CASE
from .event_types import Event
from .events import Decoder
from .model import Chain, Facts, Issued, ShopState
from .naming import item_of
from .prepared import Prepared
from .refused import Refused
from .reversals import PlanEntry
from .shop import ShopEngine
from .snapshots import read_facts, write_facts
from .writing import Moment, Wording

_REPLACING = frozenset({"threshold", "violation", "step", "action", "verdict"})


class History:
    """The recent events of one shop, and what they would have brought."""

    def __init__(self, prepared: Prepared, state: ShopState, decoder: Decoder) -> None:
        """Work on a shop's state."""
        self._prepared = prepared
        self._state = state
        self._decoder = decoder
        self._kept = any(process.retroactive for process in prepared.program.appeals)

    # ------------------------------------------------------------- keeping

    def note(self, event: Event, now: int) -> None:
        """Keep an event that is about to happen, if history may be evaluated again."""
        if not self._kept:
            return
        state, retention = self._state, self._prepared.program.retention
        if not state.base:
            state.base, state.base_at = write_facts(state.facts), now
        elif not state.middle and now - state.base_at > retention:
            self._mark(now)
        elif state.middle and now - state.middle_at > retention:
            state.base, state.base_at = state.middle, state.middle_at
            del state.log[: state.middle_index]
            self._mark(now)
        state.log.append((now, msgspec.json.encode(event)))

    def _mark(self, now: int) -> None:
        state = self._state
        state.middle, state.middle_at = write_facts(state.facts), now
        state.middle_index = len(state.log)

    # ----------------------------------------------------------- rewriting

    def rewrite(self, standing: ShopEngine, key: str, moment: Moment) -> ShopEngine:
        """Evaluate history again for an appeal; gives the engine that goes on from there."""
        rehearsal = self._rehearse(moment.now, standing.desk.writer.mode)
        again = rehearsal.take()
        facts = rehearsal.facts
        engine = ShopEngine(
            self._prepared,
            self._state.shop,
            facts,
            self._state.redress,
            self._state.chain,
            standing.desk.writer.mode,
        )
        _carry_over(standing.facts, facts)
        self._compare(standing.facts, engine, again, key, moment)
        return engine

    def _rehearse(self, until: int, mode: Mode) -> ShopEngine:
        state = self._state
        facts = read_facts(self._prepared, state.base)
        engine = ShopEngine(
            self._prepared, state.shop, facts, state.redress, Chain(), mode, rehearsal=True
        )
        for now, line in state.log:
            event = self._decoder.decode(line)
            assert isinstance(event, Event)  # noqa: S101  # it was one when it was kept
            engine.advance(now)
            try:
                engine.handle(event, now)
            except Refused:
                continue
        engine.advance(until)
        return engine

    def _compare(
        self,
        before: Facts,
        engine: ShopEngine,
        again: list[Decision],
        key: str,
        moment: Moment,
    ) -> None:
        """Write what differs: what no longer holds, then what holds now."""
        case = self._state.redress.cases[key]
        appeal = case.appeal_id or case.key
        after = engine.facts
        for identity, issued in before.issued.items():
            if issued.reversed_by is not None or issued.at < self._state.base_at:
                after.issued.setdefault(identity, issued)
            elif identity not in after.issued:
                entry = self._reverse(identity, issued, before, engine, appeal, moment)
                case.plan.append(entry)
            elif issued.points != after.issued[identity].points:
                entry = self._reduce(identity, issued, before, engine, appeal, moment)
                case.plan.append(entry)
        case.plan += self._reviews(engine, case.review_ids)
        for decision in again:
            fresh = decision.decision_id not in before.issued
            if fresh and decision.decision_id in after.issued and decision.kind in _REPLACING:
                self._replace(decision, engine, appeal, moment)
                case.new_decisions.append(decision.decision_id)
        case.new_decisions += [entry[3] for entry in case.plan if entry[3]]

    def _reviews(self, engine: ShopEngine, reviews: list[str]) -> list[PlanEntry]:
        known = engine.facts.entities["review"]
        return [
            (key, "the review, out of the measures", "done", None, None)
            if key in known
            else (key, "the review", "not needed", None, "it is not known any more")
            for key in reviews
        ]

    def _reverse(
        self,
        identity: str,
        issued: Issued,
        before: Facts,
        engine: ShopEngine,
        appeal: str,
        moment: Moment,
    ) -> PlanEntry:
        written = self._write(identity, issued, before, engine, appeal, moment)
        issued.reversed_by = written
        issued.points = 0
        engine.facts.issued[identity] = issued
        return identity, f"the {issued.kind} `{issued.rule}`", "done", written, None

    def _reduce(
        self,
        identity: str,
        issued: Issued,
        before: Facts,
        engine: ShopEngine,
        appeal: str,
        moment: Moment,
    ) -> PlanEntry:
        written = self._write(identity, issued, before, engine, appeal, moment)
        left = engine.facts.issued[identity].points
        what = f"the points of `{issued.rule}`, down to {left}"
        return identity, what, "done", written, None

    def _write(
        self,
        identity: str,
        issued: Issued,
        before: Facts,
        engine: ShopEngine,
        appeal: str,
        moment: Moment,
    ) -> str:
        section, item = item_of(self._prepared.program, issued)
        outcome = self._outcome(issued, before, engine, moment)
        case = self._state.redress.cases[self._state.redress.by_id.get(appeal, appeal)]
        wording = Wording(
            kind="reversal",
            section=section,
            item=item,
            span=item.span,
            outcome=outcome,
            evidence=Evidence(causes=[identity]),
            because=case.outcome_reason,
            extra=f"{identity}/{appeal}",
            reverses=identity,
            caused_by_appeal=appeal,
        )
        writer = engine.desk.writer
        return writer.write(wording, writer.subject("shop", writer.shop), moment).decision_id

    def _outcome(
        self, issued: Issued, before: Facts, engine: ShopEngine, moment: Moment
    ) -> Outcome:
        """What a reversal changes: the totals of ladders, or an action that is lifted."""
        if issued.kind == "action":
            return Outcome(actions=_lifted(issued, before, engine, moment))
        return Outcome(points=_totals(before, engine.facts) if issued.points else [])

    def _replace(self, decision: Decision, engine: ShopEngine, appeal: str, moment: Moment) -> None:
        """Write a decision that history now brings, in its place in the chain of today."""
        writer = engine.desk.writer
        decided_at = writer.time(moment.now) or ""
        times = msgspec.structs.replace(decision.time, decided_at=decided_at)
        written = writer.adopt(
            msgspec.structs.replace(decision, time=times, caused_by_appeal=appeal)
        )
        engine.openings.open(written, written.kind, moment)


def _carry_over(before: Facts, after: Facts) -> None:
    """Keep what a rehearsal does not know of: deadlines of appeals, and what they suspend."""
    after.timers = sorted([*after.timers, *(t for t in before.timers if t[1] == CASE)])
    for key, state in before.actions.items():
        if key in after.actions:
            after.actions[key].suspended = dict(state.suspended)


def _lifted(
    issued: Issued, before: Facts, engine: ShopEngine, moment: Moment
) -> list[ActionChange]:
    """An action that ran and does not run any more, or runs for a shorter time."""
    state = before.actions.get(issued.subject_id)
    if state is None:
        return []
    program, writer = engine.desk.prepared.program, engine.desk.writer
    left = engine.facts.actions.get(issued.subject_id)
    action = program.actions[issued.rule]
    return [
        ActionChange(
            action=action.name,
            change="lifted" if left is None else "kept",
            scope=action.scope,
            target=state.target,
            start=writer.time(state.start) or "",
            until=writer.time(moment.now if left is None else left.until),
            overlap=action.overlap.value,
            parameters=dict(action.parameters),
        )
    ]


def _totals(before: Facts, after: Facts) -> list[PointsChange]:
    """How the totals of the ladders differ."""
    changes = []
    for name, state in sorted(before.ladders.items()):
        total = after.ladders[name].total if name in after.ladders else 0
        changes.append(PointsChange(name, state.total, total - state.total, total))
    return changes
