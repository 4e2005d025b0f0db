"""Whether what was taken out of a ledger is accounted for, and nothing else was taken out."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection
from dataclasses import dataclass, field
from typing import Any

import msgspec

from ...records.decision import Decision
from ...records.sealing import is_withheld, texts_of
from ..privacy.anchors import Pile
from ..privacy.erased import Erased, Noted, chained, marks_of
from ..privacy.settings import TEXTS
from ..reading import LedgerReader
from .findings import Finding

_ERASED = msgspec.json.Decoder(Erased)


@dataclass(slots=True)
class Erasures:
    """What was taken out, by what the ledger says of it.

    `events` were dropped, and of the quarantine `aside`, by input; `others` of these were no
    events. An anchor names one of the `numbers`.
    """

    findings: list[Finding] = field(default_factory=list)
    numbers: set[int] = field(default_factory=set)
    events: int = 0
    others: int = 0
    aside: Counter[str] = field(default_factory=Counter)


def look_at_erasures(reader: LedgerReader) -> Erasures:
    """Go through what was taken out; the first thing that does not hold is a finding."""
    found, previous = Erasures(), ""
    for number, row in enumerate(reader.erasures(), start=1):
        what = _take(reader, row, number, previous, found)
        if what is not None:
            found.findings.append(Finding("", None, None, f"erasure {row.number}: {what}"))
            break
        previous = row.hash
    if not found.findings and reader.withholding() - found.numbers:
        what = "decisions are listed that an erasure took texts out of, which is not there"
        found.findings.append(Finding("", None, None, what))
    return found


def _take(
    reader: LedgerReader, row: Any, number: int, previous: str, found: Erasures
) -> str | None:
    """Count an erasure; gives what is wrong with it."""
    noted = Noted(row.number, row.kind, row.at, row.body)
    if row.number != number:
        return f"erasure {number} is missing"
    try:
        erased = _ERASED.decode(row.body)
    except (msgspec.MsgspecError, RecursionError):
        return "it is no record of an erasure"
    if chained(previous, noted, reader.key) != row.hash or erased.kind != row.kind:
        return "it is not what was written: its hash differs"
    if Pile(marks_of(reader.withheld(number))).digest != erased.marked:
        return "it does not list the decisions that it took texts out of"
    found.numbers.add(number)
    found.events += erased.dropped_events
    found.others += erased.dropped_others
    found.aside.update(erased.dropped_aside)
    return None


class Accounted:
    """Whether decisions of one shop lack no more texts, and no fewer, than they have to."""

    def __init__(self, reader: LedgerReader, shop: str) -> None:
        """Know which may lack any."""
        self._all = TEXTS in reader.settings.redact
        self._some: Collection[int] = reader.without_texts(shop)

    def hear(self, decision: Decision) -> str | None:
        """What is wrong with the texts of a decision."""
        gone = [is_withheld(text) for text in texts_of(decision)]
        if self._all:
            return None if all(gone) else "people's words stand in it, and the ledger redacts them"
        reached = decision.sequence in self._some
        if any(gone) and not reached:
            return "a text was taken out of it, and no erasure says so"
        return (
            "an erasure took its texts out, and they are there"
            if reached and not all(gone)
            else None
        )
