"""What is shown of a shop's history: plain values, bounded in size, whatever they are shown as.

Instants are microseconds since 1970; values are exact.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from datetime import tzinfo
from fractions import Fraction

from ...records.appeal import Appeal
from ...records.decision import Decision

STARS = (1, 2, 3, 4, 5)


@dataclass(frozen=True, slots=True)
class Stretch:
    """From when to when a history is shown, and by which clock. `zone` is the clock's name."""

    start: int
    end: int
    clock: tzinfo
    zone: str

    def holds(self, instant: int) -> bool:
        """Whether an instant is shown."""
        return self.start <= instant <= self.end


@dataclass(frozen=True, slots=True)
class Row:
    """A day, week, month or year: the reviews posted in it by their stars, and the decisions."""

    start: int
    stars: tuple[int, ...]
    decisions: int

    @property
    def reviews(self) -> int:
        """How many reviews were posted."""
        return sum(self.stars)


@dataclass(frozen=True, slots=True)
class Calendar:
    """The periods of a stretch, each a `unit` long, without gaps.

    `changed` and `gone` count reviews that were edited, and that were hidden, removed or the like.
    Where reviews are not known, `has_reviews` is false.
    """

    unit: str
    rows: tuple[Row, ...]
    has_reviews: bool
    changed: int = 0
    gone: int = 0

    @property
    def reviews(self) -> int:
        """How many reviews were posted."""
        return sum(self.stars)

    @property
    def stars(self) -> tuple[int, ...]:
        """The reviews by stars, one star first."""
        return tuple(sum(row.stars[i] for row in self.rows) for i in range(len(STARS)))


@dataclass(frozen=True, slots=True)
class Sample:
    """The last value that was seen in a short piece of time, and the least and greatest there."""

    at: int
    value: Fraction | None
    low: Fraction | None
    high: Fraction | None
    size: int | None


@dataclass(frozen=True, slots=True)
class Line:
    """The bound that leads into a band: `from 8%`."""

    band: str
    says: str
    value: Fraction


@dataclass(frozen=True, slots=True)
class Crossing:
    """A band was entered; `undone` says that this was reversed later."""

    at: int
    band: str
    before: str | None
    decision_id: str
    value: Fraction | None
    undone: bool = False


@dataclass(frozen=True, slots=True)
class Series:
    """What a threshold saw of one subject; `subject` is empty for the shop itself.

    `unit` is the name of the type of its values. `looks` counts the checks. `grave` are the bands
    that something follows from.
    """

    threshold: str
    measure: str | None
    subject: str
    unit: str
    status: str
    lines: tuple[Line, ...]
    samples: tuple[Sample, ...]
    crossings: tuple[Crossing, ...]
    looks: int
    band_before: str | None
    grave: frozenset[str]

    @property
    def band(self) -> str | None:
        """The band at the end."""
        entered = [one.band for one in self.crossings if not one.undone]
        return entered[-1] if entered else self.band_before

    @property
    def is_known(self) -> bool:
        """Whether there is any value to be drawn."""
        return any(sample.value is not None for sample in self.samples)

    @property
    def last(self) -> Sample | None:
        """The last look."""
        return self.samples[-1] if self.samples else None


@dataclass(frozen=True, slots=True)
class Balance:
    """The points of a ladder from an instant on."""

    at: int
    total: int
    decision_id: str


@dataclass(frozen=True, slots=True)
class Points:
    """A ladder: its milestones, the balance at the beginning, and each change of it."""

    ladder: str
    steps: tuple[int, ...]
    counts_down: bool
    start: int
    balances: tuple[Balance, ...]

    @property
    def total(self) -> int:
        """The balance at the end."""
        return self.balances[-1].total if self.balances else self.start

    @property
    def worst(self) -> int:
        """The balance that was nearest to the last milestone."""
        totals = [self.start, *(one.total for one in self.balances)]
        return min(totals) if self.counts_down else max(totals)


@dataclass(frozen=True, slots=True)
class Piece:
    """A part of a bar, in one state; without an end it goes on."""

    start: int
    end: int | None
    state: str


@dataclass(frozen=True, slots=True)
class Bar:
    """An action against something, from its beginning to its end.

    `ended` is `expired`, `lifted`, `reversed`, or `at once` where it has no length; missing while
    it is in force or planned. `until` is in words: when or with what it is to end.
    """

    action: str
    scope: str
    target: str
    pieces: tuple[Piece, ...]
    ended: str | None
    until: str
    decision_id: str

    @property
    def start(self) -> int:
        """When it begins."""
        return self.pieces[0].start

    @property
    def end(self) -> int | None:
        """When it ended, if it has."""
        return self.pieces[-1].end


@dataclass(frozen=True, slots=True)
class Filed:
    """An appeal, its states over time, and the decisions that it is about."""

    appeal: Appeal
    pieces: tuple[Piece, ...]

    @property
    def start(self) -> int:
        """When it was filed."""
        return self.pieces[0].start


@dataclass(frozen=True, slots=True)
class Entry:
    """A decision in the table, and when it was made; `undone_by` is the one that reversed it."""

    at: int
    decision: Decision
    undone_by: str | None


@dataclass(frozen=True, slots=True)
class PolicyName:
    """The policy that judged last."""

    name: str
    version: str
    digest: str


@dataclass(frozen=True, slots=True, kw_only=True)
class History:
    """Everything that is shown of a shop.

    `decisions` counts all decisions of the stretch by kind, `left_out` those that are not among
    `entries`; `more` says what else is not shown, a sentence each. A shop to which nothing ever
    happened has no `stretch`.
    """

    shop: str
    region: str
    source: str
    policy: PolicyName | None
    calendar: Calendar
    stretch: Stretch | None = None
    series: tuple[Series, ...] = ()
    points: tuple[Points, ...] = ()
    bars: tuple[Bar, ...] = ()
    appeals: tuple[Filed, ...] = ()
    appeal_states: Counter[str] = field(default_factory=Counter)
    entries: tuple[Entry, ...] = ()
    decisions: Counter[str] = field(default_factory=Counter)
    left_out: Counter[str] = field(default_factory=Counter)
    more: tuple[str, ...] = ()

    @property
    def in_force(self) -> tuple[Bar, ...]:
        """The actions that have not ended, those on the shop itself first."""
        running = (bar for bar in self.bars if bar.ended is None)
        return tuple(sorted(running, key=lambda bar: bar.scope != "shop"))
