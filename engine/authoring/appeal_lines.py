"""Appeals as people read them at the command line."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from ..ledger.casework import Step
from ..ledger.evidence import Attachment, digest_named
from ..records.appeal import Appeal
from ..records.decision import Decision


def short_line(one: Appeal) -> str:
    """An appeal on one line: what to do by when comes first."""
    if one.due_at is not None and one.state in ("under_review", "evidence_requested"):
        until = f"to be decided by {one.due_at}"
    else:
        until = f"can be filed until {one.deadline}" if one.deadline else "without a deadline"
    return f"{one.appeal_id}  {one.state}, {until}; shop {one.shop}, against {_against(one)}"


def step_lines(step: Step) -> Iterator[str]:
    """What a step has changed: how the appeal stands, what is due, and what is undone."""
    found = step.appeal
    yield _head(found)
    yield from _named(
        ("to be decided by", found.due_at), ("wanted", _listed(found.evidence_wanted))
    )
    yield from (f"  no   {one.name}: {one.explanation}" for one in found.checks if not one.passed)
    yield from _plan_lines(found)
    yield from map(_decision_line, step.decisions)


def appeal_lines(found: Appeal, attachments: Mapping[str, Attachment]) -> Iterator[str]:
    """Everything about an appeal; `attachments` are the files that it names, by digest."""
    yield _head(found)
    yield f"  shop {found.shop}, against {_against(found)}"
    yield from _named(
        ("can be filed until", found.deadline),
        ("to be decided by", found.due_at),
        ("evidence can follow until", found.evidence_until),
        ("reviewer", found.reviewer),
        ("reason", found.reason_code),
        ("statement", found.statement),
        *(("evidence", _evidence(one, attachments)) for one in found.evidence),
        ("wanted", _listed(found.evidence_wanted)),
        ("outcome", found.outcome_reason),
        ("version", str(len(found.history))),
    )
    for check in found.checks:
        yield f"  {'yes' if check.passed else 'no '}  {check.name}: {check.explanation}"
    for one in found.history:
        yield f"  {one.at}  {one.state}, by {one.actor}" + (f": {one.note}" if one.note else "")
    yield from _plan_lines(found)


def _head(found: Appeal) -> str:
    return f"{found.appeal_id}: {found.state}, attempt {found.attempt} of {found.attempts}"


def _against(found: Appeal) -> str:
    return f"{found.rule} ({_listed(found.decision_ids) or 'no decision'})"


def _evidence(given: str, attachments: Mapping[str, Attachment]) -> str:
    """A piece of evidence; what a file is stands behind it."""
    found = attachments.get(digest_named(given) or "")
    return given if found is None else f"{given} ({found.type}, {found.size:,} bytes)"


def _named(*pairs: tuple[str, str | None]) -> Iterator[str]:
    yield from (f"  {name}: {value}" for name, value in pairs if value)


def _listed(names: Iterable[str]) -> str:
    return ", ".join(names)


def _plan_lines(found: Appeal) -> Iterator[str]:
    for undone in found.reversal_plan:
        why = undone.why or (f"by {undone.reversed_by}" if undone.reversed_by else "")
        yield f"  undo {undone.what} {undone.decision_id}: {undone.status} {why}".rstrip()


def _decision_line(decision: Decision) -> str:
    because = f": {decision.rule.because}" if decision.rule.because else ""
    return f"  + {decision.kind} {decision.rule.id} ({decision.decision_id}){because}"
