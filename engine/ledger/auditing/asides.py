"""Whether the quarantine and the positions of the inputs say the same as the events do.

Every record of an input is an event of a shop, or it was none and is in the quarantine. What was an
event and could not be applied is in both.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass, field
from typing import Any

import msgspec

from ...runtime.event_types import Event
from ...runtime.events import Decoder
from ..reading import LedgerReader
from .erasures import Erasures
from .findings import Finding
from .programs import Programs
from .tallies import Tally


class _Record(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What the quarantine says of a record; the fields in the order in which they are written."""

    source: str
    line: int
    reason: str
    field: str | None
    message: str
    event_id: str | None
    raw: str


_RECORDS = msgspec.json.Decoder(_Record)


@dataclass(slots=True)
class Asides:
    """What is in the quarantine.

    `by_shop` are the records that are events, `others` counts those that are not.
    """

    findings: list[Finding] = field(default_factory=list)
    by_shop: dict[str, Tally] = field(default_factory=lambda: defaultdict(Tally))
    others: int = 0


def look_aside(reader: LedgerReader, programs: Programs, dropped: Counter[str]) -> Asides:
    """Go through the quarantine; gives the first finding of each input.

    So many of the first records of each input were `dropped`.
    """
    asides, seen, broken = Asides(), Counter(dropped), set[str]()
    decoders = _decoders(reader, programs)
    with closing(reader.quarantine()) as rows:
        for row in rows:
            seen[row.stream] += 1
            what = _take(row, seen[row.stream], decoders.get(row.stream), asides)
            if what is not None and row.stream not in broken:
                broken.add(row.stream)
                said = f"quarantine of {row.stream}, record {row.number}: {what}"
                asides.findings.append(Finding("", None, None, said))
    asides.findings += _unknown_policies(reader, programs)
    asides.findings += _miscounted(reader, seen, broken)
    return asides


def _decoders(reader: LedgerReader, programs: Programs) -> dict[str, Decoder | None]:
    """What reads the records of each input."""
    found: dict[str, Decoder | None] = {}
    for position in reader.positions():
        program = programs.get(position.policy)
        found[position.stream] = None if program is None else Decoder(program.catalog)
    return found


def _take(row: Any, number: int, decoder: Decoder | None, asides: Asides) -> str | None:
    """Count a record; gives what is wrong with it."""
    if row.number != number:
        return f"record {number} is missing"
    try:
        record = _RECORDS.decode(row.body)
    except msgspec.MsgspecError:
        return "it is no record of the quarantine"
    if record.reason != row.reason or msgspec.json.encode(record).decode() != row.body:
        return "its columns do not say what its record says"
    event = None if decoder is None else decoder.decode(record.raw.encode())
    if isinstance(event, Event):
        said = (record.reason, record.field, record.message, record.event_id, record.raw)
        asides.by_shop[event.shop_id].add(said)
    else:
        asides.others += 1
    return None


def _unknown_policies(reader: LedgerReader, programs: Programs) -> Iterator[Finding]:
    for position in reader.positions():
        if programs.get(position.policy) is None:
            what = "the policy that it was read under is not in the ledger"
            yield Finding("", None, None, f"input {position.stream}: {what}")


def _miscounted(reader: LedgerReader, seen: Counter[str], broken: set[str]) -> Iterator[Finding]:
    """Inputs of which more or fewer records are in the quarantine than they say."""
    said = {position.stream: position.quarantined for position in reader.positions()}
    for stream in sorted({*said, *seen} - broken):
        if said.get(stream, 0) != seen[stream]:
            wanted, found = said.get(stream, 0), seen[stream]
            what = (
                f"{wanted:,} of its records were put into the quarantine, and {found:,} are there"
            )
            yield Finding("", None, None, f"input {stream}: {what}")


def miscounted_in_all(
    reader: LedgerReader, asides: Asides, erasures: Erasures
) -> Iterator[Finding]:
    """Whether as many records were read as there are, or were, events and other records."""
    read = sum(position.read for position in reader.positions())
    there = reader.events_fed() + asides.others + erasures.events + erasures.others
    if read != there:
        what = f"{read:,} records were read, and {there:,} are there"
        yield Finding("", None, None, f"inputs: {what}")
