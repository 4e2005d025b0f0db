"""Whether a ledger is what was written: the chains, and everything evaluated once more.

Hashes show that an entry was edited, left out or put elsewhere. Evaluating the stored events again
under the stored policy shows more: that the decisions follow from them.
"""

from __future__ import annotations

import hashlib
from collections.abc import Generator, Iterator
from contextlib import closing
from dataclasses import dataclass
from itertools import zip_longest
from typing import Any

import msgspec

from ..language.program import Program
from ..records.decision import Decision, Integrity, encode
from ..runtime.evaluator import Evaluator
from ..runtime.event_types import Event
from ..runtime.events import Decoder
from ..runtime.instants import InvalidInstant, parse_instant
from .reading import KeptShop, LedgerReader

_DECISIONS = msgspec.json.Decoder(Decision)


@dataclass(frozen=True, slots=True)
class Finding:
    """Something that does not hold: where, and what."""

    shop: str
    sequence: int | None
    decision_id: str | None
    what: str


def verify(reader: LedgerReader) -> Iterator[Finding]:
    """Look through a ledger; gives at most one finding for each shop, the first, in order."""
    programs = _Programs(reader)
    kept = {one.shop: one for one in reader.shops()}
    for shop in sorted({*kept, *reader.shops_with_entries()}):
        found = _first_broken_link(reader, shop)
        if found is None:
            found = _first_difference(reader, programs, kept.get(shop), shop)
        if found is not None:
            yield found


# ------------------------------------------------------------------------- chains


def _first_broken_link(reader: LedgerReader, shop: str) -> Finding | None:
    previous, expected = "", 1
    with closing(reader.entries(shop)) as rows:
        for row in rows:
            what = _broken(row, previous, expected)
            if what is not None:
                return Finding(shop, row.sequence, row.decision_id, what)
            previous, expected = row.hash, expected + 1
    return None


def _broken(row: Any, previous: str, expected: int) -> str | None:
    """What is wrong with an entry, given the one before it."""
    if row.sequence != expected:
        return f"entry {expected} is missing"
    if row.previous != previous:
        return "it does not follow on the entry before it"
    try:
        decision = _DECISIONS.decode(row.body)
    except msgspec.MsgspecError:
        return "it is no decision record"
    if _hash(decision) != row.hash or encode(decision).decode() != row.body:
        return "it is not what was written: its hash differs"
    if not _agrees(row, decision):
        return "its columns do not say what its record says"
    return None


def _hash(decision: Decision) -> str:
    """What the hash of a decision has to be."""
    bare = Integrity(decision.integrity.previous, "")
    open_ = msgspec.structs.replace(decision, integrity=bare)
    return hashlib.sha256(encode(open_)).hexdigest()


def _agrees(row: Any, decision: Decision) -> bool:
    try:
        at = parse_instant(decision.time.event_time)
    except InvalidInstant:
        return False
    integrity = decision.integrity
    says = (decision.subject.shop, decision.sequence, decision.decision_id, decision.kind)
    also = (decision.rule.id, at, integrity.previous, integrity.hash)
    columns = (row.shop, row.sequence, row.decision_id, row.kind)
    return says == columns and also == (row.rule, row.at, row.previous, row.hash)


# --------------------------------------------------------------------- once more


class _Programs:
    """The policies of a ledger, each compiled once."""

    def __init__(self, reader: LedgerReader) -> None:
        self._reader = reader
        self._known: dict[str, Program | None] = {}

    def get(self, digest: str) -> Program | None:
        """The program of a policy, if the ledger holds one that has this digest."""
        if digest not in self._known:
            self._known[digest] = self._compiled(digest)
        return self._known[digest]

    def _compiled(self, digest: str) -> Program | None:
        written = self._reader.policy(digest)
        program = None if written is None else written.compiled()
        return program if program is not None and program.digest == digest else None


def _first_difference(
    reader: LedgerReader, programs: _Programs, kept: KeptShop | None, shop: str
) -> Finding | None:
    """Where the decisions of a shop differ from those that its events bring once more."""
    program = None if kept is None else programs.get(kept.policy)
    if kept is None or program is None:
        return Finding(shop, None, None, "the policy that judged it is not in the ledger")
    rows, again = reader.entries(shop), _evaluated(reader, program, kept)
    with closing(rows), closing(again):
        found = (_difference(shop, row, decision) for row, decision in zip_longest(rows, again))
        return next((one for one in found if one is not None), None)


def _difference(shop: str, row: Any, decision: Decision | None) -> Finding | None:
    if decision is None:
        what = "it does not follow from the events"
    elif row is None:
        return Finding(shop, decision.sequence, decision.decision_id, "the entry is missing")
    elif encode(decision).decode() != row.body:
        what = "evaluated once more, it comes out differently"
    else:
        return None
    return Finding(shop, row.sequence, row.decision_id, what)


def _evaluated(
    reader: LedgerReader, program: Program, kept: KeptShop
) -> Generator[Decision, None, None]:
    """The decisions of a shop, from its events."""
    with closing(reader.events(kept.shop)) as rows:
        yield from _fed(rows, program, kept)


def _fed(rows: Iterator[Any], program: Program, kept: KeptShop) -> Iterator[Decision]:
    evaluator, decoder = Evaluator(program, region=kept.region), Decoder(program.catalog)
    for row in rows:
        if not row.event_id:
            yield from evaluator.advance_shop(kept.shop, row.at)
            continue
        event = decoder.decode(row.body.encode())
        if isinstance(event, Event):
            yield from evaluator.feed(event)
        evaluator.quarantined.clear()
