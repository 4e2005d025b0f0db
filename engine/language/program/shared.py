"""What all things of a program have in common: a name, a status, where and when it applies."""

from __future__ import annotations

import enum
from dataclasses import dataclass, field

from ..ir import Expr
from ..source import Embedded, Span
from ..syntax import Aligned, Ending, Period

Length = int | Period
"""A length of time: microseconds, or so many days, weeks or months of a calendar."""

Stretch = Length | Aligned
"""What a window spans: a length of time up to now, or a piece of the calendar."""
PERMANENT = Ending.PERMANENT
RECOVERED = Ending.RECOVERED
ONCE = Ending.ONCE


class Status(enum.Enum):
    """How much a rule does.

    `enforce` does all that it says; `warn` records and notifies but sanctions nobody; `shadow` only
    records what it would have done; `disabled` does nothing.
    """

    ENFORCE = "enforce"
    WARN = "warn"
    SHADOW = "shadow"
    DISABLED = "disabled"


@dataclass(frozen=True, slots=True)
class Interval:
    """When something applies: from an instant on, up to (not including) another."""

    start: int | None = None
    end: int | None = None

    def covers(self, instant: int) -> bool:
        """Whether an instant lies inside."""
        return (self.start is None or self.start <= instant) and (
            self.end is None or instant < self.end
        )

    def meets(self, other: Interval) -> bool:
        """Whether the two have an instant in common."""
        return (self.end is None or other.start is None or other.start < self.end) and (
            other.end is None or self.start is None or self.start < other.end
        )

    def within(self, other: Interval) -> Interval:
        """When both apply; where they do not meet, an interval without an instant."""
        starts = [one.start for one in (self, other) if one.start is not None]
        ends = [one.end for one in (self, other) if one.end is not None]
        return Interval(max(starts, default=None), min(ends, default=None))

    def contains(self, other: Interval) -> bool:
        """Whether every instant of the other lies inside."""
        return (self.start is None or (other.start is not None and self.start <= other.start)) and (
            self.end is None or (other.end is not None and other.end <= self.end)
        )


@dataclass(frozen=True, slots=True)
class Message:
    """A sentence with slots: texts and expressions in turn."""

    parts: tuple[str | Expr, ...]
    text: str


@dataclass(frozen=True, slots=True)
class Version:
    """The version of some entries of a policy, and when they apply: since when, within what."""

    text: str
    start: int | None
    interval: Interval


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """What every rule-like thing has: a name, a place, and to whom and when it applies.

    An empty `regions` means all regions of the policy.
    """

    name: str
    span: Span = field(compare=False, repr=False)
    status: Status = Status.ENFORCE
    regions: frozenset[str] = frozenset()
    effective: Interval = Interval()
    because: Message | None = None
    owner: str | None = None
    links: tuple[str, ...] = ()
    tests: tuple[Embedded, ...] = field(default=(), compare=False, repr=False)
    """The names of the cases that show it, with their places."""
    version: Version | None = None
    """The policy's own where nothing is said."""

    def applies(self, region: str, instant: int) -> bool:
        """Whether the item speaks in a region at an instant."""
        return (not self.regions or region in self.regions) and self.effective.covers(instant)
