"""However often a run is broken off, the ledger comes out as if it never had been."""

from __future__ import annotations

import random
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from revlex.engine import compile_policy
from revlex.engine.authoring.recording import Recorded, Recording
from revlex.engine.language.program import Program
from revlex.engine.ledger.ledger import Ledger
from revlex.engine.ledger.opening import address_of, connect_to
from revlex.engine.ledger.problems import LedgerProblem
from revlex.engine.ledger.tables import metadata
from revlex.engine.runtime.evaluator import Evaluator
from revlex.engine.runtime.events import Decoder
from revlex.engine.runtime.inputs import Received, open_events
from sqlalchemy import select

ROOT = Path(__file__).parents[2]
DEMO = ROOT / "examples" / "demo"
EVENTS = DEMO / "events.jsonl"
UNTIL = 1_780_000_000_000_000


@pytest.fixture(scope="module")
def program() -> Program:
    found, _ = compile_policy(DEMO)
    assert found is not None
    return found


def events(program: Program, path: Path = EVENTS) -> Iterator[Received]:
    return open_events(str(path), Decoder(program.catalog))


def record(
    program: Program,
    name: str,
    received: Iterator[Received],
    until: int | None = None,
    *,
    every: int = 500,
) -> Recorded:
    with Ledger(name) as ledger:
        recording = Recording(program, Evaluator(program), ledger, "demo", every)
        return recording.run(received, until)


def content(name: str) -> dict[str, list[Any]]:
    """Everything in a ledger but the snapshots, whose bytes may differ where they mean the same."""
    engine = connect_to(address_of(name))
    with engine.connect() as connection:
        found = {}
        for table in metadata.sorted_tables:
            columns = [column for column in table.c if column.name != "state"]
            order = list(table.primary_key.columns)
            rows = connection.execute(select(*columns).order_by(*order))
            found[table.name] = [tuple(row) for row in rows]
    engine.dispose()
    return found


def test_a_run_in_pieces(program: Program, new_ledger: Callable[[], str]) -> None:
    whole, pieces = new_ledger(), new_ledger()
    record(program, whole, events(program), UNTIL)
    lines = EVENTS.read_bytes().splitlines(keepends=True)
    choose = random.Random(5)  # noqa: S311  # the same marks in every run
    marks = sorted(choose.sample(range(1, len(lines)), 3))
    for mark in marks:
        upto = (one for number, one in enumerate(events(program)) if number < mark)
        assert record(program, pieces, upto, every=97).read == mark
    done = record(program, pieces, events(program), UNTIL, every=211)
    assert done.resumed_at == marks[-1]
    assert content(pieces) == content(whole)
    assert len(content(whole)["entries"]) > 700


def test_nothing_new_is_nothing_more(program: Program, new_ledger: Callable[[], str]) -> None:
    name = new_ledger()
    record(program, name, events(program))
    before = content(name)
    again = record(program, name, events(program))
    assert (again.events, again.decisions, again.read) == (0, {}, before["positions"][0][2])
    assert content(name) == before


def test_few_shops_in_memory(
    program: Program, new_ledger: Callable[[], str], monkeypatch: pytest.MonkeyPatch
) -> None:
    whole, crowded = new_ledger(), new_ledger()
    record(program, whole, events(program), UNTIL)
    monkeypatch.setattr("revlex.engine.authoring.recording.MOST_SHOPS", 1)
    record(program, crowded, events(program), UNTIL, every=50)
    assert content(crowded) == content(whole)


@pytest.mark.parametrize("change", ["edited", "shorter"])
def test_an_input_that_has_changed(
    program: Program, new_ledger: Callable[[], str], tmp_path: Path, change: str
) -> None:
    name = new_ledger()
    record(program, name, events(program))
    before = content(name)
    lines = EVENTS.read_bytes().splitlines(keepends=True)
    changed = lines[:-5] if change == "shorter" else [*lines[:10], lines[11], *lines[11:]]
    path = tmp_path / "changed.jsonl"
    path.write_bytes(b"".join(changed))
    with pytest.raises(LedgerProblem, match=r"demo (has only|differs in)"):
        record(program, name, events(program, path))
    assert content(name) == before


def test_another_policy(program: Program, new_ledger: Callable[[], str]) -> None:
    name = new_ledger()
    record(program, name, events(program))
    other, _ = compile_policy(ROOT / "rules" / "tiktok-shop" / "sea")
    assert other is not None
    with pytest.raises(LedgerProblem, match="begun under another policy"):
        record(other, name, events(other))


def test_a_second_writer_is_refused(program: Program, new_ledger: Callable[[], str]) -> None:
    name = new_ledger()
    with Ledger(name), pytest.raises(LedgerProblem, match="another process is writing"):
        record(program, name, events(program))
    record(program, name, events(program))


KILLED = 4
"""So many times a run is killed before it may go on to its end."""


def command(name: str, stream: Path) -> list[str]:
    run = ["run", str(DEMO), "--events", str(stream), "--ledger", name]
    return [sys.executable, "-c", "from revlex.cli import main; main()", *run]


def test_killed_at_any_moment(new_ledger: Callable[[], str], tmp_path: Path) -> None:
    stream = tmp_path / "events.jsonl"
    stream.write_bytes(EVENTS.read_bytes())
    whole, killed = new_ledger(), new_ledger()
    began = time.monotonic()
    subprocess.run(command(whole, stream), check=True, capture_output=True)  # noqa: S603  # our own
    lasts = time.monotonic() - began
    choose = random.Random(11)  # noqa: S311  # the same moments in every run
    for _ in range(KILLED):
        process = subprocess.Popen(  # noqa: S603  # our own words
            command(killed, stream), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )
        time.sleep(lasts * choose.uniform(0.3, 1.0))
        process.send_signal(signal.SIGKILL)
        process.wait()
    subprocess.run(command(killed, stream), check=True, capture_output=True)  # noqa: S603  # our own
    assert content(killed) == content(whole)
