"""Ledgers to look at: what was recorded into them, and what happens when somebody changes a row."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from revlex.engine.authoring.recording import Recorded, Recording
from revlex.engine.language.program import Program
from revlex.engine.language.written import WrittenPack
from revlex.engine.ledger.ledger import Ledger
from revlex.engine.ledger.opening import address_of, connect_to
from revlex.engine.ledger.reading import LedgerReader
from revlex.engine.ledger.tables import metadata
from revlex.engine.ledger.verifying import EVERYTHING, Look, verify
from revlex.engine.runtime.evaluator import Evaluator
from revlex.engine.runtime.events import Decoder, Event
from revlex.engine.runtime.inputs.received import Received, rejected
from revlex.engine.runtime.rejections import Rejection
from revlex.tests.reference.streams import compiled
from sqlalchemy import select


def record(
    text: str,
    received: Iterable[Event | bytes],
    name: str,
    *,
    stream: str = "events",
    every: int = 5_000,
    until: int | None = None,
) -> Recorded:
    """Record events, or lines that may be none, under a policy into a ledger."""
    program = compiled(text)
    with Ledger(name) as ledger:
        ledger.keep_policy(program, WrittenPack({"policy.yaml": text}, {}))
        recording = Recording(program, Evaluator(program), ledger, stream, every)
        return recording.run(_received(program, received), until)


def _received(program: Program, given: Iterable[Event | bytes]) -> Iterable[Received]:
    decoder = Decoder(program.catalog)
    for number, one in enumerate(given, start=1):
        found = decoder.decode(one) if isinstance(one, bytes) else one
        if isinstance(found, Rejection):
            yield rejected("events.jsonl", number, found, one if isinstance(one, bytes) else b"")
        else:
            yield Received("events.jsonl", number, found, None)


def findings(name: str, look: Look = EVERYTHING) -> list[str]:
    """What does not hold in a ledger, a line each."""
    with LedgerReader(name) as reader:
        return [f"{one.shop} {one.sequence}: {one.what}" for one in verify(reader, look)]


def content(name: str) -> dict[str, list[tuple[Any, ...]]]:
    """All rows of a ledger, by table and in the order of their keys."""
    engine = connect_to(address_of(name))
    with engine.connect() as connection:
        found = {
            table.name: [
                tuple(row)
                for row in connection.execute(select(table).order_by(*table.primary_key.columns))
            ]
            for table in metadata.sorted_tables
        }
    engine.dispose()
    return found
