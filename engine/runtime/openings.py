"""Opening appeals: how a decision can be appealed, said in it, and the record that waits for it.

Whatever works against a shop opens its appeal at once, with the deadline, so that everybody sees
what can be appealed before anyone does.
"""

from __future__ import annotations

from dataclasses import replace

from ..language.program import AppealProcess, Status
from ..records.canonical import digest
from ..records.decision import Decision, Redress
from .desk import CASE, Desk
from .model import Case
from .writing import Moment, Wording

ENGINE = "revlex"
"""Who acts where nobody does."""

CLOSED = frozenset(
    {"overturned", "partly_overturned", "final", "withdrawn", "expired", "inadmissible"}
)


class Openings:
    """Opens the appeals of one shop."""

    def __init__(self, desk: Desk) -> None:
        """Work at a desk."""
        self._desk = desk

    def process(self, kind: str, now: int) -> AppealProcess | None:
        """How decisions of a kind are appealed in the shop's region at an instant."""
        region = self._desk.facts.region
        processes = self._desk.prepared.program.appeals
        found = (one for one in processes if kind in one.against and one.applies(region, now))
        return next((one for one in found if one.status is Status.ENFORCE), None)

    def deadline(self, process: AppealProcess, attempt: int, since: int) -> int:
        """Until when (exclusive) an attempt may be filed whose time runs from an instant."""
        return self._desk.lasts(since, process.attempts[attempt - 1].length)

    def announce(self, wording: Wording, kind: str, now: int) -> Wording:
        """Add to a decision how it can be appealed."""
        process = self.process(kind, now)
        if process is None:
            return wording
        deadline = self.deadline(process, 1, now)
        redress = Redress(
            process=process.name,
            attempts_left=len(process.attempts),
            deadline=self._desk.writer.time(deadline),
            evidence_wanted={reason: list(kinds) for reason, kinds in process.evidence.items()},
        )
        return replace(wording, redress=redress, appealable_until=deadline)

    def open(self, decision: Decision, kind: str, moment: Moment) -> None:
        """Open the appeal of a decision; a rehearsal of history opens none."""
        process = self.process(kind, moment.now)
        key = f"case-{digest(decision.decision_id)}"
        if process is None or self._desk.rehearsal or key in self._desk.redress.cases:
            return
        case = Case(
            key=key,
            process=process.name,
            decision=decision.decision_id,
            rule=decision.rule.id,
            opened_at=moment.now,
            attempts=len(process.attempts),
            deadline=self.deadline(process, 1, moment.now),
        )
        self._desk.redress.cases[key] = case
        enter(case, "open", moment, ENGINE)
        if case.deadline is not None:
            self._desk.timer(case.deadline, CASE, key)


def enter(case: Case, state: str, moment: Moment, actor: str, note: str | None = None) -> None:
    """Let an appeal enter a state; its history only grows."""
    case.state = state
    case.history.append((moment.now, state, actor, note))
    case.closed_at = moment.now if state in CLOSED else None
