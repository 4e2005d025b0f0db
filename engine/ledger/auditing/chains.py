"""Whether each entry follows on the one before it and says what was written.

So an entry that was edited, left out or put elsewhere is found, without looking at the policy.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from contextlib import closing
from dataclasses import dataclass
from typing import Any

import msgspec

from ...records.decision import Decision, encode
from ...records.sealing import hash_of
from ...runtime.instants import InvalidInstant, parse_instant
from ..reading import LedgerReader
from .findings import Finding

_DECISIONS = msgspec.json.Decoder(Decision)


@dataclass(frozen=True, slots=True)
class End:
    """Where a chain ends: the number of its entries, and the hash of the last."""

    sequence: int = 0
    hash: str = ""


Hearing = Callable[[Decision], str | None]
"""Is told each decision in order, and says what is wrong with it."""


def follow_chain(
    reader: LedgerReader, shop: str, hearings: Iterable[Hearing] = ()
) -> Finding | End:
    """The first entry of a shop that is not what was written there, or that a hearing objects to.

    Where there is none, the end of the chain.

    Args:
        reader: The ledger.
        shop: The name of the shop.
        hearings: Are told of every decision up to there.
    """
    heard, end, key = tuple(hearings), End(), reader.key
    with closing(reader.entries(shop)) as rows:
        for row in rows:
            decision = _decision(row, end, key)
            what = decision if isinstance(decision, str) else _objection(heard, decision)
            if what is not None:
                return Finding(shop, row.sequence, row.decision_id, what)
            end = End(row.sequence, row.hash)
    return end


def _decision(row: Any, before: End, key: bytes) -> Decision | str:
    """The decision of an entry, or what is wrong with it, given the end of those before it."""
    if row.sequence != before.sequence + 1:
        return f"entry {before.sequence + 1} is missing"
    if row.previous != before.hash:
        return "it does not follow on the entry before it"
    try:
        decision = _DECISIONS.decode(row.body)
        hash_ = hash_of(decision, key)
    except (msgspec.MsgspecError, RecursionError):
        return "it is no decision record"
    if hash_ != row.hash or encode(decision).decode() != row.body:
        return "it is not what was written: its hash differs"
    if not _agrees(row, decision):
        return "its columns do not say what its record says"
    return decision


def _objection(hearings: tuple[Hearing, ...], decision: Decision) -> str | None:
    return next((what for one in hearings if (what := one(decision)) is not None), None)


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
