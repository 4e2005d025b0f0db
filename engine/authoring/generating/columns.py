"""Events as a Parquet file: one column for each field that any type of event has.

The rows are written in parts, which Polars then strings together, so that a few of them are in
memory at a time. Times are in UTC; decimals have two digits behind the point.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC, datetime
from itertools import islice
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final

import polars as pl

from ...language.catalog import standard_catalog
from ...language.types import BOOLEAN, DECIMAL, INSTANT, INTEGER, ListOf, Type
from ...runtime.event_types import attribute, fields_of
from ...runtime.events import Event

_ROWS: Final = 10_000
"""So many rows are in memory at a time."""
_GROUP: Final = 50_000
"""So many rows stand together in the file."""
_DIGITS: Final = 18
_CENTS: Final = 2
_SIMPLE: Final[Mapping[Type, Any]] = {
    BOOLEAN: pl.Boolean(),
    DECIMAL: pl.Decimal(_DIGITS, _CENTS),
    INSTANT: pl.Datetime("us", "UTC"),
    INTEGER: pl.Int64(),
}


def write_parquet(events: Iterable[Event], path: Path) -> int:
    """Write events to a file; gives their number.

    Raises:
        OSError: the file cannot be written.
    """
    path.touch()  # a file that cannot be written is to be found before the work, not after it
    with TemporaryDirectory(dir=path.parent, prefix=f".{path.name}.") as folder:
        parts, rows = [], 0
        for number, frame in enumerate(_frames(events)):
            parts.append(Path(folder) / f"{number:06d}.parquet")
            frame.write_parquet(parts[-1])
            rows += frame.height
        pl.scan_parquet(parts).sink_parquet(path, row_group_size=_GROUP)
    return rows


def _frames(events: Iterable[Event]) -> Iterator[pl.DataFrame]:
    declared = standard_catalog().events
    fields = {name: tuple(fields_of(type_)) for name, type_ in declared.items()}
    schema = {
        spec.name: _column(spec.type)
        for type_ in declared.values()
        for spec in fields_of(type_).values()
    }
    rest = iter(events)
    while rows := list(islice(rest, _ROWS)):
        columns: dict[str, list[Any]] = {name: [None] * len(rows) for name in schema}
        for row, event in enumerate(rows):
            for name in fields[event.type]:
                columns[name][row] = _cell(getattr(event, attribute(name)))
        yield pl.DataFrame(columns, schema=schema)


def _column(type_: Type) -> Any:
    return pl.List(pl.String) if isinstance(type_, ListOf) else _SIMPLE.get(type_, pl.String())


def _cell(value: Any) -> Any:
    if isinstance(value, datetime):
        return value.astimezone(UTC)
    return list(value) if isinstance(value, tuple) else value
