"""What is counted, and the bands of its values."""

from __future__ import annotations

import enum
from collections.abc import Mapping
from dataclasses import dataclass, field

from ..ir import Expr
from ..source import Span
from ..syntax import Schedule
from .enforcement import Effects
from .shared import Item, Length, Stretch


@dataclass(frozen=True, slots=True)
class AggregatePlan:
    """One running count (or sum, ...) of the program; measures that ask the same share it.

    It ranges over entities of `entity` that belong to one `per`, whose `date` lies in the window of
    this `length` as of `lag` before now.
    """

    index: int
    operator: str
    entity: str
    per: str
    value: Expr | None
    where: Expr | None
    date: Expr
    length: Stretch
    lag: int


@dataclass(frozen=True, slots=True)
class MeasureWindow:
    """A window of a measure, and the aggregates that are read where it is the one that is chosen.

    It is the first whose condition holds; the last has none.
    """

    length: Stretch
    condition: Expr | None
    aggregates: tuple[int, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Measure(Item):
    """A number for each subject, as of now.

    `value` reads its aggregates as the parameters `aggregate_N`. A ratio has `numerator` and
    `denominator` too, and is insufficient when its sample is below `at_least`. Where there are
    several `windows`, all of these choose among them.
    """

    per: str
    value: Expr
    aggregates: tuple[int, ...]
    measures: tuple[str, ...]
    numerator: Expr | None
    denominator: Expr | None
    sample: Expr | None
    at_least: int
    windows: tuple[MeasureWindow, ...]
    lag: int
    is_certain: bool = True
    """Whether whoever reads it counts on a value: it speaks always, and everything suffices."""


@dataclass(frozen=True, slots=True)
class Bound:
    """One end of a band: a constant, or an expression over the subject."""

    value: Expr
    included: bool


@dataclass(frozen=True, slots=True)
class Band:
    """A named range of a measure's values, a condition, or both; a missing bound is open.

    A band without bounds has no range. `when` puts a subject into the band whatever its value; that
    of `otherwise` holds where no other one does.
    """

    name: str
    lower: Bound | None
    upper: Bound | None
    span: Span = field(compare=False, repr=False)
    when: Expr | None = None

    @property
    def ranged(self) -> bool:
        """Whether a value can lie in the band."""
        return self.lower is not None or self.upper is not None


@dataclass(frozen=True, slots=True)
class HoldFor:
    """How long a band must last before it is entered: checks in a row, or a length of time."""

    checks: int | None
    length: Length | None


class Moves(enum.Enum):
    """In which way bands are entered: in the order in which they are written, against it, or both.

    What moves one way is a ratchet: the band that a subject has reached is kept.
    """

    UP = "up"
    DOWN = "down"
    BOTH = "both"


@dataclass(frozen=True, slots=True, kw_only=True)
class Threshold(Item):
    """Bands over a measure, or over conditions, and what follows from entering one.

    The bands stand in the author's order where that means something, else the lowest first.
    `other_measures` are those that conditions read.
    """

    measure: str | None
    per: str
    schedule: Schedule
    require: Expr | None
    other_measures: tuple[str, ...]
    bands: tuple[Band, ...]
    leave: Mapping[str, Band]
    hold_for: Mapping[str, HoldFor]
    on_enter: Mapping[str, Effects]
    moves: Moves = Moves.BOTH

    @property
    def is_ordered(self) -> bool:
        """Whether the order in which the bands are written means something."""
        return self.moves is not Moves.BOTH or any(band.when is not None for band in self.bands)
