"""Disks fill up, connections break, servers go away: nothing is lost, and the next run goes on."""

from __future__ import annotations

import contextlib
import json
import os
import signal
import socket
import sqlite3
import subprocess
import sys
import tempfile
import threading
from collections.abc import Callable, Iterator
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from revlex.cli import main
from revlex.engine import compile_policy
from revlex.engine.authoring.recording import Recording
from revlex.engine.language.program import Program
from revlex.engine.language.written import written_pack
from revlex.engine.ledger.ledger import Ledger
from revlex.engine.ledger.opening import address_of, connect_to
from revlex.engine.ledger.problems import LedgerProblem
from revlex.engine.ledger.reading import LedgerReader
from revlex.engine.ledger.tables import metadata
from revlex.engine.runtime.evaluator import Evaluator
from revlex.engine.runtime.events import Decoder
from revlex.engine.runtime.inputs import open_events
from sqlalchemy import Engine, create_engine, event, select, text

EVENTS = 4_000
EVERY = 400
Content = dict[str, tuple[int, str]]
Hook = Callable[[int], None]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A policy and a stream."""
    folder = tmp_path_factory.mktemp("mishaps")
    run = CliRunner()
    assert run.invoke(main, ["init", str(folder / "policy")]).exit_code == 0
    options = ["--events", str(EVENTS), "--shops", "6", "--bad-lines", "3"]
    done = run.invoke(main, ["generate", *options, "--out", str(folder / "events.jsonl")])
    assert done.exit_code == 0
    return folder


@pytest.fixture(scope="module")
def program(folder: Path) -> Program:
    found, _ = compile_policy(folder / "policy")
    assert found is not None
    return found


Run = Callable[..., None]


@pytest.fixture(scope="module")
def run(folder: Path, program: Program) -> Run:
    """Runs the stream into a ledger; may call something with the number of each record."""

    def into(name: str, hook: Hook | None = None) -> None:
        received = open_events(str(folder / "events.jsonl"), Decoder(program.catalog))
        with Ledger(name) as ledger:
            ledger.keep_policy(program, written_pack(folder / "policy"))
            recording = Recording(program, Evaluator(program), ledger, "events.jsonl", EVERY, hook)
            recording.run(received, None)

    return into


@pytest.fixture(scope="module")
def undisturbed(folder: Path, run: Run) -> Content:
    name = str(folder / "undisturbed.db")
    run(name)
    found = content(name)
    assert found["entries"][0] > 10
    assert found["quarantine"][0] > 5
    return found


def content(name: str) -> Content:
    """How many rows each table of a ledger has, and a digest of every byte in them."""
    engine, found = connect_to(address_of(name)), {}
    with engine.connect() as connection:
        for table in metadata.sorted_tables:
            rows = connection.execute(select(table))
            digests = sorted(sha256(repr(tuple(row)).encode()).digest() for row in rows)
            found[table.name] = (len(digests), sha256(b"".join(digests)).hexdigest())
    engine.dispose()
    return found


@contextlib.contextmanager
def on_each(happening: str, do: Callable[..., None]) -> Iterator[None]:
    """Do something at each happening of any connection of this process."""
    event.listen(Engine, happening, do)
    try:
        yield
    finally:
        event.remove(Engine, happening, do)


def at(number: int, do: Callable[[], object]) -> Hook:
    """Do something once, when a run has come to a record."""
    return lambda read: None if read != number else (do(), None)[1]


def database(server: str, name: str) -> str:
    """Make a database on a server; gives the address of a ledger in it."""
    command(server, f"CREATE DATABASE {name}")
    return f"{server.replace('+psycopg', '')}/{name}"


def command(server: str, statement: str) -> list[Any]:
    """Let the server do something."""
    engine = create_engine(f"{server}/postgres", isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        done = connection.execute(text(statement))
        found = list(done) if done.returns_rows else []
    engine.dispose()
    return found


def started(
    folder: Path, name: str, *, before: str = "", events: str = "events.jsonl"
) -> subprocess.Popen[str]:
    """A run in a process of its own, which may first do something else."""
    words = ["run", str(folder / "policy"), "--events", events, "--ledger", name]
    return subprocess.Popen(  # noqa: S603  # our own words
        [sys.executable, "-c", f"{before}\nfrom revlex.cli import main; main()", *words],
        cwd=folder,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


# ------------------------------------------------------------------------- the disk


@pytest.mark.parametrize("pages", [3, 60, 250, 400])
def test_a_full_disk(tmp_path: Path, run: Run, undisturbed: Content, pages: int) -> None:
    name = str(tmp_path / "full.db")

    def limit(connection: sqlite3.Connection, _: object) -> None:
        connection.execute(f"PRAGMA max_page_count = {pages}")

    with on_each("connect", limit), pytest.raises(LedgerProblem, match="is full") as problem:
        run(name)
    assert problem.value.help is not None
    assert "make room" in problem.value.help
    run(name)
    assert content(name) == undisturbed


@pytest.mark.parametrize("size", [2_000, 90_000, 900_000])
def test_a_file_that_cannot_grow(
    tmp_path: Path, folder: Path, run: Run, undisturbed: Content, size: int
) -> None:
    name = str(tmp_path / "limited.db")
    limit = f"import resource; resource.setrlimit(resource.RLIMIT_FSIZE, ({size}, {size}))"
    process = started(folder, name, before=limit)
    _, said = process.communicate()
    assert process.returncode == 2, said
    assert said.startswith("revlex: ")
    assert "nothing that was written is lost" in said
    run(name)
    assert content(name) == undisturbed


# ---------------------------------------------------------------------------- locks


@pytest.mark.parametrize("number", [1, EVERY * 3 + 7])
def test_a_locked_database(
    tmp_path: Path,
    run: Run,
    undisturbed: Content,
    monkeypatch: pytest.MonkeyPatch,
    number: int,
) -> None:
    """Somebody looks at the ledger with another program, and does not let go."""
    name = str(tmp_path / "locked.db")
    monkeypatch.setattr("revlex.engine.ledger.opening._WAIT", 0.1)
    run_once = sqlite3.connect(name, isolation_level=None)
    with contextlib.closing(run_once) as other:
        hook = at(number, lambda: other.execute("BEGIN IMMEDIATE"))
        with pytest.raises(LedgerProblem, match="database is locked") as problem:
            run(name, hook)
        assert "another process is writing to it" in str(problem.value.help)
    run(name)
    assert content(name) == undisturbed


def test_two_processes_on_one_ledger(
    folder: Path, new_ledger: Callable[[], str], run: Run, undisturbed: Content
) -> None:
    name = new_ledger()
    with started(folder, name, events="-") as first:
        assert first.stdin is not None
        first.stdin.write("no event\n" * 20_000)  # more than fits into pipes: it is at work now
        second = started(folder, name)
        _, said = second.communicate()
        assert second.returncode == 2
        assert said == (
            "revlex: another process is writing to the ledger\n"
            "  = help: wait until it has ended, or stop it\n"
        )
        first.send_signal(signal.SIGKILL)
        with contextlib.suppress(BrokenPipeError):
            first.stdin.close()
    run(name)
    found = content(name)
    assert found["entries"] == undisturbed["entries"]
    assert found["events"] == undisturbed["events"]


def test_somebody_takes_the_lock_away(tmp_path: Path, run: Run, undisturbed: Content) -> None:
    name = str(tmp_path / "ledger.db")
    lock = tmp_path / "ledger.db-writer"
    with pytest.raises(LedgerProblem, match="the claim to the ledger has been lost"):
        run(name, at(EVERY + 1, lock.unlink))
    run(name)
    assert content(name) == undisturbed


# ------------------------------------------------------------------------ the server

OTHERS = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '{}'"


@pytest.mark.parametrize("statement", ["INSERT INTO events", "INSERT INTO positions"])
def test_a_connection_that_is_cut_in_a_transaction(
    server: str, run: Run, undisturbed: Content, statement: str
) -> None:
    database_ = f"cut_{len(statement)}"
    name, seen = database(server, database_), []

    def cut(_: object, __: object, said: str, *___: object) -> None:
        if said.startswith(statement):
            seen.append(said)
            if len(seen) == 3:
                command(server, OTHERS.format(database_))

    with on_each("before_cursor_execute", cut), pytest.raises(LedgerProblem, match="connection"):
        run(name)
    run(name)
    assert content(name) == undisturbed


def test_a_claim_that_is_lost(server: str, run: Run, undisturbed: Content) -> None:
    """The session that holds the claim ends alone; somebody else could write from then on."""
    name = database(server, "claim")
    end = "SELECT pg_terminate_backend(pid) FROM pg_locks WHERE locktype = 'advisory'"
    with pytest.raises(LedgerProblem, match="the claim to the ledger has been lost"):
        run(name, at(EVERY + 1, lambda: command(server, end)))
    run(name)
    assert content(name) == undisturbed


class Proxy:
    """Hands bytes on between a client and a server, and cuts both off after so many."""

    def __init__(self, port: int, after: int) -> None:
        self._to = ("127.0.0.1", port)
        self._left = after
        self._listening = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._listening.getsockname()[1]
        self._open: list[socket.socket] = []
        threading.Thread(target=self._serve, daemon=True).start()

    def _serve(self) -> None:
        with contextlib.suppress(OSError):
            while True:
                client, _ = self._listening.accept()
                behind = socket.create_connection(self._to)
                self._open += [client, behind]
                for pair in ((client, behind), (behind, client)):
                    threading.Thread(target=self._hand_on, args=pair, daemon=True).start()

    def _hand_on(self, source: socket.socket, to: socket.socket) -> None:
        with contextlib.suppress(OSError):
            while data := source.recv(4_096):
                self._left -= len(data)
                if self._left < 0:
                    break
                to.sendall(data)
        self.close()

    def close(self) -> None:
        for one in (self._listening, *self._open):
            with contextlib.suppress(OSError):
                one.shutdown(socket.SHUT_RDWR)
            one.close()


@pytest.mark.parametrize("after", [300, 9_000, 60_000, 400_000, 1_000_000])
def test_a_network_that_breaks(server: str, run: Run, undisturbed: Content, after: int) -> None:
    name = database(server, f"network_{after}")
    port = int(server.rpartition(":")[2])
    with contextlib.closing(Proxy(port, after)) as proxy:
        through = name.replace(f":{port}/", f":{proxy.port}/")
        with pytest.raises(LedgerProblem, match=r"connection|claim") as problem:
            run(through)
        assert "\n" not in problem.value.message
    run(name)
    assert content(name) == undisturbed


def test_a_server_that_crashes(
    own_server: tuple[str, Callable[[], None]], run: Run, undisturbed: Content
) -> None:
    server, restart = own_server
    name = database(server, "crashing")
    with pytest.raises(LedgerProblem, match=r"connection|claim"):
        run(name, at(EVERY * 2 + 9, restart))
    run(name)
    assert content(name) == undisturbed


# ------------------------------------------------------------------- where it may not be


@contextlib.contextmanager
def as_nobody() -> Iterator[None]:
    """Without the rights of the administrator, to whom everything is permitted."""
    if os.geteuid() != 0:
        yield
        return
    os.seteuid(65_534)
    try:
        yield
    finally:
        os.seteuid(0)


def test_where_nobody_may_write(run: Run) -> None:
    with tempfile.TemporaryDirectory() as made:
        place = Path(made)
        run(str(place / "there.db"))
        place.chmod(0o555)
        for opening, name in ((Ledger, "new.db"), (Ledger, "there.db"), (LedgerReader, "there.db")):
            with as_nobody(), pytest.raises(LedgerProblem, match=r"unable|readonly") as problem:
                opening(str(place / name))
            assert "can be written to" in str(problem.value.help)
        place.chmod(0o755)


def test_a_database_of_something_else(new_ledger: Callable[[], str]) -> None:
    name = new_ledger()
    engine = connect_to(address_of(name)).execution_options(writes=True)
    with engine.begin() as connection:
        connection.execute(text("CREATE TABLE customers (name TEXT)"))
    with pytest.raises(LedgerProblem, match="tables of something else"):
        Ledger(name)
    with engine.connect() as connection:
        assert engine.dialect.get_table_names(connection) == ["customers"]
    engine.dispose()


# ------------------------------------------------------------------------ migrations

KILL = """
import itertools, os
from sqlalchemy import Engine, event
seen = itertools.count(1)
@event.listens_for(Engine, "before_cursor_execute")
def count(*_):
    if next(seen) == {}:
        os.kill(os.getpid(), 9)
"""


@pytest.mark.parametrize("number", [5, 9, 14, 19])
def test_killed_while_tables_are_made(
    folder: Path, new_ledger: Callable[[], str], run: Run, undisturbed: Content, number: int
) -> None:
    name = new_ledger()
    process = started(folder, name, before=KILL.format(number))
    process.communicate()
    assert process.returncode == -signal.SIGKILL
    run(name)
    assert content(name) == undisturbed


@pytest.mark.parametrize("number", [30, 42])
def test_killed_while_a_buyer_is_erased(
    folder: Path, new_ledger: Callable[[], str], run: Run, undisturbed: Content, number: int
) -> None:
    """All of it has happened, or nothing; saying it again does it."""
    name = new_ledger()
    run(name)
    with LedgerReader(name) as reader:
        shop = reader.shops()[0].shop
        said = [json.loads(row.body) for row in reader.events(shop) if row.event_id]
    buyer = next(one["buyer_key"] for one in said if one.get("text") and "buyer_key" in one)
    erase = ["erase", name, "--buyer", buyer]
    script = f"{KILL.format(number)}\nfrom revlex.cli import main; main()"
    process = subprocess.run(  # noqa: S603  # our own words
        [sys.executable, "-c", script, *erase], check=False, capture_output=True, cwd=folder
    )
    assert process.returncode == -signal.SIGKILL
    assert content(name) == undisturbed
    done = CliRunner().invoke(main, erase)
    assert done.exit_code == 0, done.output
    verified = CliRunner().invoke(main, ["verify", name])
    assert verified.exit_code == 0, verified.output
