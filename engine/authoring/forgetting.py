"""Erasure and retention at the command line: from what was asked for to what was taken out."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Final

from ..ledger.ledger import Ledger
from ..ledger.privacy.erased import Erased
from ..ledger.privacy.erasing import Erasing, Terms
from ..ledger.reading import LedgerReader
from ..runtime.instants import DAY
from .running import RunProblem

_DAYS: Final = re.compile(r"([0-9]{1,6})d", re.ASCII)


def erase(ledger: str, key: bytes, buyer: str, at: int, *, dry_run: bool) -> Erased:
    """Take the texts and the name of a buyer out of a ledger.

    Args:
        ledger: A file, or the address of a database.
        key: The key that it was begun with; empty if there was none.
        buyer: The id of the buyer, as events have it.
        at: The present, in microseconds since 1970.
        dry_run: Only count.

    Raises:
        LedgerProblem: The ledger cannot be read or written to, or is damaged.
    """
    if not buyer:
        raise RunProblem("no buyer has an empty id")
    with LedgerReader(ledger, key) as reader, Ledger(ledger, key) as opened:
        return Erasing(opened, reader).buyer(buyer, at, dry_run=dry_run)


def retain(
    ledger: str, key: bytes, ages: Mapping[str, str | None], at: int, *, dry_run: bool
) -> Erased:
    """Take out of a ledger what is older than it is to be kept.

    Args:
        ledger: A file, or the address of a database.
        key: The key that it was begun with; empty if there was none.
        ages: How long `texts`, `events` and `quarantine` are kept, such as `730d`; what has no age
            is kept.
        at: The instant from which this is counted back, in microseconds since 1970.
        dry_run: Only count.

    Raises:
        RunProblem: An age is none, or there is none at all.
        LedgerProblem: The ledger cannot be read or written to, or is damaged.
    """
    before = {name: at - _micros(name, age) for name, age in ages.items() if age is not None}
    if not before:
        help_ = "add `--texts`, `--events` or `--quarantine` with a number of days, such as `730d`"
        raise RunProblem("it is not said how long anything is kept", help_)
    terms = Terms(before.get("texts"), before.get("events"), before.get("quarantine"))
    with LedgerReader(ledger, key) as reader, Ledger(ledger, key) as opened:
        return Erasing(opened, reader).retain(terms, at, dry_run=dry_run)


def _micros(name: str, age: str) -> int:
    found = _DAYS.fullmatch(age)
    if found is None:
        help_ = "write a number of days and `d`, such as `730d`"
        raise RunProblem(f"`--{name} {age}` is no number of days", help_)
    return int(found[1]) * DAY


def erased_lines(erased: Erased, *, dry_run: bool) -> Iterator[str]:
    """What was taken out, for people."""
    if dry_run:
        yield "nothing has been changed; this is what would come of it:"
    if erased.is_nothing:
        yield "nothing to take out"
        return
    yield f"shops: {erased.shops:,}"
    texts = {
        "events": erased.from_events,
        "decisions": erased.from_decisions,
        "versions of appeals": erased.from_appeals,
        "states of shops": erased.from_states,
        "records of the quarantine": erased.from_aside,
    }
    yield from _counted("texts withheld in", texts)
    dropped = sum(erased.dropped_aside.values())
    yield from _counted(
        "dropped", {"events": erased.dropped_events, "records of the quarantine": dropped}
    )


def _counted(what: str, counts: Mapping[str, int]) -> Iterator[str]:
    listed = ", ".join(f"{name} {count:,}" for name, count in counts.items() if count)
    if listed:
        yield f"{what}: {listed}"
