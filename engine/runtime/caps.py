"""Caps that are a part of a measure, worked out when an action is asked for."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from math import floor

import msgspec

from ..language.catalog import SHOP
from ..language.program import Action, RelativeCap
from ..language.types import LARGEST_INTEGER, PERCENT
from ..records.decision import Evidence, MeasureEvidence
from ..records.values import show
from .desk import Desk


@dataclass(frozen=True, slots=True)
class Capped:
    """What a cap comes to, with what it was made of; or the `reason` why it comes to nothing."""

    number: int | None = None
    evidence: MeasureEvidence | None = None
    reason: str | None = None

    def beside(self, evidence: Evidence) -> Evidence:
        """The evidence of a decision with that of the cap."""
        if self.evidence is None:
            return evidence
        return msgspec.structs.replace(evidence, measure=self.evidence)


_NO_CAP = Capped()


class Caps:
    """Works out the caps of one shop."""

    def __init__(self, desk: Desk) -> None:
        """Work at a desk."""
        self._desk = desk

    def work_out(self, action: Action, target: str, now: int) -> Capped:
        """What the cap of an action on something comes to at an instant, rounded down."""
        if action.cap is None:
            return _NO_CAP
        name, measuring = action.cap.measure, self._desk.measuring
        of_shop = self._desk.prepared.program.measures[name].per == SHOP
        subject = "" if of_shop else target
        measured = measuring.read(name, subject, now)
        evidence = measuring.evidence(name, subject, now, measured, None)
        if measured.error is not None:
            return Capped(None, evidence, f"`{name}` could not be worked out: {measured.error}")
        if measured.value is None:
            return Capped(None, evidence, f"there is not enough to tell `{name}`")
        number = max(floor(action.cap.share * Fraction(measured.value)), 0)
        if number > LARGEST_INTEGER:
            return Capped(None, evidence, "the cap is too large a number")
        return Capped(number, evidence)


def parameters_of(action: Action, number: int | None) -> dict[str, str]:
    """What an action does, for the record: its cap as a number, and what it is a part of."""
    cap = action.cap
    if cap is None or number is None:
        return dict(action.parameters)
    return {**action.parameters, "cap": f"{number} per {cap.per}", "cap_is": _said(cap)}


def _said(cap: RelativeCap) -> str:
    return f"{show(cap.share, PERCENT)} of {cap.measure}"
