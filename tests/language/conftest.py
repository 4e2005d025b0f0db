"""Names to check expressions with, and short ways to do it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from fractions import Fraction

import pytest
from revlex.engine.language import ir, syntax
from revlex.engine.language.catalog import standard_catalog
from revlex.engine.language.checking import Uses, check_expression
from revlex.engine.language.diagnostics import Diagnostic, Report
from revlex.engine.language.environment import Environment, Table
from revlex.engine.language.parser import parse_expression
from revlex.engine.language.source import embed
from revlex.engine.language.types import INTEGER, PERCENT, TEXT, Optional, Type


def parse(text: str) -> syntax.Node:
    """An expression without mistakes in its syntax."""
    report = Report()
    tree = parse_expression(embed(text), report)
    assert tree is not None, list(report)
    return tree


def define(**texts: str) -> dict[str, syntax.Node]:
    return {name: parse(text) for name, text in texts.items()}


STANDARD_TEST_ENVIRONMENT = Environment(
    standard_catalog(),
    about="reply",
    certain=frozenset({"review"}),
    definitions=define(
        negative="review.stars <= 2",
        seller_fault="review.class in [product, service]",
        delivered="has order.delivered_at",
    ),
    lists={"rewards": ("voucher", "gift card"), "courier_words": ("courier", "parcel")},
    tables={
        "nrr_limit": Table(
            name="nrr_limit",
            rows={"beauty": Fraction(84, 10_000), "electronics": Fraction(128, 10_000)},
            value_type=PERCENT,
            default=Fraction(69, 10_000),
        )
    },
    measures={"seller_nrr": Optional(PERCENT), "deliveries": INTEGER},
    ladders=frozenset({"violation-points"}),
    actions=frozenset({"close_shop"}),
    parameters={"matched": TEXT},
    past=False,
    rollups=True,
)
"""A reply that has just been submitted; `grammar/codes/E4.yaml` tells readers of these names."""

MEASURE_TEST_ENVIRONMENT = replace(
    STANDARD_TEST_ENVIRONMENT,
    about=None,
    certain=frozenset(),
    parameters={},
    aggregates=True,
    past=None,
)
"""A measure of a shop, in the same policy."""


@dataclass(frozen=True)
class Checked:
    """What came out of checking one expression."""

    expr: ir.Expr | None
    found: list[Diagnostic]
    uses: Uses

    @property
    def codes(self) -> list[str]:
        return [diagnostic.code for diagnostic in self.found]

    @property
    def only(self) -> Diagnostic:
        (diagnostic,) = self.found
        return diagnostic

    @property
    def type(self) -> Type | None:
        return None if self.expr is None else self.expr.type


def check_text(text: str, environment: Environment, expected: Type | None = None) -> Checked:
    report, uses = Report(), Uses()
    expr = check_expression(parse(text), environment, expected, report, uses)
    assert expr is None or not report.has_errors
    return Checked(expr, list(report), uses)


@pytest.fixture(scope="session", name="define")
def fixture_define() -> Callable[..., dict[str, syntax.Node]]:
    return define


@pytest.fixture(scope="session")
def standard() -> Environment:
    return STANDARD_TEST_ENVIRONMENT


@pytest.fixture(scope="session")
def measuring() -> Environment:
    return MEASURE_TEST_ENVIRONMENT


Check = Callable[..., Checked]


@pytest.fixture(scope="session")
def check() -> Check:
    """Check a text in the standard environment, or that with some fields replaced."""

    def run(text: str, expected: Type | None = None, **changes: object) -> Checked:
        return check_text(text, replace(STANDARD_TEST_ENVIRONMENT, **changes), expected)

    return run


@pytest.fixture(scope="session")
def measure() -> Check:
    """Check a text as the value of a measure."""

    def run(text: str, expected: Type | None = None, **changes: object) -> Checked:
        return check_text(text, replace(MEASURE_TEST_ENVIRONMENT, **changes), expected)

    return run
