"""What a violation weighs: its points, picked by severity, and what repeating it brings."""

from __future__ import annotations

from dataclasses import dataclass, field

from .. import parser as parsing
from ..authored import MOST_POINTS, SEVERITIES, PickEntry, RepeatEntry, ViolationEntry
from ..messages import balances as messages
from ..messages import policy as policy_messages
from ..messages import shape
from ..program import Repeat
from ..shapes import Whole
from ..syntax import PointRange
from .context import Context

MINOR = SEVERITIES[0]
"""How grave a violation is that does not say."""


@dataclass(frozen=True, slots=True)
class Weight:
    """The range of a violation's points, and which of them each severity gets."""

    lowest: int = 0
    highest: int = 0
    picks: dict[str, int] = field(default_factory=lambda: dict.fromkeys(SEVERITIES, 0))


def build_weight(context: Context, entry: ViolationEntry) -> Weight | None:
    """The points of a violation; `None` where they cannot be told."""
    if entry.lacks("points") and entry.lacks("pick"):
        return Weight()
    if entry.pick is not None and entry.lacks("points"):
        context.report.add(policy_messages.needs_partner("pick", "points", entry.pick.span))
    if entry.points is None:
        return None
    points = parsing.parse_points(entry.points, context.report)
    if points is None:
        return None
    if points.high > MOST_POINTS:
        place = entry.points.span
        context.report.add(shape.out_of_bounds(points.high, 0, MOST_POINTS, place))
        return None
    if "pick" in entry.broken:
        return None
    picks = _picks(context, entry, points)
    return None if picks is None else Weight(points.low, points.high, picks)


def _picks(context: Context, entry: ViolationEntry, points: PointRange) -> dict[str, int] | None:
    """The points for each severity."""
    if entry.pick is None:
        if points.low == points.high:
            return dict.fromkeys(SEVERITIES, points.low)
        place = points.span
        context.report.add(policy_messages.pick_outside(points.low, points.high, place))
        return None
    if isinstance(entry.pick, Whole):
        return _all(context, entry.pick, points)
    return _by_severity(context, entry.pick, points)


def _all(context: Context, pick: Whole, points: PointRange) -> dict[str, int] | None:
    if not _within(context, pick, points):
        return None
    return dict.fromkeys(SEVERITIES, pick.value)


def _by_severity(context: Context, entry: PickEntry, points: PointRange) -> dict[str, int] | None:
    given: dict[str, Whole | None] = {one: getattr(entry, one) for one in SEVERITIES}
    missing = [one for one, pick in given.items() if pick is None and entry.else_ is None]
    if missing and not entry.broken:
        context.report.add(messages.no_pick(missing, entry.span))
    picks = [pick for pick in (*given.values(), entry.else_) if pick is not None]
    right = [_within(context, pick, points) for pick in picks]
    if missing or entry.broken or not all(right):
        return None
    chosen = {one: pick or entry.else_ for one, pick in given.items()}
    return {one: pick.value for one, pick in chosen.items() if pick is not None}


def _within(context: Context, pick: Whole, points: PointRange) -> bool:
    inside = points.low <= pick.value <= points.high
    if not inside:
        context.report.add(policy_messages.pick_outside(points.low, points.high, pick.span))
    return inside


def build_repeat(
    context: Context, entry: RepeatEntry | None, possible: frozenset[str]
) -> Repeat | None:
    """What repeating a violation brings: more points, and from some time on actions as well."""
    if entry is None:
        return None
    within = context.length(entry.within)
    actions = context.proposals(entry.do, possible)
    if entry.lacks("times") and entry.lacks("limit") and entry.lacks("do"):
        context.report.add(policy_messages.needs_partner("within", "times", entry.within.span))
    for name, partner in (("limit", "do"), ("do", "limit")):
        if not entry.lacks(name) and entry.lacks(partner):
            place = entry.limit.span if entry.limit is not None else entry.within.span
            context.report.add(policy_messages.needs_partner(name, partner, place))
    if within is None:
        return None
    times = entry.times.value if entry.times else 1
    return Repeat(within, times, entry.limit.value if entry.limit else None, actions)
