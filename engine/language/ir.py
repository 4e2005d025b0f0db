"""Checked expressions: what a rule means, every name settled and every operand typed.

Only the checker makes these; backends take nothing else, so nothing unchecked can run. Spans are
kept for explanations and take no part in equality or in the digest of a program.
"""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from dataclasses import dataclass, field
from fractions import Fraction

from .source import Span
from .syntax import AggregateOperator, DayKind, Period
from .types import BOOLEAN, Type

Value = bool | int | Fraction | str | tuple["Value", ...] | Period | None
"""What an expression can come out as; see `types` for which stands for which."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Expr:
    """A checked expression: a type and a place."""

    type: Type
    span: Span = field(compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Constant(Expr):
    """A value known at compile time."""

    value: Value


@dataclass(frozen=True, slots=True)
class Field(Expr):
    """A field of an entity that is in scope by its kind: `review.stars`."""

    entity: str
    name: str


@dataclass(frozen=True, slots=True)
class Was(Expr):
    """`was(review.stars)`: a field of what the event is about, before the event.

    Missing where the event is the first that tells of the entity.
    """

    entity: str
    name: str


@dataclass(frozen=True, slots=True)
class Known(Expr):
    """`has order`: whether the linked entity has been seen at all."""

    entity: str


@dataclass(frozen=True, slots=True)
class Now(Expr):
    """`now`: the time of the event or check that is being judged."""


@dataclass(frozen=True, slots=True)
class Parameter(Expr):
    """A value that the place of the expression provides, such as `matched` in a `because`."""

    name: str


@dataclass(frozen=True, slots=True)
class Call(Expr):
    """An operator or function whose meaning has been settled: the id of an `Overload`."""

    overload: str
    arguments: tuple[Expr, ...]


@dataclass(frozen=True, slots=True)
class Not(Expr):
    """True when the operand is not."""

    operand: Expr


@dataclass(frozen=True, slots=True)
class And(Expr):
    """True when all operands are; read from the left, stopping at the first that is not."""

    operands: tuple[Expr, ...]


@dataclass(frozen=True, slots=True)
class Or(Expr):
    """True when one operand is; read from the left, stopping at the first that is."""

    operands: tuple[Expr, ...]


@dataclass(frozen=True, slots=True)
class HowMany(Expr):
    """`how_many(a, b, c)`: how many conditions hold; each of them is read."""

    operands: tuple[Expr, ...]


@dataclass(frozen=True, slots=True)
class Chain(Expr):
    """`a <= b <= c`: overload ids of the comparisons between neighbours, each operand read once."""

    operands: tuple[Expr, ...]
    overloads: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class If(Expr):
    """One of two values, of the same type."""

    condition: Expr
    then: Expr
    otherwise: Expr


@dataclass(frozen=True, slots=True)
class Has(Expr):
    """Whether an optional value is there."""

    operand: Expr


@dataclass(frozen=True, slots=True)
class Coalesce(Expr):
    """The first operand that is there."""

    operands: tuple[Expr, ...]


@dataclass(frozen=True, slots=True)
class Member(Expr):
    """Whether a value is among constants: `review.class in [product, service]`."""

    item: Expr
    values: tuple[Value, ...]


@dataclass(frozen=True, slots=True)
class WordTest(Expr):
    """`contains`, `contains any of`, `contains all of` with words that are known at compile time.

    `words` are as written, in order, without doubles; `all` asks for every one of them.
    """

    text: Expr
    words: tuple[str, ...]
    all: bool


@dataclass(frozen=True, slots=True)
class OneSentence(Expr):
    """`in_one_sentence(text, list, list)`: one sentence holds a word of each group.

    Groups are of words as written, in order, without doubles.
    """

    text: Expr
    groups: tuple[tuple[str, ...], ...]

    @property
    def words(self) -> tuple[str, ...]:
        """The words of all groups, each once."""
        return tuple(dict.fromkeys(word for group in self.groups for word in group))


@dataclass(frozen=True, slots=True)
class Matches(Expr):
    """`text matches "regex"`, searched by RE2."""

    text: Expr
    pattern: str


@dataclass(frozen=True, slots=True)
class Within(Expr):
    """`value within length of anchor`: not before the anchor and not after its deadline.

    `length` is a constant: a duration (`int`, microseconds) or a `Period`.
    """

    value: Expr
    length: int | Period
    anchor: Expr


@dataclass(frozen=True, slots=True)
class During(Expr):
    """`value during monday to friday 09:00 to 18:00`, on the clock of the region.

    `days` are the weekdays on which the part begins, from 0, Monday, to 6, in order; `start` and
    `end` are minutes from midnight, and the end, which is not included, is on the next day where it
    is not later than the start.
    """

    value: Expr
    days: tuple[int, ...]
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class FirstAfter(Expr):
    """`first monday at 12:00 after anchor`: the first such instant that is later.

    `day` is a weekday from 0, Monday, to 6, or a kind of days; `minute` counts from midnight.
    """

    anchor: Expr
    day: int | DayKind
    minute: int


@dataclass(frozen=True, slots=True)
class Declared(Expr):
    """`declared(value, "strike")`: whether an instant lies in a period declared for the shop.

    `kinds` are the kinds of periods that count; none named means all.
    """

    value: Expr
    kinds: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Lookup(Expr):
    """A table read by one key; what has no row gets `default`."""

    table: str
    key: Expr
    rows: Mapping[Value, Value]
    default: Value


@dataclass(frozen=True, slots=True)
class MeasureValue(Expr):
    """The value of a measure for the subject in hand; missing when it is insufficient."""

    measure: str


@dataclass(frozen=True, slots=True)
class Points(Expr):
    """`points("violation-points")`: the ladder's total for the shop, before the event."""

    ladder: str


@dataclass(frozen=True, slots=True)
class InForce(Expr):
    """`in_force("close_shop")`: whether the action runs, before the event.

    An action on a `target` kind is asked about the one in scope, to which the entity of the kind
    `holder` links; without a holder, it is what the expression is about. Without a target it is the
    shop, or anything of it.
    """

    action: str
    target: str | None = None
    holder: str | None = None


@dataclass(frozen=True, slots=True)
class Since(Expr):
    """`since("close_shop")`: since when the action runs; missing while it does not.

    It is asked about what `InForce` is.
    """

    action: str
    target: str | None = None
    holder: str | None = None


@dataclass(frozen=True, slots=True)
class Aggregate(Expr):
    """Something made of the entities of one kind that belong to the subject and fall in a window.

    `value` and `where` are read with the entity of `entity` and those it links to in scope; `date`
    is an instant or missing, and what lacks it is not counted.
    """

    operator: AggregateOperator
    entity: str
    value: Expr | None
    where: Expr | None
    date: Expr


@dataclass(frozen=True, slots=True)
class RollupPlan:
    """What a roll-up makes of the entities of one kind that belong to one of another.

    `value`, `where` and `date` are read with each of these entities and those it links to in scope,
    not with those around the roll-up; so they are no operands of it. `date` puts them in order,
    where that matters. Two plans of one `identity` ask the same.
    """

    identity: Hashable
    operator: AggregateOperator = field(compare=False)
    entity: str = field(compare=False)
    owner: str = field(compare=False)
    value: Expr | None = field(compare=False)
    where: Expr | None = field(compare=False)
    date: Expr | None = field(compare=False)

    @property
    def parts(self) -> tuple[Expr, ...]:
        """What is read with each of the entities in scope."""
        return tuple(part for part in (self.where, self.value, self.date) if part is not None)


@dataclass(frozen=True, slots=True)
class Rollup(Expr):
    """`count(review for order)`: something made of what belongs to an entity that is in scope.

    `holder` is the kind in scope that links to the owner, or the owner's own kind where that is
    what the expression is about.
    """

    plan: RollupPlan
    holder: str


def true(span: Span) -> Constant:
    """The condition that always holds."""
    return Constant(value=True, type=BOOLEAN, span=span)
