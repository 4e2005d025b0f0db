"""Opening appeals: how a decision can be appealed, said in it, and the record that waits for it.

Whatever works against a shop opens its appeal at once, with the deadline, so that everybody sees
what can be appealed before anyone does.
"""

from __future__ import annotations

from dataclasses import replace

import msgspec

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
        """The last instant at which an attempt may be filed whose time runs from another."""
        return self._desk.last_in_time(since, process.attempts[attempt - 1].length)

    def announce(self, wording: Wording, kind: str, now: int) -> Wording:
        """Add to a decision how it can be appealed."""
        process = self.process(kind, now)
        if process is None:
            return wording
        redress, deadline = self._redress(process, now)
        return replace(wording, redress=redress, appealable_until=deadline)

    def announce_again(self, decision: Decision, now: int) -> Decision:
        """The same of a decision about the past that is written now: its time runs from now."""
        process = self.process(decision.kind, now) if decision.redress is not None else None
        if process is None:
            return decision
        redress, deadline = self._redress(process, now)
        writer = self._desk.writer
        time = msgspec.structs.replace(
            decision.time,
            notified_at=writer.time(now),
            appealable_until=writer.time(deadline),
        )
        return msgspec.structs.replace(decision, redress=redress, time=time)

    def _redress(self, process: AppealProcess, now: int) -> tuple[Redress, int]:
        deadline = self.deadline(process, 1, now)
        redress = Redress(
            process=process.name,
            attempts_left=len(process.attempts),
            deadline=self._desk.writer.time(deadline),
            evidence_wanted={reason: list(kinds) for reason, kinds in process.evidence.items()},
        )
        return redress, deadline

    def open(self, decision: Decision, kind: str, moment: Moment) -> None:
        """Open the appeal of a decision; a rehearsal of history opens none."""
        process = self.process(kind, moment.now)
        key = _key(decision.decision_id)
        if process is None or self._desk.rehearsal or key in self._desk.redress.cases:
            return
        case = Case(
            key=key,
            process=process.name,
            decision=decision.decision_id,
            rule=decision.rule.id,
            opened_at=moment.now,
            noticed_at=moment.now,
            attempts=len(process.attempts),
        )
        self._desk.redress.cases[key] = case
        self.expect(case, process, moment.now)
        enter(self._desk, case, "open", moment)

    def expect(self, case: Case, process: AppealProcess, since: int) -> None:
        """Let the time for the attempt of an appeal run from an instant."""
        case.deadline = self.deadline(process, case.attempt, since)
        self._desk.timer(case.deadline + 1, CASE, case.key)

    def close(self, decision: str, moment: Moment) -> None:
        """Close the appeal of a decision that has been reversed, if nobody has filed it."""
        case = self._desk.redress.cases.get(_key(decision))
        if case is not None and case.state == "open" and not self._desk.rehearsal:
            enter(self._desk, case, "final", moment, note="the decision was reversed")


def _key(decision: str) -> str:
    return f"case-{digest(decision)}"


def enter(
    desk: Desk,
    case: Case,
    state: str,
    moment: Moment,
    actor: str = ENGINE,
    note: str | None = None,
) -> None:
    """Let an appeal enter a state; its history only grows."""
    desk.moved[case.key] = None
    case.state = state
    case.history.append((moment.now, state, actor, note))
    case.closed_at = moment.now if state in CLOSED else None
