"""Undoing decisions: points taken back, actions lifted, reviews taken out of the measures.

Nothing that was written is edited. Each thing undone is a decision of its own that names what it
reverses and the appeal that caused it; what has been reversed already is left alone.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace

from ..language.catalog import SHOP
from ..language.program import Length, Success
from ..records.decision import ActionChange, Decision, Evidence, Outcome
from .actions import Actions
from .caps import parameters_of
from .desk import Desk
from .holds import Holds, strictest
from .ladders import Ladders
from .model import Issued
from .naming import item_of
from .openings import Openings
from .writing import Moment, Wording

PlanEntry = tuple[str, str, str, str | None, str | None]
"""(decision, what is undone, `done` or `not needed`, the reversing decision, why not)."""


@dataclass(frozen=True, slots=True)
class Grounds:
    """Why something is undone: by which appeal, with which reason, and how far.

    `points` are left of a violation; `whole` says whether the decision itself is undone, or only
    the reviews are taken out.
    """

    appeal: str
    reason: str
    success: tuple[Success, ...]
    points: int = 0
    reviews: tuple[str, ...] = ()
    whole: bool = True


def outside_grounds(event: str, reason: str) -> Grounds:
    """The grounds for undoing something that somebody outside took back."""
    return Grounds(event, reason, (Success.VOID_POINTS, Success.LIFT_ACTIONS))


class Reversals:
    """Undoes decisions of one shop."""

    def __init__(
        self, desk: Desk, ladders: Ladders, actions: Actions, openings: Openings, holds: Holds
    ) -> None:
        """Work at a desk, with the ladders, actions, openings and holds of the same shop."""
        self._desk = desk
        self._ladders = ladders
        self._actions = actions
        self._openings = openings
        self._balances = {one.name: one.balance for one in desk.prepared.program.ladders}
        self._holds = holds

    # ------------------------------------------------------- what follows

    def following(self, decision: str, points: int = 0) -> dict[str, int]:
        """A decision and all that would not be without it, each with the points left of it.

        What a violation brought stays while some of its points do; a milestone stays as long as the
        points that led to it still reach it.
        """
        found = {decision: points}
        for identity, issued in self._desk.facts.issued.items():
            left = identity not in found and issued.reversed_by is None
            if left and self._goes(issued, found):
                found[identity] = 0
        return found

    def _goes(self, issued: Issued, undone: Mapping[str, int]) -> bool:
        """Whether a decision would not be without those that are undone."""
        if issued.kind == "step":
            return self._falls(issued, undone)
        gone = [cause for cause in issued.causes if undone.get(cause) == 0]
        return bool(gone) and (not issued.needs or self._standing(issued, undone) < issued.needs)

    def _standing(self, issued: Issued, undone: Mapping[str, int]) -> int:
        """How many causes of a decision still stand."""
        known = self._desk.facts.issued
        reversed_ = {one for one in issued.causes if one in known and known[one].reversed_by}
        return sum(undone.get(one) != 0 and one not in reversed_ for one in issued.causes)

    def _falls(self, step: Issued, undone: Mapping[str, int]) -> bool:
        """Whether a milestone would not have been reached."""
        known = self._desk.facts.issued
        left = (undone.get(c, known[c].points) for c in step.causes if c in known or c in undone)
        if not any(cause in undone for cause in step.causes):
            return False
        balance = self._balances[step.rule]
        return balance.depth(balance.after(left)) < balance.depth(step.step)

    # ---------------------------------------------------------- reversing

    def reverse(self, decision: str, grounds: Grounds, moment: Moment) -> list[PlanEntry]:
        """Undo a decision and what followed from it; gives what was done, in order."""
        plan: list[PlanEntry] = []
        if grounds.whole:
            issued = self._desk.facts.issued.get(decision)
            if issued is None:
                gone = "it is no longer in force"
                plan.append((decision, "the decision", "not needed", None, gone))
            elif issued.reversed_by is not None:
                why = f"it was reversed already by {issued.reversed_by}"
                plan.append((decision, "the decision", "not needed", None, why))
            else:
                plan += self._all(decision, grounds, moment)
        if Success.EXCLUDE in grounds.success:
            plan += self._exclude(grounds, moment)
        return plan

    def _all(self, decision: str, grounds: Grounds, moment: Moment) -> Iterator[PlanEntry]:
        for identity, points in self.following(decision, grounds.points).items():
            issued = self._desk.facts.issued[identity]
            if _WANTED.get(issued.kind) in {None, *grounds.success}:
                undo = _UNDO[issued.kind]
                yield undo(self, identity, issued, replace(grounds, points=points), moment)
                if issued.reversed_by is not None:
                    self._openings.close(identity, moment)
            else:
                what = f"the {issued.kind} `{issued.rule}`"
                yield identity, what, "not needed", None, "the policy leaves it as it is"
        self._ladders.recover(self._desk.prepared.program.ladders, moment)

    def _violation(
        self, decision: str, issued: Issued, grounds: Grounds, moment: Moment
    ) -> PlanEntry:
        falls = self._ladders.take_back(decision, grounds.points)
        outcome = Outcome(violation=issued.rule, points=[fall.change for fall in falls])
        written = self._written(decision, issued, outcome, grounds, moment)
        self._ladders.go_on(falls, written, moment)
        issued.points = grounds.points
        if not grounds.points:
            issued.reversed_by = written.decision_id
        what = f"the violation `{issued.rule}` and its points"
        if grounds.points:
            what = f"the points of `{issued.rule}`, down to {grounds.points}"
        return decision, what, "done", written.decision_id, None

    def _earned(self, decision: str, issued: Issued, grounds: Grounds, moment: Moment) -> PlanEntry:
        falls = self._ladders.take_back(decision, 0)
        outcome = Outcome(ladder=issued.rule, points=[fall.change for fall in falls])
        written = self._written(decision, issued, outcome, grounds, moment)
        issued.points, issued.reversed_by = 0, written.decision_id
        self._ladders.go_on(falls, written, moment)
        return decision, f"points earned on `{issued.rule}`", "done", written.decision_id, None

    def _step(self, identity: str, issued: Issued, grounds: Grounds, moment: Moment) -> PlanEntry:
        outcome = Outcome(ladder=issued.rule, step=issued.step)
        issued.reversed_by = self._write(identity, issued, outcome, grounds, moment)
        what = f"the step at {issued.step} of `{issued.rule}`"
        return identity, what, "done", issued.reversed_by, None

    def _action(self, identity: str, issued: Issued, grounds: Grounds, moment: Moment) -> PlanEntry:
        what = f"the action `{issued.rule}`"
        reversal = self._wording(identity, issued, Outcome(), grounds)
        decision = self._actions.take_back(identity, moment, reversal)
        if decision is not None:
            issued.reversed_by = decision.decision_id
        elif issued.once:
            outcome = Outcome(actions=[self._undone(issued, moment)])
            issued.reversed_by = self._write(identity, issued, outcome, grounds, moment)
        else:
            return identity, what, "not needed", None, "it had ended already"
        return identity, what, "done", issued.reversed_by, None

    def _undone(self, issued: Issued, moment: Moment) -> ActionChange:
        """For the record: what was done once is to be undone."""
        action = self._desk.action(issued.rule, issued.at)
        head, _, target = issued.subject_id.partition("|")
        writer = self._desk.writer
        return ActionChange(
            action=action.name,
            change="lifted",
            scope=head.partition("@")[2] or action.scope,
            target=target,
            start=writer.time(issued.at) or "",
            until=writer.time(moment.now),
            overlap=action.overlap.value,
            parameters=parameters_of(action, None),
        )

    def _threshold(
        self, identity: str, issued: Issued, grounds: Grounds, moment: Moment
    ) -> PlanEntry:
        issued.reversed_by = self._write(identity, issued, Outcome(), grounds, moment)
        self._let_go(identity, issued)
        what = f"the crossing of `{issued.rule}`"
        return identity, what, "done", issued.reversed_by, None

    def _let_go(self, identity: str, issued: Issued) -> None:
        """Let a threshold that moves one way no longer hold on to a crossing that was undone."""
        subject = "" if issued.subject_kind == SHOP else issued.subject_id
        watch = self._desk.facts.watches[issued.rule].subjects.get(subject)
        if watch is not None and watch.kept_by == identity:
            watch.kept_by = ""

    def _verdict(
        self, identity: str, issued: Issued, grounds: Grounds, moment: Moment
    ) -> PlanEntry:
        outcome = Outcome(verdict="allow")
        issued.reversed_by = self._write(identity, issued, outcome, grounds, moment)
        self._holds.drop(identity)
        self._restore(issued, moment)
        what = f"the verdict of `{issued.rule}`"
        return identity, what, "done", issued.reversed_by, None

    def _restore(self, issued: Issued, moment: Moment) -> None:
        """Let what was refused or rejected stand after all, unless another rule said so as well."""
        kind, key = issued.subject_kind, issued.subject_id
        entity = self._desk.facts.entities[kind].get(key)
        if entity is None or issued.edit:
            return
        entity.verdict = strictest(self._desk.register, kind, key)
        if kind == "review" and entity.status == "refused" and entity.verdict != "refuse":
            entity.status = "standing"
        self._desk.measuring.aggregates.entity_changed(kind, key, moment.now)

    def shorten(self, decision: str, length: Length, grounds: Grounds, moment: Moment) -> None:
        """Let actions that a decision is or brought end sooner: a shorter one replaces each."""
        for identity in self.following(decision):
            issued = self._desk.facts.issued.get(identity)
            if issued is None or issued.kind != "action" or issued.reversed_by is not None:
                continue
            reversal = self._wording(identity, issued, Outcome(), grounds)
            reversed_ = self._actions.shorten(identity, length, reversal, moment)
            if reversed_ is not None:
                issued.reversed_by = reversed_.decision_id
                self._openings.close(identity, moment)

    # ---------------------------------------------------------- measures

    def _exclude(self, grounds: Grounds, moment: Moment) -> Iterator[PlanEntry]:
        """Take reviews out of every measure, from now on."""
        reviews = self._desk.facts.entities["review"]
        for key in grounds.reviews:
            review = reviews.get(key)
            if review is None:
                yield key, "the review", "not needed", None, "it is not known any more"
            elif review.status == "excluded":
                yield key, "the review", "not needed", None, "it is out of the measures already"
            else:
                review.status = "excluded"
                self._desk.facts.excluded[key] = None
                self._desk.measuring.aggregates.entity_changed("review", key, moment.now)
                yield key, "the review, out of the measures", "done", None, None

    # ---------------------------------------------------------- writing

    def _write(
        self, decision: str, issued: Issued, outcome: Outcome, grounds: Grounds, moment: Moment
    ) -> str:
        return self._written(decision, issued, outcome, grounds, moment).decision_id

    def _written(
        self, decision: str, issued: Issued, outcome: Outcome, grounds: Grounds, moment: Moment
    ) -> Decision:
        subject = self._desk.writer.subject("shop", self._desk.writer.shop)
        wording = self._wording(decision, issued, outcome, grounds)
        return self._desk.writer.write(wording, subject, moment)

    def _wording(
        self, decision: str, issued: Issued, outcome: Outcome, grounds: Grounds
    ) -> Wording:
        section, item = item_of(self._desk, issued)
        return Wording(
            kind="reversal",
            section=section,
            item=item,
            span=item.span,
            outcome=outcome,
            evidence=Evidence(causes=[decision]),
            because=grounds.reason,
            extra=f"{decision}/{grounds.appeal}",
            reverses=decision,
            caused_by_appeal=grounds.appeal,
        )


_WANTED = {
    "violation": Success.VOID_POINTS,
    "points": Success.VOID_POINTS,
    "step": Success.VOID_POINTS,
    "action": Success.LIFT_ACTIONS,
}
"""What success has to bring for a kind of decision to be undone; the others always are."""

Undo = Callable[[Reversals, str, Issued, Grounds, Moment], PlanEntry]

_UNDO: Mapping[str, Undo] = {
    "violation": Reversals._violation,  # noqa: SLF001  # the table of this class
    "points": Reversals._earned,  # noqa: SLF001  # the table of this class
    "step": Reversals._step,  # noqa: SLF001  # the table of this class
    "action": Reversals._action,  # noqa: SLF001  # the table of this class
    "threshold": Reversals._threshold,  # noqa: SLF001  # the table of this class
    "verdict": Reversals._verdict,  # noqa: SLF001  # the table of this class
}
