"""A mapping that has been checked against the catalog: what a run needs to know, and places."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from ...language.source import Span


@dataclass(frozen=True, slots=True)
class Column:
    """A column of the rows or of a joined file, where the mapping names it."""

    name: str
    span: Span = field(compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class File:
    """A file of the folder with the data, where the mapping names it."""

    name: str
    span: Span = field(compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Cell:
    """A field that is the value of a column.

    `zone` is the zone of its times that have no offset. `words` says what its values stand for;
    values that are not among them become `otherwise`, or are refused without it.
    """

    column: Column
    zone: str | None = None
    words: Mapping[str, str] | None = None
    otherwise: str | None = None


@dataclass(frozen=True, slots=True)
class Constant:
    """A field that is the same in every row."""

    text: str


@dataclass(frozen=True, slots=True)
class Template:
    """A field made of texts and columns: `review/{review_id}`."""

    parts: tuple[str | Column, ...]

    @property
    def columns(self) -> tuple[Column, ...]:
        """The columns in it."""
        return tuple(part for part in self.parts if isinstance(part, Column))


Value = Cell | Constant | Template


def columns_of(value: Value) -> tuple[Column, ...]:
    """The columns that a value is made of."""
    if isinstance(value, Template):
        return value.columns
    return (value.column,) if isinstance(value, Cell) else ()


@dataclass(frozen=True, slots=True)
class Filter:
    """Rows that are taken: those with one of `words`, or with any value, or with none."""

    column: Column
    words: frozenset[str] | None = None
    is_present: bool = True

    def takes(self, cell: str) -> bool:
        """Whether a row with this cell is taken."""
        if self.words is not None:
            return cell in self.words
        return bool(cell) == self.is_present


@dataclass(frozen=True, slots=True)
class EventPlan:
    """An event of a row: a value for each field, those of the envelope among them.

    `needed` are the fields that an event of the type cannot do without.
    """

    type: str
    values: Mapping[str, Value]
    filters: tuple[Filter, ...]
    needed: frozenset[str]
    skip_empty: bool

    def columns(self) -> Iterator[Column]:
        """Every column that it reads."""
        for value in self.values.values():
            yield from columns_of(value)
        for one in self.filters:
            yield one.column


@dataclass(frozen=True, slots=True)
class Join:
    """Another file whose rows are looked up.

    The rows of `file` whose `by` is the row's `equals` belong to a row. With `distinct` or `gather`
    they are put into groups of equal values in the columns `distinct`; each group is one row, with
    the cells of its first and, for each pair in `gather`, a new column with the list of the
    different values of an old one. Without, each is a group of its own. `first_only` keeps the
    first group. A row without any is left out unless `keep_unmatched`.
    """

    file: File
    by: Column
    equals: Column
    distinct: tuple[Column, ...] | None
    gather: tuple[tuple[Column, Column], ...]
    first_only: bool
    keep_unmatched: bool


@dataclass(frozen=True, slots=True)
class Section:
    """A file, what belongs to its rows, and the events of each."""

    rows: File
    joins: tuple[Join, ...]
    events: tuple[EventPlan, ...]


@dataclass(frozen=True, slots=True)
class EventMapping:
    """How somebody's own tables become events."""

    name: str
    sections: tuple[Section, ...]
