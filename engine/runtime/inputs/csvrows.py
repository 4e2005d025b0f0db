"""CSV: rows as lists of texts, and events from rows.

The dialect is that of RFC 4180: commas, `"` around what holds commas, quotes or line breaks, `""`
for a quote, a header. A row may span several lines; its number is that of its first.
"""

from __future__ import annotations

import csv
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from ...language.diagnostics import did_you_mean
from ..event_types import ENVELOPE, MAX_LINE, fields_of
from ..events import Decoder, Event, Rejection
from ..refusals import shown
from .blocks import Damaged, file_blocks, first_bytes
from .jsonl import truncated
from .lines import Watched, split_lines
from .received import InputProblem, OnBytes, Received, rejected


class _RowTooLong(Exception):  # noqa: N818  # says what the row is, which is not our failure
    """A row has more bytes than any event."""


class _Feed:
    """Gives a csv reader its lines, and remembers those of the row that is being read."""

    def __init__(self, lines: Iterable[bytes]) -> None:
        self._lines = iter(lines)
        self.read = 0
        self.row: list[bytes] = []
        self.is_text = True
        self._size = 0

    def __iter__(self) -> _Feed:
        return self

    def begin_row(self) -> None:
        """Forget the row before."""
        self.row.clear()
        self.is_text = True
        self._size = 0

    def __next__(self) -> str:
        line = next(self._lines)
        self.read += 1
        self._size += len(line) + 1
        if self._size > MAX_LINE + 1:
            raise _RowTooLong
        self.row.append(line)
        try:
            return line.decode("utf-8") + "\n"
        except UnicodeDecodeError:
            self.is_text = False
            return line.decode("utf-8", "replace") + "\n"


class CsvRows:
    """The rows of a CSV file behind its header.

    Iterating gives pairs of a row's first line and its cells, as many as there are columns, or the
    rejection that came of it.

    Attributes:
        header: the names of the columns.
    """

    def __init__(self, path: Path, on_bytes: OnBytes | None = None) -> None:
        """Read the header.

        Raises:
            InputProblem: the file cannot be read, or does not begin with a header.
        """
        first_bytes(path)
        self._blocks = Watched(file_blocks(path, on_bytes))
        self._feed = _Feed(split_lines(self._blocks))
        self._reader = csv.reader(self._feed, strict=True)
        self.header = _header(path, self._reader)

    @property
    def raw(self) -> bytes:
        """The bytes of the row that came last."""
        return b"\n".join(self._feed.row)

    @property
    def cut(self) -> bool:
        """Whether the file ends in the row that came last, before the end of its line."""
        return self._blocks.over

    def __iter__(self) -> Iterator[tuple[int, list[str] | Rejection]]:
        feed = self._feed
        try:
            while True:
                feed.begin_row()
                line = feed.read + 1
                try:
                    cells = next(self._reader)
                except StopIteration:
                    return
                except (csv.Error, _RowTooLong) as error:
                    yield line, _unreadable(error)
                    continue
                if cells:
                    yield line, self._checked(cells)
        except Damaged as damage:
            yield feed.read + 1, truncated(damage)

    def _checked(self, cells: list[str]) -> list[str] | Rejection:
        if not self._feed.is_text:
            return Rejection("not-utf-8", None, "the row is not UTF-8 throughout")
        if len(cells) != len(self.header):
            message = f"the row has {len(cells)} cells and the header {len(self.header)}"
            return Rejection("bad-row", None, message)
        return cells


def read_csv(path: Path, decoder: Decoder, on_bytes: OnBytes | None) -> Iterator[Received]:
    """Every row, as an event or a rejection; an empty cell is a missing value.

    Raises:
        InputProblem: at once, if the file cannot be read, lacks a column of the envelope, or has
            one for which no type of event has a field.
    """
    rows = CsvRows(path, on_bytes)
    check_columns(path, rows.header, decoder)
    return _events(str(path), rows, decoder)


def _events(name: str, rows: CsvRows, decoder: Decoder) -> Iterator[Received]:
    for line, cells in rows:
        result: Event | Rejection = (
            cells
            if isinstance(cells, Rejection)
            else decoder.convert(dict(zip(rows.header, cells, strict=True)), lenient=True)
        )
        if isinstance(result, Event):
            yield Received(name, line, result, None, cut=rows.cut)
        else:
            yield rejected(name, line, result, rows.raw, cut=rows.cut)


def check_columns(path: Path, header: Sequence[str], decoder: Decoder) -> None:
    """See whether a table has the columns of events and no others.

    Raises:
        InputProblem: it has not.
    """
    for name, spec in ENVELOPE.items():
        if not spec.optional and name not in header:
            raise InputProblem(
                path,
                f"there is no column `{name}`",
                did_you_mean(name, header) or "describe a table of your own in a mapping file",
            )
    known = {field for event in decoder.catalog.events.values() for field in fields_of(event)}
    for name in header:
        if name not in known:
            raise InputProblem(
                path,
                f"no event has a field for the column `{shown(name)}`",
                did_you_mean(name, known) or "remove it, or describe the table in a mapping file",
            )


def _header(path: Path, reader: Iterator[list[str]]) -> list[str]:
    try:
        header = next(reader)
    except StopIteration:
        raise InputProblem(path, "the file is empty", "begin it with a line of names") from None
    except (csv.Error, _RowTooLong, Damaged):
        raise InputProblem(path, "the first line is no header of a CSV file") from None
    if len(header) == 1 and any(mark in header[0] for mark in ";\t|"):
        raise InputProblem(path, "the columns are not separated by commas", "export it with commas")
    for name, times in Counter(header).items():
        if times > 1:
            raise InputProblem(path, f"there are {times} columns `{shown(name)}`", "rename them")
    return header


def _unreadable(error: csv.Error | _RowTooLong) -> Rejection:
    if isinstance(error, _RowTooLong) or "field limit" in str(error):
        return Rejection("too-long", None, "the row or a cell in it is longer than any event")
    return Rejection("bad-row", None, f"the row is not CSV: {error}")
