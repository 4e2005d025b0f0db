"""Undoing decisions: points taken back, actions lifted, reviews taken out of the measures.

Nothing that was written is edited. Each thing undone is a decision of its own that names what it
reverses and the appeal that caused it; what has been reversed already is left alone.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from ..language.program import Item, Success
from ..language.source import Span
from ..records.decision import Evidence, Kind, Outcome, PointsChange
from .actions import Actions
from .desk import Desk
from .ladders import Ladders
from .model import Issued
from .writing import Moment, Wording

PlanEntry = tuple[str, str, str, str | None, str | None]
"""(decision, what is undone, `done` or `not needed`, the reversing decision, why not)."""


@dataclass(frozen=True, slots=True)
class Grounds:
    """Why something is undone: by which appeal, with which reason, and how far."""

    appeal: str
    reason: str
    success: tuple[Success, ...]
    points: int = 0
    reviews: tuple[str, ...] = ()


class Reversals:
    """Undoes decisions of one shop."""

    def __init__(self, desk: Desk, ladders: Ladders, actions: Actions) -> None:
        """Work at a desk."""
        self._desk = desk
        self._ladders = ladders
        self._actions = actions

    def reverse(self, decision: str, grounds: Grounds, moment: Moment) -> list[PlanEntry]:
        """Undo a decision and what followed from it; gives what was done, in order."""
        issued = self._desk.facts.issued.get(decision)
        plan: list[PlanEntry] = []
        if issued is None:
            plan.append((decision, "the decision", "not needed", None, "it is no longer in force"))
        elif issued.reversed_by is not None:
            why = f"it was reversed already by {issued.reversed_by}"
            plan.append((decision, "the decision", "not needed", None, why))
        else:
            plan += _UNDO[issued.kind](self, decision, issued, grounds, moment)
        if Success.EXCLUDE in grounds.success:
            plan += self.exclude(grounds, moment)
        return plan

    # ---------------------------------------------------------- by kind

    def _violation(
        self, decision: str, issued: Issued, grounds: Grounds, moment: Moment
    ) -> list[PlanEntry]:
        plan: list[PlanEntry] = []
        partly = grounds.points > 0
        if Success.VOID_POINTS in grounds.success:
            plan.append(self._void(decision, issued, grounds, moment))
        if Success.LIFT_ACTIONS in grounds.success:
            if not partly:
                plan += self._lift({decision}, grounds, moment)
            plan += self._steps(decision, grounds, moment)
        return plan

    def _void(self, decision: str, issued: Issued, grounds: Grounds, moment: Moment) -> PlanEntry:
        falls = self._ladders.take_back(decision, grounds.points, moment.now)
        changes = [PointsChange(f.ladder, f.before, f.after - f.before, f.after) for f in falls]
        item = self._desk.prepared.program.violations[issued.rule]
        outcome = Outcome(violation=issued.rule, points=changes)
        written = self._write("violations", item, item.span, decision, outcome, grounds, moment)
        issued.points = grounds.points
        if not grounds.points:
            issued.reversed_by = written
        what = f"the violation `{issued.rule}` and its points"
        return decision, what, "done", written, None

    def _steps(self, decision: str, grounds: Grounds, moment: Moment) -> list[PlanEntry]:
        """Undo the milestones that would not have been reached without the points."""
        plan: list[PlanEntry] = []
        facts = self._desk.facts
        for identity, step in list(facts.issued.items()):
            if step.kind != "step" or step.reversed_by or decision not in step.causes:
                continue
            left = sum(facts.issued[cause].points for cause in step.causes if cause in facts.issued)
            if left >= step.step:
                continue
            plan.append(self._step(identity, step, grounds, moment))
            plan += self._lift({identity}, grounds, moment)
        return plan

    def _step(self, identity: str, step: Issued, grounds: Grounds, moment: Moment) -> PlanEntry:
        ladders = self._desk.prepared.program.ladders
        item = next(ladder for ladder in ladders if ladder.name == step.rule)
        outcome = Outcome(ladder=step.rule, step=step.step)
        written = self._write("escalations", item, item.span, identity, outcome, grounds, moment)
        step.reversed_by = written
        return identity, f"the step at {step.step} of `{step.rule}`", "done", written, None

    def _lift(self, causes: set[str], grounds: Grounds, moment: Moment) -> list[PlanEntry]:
        """Take back the actions that some decisions asked for."""
        issued = self._desk.facts.issued
        asked = {
            identity
            for identity, one in issued.items()
            if one.kind == "action" and not one.reversed_by and causes.intersection(one.causes)
        }
        return self._take_back(asked, grounds, moment)

    def _take_back(self, asked: set[str], grounds: Grounds, moment: Moment) -> list[PlanEntry]:
        issued = self._desk.facts.issued
        action = next(iter(self._desk.prepared.program.actions.values()), None)
        if action is None:
            return []
        reversal = Wording(
            kind="reversal",
            section="actions",
            item=action,
            span=action.span,
            outcome=Outcome(),
            because=grounds.reason,
            caused_by_appeal=grounds.appeal,
        )
        plan: list[PlanEntry] = []
        done = dict(self._actions.take_back(asked, moment, reversal))
        for identity in sorted(asked, key=list(issued).index):
            what = f"the action `{issued[identity].rule}`"
            decision = done.get(identity)
            if decision is None:
                plan.append((identity, what, "not needed", None, "it had ended already"))
                continue
            issued[identity].reversed_by = decision.decision_id
            plan.append((identity, what, "done", decision.decision_id, None))
        return plan

    def _action(
        self, decision: str, issued: Issued, grounds: Grounds, moment: Moment
    ) -> list[PlanEntry]:
        del issued
        return self._take_back({decision}, grounds, moment)

    def _threshold(
        self, decision: str, issued: Issued, grounds: Grounds, moment: Moment
    ) -> list[PlanEntry]:
        thresholds = self._desk.prepared.program.thresholds
        item = next(one for one in thresholds if one.name == issued.rule)
        written = self._write("thresholds", item, item.span, decision, Outcome(), grounds, moment)
        issued.reversed_by = written
        plan: list[PlanEntry] = [
            (decision, f"the crossing of `{issued.rule}`", "done", written, None)
        ]
        plan += self._lift({decision}, grounds, moment)
        for identity, one in list(self._desk.facts.issued.items()):
            if one.kind == "violation" and decision in one.causes and not one.reversed_by:
                plan += self._violation(identity, one, grounds, moment)
        return plan

    def _verdict(
        self, decision: str, issued: Issued, grounds: Grounds, moment: Moment
    ) -> list[PlanEntry]:
        rules = self._desk.prepared.program.rules
        item = next(one for one in rules if one.name == issued.rule)
        outcome = Outcome(verdict="allow")
        written = self._write(
            item.stratum.value, item, item.span, decision, outcome, grounds, moment
        )
        issued.reversed_by = written
        self._restore(issued, moment)
        return [(decision, f"the verdict of `{issued.rule}`", "done", written, None)]

    def _restore(self, issued: Issued, moment: Moment) -> None:
        """Let what was refused or rejected stand after all."""
        entity = self._desk.facts.entities[issued.subject_kind].get(issued.subject_id)
        if entity is None:
            return
        entity.verdict = "allow"
        if issued.subject_kind == "review" and entity.status == "refused":
            entity.status = "standing"
        aggregates = self._desk.measuring.aggregates
        aggregates.entity_changed(issued.subject_kind, issued.subject_id, moment.now)

    # ---------------------------------------------------------- measures

    def exclude(self, grounds: Grounds, moment: Moment) -> list[PlanEntry]:
        """Take reviews out of every measure."""
        plan: list[PlanEntry] = []
        reviews: Mapping[str, Any] = self._desk.facts.entities["review"]
        for key in grounds.reviews:
            review = reviews.get(key)
            if review is None:
                plan.append((key, "the review", "not needed", None, "it is not known any more"))
            elif review.status != "excluded":
                review.status = "excluded"
                aggregates = self._desk.measuring.aggregates
                aggregates.entity_changed("review", key, moment.now)
                plan.append((key, "the review, out of the measures", "done", None, None))
        return plan

    # ---------------------------------------------------------- writing

    def _write(
        self,
        section: str,
        item: Item,
        span: Span,
        decision: str,
        outcome: Outcome,
        grounds: Grounds,
        moment: Moment,
    ) -> str:
        kind: Kind = "reversal"
        wording = Wording(
            kind=kind,
            section=section,
            item=item,
            span=span,
            outcome=outcome,
            evidence=Evidence(causes=[decision]),
            because=grounds.reason,
            extra=f"{decision}/{grounds.appeal}",
            reverses=decision,
            caused_by_appeal=grounds.appeal,
        )
        subject = self._desk.writer.subject("shop", self._desk.writer.shop)
        return self._desk.writer.write(wording, subject, moment).decision_id


_UNDO = {
    "violation": Reversals._violation,  # noqa: SLF001  # the table of this class
    "step": Reversals._action,  # noqa: SLF001  # the table of this class
    "action": Reversals._action,  # noqa: SLF001  # the table of this class
    "threshold": Reversals._threshold,  # noqa: SLF001  # the table of this class
    "verdict": Reversals._verdict,  # noqa: SLF001  # the table of this class
}
