"""Whatever tree comes in: no exception, a typed expression or a report, and bounded work."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from revlex.engine.language import ir, syntax
from revlex.engine.language.catalog import standard_catalog
from revlex.engine.language.checking import check_expression
from revlex.engine.language.checking.driver import HANDLERS
from revlex.engine.language.checking.walk import MOST_DEPTH, MOST_NODES
from revlex.engine.language.diagnostics import Report
from revlex.engine.language.environment import Environment
from revlex.engine.language.identity import fingerprint
from revlex.engine.language.ranges import always
from revlex.engine.language.source import Span, embed
from revlex.engine.language.types import (
    BOOLEAN,
    DECIMAL,
    DURATION,
    ERROR,
    INSTANT,
    INTEGER,
    PERCENT,
    TEXT,
    Optional,
)
from revlex.engine.language.walk import subexpressions

Check = Callable[..., Any]
Define = Callable[..., Any]

SOURCE = embed("what the author wrote, with “quotes” and ends\n").span.source
SPANS = st.tuples(*[st.integers(0, len(SOURCE.text))] * 2).map(
    lambda ends: Span(SOURCE, min(ends), max(ends))
)
_NAMES = """
review.stars review.class review.text review.language review.safety_class order.delivered_at order
seller_nrr negative delivered rewards nrr_limit deliveries now product logistics length matched
reply report.category reviw.stars a.b.c nothing shop.linked_account_ids
"""
NAMES = st.sampled_from(_NAMES.split()).flatmap(
    lambda name: st.builds(syntax.Name, st.just(tuple(name.split("."))), span=SPANS)
)
ODD_TEXTS = st.sampled_from(
    [
        "",
        " ",
        "refund",
        "(a",
        "violation-points",
        "close_shop",
        "beauty",
        "\ud800",
        "a\nb",
        "product.",
    ]
)
LENGTHS = st.builds(syntax.Duration, st.integers(0, 3), span=SPANS) | st.builds(
    syntax.Period, st.integers(0, 3), st.sampled_from(syntax.Unit), span=SPANS
)
LEAVES = st.one_of(
    NAMES,
    LENGTHS,
    st.builds(syntax.Integer, st.integers(-1, 3), span=SPANS),
    st.builds(syntax.Number, st.sampled_from([Decimal("0.0"), Decimal("4.5")]), span=SPANS),
    st.builds(syntax.Percent, st.sampled_from([Fraction(0), Fraction(1, 200)]), span=SPANS),
    st.builds(syntax.Text, ODD_TEXTS, span=SPANS),
    st.builds(syntax.Boolean, st.booleans(), span=SPANS),
    st.builds(syntax.Has, NAMES, span=SPANS),
)


def chains(
    node: Callable[..., syntax.Node], signs: Any, inner: st.SearchStrategy[syntax.Node]
) -> st.SearchStrategy[syntax.Node]:
    """Chains of operands with an operator between each two."""
    return st.integers(1, 3).flatmap(
        lambda size: st.builds(
            node,
            st.tuples(*[inner] * (size + 1)),
            st.tuples(*[st.sampled_from(signs)] * size),
            span=SPANS,
        )
    )


def grown(inner: st.SearchStrategy[syntax.Node]) -> st.SearchStrategy[syntax.Node]:
    several = st.lists(inner, min_size=2, max_size=3).map(tuple)
    any_number = st.lists(inner, max_size=3).map(tuple)
    return st.one_of(
        st.builds(syntax.Not, inner, span=SPANS),
        st.builds(syntax.Negative, inner, span=SPANS),
        st.builds(syntax.And, several, span=SPANS),
        st.builds(syntax.Or, several, span=SPANS),
        st.builds(syntax.Coalesce, several, span=SPANS),
        st.builds(syntax.ListLiteral, any_number, span=SPANS),
        st.builds(syntax.If, inner, inner, inner, span=SPANS),
        st.builds(syntax.In, inner, inner, span=SPANS),
        chains(syntax.Comparison, syntax.Comparator, inner),
        chains(syntax.Arithmetic, syntax.ArithmeticOperator, inner),
        st.builds(syntax.TextTest, st.sampled_from(syntax.TextOperator), inner, inner, span=SPANS),
        st.builds(syntax.Within, inner, LENGTHS, inner, span=SPANS),
        st.builds(syntax.Lookup, NAMES, several.map(lambda keys: keys[:1]) | several, span=SPANS),
        st.builds(syntax.Call, calls(), any_number, span=SPANS),
        st.builds(
            syntax.Aggregate,
            st.sampled_from(syntax.AggregateOperator),
            st.none() | inner,
            NAMES | kinds(),
            st.none() | inner,
            st.none() | NAMES,
            span=SPANS,
        ),
    )


def calls() -> st.SearchStrategy[syntax.Name]:
    names = st.sampled_from(["length", "points", "in_force", "has_url", "least_of", "lenght"])
    return names.flatmap(lambda name: st.builds(syntax.Name, st.just((name,)), span=SPANS))


def kinds() -> st.SearchStrategy[syntax.Name]:
    names = st.sampled_from(["review", "order", "product", "item"])
    return names.flatmap(lambda name: st.builds(syntax.Name, st.just((name,)), span=SPANS))


TREES = st.recursive(LEAVES, grown, max_leaves=12)
EXPECTED = st.sampled_from(
    [None, BOOLEAN, INTEGER, DECIMAL, PERCENT, TEXT, INSTANT, DURATION, Optional(TEXT)]
)


def test_every_kind_of_expression_is_checked() -> None:
    phrases = {
        syntax.Band,
        syntax.Schedule,
        syntax.Deadline,
        syntax.ActionPhrase,
        syntax.PointRange,
        syntax.Rate,
        syntax.Hours,
        syntax.Hold,
        syntax.Aligned,
        syntax.Counting,
        syntax.Extension,
        syntax.PartOfWeek,
        syntax.Share,
        syntax.WindowByVolume,
        syntax.Template,
        syntax.TemplateText,
    }
    named = {node.__name__ for node in syntax.Node.__subclasses__()}
    assert named - {node.__name__ for node in phrases} == {node.__name__ for node in HANDLERS}


@given(tree=TREES, expected=EXPECTED, aggregates=st.booleans())
def test_a_typed_expression_or_a_report(
    standard: Environment,
    tree: syntax.Node,
    expected: Any,
    aggregates: bool,  # noqa: FBT001 - drawn
) -> None:
    report = Report()
    environment = replace(standard, aggregates=aggregates)
    expr = check_expression(tree, environment, expected, report)
    assert (expr is None) == report.has_errors
    if expr is not None:
        assert expected is None or expr.type in {expected, getattr(expected, "item", expected)}
        assert all(part.type != ERROR for part in subexpressions(expr))
        assert fingerprint(expr) == fingerprint(expr)
    for found in report:
        for span in (found.span, *(label.span for label in found.labels)):
            assert 0 <= span.start <= span.end <= len(span.source.text)


@given(tree=TREES)
def test_the_answer_is_the_same_each_time(standard: Environment, tree: syntax.Node) -> None:
    first, second = Report(), Report()
    one = check_expression(tree, standard, None, first)
    assert one == check_expression(tree, standard, None, second)
    assert list(first) == list(second)


# ------------------------------------------------------------------------------- limits

DEEP = {
    "not": "not ({})",
    "and": "negative and ({})",
    "or": "({}) or negative",
    "if": "if negative then true else ({})",
    "comparison": "({}) == negative",
    "condition": "if ({}) then true else negative",
}


@pytest.mark.parametrize("form", DEEP.values(), ids=DEEP)
def test_definitions_in_definitions_end(check: Check, define: Define, form: str) -> None:
    named = define(d0="review.stars <= 2", negative="review.stars <= 2")
    for number in range(1, 400):
        named |= define(**{f"d{number}": form.format(f"d{number - 1}")})
    assert check("d399", definitions=named).codes == ["E418"]
    outcomes = {number: check(f"d{number}", definitions=named) for number in range(20, 80)}
    assert {code for found in outcomes.values() for code in found.codes} <= {"E418"}
    deepest = max(number for number, found in outcomes.items() if not found.codes)
    always(outcomes[deepest].expr, standard_catalog())


def test_values_in_values_end(check: Check, define: Define) -> None:
    named = define(d0="review.stars")
    for number in range(1, 200):
        named |= define(**{f"d{number}": f"least_of(d{number - 1}, -d{number - 1})"})
    assert check("d199", definitions=named).codes == ["E418"]


def test_doubling_definitions_end_in_one_message(check: Check, define: Define) -> None:
    named = define(d0="review.stars <= 2")
    for number in range(1, 31):
        named |= define(**{f"d{number}": f"d{number - 1} and d{number - 1}"})
    found = check("negative and d30", definitions={**named, **define(negative="true")}).only
    assert (found.code, found.span.text) == ("E418", "negative and d30")


def test_breadth_is_no_depth(check: Check) -> None:
    wide = " and ".join(["negative"] * 3_000)
    assert len(check(wide).expr.operands) == 3_000
    too_wide = " or ".join(["negative"] * MOST_NODES)
    assert check(too_wide).codes == ["E418"]


def test_a_long_sum_is_as_deep_as_it_is_long(check: Check) -> None:
    assert check(" + ".join(["review.stars"] * (MOST_DEPTH - 10))).found == []
    assert check(" + ".join(["review.stars"] * (MOST_DEPTH + 10))).codes == ["E418"]


def test_long_names_and_long_lists_of_names_take_no_time(check: Check, define: Define) -> None:
    body = define(x="true")["x"]
    named = dict.fromkeys((f"name_{number}" for number in range(50_000)), body)
    assert check("nam_17", definitions=named).codes == ["E401"]
    assert check("n" * 50_000, definitions=named).codes == ["E401"]


def test_names_that_no_message_could_hold(check: Check) -> None:
    strange = {"two\nlines": ("a",), "a.": ("b",)}
    assert check("reply.text contains any of two", lists=strange).codes == ["E410"]


# ----------------------------------------------------------------------------- identity


def test_guarded_and_unguarded_are_the_same_question(check: Check) -> None:
    asked, used = check("has order.delivered_at and order.delivered_at < now").expr.operands
    assert fingerprint(asked.operand) == fingerprint(used.arguments[0])


@pytest.mark.parametrize(
    ("one", "other"),
    [("1", "true"), ("1", "100%"), ("1", "1.0"), ('"a"', '"b"'), ("review.text", "reply.text")],
)
def test_different_questions(check: Check, one: str, other: str) -> None:
    assert fingerprint(check(one).expr) != fingerprint(check(other).expr)


def test_tables_are_told_apart_by_their_names(check: Check) -> None:
    lookup = check("nrr_limit[product.category]").expr
    assert isinstance(lookup, ir.Lookup)
    assert hash(fingerprint(lookup)) == hash(fingerprint(replace(lookup, rows={})))
