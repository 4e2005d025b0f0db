"""A ladder's balance worked out again from the decisions alone.

Each decision that moves a balance says about which decision's points it is and how many: its own
where it gives them, those that it lets expire, those that it takes back. What counts is kept in a
list and gone through from the start at every decision, with the ends looked at at every point.
Nothing is shared with the engine.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

MOVING = frozenset({"violation", "points", "reversal"})
"""Kinds of decisions that may move a balance."""


@dataclass(frozen=True, slots=True)
class Terms:
    """How a ladder counts; without a `top` it has no upper end."""

    down: bool
    start: int
    bottom: int
    top: int | None
    steps: tuple[int, ...] = ()


@dataclass(slots=True)
class Counted:
    """Points of one decision, with the sign that they have on the ladder."""

    cause: str
    at: datetime
    place: int
    points: int


@dataclass(slots=True)
class Recount:
    """The balance of one ladder of one shop, decision by decision."""

    ladder: str
    terms: Terms
    counted: list[Counted] = field(default_factory=list)
    about: dict[str, str] = field(default_factory=dict)
    wrong: list[str] = field(default_factory=list)
    balance: int = 0
    expected_steps: list[int] = field(default_factory=list)
    steps: list[int] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.balance = self.terms.start

    def read(self, decisions: Iterable[dict[str, Any]]) -> None:
        """Go through decisions in the order in which they were written."""
        for decision in decisions:
            outcome = decision["outcome"]
            if decision["kind"] == "step" and outcome["ladder"] == self.ladder:
                self.steps.append(outcome["step"])
            for change in outcome.get("points", ()):
                if decision["kind"] in MOVING and change["ladder"] == self.ladder:
                    self._one(decision, change)

    def _one(self, decision: dict[str, Any], change: dict[str, Any]) -> None:
        identity = decision["decision_id"]
        if change["before"] != self.balance:
            self.wrong.append(f"{identity}: before is {change['before']}, not {self.balance}")
        if change["before"] + change["delta"] != change["after"]:
            self.wrong.append(f"{identity}: {change} does not add up")
        stated = change.get("stated", change["delta"])
        if outcome_of(decision) == "reset":
            gone = decision["evidence"]["causes"]
            self.counted = [one for one in self.counted if one.cause not in gone]
        else:
            self._count(self._cause(decision), decision, stated)
        now = self._come_to()
        if change["after"] != now:
            self.wrong.append(f"{identity}: after is {change['after']}, not {now}")
        if outcome_of(decision) != "reset":
            self.expected_steps += self._taken(self.balance, now)
        self.balance = now

    def _cause(self, decision: dict[str, Any]) -> str:
        """Whose points a decision is about."""
        cause = decision["decision_id"]
        if decision["kind"] == "points" and outcome_of(decision) != "earned":
            cause = decision["evidence"]["causes"][0]
        elif decision["kind"] == "reversal":
            cause = self.about.get(decision["reverses"], decision["reverses"])
        self.about[decision["decision_id"]] = cause
        return cause

    def _count(self, cause: str, decision: dict[str, Any], points: int) -> None:
        for one in self.counted:
            if one.cause == cause:
                one.points += points
                return
        at = datetime.fromisoformat(decision["time"]["event_time"])
        self.counted.append(Counted(cause, at, len(self.counted), points))

    def _come_to(self) -> int:
        balance = self.terms.start
        for one in sorted(self.counted, key=lambda one: (one.at, one.place)):
            balance += one.points
            if self.terms.top is not None and balance > self.terms.top:
                balance = self.terms.top
            balance = max(balance, self.terms.bottom)
        return balance

    def _taken(self, before: int, after: int) -> Iterator[int]:
        """The milestones between two balances, from the better side."""
        for step in self.terms.steps:
            if self.terms.down and after <= step < before:
                yield step
            if not self.terms.down and before < step <= after:
                yield step


def outcome_of(decision: dict[str, Any]) -> str | None:
    """How points came or went without a violation."""
    found: str | None = decision["outcome"].get("adjusted")
    return found
