"""Compiled functions, the recording evaluator and a third, naive interpreter agree on everything.

Expressions are made at random, type by type, over random entities; integers are often at the edges
of 63 bits and divisors often zero, so that failures are as usual as values.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from fractions import Fraction
from functools import partial, singledispatch
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st
from revlex.engine.language import ir
from revlex.engine.language.catalog import standard_catalog
from revlex.engine.language.functions import (
    BY_ID,
    COUNT,
    ENUMERATION,
    MOST_VALUES,
    OVERLOADS,
    SEVERAL,
)
from revlex.engine.language.source import embed
from revlex.engine.language.syntax import AggregateOperator, DayKind, Period, Unit
from revlex.engine.language.types import (
    BOOLEAN,
    DECIMAL,
    DURATION,
    INSTANT,
    INTEGER,
    LARGEST_INTEGER,
    PERCENT,
    TEXT,
    Enumeration,
    ListOf,
    Optional,
    Type,
)
from revlex.engine.runtime.calendar import Calendar
from revlex.engine.runtime.entities import KEY, link_attribute, make_kinds
from revlex.engine.runtime.errors import EvaluationError
from revlex.engine.runtime.event_types import attribute
from revlex.engine.runtime.folding import fold
from revlex.engine.runtime.functions import FUNCTIONS
from revlex.engine.runtime.lower import (
    Failed,
    Helpers,
    Hit,
    LoweredRule,
    lower_function,
    lower_rules,
)
from revlex.engine.runtime.recording import Scope, evaluate

SPAN = embed("review.stars <= 2").span
KINDS = make_kinds(standard_catalog())
NAMES = KINDS.scope_kinds("review")
CALENDAR = Calendar("Asia/Bangkok")
CLASS = standard_catalog().entities["review"].fields["class"].type
assert isinstance(CLASS, Enumeration)
WORDS = ("voucher", "gift card", "five", "a", "คูปอง", "好评")

# ------------------------------------------------------------------------- values

integers = st.one_of(
    st.integers(-3, 3),
    st.sampled_from([LARGEST_INTEGER, -LARGEST_INTEGER - 1, 2**32, -(2**32)]),
)
instants = st.one_of(
    st.integers(1_600_000_000, 1_600_400_000).map(lambda seconds: seconds * 1_000_000),
    st.just(253_402_000_000_000_000),
)
durations = st.sampled_from([0, 1, 86_400_000_000, 30 * 86_400_000_000, LARGEST_INTEGER])
fractions = st.builds(Fraction, st.integers(-3, 3), st.integers(1, 4))
texts = st.lists(
    st.sampled_from(
        [*WORDS, "x", "VOUCHER", "vouchers", " ", " ", ". ", "http://x.y", "0912345678"]
    )
).map("".join)
BY_TYPE: Mapping[Type, st.SearchStrategy[Any]] = {
    BOOLEAN: st.booleans(),
    INTEGER: integers,
    DECIMAL: fractions,
    PERCENT: fractions,
    TEXT: texts,
    INSTANT: instants,
    DURATION: durations,
    CLASS: st.sampled_from(CLASS.members),
    ListOf(TEXT): st.lists(texts, max_size=3).map(tuple),
}


def values(of: Type) -> st.SearchStrategy[Any]:
    if isinstance(of, Optional):
        return st.none() | values(of.item)
    return st.sampled_from(of.members) if isinstance(of, Enumeration) else BY_TYPE[of]


# ------------------------------------------------------------- expressions by type

TYPES = tuple(BY_TYPE)
FIELDS: dict[Type, list[tuple[str, str, Type]]] = {of: [] for of in TYPES}
for _kind in NAMES:
    for _spec in standard_catalog().entities[_kind].fields.values():
        if _spec.type in FIELDS:
            FIELDS[_spec.type].append((_kind, _spec.name, _spec.type))


def constants(of: Type) -> st.SearchStrategy[ir.Expr]:
    return BY_TYPE[of].map(lambda value: ir.Constant(value=value, type=of, span=SPAN))


def rolled_up(owner: str) -> ir.Expr:
    """How many replies a review or an order has."""
    plan = ir.RollupPlan(owner, AggregateOperator.COUNT, "reply", owner, None, None, None)
    return ir.Rollup(plan, "review", type=INTEGER, span=SPAN)


def leaves(of: Type) -> st.SearchStrategy[ir.Expr]:
    options = [constants(of)]
    if FIELDS[of]:
        fields = st.sampled_from(FIELDS[of])
        options.append(fields.map(lambda f: ir.Field(f[0], f[1], type=f[2], span=SPAN)))
    if of == INSTANT:
        options.append(st.just(ir.Now(type=INSTANT, span=SPAN)))
        options.append(st.just(ir.Since("action", type=INSTANT, span=SPAN)))
    if of == INTEGER:
        options.append(st.just(ir.Points("ladder", type=INTEGER, span=SPAN)))
        options += [st.just(rolled_up("review")), st.just(rolled_up("order"))]
        names = st.sampled_from(["good", "bad"])
        options.append(names.map(lambda name: ir.Parameter(name, type=INTEGER, span=SPAN)))
    if of == BOOLEAN:
        options.append(st.just(ir.InForce("action", type=BOOLEAN, span=SPAN)))
        own = ir.InForce("action", "review", type=BOOLEAN, span=SPAN)
        linked = ir.InForce("action", "product", "order", type=BOOLEAN, span=SPAN)
        options.append(st.sampled_from([own, linked]))
        options.append(
            st.sampled_from(NAMES).map(lambda kind: ir.Known(kind, type=BOOLEAN, span=SPAN))
        )
    return st.one_of(options)


def optionals(of: Type, depth: int) -> st.SearchStrategy[ir.Expr]:
    """Expressions whose value may be missing: measures, tables, `??` of such, sure values too."""
    options = [
        st.sampled_from(["enough", "too few", "failed"]).map(
            lambda name: ir.MeasureValue(name, type=Optional(PERCENT), span=SPAN)
        )
        if of == PERCENT
        else st.just(ir.Constant(value=None, type=Optional(of), span=SPAN)),
        exprs(of, depth),
        *([fields_before(of)] if FIELDS[of] else []),
    ]
    return st.one_of(options)


def fields_before(of: Type) -> st.SearchStrategy[ir.Expr]:
    """What fields of the review were before the event."""
    mine = [(name, type_) for kind, name, type_ in FIELDS[of] if kind == "review"]
    if not mine:
        return constants(of)
    return st.sampled_from(mine).map(
        lambda field: ir.Was("review", field[0], type=Optional(field[1]), span=SPAN)
    )


def calls(of: Type, depth: int) -> list[st.SearchStrategy[ir.Expr]]:
    def is_result(row: Type) -> bool:
        return row == of

    rows = [row for row in OVERLOADS if is_result(row.result)]
    made = []
    for row in rows:
        parameters = [
            {ENUMERATION: CLASS, COUNT: INTEGER}.get(parameter, parameter)
            for parameter in row.parameters
        ]
        arguments = st.tuples(*(exprs(parameter, depth) for parameter in parameters))
        if row.name in SEVERAL:
            more = exprs(parameters[0], depth)
            arguments |= st.lists(more, min_size=3, max_size=MOST_VALUES).map(tuple)
        made.append(
            arguments.map(
                lambda given_, row=row: ir.Call(row.id, given_, type=row.result, span=SPAN)
            )
        )
    if of == INTEGER:
        several = st.lists(exprs(BOOLEAN, depth), min_size=2, max_size=4).map(tuple)
        made.append(several.map(lambda es: ir.HowMany(es, type=INTEGER, span=SPAN)))
    return [st.one_of(made)] if made else []


def conditions(depth: int) -> list[st.SearchStrategy[ir.Expr]]:
    several = st.lists(exprs(BOOLEAN, depth), min_size=2, max_size=4).map(tuple)
    some_words = st.lists(st.sampled_from([*WORDS, ""]), min_size=1, unique=True).map(tuple)
    lengths = st.one_of(
        st.sampled_from([1, 86_400_000_000]),
        st.builds(
            lambda count, unit: Period(count, unit, span=SPAN),
            st.integers(1, 40),
            st.sampled_from(Unit),
        ),
    )
    return [
        exprs(BOOLEAN, depth).map(lambda e: ir.Not(e, type=BOOLEAN, span=SPAN)),
        several.map(lambda es: ir.And(es, type=BOOLEAN, span=SPAN)),
        several.map(lambda es: ir.Or(es, type=BOOLEAN, span=SPAN)),
        optionals(PERCENT, depth).map(lambda e: ir.Has(e, type=BOOLEAN, span=SPAN)),
        st.builds(
            lambda item, members: ir.Member(item, members, type=BOOLEAN, span=SPAN),
            exprs(INTEGER, depth),
            st.lists(integers, max_size=3).map(tuple),
        ),
        st.builds(
            lambda first, others: ir.Chain(
                (first, *(e for e, _ in others)),
                tuple(overload for _, overload in others),
                type=BOOLEAN,
                span=SPAN,
            ),
            exprs(INTEGER, depth),
            st.lists(
                st.tuples(
                    exprs(INTEGER, depth),
                    st.sampled_from(["le_integer", "lt_integer", "ne_integer"]),
                ),
                min_size=2,
                max_size=3,
            ),
        ),
        st.builds(
            lambda text, words, every: ir.WordTest(text, words, every, type=BOOLEAN, span=SPAN),
            exprs(TEXT, depth),
            some_words,
            st.booleans(),
        ),
        st.builds(
            lambda text, one, two: ir.OneSentence(text, (one, two), type=BOOLEAN, span=SPAN),
            exprs(TEXT, depth),
            some_words,
            some_words,
        ),
        exprs(TEXT, depth).map(lambda e: ir.Matches(e, "vou?c|^x", type=BOOLEAN, span=SPAN)),
        st.builds(
            lambda value, kinds: ir.Declared(value, kinds, type=BOOLEAN, span=SPAN),
            exprs(INSTANT, depth),
            st.sampled_from([(), ("strike",)]),
        ),
        st.builds(
            lambda value, days, hours: ir.During(value, days, *hours, type=BOOLEAN, span=SPAN),
            exprs(INSTANT, depth),
            st.sampled_from([(0, 1, 2, 3, 4), (5, 6), (0,), tuple(range(7))]),
            st.sampled_from([(0, 1440), (540, 1080), (1320, 360)]),
        ),
        st.builds(
            lambda value, length, anchor: ir.Within(value, length, anchor, type=BOOLEAN, span=SPAN),
            exprs(INSTANT, depth),
            lengths,
            exprs(INSTANT, depth),
        ),
    ]


def choices(of: Type, depth: int) -> list[st.SearchStrategy[ir.Expr]]:
    moments = [
        st.builds(
            lambda anchor, day, minute: ir.FirstAfter(anchor, day, minute, type=of, span=SPAN),
            exprs(INSTANT, depth),
            st.sampled_from([0, 4, DayKind.ANY, DayKind.BUSINESS]),
            st.sampled_from([0, 720, 1439]),
        )
    ]
    return [
        *(moments if of == INSTANT else []),
        st.builds(
            lambda test, then, otherwise: ir.If(test, then, otherwise, type=of, span=SPAN),
            exprs(BOOLEAN, depth),
            exprs(of, depth),
            exprs(of, depth),
        ),
        st.builds(
            lambda maybe, sure: ir.Coalesce((*maybe, sure), type=of, span=SPAN),
            st.lists(optionals(of, depth), min_size=1, max_size=3),
            exprs(of, depth),
        ),
        st.builds(
            lambda key, rows, default: ir.Lookup("table", key, rows, default, type=of, span=SPAN),
            exprs(TEXT, depth),
            st.dictionaries(texts, values(of), max_size=3),
            values(of),
        ),
    ]


_made: dict[tuple[Type, int], st.SearchStrategy[ir.Expr]] = {}


def exprs(of: Type, depth: int) -> st.SearchStrategy[ir.Expr]:
    if (of, depth) not in _made:
        options = [leaves(of)]
        if depth:
            options += [*calls(of, depth - 1), *choices(of, depth - 1)]
            options += conditions(depth - 1) if of == BOOLEAN else []
        _made[of, depth] = st.one_of(options)
    return _made[of, depth]


@st.composite
def scopes(draw: st.DrawFn) -> dict[str, Any]:
    entities = {}
    for kind in NAMES:
        entity = KINDS.classes[kind]()
        setattr(entity, KEY, draw(st.sampled_from(["", "key"])))
        for linked in standard_catalog().entities[kind].links:
            setattr(entity, link_attribute(linked), draw(st.sampled_from([None, "o1"])))
        for spec in standard_catalog().entities[kind].fields.values():
            setattr(entity, attribute(spec.name), draw(values(spec.type)))
        entities[kind] = entity
    return entities


PAST = KINDS.classes["review"](stars=2, text="a voucher", posted_at=1_600_000_000_000_000)


class Context:
    calendar = CALENDAR
    past = PAST

    def measure(self, name: str) -> Fraction | None:
        if name == "failed":
            raise EvaluationError("the measure failed")
        return Fraction(1, 3) if name == "enough" else None

    def points(self, _ladder: str) -> int:
        return 12

    def declared(self, instant: int, kinds: tuple[str, ...]) -> bool:
        return instant % 2 == len(kinds)

    def in_force(self, action: str) -> bool:
        return action == "action"

    def in_force_on(self, action: str, key: str | None) -> bool:
        return self.in_force(action) and bool(key)

    def since(self, _action: str) -> int:
        return SINCE

    def rollup(self, plan: ir.RollupPlan, key: str | None, now: int) -> int:
        assert now == NOW
        if key is None:
            raise EvaluationError(f"no {plan.owner}")
        return len(key)

    def counted(self, _plan: ir.RollupPlan, key: str, _now: int) -> tuple[str, ...]:
        return tuple(key)

    def parameter(self, name: str) -> int:
        if name == "bad":
            raise EvaluationError("the parameter failed")
        return 7


# ------------------------------------------------------------- the naive interpreter

Entities = Mapping[str, Any]
NOW = 1_600_100_000_000_000
SINCE = NOW - 86_400_000_000


@singledispatch
def naive(expr: ir.Expr, _entities: Entities) -> Any:
    raise NotImplementedError(type(expr).__name__)


@naive.register
def _(expr: ir.Constant, _entities: Entities) -> Any:
    return expr.value


@naive.register
def _(expr: ir.Field, entities: Entities) -> Any:
    return getattr(entities[expr.entity], "class_" if expr.name == "class" else expr.name)


@naive.register
def _(expr: ir.Was, _entities: Entities) -> Any:
    return getattr(PAST, "class_" if expr.name == "class" else expr.name)


@naive.register
def _(expr: ir.Known, entities: Entities) -> Any:
    return entities[expr.entity].entity_key == "key"


@naive.register
def _(_expr: ir.Now, _entities: Entities) -> Any:
    return NOW


@naive.register
def _(expr: ir.MeasureValue, _entities: Entities) -> Any:
    return Context().measure(expr.measure)


@naive.register
def _(expr: ir.Parameter, _entities: Entities) -> Any:
    return Context().parameter(expr.name)


@naive.register
def _(expr: ir.Rollup, entities: Entities) -> Any:
    own = entities["review"].entity_key
    key = own if expr.plan.owner == "review" else entities["review"].order_link
    return Context().rollup(expr.plan, key, NOW)


@naive.register
def _(_expr: ir.Points, _entities: Entities) -> Any:
    return 12


@naive.register
def _(expr: ir.InForce, entities: Entities) -> Any:
    if expr.target is None:
        return True
    if expr.holder is None:
        return bool(entities[expr.target].entity_key)
    return bool(getattr(entities[expr.holder], f"{expr.target}_link"))


@naive.register
def _(_expr: ir.Since, _entities: Entities) -> Any:
    return SINCE


@naive.register
def _(expr: ir.Not, entities: Entities) -> Any:
    return not naive(expr.operand, entities)


@naive.register
def _(expr: ir.And, entities: Entities) -> Any:
    return all(naive(operand, entities) for operand in expr.operands)


@naive.register
def _(expr: ir.Or, entities: Entities) -> Any:
    return any(naive(operand, entities) for operand in expr.operands)


@naive.register
def _(expr: ir.If, entities: Entities) -> Any:
    return naive(expr.then if naive(expr.condition, entities) else expr.otherwise, entities)


@naive.register
def _(expr: ir.Has, entities: Entities) -> Any:
    return naive(expr.operand, entities) is not None


@naive.register
def _(expr: ir.Coalesce, entities: Entities) -> Any:
    there = (naive(operand, entities) for operand in expr.operands)
    return next((value for value in there if value is not None), None)


@naive.register
def _(expr: ir.Member, entities: Entities) -> Any:
    return naive(expr.item, entities) in list(expr.values)


@naive.register
def _(expr: ir.Chain, entities: Entities) -> Any:
    left = naive(expr.operands[0], entities)
    for operand, overload in zip(expr.operands[1:], expr.overloads, strict=True):
        right = naive(operand, entities)
        if not {"<=": left <= right, "<": left < right, "!=": left != right}[BY_ID[overload].name]:
            return False
        left = right
    return True


@naive.register
def _(expr: ir.Call, entities: Entities) -> Any:
    arguments = [naive(argument, entities) for argument in expr.arguments]
    row, function = BY_ID[expr.overload], FUNCTIONS[expr.overload]
    if row.name in {"+", "-", "*"} and len(arguments) == 2:
        left, right = arguments
        result = {"+": left + right, "-": left - right, "*": left * right}[row.name]
        if isinstance(result, int) and not -(2**63) <= result < 2**63:
            raise EvaluationError("a whole number beyond 63 bits")
        return result
    return function.call(*(map(fold, arguments) if function.folded else arguments))


@naive.register
def _(expr: ir.WordTest, entities: Entities) -> Any:
    text = fold(naive(expr.text, entities))
    return (all if expr.all else any)(_stands(fold(word), text) for word in expr.words)


def _stands(word: str, text: str) -> bool:
    if not word:
        return False
    if not word.isascii():
        return word in text
    return re.search(rf"(?<![a-z0-9]){re.escape(word)}(?![a-z0-9])", text) is not None


@naive.register
def _(expr: ir.HowMany, entities: Entities) -> Any:
    return [naive(operand, entities) for operand in expr.operands].count(True)


@naive.register
def _(expr: ir.OneSentence, entities: Entities) -> Any:
    return any(
        all(any(_stands(fold(word), fold(one)) for word in group) for group in expr.groups)
        for one in _sentences(naive(expr.text, entities))
    )


def _sentences(text: str) -> list[str]:
    """Character by character: the texts above have full stops and no other end of a sentence."""
    found = [""]
    for index, char in enumerate(text):
        before, after = text[index - 1 : index], text[index + 1 : index + 2]
        if char == "." and not (before.isalnum() and after.isalnum()):
            found.append("")
        else:
            found[-1] += char
    return found


@naive.register
def _(expr: ir.Matches, entities: Entities) -> Any:
    return re.search(expr.pattern, naive(expr.text, entities)) is not None


@naive.register
def _(expr: ir.Declared, entities: Entities) -> Any:
    return naive(expr.value, entities) % 2 == len(expr.kinds)


@naive.register
def _(expr: ir.During, entities: Entities) -> Any:
    """Bangkok's clock is seven hours ahead; the year 10,000 has no weekdays."""
    wall = naive(expr.value, entities) // 60_000_000 + 7 * 60
    if not -62_135_596_800 // 60 <= wall < 253_402_300_800 // 60:
        raise EvaluationError("a date that the calendar does not cover")
    begun = wall - expr.start
    length = expr.end - expr.start + (0 if expr.end > expr.start else 1440)
    return (begun // 1440 + 3) % 7 in expr.days and begun % 1440 < length


@naive.register
def _(expr: ir.FirstAfter, entities: Entities) -> Any:
    """Bangkok's clock is seven hours ahead; minute by minute would take too long, so day by day."""
    anchor, minute = naive(expr.anchor, entities), 60_000_000
    first, last = -719_160, 2_932_894  # 0001-01-03 and 9999-12-29
    day = (anchor + 7 * 60 * minute) // (1440 * minute)
    for number in range(day, day + 9):
        found = (number * 1440 + expr.minute - 7 * 60) * minute
        weekday = (number + 3) % 7
        fits = {DayKind.ANY: True, DayKind.BUSINESS: weekday < 5}.get(expr.day, weekday == expr.day)
        covered = first <= number <= last and first <= anchor // (1440 * minute) < last
        if fits and not covered:
            break
        if fits and found > anchor:
            return found
    raise EvaluationError("a date that the calendar does not cover")


@naive.register
def _(expr: ir.Within, entities: Entities) -> Any:
    value, anchor = naive(expr.value, entities), naive(expr.anchor, entities)
    if isinstance(expr.length, int):
        return anchor <= value <= anchor + expr.length
    if anchor > value:
        return False
    try:
        return value < CALENDAR.deadline(anchor, expr.length)
    except Exception as error:
        raise EvaluationError("a date that the calendar does not cover") from error


@naive.register
def _(expr: ir.Lookup, entities: Entities) -> Any:
    key = naive(expr.key, entities)
    for row, value in expr.rows.items():
        if row == key:
            return value
    return expr.default


# ------------------------------------------------------------------------- the tests


def outcome(compute: Callable[[], Any]) -> tuple[str, Any, type]:
    try:
        value = compute()
    except EvaluationError as error:
        return ("error", error.reason, str)
    return ("value", value, type(value))


def arguments(entities: Entities) -> list[Any]:
    return [entities[kind] for kind in NAMES]


def fires(rule: LoweredRule, entities: Entities) -> bool:
    return rule.condition is None or naive(rule.condition, entities)


any_expr = st.sampled_from(TYPES).flatmap(lambda of: exprs(of, 3))


@settings(max_examples=400)
@given(any_expr, scopes())
def test_three_evaluators_agree(expr: ir.Expr, entities: Entities) -> None:
    function = lower_function(expr, NAMES, Helpers())
    compiled = outcome(lambda: function(*arguments(entities), NOW, Context()))
    assert compiled == outcome(lambda: naive(expr, entities))
    step = evaluate(expr, Scope(entities, NOW, Context()))
    recorded = ("error", step.error, str) if step.error else ("value", step.value, type(step.value))
    assert recorded == compiled


@settings(max_examples=200)
@given(st.lists(exprs(BOOLEAN, 2), max_size=6), st.data(), scopes())
def test_rules_together_hit_as_they_do_alone(
    conditions: list[ir.Expr], data: st.DataObject, entities: Entities
) -> None:
    shared = [data.draw(st.sampled_from(conditions)) for _ in range(len(conditions))]
    stops = data.draw(st.lists(st.booleans(), min_size=12, max_size=12))
    rules = [
        LoweredRule(index, condition, stop)
        for index, (condition, stop) in enumerate(
            zip([*conditions, *shared, None], stops, strict=False)
        )
    ]
    expected: list[Hit] = []
    for rule in rules:
        kind, value, _ = outcome(partial(fires, rule, entities))
        if kind == "error":
            expected.append(Failed(rule.index, value))
        elif value:
            expected.append(rule.index)
            if rule.stop:
                break
    judge = lower_rules(rules, NAMES, Helpers())
    assert judge(*arguments(entities), NOW, Context()) == expected


@given(exprs(BOOLEAN, 3), scopes())
def test_operands_are_evaluated_up_to_the_one_that_decides(
    expr: ir.Expr, entities: Entities
) -> None:
    waiting = [evaluate(expr, Scope(entities, NOW, Context()))]
    while waiting:
        step = waiting.pop()
        waiting += step.children
        if not isinstance(step.expr, ir.And | ir.Or) or not step.evaluated:
            continue
        going_on = isinstance(step.expr, ir.And)
        *before, last = [child for child in step.children if child.evaluated]
        assert all(child.value is going_on for child in before)
        assert (last.value, last.error) == (step.value, step.error)
        assert last.value is not going_on or last is step.children[-1]
