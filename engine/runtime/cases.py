"""Appeals: admitted or refused, worked on, decided, lapsed.

The engine refuses what is not admissible, with its reasons; it never decides an admissible appeal
against the appellant. Deadlines are worked out when an appeal opens and never move by themselves.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from ..language.program import AppealProcess, Lapse, Success, WhilePending
from ..records.decision import Decision, Evidence, Outcome
from .admission import EVIDENCE, SELLER, Admission, complete
from .bounds import check_evidence, check_somebody, check_step
from .desk import CASE, Desk
from .effects import Effects
from .event_types import Event
from .filing import Filings
from .model import Case, Effect, Issued
from .openings import CLOSED, ENGINE, Openings, enter
from .refused import Refused
from .writing import Moment, Wording

PENDING = frozenset({"under_review", "evidence_requested", "escalated"})
_LATE = "it was not decided in time"


class Cases:
    """The appeals of one shop."""

    def __init__(self, desk: Desk, openings: Openings, effects: Effects) -> None:
        """Work at a desk, with the openings and effects of the same shop."""
        self._desk = desk
        self._openings = openings
        self._effects = effects
        self._filings = Filings(desk)
        self._admission = Admission(desk)
        self.recompute: tuple[str, Moment] | None = None
        """An appeal that succeeded and asks for history to be evaluated again."""

    def _own(self, case: Case) -> AppealProcess:
        return self._desk.process(case.process, case.opened_at)

    # -------------------------------------------------------------- events

    def handles(self, event_type: str) -> bool:
        """Whether an event speaks of appeals."""
        return event_type in _HANDLERS

    def handle(self, event: Event, moment: Moment) -> None:
        """Let an event act on an appeal; in a rehearsal, let happen what it did then.

        Raises:
            Refused: the event does not fit the appeal as it stands; nothing has changed.
        """
        if self._desk.rehearsal:
            self._effects.replay_event(moment)
        else:
            _HANDLERS[event.type](self, event, moment)

    def _find(self, event: Any) -> Case:
        key = self._desk.redress.by_id.get(event.appeal_id)
        if key is None:
            is_open = event.appeal_id in self._desk.redress.cases
            name = f"`{event.appeal_id}`"
            message = f"nobody has filed {name} yet" if is_open else f"there is no appeal {name}"
            raise Refused("unknown-appeal", "appeal_id", message)
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
            check_step(case, event)
        for case in found:
            case.noticed_at = moment.now
            self._openings.expect(case, self._own(case), moment.now)
            enter(self._desk, case, "open", moment, note="the seller was notified")

    # -------------------------------------------------------------- filing

    def _filed(self, event: Any, moment: Moment) -> None:
        filing = self._filings.take(event, moment.now)
        enters = filing.admitted or filing.may_wait
        if enters:
            enter(self._desk, filing.case, "filed", moment, filing.case.appellant or SELLER)
        if filing.admitted:
            self._admit(filing.case, moment)
        elif filing.may_wait:
            self._wait(filing.case, filing.why_not, moment)
        else:
            self._refuse(filing.case, moment, filing.why_not, mend=filing.may_be_mended)

    def _wait(self, case: Case, missing: str, moment: Moment) -> None:
        """Let evidence follow for a while."""
        process = self._own(case)
        assert process.late_evidence is not None  # noqa: S101  # else nothing waits
        case.late_until = self._desk.last_in_time(moment.now, process.late_evidence)
        self._desk.timer(case.late_until + 1, CASE, case.key)
        self._write(case, process, moment, "filed", missing)

    def _follows(self, case: Case, event: Any, moment: Moment) -> None:
        """Evidence comes that was missing: with all of it, the appeal is admitted."""
        case.evidence.extend(event.evidence)
        now = complete(self._own(case), case.reason_code, case.evidence)
        case.checks = [now if check[0] == EVIDENCE else check for check in case.checks]
        enter(self._desk, case, "filed", moment, case.appellant or SELLER, event.note)
        if now[1]:
            case.admissible, case.late_until = True, None
            self._admit(case, moment)

    def _admit(self, case: Case, moment: Moment) -> None:
        process = self._own(case)
        enter(self._desk, case, "under_review", moment)
        if process.decide_within is not None:
            self._await(case, self._desk.last_in_time(moment.now, process.decide_within))
        if process.while_pending is not WhilePending.KEEP:
            self._effects.do(
                Effect("suspend", case.key, moment.now, moment.event_id, case.decision)
            )
        self._write(case, process, moment, "admitted")

    def _await(self, case: Case, due_at: int) -> None:
        """Expect an appeal to be decided until an instant, which is in time."""
        case.due_at = due_at
        self._desk.timer(due_at + 1, CASE, case.key)

    def _refuse(self, case: Case, moment: Moment, why: str, *, mend: bool) -> None:
        enter(self._desk, case, "inadmissible", moment, note=why)
        if case.process:
            self._write(case, self._own(case), moment, "refused", why)
        if mend:
            enter(self._desk, case, "open", moment, note="it may still be filed in full")

    # ------------------------------------------------------------- working

    def _assigned(self, event: Any, moment: Moment) -> None:
        check_somebody("reviewer", event.reviewer)
        case = self._pending(event)
        check_step(case, event)
        if event.reviewer in case.deciders:
            message = "the reviewer decided the attempt before"
            raise Refused("same-reviewer", "reviewer", message)
        case.reviewer = event.reviewer
        enter(self._desk, case, case.state, moment, event.reviewer, event.note)

    def _evidence_requested(self, event: Any, moment: Moment) -> None:
        check_somebody("by", event.by)
        if not any(kind.strip() for kind in event.wanted):
            raise Refused("missing-field", "wanted", "say what evidence is wanted")
        case = self._find(event)
        check_step(case, event)
        if self._may_wait_again(case):
            self._refuse_a_crowd(case)
            enter(self._desk, case, "filed", moment, event.by, event.note)
            self._wait(case, f"asked for: {', '.join(event.wanted)}", moment)
            return
        case = self._pending(event)
        case.evidence_wanted = list(event.wanted)
        case.paused_at = case.paused_at if case.paused_at is not None else moment.now
        enter(self._desk, case, "evidence_requested", moment, event.by, event.note)

    def _refuse_a_crowd(self, case: Case) -> None:
        for _, passed, told in self._admission.alone(self._own(case), case):
            if not passed:
                raise Refused("wrong-state", "appeal_id", told)

    def _may_wait_again(self, case: Case) -> bool:
        """Whether only evidence was missing that came too late, so that it can be asked for."""
        late = bool(case.process) and self._own(case).late_evidence is not None
        failed = [name for name, passed, _ in case.checks if not passed]
        return late and case.state == "open" and failed == [EVIDENCE]

    def _evidence_added(self, event: Any, moment: Moment) -> None:
        case = self._find(event)
        check_step(case, event)
        check_evidence(case, event.evidence)
        if case.state == "filed":
            self._follows(case, event, moment)
            return
        case = self._pending(event)
        case.evidence.extend(event.evidence)
        if case.paused_at is not None and case.due_at is not None:
            self._await(case, case.due_at + moment.now - case.paused_at)
        state = "under_review" if case.state == "evidence_requested" else case.state
        case.paused_at = None
        case.evidence_wanted = []
        enter(self._desk, case, state, moment, case.appellant or SELLER, event.note)

    def _withdrawn(self, event: Any, moment: Moment) -> None:
        case = self._find(event)
        if case.state in CLOSED:
            raise Refused("wrong-state", "appeal_id", f"the appeal is {case.state}")
        enter(self._desk, case, "withdrawn", moment, case.appellant or SELLER, event.note)
        self._effects.do(Effect("resume", case.key, moment.now, moment.event_id))
        self._write(case, self._own(case), moment, "withdrawn")

    # ------------------------------------------------------------ deciding

    def _decided(self, event: Any, moment: Moment) -> None:
        check_somebody("decided_by", event.decided_by)
        case = self._pending(event)
        if event.decided_by in case.deciders:
            message = "who decided the attempt before cannot decide this one"
            raise Refused("same-reviewer", "decided_by", message)
        if not event.reason.strip():
            raise Refused("no-reason", "reason", "a decision needs a reason")
        points = self._left(case, event)
        case.reviewer = event.decided_by
        case.outcome, case.outcome_reason = event.outcome, event.reason
        case.error_class = event.error_class
        case.deciders.append(event.decided_by)
        if event.outcome == "upheld":
            self._uphold(case, moment)
        else:
            self._overturn(case, moment, points, event.review_ids or ())

    def _left(self, case: Case, event: Any) -> int | None:
        """The points that a decision leaves of a violation; `None`: it stands, but for reviews."""
        if event.outcome != "partly_overturned":
            return 0
        if event.points is None:
            reviews = [*case.review_ids, *(event.review_ids or ())]
            if not reviews or Success.EXCLUDE not in self._own(case).if_overturned:
                raise Refused("missing-field", "points", "say how many points are left")
            return None
        issued = self._desk.facts.issued.get(case.decision)
        highest = issued.points - 1 if issued is not None else 0
        if not 1 <= event.points <= highest:
            message = f"`points` has to be 1 to {highest}, fewer than there are"
            raise Refused("out-of-range", "points", message)
        return int(event.points)

    def _uphold(self, case: Case, moment: Moment) -> None:
        process = self._own(case)
        self._stop(case)
        enter(self._desk, case, "upheld", moment, case.reviewer or "", case.outcome_reason)
        self._effects.do(Effect("resume", case.key, moment.now, moment.event_id))
        self._write(case, process, moment, "upheld", case.outcome_reason)
        if case.attempt >= case.attempts:
            enter(self._desk, case, "final", moment, note="no attempt is left")
            return
        case.attempt, case.reviewer = case.attempt + 1, None
        rejected = process.attempts[case.attempt - 1].anchor == "rejection"
        notice = case.opened_at if case.noticed_at is None else case.noticed_at
        self._openings.expect(case, process, moment.now if rejected else notice)
        enter(self._desk, case, "open", moment, note=f"attempt {case.attempt} may be filed")

    def _stop(self, case: Case) -> None:
        """Expect nothing more of an appeal."""
        case.due_at = case.paused_at = None
        case.evidence_wanted = []

    def _overturn(
        self, case: Case, moment: Moment, points: int | None, reviews: Iterable[str]
    ) -> None:
        """Undo what an appeal was against: wholly, down to some points, or only its reviews."""
        process, issued = self._own(case), self._desk.facts.issued.get(case.decision)
        named = (*case.review_ids, *reviews, *_own_review(issued))
        excludes = Success.EXCLUDE in process.if_overturned
        case.review_ids = list(dict.fromkeys(named)) if excludes else []
        self._stop(case)
        outcome = case.outcome or "overturned"
        enter(self._desk, case, outcome, moment, case.reviewer or ENGINE, case.outcome_reason)
        self._write(case, process, moment, outcome, case.outcome_reason)
        undoing = Effect(
            "reverse",
            case.key,
            moment.now,
            moment.event_id,
            case.decision,
            appeal=case.appeal_id or case.key,
            reason=case.outcome_reason or _LATE,
            points=-1 if points is None else points,
            reviews=case.review_ids,
            success=[one.value for one in process.if_overturned],
        )
        resuming = Effect("resume", case.key, moment.now, moment.event_id)
        if process.retroactive:
            self._desk.redress.journal += [undoing, resuming]
            self._take_out(case, process, issued, points, moment.now)
            self.recompute = (case.key, moment)
        else:
            self._effects.do(undoing)
            self._effects.do(resuming)

    def _take_out(
        self,
        case: Case,
        process: AppealProcess,
        issued: Issued | None,
        points: int | None,
        now: int,
    ) -> None:
        """Note what history is to be evaluated without."""
        redress, at = self._desk.redress, issued.at if issued else case.opened_at
        undone = {Success.VOID_POINTS, Success.LIFT_ACTIONS}.intersection(process.if_overturned)
        if points:
            redress.reduced[case.decision] = (points, at)
        elif points == 0 and undone:
            redress.void[case.decision] = at
        redress.excluded.update(dict.fromkeys(case.review_ids, now))

    # ------------------------------------------------------------ deadlines

    def due(self, key: str, now: int) -> None:
        """A timer went: an appeal was not filed, or not decided, in time."""
        if self._desk.rehearsal:
            self._effects.replay_lapse(key, now)
            return
        case = self._desk.redress.cases.get(key)
        if case is None:
            return
        if case.state == "filed" and case.late_until is not None and case.late_until < now:
            self._too_late(case, Moment(now, f"evidence/{key}/{now}"))
        if case.state == "open" and case.deadline is not None and case.deadline < now:
            state = "expired" if case.attempt == 1 else "final"
            moment = Moment(now, f"deadline/{key}/{case.attempt}")
            enter(self._desk, case, state, moment, note="nobody appealed in time")
        elif case.state == "under_review" and case.due_at is not None and case.due_at < now:
            self._lapse(case, Moment(now, f"lapse/{key}"))

    def _too_late(self, case: Case, moment: Moment) -> None:
        """The evidence that was missing has not come."""
        case.late_until = None
        why = "; ".join(why for _, passed, why in case.checks if not passed)
        self._refuse(case, moment, why, mend=True)

    def _lapse(self, case: Case, moment: Moment) -> None:
        process = self._own(case)
        case.due_at = None
        enter(self._desk, case, "lapsed", moment, note=_LATE)
        if process.if_lapsed is Lapse.ESCALATE:
            enter(self._desk, case, "escalated", moment, note="somebody else has to decide")
            self._write(case, process, moment, "escalated", _LATE)
            return
        case.outcome, case.outcome_reason, case.reviewer = "overturned", _LATE, None
        self._overturn(case, moment, 0, ())

    # -------------------------------------------------------------- writing

    def _write(
        self,
        case: Case,
        process: AppealProcess,
        moment: Moment,
        state: str,
        because: str | None = None,
    ) -> Decision:
        explanation = (
            self._admission.explanation(process, moment.now) if state == "refused" else None
        )
        wording = Wording(
            kind="appeal",
            section="appeals",
            item=process,
            span=process.span,
            outcome=Outcome(appeal_id=case.appeal_id or case.key, appeal_state=state),
            evidence=Evidence(explanation=explanation, causes=[case.decision]),
            because=because,
            extra=f"{case.key}/{case.attempt}/{state}",
        )
        subject = self._desk.writer.subject("shop", self._desk.writer.shop)
        return self._desk.writer.write(wording, subject, moment)


def _own_review(issued: Issued | None) -> tuple[str, ...]:
    return () if issued is None or issued.review is None else (issued.review,)


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
