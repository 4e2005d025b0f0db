"""`classify`: the class that a review gets when nobody has classified it."""

from __future__ import annotations

from .. import ir
from ..authored import ClassLine, PolicyFile
from ..program import Classification
from .common import item_fields
from .context import Context, Scope
from .order import Turn, report_hidden
from .rules import report_constant

_SCOPE = Scope("review", frozenset({"review"}), rollups=True)


def build_classify(context: Context, policy: PolicyFile) -> tuple[Classification, ...]:
    """The lines in the author's order; the first that holds gives the class."""
    found = (_line(context, entry) for entry in policy.classify or ())
    lines = tuple(line for line in found if line is not None)
    turns = [Turn(line, line.condition, frozenset(), line.span) for line in lines]
    report_hidden(context, turns)
    return lines


def _line(context: Context, entry: ClassLine) -> Classification | None:
    item = item_fields(context, entry, entry.as_, _SCOPE)
    condition = _condition(context, entry)
    if condition is None:
        return None
    return Classification(**item, as_class=entry.as_.text, condition=condition)


def _condition(context: Context, entry: ClassLine) -> ir.Expr | None:
    if entry.when is None:
        return None if "when" in entry.broken else ir.true(entry.as_.span)
    checked = context.expression(entry.when, _SCOPE)
    if checked is not None:
        report_constant(context, checked)
    return checked
