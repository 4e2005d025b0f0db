"""Admission: what a filed appeal has to meet, and why one is refused.

The engine refuses what is not admissible, with every reason. A condition of the policy that cannot
be worked out keeps nobody from appealing.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from ..language.program import AppealProcess
from ..records.explanation import Explanation
from .desk import Desk
from .errors import EvaluationError
from .model import Case
from .texts import count_characters
from .trace import explain

Check = tuple[str, bool, str]
"""A condition of admission: its name, whether it holds, and why."""

SELLER = "seller"
HEARD = frozenset({"filed", "under_review", "evidence_requested", "escalated"})
"""The states of an appeal that has been filed and that somebody is to decide."""

EVIDENCE, STATEMENT = "evidence", "statement"
MENDABLE = frozenset({EVIDENCE, STATEMENT})
"""What can be filed again, better, without the attempt being used up."""


class Admission:
    """Looks at the filings of one shop."""

    def __init__(self, desk: Desk) -> None:
        """Work at a desk."""
        self._desk = desk

    def checks(self, case: Case | None, event: Any, now: int) -> list[Check]:
        """Every condition, in a fixed order."""
        if case is None or not case.process:
            return [("standing", False, "no decision that can be appealed is named")]
        process = self._desk.process(case.process, case.opened_at)
        seller = (event.appellant or SELLER) == SELLER
        left = case.state == "open"
        attempt = f"attempt {case.attempt} of {case.attempts}"
        return [
            ("standing", seller, "the seller appeals" if seller else "only the seller may appeal"),
            ("attempts left", left, attempt if left else f"the appeal is {case.state}"),
            self._in_time(case, now),
            complete(process, event.reason_code, event.evidence or ()),
            *self._allowed(process, now),
            *self.alone(process, case),
            *_short(process, event.statement or ""),
        ]

    def _in_time(self, case: Case, now: int) -> Check:
        writer, deadline = self._desk.writer, case.deadline or 0
        told = f"filed {writer.time(now)}, due {writer.time(deadline)}"
        return "in time", now <= deadline, told

    def _allowed(self, process: AppealProcess, now: int) -> Sequence[Check]:
        """Whether the policy's own condition holds."""
        if process.require is None:
            return ()
        self._desk.measuring.at(now)
        scope = self._desk.scope("shop", self._desk.shop())
        function = self._desk.prepared.requirement(process.require)
        try:
            holds = bool(function(*scope, now, self._desk.measuring))
        except EvaluationError as error:
            return [("allowed", True, f"it could not be told: {error.reason}")]
        text = " ".join(process.require.span.text.split())
        reason = self._desk.fill(process.because, "shop", self._desk.shop(), now)
        told = f"`{text}` holds" if holds else reason or f"`{text}` does not hold"
        return [("allowed", holds, told)]

    def explanation(self, process: AppealProcess, now: int) -> Explanation | None:
        """The policy's own condition with its values."""
        if process.require is None:
            return None
        self._desk.measuring.at(now)
        named = self._desk.named_scope("shop", self._desk.shop())
        return explain(process.require, named, now, self._desk.measuring)

    def alone(self, process: AppealProcess, own: Case) -> Sequence[Check]:
        """Whether no more appeals of the process would be heard at once than may be."""
        most = process.open_at_once
        if most is None:
            return ()
        heard = sum(
            case.process == process.name and case.state in HEARD and case is not own
            for case in self._desk.redress.cases.values()
        )
        return [("open at once", heard < most, f"{heard} being decided already, at most {most}")]


def complete(process: AppealProcess, reason_code: str | None, evidence: Sequence[str]) -> Check:
    """Whether the evidence is there that the reason asks for."""
    wanted = process.evidence.get(reason_code or "", process.evidence.get("else", ()))
    given = {entry.partition(":")[0] for entry in evidence}
    missing = [kind for kind in wanted if kind not in given]
    told = f"missing: {', '.join(missing)}" if missing else "all evidence is there"
    return EVIDENCE, not missing, told


def _short(process: AppealProcess, statement: str) -> Sequence[Check]:
    most = process.longest_statement
    if most is None:
        return ()
    length = count_characters(statement)
    return [(STATEMENT, length <= most, f"the statement has {length} characters, at most {most}")]
