"""The typed program: a policy with every name settled, ready for a backend.

The strata stand in the order in which they run. Everything here is immutable and may be shared.
Places (`Span`) are kept for messages and records; they take no part in equality.
"""

from __future__ import annotations

import enum
from collections.abc import Mapping
from dataclasses import dataclass, field
from fractions import Fraction

from .balance import Balance
from .catalog import Catalog
from .ir import Expr, RollupPlan
from .source import Embedded, Span
from .syntax import Aligned, Ending, Hours, Period, Schedule
from .varied import Varied

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


class Stratum(enum.Enum):
    """Which list of rules on events a rule stands in."""

    REVIEW = "review_rules"
    REPLY = "reply_rules"
    REPORT = "report_rules"
    EVENT = "event_rules"


VERDICTS = ("allow", "flag", "hold", "reject", "refuse")
"""From mild to strict. `reject` is for replies, `refuse` for everything else."""


@dataclass(frozen=True, slots=True)
class TimeOut:
    """What a `hold` becomes once a length of time has passed in which nobody decided."""

    length: Length
    verdict: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule(Item):
    """A rule on events: when its condition holds, its verdict falls on what the event is about.

    All its events are `about` one kind of entity.
    """

    stratum: Stratum
    about: str
    events: tuple[str, ...]
    condition: Expr
    verdicts: Mapping[str, str]
    """By region; the key `""` is for all others."""
    time_out: TimeOut | None = None
    violation: str | None = None
    priority: int = 0
    stop: bool = False

    def verdict(self, region: str) -> str:
        """The verdict in a region."""
        return self.verdicts.get(region) or self.verdicts[""]


@dataclass(frozen=True, slots=True, kw_only=True)
class Classification(Item):
    """One line of `classify`: the class that a review gets when the condition holds."""

    as_class: str
    condition: Expr


class Mode(enum.Enum):
    """What becomes of a drafted reply."""

    DRAFT = "draft"
    APPROVE = "approve"
    POST = "post"


@dataclass(frozen=True, slots=True)
class RateLimit:
    """At most `count` in any span of `length`."""

    count: int
    length: Length


@dataclass(frozen=True, slots=True)
class DraftLimits:
    """How much the shop answers by itself."""

    per_run: int | None = None
    per_buyer: RateLimit | None = None
    per_shop: RateLimit | None = None
    hours: Hours | None = None


@dataclass(frozen=True, slots=True)
class Text:
    """One of the texts of a draft, which is chosen in proportion to its weight."""

    message: Message
    weight: int = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft(Item):
    """A reply that the shop drafts by itself when the condition holds.

    `picks` are the entries that a text of a language can take, by the name of their list.
    """

    events: tuple[str, ...]
    condition: Expr
    mode: Mode
    delay: int
    templates: Mapping[str, tuple[Text, ...]]
    """By language; the key `else` is for all others."""
    picks: Mapping[str, Mapping[str, tuple[str, ...]]]
    seed: str = ""
    priority: int = 0


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


class WhilePending(enum.Enum):
    """What becomes of the actions while an appeal is being decided."""

    KEEP = "keep"
    SUSPEND = "suspend"
    DELAY = "delay"


class Lapse(enum.Enum):
    """What becomes of an appeal that nobody decided in time; never against the appellant."""

    ESCALATE = "escalate"
    OVERTURN = "overturn"


class Success(enum.Enum):
    """What an overturned appeal does."""

    VOID_POINTS = "void points"
    LIFT_ACTIONS = "lift actions"
    EXCLUDE = "exclude from measures"


@dataclass(frozen=True, slots=True)
class Attempt:
    """How long an attempt may be filed, and from when that is counted (`notice`, `rejection`)."""

    length: Length
    anchor: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AppealProcess(Item):
    """How decisions of some kinds are appealed."""

    against: tuple[str, ...]
    attempts: tuple[Attempt, ...]
    evidence: Mapping[str, tuple[str, ...]]
    """What has to be handed in, by reason code; the key `else` is for all others."""
    while_pending: WhilePending
    delay: Length | None
    decide_within: Length | None
    if_lapsed: Lapse
    if_overturned: tuple[Success, ...]
    retroactive: bool
    late_evidence: Length | None = None
    require: Expr | None = None
    open_at_once: int | None = None
    longest_statement: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Remedy(Item):
    """What an event does about a decision instead of an appeal.

    The condition is over what the event is `about`. `of` are the violations and actions that it is
    for; empty means any. `lowers` is 0 where it leaves points alone or voids them.
    """

    event: str
    about: str
    condition: Expr | None
    of: frozenset[str]
    within: Length | None
    per_shop: RateLimit | None
    voids: bool
    lifts: bool
    lowers: int
    shortens: Length | None


@dataclass(frozen=True, slots=True)
class CalendarSpec:
    """Weekend (0 is Monday) and holidays (as day numbers) of the policy's business days."""

    weekend: frozenset[int] = frozenset({5, 6})
    holidays: frozenset[int] = frozenset()


@dataclass(frozen=True, slots=True, kw_only=True)
class Program:
    """A checked policy. `digest` names its content: same digest, same decisions."""

    name: str
    title: str
    version: str
    digest: str
    regions: tuple[str, ...]
    zones: Mapping[str, str]
    """IANA names by region; the key `""` is for all others."""
    calendars: Mapping[str, CalendarSpec]
    """By region; the key `""` is for all others."""
    effective: Interval
    announced: int | None
    adopts: bool
    """Whether points get the length of a ladder's new variant."""
    lateness: int
    retention: int
    catalog: Catalog
    classify: tuple[Classification, ...]
    rules: tuple[Rule, ...]
    draft_limits: DraftLimits
    drafts: tuple[Draft, ...]
    aggregates: tuple[AggregatePlan, ...]
    rollups: tuple[RollupPlan, ...]
    measures: Varied[Measure]
    """In an order in which each comes after those it reads."""
    thresholds: tuple[Threshold, ...]
    violations: Varied[Violation]
    actions: Varied[Action]
    ladders: tuple[Ladder, ...]
    appeals: tuple[AppealProcess, ...]
    remedies: tuple[Remedy, ...] = ()

    def zone(self, region: str) -> str:
        """The IANA name of the zone of a region."""
        return self.zones.get(region) or self.zones[""]

    def calendar(self, region: str) -> CalendarSpec:
        """Which days are business days in a region."""
        return self.calendars.get(region) or self.calendars[""]
