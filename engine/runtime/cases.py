"""Appeals: filed against decisions, admitted or refused, decided.

The engine refuses what is not admissible, with its reasons; it never decides an admissible appeal
against the appellant. Deadlines are worked out when an appeal opens and never move by themselves.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from ..language.program import AppealProcess, Lapse, Success, WhilePending
from ..records.canonical import digest
from ..records.decision import Decision, Evidence, Outcome
from .actions import Actions
from .desk import CASE, Desk
from .event_types import Event
from .model import Case, Issued
from .openings import CLOSED, ENGINE, Openings, enter
from .refused import Refused
from .reversals import Grounds, Reversals
from .writing import Moment, Wording

PENDING = frozenset({"under_review", "evidence_requested", "escalated"})


class Cases:
    """The appeals of one shop."""

    def __init__(
        self, desk: Desk, openings: Openings, actions: Actions, reversals: Reversals
    ) -> None:
        """Work at a desk, with the openings, actions and reversals of the same shop."""
        self._desk = desk
        self._openings = openings
        self._actions = actions
        self._reversals = reversals
        self.recompute: tuple[str, Moment] | None = None
        """An appeal that succeeded and asks for history to be evaluated again."""

    def _own(self, case: Case) -> AppealProcess:
        processes = self._desk.prepared.program.appeals
        return next(one for one in processes if one.name == case.process)

    # -------------------------------------------------------------- events

    def handles(self, event_type: str) -> bool:
        """Whether an event speaks of appeals."""
        return event_type in _HANDLERS

    def handle(self, event: Event, moment: Moment) -> None:
        """Let an event act on an appeal.

        Raises:
            Refused: the event does not fit the appeal as it stands; nothing has changed.
        """
        _HANDLERS[event.type](self, event, moment)

    def _find(self, event: Any) -> Case:
        key = self._desk.redress.by_id.get(event.appeal_id)
        if key is None:
            raise Refused("unknown-appeal", "appeal_id", f"there is no appeal `{event.appeal_id}`")
        return self._desk.redress.cases[key]

    def _pending(self, event: Any) -> Case:
        case = self._find(event)
        if case.state not in PENDING:
            raise Refused("wrong-state", "appeal_id", f"the appeal is {case.state}")
        return case

    def _noticed(self, event: Any, moment: Moment) -> None:
        """The seller was told: the time to appeal runs from here."""
        found = [
            case
            for case in self._desk.redress.cases.values()
            if case.decision == event.decision_id and case.state == "open" and case.attempt == 1
        ]
        if not found:
            message = "no appeal is open against this decision"
            raise Refused("unknown-decision", "decision_id", message)
        for case in found:
            case.deadline = self._openings.deadline(self._own(case), 1, moment.now)
            self._desk.timer(case.deadline, CASE, case.key)
            enter(case, "open", moment, ENGINE, "the seller was notified")

    # -------------------------------------------------------------- filing

    def _filed(self, event: Any, moment: Moment) -> None:
        if event.appeal_id in self._desk.redress.by_id:
            known = self._desk.redress.cases[self._desk.redress.by_id[event.appeal_id]]
            if known.state != "open":
                raise Refused("already-exists", "appeal_id", f"this appeal is {known.state}")
        case = self._target(event)
        checks = self._checks(case, event, moment.now)
        admitted = all(passed for _, passed, _ in checks)
        if case is None:
            case = self._unfounded(event, moment)
        self._desk.redress.by_id[event.appeal_id] = case.key
        _note_filing(case, event, checks, admitted=admitted, now=moment.now)
        if admitted:
            self._admit(case, event, moment)
        else:
            self._refuse(case, checks, moment)

    def _target(self, event: Any) -> Case | None:
        """The appeal that a filing means: the latest against a decision that fits what it names."""
        cases = reversed(list(self._desk.redress.cases.values()))
        return next((case for case in cases if self._means(event, case)), None)

    def _means(self, event: Any, case: Case) -> bool:
        issued = self._desk.facts.issued.get(case.decision)
        wanted = (event.decision_id, event.rule, event.about_event)
        own = (case.decision, case.rule, issued.event if issued else None)
        pairs = [(w, o) for w, o in zip(wanted, own, strict=True) if w is not None]
        return bool(pairs) and all(w == o for w, o in pairs)

    def _unfounded(self, event: Any, moment: Moment) -> Case:
        key = f"case-{digest(event.appeal_id, str(moment.now))}"
        case = Case(
            key=key, process="", decision="", rule="", opened_at=moment.now, attempts=0, attempt=0
        )
        self._desk.redress.cases[key] = case
        return case

    def _checks(self, case: Case | None, event: Any, now: int) -> list[tuple[str, bool, str]]:
        if case is None:
            return [("standing", False, "no decision that can be appealed is named")]
        process = self._own(case)
        writer = self._desk.writer
        deadline = case.deadline or 0
        seller = (event.appellant or "seller") == "seller"
        wanted = process.evidence.get(event.reason_code or "", process.evidence.get("else", ()))
        given = {entry.partition(":")[0] for entry in event.evidence or ()}
        missing = [kind for kind in wanted if kind not in given]
        open_ = case.state == "open"
        return [
            ("standing", seller, "the seller appeals" if seller else "only the seller may appeal"),
            ("open", open_, f"the appeal is {case.state}"),
            ("in time", now < deadline, f"filed {writer.time(now)}, due {writer.time(deadline)}"),
            (
                "evidence",
                not missing,
                "all evidence is there" if not missing else f"missing: {', '.join(missing)}",
            ),
        ]

    def _admit(self, case: Case, event: Any, moment: Moment) -> None:
        process = self._own(case)
        enter(case, "filed", moment, case.appellant or "seller")
        enter(case, "under_review", moment, ENGINE)
        if process.decide_within is not None:
            case.due_at = self._desk.lasts(moment.now, process.decide_within)
            self._desk.timer(case.due_at, CASE, case.key)
        if process.while_pending is not WhilePending.KEEP:
            self._actions.suspend({case.decision}, case.key, moment)
        self._write(case, process, moment, "admitted")
        del event

    def _refuse(self, case: Case, checks: list[tuple[str, bool, str]], moment: Moment) -> None:
        why = "; ".join(explanation for _, passed, explanation in checks if not passed)
        still_open = case.state == "open" and moment.now < (case.deadline or 0)
        enter(case, "inadmissible", moment, ENGINE, why)
        if case.process:
            self._write(case, self._own(case), moment, "refused", why)
        if still_open:
            enter(case, "open", moment, ENGINE, "it may still be filed in full")

    # ------------------------------------------------------------- working

    def _assigned(self, event: Any, moment: Moment) -> None:
        case = self._pending(event)
        if event.reviewer in case.deciders:
            message = "the reviewer decided the attempt before"
            raise Refused("same-reviewer", "reviewer", message)
        case.reviewer = event.reviewer
        enter(case, case.state, moment, event.reviewer, event.note)

    def _evidence_requested(self, event: Any, moment: Moment) -> None:
        case = self._pending(event)
        case.evidence_wanted = list(event.wanted)
        case.paused_at = case.paused_at if case.paused_at is not None else moment.now
        enter(case, "evidence_requested", moment, event.by, event.note)

    def _evidence_added(self, event: Any, moment: Moment) -> None:
        case = self._pending(event)
        case.evidence.extend(event.evidence)
        if case.paused_at is not None and case.due_at is not None:
            case.due_at += moment.now - case.paused_at
            self._desk.timer(case.due_at, CASE, case.key)
        case.paused_at = None
        case.evidence_wanted = []
        enter(case, "under_review", moment, case.appellant or "seller", event.note)

    def _withdrawn(self, event: Any, moment: Moment) -> None:
        case = self._find(event)
        if case.state in CLOSED:
            raise Refused("wrong-state", "appeal_id", f"the appeal is {case.state}")
        enter(case, "withdrawn", moment, case.appellant or "seller", event.note)
        self._actions.resume(case.key, moment)
        self._write(case, self._own(case), moment, "withdrawn")

    # ------------------------------------------------------------ deciding

    def _decided(self, event: Any, moment: Moment) -> None:
        case = self._pending(event)
        if event.decided_by in case.deciders:
            message = "who decided the attempt before cannot decide this one"
            raise Refused("same-reviewer", "decided_by", message)
        if not event.reason.strip():
            raise Refused("no-reason", "reason", "a decision needs a reason")
        case.reviewer = event.decided_by
        case.outcome, case.outcome_reason = event.outcome, event.reason
        case.error_class = event.error_class
        case.deciders.append(event.decided_by)
        case.due_at = None
        if event.outcome == "upheld":
            self._uphold(case, moment)
        else:
            points = event.points if event.outcome == "partly_overturned" else 0
            self.overturn(case, event.outcome, moment, points or 0, event.review_ids or ())

    def _uphold(self, case: Case, moment: Moment) -> None:
        process = self._own(case)
        enter(case, "upheld", moment, case.reviewer or "", case.outcome_reason)
        self._actions.resume(case.key, moment)
        self._write(case, process, moment, "upheld", case.outcome_reason)
        if case.attempt >= case.attempts:
            enter(case, "final", moment, ENGINE, "no attempt is left")
            return
        case.attempt += 1
        attempt = process.attempts[case.attempt - 1]
        since = moment.now if attempt.anchor == "rejection" else case.opened_at
        case.deadline = self._openings.deadline(process, case.attempt, since)
        self._desk.timer(case.deadline, CASE, case.key)
        enter(case, "open", moment, ENGINE, f"attempt {case.attempt} may be filed")

    def overturn(self, case: Case, outcome: str, moment: Moment, points: int, reviews: Any) -> None:
        """Undo what an appeal was against, wholly or down to some points."""
        process = self._own(case)
        issued = self._desk.facts.issued.get(case.decision)
        named = (*case.review_ids, *reviews, *_own_review(issued))
        excludes = Success.EXCLUDE in process.if_overturned
        case.review_ids = list(dict.fromkeys(named)) if excludes else []
        enter(case, outcome, moment, case.reviewer or ENGINE, case.outcome_reason)
        self._actions.resume(case.key, moment)
        decision = self._write(case, process, moment, outcome, case.outcome_reason)
        if process.retroactive:
            self._take_out(case, points)
            self.recompute = (case.key, moment)
            return
        grounds = self.grounds(case, points)
        case.plan += self._reversals.reverse(case.decision, grounds, moment)
        case.new_decisions += [entry[3] for entry in case.plan if entry[3]]
        del decision

    def grounds(self, case: Case, points: int) -> Grounds:
        """Why what an appeal was against is undone."""
        return Grounds(
            appeal=case.appeal_id or case.key,
            reason=case.outcome_reason or "the appeal was not decided in time",
            success=self._own(case).if_overturned,
            points=points,
            reviews=tuple(case.review_ids),
        )

    def outside_grounds(self, event: str, reason: str) -> Grounds:
        """The grounds for undoing something that somebody outside took back."""
        return Grounds(event, reason, (Success.VOID_POINTS, Success.LIFT_ACTIONS))

    def _take_out(self, case: Case, points: int) -> None:
        """Note what history is to be evaluated without."""
        redress, appeal = self._desk.redress, case.appeal_id or case.key
        if points:
            redress.reduced[case.decision] = points
        else:
            redress.void[case.decision] = appeal
        for review in case.review_ids:
            redress.excluded[review] = appeal

    # ------------------------------------------------------------ deadlines

    def due(self, key: str, now: int) -> None:
        """A timer went: an appeal was not filed, or not decided, in time."""
        case = self._desk.redress.cases.get(key)
        if case is None:
            return
        if case.state == "open" and case.deadline is not None and case.deadline <= now:
            moment = Moment(case.deadline, f"deadline/{key}/{case.attempt}")
            state = "expired" if case.attempt == 1 else "final"
            enter(case, state, moment, ENGINE, "nobody appealed in time")
        elif case.state == "under_review" and case.due_at is not None and case.due_at <= now:
            self._lapse(case, Moment(case.due_at, f"lapse/{key}/{case.attempt}"))

    def _lapse(self, case: Case, moment: Moment) -> None:
        process = self._own(case)
        case.due_at = None
        if process.if_lapsed is Lapse.ESCALATE:
            enter(case, "escalated", moment, ENGINE, "it was not decided in time")
            self._write(case, process, moment, "escalated", "it was not decided in time")
            return
        case.outcome = "overturned"
        case.outcome_reason = "it was not decided in time"
        self.overturn(case, "overturned", moment, 0, ())

    # -------------------------------------------------------------- writing

    def _write(
        self,
        case: Case,
        process: AppealProcess,
        moment: Moment,
        state: str,
        because: str | None = None,
    ) -> Decision:
        wording = Wording(
            kind="appeal",
            section="appeals",
            item=process,
            span=process.span,
            outcome=Outcome(appeal_id=case.appeal_id or case.key, appeal_state=state),
            evidence=Evidence(causes=[case.decision]),
            because=because,
            extra=f"{case.key}/{case.attempt}/{state}",
        )
        subject = self._desk.writer.subject("shop", self._desk.writer.shop)
        return self._desk.writer.write(wording, subject, moment)


def _own_review(issued: Issued | None) -> tuple[str, ...]:
    return () if issued is None or issued.review is None else (issued.review,)


def _note_filing(
    case: Case, event: Any, checks: list[tuple[str, bool, str]], *, admitted: bool, now: int
) -> None:
    case.appeal_id = event.appeal_id
    case.appellant = event.appellant or "seller"
    case.filed_at = now
    case.admissible = admitted
    case.checks = checks
    case.reason_code = event.reason_code
    case.statement = event.statement
    case.evidence = list(event.evidence or ())
    case.review_ids = list(event.review_ids or ())


_Handler = Callable[[Cases, Any, Moment], None]

_HANDLERS: Mapping[str, _Handler] = {
    "notice.sent": Cases._noticed,  # noqa: SLF001  # the table of this class
    "appeal.filed": Cases._filed,  # noqa: SLF001  # the table of this class
    "appeal.assigned": Cases._assigned,  # noqa: SLF001  # the table of this class
    "appeal.evidence_requested": Cases._evidence_requested,  # noqa: SLF001  # see above
    "appeal.evidence_added": Cases._evidence_added,  # noqa: SLF001  # see above
    "appeal.withdrawn": Cases._withdrawn,  # noqa: SLF001  # the table of this class
    "appeal.decided": Cases._decided,  # noqa: SLF001  # the table of this class
}
