"""The ledger against SQLite alone: the same rows, appended and looked up."""

from __future__ import annotations

import contextlib
import random
import sqlite3
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, TypeVar

from revlex.engine.ledger.checkpoint import Checkpoint, Heard, Kept, Position
from revlex.engine.ledger.ledger import Ledger
from revlex.engine.ledger.reading import LedgerReader
from revlex.engine.records.decision import Decision
from revlex.engine.runtime.events import Event, encode_event
from revlex.engine.runtime.instants import from_datetime

AT_ONCE: Final = 5_000
"""Rows of a transaction."""

LOOKED_UP: Final = 3_000

Job = Callable[[], object]
InTurn = Callable[[Mapping[str, Job]], Mapping[str, float]]
Show = Callable[[str, str, str], None]
_Item = TypeVar("_Item")


@dataclass(frozen=True, slots=True)
class Bare:
    """What a ledger wrote into one table: how to make the table, and its rows."""

    makes: tuple[str, ...]
    insert: str
    rows: list[tuple[Any, ...]]


def bench_ledger(
    events: Sequence[Event], decisions: Sequence[Decision], in_turn: InTurn, show: Show
) -> None:
    """Events and decisions appended, and decisions looked up, beside SQLite alone."""
    with tempfile.TemporaryDirectory() as folder:
        heard = [_heard(event) for event in events]
        _bench_append(Path(folder, "e"), "events", _checkpoints(heard=heard), in_turn, show)
        many = _checkpoints(decisions=decisions)
        _bench_append(Path(folder, "d"), "decisions", many, in_turn, show)
        _bench_lookup(Path(folder, "l"), many, in_turn, show)


def _heard(event: Event) -> Heard:
    at = from_datetime(event.occurred_at)
    return Heard(event.shop_id, event.event_id, at, encode_event(event))


def _checkpoints(
    heard: Sequence[Heard] = (), decisions: Sequence[Decision] = ()
) -> list[Checkpoint]:
    found = [Checkpoint(Position("x"), heard=some) for some in _pieces(heard)]
    for one in found:
        one.states.update({heard.shop: Kept("", b"") for heard in one.heard})
    return found + [Checkpoint(Position("x"), decisions=some) for some in _pieces(decisions)]


def _pieces(items: Sequence[_Item]) -> Iterator[list[_Item]]:
    for start in range(0, len(items), AT_ONCE):
        yield list(items[start : start + AT_ONCE])


def _appended(folder: Path, checkpoints: Sequence[Checkpoint]) -> str:
    """Make a new ledger of checkpoints; gives its name."""
    folder.mkdir(exist_ok=True)
    name = str(folder / f"ledger{len(list(folder.iterdir()))}.db")
    with Ledger(name) as ledger:
        for one in checkpoints:
            ledger.write(one, "policy")
    return name


def _bare(name: str, table: str) -> Bare:
    """What stands in a table of a ledger."""
    with contextlib.closing(sqlite3.connect(name)) as connection:
        asked = "SELECT sql FROM sqlite_master WHERE tbl_name = ? AND sql IS NOT NULL"
        makes = tuple(row[0] for row in connection.execute(asked, [table]))
        rows = connection.execute(f"SELECT * FROM {table}").fetchall()  # noqa: S608  # our own name
    marks = ", ".join("?" * len(rows[0]))
    return Bare(makes, f"INSERT INTO {table} VALUES ({marks})", rows)  # noqa: S608  # as above


def _inserted(folder: Path, bare: Bare) -> None:
    """Insert the same rows into the same table with SQLite alone, as safely."""
    folder.mkdir(exist_ok=True)
    name = folder / f"bare{len(list(folder.iterdir()))}.db"
    with contextlib.closing(sqlite3.connect(name, isolation_level=None)) as connection:
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute("PRAGMA synchronous = FULL")
        for statement in bare.makes:
            connection.execute(statement)
        for some in _pieces(bare.rows):
            connection.execute("BEGIN IMMEDIATE")
            connection.executemany(bare.insert, some)
            connection.execute("COMMIT")


def _bench_append(
    folder: Path, what: str, checkpoints: Sequence[Checkpoint], in_turn: InTurn, show: Show
) -> None:
    bare = _bare(_appended(folder, checkpoints), "events" if what == "events" else "entries")
    times = in_turn(
        {
            "ledger": lambda: _appended(folder, checkpoints),
            "bare": lambda: _inserted(folder, bare),
        }
    )
    rate = f"{len(bare.rows) / times['ledger']:,.0f} rows/s"
    show(f"ledger, {what} appended", rate, f"{times['ledger'] / times['bare']:.1f} x bare inserts")


def _bench_lookup(
    folder: Path, checkpoints: Sequence[Checkpoint], in_turn: InTurn, show: Show
) -> None:
    name = _appended(folder, checkpoints)
    ids = [decision.decision_id for one in checkpoints for decision in one.decisions]
    chosen = random.Random(1).choices(ids, k=LOOKED_UP)
    asked = "SELECT body FROM entries WHERE decision_id = ?"
    with LedgerReader(name) as reader, contextlib.closing(sqlite3.connect(name)) as connection:
        times = in_turn(
            {
                "ledger": lambda: [reader.decision(one) for one in chosen],
                "bare": lambda: [connection.execute(asked, [one]).fetchone() for one in chosen],
            }
        )
    rate = f"{LOOKED_UP / times['ledger']:,.0f} /s"
    ratio = f"{times['ledger'] / times['bare']:.1f} x bare selects"
    show("ledger, decisions looked up by id", rate, ratio)
