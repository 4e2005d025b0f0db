"""The formats of an export, each written as the records come, in bounded memory."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import IO, Any, Final

import polars as pl
from polars.io.plugins import register_io_source

from ...records.projections.flat import ColumnOf, Type

ROWS_OF_A_GROUP: Final = 10_000
"""So many rows of a Parquet file are held in memory, and make a row group."""

_INSTANT: Final = pl.Datetime("us", "UTC")
_TYPES: Final[Mapping[Type, Any]] = {
    "text": pl.String,
    "whole number": pl.Int64,
    "yes or no": pl.Boolean,
    "instant": _INSTANT,
    "texts": pl.List(pl.String),
    "whole numbers": pl.List(pl.Int64),
    "instants": pl.List(_INSTANT),
}
_RAW: Final[Mapping[Type, Any]] = {"instant": pl.Int64, "instants": pl.List(pl.Int64)}
"""What instants are read as: whole numbers, many times faster than times."""

_STEERING: Final = re.compile(
    "[\\x7f-\\x9f\\u061c\\u200b-\\u200f\\u2028-\\u202e\\u2060-\\u206f\\ufeff]"
)


def write_lines(lines: Iterable[bytes], to: IO[bytes]) -> None:
    """Write JSON, a line each; on a terminal, nothing in it can steer that."""
    shown = to.isatty()
    for line in lines:
        to.write((_shown(line) if shown else line) + b"\n")


def _shown(line: bytes) -> bytes:
    """The same JSON with what cannot be seen written by number, which stands in texts only."""
    text = _STEERING.sub(lambda found: f"\\u{ord(found[0]):04x}", line.decode())
    return text.encode()


def write_parquet(records: Iterable[Any], columns: Sequence[ColumnOf[Any]], to: IO[bytes]) -> None:
    """Write records as rows of a Parquet file, in row groups.

    Raises:
        Exception: Whatever reading the records raises.
    """
    schema = pl.Schema({column.name: _TYPES[column.type] for column in columns})
    raw = pl.Schema({column.name: _RAW.get(column.type, schema[column.name]) for column in columns})
    frames = _Frames(iter(records), columns, raw, schema)
    source = register_io_source(frames.give, schema=schema)
    try:
        source.sink_parquet(to, row_group_size=ROWS_OF_A_GROUP, maintain_order=True)
    except pl.exceptions.PolarsError:
        if frames.failure is None:
            raise
    if frames.failure is not None:
        raise frames.failure


@dataclass(slots=True)
class _Frames:
    """Records as tables of a few rows each, for a writer that asks for them.

    What goes wrong while they are read is kept: the writer would tell it in words of its own.
    """

    records: Iterator[Any]
    columns: Sequence[ColumnOf[Any]]
    raw: pl.Schema
    schema: pl.Schema
    failure: Exception | None = None

    def give(self, *_: object) -> Iterator[pl.DataFrame]:
        """The tables, as long as there are records."""
        try:
            while some := list(islice(self.records, ROWS_OF_A_GROUP)):
                values = {one.name: [one.read(record) for record in some] for one in self.columns}
                yield pl.DataFrame(values, schema=self.raw).cast(self.schema)
        except Exception as failure:
            self.failure = failure
            raise
