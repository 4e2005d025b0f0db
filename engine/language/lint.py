"""What makes sense by itself and yet is probably not what was meant."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from .authored import PolicyFile
from .diagnostics import Report
from .messages import policy as messages
from .program import Program, Proposal, Status
from .sections.context import Context
from .shapes import Named

_REFERRED = {
    "lists": "list",
    "tables": "table",
    "define": "definition",
    "violations": "violation",
    "actions": "action",
}


def lint(program: Program, policy: PolicyFile, context: Context) -> None:
    """Add warnings about the whole policy to the report."""
    _unused(policy, context)
    _overlaps(program, policy, context.report)
    _appealable(program, context.report)


def _unused(policy: PolicyFile, context: Context) -> None:
    for section, kind in _REFERRED.items():
        for named in getattr(policy, section) or ():
            if (kind, named.key.text) not in context.used:
                context.report.add(messages.unused(kind, named.key.text, named.key.span))
    for named in policy.measures or ():
        if ("measure", named.key.text) not in context.used:
            context.report.add(messages.unused("measure", named.key.text, named.key.span))


def proposals(program: Program) -> Iterator[Proposal]:
    """Every place where a policy asks for an action."""
    for threshold in program.thresholds:
        for effects in threshold.on_enter.values():
            yield from effects.actions
    for violation in program.violations.values():
        yield from violation.actions
    for ladder in program.ladders:
        for step in ladder.steps:
            yield from step.actions


def _overlaps(program: Program, policy: PolicyFile, report: Report) -> None:
    places = Counter(proposal.action for proposal in proposals(program))
    for named in policy.actions or ():
        name: Named = named
        count = places[name.key.text]
        if count > 1 and name.value.overlap is None:
            report.add(messages.overlap_undefined(name.key.text, count, name.key.span))


def _appealable(program: Program, report: Report) -> None:
    """Report what works against the shop and has no appeal."""
    kinds = {kind for process in program.appeals for kind in process.against}
    for violation in program.violations.values():
        if "violation" not in kinds and violation.status is Status.ENFORCE:
            report.add(messages.no_appeal("violation", violation.span))
    for threshold in program.thresholds:
        acts = any(effects.actions for effects in threshold.on_enter.values())
        if acts and not {"action", "threshold"} & kinds:
            report.add(messages.no_appeal("action", threshold.span))
