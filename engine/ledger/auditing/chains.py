"""Whether each entry follows on the one before it and says what was written.

So an entry that was edited, left out or put elsewhere is found, without looking at the policy.
"""

from __future__ import annotations

from contextlib import closing
from typing import Any

import msgspec

from ...records.decision import Decision, encode
from ...records.sealing import hash_of
from ...runtime.instants import InvalidInstant, parse_instant
from ..reading import LedgerReader
from .findings import Finding

_DECISIONS = msgspec.json.Decoder(Decision)


def first_broken_link(reader: LedgerReader, shop: str) -> Finding | None:
    """The first entry of a shop that is not what was written there."""
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
    except (msgspec.MsgspecError, RecursionError):
        return "it is no decision record"
    if hash_of(decision, b"") != row.hash or encode(decision).decode() != row.body:
        return "it is not what was written: its hash differs"
    if not _agrees(row, decision):
        return "its columns do not say what its record says"
    return None


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
