"""Rules on events: reviews, replies and reports, with their verdicts."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from .. import ir, syntax
from .. import parser as parsing
from ..authored import PolicyFile, ReplyRule, ReportRule, ReviewRule
from ..catalog import Catalog
from ..environment import always_set
from ..messages import policy as messages
from ..program import Rule, Status, Stratum
from ..ranges import always
from ..shapes import Named
from ..source import Embedded, Span
from ..types import BOOLEAN, TEXT, Type
from .common import item_fields
from .context import Context, Scope

RuleEntry = ReviewRule | ReplyRule | ReportRule

ADVERSE = frozenset({"reject", "refuse", "hold"})
"""Verdicts that work against whom they fall on."""

MATCHED: Mapping[str, Type] = {"matched": TEXT}
"""What a rule's reason may speak of besides the event: the words that its condition found."""


@dataclass(frozen=True, slots=True)
class _Kind:
    """What is particular to one list of rules."""

    stratum: Stratum
    about: str
    usual_event: str
    verdicts: tuple[str, ...]


_REVIEW = _Kind(Stratum.REVIEW, "review", "review.posted", ("allow", "flag", "hold", "refuse"))
_REPLY = _Kind(Stratum.REPLY, "reply", "reply.submitted", ("allow", "flag", "hold", "reject"))
_REPORT = _Kind(Stratum.REPORT, "report", "review.reported", ("allow", "flag", "hold", "refuse"))


def build_rules(context: Context, policy: PolicyFile) -> tuple[Rule, ...]:
    """All rules on events, those with more priority first, else in the author's order."""
    pairs: list[tuple[_Kind, RuleEntry]] = [
        *((_REVIEW, entry) for entry in policy.review_rules or ()),
        *((_REPLY, entry) for entry in policy.reply_rules or ()),
        *((_REPORT, entry) for entry in policy.report_rules or ()),
    ]
    rules = [rule for kind, entry in pairs if (rule := _rule(context, kind, entry)) is not None]
    return tuple(sorted(rules, key=lambda rule: -rule.priority))


def _rule(context: Context, kind: _Kind, entry: RuleEntry) -> Rule | None:
    events = event_names(context, getattr(entry, "event", None), kind.about, kind.usual_event)
    if not events:
        return None
    scope = event_scope(context.catalog, kind.about, events)
    with_words = replace(scope, parameters=MATCHED)
    condition = _condition(context, entry, scope)
    verdicts = _verdicts(context, kind, entry)
    item = item_fields(context, entry, entry.rule, with_words)
    violation = context.violation(entry.violation)
    if condition is None or not verdicts:
        return None
    _check_reason(context, entry, verdicts)
    return Rule(
        **item,
        stratum=kind.stratum,
        events=events,
        condition=condition,
        verdicts=verdicts,
        violation=violation,
        priority=entry.priority.value if entry.priority else 0,
        stop=bool(entry.stop and entry.stop.value),
    )


def event_names(
    context: Context,
    given: Embedded | tuple[Embedded, ...] | None,
    about: str,
    usual: str,
) -> tuple[str, ...]:
    """The events that an entry names, all about one kind; the usual one where it names none."""
    if given is None:
        return (usual,)
    texts = given if isinstance(given, tuple) else (given,)
    possible = {name for name, event in context.catalog.events.items() if event.about == about}
    for text in texts:
        if text.text not in possible:
            context.report.add(messages.unknown_event(text.text, possible, text.span))
    return tuple(dict.fromkeys(text.text for text in texts if text.text in possible))


def event_scope(catalog: Catalog, about: str, events: Iterable[str]) -> Scope:
    """What an expression over these events can be sure of."""
    needs = [frozenset(catalog.events[event].needs) for event in events]
    present = [always_set(catalog, event) for event in events]
    return Scope(
        about,
        frozenset({about}).union(frozenset.intersection(*needs)),
        frozenset.intersection(*present),
    )


def _condition(context: Context, entry: RuleEntry, scope: Scope) -> ir.Expr | None:
    """When the rule fires: `when` holds and `require`, if there is one, does not."""
    if entry.when is None and entry.require is None:
        context.report.add(messages.nothing_to_judge(entry.span))
        return None
    when, require = _parts(context, entry, scope)
    if (entry.when and when is None) or (entry.require and require is None):
        return None
    check_sense(context, entry, when, require)
    if require is None:
        return when
    failed = ir.Not(require, type=BOOLEAN, span=require.span)
    if when is None:
        return failed
    return ir.And((when, failed), type=BOOLEAN, span=when.span)


def _parts(
    context: Context, entry: RuleEntry, scope: Scope
) -> tuple[ir.Expr | None, ir.Expr | None]:
    """`when` and `require`, checked together, so that the one guards the other."""
    if entry.when is None or entry.require is None:
        when = context.expression(entry.when, scope) if entry.when else None
        return when, context.expression(entry.require, scope) if entry.require else None
    trees = [parsing.parse_expression(text, context.report) for text in (entry.when, entry.require)]
    first, second = trees
    if first is None or second is None:
        return None, None
    both = context.check(syntax.And((first, second), span=first.span), scope, BOOLEAN)
    return (both.operands[0], both.operands[1]) if isinstance(both, ir.And) else (None, None)


def check_sense(
    context: Context, entry: RuleEntry, when: ir.Expr | None, require: ir.Expr | None
) -> None:
    """Report conditions that hold always or never."""
    if context.status(entry) is Status.DISABLED:
        return
    for condition in (when, require):
        if condition is not None:
            report_constant(context, condition)


def report_constant(context: Context, condition: ir.Expr) -> None:
    """Report a condition that holds always or never; the author's plain `true` is meant."""
    if isinstance(condition, ir.Constant) and condition.value is True:
        return
    outcome = always(condition, context.catalog)
    if outcome is False:
        context.report.add(messages.never_holds(condition.span))
    elif outcome is True:
        context.report.add(messages.always_holds(condition.span))


def _verdicts(context: Context, kind: _Kind, entry: RuleEntry) -> Mapping[str, str]:
    otherwise = getattr(entry, "otherwise", None)
    given = entry.verdict if entry.verdict is not None else otherwise
    if given is None:
        partner = "otherwise" if entry.require is not None else "verdict"
        has = "require" if entry.require is not None else "when"
        context.report.add(messages.needs_partner(has, partner, entry.span))
        return {}
    if otherwise is not None and entry.require is None:
        context.report.add(messages.needs_partner("otherwise", "require", otherwise.span))
    if isinstance(given, Embedded):
        return {"": given.text} if _possible(context, kind, given) else {}
    return _by_region(context, kind, given, entry.span)


def _by_region(
    context: Context, kind: _Kind, given: tuple[Named, ...], span: Span
) -> Mapping[str, str]:
    found = {}
    for named in given:
        region = context.region(named.key)
        if region is not None and _possible(context, kind, named.value):
            found[region] = named.value.text
    missing = set(context.regions) - set(found)
    if "" not in found and (missing or not context.regions):
        context.report.add(messages.no_default_verdict(given[0].key.span if given else span))
        return {}
    return {"": "allow", **found}


def _possible(context: Context, kind: _Kind, verdict: Embedded) -> bool:
    if verdict.text in kind.verdicts:
        return True
    context.report.add(messages.wrong_region_verdict(verdict.text, kind.verdicts, verdict.span))
    return False


def _check_reason(context: Context, entry: RuleEntry, verdicts: Mapping[str, str]) -> None:
    adverse = entry.violation is not None or not ADVERSE.isdisjoint(verdicts.values())
    if adverse and entry.because is None and context.status(entry) is not Status.DISABLED:
        context.report.add(messages.no_reason(entry.rule.span))
