from __future__ import annotations

import sys
from collections.abc import Callable
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any

import pytest
from revlex.engine.language import ir
from revlex.engine.language.catalog import standard_catalog
from revlex.engine.language.checking import check_expression
from revlex.engine.language.diagnostics import Report
from revlex.engine.language.environment import Environment
from revlex.engine.language.parser import parse_expression
from revlex.engine.language.source import embed
from revlex.engine.language.types import BOOLEAN, INTEGER, PERCENT, TEXT, Optional, Type
from revlex.engine.runtime import functions as runtime_functions
from revlex.engine.runtime.calendar import Calendar
from revlex.engine.runtime.entities import make_kinds
from revlex.engine.runtime.errors import EvaluationError
from revlex.engine.runtime.functions import FUNCTIONS, Function
from revlex.engine.runtime.lower import (
    DEEPEST,
    Failed,
    Helpers,
    LoweredRule,
    TooDeepError,
    depth,
    lower_function,
    lower_rules,
)
from revlex.engine.runtime.recording import Scope, evaluate

SPAN = embed("x").span
STARS = ir.Field("review", "stars", type=INTEGER, span=SPAN)
TEXT_FIELD = ir.Field("review", "text", type=TEXT, span=SPAN)
KINDS = make_kinds(standard_catalog())
NAMES = KINDS.scope_kinds("review")
ENVIRONMENT = Environment(
    standard_catalog(),
    about="review",
    measures={"seller_nrr": Optional(PERCENT)},
    ladders=frozenset({"points"}),
    actions=frozenset({"close_shop"}),
)


@dataclass
class Context:
    """Answers like a shop, and notes what it was asked."""

    calendar: Calendar = field(default_factory=lambda: Calendar("Asia/Bangkok"))
    asked: list[str] = field(default_factory=list)

    def measure(self, name: str) -> Fraction:
        self.asked.append(name)
        return Fraction(1, 50)

    def points(self, ladder: str) -> int:
        self.asked.append(ladder)
        return 12

    def in_force(self, action: str) -> bool:
        self.asked.append(action)
        return False

    def parameter(self, name: str) -> int:
        self.asked.append(name)
        return 7


def check(text: str, of: Type = BOOLEAN) -> ir.Expr:
    report = Report()
    tree = parse_expression(embed(text), report)
    assert tree is not None
    expr = check_expression(tree, ENVIRONMENT, of, report)
    assert expr is not None, [diagnostic.message for diagnostic in report]
    return expr


def scope(**fields: Any) -> list[Any]:
    entities = {kind: KINDS.classes[kind]() for kind in NAMES}
    entities["review"].entity_key = "r1"
    entities["review"].stars = entities["review"].first_stars = 1
    for name, value in fields.items():
        setattr(entities["review"], name, value)
    return [entities[kind] for kind in NAMES]


def judge(*rules: str | tuple[str, bool], context: Context | None = None, **fields: Any) -> Any:
    lowered = [
        LoweredRule(
            index,
            check(rule if isinstance(rule, str) else rule[0]),
            stop=not isinstance(rule, str) and rule[1],
        )
        for index, rule in enumerate(rules)
    ]
    return lower_rules(lowered, NAMES, Helpers())(*scope(**fields), 0, context or Context())


def constant(value: ir.Value, of: Type = INTEGER) -> ir.Constant:
    return ir.Constant(value=value, type=of, span=SPAN)


def call(overload: str, *arguments: ir.Expr, of: Type = INTEGER) -> ir.Call:
    return ir.Call(overload, arguments, type=of, span=SPAN)


def compute(expr: ir.Expr, **fields: Any) -> Any:
    return lower_function(expr, NAMES, Helpers())(*scope(**fields), 0, Context())


# ------------------------------------------------------------------------- rules


def test_rules_hit_in_order() -> None:
    assert judge("review.stars <= 2", "review.stars > 2", "review.stars == 1") == [0, 2]


def test_nothing_fires() -> None:
    assert judge("review.stars > 2") == []
    assert lower_rules([], NAMES, Helpers())(*scope(), 0, Context()) == []


def test_a_rule_without_condition_always_fires() -> None:
    rules = [LoweredRule(7, None, stop=False), LoweredRule(9, None, stop=True)]
    assert lower_rules(rules, NAMES, Helpers())(*scope(), 0, Context()) == [7, 9]


def test_stop_ends_only_where_it_fires() -> None:
    assert judge(("review.stars > 2", True), ("review.stars == 1", True), "true") == [1]


def test_a_failure_is_noted_and_stops_nothing() -> None:
    fails = "1 / (review.stars - 1) > 2.0"
    assert judge((fails, True), "true", fails) == [
        Failed(0, "division by zero"),
        1,
        Failed(2, "division by zero"),
    ]


def test_only_failures_of_evaluation_are_caught() -> None:
    with pytest.raises(TypeError):
        judge("review.stars <= 2", stars=None)


def test_fields_that_are_words_of_python() -> None:
    assert judge("review.class == product", class_="product") == [0]
    read = ir.Field("return", "reason", type=TEXT, span=SPAN)
    entity = KINDS.classes["return"](reason="late")
    assert lower_function(read, ["return"], Helpers())(entity, 0, Context()) == "late"
    assert (
        lower_function(read, ["return"], Helpers())(return_=entity, _now=0, _context=Context())
        == "late"
    )


def test_functions_see_nothing_of_python() -> None:
    function = lower_function(check("review.stars == 1"), NAMES, Helpers())
    assert function.__globals__["__builtins__"] == {}


@pytest.mark.parametrize("value", [None, 3])
def test_whether_a_constant_is_there(value: int | None) -> None:
    expr = ir.Has(constant(value, Optional(INTEGER)), type=BOOLEAN, span=SPAN)
    assert compute(expr) is (value is not None)


# ---------------------------------------------------------------- what is shared


def test_a_text_is_folded_once_and_only_if_needed(monkeypatch: pytest.MonkeyPatch) -> None:
    folded: list[str] = []
    real = runtime_functions.texts.fold

    def counting(text: str) -> str:
        folded.append(text)
        return real(text)

    for module in ("searching", "expressions"):
        monkeypatch.setattr(sys.modules[f"revlex.engine.runtime.lower.{module}"], "fold", counting)
    rules = [
        'review.stars == 5 and review.text contains "a"',
        'review.text contains any of ["b", "c", "d", "e", "f"]',
        "has_url(review.text)",
        'review.text starts with "Get"',
    ]
    function = lower_rules(
        [LoweredRule(index, check(rule), stop=False) for index, rule in enumerate(rules)],
        NAMES,
        Helpers(),
    )
    folded.clear()
    assert function(*scope(text="Get B at shop.com"), 0, Context()) == [1, 2, 3]
    assert folded == ["Get B at shop.com"]
    one = [LoweredRule(0, check(rules[0]), stop=False)]
    function = lower_rules(one, NAMES, Helpers())
    folded.clear()
    assert function(*scope(text="a"), 0, Context()) == []
    assert folded == []


def test_measures_are_asked_for_once_and_only_if_needed() -> None:
    context = Context()
    breach = "(seller_nrr ?? 0%) >= 1%"
    hits = judge(f"review.stars == 5 and {breach}", breach, breach, context=context)
    assert hits == [1, 2]
    assert context.asked == ["seller_nrr"]


def test_what_is_shared_is_computed_where_its_guard_stands() -> None:
    length = "order.delivered_at - (order.placed_at ?? now) > 1d"
    guarded = f"has order.delivered_at and {length}"
    assert judge(guarded, guarded) == []


def test_other_functions_can_be_given() -> None:
    other = {**FUNCTIONS, "length_text": Function(lambda _: 42)}
    expr = check("length(review.text)", INTEGER)
    assert lower_function(expr, NAMES, Helpers(other))(*scope(), 0, Context()) == 42


@pytest.mark.parametrize("number", [1, 4, 5, 40])
@pytest.mark.parametrize("quantifier", ["any", "all"])
def test_few_words_and_many(number: int, quantifier: str) -> None:
    words = ", ".join(f'"Word{index}"' for index in range(number))
    rule = f"review.text contains {quantifier} of [{words}]"
    every = " ".join(f"wORD{index}" for index in range(number))
    assert judge(rule, text=every) == [0]
    assert judge(rule, text="sword0s") == []
    assert judge(rule, text="word0") == ([0] if quantifier == "any" or number == 1 else [])


# ------------------------------------------------------------- however large it is


def recorded(expr: ir.Expr) -> Any:
    entities = dict(zip(NAMES, scope(), strict=True))
    step = evaluate(expr, Scope(entities, 0, Context()))
    assert step.error is None
    return step.value


def both_ways(expr: ir.Expr) -> Any:
    value = compute(expr)
    assert value == recorded(expr)
    return value


@pytest.mark.parametrize("kind", [ir.And, ir.Or])
def test_twenty_thousand_conditions(kind: Callable[..., ir.Expr]) -> None:
    parts = tuple(call("ne_integer", STARS, constant(index), of=BOOLEAN) for index in range(20_000))
    assert both_ways(kind(parts, type=BOOLEAN, span=SPAN)) is (kind is ir.Or)


def test_a_sum_of_twenty_thousand() -> None:
    total: ir.Expr = STARS
    for index in range(20_000):
        total = call("add_integer", total, constant(index))
    assert depth(total) == 2
    assert both_ways(total) == 1 + sum(range(20_000))


def test_a_sum_of_fractions_with_a_late_failure() -> None:
    total: ir.Expr = constant(Fraction(0), PERCENT)
    for index in range(2_000):
        zero = call("subtract_integer", STARS, constant(index % 2))
        ratio = call(
            "divide_count", constant(1), zero if index == 1_001 else constant(3), of=PERCENT
        )
        total = call("add_percent", total, ratio, of=PERCENT)
    with pytest.raises(EvaluationError, match="division by zero"):
        compute(total)


def test_the_first_failure_is_the_one_that_counts() -> None:
    too_much = call("add_integer", constant(2**63 - 1), STARS)
    by_zero = call("divide_integer", constant(1), call("subtract_integer", STARS, STARS))
    total: ir.Expr = too_much
    for _ in range(100):
        total = call("add_integer", total, STARS)
    with pytest.raises(EvaluationError, match="63 bits"):
        compute(call("add_decimal", call("add_decimal", total, by_zero), by_zero))


def test_a_chain_and_a_fallback_of_many() -> None:
    operands = tuple(constant(index) for index in range(5_000))
    chain = ir.Chain(operands, ("lt_integer",) * 4_999, type=BOOLEAN, span=SPAN)
    assert both_ways(chain) is True
    missing = constant(None, Optional(INTEGER))
    fallback = ir.Coalesce((*[missing] * 5_000, STARS), type=INTEGER, span=SPAN)
    assert both_ways(fallback) == 1


def nested(levels: int) -> ir.Expr:
    """As deep as it can be, in ways that differ."""
    expr: ir.Expr = call("eq_integer", STARS, constant(1), of=BOOLEAN)
    for level in range(levels - depth(expr)):
        if level % 3 == 0:
            expr = ir.Not(expr, type=BOOLEAN, span=SPAN)
        elif level % 3 == 1:
            expr = ir.And((constant(value=True, of=BOOLEAN), expr), type=BOOLEAN, span=SPAN)
        else:
            expr = ir.If(
                call("eq_integer", STARS, constant(1), of=BOOLEAN),
                expr,
                constant(value=False, of=BOOLEAN),
                type=BOOLEAN,
                span=SPAN,
            )
    return expr


def test_the_deepest_expression() -> None:
    assert depth(nested(DEEPEST)) == DEEPEST
    assert both_ways(nested(DEEPEST)) in {True, False}
    rules = [LoweredRule(index, nested(DEEPEST), stop=False) for index in range(3)]
    hits = lower_rules(rules, NAMES, Helpers())(*scope(), 0, Context())
    assert hits in ([], [0, 1, 2])


def test_deep_arithmetic_to_the_right() -> None:
    total: ir.Expr = STARS
    for index in range(DEEPEST - 1):
        total = call("subtract_integer", constant(index), total)
    assert depth(total) == DEEPEST
    assert both_ways(total) == compute(total)


def test_too_deep() -> None:
    with pytest.raises(TooDeepError, match="256"):
        compute(nested(DEEPEST + 1))


def test_deep_expressions_do_not_need_the_stack() -> None:
    def below(frames: int) -> Any:
        return below(frames - 1) if frames else both_ways(nested(DEEPEST))

    assert below(sys.getrecursionlimit() // 2) in {True, False}


def test_five_hundred_rules() -> None:
    rules = [
        f'review.stars <= {index % 5} and review.text contains "w{index}"' for index in range(500)
    ]
    assert judge(*rules, text="w7 w8 w499") == [7, 8, 499]
