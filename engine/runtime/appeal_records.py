"""From the state of an appeal to its record."""

from __future__ import annotations

from ..records.appeal import Appeal, Check, Reversal, Transition
from .model import Case
from .writing import Writer


def appeal_record(case: Case, writer: Writer, shop: str) -> Appeal:
    """The record of an appeal as it stands."""
    return Appeal(
        appeal_id=case.appeal_id or case.key,
        process=case.process,
        shop=shop,
        decision_ids=[case.decision] if case.decision else [],
        rule=case.rule,
        attempt=case.attempt,
        attempts=case.attempts,
        state=case.state,  # type: ignore[arg-type]  # cases only enter states that records name
        opened_at=writer.time(case.opened_at) or "",
        deadline=writer.time(case.deadline),
        appellant=case.appellant,
        filed_at=writer.time(case.filed_at),
        admissible=case.admissible,
        checks=[Check(name, passed, why) for name, passed, why in case.checks],
        reason_code=case.reason_code,
        statement=case.statement,
        evidence=list(case.evidence),
        evidence_wanted=list(case.evidence_wanted),
        evidence_until=writer.time(case.late_until),
        due_at=writer.time(case.due_at),
        reviewer=case.reviewer,
        outcome=case.outcome,
        outcome_reason=case.outcome_reason,
        error_class=case.error_class,
        policy_digest=writer.program.digest,
        reversal_plan=[
            Reversal(decision, what, status, reversed_by, why)  # type: ignore[arg-type]  # two words
            for decision, what, status, reversed_by, why in case.plan
        ],
        new_decision_ids=list(case.new_decisions),
        history=[
            Transition(writer.time(at) or "", state, actor, note)  # type: ignore[arg-type]  # see above
            for at, state, actor, note in case.history
        ],
    )
