"""`violations`, `actions` and `escalations`: what breaking the rules leads to."""

from __future__ import annotations

from itertools import pairwise

from .. import parser as parsing
from ..authored import ActionEntry, LadderEntry, PolicyFile, StepEntry, ViolationEntry
from ..catalog import SHOP
from ..messages import policy as messages
from ..program import Action, Ladder, Overlap, Repeat, Step, Violation
from ..shapes import Named
from ..types import TEXT, Type
from .common import item_fields
from .context import NOWHERE, Context, Scope

STEP_SHOWN: dict[str, Type] = {"points": TEXT, "at": TEXT}
"""What the reason of a step may speak of: the total, and the milestone."""


def build_violations(context: Context, policy: PolicyFile) -> dict[str, Violation]:
    """The kinds of violations by name."""
    found = {}
    for named in policy.violations or ():
        violation = _violation(context, named)
        if violation is not None:
            found[violation.name] = violation
    return found


def _violation(context: Context, named: Named) -> Violation | None:
    entry: ViolationEntry = named.value
    points = None if entry.points is None else parsing.parse_points(entry.points, context.report)
    if entry.points is not None and points is None:
        return None
    low, high = (points.low, points.high) if points else (0, 0)
    pick = entry.pick.value if entry.pick else low
    if (low != high and entry.pick is None) or not low <= pick <= high:
        span = entry.pick.span if entry.pick else named.value.points.span
        context.report.add(messages.pick_outside(low, high, span))
        return None
    return Violation(
        **item_fields(context, entry, named.key, Scope(SHOP)),
        points=pick,
        lowest=low,
        highest=high,
        severity=entry.severity.text if entry.severity else "minor",
        repeat=_repeat(context, entry),
        actions=context.proposals(entry.do),
    )


def _repeat(context: Context, entry: ViolationEntry) -> Repeat | None:
    if entry.repeat is None:
        return None
    within = context.length(entry.repeat.within)
    return None if within is None else Repeat(within, entry.repeat.times.value)


def build_actions(context: Context, policy: PolicyFile) -> dict[str, Action]:
    """The vocabulary of actions by name."""
    return {named.key.text: _action(context, named) for named in policy.actions or ()}


def _action(context: Context, named: Named) -> Action:
    entry: ActionEntry = named.value
    rate = None if entry.cap is None else parsing.parse_rate(entry.cap, context.report)
    parameters = {"cap": entry.cap.text} if entry.cap is not None and rate is not None else {}
    if entry.note is not None:
        parameters["note"] = entry.note.text
    return Action(
        **item_fields(context, entry, named.key, NOWHERE),
        scope=entry.scope.text,
        overlap=Overlap(entry.overlap.text) if entry.overlap else Overlap.EXTEND,
        parameters=parameters,
    )


def build_ladders(context: Context, policy: PolicyFile) -> tuple[Ladder, ...]:
    """The ladders in the author's order."""
    return tuple(_ladder(context, entry) for entry in policy.escalations or ())


def _ladder(context: Context, entry: LadderEntry) -> Ladder:
    _check_steps(context, entry)
    counted = (context.violation(name) for name in entry.of or ())
    return Ladder(
        **item_fields(context, entry, entry.ladder, Scope(SHOP, parameters=STEP_SHOWN)),
        per=entry.per.text,
        expire=context.length(entry.expire),
        terminal=entry.terminal.value if entry.terminal else None,
        warn_before=entry.warn_before.value if entry.warn_before else None,
        steps=tuple(_step(context, entry, step) for step in entry.steps),
        violations=frozenset(name for name in counted if name),
    )


def _step(context: Context, entry: LadderEntry, step: StepEntry) -> Step:
    if step.because is None and entry.because is None:
        context.report.add(messages.no_reason(step.at.span))
    reason = step.because or entry.because
    scope = Scope(SHOP, parameters=STEP_SHOWN)
    return Step(
        at=step.at.value,
        actions=context.proposals(step.do),
        because=context.message(reason, scope),
        span=step.at.span,
    )


def _check_steps(context: Context, entry: LadderEntry) -> None:
    for first, second in pairwise(entry.steps):
        if second.at.value <= first.at.value:
            context.report.add(messages.steps_out_of_order(second.at.span, first.at.span))
    terminal = entry.terminal
    for step in entry.steps:
        if terminal is not None and step.at.value > terminal.value:
            context.report.add(
                messages.step_unreachable(step.at.value, terminal.value, step.at.span)
            )
