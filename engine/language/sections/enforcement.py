"""`violations`, `actions` and `escalations`: what breaking the rules leads to."""

from __future__ import annotations

from collections.abc import Mapping

from .. import parser as parsing
from ..authored import ActionEntry, LadderEntry, PolicyFile, StepEntry, ViolationEntry
from ..catalog import SHOP
from ..messages import lint as lint_messages
from ..messages import policy as messages
from ..program import Action, Ladder, Overlap, Step, Violation
from ..shapes import Named, fitting
from ..syntax import Share
from ..types import TEXT, Type
from ..varied import Varied
from .balances import UP, build_balance, check_steps
from .caps import relative_cap
from .common import item_fields
from .context import NOWHERE, Context, Scope
from .earning import build_earning, build_reset
from .extensions import build_extensions
from .variants import check_alike
from .weights import MINOR, build_repeat, build_weight

STEP_SHOWN: Mapping[str, Type] = {"points": TEXT, "at": TEXT}
"""What the reason of a step may speak of: the total, and the milestone."""

_ACTION = {"scope": "scope", "overlap": "overlap"}
_LADDER = {"balance": "count", "reset": "reset"}
"""What all variants have in common, since what runs or counts goes on under each of them."""

_SHOP = Scope(SHOP, per=SHOP)
_STEP = Scope(SHOP, parameters=STEP_SHOWN, per=SHOP)

_OF_SHOPS = frozenset({"shop", "fund"})
_OF_VIOLATIONS = frozenset({*_OF_SHOPS, "product", "review"})
"""What a violation can be about, at least where an event records it and says so."""


def build_violations(context: Context, policy: PolicyFile) -> Varied[Violation]:
    """The kinds of violations by name."""
    by_replies = {entry.violation.text for entry in policy.reply_rules or () if entry.violation}
    found = []
    for named in fitting(policy.violations):
        more = {"reply"} if named.key.text in by_replies else ()
        violation = _violation(context, named, _OF_VIOLATIONS.union(more))
        if violation is not None:
            found.append(violation)
    return Varied.of(found)


def _violation(context: Context, named: Named, possible: frozenset[str]) -> Violation | None:
    entry: ViolationEntry = named.value
    item = item_fields(context, entry, named.name, _SHOP)
    actions = context.proposals(entry.do, possible)
    repeat = build_repeat(context, entry.repeat, possible)
    weight = build_weight(context, entry)
    if weight is None:
        return None
    return Violation(
        **item,
        picks=weight.picks,
        lowest=weight.lowest,
        highest=weight.highest,
        severity=entry.severity.text if entry.severity else MINOR,
        repeat=repeat,
        actions=actions,
    )


def build_actions(context: Context, policy: PolicyFile) -> Varied[Action]:
    """The vocabulary of actions by name."""
    found = Varied.of(_action(context, named) for named in fitting(policy.actions))
    for several in found.variants.values():
        check_alike(context, "action", several, _ACTION)
    return found


def _action(context: Context, named: Named) -> Action:
    entry: ActionEntry = named.value
    cap = None if entry.cap is None else parsing.parse_cap(entry.cap, context.report)
    if cap is not None:
        context.length_of(cap.length)
    parameters = {"cap": entry.cap.text} if entry.cap is not None else {}
    if entry.note is not None:
        parameters["note"] = entry.note.text
    return Action(
        **item_fields(context, entry, named.name, NOWHERE),
        scope=entry.scope.text,
        overlap=Overlap(entry.overlap.text) if entry.overlap else Overlap.EXTEND,
        parameters=parameters,
        cap=relative_cap(context, cap, entry.scope.text) if isinstance(cap, Share) else None,
        extends_to=build_extensions(context, entry),
    )


# ------------------------------------------------------------------------ ladders


def build_ladders(
    context: Context, policy: PolicyFile, violations: Varied[Violation]
) -> tuple[Ladder, ...]:
    """The ladders in the author's order."""
    ladders = tuple(_ladder(context, entry, violations) for entry in policy.escalations or ())
    for several in Varied.of(ladders).variants.values():
        check_alike(context, "ladder", several, _LADDER)
    return ladders


def _ladder(context: Context, entry: LadderEntry, violations: Varied[Violation]) -> Ladder:
    balance = build_balance(context, entry)
    if balance is not None:
        check_steps(context, entry, balance)
    _check_reasons(context, entry)
    named = [context.violation(name) for name in entry.of or ()]
    _check_fed(context, entry, violations)
    return Ladder(
        **item_fields(context, entry, entry.ladder, _STEP),
        per=entry.per.text,
        expire=context.length(entry.expire),
        terminal=entry.terminal.value if entry.terminal else None,
        warn_before=entry.warn_before.value if entry.warn_before else None,
        steps=tuple(_step(context, entry, step) for step in entry.steps),
        violations=frozenset(name for name in named if name),
        balance=balance or UP,
        earning=build_earning(context, entry),
        reset=build_reset(context, entry),
    )


def _step(context: Context, entry: LadderEntry, step: StepEntry) -> Step:
    return Step(
        at=step.at.value,
        actions=context.proposals(step.do, _OF_SHOPS, recovers=True),
        because=context.message(step.because or entry.because, _STEP),
        span=step.at.span,
    )


def _check_reasons(context: Context, entry: LadderEntry) -> None:
    """Report steps without a reason; all of them as one, since one reason can serve them all."""
    if not entry.lacks("because"):
        return
    bare = [step.at.span for step in entry.steps if step.lacks("because")]
    for place in [entry.ladder.span] if len(bare) == len(entry.steps) else bare:
        context.report.add(lint_messages.no_reason(place))


def _check_fed(context: Context, entry: LadderEntry, violations: Varied[Violation]) -> None:
    """Report a ladder that no points get onto; a violation with a mistake might give some."""
    names = {name.text for name in entry.of} if entry.of else context.violations
    known = violations.variants
    if all(name in known and not any(one.highest for one in known[name]) for name in names):
        context.report.add(messages.never_fed(entry.ladder.text, entry.ladder.span))
