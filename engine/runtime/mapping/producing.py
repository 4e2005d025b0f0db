"""From the rows of tables to events in order."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from operator import itemgetter
from pathlib import Path
from typing import Any, Final

from ..events import Decoder, Event, Rejection
from ..inputs.merging import Key, order_of
from ..inputs.received import InputProblem, OnBytes, Received, rejected
from ..refusals import shown, usable_id
from ..zones import zone
from .binding import BoundMapping, BoundSection
from .clocks import local_instant
from .joining import Partners
from .model import Cell, Constant, EventPlan, Template, Value
from .tables import Row, open_table

MOST_EVENTS: Final = 2_000_000
"""The most events of one run: they are put in order in memory."""

_Reader = Callable[[Row], Any]


def map_events(
    mapping: BoundMapping, decoder: Decoder, on_bytes: OnBytes | None = None
) -> Iterator[Received]:
    """Every event that the tables of a mapping hold.

    Rejections come as soon as they are found, then the events of all sections together in the order
    of `(occurred_at, sequence, event_id)`. The line is that of the row that an event was made of.

    Raises:
        InputProblem: a table turns out to be damaged, or there are more than `MOST_EVENTS` events.
    """
    events: list[tuple[Key, Received]] = []
    for section in mapping.sections:
        for received in _section_events(section, decoder, on_bytes):
            if received.event is None:
                yield received
                continue
            events.append((order_of(received.event), received))
            if len(events) > MOST_EVENTS:
                raise InputProblem(
                    received.source_name,
                    f"the tables hold more than {MOST_EVENTS:,} events",
                    "split them by time and map each part by itself",
                )
    events.sort(key=itemgetter(0))
    for _key, received in events:
        yield received


def _section_events(
    bound: BoundSection, decoder: Decoder, on_bytes: OnBytes | None
) -> Iterator[Received]:
    section = bound.section
    partners = []
    for join in section.joins:
        name = join.file.name
        partner = Partners(join, bound.paths[name], bound.columns[name], on_bytes)
        yield from partner.rejections
        partners.append(partner)
    path = bound.paths[section.rows.name]
    table = open_table(path, on_bytes)
    makers = [_Maker(plan, decoder) for plan in section.events]
    for line, row in table.rows(bound.columns[section.rows.name]):
        if isinstance(row, Rejection):
            yield rejected(str(path), line, row, table.raw)
        else:
            yield from _row_events(row, partners, makers, path, line)


def _row_events(
    row: Row, partners: list[Partners], makers: list[_Maker], path: Path, line: int
) -> Iterator[Received]:
    rows: Iterator[Row] = iter((row,))
    for partner in partners:
        rows = partner.joined(rows)
    for joined in rows:
        for maker in makers:
            result = maker.make(joined)
            if isinstance(result, Event):
                yield Received(str(path), line, result, None)
            elif result is not None:
                raw = json.dumps(joined, ensure_ascii=False).encode("utf-8", "replace")
                yield rejected(str(path), line, result, raw)


class _Refused(Exception):  # noqa: N818  # says what a row holds, which is not our failure
    """A cell cannot be read as its mapping says."""

    def __init__(self, field: str, message: str) -> None:
        super().__init__(message)
        self.field = field


class _Maker:
    """Makes the events of one plan."""

    def __init__(self, plan: EventPlan, decoder: Decoder) -> None:
        self._plan = plan
        self._decoder = decoder
        self._readers = [(name, _reader(name, value)) for name, value in plan.values.items()]

    def make(self, row: Row) -> Event | Rejection | None:
        """The event of a row, why there is none, or nothing if the row is not meant."""
        if not all(one.takes(row.get(one.column.name, "")) for one in self._plan.filters):
            return None
        given: dict[str, Any] = {"type": self._plan.type}
        try:
            for name, read in self._readers:
                given[name] = read(row)
        except _Refused as refused:
            return Rejection("unknown-word", refused.field, str(refused), usable_id(given))
        if self._plan.skip_empty and any(given[name] == "" for name in self._plan.needed):
            return None
        return self._decoder.convert(given, lenient=True)


def _reader(field: str, value: Value) -> _Reader:
    """What reads a value out of a row."""
    if isinstance(value, Constant):
        return lambda _row: value.text
    if isinstance(value, Template):
        return _template_reader(value)
    return _cell_reader(field, value)


def _template_reader(template: Template) -> _Reader:
    columns = [column.name for column in template.columns]
    pattern = "".join(
        part.replace("%", "%%") if isinstance(part, str) else "%s" for part in template.parts
    )

    def read(row: Row) -> str:
        cells = tuple([row.get(name, "") for name in columns])
        return "" if "" in cells else pattern % cells

    return read


def _cell_reader(field: str, cell: Cell) -> _Reader:
    name = cell.column.name
    if cell.zone is not None:
        clock = zone(cell.zone)
        return lambda row: local_instant(_said(field, cell, row.get(name, "")), clock)
    if cell.words is not None:
        return lambda row: _said(field, cell, row.get(name, ""))
    return lambda row: row.get(name, "")


def _said(field: str, cell: Cell, text: str) -> str:
    """What a cell stands for, if the mapping gives its words a meaning."""
    if cell.words is None or text == "":
        return text
    meaning = cell.words.get(text, cell.otherwise)
    if meaning is None:
        column = cell.column.name
        raise _Refused(field, f"the mapping has no word for `{shown(text)}` of `{column}`")
    return meaning
