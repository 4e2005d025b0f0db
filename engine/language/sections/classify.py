"""`classify`: the class that a review gets when nobody has classified it."""

from __future__ import annotations

from .. import ir
from ..authored import ClassLine, PolicyFile
from ..messages import policy as messages
from ..program import Classification
from ..ranges import implies
from .common import item_fields
from .context import Context, Scope
from .rules import report_constant

_SCOPE = Scope("review", frozenset({"review"}))


def build_classify(context: Context, policy: PolicyFile) -> tuple[Classification, ...]:
    """The lines in the author's order; the first that holds gives the class."""
    lines: list[Classification] = []
    for entry in policy.classify or ():
        condition = _condition(context, entry)
        if condition is not None:
            _check_reachable(context, condition, lines)
            item = item_fields(context, entry, entry.as_, _SCOPE)
            lines.append(Classification(**item, as_class=entry.as_.text, condition=condition))
    return tuple(lines)


def _condition(context: Context, entry: ClassLine) -> ir.Expr | None:
    if entry.when is None:
        return ir.true(entry.as_.span)
    checked = context.expression(entry.when, _SCOPE)
    if checked is not None:
        report_constant(context, checked)
    return checked


def _check_reachable(context: Context, condition: ir.Expr, earlier: list[Classification]) -> None:
    for line in earlier:
        bound = line.regions or line.effective.start or line.effective.end
        if not bound and implies(condition, line.condition, context.catalog):
            context.report.add(messages.unreachable(condition.span, line.condition.span))
            return
