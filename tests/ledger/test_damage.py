"""A row that somebody has spoilt ends a command with a message that names it."""

from __future__ import annotations

import contextlib
import sqlite3
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner
from revlex.cli import main
from revlex.tests.ledger.privately import EVENTS, event, run, write_events, write_policy

ASIDE = "UPDATE quarantine SET body = "
ERASE = ("erase", "{name}", "--buyer", "ann-1")
RETAIN = ("retain", "{name}", "--texts", "1d", "--as-of", "2029-01-01T00:00:00Z")
RUN = ("run", "{pack}", "--events", "{more}", "--ledger", "{name}")
OF_ASIDE = "in the quarantine is damaged"
CASES = {
    **{f"aside {body}": (f"{ASIDE}{body}", ERASE, OF_ASIDE) for body in ("'{}'", "''", "'[['")},
    **{f"aside {body}": (f"{ASIDE}{body}", RETAIN, OF_ASIDE) for body in ("'1'", "body || 'x'")},
    "aside bytes": (f"{ASIDE}x'ff00'", ERASE, "a row of quarantine"),
    "event": ("UPDATE events SET body = x'ff00'", RETAIN, "a row of events"),
    "state": ("UPDATE shops SET state = x'00'", RUN, "the state of the shop"),
    "state of text": ("UPDATE shops SET state = 'x'", RUN, "a row of shops"),
    "count": ("UPDATE shops SET events = 'abc'", RUN, "a row of shops"),
}


@pytest.fixture
def say(tmp_path: Path) -> Callable[..., str]:
    """Runs a command on a ledger, which has to end with 2; gives what it says."""
    pack = write_policy(tmp_path)
    name, more = str(tmp_path / "it.db"), [event(99, "order.delivered", 28, order_id="o99")]
    bad = {**EVENTS[1], "event_id": "q1", "stars": 7}
    run(pack, name, write_events(tmp_path, [*EVENTS, bad]))
    places = {"pack": str(pack), "name": name, "more": write_events(tmp_path, more, "more")}

    def say(spoil: Callable[[Path], None], *words: str) -> str:
        spoil(Path(name))
        done = CliRunner().invoke(main, [one.format(**places) for one in words])
        assert done.exit_code == 2, (done.output, done.exception)
        return done.output

    return say


@pytest.mark.parametrize(("statement", "words", "says"), CASES.values(), ids=CASES)
def test_a_spoilt_row(
    say: Callable[..., str], statement: str, words: tuple[str, ...], says: str
) -> None:
    def spoil(file: Path) -> None:
        with contextlib.closing(sqlite3.connect(file)) as connection:
            assert connection.execute(statement).rowcount > 0
            connection.commit()

    assert says in say(spoil, *words)


@pytest.mark.parametrize("words", [ERASE, RUN, ("verify", "{name}")])
def test_spoilt_tables(say: Callable[..., str], words: tuple[str, ...]) -> None:
    def spoil(file: Path) -> None:
        with contextlib.closing(sqlite3.connect(file)) as connection:
            connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        data = bytearray(file.read_bytes())
        data[data.index(b"CREATE TABLE shops") + 8] = 255
        file.write_bytes(data)

    assert "the file is damaged" in say(spoil, *words)
