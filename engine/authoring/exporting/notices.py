"""Notices: what the sellers are told of the decisions that fit."""

from __future__ import annotations

from collections.abc import Iterator

from ...records.decision import encode
from ...records.notice import Notice
from ...records.projections.flat import COLUMNS
from ..telling.tellers import Telling, telling
from .asked import JSONL, PARQUET, Asked, Export, Exported
from .formats import write_lines, write_parquet
from .records import Counted
from .sources import Source
from .targets import writing_to


def _make(source: Source, asked: Asked) -> Exported:
    counted = Counted(asked)
    with (
        telling(source.name, asked.policy, asked.language) as teller,
        writing_to(asked.out) as to,
    ):
        told = counted.each(_told(source, asked, teller))
        if asked.style == JSONL:
            write_lines((encode(notice) for notice in told), to)
        else:
            write_parquet(told, COLUMNS[asked.what], to)
    return Exported(counted.count, "notices")


def _told(source: Source, asked: Asked, teller: Telling) -> Iterator[Notice]:
    """The notices of the decisions that sellers are told of."""
    for decision, _ in source.decisions(asked.wanted):
        if teller.tells(decision):
            yield teller.notice(decision)


_OPTIONS = frozenset(
    {"shops", "rules", "since", "before", "kinds", "modes", "regions", "policy", "language"}
)

NOTICES = Export(_OPTIONS, frozenset({JSONL, PARQUET}), _make)
