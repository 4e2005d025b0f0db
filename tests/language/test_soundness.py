"""What the checker promises holds when expressions are evaluated.

No value is missing that was promised to be there; a condition that holds always or never does so in
every state of a small world, and what follows from another follows there.
"""

from __future__ import annotations

import itertools
import operator
from collections.abc import Callable, Iterator, Mapping, Sequence
from fractions import Fraction
from functools import singledispatch
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from revlex.engine.language import functions, ir, syntax
from revlex.engine.language.catalog import standard_catalog
from revlex.engine.language.checking import check_expression
from revlex.engine.language.diagnostics import Report
from revlex.engine.language.environment import Environment
from revlex.engine.language.ranges import always, implies
from revlex.engine.language.types import BOOLEAN, ERROR, Optional
from revlex.engine.language.walk import children, subexpressions

CATALOG = standard_catalog()
Check = Callable[..., Any]

# ------------------------------------------------------------- what expressions mean

State = Mapping[str, object]
"""The values of fields, measures and `now` by name; `None` is missing, `known` are kinds."""


def evaluate(expr: ir.Expr, state: State) -> object:
    """The value of an expression, the slow and plain way.

    Raises:
        AssertionError: A value is missing that the checker promised to be there.
        ZeroDivisionError: Something is divided by zero.
    """
    value = _value(expr, state)
    assert value is not None or isinstance(expr.type, Optional), (expr, state)
    return value


@singledispatch
def _value(expr: ir.Expr, state: State) -> object:
    raise NotImplementedError(type(expr).__name__, state)


@_value.register
def _(expr: ir.Constant, _state: State) -> object:
    return expr.value


@_value.register
def _(expr: ir.Field, state: State) -> object:
    return state[f"{expr.entity}.{expr.name}"]


@_value.register
def _(expr: ir.MeasureValue, state: State) -> object:
    return state[expr.measure]


@_value.register
def _(_expr: ir.Now, state: State) -> object:
    return state["now"]


@_value.register
def _(expr: ir.Known, state: State) -> object:
    known = state["known"]
    assert isinstance(known, frozenset)
    return expr.entity in known


@_value.register
def _(expr: ir.Has, state: State) -> object:
    return _value(expr.operand, state) is not None


@_value.register
def _(expr: ir.Not, state: State) -> object:
    return not evaluate(expr.operand, state)


@_value.register
def _(expr: ir.And, state: State) -> object:
    return all(evaluate(operand, state) for operand in expr.operands)


@_value.register
def _(expr: ir.Or, state: State) -> object:
    return any(evaluate(operand, state) for operand in expr.operands)


@_value.register
def _(expr: ir.If, state: State) -> object:
    branch = expr.then if evaluate(expr.condition, state) else expr.otherwise
    return evaluate(branch, state)


@_value.register
def _(expr: ir.Coalesce, state: State) -> object:
    values = (_value(operand, state) for operand in expr.operands)
    return next((value for value in values if value is not None), None)


@_value.register
def _(expr: ir.Member, state: State) -> object:
    return evaluate(expr.item, state) in expr.values


@_value.register
def _(expr: ir.WordTest, state: State) -> object:
    text = str(evaluate(expr.text, state))
    return (all if expr.all else any)(word in text for word in expr.words)


@_value.register
def _(expr: ir.Lookup, state: State) -> object:
    return expr.rows.get(evaluate(expr.key, state), expr.default)  # type: ignore[arg-type]


@_value.register
def _(expr: ir.Chain, state: State) -> object:
    values = [evaluate(operand, state) for operand in expr.operands]
    pairs = zip(pairwise(values), expr.overloads, strict=True)
    return all(OPERATIONS[overload.partition("_")[0]](*pair) for pair, overload in pairs)


@_value.register
def _(expr: ir.Call, state: State) -> object:
    arguments = [evaluate(argument, state) for argument in expr.arguments]
    return OPERATIONS[expr.overload.partition("_")[0]](*arguments)


OPERATIONS: dict[str, Callable[..., object]] = {
    "eq": operator.eq,
    "ne": operator.ne,
    "lt": operator.lt,
    "le": operator.le,
    "gt": operator.gt,
    "ge": operator.ge,
    "add": operator.add,
    "subtract": operator.sub,
    "multiply": operator.mul,
    "divide": Fraction,
    "length": len,
}


# --------------------------------------------------------- expressions and states at random

DAY = 86_400_000_000

WORLD: dict[str, tuple[object, ...]] = {
    "now": (2 * DAY,),
    "review.stars": (1, 2, 3, 4, 5),
    "review.safety_class": (None, 1, 2, 3),
    "review.images": (0, 1, 2),
    "review.text": ("", "refund", "a voucher"),
    "review.anonymous": (False, True),
    "review.class": ("product", "service", "logistics", "other", "safety", "unclassified"),
    "review.posted_at": (0, DAY, 3 * DAY),
    "order.delivered_at": (None, 0, DAY),
    "order.shipped_at": (None, 0),
    "product.category": ("beauty", "toys"),
    "seller_nrr": (None, Fraction(0), Fraction(69, 10_000), Fraction(1, 50)),
}
"""Every name that random expressions use, with the values that it takes."""

_ATOMS = {
    "number": (
        "review.stars",
        "review.stars",
        "review.safety_class",
        "(review.safety_class ?? 3)",
        "review.images",
        "length(review.text)",
        *"0123456",
    ),
    "instant": (
        "review.posted_at",
        "order.delivered_at",
        "arrived",
        "(order.delivered_at ?? now)",
        "now",
    ),
    "rate": ("seller_nrr", "(seller_nrr ?? 1%)", "nrr_limit[product.category]", "1%", "0.69%"),
}
_CONDITIONS = (
    "has order.delivered_at",
    "has review.safety_class",
    "has seller_nrr",
    "has arrived",
    "delivered",
    "negative",
    "seller_fault",
    "review.anonymous",
    "review.class == product",
    "review.class != service",
    "review.class in [product, logistics]",
    'review.text == ""',
    'review.text contains "voucher"',
    "review.text contains any of rewards",
    'review.text contains all of ["a", "voucher"]',
    "now - review.posted_at > 1d",
    "1 < review.stars <= 3",
    "true",
    "false",
)


def _comparisons() -> st.SearchStrategy[str]:
    kind = st.sampled_from(sorted(_ATOMS))
    sign = st.sampled_from(["==", "!=", "<", "<=", ">", ">="])
    return kind.flatmap(
        lambda of: st.tuples(st.sampled_from(_ATOMS[of]), sign, st.sampled_from(_ATOMS[of]))
    ).map(" ".join)


def _grown(atoms: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    return st.recursive(
        atoms,
        lambda inner: st.one_of(
            st.lists(inner, min_size=2, max_size=3).map(" and ".join).map("({})".format),
            st.lists(inner, min_size=2, max_size=3).map(" or ".join).map("({})".format),
            inner.map("not ({})".format),
            st.tuples(inner, inner, inner).map(lambda parts: _choice(*parts)),
            st.tuples(inner, inner).map(lambda parts: f"(({parts[0]}) == ({parts[1]}))"),
        ),
        max_leaves=12,
    )


def _choice(condition: str, then: str, otherwise: str) -> str:
    return f"(if {condition} then {then} else {otherwise})"


def conditions() -> st.SearchStrategy[str]:
    """Texts of conditions, some of them with guards that are missing."""
    return _grown(st.sampled_from(_CONDITIONS) | _comparisons())


def small_conditions(leaves: Sequence[syntax.Node]) -> Iterator[syntax.Node]:
    """Every condition with up to two levels of connectives over some leaves."""
    span = leaves[0].span
    lower = [*leaves, *(syntax.Not(leaf, span=span) for leaf in leaves)]
    for pair in itertools.product(leaves, repeat=2):
        lower += [syntax.And(pair, span=span), syntax.Or(pair, span=span)]
    lower += [syntax.If(*three, span=span) for three in itertools.product(leaves, repeat=3)]
    for pair in itertools.product(lower, repeat=2):
        yield syntax.And(pair, span=span)
        yield syntax.Or(pair, span=span)
    for condition in lower:
        yield syntax.Not(condition, span=span)
        for pair in itertools.product(leaves, repeat=2):
            yield syntax.If(condition, *pair, span=span)


def states(expr: ir.Expr) -> Iterator[State]:
    """All states of the world, as far as an expression tells them apart."""
    names = sorted(_names(expr))
    choices = itertools.product(*(WORLD[name] for name in names))
    for values in choices:
        state = dict(zip(names, values, strict=True))
        yield {**state, "known": frozenset({"order"})}


def _names(expr: ir.Expr) -> set[str]:
    found = {
        ir.Field: lambda field: {f"{field.entity}.{field.name}"},
        ir.MeasureValue: lambda measure: {measure.measure},
        ir.Now: lambda _now: {"now"},
    }
    own = found[type(expr)](expr) if type(expr) in found else set()
    return own.union(*(_names(child) for child in children(expr)))


# ------------------------------------------------------------------------- the promises


@pytest.fixture(scope="session")
def checked(
    check: Check, define: Callable[..., Any], standard: Any
) -> Callable[[str], ir.Expr | None]:
    """Check a text; nothing where it has a mistake."""
    named = {**standard.definitions, **define(arrived="order.delivered_at ?? order.shipped_at")}
    return lambda text: check(text, BOOLEAN, definitions=named).expr


Checked = Callable[[str], ir.Expr | None]


def test_no_small_condition_is_wrongly_taken_for_guarded(
    standard: Environment, define: Callable[..., dict[str, syntax.Node]]
) -> None:
    leaves = define(
        asks="has order.delivered_at", uses="order.delivered_at < now", other="negative"
    )
    accepted = 0
    for node in small_conditions(tuple(leaves.values())):
        expr = check_expression(node, standard, BOOLEAN, Report())
        if expr is not None:
            accepted += 1
            assert all(evaluate(expr, state) in {True, False} for state in states(expr))
    assert accepted > 1_000


@given(text=conditions())
def test_nothing_is_missing_that_was_promised(checked: Checked, text: str) -> None:
    expr = checked(text)
    assume(expr is not None)
    assert expr is not None
    for state in states(expr):
        assert evaluate(expr, state) in {True, False}


@given(text=conditions())
def test_every_operand_has_the_type_of_its_row(checked: Checked, text: str) -> None:
    expr = checked(text)
    assume(expr is not None)
    assert expr is not None
    assert expr.type == BOOLEAN
    for part in subexpressions(expr):
        assert part.type != ERROR
        if isinstance(part, ir.Call):
            row = functions.BY_ID[part.overload]
            given_ = tuple(functions.family(argument.type) for argument in part.arguments)
            assert (given_, part.type) == (row.parameters, row.result)
        if isinstance(part, ir.And | ir.Or):
            assert {operand.type for operand in part.operands} == {BOOLEAN}


@given(text=conditions())
def test_always_and_never_are_true(checked: Checked, text: str) -> None:
    expr = checked(text)
    assume(expr is not None)
    assert expr is not None
    verdict = always(expr, CATALOG)
    if verdict is not None:
        assert {evaluate(expr, state) for state in states(expr)} == {verdict}


@given(premise=conditions(), conclusion=conditions())
def test_what_follows_does_follow(checked: Checked, premise: str, conclusion: str) -> None:
    left, right = checked(premise), checked(conclusion)
    assume(left is not None and right is not None)
    assert left is not None
    assert right is not None
    if implies(left, right, CATALOG):
        both = ir.And((left, right), type=BOOLEAN, span=left.span)
        assert all(evaluate(right, state) for state in states(both) if evaluate(left, state))


@given(text=conditions())
def test_a_condition_follows_from_itself(checked: Checked, text: str) -> None:
    expr = checked(text)
    assume(expr is not None)
    assert expr is not None
    grown = ir.Or((expr, ir.true(expr.span)), type=BOOLEAN, span=expr.span)
    assert implies(expr, grown, CATALOG)
    assert always(grown, CATALOG) is True
