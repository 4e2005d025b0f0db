"""Which band a value lies in, and which one it has not quite left."""

from __future__ import annotations

from typing import Any

from ..language import ir
from ..language.program import Band, Bound
from ..records.values import show
from .desk import Desk
from .entities import Entity
from .prepared import PreparedThreshold


class Banding:
    """The bands of one threshold for one subject, as of now; looked-up bounds depend on both."""

    def __init__(self, desk: Desk, prepared: PreparedThreshold, subject: Entity, now: int) -> None:
        """Work at a desk, for a subject of the threshold's kind."""
        self._desk = desk
        self._prepared = prepared
        self._subject = subject
        self._now = now

    def band(self, value: Any, current: str | None) -> Band | None:
        """The band that a value lies in, or the current one where it has not got far enough out."""
        bands = self._prepared.threshold.bands
        found = next((b for b in bands if b.ranged and self._inside(b, value)), None)
        before = next((band for band in bands if band.name == current), None)
        if before is None or not before.ranged or found is before:
            return found
        return before if self._stays(before, value) else found

    def _stays(self, before: Band, value: Any) -> bool:
        """Whether a value that has left a band by its bounds still counts as in it.

        `leave: below 3%` guards the way down only: a value that rises above the band has left it.
        """
        leave = self._prepared.threshold.leave.get(before.name)
        if leave is None or self._inside(leave, value):
            return False
        return (leave.upper if self._under(before.lower, value) else leave.lower) is not None

    def _inside(self, band: Band, value: Any) -> bool:
        return not self._under(band.lower, value) and not self._over(band.upper, value)

    def _under(self, lower: Bound | None, value: Any) -> bool:
        if lower is None:
            return False
        bound = self._value(lower)
        return bool(value < bound or (value == bound and not lower.included))

    def _over(self, upper: Bound | None, value: Any) -> bool:
        if upper is None:
            return False
        bound = self._value(upper)
        return bool(value > bound or (value == bound and not upper.included))

    def _value(self, bound: Bound) -> Any:
        if isinstance(bound.value, ir.Constant):
            return bound.value.value
        function = self._prepared.bounds[id(bound.value)]
        scope = self._desk.scope(self._prepared.threshold.per, self._subject)
        return function(*scope, self._now, self._desk.measuring)

    def shown_bound(self, band: Band) -> tuple[str, Any] | None:
        """The bound that a value crosses to get into a band: its lower one, else its upper."""
        bound = band.lower or band.upper
        if bound is None:
            return None
        value = self._value(bound)
        words = ("from", "above") if band.lower else ("up to", "below")
        word = words[0] if bound.included else words[1]
        return f"{word} {show(value, bound.value.type)}", value
