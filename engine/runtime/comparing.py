"""Writing what comes out differently once a shop's history has been evaluated again.

Nothing that was written is edited. What stood and stands no more is reversed; what stands and did
not is written now, with the time it belongs to; every point that a ladder gains or loses is stated
by exactly one decision. All of them name the appeal.
"""

from __future__ import annotations

from collections.abc import Iterator

import msgspec

from ..language.program import Action, Item, Ladder
from ..records.decision import ActionChange, Decision, Evidence, Outcome, PointsChange
from .caps import parameters_of
from .grants import cap
from .model import ActionState, Case, Facts, Issued
from .naming import item_of
from .reconciling import Reconciling
from .restating import Restating
from .shop import ShopEngine
from .writing import Moment, Wording

_LASTING = frozenset({"threshold", "violation", "step", "action", "verdict"})
_ONE_BY_ONE = frozenset({"expired", "earned"})
"""Points that come and go with one decision; what a reset did is stated for each one apart."""


class Comparing:
    """What an appeal changes in the history of a shop."""

    def __init__(self, engine: ShopEngine, before: Facts, case: Case, moment: Moment) -> None:
        """Compare what an engine holds with what stood before an appeal succeeded."""
        self._engine = engine
        self._before = before
        self._after = engine.facts
        self._case = case
        self._appeal = case.appeal_id or case.key
        self._moment = moment
        ladders = engine.desk.prepared.program.ladders
        self._restating = Restating(ladders, before, engine.facts)
        self._reconciling = Reconciling(engine.desk, before, moment)
        self._horizon = before.swept_at - engine.desk.prepared.program.retention
        """Decisions from before this have been forgotten, unless something rests on them."""

    def write(self, again: list[Decision]) -> None:
        """Write everything that differs, given what the rehearsal decided."""
        case, why_not = self._case, self._why_not()
        for identity, issued in self._before.issued.items():
            self._one(identity, issued)
        if all(entry[0] != case.decision for entry in case.plan):
            case.plan.append((case.decision, "the decision", "not needed", None, why_not))
        self._reviews()
        for decision in again:
            if self._is_new(decision):
                self._adopt(decision)
        self._points_that_stay()
        self._reconciling.write()
        case.new_decisions += [entry[3] for entry in case.plan if entry[3]]

    # ------------------------------------------------- what stood before

    def _why_not(self) -> str:
        """Why what was appealed is not undone, if it is not."""
        issued = self._before.issued.get(self._case.decision)
        if issued is None:
            return "it is no longer in force"
        if issued.reversed_by is not None:
            return f"it was reversed already by {issued.reversed_by}"
        return "the policy leaves it as it is"

    def _one(self, identity: str, issued: Issued) -> None:
        """See to a decision that had effects."""
        now = self._after.issued.get(identity)
        stands = now is not None and now.reversed_by is None
        if issued.reversed_by is not None:
            self._reversed_before(identity, issued, stands=stands)
        elif not stands:
            what = f"the {issued.kind} `{issued.rule}`"
            issued.reversed_by = self._reverse(identity, identity, issued, what)
            issued.points = 0
            self._engine.desk.register.add(identity, issued)
            self._engine.openings.close(identity, self._moment)
        elif now is not None and now.points != issued.points:
            what = f"the points of `{issued.rule}`, now {now.points}"
            self._reverse(identity, identity, issued, what)

    def _reversed_before(self, identity: str, issued: Issued, *, stands: bool) -> None:
        """What was reversed stays so, unless history brings it back: then the reversal goes."""
        if stands and issued.reversed_by is not None:
            what = f"the reversal of the {issued.kind} `{issued.rule}`"
            self._reverse(issued.reversed_by, identity, issued, what)
        else:
            self._engine.desk.register.add(identity, issued)

    def _reverse(self, reversed_: str, identity: str, issued: Issued, what: str) -> str:
        section, item = item_of(self._engine.desk, issued)
        outcome = Outcome(
            points=list(self._changes(identity)), actions=self._lifted(identity, issued)
        )
        written = self._write("reversal", section, item, outcome, reversed_)
        self._case.plan.append((reversed_, what, "done", written.decision_id, None))
        return written.decision_id

    def _write(self, kind: str, section: str, item: Item, outcome: Outcome, about: str) -> Decision:
        writer = self._engine.desk.writer
        wording = Wording(
            kind=kind,  # type: ignore[arg-type]  # `reversal` or `points`
            section=section,
            item=item,
            span=item.span,
            outcome=outcome,
            evidence=Evidence(causes=[about]),
            because=self._case.outcome_reason,
            extra=f"{about}/{self._appeal}",
            reverses=about if kind == "reversal" else None,
            caused_by_appeal=self._appeal,
        )
        return writer.write(wording, writer.subject("shop", writer.shop), self._moment)

    # ----------------------------------------------------------- points

    def _changes(self, cause: str) -> Iterator[PointsChange]:
        """How the points of a decision differ, on every ladder."""
        for ladder, one in self._restating.differing(cause):
            yield self._restating.settle(ladder, one)

    def _points_that_stay(self) -> None:
        """State the points that expire after all, or do not, because a ladder's end has moved."""
        for name, cause in list(self._restating.differing()):
            outcome = Outcome(ladder=name, points=[self._restating.settle(name, cause)])
            self._write("points", "escalations", self._ladder(name), outcome, cause)

    def _ladder(self, name: str) -> Ladder:
        return self._engine.desk.ladder(name, self._moment.now)

    # ---------------------------------------------------------- actions

    def _lifted(self, identity: str, issued: Issued) -> list[ActionChange]:
        """What becomes of an action that is reversed and still ran."""
        state = self._before.actions.get(issued.subject_id) if issued.kind == "action" else None
        if state is None or all(grant.decision != identity for grant in state.grants):
            return []
        self._reconciling.told.add(issued.subject_id)
        writer = self._engine.desk.writer
        left = self._after.actions.get(issued.subject_id)
        action = self._engine.desk.action(issued.rule, issued.at)
        return [
            ActionChange(
                action=action.name,
                change="lifted" if left is None else "kept",
                scope=state.target_kind,
                target=state.target,
                start=writer.time(state.start) or "",
                until=writer.time(self._moment.now if left is None else left.until),
                overlap=action.overlap.value,
                parameters=self._parameters(action, state if left is None else left),
            )
        ]

    def _parameters(self, action: Action, state: ActionState) -> dict[str, str]:
        return parameters_of(action, cap(state, action.overlap, self._moment.now))

    # ---------------------------------------------------------- reviews

    def _reviews(self) -> None:
        known = self._after.entities["review"]
        for key in self._case.review_ids:
            if key in known:
                entry = (key, "the review, out of the measures", "done", None, None)
                self._case.plan.append(entry)
            else:
                why = "it is not known any more"
                self._case.plan.append((key, "the review", "not needed", None, why))

    # ---------------------------------------------------- what stands now

    def _is_new(self, decision: Decision) -> bool:
        """Whether a decision lasts and did not before, or lets the points of such a one expire."""
        if decision.kind not in _LASTING and decision.outcome.adjusted not in _ONE_BY_ONE:
            return False
        about = _whose(decision)
        found = self._after.issued.get(about)
        recent = found is not None and found.at >= self._horizon
        return recent and about not in self._before.issued

    def _adopt(self, decision: Decision) -> None:
        """Write a decision that history brings now, in its place in the chain of today."""
        engine, moment = self._engine, self._moment
        writer = engine.desk.writer
        decision = self._restated(decision)
        times = msgspec.structs.replace(decision.time, decided_at=writer.time(moment.now) or "")
        fresh = msgspec.structs.replace(decision, time=times, caused_by_appeal=self._appeal)
        fresh = engine.openings.announce_again(fresh, moment.now)
        written = writer.adopt(fresh)
        if fresh.redress is not None:
            engine.openings.open(written, written.kind, moment)
        if decision.kind == "action":
            self._reconciling.told.add(self._after.issued[decision.decision_id].subject_id)
        if decision.kind != "points":
            self._case.new_decisions.append(written.decision_id)

    def _restated(self, decision: Decision) -> Decision:
        """A decision of the new history, with the balances that it moves here."""
        if decision.kind not in {"violation", "points"}:
            return decision
        cause = _whose(decision)
        at = self._after.issued[cause].at
        changes = [self._restating.adopt(change, cause, at) for change in decision.outcome.points]
        outcome = msgspec.structs.replace(decision.outcome, points=changes)
        return msgspec.structs.replace(decision, outcome=outcome)


def _whose(decision: Decision) -> str:
    """The decision whose points one is about."""
    expired = decision.outcome.adjusted == "expired"
    return decision.evidence.causes[0] if expired else decision.decision_id
