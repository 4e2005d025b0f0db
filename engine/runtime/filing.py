"""Filing appeals: which decision one means, and whether it is admissible.

A filing that fails leaves the appeals that stand as they are. Only where nothing but evidence is
missing is it the appeal's own, which may still be filed in full.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from ..language.program import AppealProcess
from ..records.canonical import digest
from .desk import Desk
from .model import Case
from .refused import Refused

Check = tuple[str, bool, str]
"""A condition of admission: its name, whether it holds, and why."""

SELLER = "seller"


@dataclass(frozen=True, slots=True)
class Filing:
    """A filing that was looked at: whose appeal it is, and what it was checked for.

    One that `may_be_mended` lacks nothing but evidence.
    """

    case: Case
    checks: list[Check]
    may_be_mended: bool

    @property
    def admitted(self) -> bool:
        """Whether the appeal will be heard."""
        return all(passed for _, passed, _ in self.checks)

    @property
    def why_not(self) -> str:
        """What speaks against it."""
        return "; ".join(explanation for _, passed, explanation in self.checks if not passed)


class Filings:
    """The filings of one shop."""

    def __init__(self, desk: Desk) -> None:
        """Work at a desk."""
        self._desk = desk

    def take(self, event: Any, now: int) -> Filing:
        """Look at a filing and note it.

        Raises:
            Refused: the appeal's id is taken.
        """
        case = self._known(event)
        if case is None:
            case = self._target(event)
        checks = self._checks(case, event, now)
        failed = {name for name, passed, _ in checks if not passed}
        may_be_mended = failed == {"evidence"}
        if case is None or (failed and not may_be_mended):
            case = self._aside(case, event, now)
        self._desk.redress.by_id[event.appeal_id] = case.key
        _note(case, event, checks, now)
        return Filing(case, checks, may_be_mended)

    # ----------------------------------------------------- whose appeal

    def _known(self, event: Any) -> Case | None:
        """The appeal that bears the id already, waiting for another attempt."""
        key = self._desk.redress.by_id.get(event.appeal_id)
        if key is None:
            return None
        case = self._desk.redress.cases[key]
        if case.state != "open":
            raise Refused("already-exists", "appeal_id", f"this appeal is {case.state}")
        if _named(event) and not self._means(event, case):
            message = "this appeal is against another decision"
            raise Refused("already-exists", "appeal_id", message)
        return case

    def _target(self, event: Any) -> Case | None:
        """The latest appeal against what a filing names; one that is open comes before others."""
        found = [case for case in self._desk.redress.cases.values() if self._means(event, case)]
        open_ = [case for case in found if case.state == "open"]
        return next(reversed(open_ or found), None)

    def _means(self, event: Any, case: Case) -> bool:
        issued = self._desk.facts.issued.get(case.decision)
        own = (case.decision, case.rule, issued.event if issued else None)
        pairs = zip(_wanted(event), own, strict=True)
        named = [(wanted, found) for wanted, found in pairs if wanted is not None]
        return bool(named) and all(wanted == found for wanted, found in named)

    def _aside(self, case: Case | None, event: Any, now: int) -> Case:
        """A record of its own for a filing that comes to nothing."""
        made = Case(
            key=f"case-{digest(event.appeal_id, str(now))}",
            process=case.process if case else "",
            decision=case.decision if case else "",
            rule=case.rule if case else "",
            opened_at=now,
            attempts=case.attempts if case else 0,
            attempt=case.attempt if case else 0,
            deadline=case.deadline if case else None,
        )
        self._desk.redress.cases[made.key] = made
        return made

    # ------------------------------------------------------- admission

    def _checks(self, case: Case | None, event: Any, now: int) -> list[Check]:
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
            _complete(process, event),
        ]

    def _in_time(self, case: Case, now: int) -> Check:
        writer, deadline = self._desk.writer, case.deadline or 0
        told = f"filed {writer.time(now)}, due {writer.time(deadline)}"
        return "in time", now <= deadline, told


def _complete(process: AppealProcess, event: Any) -> Check:
    """Whether the evidence is there that the reason asks for."""
    wanted = process.evidence.get(event.reason_code or "", process.evidence.get("else", ()))
    given = {entry.partition(":")[0] for entry in event.evidence or ()}
    missing = [kind for kind in wanted if kind not in given]
    told = f"missing: {', '.join(missing)}" if missing else "all evidence is there"
    return "evidence", not missing, told


def _wanted(event: Any) -> tuple[str | None, str | None, str | None]:
    return event.decision_id, event.rule, event.about_event


def _named(event: Any) -> bool:
    """Whether a filing names what it is against."""
    return any(name is not None for name in _wanted(event))


def _note(case: Case, event: Any, checks: list[Check], now: int) -> None:
    case.appeal_id = event.appeal_id
    case.appellant = event.appellant or SELLER
    case.filed_at = now
    case.admissible = all(passed for _, passed, _ in checks)
    case.checks = checks
    case.reason_code = event.reason_code
    case.statement = event.statement
    case.evidence = list(event.evidence or ())
    case.review_ids = list(event.review_ids or ())
