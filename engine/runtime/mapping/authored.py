"""A mapping file as its author wrote it: records with places.

Keys, their shapes and their explanations are declared here once; the reader and the JSON Schema
(`grammar/mapping.schema.json`) both come from these declarations.
"""

# ruff: noqa: RUF009  # `key` makes dataclass fields, as `field` does

from __future__ import annotations

from dataclasses import dataclass, field

from ...language.shapes import (
    Choice,
    Either,
    Flag,
    Line,
    Many,
    Name,
    Named,
    Phrase,
    Record,
    Table,
    Truth,
    key,
)
from ...language.source import Embedded, Span

COLUMN = Line("a column")
FILE = Line("a file")
CELL = Phrase("a value", "delivered")


@dataclass(frozen=True, slots=True, kw_only=True)
class ValueEntry:
    """Where a field's value comes from: a column, a constant, or a text made of columns."""

    span: Span = field(compare=False, repr=False)
    column: Embedded | None = key(COLUMN, "the column that holds it")
    zone: Embedded | None = key(
        Line("a time zone"), "for times without an offset: the zone whose clocks they show"
    )
    words: tuple[Named, ...] | None = key(
        Table(CELL, CELL), "what each value of the column stands for; `else` for all others"
    )
    value: Embedded | None = key(CELL, "the same value for every row")
    template: Embedded | None = key(
        Line("a template"), "a text with columns in braces, such as `{order_id}/{seller_id}`"
    )


VALUE = Either(scalar=COLUMN, mapping=Record(ValueEntry))
Authored = Embedded | ValueEntry


@dataclass(frozen=True, slots=True, kw_only=True)
class JoinEntry:
    """How the rows of another file belong to the rows."""

    span: Span = field(compare=False, repr=False)
    by: Embedded = key(COLUMN, "the column of the other file that is looked up", required=True)
    equals: Embedded | None = key(
        COLUMN, "the column of the rows that holds the same; left out: the one of the same name"
    )
    keep: Embedded | None = key(
        Choice(("all", "first")), "every row that belongs, or only the first; left out: all"
    )
    distinct: tuple[Embedded, ...] | None = key(
        Many(COLUMN, 1), "one row for each combination of these columns, the first of its kind"
    )
    gather: tuple[Named, ...] | None = key(
        Table(COLUMN, COLUMN), "new columns with the list of all values of a column"
    )
    unmatched: Embedded | None = key(
        Choice(("skip", "keep")), "what becomes of rows that nothing belongs to; left out: skip"
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class EventEntry:
    """An event that is made of each row."""

    span: Span = field(compare=False, repr=False)
    type: Embedded = key(Line("an event"), "the type of the event", required=True)
    event_id: Embedded = key(
        Line("a template"), "its id, such as `review/{review_id}`", required=True
    )
    occurred_at: Authored = key(VALUE, "when it happened", required=True)
    shop_id: Authored = key(VALUE, "the shop that it belongs to", required=True)
    recorded_at: Authored | None = key(VALUE, "when it was noted")
    sequence: Authored | None = key(VALUE, "its place among events of the same time")
    region: Authored | None = key(VALUE, "the region")
    platform: Authored | None = key(VALUE, "the platform")
    source: Authored | None = key(VALUE, "where it comes from")
    supersedes: Authored | None = key(VALUE, "the id of the event that it replaces")
    fields: tuple[Named, ...] | None = key(Table(VALUE), "the fields of its type")
    when: tuple[Named, ...] | None = key(
        Table(Either(scalar=CELL, sequence=Many(CELL, 1)), COLUMN),
        "only rows with this value, or one of these, or `present`, or `absent`",
    )
    skip_empty: Flag | None = key(
        Truth(), "pass over rows that lack something the event needs, instead of rejecting them"
    )


JOIN = Table(Either(scalar=COLUMN, mapping=Record(JoinEntry)), FILE)
EVENTS = Many(Record(EventEntry), 1)


@dataclass(frozen=True, slots=True, kw_only=True)
class SectionEntry:
    """A file whose rows become events."""

    span: Span = field(compare=False, repr=False)
    rows: Embedded = key(FILE, "the file, relative to the folder with the data", required=True)
    join: tuple[Named, ...] | None = key(JOIN, "other files, by the column that they share")
    events: tuple[EventEntry, ...] = key(EVENTS, "what is made of each row", required=True)


@dataclass(frozen=True, slots=True, kw_only=True)
class MappingFile:
    """A revlex mapping: how somebody's own tables become events."""

    span: Span = field(compare=False, repr=False)
    mapping: Embedded = key(Name(), "its name", required=True)
    title: Embedded | None = key(Line(), "what people call it")
    rows: Embedded | None = key(FILE, "the file, relative to the folder with the data")
    join: tuple[Named, ...] | None = key(JOIN, "other files, by the column that they share")
    events: tuple[EventEntry, ...] | None = key(EVENTS, "what is made of each row")
    sections: tuple[SectionEntry, ...] | None = key(
        Many(Record(SectionEntry), 1), "several files, each with what is made of its rows"
    )
