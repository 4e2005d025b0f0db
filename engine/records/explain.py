"""A decision as the policy owner reads it: the sentence, the tree with values, the evidence."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

from .decision import ActionChange, Decision, Evidence, MeasureEvidence
from .differ import counterfactual
from .explanation import Explanation
from .values import decimal_text

_ENDED = frozenset({"lifted", "expired"})
_BRANCH, _LAST, _THROUGH, _EMPTY = "├── ", "└── ", "│   ", "    "


def headline(decision: Decision) -> str:
    """One sentence that says what was decided, about what and when."""
    subject = decision.subject
    where = f"{subject.kind} {subject.id}" if subject.id else subject.kind
    shop = f" of shop {subject.shop}" if subject.shop and subject.kind != "shop" else ""
    region = f", region {subject.region}" if subject.region else ""
    return f"{_what(decision)} on {where}{shop}{region}, {decision.time.event_time}"


def _what(decision: Decision) -> str:
    return f"{decision.kind} `{decision.rule.id}`: {result_text(decision)}"


def result_text(decision: Decision) -> str:
    """What was decided, in a few words, without the rule that did."""
    if decision.rule.result in {"error", "insufficient"}:
        return _undecided(decision)
    if decision.kind in _SAYS:
        return _SAYS[decision.kind](decision)
    return decision.outcome.verdict or ""


def _undecided(decision: Decision) -> str:
    if decision.rule.result == "error":
        return f"could not be decided ({decision.rule.error})"
    return "not enough to tell"


def _verdict(decision: Decision) -> str:
    return decision.outcome.verdict or "none"


def _threshold(decision: Decision) -> str:
    return f"{decision.outcome.band_before or 'no band'} -> {decision.outcome.band}"


def _points(decision: Decision) -> str:
    changes = (f"{c.ladder} {c.before} -> {c.after}" for c in decision.outcome.points)
    return ", ".join(changes) or "no points"


def _totals(decision: Decision) -> str:
    """The balances themselves, where the decision has not moved them."""
    return ", ".join(f"{c.ladder} {c.after}" for c in decision.outcome.points)


def _violation(decision: Decision) -> str:
    return f"{decision.outcome.severity}, {_points(decision)}"


def _step(decision: Decision) -> str:
    return f"at {decision.outcome.step}, {_totals(decision)}"


def _notice(decision: Decision) -> str:
    """A warning of a milestone has a balance; that somebody recorded a violation has none."""
    return _totals(decision) or "recorded"


def _action(decision: Decision) -> str:
    return ", ".join(_change(change) for change in decision.outcome.actions) or "undone"


def _change(change: ActionChange) -> str:
    if change.held_back_by:
        return f"held back: {change.held_back_by}"
    if change.change in _ENDED:
        return change.change
    return f"{change.change} {end_text(change)}".rstrip()


def end_text(change: ActionChange) -> str:
    """Until when an action lasts, in words; empty where nothing is said of it."""
    until = f"until {change.until}" if change.until else ""
    until = "until recovered" if change.until_recovered else until
    until = "permanently" if change.permanent else until
    for event in change.until_events:
        until = f"{until} or until {event}" if until else f"until {event}"
    return until


def _draft(decision: Decision) -> str:
    draft = decision.outcome.draft
    if draft is None:
        return "nothing"
    return f"{draft.mode}: {draft.text}" if draft.text else f"held back: {draft.held_back_by}"


def _appeal(decision: Decision) -> str:
    return f"{decision.outcome.appeal_id} {decision.outcome.appeal_state}"


def _remedy(decision: Decision) -> str:
    met = decision.rule.result == "fired"
    return f"of {', '.join(decision.evidence.causes)}" if met else "not possible"


def _reversal(decision: Decision) -> str:
    parts = [_points(decision)] if decision.outcome.points else []
    parts += [_action(decision)] if decision.outcome.actions else []
    return f"reverses {decision.reverses}" + "".join(f", {part}" for part in parts)


_SAYS = {
    "verdict": _verdict,
    "threshold": _threshold,
    "violation": _violation,
    "points": _points,
    "notice": _notice,
    "step": _step,
    "action": _action,
    "draft": _draft,
    "appeal": _appeal,
    "remedy": _remedy,
    "reversal": _reversal,
}


def _more(evidence: Evidence) -> str:
    """How many decisions there are beside those that are listed."""
    left = (evidence.causes_total or 0) - len(evidence.causes)
    return f" and {left:,} more" if left > 0 else ""


def explain_lines(decision: Decision) -> Iterator[str]:
    """The whole explanation, line by line."""
    yield headline(decision)
    yield ""
    if decision.rule.because:
        yield f"because  {decision.rule.because}"
    rule = decision.rule
    yield f"rule     {rule.id} ({rule.section}, {rule.file}:{rule.line}, {rule.status})"
    policy = decision.policy
    yield f"policy   {policy.name} {policy.version} ({policy.digest[:12]})"
    if decision.evidence.causes:
        yield f"caused by {', '.join(decision.evidence.causes)}{_more(decision.evidence)}"
    if decision.caused_by_appeal:
        yield f"appeal   {decision.caused_by_appeal}"
    yield from _evidence(decision)
    yield from _redress(decision)


def _evidence(decision: Decision) -> Iterator[str]:
    if decision.evidence.explanation is not None:
        yield ""
        tree = decision.evidence.explanation
        required = "required  " if _is_requirement(decision, tree) else ""
        for root in _shown(tree) if _is_joint(tree) else (tree,):
            first, *below = tree_lines(root)
            yield from (f"{required}{first}", *below)
        yield from _differently(tree)
    if decision.evidence.measure is not None:
        yield ""
        yield from _measure_lines(decision.evidence.measure)


def _is_requirement(decision: Decision, tree: Explanation) -> bool:
    """Whether a condition is what a threshold requires, and not that of one of its bands.

    Beside a bound, the condition of a band is one that no longer holds; what is required does.
    """
    if decision.kind != "threshold":
        return False
    measure = decision.evidence.measure
    by_value = measure is not None and measure.threshold is not None
    return decision.rule.result == "insufficient" or (by_value and tree.value is True)


def _differently(explanation: Explanation) -> Iterator[str]:
    sentences = counterfactual(explanation)
    if sentences:
        yield ""
        yield "what would have had to differ:"
        yield from (f"  - {sentence}" for sentence in sentences)


def tree_lines(node: Explanation, lead: str = "", branch: str = "") -> Iterator[str]:
    """An explanation tree, one line for each node, with values."""
    yield f"{lead}{branch}{_node(node)}"
    below = lead + (_THROUGH if branch == _BRANCH else _EMPTY if branch else "")
    shown = list(_shown(node))
    for position, child in enumerate(shown):
        last = position == len(shown) - 1 and not node.omitted
        yield from tree_lines(child, below, _LAST if last else _BRANCH)
    if node.omitted:
        yield f"{below}{_LAST}and {node.omitted} more, not shown"


def _shown(node: Explanation) -> Iterator[Explanation]:
    """The operands to show: no constants, and no parts that only join what the author wrote."""
    for child in node.children:
        if child.operator == "constant":
            continue
        if _is_joint(child):
            yield from _shown(child)
        else:
            yield child


def _is_joint(node: Explanation) -> bool:
    """Whether a node stands for no words of its own, such as the `not` of a `require`."""
    first = node.children[0] if node.children else None
    same = first is not None and first.place == node.place and first.text == node.text
    return same and node.operator in {"and", "not"}


def _node(node: Explanation) -> str:
    if not node.evaluated:
        return f"{node.text}   (not evaluated)"
    if node.error:
        return f"{node.text}   = error: {node.error}"
    row = f" (row `{node.row}`)" if node.row is not None else ""
    return f"{node.text}   = {_value(node)}{row}{_found(node)}{_counted(node)}"


def _value(node: Explanation) -> str:
    if node.value is None:
        return "missing"
    if isinstance(node.value, bool):
        return "yes" if node.value else "no"
    if isinstance(node.value, str) and node.type == "text":
        return f"“{node.value}”"
    return str(node.value)


def _counted(node: Explanation) -> str:
    """The ids that a roll-up counted, as far as the record has them."""
    if not node.counted_total:
        return ""
    left = node.counted_total - len(node.counted)
    more = [f"and {left:,} more"] if left else []
    return f": counted {', '.join([*node.counted, *more])}"


def _found(node: Explanation) -> str:
    words = [f"“{one.text or one.word}”" for one in node.found]
    return f": found {', '.join(words)}" if words else ""


def _measure_lines(measure: MeasureEvidence) -> Iterator[str]:
    in_hundredths = (measure.threshold or "").endswith("%")
    value = "not enough to tell" if measure.value is None else measure.value
    yield f"{measure.measure} = {_readable(value, in_hundredths=in_hundredths)}"
    if measure.denominator is not None:
        yield f"  numerator / denominator   {measure.numerator} / {measure.denominator}"
    if measure.sample is not None:
        yield f"  sample                    {measure.sample} (at least {measure.at_least})"
    opening = "[" if measure.window_from_included else "("
    yield f"  window                    {opening}{measure.window_from}, {measure.window_to}]"
    if measure.threshold is not None:
        margin = _readable(measure.margin or "none", in_hundredths=in_hundredths)
        yield f"  threshold                 {measure.threshold}, margin {margin}"
    for reason, count in measure.excluded.items():
        yield f"  excluded                  {count} {reason}"
    for label, keys in measure.counted.items():
        total = measure.counted_total.get(label, len(keys))
        shown = ", ".join(keys[:8]) + (", …" if total > 8 else "")  # noqa: PLR2004  # fits a line
        yield f"  counted {label:<18}{total}: {shown}"


def _readable(value: str, *, in_hundredths: bool) -> str:
    """A value as the record has it; beside a fraction, what it is about in decimals."""
    over, slash, under = value.partition("/")
    if not slash:
        return value
    exact = Fraction(int(over), int(under))
    near = round(exact * 100 if in_hundredths else exact, 2)
    return f"{value}, about {decimal_text(near)}{'%' if in_hundredths else ''}"


def _redress(decision: Decision) -> Iterator[str]:
    redress = decision.redress
    if redress is None:
        return
    yield ""
    yield f"appeal   {redress.process}: until {redress.deadline}, attempts {redress.attempts_left}"
    for reason, kinds in redress.evidence_wanted.items():
        yield f"         evidence for {reason}: {', '.join(kinds)}"
