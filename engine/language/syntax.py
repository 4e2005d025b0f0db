"""The syntax tree: what a rule's author wrote, piece by piece, with its place.

Spans take no part in equality, so that two trees can be compared with `==`. Chains of one operator
are one node with many children, so that the depth of a tree is the depth of its brackets.
"""

from __future__ import annotations

import enum
from dataclasses import dataclass, field
from decimal import Decimal
from fractions import Fraction

from .source import Span


@dataclass(frozen=True, slots=True, kw_only=True)
class Node:
    """A piece of an expression."""

    span: Span = field(compare=False, repr=False)


# ------------------------------------------------------------------ values


@dataclass(frozen=True, slots=True)
class Integer(Node):
    """A whole number: `12`."""

    value: int


@dataclass(frozen=True, slots=True)
class Number(Node):
    """A number with a decimal point: `4.5`."""

    value: Decimal


@dataclass(frozen=True, slots=True)
class Percent(Node):
    """A percentage: `0.5%` is the fraction 1/200."""

    value: Fraction


@dataclass(frozen=True, slots=True)
class Text(Node):
    """A quoted text: `"thank you"` or `'thank you'`."""

    value: str


@dataclass(frozen=True, slots=True)
class Boolean(Node):
    """`true` or `false`."""

    value: bool


@dataclass(frozen=True, slots=True)
class Duration(Node):
    """A length of time that no calendar changes: `30d` (30 x 24 h), `24h`, `90m`."""

    micros: int


class Unit(enum.Enum):
    """What a period counts; values are the spelling in the plural."""

    CALENDAR_DAYS = "calendar days"
    CALENDAR_WEEKS = "calendar weeks"
    CALENDAR_MONTHS = "calendar months"
    BUSINESS_DAYS = "business days"


@dataclass(frozen=True, slots=True)
class Period(Node):
    """A length of time on a calendar: `30 calendar days`, `5 business days`."""

    count: int
    unit: Unit


class CalendarUnit(enum.Enum):
    """A piece of the calendar that begins on a day of its own; weeks begin on monday."""

    DAY = "day"
    WEEK = "week"
    MONTH = "month"
    QUARTER = "quarter"
    YEAR = "year"


@dataclass(frozen=True, slots=True)
class Aligned(Node):
    """`this calendar month`, up to now, or `last calendar month`: the whole one before."""

    unit: CalendarUnit
    last: bool


@dataclass(frozen=True, slots=True)
class Name(Node):
    """A name, dotted or plain: `negative`, `review.stars`, `product` (an enumeration member)."""

    parts: tuple[str, ...]

    @property
    def text(self) -> str:
        """The name as it was written."""
        return ".".join(self.parts)


@dataclass(frozen=True, slots=True)
class ListLiteral(Node):
    """Several values: `[product, service]`."""

    items: tuple[Node, ...]


# --------------------------------------------------------------- operators


@dataclass(frozen=True, slots=True)
class Not(Node):
    """`not x`."""

    operand: Node


@dataclass(frozen=True, slots=True)
class And(Node):
    """Two or more conditions joined by `and`."""

    operands: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Or(Node):
    """Two or more conditions joined by `or`."""

    operands: tuple[Node, ...]


class Comparator(enum.Enum):
    """How two values are compared."""

    EQ = "=="
    NE = "!="
    LT = "<"
    LE = "<="
    GT = ">"
    GE = ">="


@dataclass(frozen=True, slots=True)
class Comparison(Node):
    """One comparison or a chain: `10 <= length(x) <= 2000` has three operands."""

    operands: tuple[Node, ...]
    comparators: tuple[Comparator, ...]


class ArithmeticOperator(enum.Enum):
    """The four operations."""

    ADD = "+"
    SUBTRACT = "-"
    MULTIPLY = "*"
    DIVIDE = "/"


@dataclass(frozen=True, slots=True)
class Arithmetic(Node):
    """A chain of one precedence, read from the left: `a + b - c` or `a * b / c`."""

    operands: tuple[Node, ...]
    operators: tuple[ArithmeticOperator, ...]


@dataclass(frozen=True, slots=True)
class Negative(Node):
    """`-x`."""

    operand: Node


@dataclass(frozen=True, slots=True)
class In(Node):
    """`x in [a, b]` or `x in some_list`."""

    item: Node
    container: Node


@dataclass(frozen=True, slots=True)
class Has(Node):
    """`has order.delivered_at`: whether an optional field is there."""

    operand: Name


@dataclass(frozen=True, slots=True)
class Coalesce(Node):
    """`x ?? y ?? z`: the first that is there."""

    operands: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class If(Node):
    """`if c then a else b`."""

    condition: Node
    then: Node
    otherwise: Node


class TextOperator(enum.Enum):
    """How a text is searched."""

    CONTAINS = "contains"
    CONTAINS_ANY = "contains any of"
    CONTAINS_ALL = "contains all of"
    STARTS = "starts with"
    ENDS = "ends with"
    MATCHES = "matches"


@dataclass(frozen=True, slots=True)
class TextTest(Node):
    """`review.text contains "refund"`, `reply.text contains any of rewards`."""

    operator: TextOperator
    left: Node
    right: Node


@dataclass(frozen=True, slots=True)
class Within(Node):
    """`value within 60 calendar days of anchor`; the period is a `Period` or a `Duration`."""

    value: Node
    period: Node
    anchor: Node


@dataclass(frozen=True, slots=True)
class PartOfWeek(Node):
    """`monday to friday 09:00 to 18:00`: some days, and a part of each.

    `first` and `last` are days from 0, monday, to 6; the last may be before the first. Without
    `hours`, the whole of each day.
    """

    first: int
    last: int
    hours: Hours | None


@dataclass(frozen=True, slots=True)
class During(Node):
    """`review.posted_at during saturday to sunday`."""

    value: Node
    part: PartOfWeek


class DayKind(enum.Enum):
    """Which days count, where no weekday is named; values are as written."""

    ANY = "day"
    BUSINESS = "business day"


@dataclass(frozen=True, slots=True)
class FirstAfter(Node):
    """`first monday at 12:00 after review.posted_at`, `first 12:00 after …`.

    `day` is a weekday from 0, monday, to 6, or a kind of days; `minute` counts from midnight.
    """

    day: int | DayKind
    minute: int
    anchor: Node


@dataclass(frozen=True, slots=True)
class Lookup(Node):
    """`nrr_limit[product.category]`: a table read by one or more keys."""

    table: Name
    keys: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Call(Node):
    """`length(review.text)`: a function of values."""

    function: Name
    arguments: tuple[Node, ...]


class AggregateOperator(enum.Enum):
    """What is made of the entities that a measure ranges over."""

    COUNT = "count"
    COUNT_DISTINCT = "count distinct"
    SUM = "sum"
    AVERAGE = "average"
    LEAST = "least"
    GREATEST = "greatest"
    SHARE = "share"
    FIRST = "first"
    LATEST = "latest"
    MOST_COMMON = "most_common"


@dataclass(frozen=True, slots=True)
class Aggregate(Node):
    """Something counted over entities.

    `count(review where negative)`, `count(order dated order.delivered_at)`, `count(order)`,
    `count(distinct order.buyer_key of order where negative)`, `sum(order.amount of order)`,
    `average(review.stars of review where c dated review.posted_at)`, `share(negative of review)`.
    `value` is what stands before `of`; `count` without `distinct` has none. With an `owner` it is a
    roll-up, `count(review for order)`, which has no window.
    """

    operator: AggregateOperator
    value: Node | None
    entity: Name
    where: Node | None
    dated: Name | None
    owner: Name | None = None


# ------------------------------------- small phrases that stand by themselves


@dataclass(frozen=True, slots=True)
class Band(Node):
    """`below 0.5%`, `from 0.5% below 1%`, `from 1% or when closed`, `when closed`, `otherwise`.

    `from` and `up to` include their bound, `above` and `below` do not; a missing bound is open. A
    band without any bound has no range: it has a condition, or is what is left.
    """

    lower: Node | None = None
    lower_included: bool = False
    upper: Node | None = None
    upper_included: bool = False
    when: Node | None = None

    @property
    def ranged(self) -> bool:
        """Whether a value can lie in the band."""
        return self.lower is not None or self.upper is not None


@dataclass(frozen=True, slots=True)
class WindowByVolume(Node):
    """`3 calendar months if count(order) >= 400 else 12 calendar months`.

    `window` is a `Duration`, `Period` or `Aligned`, over which the condition counts; `otherwise` is
    one of them or another choice.
    """

    window: Node
    condition: Node
    otherwise: Node


class ScheduleKind(enum.Enum):
    """How often a threshold is checked."""

    ON_CHANGE = "on change"
    DAILY = "daily"
    WEEKLY = "weekly"
    MONTHLY = "monthly"
    QUARTERLY = "quarterly"


@dataclass(frozen=True, slots=True)
class Schedule(Node):
    """`on change`, `daily at 00:00`, `weekly on monday`, `monthly on day 20 at 06:00`, `quarterly`.

    `day` is 0 (monday) to 6 for `weekly` and 1 to 31 for `monthly`; `minute` counts from
    midnight. Left out: monday, day 1, midnight. `quarterly` is the first day of January, April,
    July and October.
    """

    kind: ScheduleKind
    day: int = 0
    minute: int = 0


@dataclass(frozen=True, slots=True)
class Deadline(Node):
    """`within 30 calendar days of notice`: a length of time and what it is counted from."""

    length: Node
    anchor: str


class Ending(enum.Enum):
    """When an action without a stated length ends."""

    PERMANENT = "permanently"
    RECOVERED = "until recovered"
    EVENT = "until an event"
    ONCE = "once"


@dataclass(frozen=True, slots=True)
class ActionPhrase(Node):
    """`close_shop for 28d`, `close_shop permanently`, `order_cap until recovered`, `send_notice`.

    `length` is a `Duration` or `Period`, or an `Ending`; an action with nothing said is done
    `once`. In `hold_funds for 90d or until complaint.closed` the event may end it sooner.
    """

    action: str
    length: Node | Ending
    event: Name | None = None


@dataclass(frozen=True, slots=True)
class PointRange(Node):
    """`4` or `1 to 12`."""

    low: int
    high: int


@dataclass(frozen=True, slots=True)
class Counting(Node):
    """`up`, `up from 10 within 0 to 100`, `down from 200 within 0 to 1000`.

    What is left out is `None`; both bounds are, or neither.
    """

    down: bool
    start: int | None
    floor: int | None
    ceiling: int | None


@dataclass(frozen=True, slots=True)
class Rate(Node):
    """`1 per 24h`, `100 per day`: at most so many in a length of time.

    `length` is a `Duration` or `Period`; `per day` is `1 calendar days`.
    """

    count: int
    length: Node


@dataclass(frozen=True, slots=True)
class Share(Node):
    """`70% of usual_orders per day`: at most that part of a measure in a length of time."""

    share: Fraction
    measure: Name
    length: Node


@dataclass(frozen=True, slots=True)
class Extension(Node):
    """`linked accounts`, `products where product.fulfilled_by == seller`: `kind` says of what."""

    kind: str
    where: Node | None = None


@dataclass(frozen=True, slots=True)
class Hours(Node):
    """`09:00 to 21:00`: minutes from midnight; the end is excluded and may be before the start."""

    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Hold(Node):
    """`2 checks` (a whole number of checks in a row) or a length of time such as `48h`."""

    checks: int | None
    length: Node | None


@dataclass(frozen=True, slots=True)
class TemplateText(Node):
    """A literal piece of a template; `{{` and `}}` stand for single braces."""

    text: str


@dataclass(frozen=True, slots=True)
class Template(Node):
    """`Thank you, {buyer.name ?? 'friend'}!`: texts and expressions in turn, as written."""

    parts: tuple[Node, ...]
