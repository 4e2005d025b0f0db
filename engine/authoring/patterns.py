"""Patterns over decisions: a few facts by name, of which a case states those it cares about."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, get_args

import msgspec

from ..language.program import VERDICTS, Program
from ..records.decision import ActionChange, Decision, Kind, PointsChange
from ..runtime.instants import InvalidInstant, parse_instant

_Fact = Callable[[Decision], Any]


def _points(decision: Decision) -> PointsChange | None:
    return next(iter(decision.outcome.points), None)


def _action(decision: Decision) -> ActionChange | None:
    return next(iter(decision.outcome.actions), None)


def _explanation(decision: Decision) -> str:
    return msgspec.json.encode(decision.evidence.explanation).decode()


def _of(part: Callable[[Decision], Any], name: str) -> _Fact:
    def fact(decision: Decision) -> Any:
        value = part(decision)
        return None if value is None else getattr(value, name)

    return fact


def _measure(decision: Decision) -> Any:
    return decision.evidence.measure


def _draft(decision: Decision) -> Any:
    return decision.outcome.draft


_NOTHING = ActionChange("", "kept", "", "", "")

FACTS: Mapping[str, _Fact] = {
    "kind": lambda d: d.kind,
    "rule": lambda d: d.rule.id,
    "section": lambda d: d.rule.section,
    "result": lambda d: d.rule.result,
    "mode": lambda d: d.mode,
    "verdict": lambda d: d.outcome.verdict,
    "band": lambda d: d.outcome.band,
    "band_before": lambda d: d.outcome.band_before,
    "violation": lambda d: d.outcome.violation,
    "severity": lambda d: d.outcome.severity,
    "points": _of(_points, "delta"),
    "total": _of(_points, "after"),
    "step": lambda d: d.outcome.step,
    "adjusted": lambda d: d.outcome.adjusted,
    "action": _of(_action, "action"),
    "change": _of(_action, "change"),
    "target": _of(_action, "target"),
    "until": _of(_action, "until"),
    "permanent": _of(_action, "permanent"),
    "cap": lambda d: (_action(d) or _NOTHING).parameters.get("cap"),
    "subject": lambda d: d.subject.id,
    "subject_kind": lambda d: d.subject.kind,
    "at": lambda d: d.time.event_time,
    "value": _of(_measure, "value"),
    "numerator": _of(_measure, "numerator"),
    "denominator": _of(_measure, "denominator"),
    "sample": _of(_measure, "sample"),
    "text": _of(_draft, "text"),
    "language": _of(_draft, "language"),
    "draft_mode": _of(_draft, "mode"),
    "held_back_by": lambda d: (_draft(d) or _action(d) or _NOTHING).held_back_by,
    "appeal": lambda d: d.outcome.appeal_id,
    "appeal_state": lambda d: d.outcome.appeal_state,
    "caused_by_appeal": lambda d: d.caused_by_appeal,
}
"""What a pattern may state, and where a decision has it; equal values match."""

CONTAINED: Mapping[str, _Fact] = {
    "because": lambda d: d.rule.because or "",
    "explanation": _explanation,
}
"""What a pattern may state a part of."""

REVERSES = "reverses"
"""The kind of the decision that was reversed, which only the whole run knows."""

NOTICE = "notice"
"""What the seller is told, or several parts of it."""

NAMES = frozenset({*FACTS, *CONTAINED, NOTICE, REVERSES})


@dataclass(frozen=True, slots=True)
class Whole:
    """What only the whole run knows: the kinds of its decisions by id, and what sellers are told.

    A seller who is told nothing of a decision is told an empty text.
    """

    kinds: Mapping[str, str]
    told: Callable[[Decision], str]


def known_words(program: Program) -> Mapping[str, frozenset[str]]:
    """What some facts can be at all under a policy, by the name of the fact."""
    violations, actions = frozenset(program.violations), frozenset(program.actions)
    items = (
        *program.rules,
        *program.drafts,
        *program.thresholds,
        *program.ladders,
        *program.appeals,
        *program.remedies,
    )
    kinds = frozenset(get_args(Kind))
    return {
        "kind": kinds,
        REVERSES: kinds,
        "verdict": frozenset(VERDICTS),
        "violation": violations,
        "action": actions,
        "rule": violations | actions | {item.name for item in items},
    }


def known_ends(program: Program) -> Mapping[str, frozenset[str]]:
    """What the parts of `end` can name under a policy."""
    return {
        "points": frozenset(ladder.name for ladder in program.ladders),
        "bands": frozenset(threshold.name for threshold in program.thresholds),
        "actions": frozenset(program.actions),
    }


def matches(pattern: Mapping[str, Any], decision: Decision, whole: Whole) -> bool:
    """Whether a decision has everything that a pattern states."""
    stated = sorted(pattern.items(), key=lambda pair: pair[0] == NOTICE)  # what is slow comes last
    return all(_holds(name, value, decision, whole) for name, value in stated)


def _holds(name: str, value: Any, decision: Decision, whole: Whole) -> bool:
    if name == REVERSES:
        return bool(whole.kinds.get(decision.reverses or "") == value)
    if name == NOTICE:
        said = whole.told(decision)
        parts = value if isinstance(value, list) else [value]
        return bool(said) and all(str(part) in said for part in parts)
    if name in CONTAINED:
        return str(value) in CONTAINED[name](decision)
    if name == "at":
        return bool(_instant(value) == _instant(decision.time.event_time))
    return bool(FACTS[name](decision) == value)


def _instant(value: Any) -> Any:
    """The instant that a time names, in any zone; what is no time stays as it is."""
    try:
        return parse_instant(value) if isinstance(value, str) else value
    except InvalidInstant:
        return value


def facts(decision: Decision) -> dict[str, Any]:
    """What a pattern could have stated of a decision, for messages."""
    found = {name: fact(decision) for name, fact in FACTS.items()}
    return {name: value for name, value in found.items() if value not in {None, ""}}
