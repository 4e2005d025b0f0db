"""E65x and E66x: mapping files that do not fit the catalog or the tables."""

from __future__ import annotations

from collections.abc import Iterable

from ..diagnostics import Diagnostic, Label, did_you_mean
from ..source import Embedded, Span
from .shape import shorten


def _listed(names: Iterable[str]) -> str:
    return ", ".join(f"`{shorten(name)}`" for name in names)


def no_rows(span: Span) -> Diagnostic:
    """E650: nothing says which rows become events."""
    return Diagnostic(
        "E650",
        "the mapping does not say which rows become which events",
        span,
        help="give `rows:` and `events:`, or `sections:` that each have both",
    )


def rows_twice(span: Span) -> Diagnostic:
    """E651: rows at the top, and sections."""
    return Diagnostic(
        "E651",
        "`rows:`, `join:` and `events:` stand beside `sections:`",
        span,
        help="move them into a section of their own",
    )


def unknown_type(name: str, known: Iterable[str], span: Span) -> Diagnostic:
    """E652: the catalog has no such event."""
    return Diagnostic(
        "E652",
        f"there is no event `{shorten(name)}`",
        span,
        help=did_you_mean(name, known) or "the events are listed in the catalog",
    )


def unknown_field(type_: str, name: str, known: Iterable[str], span: Span) -> Diagnostic:
    """E653: the event has no such field."""
    names = list(known)
    return Diagnostic(
        "E653",
        f"`{type_}` has no field `{shorten(name)}`",
        span,
        help=did_you_mean(name, names) or f"its fields are {_listed(names)}",
    )


def misplaced_field(name: str, span: Span) -> Diagnostic:
    """E654: a field of every event, given among those of the type."""
    return Diagnostic(
        "E654",
        f"`{name}` belongs to every event, not to the fields of this type",
        span,
        help="write it beside `type:`",
    )


def missing_field(type_: str, name: str, span: Span) -> Diagnostic:
    """E655: a field that the event cannot do without."""
    return Diagnostic(
        "E655",
        f"`{type_}` needs the field `{name}`",
        span,
        help=f"add `{name}:` under `fields:`, with the column that holds it",
    )


def bad_template(span: Span) -> Diagnostic:
    """E656: braces that do not belong together, or are empty."""
    return Diagnostic(
        "E656",
        "this brace does not enclose a column",
        span,
        help="write a column as `{column}`, and a brace that is meant as one twice",
    )


def constant_id(span: Span) -> Diagnostic:
    """E657: an id that all rows would share."""
    return Diagnostic(
        "E657",
        "all rows would get the same `event_id`",
        span,
        help="put columns that tell the rows apart into it, such as `review/{review_id}`",
    )


def not_one_value(span: Span) -> Diagnostic:
    """E658: a value from nowhere, or from two places."""
    return Diagnostic(
        "E658",
        "it is not clear where this value comes from",
        span,
        help="give one of `column:`, `value:` and `template:`",
    )


def needs_column(name: str, span: Span) -> Diagnostic:
    """E659: a zone or words for something that is no column."""
    return Diagnostic(
        "E659",
        f"`{name}:` says how to read a column, and there is none",
        span,
        help=f"add `column:`, or remove `{name}:`",
    )


def zone_without_time(field: str, span: Span) -> Diagnostic:
    """E660: a zone for something that is no time."""
    return Diagnostic(
        "E660",
        f"`{field}` is not a time, and only times have a zone",
        span,
        help="remove `zone:`",
    )


def wrong_constant(field: str, given: Embedded, wanted: str, near: str | None) -> Diagnostic:
    """E661: a constant that no event could have."""
    return Diagnostic(
        "E661",
        f"`{field}` cannot be `{shorten(given.text)}`",
        given.span,
        help=near or f"it has to be {wanted}",
    )


def bad_file(name: str, span: Span) -> Diagnostic:
    """E662: not the name of a table in the folder."""
    return Diagnostic(
        "E662",
        f"`{shorten(name)}` is not the name of a table in the folder with the data",
        span,
        help="name a `.csv`, `.csv.gz` or `.parquet` file in that folder or below it",
    )


def unknown_column(name: str, known: Iterable[str], span: Span) -> Diagnostic:
    """E663: no file has this column."""
    names = list(known)
    return Diagnostic(
        "E663",
        f"there is no column `{shorten(name)}`",
        span,
        help=did_you_mean(name, names) or f"the columns are {_listed(names)}",
    )


def ambiguous_column(name: str, files: Iterable[str], span: Span) -> Diagnostic:
    """E664: several files have this column."""
    return Diagnostic(
        "E664",
        f"the column `{shorten(name)}` is in {' and in '.join(_listed([f]) for f in files)}",
        span,
        help="rename it in one of them: a mapping cannot tell which is meant",
    )


def taken_column(name: str, span: Span) -> Diagnostic:
    """E665: a new column with the name of one that there is."""
    return Diagnostic(
        "E665",
        f"there already is a column `{shorten(name)}`",
        span,
        help="give the gathered values another name",
    )


def same_file(name: str, span: Span, first: Span) -> Diagnostic:
    """E666: a file that is joined twice, or with itself."""
    return Diagnostic(
        "E666",
        f"the file `{shorten(name)}` is used twice in one section",
        span,
        help="leave one out: its columns could not be told apart",
        labels=(Label(first, "here first"),),
    )


def gathered_text(name: str, span: Span) -> Diagnostic:
    """E667: a list where one value is wanted."""
    return Diagnostic(
        "E667",
        f"`{shorten(name)}` holds a list of gathered values",
        span,
        help="give it to a field that is a list of texts",
    )
