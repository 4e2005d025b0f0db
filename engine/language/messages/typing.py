"""What can be wrong with the types in an expression, and with values that may be missing: E5xx."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from decimal import Decimal

from .. import ir, syntax
from ..diagnostics import Diagnostic, Label
from ..functions import MOST_VALUES, SEVERAL, AggregateRow, Overload
from ..patterns import PatternError
from ..source import Span
from ..types import (
    BOOLEAN,
    DECIMAL,
    DURATION,
    INSTANT,
    INTEGER,
    PERCENT,
    PERIOD,
    TEXT,
    Enumeration,
    ListOf,
    Optional,
    Type,
)
from .syntax import quoted

_MOST_MEMBERS = 3


def called(of: Type) -> str:
    """A type with its article, as messages call it."""
    if isinstance(of, Enumeration):
        shown = ", ".join(of.members[:_MOST_MEMBERS])
        return f"a `{of.name}` ({shown}{', …' if len(of.members) > _MOST_MEMBERS else ''})"
    if isinstance(of, ListOf):
        return f"a list of {_plural(of.item)}"
    if isinstance(of, Optional):
        return f"{called(of.item)} that may be missing"
    return f"a {of}"


def _plural(of: Type) -> str:
    return f"`{of.name}` words" if isinstance(of, Enumeration) else f"{of}s"


def _percentages(node: syntax.Node | None) -> str:
    """Both ways to make a percentage of a number."""
    number = _literal(node)
    if number is None:
        return "make both of them percentages, or both numbers"
    as_share = format((number * 100).normalize(), "f")
    return f"write `{number}%` for a percentage, or `{as_share}%` if the number is a share of one"


def _literal(node: syntax.Node | None) -> Decimal | None:
    return Decimal(node.value) if isinstance(node, syntax.Integer | syntax.Number) else None


# ----------------------------------------------------------------- two operands

_SAME_KIND = "compare values of one kind"
_PAIRS: dict[frozenset[Type], str] = {
    frozenset(
        {INTEGER, DECIMAL}
    ): "write a whole number beside one, and `4.0` beside a decimal one",
    frozenset({INTEGER, TEXT}): "compare `length(...)` of the text, or two texts",
    frozenset({INTEGER, DURATION}): "give the number a unit, such as `30d` or `24h`",
    frozenset({DECIMAL, DURATION}): "use a whole number with a unit, such as `36h`",
    frozenset({DURATION, INSTANT}): "subtract two points in time, as in `now - review.posted_at`",
    frozenset({DURATION, PERIOD}): "write `a within 30 calendar days of b`, or a duration: `30d`",
    frozenset({INSTANT, PERIOD}): "write `a within 30 calendar days of b`",
    frozenset({INSTANT, TEXT}): "compare two points in time, such as `now`",
}


def different_types(
    left: ir.Expr, right: ir.Expr, place: tuple[syntax.Node, syntax.Node]
) -> Diagnostic:
    """`review.stars == "5"`."""
    if PERCENT in {left.type, right.type} and {left.type, right.type} & {INTEGER, DECIMAL}:
        return percent_against_number(place[0] if right.type == PERCENT else place[1])
    if isinstance(left.type, Enumeration) and isinstance(right.type, Enumeration):
        return _different_lists(left.type, right.type, place[1].span)
    if BOOLEAN in {left.type, right.type}:
        help_ = "a condition stands by itself: join it with `and` or `or`"
    else:
        pair = frozenset({left.type, right.type})
        written = _written_number(place) if pair == {INTEGER, TEXT} else None
        written = _written_decimal(place) if pair == {INTEGER, DECIMAL} else written
        help_ = written or _PAIRS.get(pair, _SAME_KIND)
    return Diagnostic(
        "E501",
        f"{called(left.type)} cannot be compared with {called(right.type)}",
        place[1].span,
        help=help_,
        labels=(Label(place[0].span, f"this is {called(left.type)}"),),
    )


def _written_number(place: tuple[syntax.Node, syntax.Node]) -> str | None:
    """Help where a text meets a whole number, and the number is written out: in quotes or not."""
    for node in place:
        if isinstance(node, syntax.Text) and node.value.isascii() and node.value.isdecimal():
            return f"write the number without quotes: `{node.value}`"
        if isinstance(node, syntax.Integer):
            return f'put the number in quotes: `"{node.value}"`, or compare `length(...)`'
    return None


def _written_decimal(place: tuple[syntax.Node, syntax.Node]) -> str | None:
    """Help where a decimal number meets a whole one that is written out."""
    whole = (node for node in place if isinstance(node, syntax.Integer))
    return next((f"write `{node.value}.0`" for node in whole), None)


def _different_lists(left: Enumeration, right: Enumeration, span: Span) -> Diagnostic:
    missing = [word for word in right.members if word not in left.members]
    extra = [word for word in left.members if word not in right.members]
    words = ", ".join(f"`{word}`" for word in [*extra, *missing])
    return Diagnostic(
        "E501",
        f"these two have different lists of words: only one of them knows {words}"
        if words
        else f"`{left.name}` and `{right.name}` are different lists of words",
        span,
        help="compare each with one of its own words",
    )


def percent_against_number(node: syntax.Node) -> Diagnostic:
    """`seller_nrr > 0.69`: the number is the mistake."""
    return Diagnostic(
        "E502",
        "a percent goes with percentages, and this is a bare number",
        node.span,
        help=_percentages(node),
    )


def no_operation(
    operator: str, types: Sequence[Type], node: syntax.Node, rows: Iterable[Overload]
) -> Diagnostic:
    """`review.text + 1`: what the operator cannot join, and what it can."""
    fitting = [row for row in rows if types[0] in row.parameters]
    if PERIOD in types:
        help_ = "use a calendar length in `a within 30 calendar days of b`"
    elif set(types) == {INTEGER, DECIMAL}:
        help_ = "write both as whole numbers, or both with a decimal point, as in `4.0`"
    elif fitting:
        help_ = f"`{operator}` takes {_forms(fitting)}"
    else:
        help_ = f"`{operator}` is for numbers, percentages and times"
    return Diagnostic(
        "E504",
        f"`{operator}` does not take {' and '.join(called(of) for of in types)}",
        node.span,
        help=help_,
    )


def _forms(rows: Iterable[Overload]) -> str:
    """What operands the rows take, each combination once."""
    return ", or ".join(
        dict.fromkeys(" and ".join(called(of) for of in row.parameters) for row in rows)
    )


def no_order(operator: str, of: Type, span: Span) -> Diagnostic:
    """`review.class < product`: a comparison that the type does not have."""
    if isinstance(of, ListOf):
        help_ = "compare `length(...)` of the list, or look for an entry with `in`"
    elif of == PERIOD:
        help_ = "use a calendar length in `a within 30 calendar days of b`"
    else:
        help_ = "use `==` or `!=`; of a text, you can compare `length(...)`"
    return Diagnostic(
        "E504", f"`{operator}` does not compare {called(of)} with another", span, help=help_
    )


def division_by_zero(span: Span) -> Diagnostic:
    """`count(review) / 0`."""
    return Diagnostic("E513", "this divides by zero", span, help="divide by something else")


# ------------------------------------------------------------------- one operand


def wrong_type(wanted: Type, found: ir.Expr, node: syntax.Node) -> Diagnostic:
    """Something else is needed here."""
    if wanted == PERCENT and found.type in {INTEGER, DECIMAL}:
        return percent_against_number(node)
    return Diagnostic(
        "E503",
        f"{called(wanted)} is needed here, and this is {called(found.type)}",
        node.span,
        help=_HELP.get(wanted, f"write {called(wanted)}"),
    )


def half_a_comparison(before: syntax.Node, found: ir.Expr, node: syntax.Node) -> Diagnostic:
    """`review.stars == 1 or 2`, `reply.text contains "a" or "b"`."""
    if isinstance(before, syntax.TextTest):
        example = '`reply.text contains any of ["voucher", "gift card"]`'
    else:
        example = "`review.stars in [1, 2]` or `review.stars == 1 or review.stars == 2`"
    return Diagnostic(
        "E503",
        f"each side is a condition of its own, and this is {called(found.type)}",
        node.span,
        help=f"write it as in {example}",
    )


_HELP: dict[Type, str] = {
    BOOLEAN: "compare it with something, as in `review.stars <= 2`",
    TEXT: "name a text, such as `review.text`",
    INSTANT: "name a point in time, such as `review.posted_at` or `now`",
    DURATION: "write a length of time, such as `24h`",
    INTEGER: "write a whole number, such as `12`",
    DECIMAL: "write a number with a decimal point, such as `4.5`",
}


def wrong_arguments(
    name: str, types: Sequence[Type], span: Span, rows: Sequence[Overload]
) -> Diagnostic:
    """`length(review.stars)`, `length()`."""
    given = " and ".join(called(of) for of in types) or "nothing"
    return Diagnostic(
        "E505",
        f"`{name}` was given {given}",
        span,
        help=f"`{name}` takes {_forms(rows)}{_and_more(name)}",
    )


def _and_more(name: str) -> str:
    return f"; {MOST_VALUES} values of one kind at most" if name in SEVERAL else ""


def not_constant(span: Span, what: str) -> Diagnostic:
    """`review.text contains product.title`."""
    return Diagnostic(
        "E508",
        f"{what} has to be known before any event",
        span,
        help="write the value itself, or the name of a list",
    )


# -------------------------------------------------------------- missing values


def unguarded(expr: ir.Expr, span: Span) -> Diagnostic:
    """A value is needed that may be missing; `help` is the guard to write."""
    name = _guarded_name(expr)
    if name is None:
        return Diagnostic(
            "E506",
            "this may be missing",
            span,
            help="end it with a default that is always there: `… ?? value`",
        )
    if isinstance(expr, ir.Since):
        name = f'in_force("{expr.action}")'
        return Diagnostic(
            "E506", f"{quoted(span.text)} may be missing here", span, help=f"write `{name} and …`"
        )
    state = "insufficient" if isinstance(expr, ir.MeasureValue) else "missing"
    return Diagnostic(
        "E506", f"`{name}` may be {state} here", span, help=f"guard it: `has {name} and …`"
    )


def unguarded_of_entity(name: str, span: Span) -> Diagnostic:
    """`average(chat.stars of chat)`."""
    return Diagnostic(
        "E506",
        f"`{name}` may be missing here",
        span,
        help=f"count only where it is there: `where has {name}`",
    )


def _guarded_name(expr: ir.Expr) -> str | None:
    if isinstance(expr, ir.Field):
        return f"{expr.entity}.{expr.name}"
    if isinstance(expr, ir.MeasureValue):
        return expr.measure
    return expr.name if isinstance(expr, ir.Parameter) else None


def always_there(span: Span) -> Diagnostic:
    """`has review.stars`, `review.text ?? "none"`."""
    return Diagnostic(
        "E507",
        f"{quoted(span.text)} is always there",
        span,
        help='leave out the guard or the default; an empty text is `== ""`',
    )


# ------------------------------------------------------------- lists and searches


def empty_list(span: Span) -> Diagnostic:
    """`review.class in []`."""
    return Diagnostic("E509", "this list is empty", span, help="put at least one value in it")


def empty_word(span: Span) -> Diagnostic:
    """`review.text contains ""`."""
    return Diagnostic(
        "E509",
        "an empty text is found everywhere",
        span,
        help='write a word; to test for an empty text, write `== ""`',
    )


def mixed_list(of: Type, item: ir.Expr, node: syntax.Node) -> Diagnostic:
    """`[product, 2]`, `review.stars in ["one", "two"]`."""
    if of == PERCENT and item.type in {INTEGER, DECIMAL}:
        return percent_against_number(node)
    return Diagnostic(
        "E514",
        f"the values here have to be {_plural(of)}, and this is {called(item.type)}",
        node.span,
        help="put values of one kind in a list",
    )


def strange_word(of: Enumeration, word: str, span: Span) -> Diagnostic:
    """`review.class in rewards`: a named list with words that the enumeration does not have."""
    return Diagnostic(
        "E514",
        f"the list has {quoted(word)}, which is not one of the words of `{of.name}`",
        span,
        help=f"the words of `{of.name}` are {', '.join(f'`{word}`' for word in of.members)}",
    )


def not_a_list(found: ir.Expr, span: Span) -> Diagnostic:
    """`review.stars in 3`."""
    return Diagnostic(
        "E503",
        f"a list is needed here, and this is {called(found.type)}",
        span,
        help="write a list, such as `[1, 2]`, or the name of one",
    )


def several_texts(operator: str, span: Span) -> Diagnostic:
    """`contains rewards`, where that is a list."""
    word = "contains any of" if operator == "contains" else None
    return Diagnostic(
        "E516",
        f"`{operator}` takes one text, and this is a list",
        span,
        help=f"write `{word}`" if word else "write one text, and join several tests with `or`",
    )


def single_text(operator: str, span: Span) -> Diagnostic:
    """`contains any of "voucher"`."""
    return Diagnostic(
        "E516", f"`{operator}` takes a list, and this is one text", span, help="write `contains`"
    )


def bad_pattern(error: PatternError, span: Span) -> Diagnostic:
    """`review.text matches "(a"`, or a pattern that takes too much memory."""
    return Diagnostic("E511" if error.too_large else "E510", error.reason, span, help=error.fix)


# ------------------------------------------------------- branches, tables, lengths


def branches_differ(common: Type, expr: ir.Expr, node: syntax.Node) -> Diagnostic:
    """`if a then 1 else "one"`, `review.language ?? 5`."""
    return Diagnostic(
        "E515",
        f"both values have to be of one kind: {called(common)} and {called(expr.type)} are not",
        node.span,
        help=_HELP.get(common, f"write {called(common)}"),
    )


def several_keys(table: str, span: Span) -> Diagnostic:
    """`nrr_limit[product.category, shop.tier]`."""
    return Diagnostic(
        "E517",
        f"the table `{table}` is read by one key",
        span,
        help="make a table for each key and choose between them with `if`",
    )


def no_length(span: Span) -> Diagnostic:
    """`a within 0d of b`."""
    return Diagnostic(
        "E518", "nothing is within no time", span, help="write a length of time above zero"
    )


# ------------------------------------------------------------------- aggregates


def outside_measure(operator: str, span: Span) -> Diagnostic:
    """`count(review) > 3` in the condition of a rule."""
    return Diagnostic(
        "E519",
        f"`{operator}` can be used in measures only",
        span,
        help="say whose, as in `count(review for order)`, or add it under `measures`",
    )


def nested_aggregate(operator: str, span: Span) -> Diagnostic:
    """`count(review where count(order) > 3)`."""
    return Diagnostic(
        "E520",
        f"`{operator}` stands inside another aggregate",
        span,
        help="say whose, as in `count(review for order)`, or make two measures",
    )


def undated(kind: str, dates: Sequence[str], span: Span) -> Diagnostic:
    """`count(product)`; `dates` are the fields that could date it."""
    fix = f"say which date counts, as in `count({kind} dated {dates[0]})`" if dates else None
    return Diagnostic(
        "E521",
        f"`{kind}` has no usual date, so that no window can be told",
        span,
        help=fix or "count something that has a date",
    )


def not_a_date(span: Span) -> Diagnostic:
    """`count(order dated now)`."""
    return Diagnostic(
        "E521",
        "this is no date of what is counted",
        span,
        help="name a field that is a point in time, such as `order.delivered_at`",
    )


def wrong_aggregate(
    operator: str, of: Type | None, span: Span, rows: Sequence[AggregateRow]
) -> Diagnostic:
    """`sum(review.text of review)`."""
    taken = ", or ".join(called(row.of) for row in rows if row.of is not None)
    return Diagnostic(
        "E522",
        f"`{operator}` cannot be made of {'nothing' if of is None else called(of)}",
        span,
        help=f"`{operator}` takes {taken}",
    )
