"""Rows of other files that belong to a row.

A joined file is read into memory once, of its columns only those that the mapping uses, and put
into groups by what is looked up.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Final

from ..inputs.received import InputProblem, OnBytes, Received, rejected
from .model import Join
from .tables import Row, open_table

MOST_JOINED: Final = 5_000_000
"""The most rows of a joined file."""


class Partners:
    """The rows of one joined file by the value of the column that is looked up.

    Attributes:
        rejections: what came of rows that could not be read.
    """

    def __init__(
        self, join: Join, path: Path, columns: Sequence[str], on_bytes: OnBytes | None
    ) -> None:
        """Read the file.

        Raises:
            InputProblem: the file cannot be read, or has more than `MOST_JOINED` rows.
        """
        self._join = join
        self.rejections: list[Received] = []
        found = self._read(path, sorted({*columns, join.by.name}), on_bytes)
        self._groups = {key: list(self._grouped(rows)) for key, rows in found.items()}
        self._unmatched: list[Row] = [{}] if join.keep_unmatched else []

    def _read(
        self, path: Path, columns: Sequence[str], on_bytes: OnBytes | None
    ) -> dict[str, list[Row]]:
        table = open_table(path, on_bytes)
        found: dict[str, list[Row]] = {}
        for count, (line, row) in enumerate(table.rows(columns), start=1):
            if count > MOST_JOINED:
                raise InputProblem(
                    path, f"a joined file may have {MOST_JOINED:,} rows at most", "split the data"
                )
            if not isinstance(row, dict):
                self.rejections.append(rejected(str(path), line, row, table.raw))
            elif row[self._join.by.name]:
                found.setdefault(row[self._join.by.name], []).append(row)
        return found

    def _grouped(self, rows: Sequence[Row]) -> Iterable[Row]:
        """One row for each group; see `Join`."""
        if self._join.distinct is None:
            return rows[:1] if self._join.first_only else rows
        groups: dict[tuple[str, ...], list[Row]] = {}
        for row in rows:
            key = tuple(row[column.name] for column in self._join.distinct)
            groups.setdefault(key, []).append(row)
        kept = list(groups.values())[:1] if self._join.first_only else groups.values()
        return map(self._gathered, kept)

    def _gathered(self, group: Sequence[Row]) -> Row:
        """The first row of a group with the lists of what all of them hold, written as cells."""
        lists = {
            new.name: list(dict.fromkeys(row[old.name] for row in group if row[old.name]))
            for new, old in self._join.gather
        }
        return group[0] | {
            name: json.dumps(texts) if texts else "" for name, texts in lists.items()
        }

    def joined(self, rows: Iterable[Row]) -> Iterator[Row]:
        """Each row together with each that belongs to it."""
        equals = self._join.equals.name
        for row in rows:
            for partner in self._groups.get(row.get(equals, ""), self._unmatched):
                yield partner | row
