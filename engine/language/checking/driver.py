"""Checks one expression: the table of handlers, and the demand that its place makes."""

from __future__ import annotations

from collections.abc import Mapping

from .. import ir, syntax
from ..diagnostics import Report
from ..environment import Environment
from ..messages import names as name_messages
from ..messages import policy as policy_messages
from ..types import Optional, Type
from . import (
    aggregates,
    arithmetic,
    calls,
    comparisons,
    literals,
    logic,
    names,
    tables,
    texts,
    times,
)
from .walk import (
    MOST_DEPTH,
    MOST_IN_ALL,
    MOST_NODES,
    Budget,
    Handler,
    Scope,
    SpentError,
    TooLargeError,
    Uses,
    Walk,
)

HANDLERS: Mapping[type[syntax.Node], Handler] = {
    syntax.Boolean: literals.boolean,
    syntax.Integer: literals.integer,
    syntax.Number: literals.number,
    syntax.Percent: literals.percent,
    syntax.Text: literals.text,
    syntax.Duration: literals.duration,
    syntax.Period: literals.period,
    syntax.ListLiteral: literals.list_literal,
    syntax.Name: names.name,
    syntax.Not: logic.negation,
    syntax.And: logic.conjunction,
    syntax.Or: logic.disjunction,
    syntax.If: logic.choice,
    syntax.Has: logic.has,
    syntax.Coalesce: logic.coalesce,
    syntax.Comparison: comparisons.comparison,
    syntax.In: comparisons.membership,
    syntax.Arithmetic: arithmetic.arithmetic,
    syntax.Negative: arithmetic.sign,
    syntax.TextTest: texts.text_test,
    syntax.Within: times.within,
    syntax.During: times.during,
    syntax.FirstAfter: times.first_after,
    syntax.Lookup: tables.lookup,
    syntax.Call: calls.call,
    syntax.Aggregate: aggregates.aggregate,
}
"""How each kind of node is checked."""


def check_expression(
    node: syntax.Node,
    environment: Environment,
    expected: Type | None,
    report: Report,
    uses: Uses | None = None,
    budget: Budget | None = None,
) -> ir.Expr | None:
    """Settle every name and type of an expression.

    Args:
        node: The expression as written.
        environment: What can be spoken of where it stands.
        expected: The type that its place needs, never missing unless the type says so; `None`
            where any type will do.
        report: Where mistakes are noted.
        uses: Collects the names of the policy that are used, in an expression with mistakes too.
        budget: What the expressions of a policy share; left out: one of its own.

    Returns:
        The checked expression, or nothing where it has a mistake.
    """
    walk = Walk(HANDLERS, report, set() if uses is None else uses, budget or Budget())
    scope = Scope(environment, environment.kinds())
    try:
        expr = _checked(walk, node, scope, expected)
    except SpentError:
        report.add(policy_messages.policy_too_large(node.span, MOST_IN_ALL))
        return None
    except TooLargeError:
        walk.fail(name_messages.too_large(node.span, MOST_NODES, MOST_DEPTH), scope)
        return None
    return None if walk.failed else expr


def _checked(walk: Walk, node: syntax.Node, scope: Scope, expected: Type | None) -> ir.Expr:
    if expected is None:
        return walk.check(node, scope)
    if isinstance(expected, Optional):
        expr = walk.check(node, scope, expected.item)
        return expr if expr.type == expected else walk.expect(expr, expected.item, node, scope)
    return walk.expect(walk.value(node, scope, expected), expected, node, scope)
