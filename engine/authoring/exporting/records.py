"""Decisions and appeals as they are, or as flat rows."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from ...records.projections.flat import COLUMNS
from .asked import JSONL, PARQUET, Asked, Export, Exported
from .formats import write_lines, write_parquet
from .sources import Source
from .targets import writing_to


@dataclass(slots=True)
class Counted:
    """Records on their way, counted."""

    asked: Asked
    count: int = 0

    def each(self, records: Iterable[Any]) -> Iterator[Any]:
        """The records, each told to whoever shows progress."""
        for record in records:
            self.count += 1
            if self.asked.on_record is not None:
                self.asked.on_record(self.count)
            yield record


def _make(source: Source, asked: Asked) -> Exported:
    read = source.decisions if asked.what == "decisions" else source.appeals
    counted = Counted(asked)
    pairs = counted.each(read(asked.wanted))
    with writing_to(asked.out) as to:
        if asked.style == JSONL:
            write_lines((line for _, line in pairs), to)
        else:
            write_parquet((record for record, _ in pairs), COLUMNS[asked.what], to)
    return Exported(counted.count, asked.what)


_STYLES = frozenset({JSONL, PARQUET})
_OF_ALL = frozenset({"shops", "rules", "since", "before"})

DECISIONS = Export(_OF_ALL | {"kinds", "modes", "regions"}, _STYLES, _make)
APPEALS = Export(_OF_ALL | {"states"}, _STYLES, _make)
