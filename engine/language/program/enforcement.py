"""Violations, actions and ladders: what breaking the rules leads to."""

from __future__ import annotations

import enum
from collections.abc import Mapping
from dataclasses import dataclass, field
from fractions import Fraction

from ..balance import Balance
from ..ir import Expr
from ..source import Span
from ..syntax import Ending, Schedule
from .shared import RECOVERED, Item, Length, Message


@dataclass(frozen=True, slots=True)
class Proposal:
    """An action that is asked for, and how long it is to last; an event may end it sooner."""

    action: str
    length: Length | Ending
    event: str | None = None


@dataclass(frozen=True, slots=True)
class Effects:
    """What follows from a crossing or a step."""

    violation: str | None = None
    actions: tuple[Proposal, ...] = ()


@dataclass(frozen=True, slots=True)
class Repeat:
    """The same violation again within `within` weighs `times` as much.

    From the `limit`-th on it brings `actions`, too.
    """

    within: Length
    times: int
    limit: int | None = None
    actions: tuple[Proposal, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Violation(Item):
    """A kind of violation, and what it costs: `picks` are the points by severity."""

    picks: Mapping[str, int]
    lowest: int
    highest: int
    severity: str
    repeat: Repeat | None
    actions: tuple[Proposal, ...] = ()

    @property
    def points(self) -> int:
        """The points where nobody says how grave it is."""
        return self.picks[self.severity]


class Overlap(enum.Enum):
    """What happens when an action is asked for while it runs.

    `extend` adds the new length to the end, `restart` counts it from now, `longest` keeps the later
    end, `keep` leaves the running one alone.
    """

    EXTEND = "extend"
    RESTART = "restart"
    LONGEST = "longest"
    KEEP = "keep"


@dataclass(frozen=True, slots=True)
class Extension:
    """What an action on the shop falls on too: its linked accounts, or products, all or some."""

    kind: str
    where: Expr | None


@dataclass(frozen=True, slots=True)
class RelativeCap:
    """At most a part of what a measure comes to when the action is asked for, `per` some time."""

    share: Fraction
    measure: str
    per: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Action(Item):
    """A measure against a shop, product, review, reply or fund."""

    scope: str
    overlap: Overlap
    parameters: Mapping[str, str]
    cap: RelativeCap | None = None
    extends_to: tuple[Extension, ...] = ()


@dataclass(frozen=True, slots=True)
class Step:
    """What follows when a ladder's balance reaches `at`."""

    at: int
    actions: tuple[Proposal, ...]
    because: Message | None
    span: Span = field(compare=False, repr=False)

    @property
    def recovers(self) -> bool:
        """Whether something that it brings lasts only while the milestone is reached."""
        return any(one.length is RECOVERED for one in self.actions)


@dataclass(frozen=True, slots=True, kw_only=True)
class Earning:
    """Points that come back at each `every`-th event whose condition holds.

    The condition is over what the event is `about`; without one, every such event counts.
    """

    name: str
    event: str
    about: str
    condition: Expr | None
    every: int
    points: int
    span: Span = field(compare=False, repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Ladder(Item):
    """Points that count, expire, are earned back, and lead to actions at milestones.

    `violations` are the names that count; empty means all. Once the balance has reached `terminal`,
    nothing expires or is earned any more. At each `reset` all that was counted is gone.
    """

    per: str
    expire: Length | None
    terminal: int | None
    warn_before: int | None
    steps: tuple[Step, ...]
    violations: frozenset[str] = frozenset()
    balance: Balance
    earning: tuple[Earning, ...] = ()
    reset: Schedule | None = None

    @property
    def is_sum(self) -> bool:
        """Whether no points ever meet an end, so that the balance is what they add up to."""
        return self.balance.is_sum and not self.earning
