"""The values that a notice can say, taken from the record of its decision."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final

from ...language.ir import Value
from ...language.program import Program
from ...records.decision import ActionChange, Decision, MeasureEvidence, PointsChange
from ...records.sealing import is_withheld
from ..instants import parse_instant

Values = dict[str, Value]

_WARNING: Final = "notice"
"""How records call a warning of a milestone, and that somebody recorded a violation."""


def announced_kind(decision: Decision) -> str | None:
    """What a policy calls a decision under `for`; nothing for one that it cannot announce."""
    if decision.kind == _WARNING:
        return "warning" if decision.outcome.ladder else None
    return decision.kind if decision.kind in _OWN else None


def values_of(program: Program, decision: Decision) -> Values:
    """The values by the names that notices have for them; `None` for what the record lacks."""
    kind = announced_kind(decision)
    own = {} if kind is None else _OWN[kind](decision)
    return {**_always(program, decision), **own}


def _always(program: Program, decision: Decision) -> Values:
    subject, redress = decision.subject, decision.redress
    return {
        "decision": decision.decision_id,
        "policy": program.title,
        "version": decision.policy.version,
        "rule": decision.rule.id,
        "status": decision.rule.status,
        "shop": subject.shop,
        "region": subject.region or None,
        "at": _instant(decision.time.event_time),
        "because": _there(decision.rule.because),
        **{
            name: subject.id if subject.kind == name else getattr(subject, name)
            for name in ("order", "product", "review", "reply")
        },
        "appeal_until": _instant(decision.time.appealable_until),
        "attempts": redress.attempts_left if redress else None,
    }


def _there(text: str | None) -> str | None:
    """A text, unless it was taken out of the record."""
    return None if text is None or is_withheld(text) else text


def _instant(text: str | None) -> int | None:
    return parse_instant(text) if text else None


def _violation(decision: Decision) -> Values:
    outcome = decision.outcome
    return {
        "violation": outcome.violation or decision.rule.id,
        "severity": outcome.severity or "minor",
        **_balance(decision),
        "points_expire": _instant(_first(decision).expires_at) if outcome.points else None,
    }


def _first(decision: Decision) -> PointsChange:
    return decision.outcome.points[0]


def _balance(decision: Decision) -> Values:
    if not decision.outcome.points:
        return dict.fromkeys(("ladder", "points", "points_before", "points_after"))
    change = _first(decision)
    return {
        "ladder": change.ladder,
        "points": change.delta,
        "points_before": change.before,
        "points_after": change.after,
    }


def _milestone(decision: Decision) -> Values:
    outcome = decision.outcome
    return {
        "ladder": outcome.ladder or decision.rule.id,
        "step": outcome.step or 0,
        "points_after": _first(decision).after if outcome.points else 0,
    }


_NO_ACTION: Final = ActionChange("", "kept", "shop", "", "")


def _action(decision: Decision) -> Values:
    actions = decision.outcome.actions
    change = actions[0] if actions else _NO_ACTION
    return {
        "action": change.action or decision.rule.id,
        "change": change.change,
        "scope": change.scope,
        "target": change.target,
        "from": _instant(change.start) or _instant(decision.time.event_time),
        "until": _instant(change.until),
        "permanent": change.permanent,
        "until_recovered": change.until_recovered,
        "note": change.parameters.get("note"),
    }


def _verdict(decision: Decision) -> Values:
    return {"verdict": decision.outcome.verdict or "allow"}


_NO_MEASURE: Final = MeasureEvidence("", None, "", "", window_from_included=True)


def _threshold(decision: Decision) -> Values:
    measure = decision.evidence.measure or _NO_MEASURE
    return {
        "band": decision.outcome.band or "",
        "band_before": decision.outcome.band_before,
        "measure": measure.measure or None,
        "value": measure.value,
        "limit": measure.threshold,
        "numerator": _text(measure.numerator),
        "denominator": _text(measure.denominator),
    }


def _text(value: int | str | None) -> str | None:
    return None if value is None else str(value)


def _points(decision: Decision) -> Values:
    return {**_balance(decision), "adjusted": decision.outcome.adjusted}


def _appeal(decision: Decision) -> Values:
    outcome = decision.outcome
    return {"appeal": outcome.appeal_id or "", "state": outcome.appeal_state or ""}


def _remedy(decision: Decision) -> Values:
    return {"met": decision.rule.result == "fired"}


def _reversal(decision: Decision) -> Values:
    return {
        "reverses": decision.reverses or "",
        "appeal": decision.caused_by_appeal,
        **_balance(decision),
    }


_OWN: Final[Mapping[str, Callable[[Decision], Values]]] = {
    "violation": _violation,
    "action": _action,
    "step": _milestone,
    "warning": _milestone,
    "verdict": _verdict,
    "threshold": _threshold,
    "points": _points,
    "appeal": _appeal,
    "remedy": _remedy,
    "reversal": _reversal,
}
