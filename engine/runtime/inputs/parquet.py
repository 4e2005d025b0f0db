"""Events from Parquet files, a slice of rows at a time.

Polars writes the rows of a slice as JSON lines and the decoder reads those: one description of what
an event is, checked by one piece of code, and faster than making Python values of every cell. The
rows of each type are written apart, so that a table with the columns of all types does not give
every event every field.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Final

import polars as pl
from polars.exceptions import PolarsError

from ...language.catalog import FieldSpec
from ...language.types import DECIMAL, INTEGER
from ..event_types import fields_of
from ..events import Decoder, Event
from .blocks import first_bytes
from .csvrows import check_columns
from .received import InputProblem, OnBytes, Received, rejected

SLICE: Final = 1 << 17
"""How many rows are in memory at a time."""

_ROW: Final = "#row"
_PLAIN: Final = (
    pl.String,
    pl.Categorical,
    pl.Enum,
    pl.Boolean,
    pl.Decimal,
    pl.Datetime,
    pl.Date,
    pl.Null,
)


def read_parquet(path: Path, decoder: Decoder, on_bytes: OnBytes | None) -> Iterator[Received]:
    """Every row, as an event or a rejection; null is a missing value.

    Raises:
        InputProblem: at once, if the file cannot be read, lacks a column of the envelope, has one
            for which no type of event has a field, or has one of a type that no event can hold;
            while reading, if the file turns out to be damaged.
    """
    frame = scan(path)
    schema = frame.collect_schema()
    check_columns(path, schema.names(), decoder)
    _check_types(path, schema, decoder)
    return _events(path, frame, decoder, on_bytes)


def scan(path: Path) -> pl.LazyFrame:
    """A Parquet file, of which nothing but the description has been read.

    Raises:
        InputProblem: the file cannot be read, or is not Parquet.
    """
    if not first_bytes(path).startswith(b"PAR1"):
        raise InputProblem(path, "this is not a Parquet file")
    frame = pl.scan_parquet(path, glob=False, hive_partitioning=False)
    try:
        frame.collect_schema()
    except PolarsError:
        raise InputProblem(path, "the Parquet file is damaged or cut off") from None
    return frame


def slices(path: Path, frame: pl.LazyFrame, on_bytes: OnBytes | None) -> Iterator[pl.DataFrame]:
    """The rows of a file in order, at most `SLICE` of them at a time.

    Raises:
        InputProblem: the file is damaged.
    """
    size, told = path.stat().st_size, 0
    try:
        rows = frame.select(pl.len()).collect().item()
        for start in range(0, rows, SLICE):
            part = frame.slice(start, SLICE).collect()
            yield part
            if on_bytes is not None:
                due = size * (start + part.height) // rows
                on_bytes(due - told)
                told = due
    except PolarsError:
        raise InputProblem(path, "the Parquet file is damaged or cut off") from None


def _check_types(path: Path, schema: pl.Schema, decoder: Decoder) -> None:
    specs = [
        spec for event in decoder.catalog.events.values() for spec in fields_of(event).values()
    ]
    for name, type_ in schema.items():
        if type_.is_float() and any(s.name == name and s.type in (INTEGER, DECIMAL) for s in specs):
            raise InputProblem(
                path,
                f"the column `{name}` holds binary floats",
                "write it as whole numbers, decimals or texts, or describe it in a mapping file",
            )
        if not _is_plain(type_):
            raise InputProblem(
                path, f"the column `{name}` holds {type_}, and no field of events does"
            )


def _is_plain(type_: pl.DataType) -> bool:
    inner = type_.inner if isinstance(type_, pl.List) else type_
    return isinstance(inner, _PLAIN) or type_.is_integer() or type_.is_float()


def _events(
    path: Path, frame: pl.LazyFrame, decoder: Decoder, on_bytes: OnBytes | None
) -> Iterator[Received]:
    name, before = str(path), 0
    for part in slices(path, frame, on_bytes):
        lines: list[bytes] = [b""] * part.height
        for rows, texts in _json_lines(part, decoder):
            for row, text in zip(rows, texts, strict=True):
                lines[row] = text
        for row, line in enumerate(lines, start=before + 1):
            result = decoder.decode(line)
            if isinstance(result, Event):
                yield Received(name, row, result, None)
            else:
                yield rejected(name, row, result, line)
        before += part.height


def _json_lines(
    part: pl.DataFrame, decoder: Decoder
) -> Iterator[tuple[Sequence[int], Sequence[bytes]]]:
    """The rows of a slice as JSON lines: some row numbers at a time, from 0, with their lines."""
    numbered = part.with_row_index(_ROW).with_columns(pl.col("type").cast(pl.String))
    for same in numbered.partition_by("type"):
        declared = decoder.catalog.events.get(same["type"][0])
        fields = fields_of(declared) if declared else dict.fromkeys(part.columns)
        own = [name for name in part.columns if name in fields]
        foreign = [name for name in part.columns if name not in fields]
        is_odd = pl.any_horizontal(pl.lit(value=False), pl.col(foreign).is_not_null())
        for rows, columns in ((same.filter(~is_odd), own), (same.filter(is_odd), part.columns)):
            if rows.height:
                yield rows[_ROW].to_list(), _written(rows.select(columns), fields)


def _written(rows: pl.DataFrame, fields: Mapping[str, FieldSpec | None]) -> list[bytes]:
    filled = [
        pl.col(name).fill_null(spec.default)
        for name, spec in fields.items()
        if spec and spec.default is not None and name in rows.columns
    ]
    return rows.with_columns(filled).write_ndjson().encode("utf-8").split(b"\n")[:-1]


def as_texts(path: Path, frame: pl.LazyFrame, columns: Sequence[str]) -> pl.LazyFrame:
    """Some columns of a file as texts; a missing value is the empty text.

    Raises:
        InputProblem: a column holds what has no text, such as lists or bytes.
    """
    schema = frame.collect_schema()
    for name in columns:
        if isinstance(schema[name], pl.List) or not _is_plain(schema[name]):
            raise InputProblem(path, f"the column `{name}` holds {schema[name]}, which has no text")
    return frame.select(pl.col(name).cast(pl.String).fill_null("") for name in columns)
