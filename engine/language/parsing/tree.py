"""The grammar's reductions: what becomes of each rule of `expr.lark` when its parts are complete.

Lark calls a method of `TreeBuilder` for each rule or alias of the grammar, innermost first, with
the rule's parts: tokens, nodes, and brackets around a node. A node's own place leaves such
brackets out, the places of the nodes around it do not.
"""

from __future__ import annotations

from collections.abc import Iterable
from contextvars import ContextVar
from dataclasses import replace
from typing import Any, NamedTuple, TypeAlias

from lark import Token, Transformer, v_args

from ..messages import phrases as say
from ..source import Span
from ..syntax import (
    ActionPhrase,
    Aggregate,
    AggregateOperator,
    Aligned,
    And,
    Arithmetic,
    ArithmeticOperator,
    Band,
    Boolean,
    CalendarUnit,
    Call,
    Coalesce,
    Comparator,
    Comparison,
    Counting,
    DayKind,
    Deadline,
    Duration,
    During,
    Ending,
    Extension,
    FirstAfter,
    Has,
    Hold,
    Hours,
    If,
    In,
    Integer,
    ListLiteral,
    Lookup,
    Name,
    Negative,
    Node,
    Not,
    Number,
    Or,
    PartOfWeek,
    Percent,
    Period,
    PointRange,
    Rate,
    Schedule,
    ScheduleKind,
    Share,
    Text,
    TextOperator,
    TextTest,
    Unit,
    WindowByVolume,
    Within,
)
from .draft import Draft
from .values import Literal

DRAFT: ContextVar[Draft] = ContextVar("DRAFT")
"""The draft whose text is being parsed: Lark binds one builder to the parser, for all texts."""

_WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")


class Bracketed(NamedTuple):
    """A node in round brackets, and the place of all of it."""

    node: Node
    span: Span


Part: TypeAlias = Node | Bracketed


def bare(part: Part) -> Node:
    """The node of a part, without brackets."""
    return part.node if isinstance(part, Bracketed) else part


def _bare(parts: Iterable[Part]) -> tuple[Node, ...]:
    return tuple(map(bare, parts))


def _bare_or_none(part: Part | None) -> Node | None:
    return None if part is None else bare(part)


def _at(token: Token) -> Span:
    return DRAFT.get().at(*_ends(token))


def _between(first: Token, last: Token) -> Span:
    return DRAFT.get().at(_ends(first)[0], _ends(last)[1])


def _ends(token: Token) -> tuple[int, int]:
    start = token.start_pos or 0
    return start, start + len(token)


def _literal(token: Token) -> Literal:
    return Literal(DRAFT.get(), str(token), token.start_pos or 0)


def _name(token: Token) -> Name:
    return Name(tuple(token.split(".")), span=_at(token))


def _around(first: Part, last: Part) -> Span:
    return first.span.to(last.span)


@v_args(inline=True)
class TreeBuilder(Transformer[Token, Part]):
    """One method for each rule of the grammar that leaves a trace in the tree."""

    # ------------------------------------------------------------- operators

    def conditional(self, word: Token, condition: Part, then: Part, otherwise: Part) -> If:
        """`if c then a else b`."""
        span = _at(word).to(otherwise.span)
        return If(bare(condition), bare(then), bare(otherwise), span=span)

    def disjunction(self, *operands: Part) -> Or:
        """`a or b or c`."""
        return Or(_bare(operands), span=_around(operands[0], operands[-1]))

    def conjunction(self, *operands: Part) -> And:
        """`a and b and c`."""
        return And(_bare(operands), span=_around(operands[0], operands[-1]))

    def denial(self, word: Token, operand: Part) -> Not:
        """`not a`."""
        return Not(bare(operand), span=_at(word).to(operand.span))

    def comparison(self, *parts: Any) -> Comparison:
        """`a <= b <= c`."""
        operands, comparators = parts[::2], parts[1::2]
        return Comparison(
            _bare(operands),
            tuple(map(Comparator, comparators)),
            span=_around(operands[0], operands[-1]),
        )

    def membership(self, item: Part, container: Part) -> In:
        """`a in b`."""
        return In(bare(item), bare(container), span=_around(item, container))

    def text_test(self, left: Part, operator: Token, right: Part) -> TextTest:
        """`a contains b`."""
        kind = TextOperator(" ".join(operator.split()))
        return TextTest(kind, bare(left), bare(right), span=_around(left, right))

    def nearness(self, value: Part, _: Token, length: Node, anchor: Part) -> Within:
        """`a within 30d of b`."""
        return Within(bare(value), length, bare(anchor), span=_around(value, anchor))

    def timing(self, value: Part, _: Token, part: PartOfWeek) -> During:
        """`a during saturday to sunday`."""
        return During(bare(value), part, span=_around(value, part))

    def every_day(self, hours: Hours) -> PartOfWeek:
        """`09:00 to 21:00`."""
        return PartOfWeek(0, len(_WEEKDAYS) - 1, hours, span=hours.span)

    def some_days(self, first: Token, last: Token | None, hours: Hours | None) -> PartOfWeek:
        """`monday`, `monday to friday 09:00 to 18:00`."""
        begins, ends = map(_WEEKDAYS.index, (first, last or first))
        span = _between(first, last or first)
        return PartOfWeek(begins, ends, hours, span=span.to(hours.span) if hours else span)

    def operand(self, *operands: Part) -> Coalesce:
        """`a ?? b`."""
        return Coalesce(_bare(operands), span=_around(operands[0], operands[-1]))

    def addition(self, *parts: Any) -> Arithmetic:
        """`a + b - c`."""
        operands, operators = parts[::2], parts[1::2]
        return Arithmetic(
            _bare(operands),
            tuple(map(ArithmeticOperator, operators)),
            span=_around(operands[0], operands[-1]),
        )

    multiplication = addition
    """`a * b / c`."""

    def negative(self, sign: Token, operand: Part) -> Negative:
        """`-a`."""
        return Negative(bare(operand), span=_at(sign).to(operand.span))

    def presence(self, word: Token, name: Token) -> Has:
        """`has a`."""
        return Has(_name(name), span=_between(word, name))

    def first_time(self, word: Token, time: Token, anchor: Part) -> FirstAfter:
        """`first 12:00 after a`."""
        return _first_after(word, DayKind.ANY, time, anchor)

    def first_day(self, word: Token, day: Token, time: Token | None, anchor: Part) -> FirstAfter:
        """`first monday at 12:00 after a`, `first business day after a`."""
        named = _WEEKDAYS.index(day) if day in _WEEKDAYS else DayKind.BUSINESS
        return _first_after(word, named, time, anchor)

    # ----------------------------------------------------------------- atoms

    def integer(self, token: Token) -> Integer:
        """`12`."""
        return Integer(_literal(token).integer(), span=_at(token))

    def decimal(self, token: Token) -> Number:
        """`4.5`."""
        return Number(_literal(token).decimal(), span=_at(token))

    def percent(self, token: Token) -> Percent:
        """`0.5%`."""
        return Percent(_literal(token).percent(), span=_at(token))

    def text(self, token: Token) -> Text:
        """`"refund"`."""
        return Text(_literal(token).quoted_text(), span=_at(token))

    def boolean(self, token: Token) -> Boolean:
        """`true`."""
        return Boolean(token == "true", span=_at(token))  # noqa: S105 - no password

    def name(self, token: Token) -> Name:
        """`review.stars`."""
        return _name(token)

    def duration(self, token: Token) -> Duration:
        """`30d`."""
        return Duration(_literal(token).duration(), span=_at(token))

    def period(self, token: Token) -> Period:
        """`30 calendar days`."""
        return Period(*_literal(token).period(), span=_at(token))

    def list_literal(self, opening: Token, *rest: Any) -> ListLiteral:
        """`[a, b]`."""
        *items, closing = rest
        return ListLiteral(_bare(items), span=_between(opening, closing))

    def lookup(self, table: Token, *rest: Any) -> Lookup:
        """`limit[product.category]`."""
        *keys, closing = rest
        return Lookup(_name(table), _bare(keys), span=_between(table, closing))

    def call(self, function: Token, *rest: Any) -> Call:
        """`length(review.text)`."""
        *arguments, closing = rest
        return Call(_name(function), _bare(arguments), span=_between(function, closing))

    def bracketed(self, opening: Token, inner: Part, closing: Token) -> Bracketed:
        """`(a)`."""
        return Bracketed(bare(inner), _between(opening, closing))

    # ------------------------------------------------------------ aggregates

    def count(self, word: Token, *rest: Any) -> Aggregate:
        """`count(review where negative)`."""
        *entity, end = rest
        return _aggregate(AggregateOperator.COUNT, None, _Counted(*entity), (word, end))

    def count_distinct(self, word: Token, value: Part, *rest: Any) -> Aggregate:
        """`count(distinct order.buyer_key of order)`."""
        *entity, end = rest
        return _aggregate(AggregateOperator.COUNT_DISTINCT, value, _Counted(*entity), (word, end))

    def summary(self, word: Token, value: Part, *rest: Any) -> Aggregate:
        """`sum(order.amount of order)`."""
        *entity, end = rest
        return _aggregate(AggregateOperator(word), value, _Counted(*entity), (word, end))

    # --------------------------------------------------------------- phrases

    def band_from(self, word: Token, lower: Part, bound: Token | None, upper: Part | None) -> Band:
        """`from 0.5% below 1%`, `above 1%`."""
        return Band(
            bare(lower),
            word.type == "FROM",
            _bare_or_none(upper),
            bound is not None and bound.type == "UP_TO",
            span=_at(word).to((upper or lower).span),
        )

    def band_to(self, word: Token, upper: Part) -> Band:
        """`below 1%`, `up to 1%`."""
        included = word.type == "UP_TO"
        return Band(upper=bare(upper), upper_included=included, span=_at(word).to(upper.span))

    def band_or_when(self, values: Band, condition: Part) -> Band:
        """`from 1% or when closed`."""
        return replace(values, when=bare(condition), span=values.span.to(condition.span))

    def band_when(self, word: Token, condition: Part) -> Band:
        """`when closed`."""
        return Band(when=bare(condition), span=_at(word).to(condition.span))

    def band_otherwise(self, word: Token) -> Band:
        """`otherwise`."""
        return Band(span=_at(word))

    def aligned(self, token: Token) -> Aligned:
        """`last calendar month`."""
        which, _, unit = token.split()
        return Aligned(CalendarUnit(unit), which == "last", span=_at(token))

    def window_by_volume(self, window: Node, _: Token, condition: Part, otherwise: Node) -> Node:
        """`30d if count(order) >= 400 else 90d`."""
        span = window.span.to(otherwise.span)
        return WindowByVolume(window, bare(condition), otherwise, span=span)

    def on_change(self, word: Token) -> Schedule:
        """`on change`."""
        return Schedule(ScheduleKind.ON_CHANGE, span=_at(word))

    def daily_or_quarterly(self, word: Token, time: Token | None) -> Schedule:
        """`daily at 06:00`."""
        return _schedule(word, 0, time, word)

    def weekly(self, word: Token, weekday: Token | None, time: Token | None) -> Schedule:
        """`weekly on monday at 06:00`."""
        day = 0 if weekday is None else _WEEKDAYS.index(weekday)
        return _schedule(word, day, time, weekday or word)

    def monthly(self, word: Token, day: Token | None, time: Token | None) -> Schedule:
        """`monthly on day 20 at 06:00`."""
        number = 1 if day is None else _literal(day).day_of_month()
        return _schedule(word, number, time, day or word)

    def deadline(self, word: Token, length: Node, anchor: Token) -> Deadline:
        """`within 30 calendar days of notice`."""
        return Deadline(length, str(anchor), span=_between(word, anchor))

    def action_once(self, action: Token) -> ActionPhrase:
        """`send_notice`."""
        return ActionPhrase(str(action), Ending.ONCE, span=_at(action))

    def action_for(self, action: Token, length: Node, event: Token | None) -> ActionPhrase:
        """`close_shop for 28d`, `hold_funds for 90d or until complaint.closed`."""
        ends = None if event is None else _name(event)
        span = _at(action).to((ends or length).span)
        return ActionPhrase(str(action), length, ends, span=span)

    def action_until_event(self, action: Token, event: Token) -> ActionPhrase:
        """`hold_funds until complaint.closed`."""
        return ActionPhrase(str(action), Ending.EVENT, _name(event), span=_between(action, event))

    def action_until(self, action: Token, ending: Token) -> ActionPhrase:
        """`close_shop permanently`, `order_cap until recovered`."""
        kind = Ending(" ".join(ending.split()))
        return ActionPhrase(str(action), kind, span=_between(action, ending))

    def point_range(self, low: Token, high: Token | None) -> PointRange:
        """`4`, `1 to 12`."""
        span = _between(low, high or low)
        least = _literal(low).integer()
        most = least if high is None else _literal(high).integer()
        if least > most:
            DRAFT.get().found.append(say.falling_range(span, least, most))
        return PointRange(least, most, span=span)

    def balance(
        self,
        word: Token,
        _begins: Token | None,
        start: Token | None,
        _within: Token | None,
        low: Token | None,
        high: Token | None,
    ) -> Counting:
        """`up`, `down from 200 within 0 to 1000`."""
        span = _between(word, high or start or word)
        floor, ceiling = _whole(low), _whole(high)
        if floor is not None and ceiling is not None and floor > ceiling:
            DRAFT.get().found.append(say.falling_range(span, floor, ceiling))
        return Counting(word == "down", _whole(start), floor, ceiling, span=span)

    def rate_per_length(self, count: Token, length: Node) -> Rate:
        """`1 per 24h`."""
        return Rate(_literal(count).integer(), length, span=_at(count).to(length.span))

    def rate_per_unit(self, count: Token, unit: Token) -> Rate:
        """`100 per day`."""
        length = Period(1, Unit(f"calendar {unit}s"), span=_at(unit))
        return self.rate_per_length(count, length)

    def share_per_length(self, percent: Token, measure: Token, length: Node) -> Share:
        """`70% of usual_orders per 24h`."""
        share = _literal(percent).percent()
        return Share(share, _name(measure), length, span=_at(percent).to(length.span))

    def share_per_unit(self, percent: Token, measure: Token, unit: Token) -> Share:
        """`70% of usual_orders per day`."""
        length = Period(1, Unit(f"calendar {unit}s"), span=_at(unit))
        return self.share_per_length(percent, measure, length)

    def extension_accounts(self, words: Token) -> Extension:
        """`linked accounts`."""
        return Extension("account", span=_at(words))

    def extension_products(self, word: Token, where: Part | None) -> Extension:
        """`products where product.price > 100.0`."""
        end = _at(word) if where is None else where.span
        return Extension("product", _bare_or_none(where), span=_at(word).to(end))

    def hours(self, start: Token, end: Token) -> Hours:
        """`09:00 to 21:00`."""
        span = _between(start, end)
        if start == end:
            DRAFT.get().found.append(say.empty_hours(span))
        return Hours(_literal(start).minute(), _literal(end).minute(), span=span)

    def hold_checks(self, checks: Token, word: Token) -> Hold:
        """`2 checks`."""
        return Hold(_literal(checks).integer(), None, span=_between(checks, word))

    def hold_length(self, length: Node) -> Hold:
        """`48h`."""
        return Hold(None, length, span=length.span)


class _Counted(NamedTuple):
    """What an aggregate ranges over: `review for order where negative dated review.posted_at`."""

    entity: Token
    owner: Token | None
    where: Part | None
    dated: Token | None


def _aggregate(
    operator: AggregateOperator, value: Part | None, counted: _Counted, ends: tuple[Token, Token]
) -> Aggregate:
    return Aggregate(
        operator,
        _bare_or_none(value),
        _name(counted.entity),
        _bare_or_none(counted.where),
        _name_or_none(counted.dated),
        _name_or_none(counted.owner),
        span=_between(*ends),
    )


def _whole(number: Token | None) -> int | None:
    return None if number is None else _literal(number).integer()


def _name_or_none(token: Token | None) -> Name | None:
    return None if token is None else _name(token)


def _first_after(word: Token, day: int | DayKind, time: Token | None, anchor: Part) -> FirstAfter:
    minute = 0 if time is None else _literal(time).minute()
    return FirstAfter(day, minute, bare(anchor), span=_at(word).to(anchor.span))


def _schedule(word: Token, day: int, time: Token | None, before: Token) -> Schedule:
    minute = 0 if time is None else _literal(time).minute()
    return Schedule(ScheduleKind(word), day, minute, span=_between(word, time or before))
