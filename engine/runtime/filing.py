"""Filing appeals: which decision one means, and whether it is admissible.

A filing that fails leaves the appeals that stand as they are. Only where nothing but evidence is
missing is it the appeal's own, which may still be filed in full.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from ..records.canonical import digest
from .admission import EVIDENCE, MENDABLE, SELLER, Admission, Check
from .bounds import check_step
from .desk import Desk
from .model import Case
from .refused import Refused


@dataclass(frozen=True, slots=True)
class Filing:
    """A filing that was looked at: whose appeal it is, and what it was checked for.

    One that `may_be_mended` lacks nothing that could not be put right, one that `may_wait` nothing
    but evidence that may still follow.
    """

    case: Case
    checks: list[Check]
    may_be_mended: bool
    may_wait: bool

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
        self._admission = Admission(desk)

    def take(self, event: Any, now: int) -> Filing:
        """Look at a filing and note it.

        Raises:
            Refused: the appeal's id is taken, or it has changed too often.
        """
        known = self._known(event)
        case = self._target(event) if known is None else known
        if case is not None and case.state == "open":
            check_step(case, event)
        checks = self._admission.checks(case, event, now)
        failed = {name for name, passed, _ in checks if not passed}
        may_be_mended = bool(failed) and failed <= MENDABLE
        if case is None or (failed and not may_be_mended):
            case = self._aside(case, event, now)
        if known is None:
            self._desk.redress.by_id[event.appeal_id] = case.key
        _note(case, event, checks, now)
        return Filing(case, checks, may_be_mended, self._may_wait(case, failed))

    def _may_wait(self, case: Case, failed: set[str]) -> bool:
        """Whether nothing is missing but evidence, and that may still follow."""
        if failed != {EVIDENCE}:
            return False
        return self._desk.process(case.process, case.opened_at).late_evidence is not None

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
        """The latest appeal against what a filing names; one that is open comes before others.

        One that nobody has filed yet may be named by what it was called when it was opened.
        """
        opened = self._desk.redress.cases.get(event.appeal_id)
        if opened is not None and (not _named(event) or self._means(event, opened)):
            return opened
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
