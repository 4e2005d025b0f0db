"""The bands that the shop and what belongs to it were in, and the bounds that lead into them."""

from __future__ import annotations

from dataclasses import dataclass, field

from ...language.catalog import SHOP
from ...language.ir import Constant
from ...language.program import Band, Program, Status, Threshold
from ...records.decision import Decision
from ...records.values import show
from .model import Crossing, Line, Stretch
from .values import read_value, unit_of

Key = tuple[str, str]
"""A threshold, and whom it looks at; empty for the shop itself."""


@dataclass(slots=True)
class Watched:
    """What the decisions say of a threshold and one subject."""

    status: str
    measure: str | None = None
    unit: str = ""
    band_before: str | None = None
    crossings: list[Crossing] = field(default_factory=list)
    lines: dict[str, Line] = field(default_factory=dict)
    grave: set[str] = field(default_factory=set)


@dataclass(slots=True)
class Crossings:
    """Follows the thresholds of a shop through its decisions."""

    stretch: Stretch
    watched: dict[Key, Watched] = field(default_factory=dict)

    def take(self, decision: Decision, at: int) -> None:
        """Follow one decision."""
        if decision.kind != "threshold" or decision.rule.result != "fired":
            return
        subject = decision.subject
        key = (decision.rule.id, "" if subject.kind == SHOP else subject.id)
        watched = self.watched.setdefault(key, Watched(decision.rule.status))
        band, value = decision.outcome.band or "", _note(watched, decision)
        if at < self.stretch.start:
            watched.band_before = band
        elif self.stretch.holds(at) and band != decision.outcome.band_before:
            before = decision.outcome.band_before
            crossing = Crossing(at, band, before, decision.decision_id, read_value(value))
            watched.crossings.append(crossing)


def _note(watched: Watched, decision: Decision) -> str | None:
    """Note what the evidence says of the measure and its bound; gives the value."""
    measure, band = decision.evidence.measure, decision.outcome.band or ""
    if decision.redress is not None:
        watched.grave.add(band)
    if measure is None:
        return None
    watched.measure = measure.measure
    bound = (measure.threshold or "").rpartition(" ")[2]
    limit = read_value(bound)
    if limit is not None and measure.threshold is not None:
        watched.lines[band] = Line(band, measure.threshold, limit)
        watched.unit = unit_of(bound)
    return measure.value


# ------------------------------------------------------------------ what the policy says


def thresholds_of(program: Program, region: str) -> dict[str, Threshold]:
    """The thresholds of a policy that look at shops of a region; of several variants the last."""
    return {
        one.name: one
        for one in program.thresholds
        if one.status is not Status.DISABLED and (not one.regions or region in one.regions)
    }


def lines_of(threshold: Threshold) -> dict[str, Line]:
    """The bounds of bands that do not depend on anything, by band."""
    found = (_line(band) for band in threshold.bands)
    return {line.band: line for line in found if line is not None}


def _line(band: Band) -> Line | None:
    bound = band.lower or band.upper
    if bound is None or not isinstance(bound.value, Constant):
        return None
    value = bound.value.value
    limit = read_value(show(value, bound.value.type))
    words = ("from", "above") if band.lower else ("up to", "below")
    says = f"{words[0] if bound.included else words[1]} {show(value, bound.value.type)}"
    return None if limit is None else Line(band.name, says, limit)


def grave_bands(threshold: Threshold) -> frozenset[str]:
    """The bands that something follows from."""
    return frozenset(
        name for name, effects in threshold.on_enter.items() if effects.violation or effects.actions
    )


def meeting(lines: dict[str, Line]) -> tuple[Line, ...]:
    """Of two bands that meet at a bound, only the line of the one that begins there."""
    begin = {line.value for line in lines.values() if line.says.startswith(("from", "above"))}
    kept = (
        line
        for line in lines.values()
        if line.says.startswith(("from", "above")) or line.value not in begin
    )
    return tuple(sorted(kept, key=lambda line: (line.value, line.band)))
