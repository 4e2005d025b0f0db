"""Rules on events: on reviews, replies, reports and everything else, with their verdicts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import islice

from .. import ir, syntax
from .. import parser as parsing
from ..authored import EventRule, PolicyFile, ReplyRule, ReportRule, ReviewRule
from ..catalog import Catalog
from ..environment import always_set
from ..messages import lint as lint_messages
from ..messages import policy as messages
from ..messages import rules as rule_messages
from ..program import Rule, Status, Stratum
from ..ranges import always, implies
from ..shapes import Named, fitting
from ..source import Embedded
from ..types import BOOLEAN, TEXT, Type
from ..walk import rollup_plans
from .common import item_fields
from .context import Context, Scope
from .events import judgeable, own_list, texts_of
from .holds import time_out
from .order import Turn, report_hidden

RuleEntry = ReviewRule | ReplyRule | ReportRule | EventRule

ADVERSE = frozenset({"reject", "refuse", "hold"})
"""Verdicts that work against whom they fall on."""

MATCHED: Mapping[str, Type] = {"matched": TEXT}
"""What a rule's reason may speak of besides the event: the words that its condition found."""


@dataclass(frozen=True, slots=True)
class _Kind:
    """What is particular to one list of rules.

    One that judges several kinds of entity is `about` nothing, and has no usual event.
    """

    stratum: Stratum
    about: str | None
    usual_event: str | None
    verdicts: tuple[str, ...]


_REVIEW = _Kind(Stratum.REVIEW, "review", "review.posted", ("allow", "flag", "hold", "refuse"))
_REPLY = _Kind(Stratum.REPLY, "reply", "reply.submitted", ("allow", "flag", "hold", "reject"))
_REPORT = _Kind(Stratum.REPORT, "report", "review.reported", ("allow", "flag", "hold", "refuse"))
_EVENT = _Kind(Stratum.EVENT, None, None, ("allow", "flag", "hold", "refuse"))


def build_rules(context: Context, policy: PolicyFile) -> tuple[Rule, ...]:
    """All rules on events, those with more priority first, else in the author's order."""
    pairs: list[tuple[_Kind, RuleEntry]] = [
        *((_REVIEW, entry) for entry in policy.review_rules or ()),
        *((_REPLY, entry) for entry in policy.reply_rules or ()),
        *((_REPORT, entry) for entry in policy.report_rules or ()),
        *((_EVENT, entry) for entry in policy.event_rules or ()),
    ]
    found = [rule for kind, entry in pairs if (rule := _rule(context, kind, entry)) is not None]
    rules = tuple(sorted(found, key=lambda rule: -rule.priority))
    report_hidden(context, [_turn(rule) for rule in rules])
    return rules


def _turn(rule: Rule) -> Turn:
    takes = rule.stop and rule.status is not Status.SHADOW
    return Turn(rule, rule.condition, frozenset(rule.events), rule.span, takes)


def _rule(context: Context, kind: _Kind, entry: RuleEntry) -> Rule | None:
    events = _events(context, kind, entry)
    violation = context.violation(entry.violation)
    if entry.lacks("when") and entry.lacks("require"):
        context.report.add(messages.nothing_to_judge(entry.rule.span))
        return None
    verdicts = _verdicts(context, kind, entry)
    if not events:
        return None
    about = context.catalog.events[events[0]].about
    scope = judged_scope(context.catalog, about, events)
    condition = _condition(context, entry, scope)
    item = item_fields(context, entry, entry.rule, replace(scope, parameters=MATCHED))
    ending = time_out(context, entry, events, verdicts)
    if condition is None or not verdicts:
        return None
    _check_reason(context, entry, verdicts)
    return Rule(
        **item,
        stratum=kind.stratum,
        about=about,
        events=events,
        condition=condition,
        verdicts=verdicts,
        time_out=ending,
        violation=violation,
        priority=entry.priority.value if entry.priority else 0,
        stop=bool(entry.stop and entry.stop.value),
    )


def _events(context: Context, kind: _Kind, entry: RuleEntry) -> tuple[str, ...]:
    """The events that a rule judges; nothing where they make no sense."""
    given = getattr(entry, "event", None)
    if kind.about is None or kind.usual_event is None:
        return _of_one_kind(context, texts_of(given or ()))
    return event_names(context, given, kind.about, kind.usual_event)


def _of_one_kind(context: Context, texts: tuple[Embedded, ...]) -> tuple[str, ...]:
    """Events that `event_rules` can judge, which have to be about one kind of entity."""
    events, possible = context.catalog.events, judgeable(context.catalog)
    for text in texts:
        if text.text not in possible:
            home = own_list(context.catalog, text.text)
            found = messages.unknown_event(text.text, possible, text.span, home=home)
            context.report.add(found)
    known = [text for text in texts if text.text in possible]
    first: dict[str, Embedded] = {}
    for text in known:
        first.setdefault(events[text.text].about, text)
    if len(first) > 1:
        one, other = islice(first.items(), 2)
        found = rule_messages.several_kinds(one[0], other[0], other[1].span, one[1].span)
        context.report.add(found)
        return ()
    return tuple(dict.fromkeys(text.text for text in known))


def event_names(
    context: Context,
    given: Embedded | tuple[Embedded, ...] | None,
    about: str,
    usual: str,
) -> tuple[str, ...]:
    """The events that an entry names, all about one kind; the usual one where it names none."""
    if given is None:
        return (usual,)
    texts = texts_of(given)
    possible = {name for name, event in context.catalog.events.items() if event.about == about}
    for text in texts:
        if text.text not in possible:
            context.report.add(messages.unknown_event(text.text, possible, text.span))
    return tuple(dict.fromkeys(text.text for text in texts if text.text in possible))


def event_scope(catalog: Catalog, about: str, events: Sequence[str]) -> Scope:
    """What an expression over these events can be sure of."""
    needs = [frozenset(catalog.events[event].needs) for event in events]
    present = [always_set(catalog, event) for event in events]
    return Scope(
        about,
        frozenset({about}).union(frozenset.intersection(*needs)),
        frozenset.intersection(*present),
        rollups=True,
    )


def judged_scope(catalog: Catalog, about: str, events: Sequence[str]) -> Scope:
    """The same, where what the event is about can be asked for what it was."""
    known = all(catalog.events[event].state == "known" for event in events)
    return replace(event_scope(catalog, about, events), past=known)


def _condition(context: Context, entry: RuleEntry, scope: Scope) -> ir.Expr | None:
    """When the rule fires: `when` holds and `require`, if there is one, does not."""
    when, require = _parts(context, entry, scope)
    if when is None and not entry.lacks("when"):
        return None
    if require is None and not entry.lacks("require"):
        return None
    _check_sense(context, entry, when, require)
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


def _check_sense(
    context: Context, entry: RuleEntry, when: ir.Expr | None, require: ir.Expr | None
) -> None:
    """Report conditions that hold always or never, and what `when` has settled already."""
    if context.status(entry) is Status.DISABLED:
        return
    said = [report_constant(context, one) for one in (when, require) if one is not None]
    if when and require and not any(said) and implies(when, require, context.catalog):
        context.report.add(lint_messages.always_holds(require.span))


def report_constant(context: Context, condition: ir.Expr) -> bool:
    """Report a condition that holds always or never; the author's plain `true` is meant.

    Those of roll-ups in it are looked at as well.

    Returns:
        Whether it does.
    """
    for plan in rollup_plans(condition):
        if plan.where is not None:
            _report_one(context, plan.where)
    return _report_one(context, condition)


def _report_one(context: Context, condition: ir.Expr) -> bool:
    if isinstance(condition, ir.Constant) and condition.value is True:
        return True
    outcome = always(condition, context.catalog)
    if outcome is False:
        context.report.add(messages.never_holds(condition.span))
    elif outcome is True:
        context.report.add(lint_messages.always_holds(condition.span))
    return outcome is not None


def _verdicts(context: Context, kind: _Kind, entry: RuleEntry) -> Mapping[str, str]:
    otherwise: Embedded | None = getattr(entry, "otherwise", None)
    given = entry.verdict if entry.verdict is not None else otherwise
    if given is None:
        if not {"verdict", "otherwise"}.isdisjoint(entry.broken):
            return {}
        pair = ("require", "otherwise") if entry.require is not None else ("when", "verdict")
        context.report.add(messages.needs_partner(*pair, entry.rule.span))
        return {}
    if otherwise is not None and entry.lacks("require"):
        context.report.add(messages.needs_partner("otherwise", "require", otherwise.span))
    elif otherwise is not None and entry.verdict is not None:
        context.report.add(messages.two_verdicts(otherwise.span))
    if isinstance(given, Embedded):
        return {"": given.text} if _possible(context, kind, given) else {}
    return _by_region(context, kind, given)


def _by_region(context: Context, kind: _Kind, given: tuple[Named, ...]) -> Mapping[str, str]:
    regions = {named.key.text: context.region(named.key, default=True) for named in given}
    known = {region for region in regions.values() if region is not None}
    if given and len(known) == len(given) and not _everywhere(context, known):
        missing = [region for region in context.regions if region not in known]
        context.report.add(messages.no_default_verdict(missing, given[0].key.span))
    found = {
        region: named.value.text
        for named in fitting(given)
        if _possible(context, kind, named.value) and (region := regions[named.key.text]) is not None
    }
    return {"": "allow", **found} if len(found) == len(given) else {}


def _everywhere(context: Context, regions: set[str]) -> bool:
    """Whether every region of the policy is among some, or `else` is."""
    return "" in regions or (bool(context.regions) and regions.issuperset(context.regions))


def _possible(context: Context, kind: _Kind, verdict: Embedded) -> bool:
    if verdict.text in kind.verdicts:
        return True
    context.report.add(messages.wrong_region_verdict(verdict.text, kind.verdicts, verdict.span))
    return False


def _check_reason(context: Context, entry: RuleEntry, verdicts: Mapping[str, str]) -> None:
    adverse = entry.violation is not None or not ADVERSE.isdisjoint(verdicts.values())
    if adverse and entry.lacks("because") and context.status(entry) is not Status.DISABLED:
        context.report.add(lint_messages.no_reason(entry.rule.span))
