"""What can be wrong with the names in an expression: E4xx."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from ..diagnostics import Diagnostic, did_you_mean
from ..source import Span
from ..types import Enumeration
from .syntax import quoted

_MOST_LISTED = 8
_MOST_COMPARED = 2_000
_LONGEST_COMPARED = 80


@dataclass(frozen=True, slots=True)
class Others:
    """The kinds that have a field: those in scope, and those that are not."""

    near: Sequence[str]
    far: Sequence[str]


def listed(names: Iterable[str]) -> str:
    """Some names, each in backticks, in order, with a mark where there are more."""
    found = sorted(names)
    shown = [quoted(name) for name in found[:_MOST_LISTED]]
    return ", ".join([*shown, "…"] if len(found) > _MOST_LISTED else shown)


def _meant(name: str, known: Iterable[str]) -> str | None:
    """Help that names the nearest word; few and short ones, so that no policy makes this slow."""
    if len(name) > _LONGEST_COMPARED:
        return None
    near = [word for word in known if len(word) <= _LONGEST_COMPARED and word.isprintable()]
    return did_you_mean(name, near[:_MOST_COMPARED])


def _choices(name: str, known: Iterable[str], what: str, none: str) -> str:
    """Help that names the nearest word, or else all of them, or else says that there is none."""
    words = list(known)
    return _meant(name, words) or (f"{what} {listed(words)}" if words else none)


_YES_OR_NO = frozenset({"yes", "no"})


def unknown_name(
    name: str, fields: Sequence[str], known: Iterable[str], span: Span, *, is_text: bool
) -> Diagnostic:
    """`negativ`: a plain name that nothing has; `fields` are those of that name."""
    help_ = f"did you mean `{fields[0]}`?" if fields else _meant(name, known)
    if name in _YES_OR_NO and not fields and not is_text:
        help_ = "write `true` or `false`"
    elif help_ is None and is_text:
        help_ = f'put a text in quotes: `"{name}"`'
    return Diagnostic(
        "E401",
        f"nothing here is called {quoted(name)}",
        span,
        help=help_ or "add it under `define`, or name a field such as `review.stars`",
    )


def unknown_field(
    kind: str, field: str, fields: Iterable[str], others: Others, span: Span
) -> Diagnostic:
    """`reply.stars`: the field may be one of another kind."""
    names = list(fields)
    near = _meant(field, names)
    if others.near:
        help_ = f"did you mean `{others.near[0]}.{field}`?"
    elif near is not None:
        help_ = near.replace("`", f"`{kind}.", 1)
    elif others.far:
        help_ = f"`{others.far[0]}` has it, but none belongs to what is judged here"
    else:
        help_ = f"its fields are {listed(names)}" if names else "it has none"
    return Diagnostic(
        "E402",
        f"`{kind}` has no field {quoted(field)}",
        span,
        help=help_,
    )


def kind_out_of_scope(kind: str, kinds: Iterable[str], span: Span) -> Diagnostic:
    """`report.category` in a rule about replies."""
    return Diagnostic(
        "E403",
        f"no {kind} belongs to what is judged here",
        span,
        help=f"what can be read here: {listed(kinds)}",
    )


def unknown_member(
    name: str, of: Enumeration, definitions: Iterable[str], span: Span
) -> Diagnostic:
    """`review.class == produkt`."""
    return Diagnostic(
        "E404",
        f"{quoted(name)} is not one of the words of `{of.name}`",
        span,
        help=_meant(name, [*of.members, *definitions]) or f"its words are {listed(of.members)}",
    )


def quoted_member(text: str, of: Enumeration, span: Span) -> Diagnostic:
    """`review.class == "product"`: in quotes, spelt rightly or wrongly."""
    if text not in of.members:
        return unknown_member(text, of, (), span)
    return Diagnostic(
        "E405",
        f"`{of.name}` is a word of a closed list, and here stands a text",
        span,
        help=f"write `{text}` without quotes",
    )


def unknown_kind(kind: str, kinds: Iterable[str], span: Span) -> Diagnostic:
    """`reviw.stars`, `count(reviw)`."""
    return Diagnostic(
        "E406",
        f"nothing is called {quoted(kind)} that has fields",
        span,
        help=_choices(kind, kinds, "what can be read here:", "nothing can be read here"),
    )


def kind_without_field(kind: str, fields: Iterable[str], span: Span) -> Diagnostic:
    """`review == 5`."""
    names = [f"{kind}.{field}" for field in fields]
    return Diagnostic(
        "E407",
        f"`{kind}` is not a value by itself",
        span,
        help=f"name one of its fields: {listed(names)}",
    )


def long_path(path: str, short: str | None, span: Span) -> Diagnostic:
    """`reply.review.stars`."""
    return Diagnostic(
        "E408",
        f"{quoted(path)} has too many dots",
        span,
        help=f"write `{short}`" if short else "write a kind and a field, such as `review.stars`",
    )


def unknown_function(name: str, known: Iterable[str], span: Span, *, is_value: bool) -> Diagnostic:
    """`lenght(review.text)`, or brackets after the name of a value."""
    if is_value:
        help_ = f"{quoted(name)} is a value: leave out the brackets"
    else:
        help_ = _choices(name, known, "the functions are", "there are no functions")
    return Diagnostic("E409", f"there is no function {quoted(name)}", span, help=help_)


def unknown_list(name: str, lists: Iterable[str], span: Span) -> Diagnostic:
    """`contains any of rewrds`."""
    return Diagnostic(
        "E410",
        f"there is no list {quoted(name)}",
        span,
        help=_choices(name, lists, "the lists are", "add it under `lists`"),
    )


def unknown_table(name: str, tables: Iterable[str], span: Span) -> Diagnostic:
    """`nrr_limt[product.category]`."""
    return Diagnostic(
        "E411",
        f"there is no table {quoted(name)}",
        span,
        help=_choices(name, tables, "the tables are", "add it under `tables`"),
    )


def unknown_key(table: str, key: str, keys: Iterable[str], span: Span) -> Diagnostic:
    """`nrr_limit["beuty"]`."""
    return Diagnostic(
        "E412",
        f"the table `{table}` has no row {quoted(key)}",
        span,
        help=_choices(key, keys, "its rows are", "add rows to the table"),
    )


def unknown_ladder(name: str, ladders: Iterable[str], span: Span) -> Diagnostic:
    """`points("violation-point")`."""
    return Diagnostic(
        "E413",
        f"there is no ladder {quoted(name)}",
        span,
        help=_choices(name, ladders, "the ladders are", "add it under `escalations`"),
    )


def unknown_action(name: str, actions: Iterable[str], span: Span) -> Diagnostic:
    """`in_force("close_shp")`."""
    return Diagnostic(
        "E414",
        f"there is no action {quoted(name)}",
        span,
        help=_choices(name, actions, "the actions are", "add it under `actions`"),
    )


def table_without_key(table: str, span: Span) -> Diagnostic:
    """`shop_nrr > nrr_limit`."""
    return Diagnostic(
        "E415",
        f"`{table}` is a table, and a value is needed",
        span,
        help=f"say which row, as in `{table}[product.category]`",
    )


def function_without_brackets(name: str, span: Span) -> Diagnostic:
    """`length > 350`."""
    return Diagnostic(
        "E416",
        f"`{name}` is a function, and a value is needed",
        span,
        help=f"say of what, as in `{name}(review.text)`",
    )


def circle(names: Sequence[str], span: Span) -> Diagnostic:
    """`define: {a: b, b: a}`."""
    way = " -> ".join([*names, names[0]])
    return Diagnostic(
        "E417",
        f"{quoted(names[0])} is defined by itself: {quoted(way)}",
        span,
        help="write one of these definitions without the others",
    )


def too_large(span: Span, nodes: int, depth: int) -> Diagnostic:
    """`define: {a: b and b, b: c and c, ...}`."""
    return Diagnostic(
        "E418",
        f"with its definitions written out, this has more than {nodes:,} parts or {depth} levels",
        span,
        help="use fewer definitions inside one another, or a list or a table",
    )


def not_in_aggregate(name: str, span: Span) -> Diagnostic:
    """`count(review where now - review.posted_at < 30d)`."""
    return Diagnostic(
        "E419",
        f"{quoted(name)} cannot be read while entities are being counted",
        span,
        help="read fields only; how far back a measure looks is said by `over`",
    )
