"""Tables as rows of texts, whether they are CSV or Parquet.

In a Parquet file a time without a zone is the text that its clock showed, and a binary float the
shortest decimal that names it. A missing value is the empty text, as in CSV.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Protocol

from ..events import Rejection
from ..inputs.csvrows import CsvRows
from ..inputs.opening import kind_of
from ..inputs.received import OnBytes

Row = dict[str, str]
"""The cells of the columns that are asked for, by their names."""


class Table(Protocol):
    """A table whose header has been read."""

    @property
    def header(self) -> Sequence[str]:
        """The names of its columns."""
        ...

    @property
    def raw(self) -> bytes:
        """The row that came last as it stands in the file, for a text file."""
        ...

    def rows(self, columns: Iterable[str]) -> Iterator[tuple[int, Row | Rejection]]:
        """The number of each row, from 1, or of its first line, and its cells in some columns."""
        ...


class _CsvTable:
    """A CSV file."""

    def __init__(self, path: Path, on_bytes: OnBytes | None) -> None:
        self._rows = CsvRows(path, on_bytes)

    @property
    def header(self) -> Sequence[str]:
        return self._rows.header

    @property
    def raw(self) -> bytes:
        return self._rows.raw

    def rows(self, columns: Iterable[str]) -> Iterator[tuple[int, Row | Rejection]]:
        places = [(name, self.header.index(name)) for name in columns]
        for line, cells in self._rows:
            if isinstance(cells, Rejection):
                yield line, cells
            else:
                yield line, {name: cells[place] for name, place in places}


class _ParquetTable:
    """A Parquet file."""

    raw = b""

    def __init__(self, path: Path, on_bytes: OnBytes | None) -> None:
        from ..inputs import parquet  # noqa: PLC0415  # most runs need no Polars

        self._parquet = parquet
        self._path = path
        self._on_bytes = on_bytes
        self._frame = parquet.scan(path)
        self.header: Sequence[str] = self._frame.collect_schema().names()

    def rows(self, columns: Iterable[str]) -> Iterator[tuple[int, Row | Rejection]]:
        names = list(columns)
        texts = self._parquet.as_texts(self._path, self._frame, names)
        number = 0
        for part in self._parquet.slices(self._path, texts, self._on_bytes):
            for cells in part.iter_rows():
                number += 1
                yield number, dict(zip(names, cells, strict=True))


def open_table(path: Path, on_bytes: OnBytes | None = None) -> Table:
    """Open a table, a CSV or Parquet file as its name tells, and read its header.

    Raises:
        InputProblem: it cannot be read.
    """
    make = _ParquetTable if kind_of(path) == "parquet" else _CsvTable
    return make(path, on_bytes)
