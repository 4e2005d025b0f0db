"""An input that breaks off is read up to there, and from there on when the rest has come."""

from __future__ import annotations

import gzip
import random
from collections.abc import Callable
from pathlib import Path

import polars as pl
import pytest
from click.testing import CliRunner, Result
from revlex.cli import main
from revlex.engine.ledger.opening import address_of, connect_to
from revlex.engine.ledger.tables import metadata
from sqlalchemy import select

COLUMNS = "type,event_id,occurred_at,shop_id,review_id,stars,text"
TEXTS = ["fine", '"good, and\nquick"', "so slow", "a voucher", '"he said ""no"""']


def rows() -> list[tuple[str, ...]]:
    """Twenty reviews, some of them with texts over two lines."""
    return [
        (
            f"e{n:02}",
            f"2025-03-{n:02}T08:00:00Z",
            f"s{n % 3}",
            f"r{n}",
            str(n % 5 + 1),
            TEXTS[n % 5],
        )
        for n in range(1, 21)
    ]


def as_csv() -> bytes:
    lines = (",".join(("review.posted", *row)) for row in rows())
    return "\n".join([COLUMNS, *lines, ""]).encode()


def as_lines(folder: Path) -> bytes:
    (folder / "whole.csv").write_bytes(as_csv())
    return pl.read_csv(folder / "whole.csv").write_ndjson().encode()


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[str, str], Result]:
    """Runs an input into a ledger."""
    monkeypatch.chdir(tmp_path)
    assert CliRunner().invoke(main, ["init", "policy"]).exit_code == 0

    def into(ledger: str, events: str) -> Result:
        return CliRunner().invoke(main, ["run", "policy", "--events", events, "--ledger", ledger])

    return into


def content(name: str) -> dict[str, list[tuple[object, ...]]]:
    engine = connect_to(address_of(name))
    with engine.connect() as connection:
        found = {
            table.name: [tuple(row) for row in connection.execute(select(table))]
            for table in metadata.sorted_tables
        }
    engine.dispose()
    return {name: sorted(map(repr, rows)) for name, rows in found.items()}


def is_complete(whole: bytes, place: int, kind: str) -> bool:
    """Whether the last record before a place is all there."""
    if kind == "jsonl":
        return b"\n" in (whole[place - 1 : place], whole[place : place + 1])
    return kind == "csv" and whole[:place].endswith(b"\n") and whole[:place].count(b'"') % 2 == 0


KINDS = ["jsonl", "csv", "jsonl.gz", "csv.gz"]


@pytest.mark.parametrize("kind", KINDS)
def test_wherever_it_breaks_off(
    run: Callable[[str, str], Result], tmp_path: Path, kind: str
) -> None:
    events = tmp_path / f"events.{kind}"
    whole = as_csv() if "csv" in kind else as_lines(tmp_path)
    if kind.endswith("gz"):
        whole = gzip.compress(whole, mtime=0)
    events.write_bytes(whole)
    assert run("whole.db", events.name).exit_code == 0
    expected = content("whole.db")
    choose = random.Random(kind)  # noqa: S311  # the same places in every run
    places = sorted(choose.sample(range(len(whole) // 2, len(whole)), 12))
    for place in places:
        events.write_bytes(whole[:place])
        done = run("cut.db", events.name)
        assert done.exit_code == (0 if is_complete(whole, place, kind) else 2), done.output
        if done.exit_code:
            assert "what comes before this is in the ledger" in done.output
    events.write_bytes(whole)
    assert run("cut.db", events.name).exit_code == 0
    assert content("cut.db") == expected
    assert len(expected["events"]) == 20


def test_a_parquet_file_that_breaks_off(run: Callable[[str, str], Result], tmp_path: Path) -> None:
    (tmp_path / "whole.csv").write_bytes(as_csv())
    pl.read_csv(tmp_path / "whole.csv").write_parquet(tmp_path / "events.parquet")
    assert run("whole.db", "events.parquet").exit_code == 0
    whole = (tmp_path / "events.parquet").read_bytes()
    for place in (6, len(whole) // 2, len(whole) - 1):
        (tmp_path / "events.parquet").write_bytes(whole[:place])
        done = run("cut.db", "events.parquet")
        assert (done.exit_code, "damaged or cut off" in done.output) == (2, True)
    (tmp_path / "events.parquet").write_bytes(whole)
    assert run("cut.db", "events.parquet").exit_code == 0
    assert content("cut.db") == content("whole.db")


def test_a_last_line_without_an_end(run: Callable[[str, str], Result], tmp_path: Path) -> None:
    """An event that is whole is read; what is none, only with a line end."""
    whole = as_lines(tmp_path)
    (tmp_path / "events.jsonl").write_bytes(whole.rstrip(b"\n"))
    assert run("a.db", "events.jsonl").exit_code == 0
    (tmp_path / "events.jsonl").write_bytes(whole + b"nothing")
    done = run("a.db", "events.jsonl")
    assert (done.exit_code, "line 21 has no line end" in done.output) == (2, True)
    (tmp_path / "events.jsonl").write_bytes(whole + b"nothing\n")
    assert run("a.db", "events.jsonl").exit_code == 0
    assert len(content("a.db")["quarantine"]) == 1


@pytest.mark.usefixtures("run")
def test_time_does_not_pass_while_events_are_missing(tmp_path: Path) -> None:
    whole = as_lines(tmp_path)
    (tmp_path / "events.jsonl").write_bytes(whole[:-9])
    options = ["--events", "events.jsonl", "--ledger", "a.db", "--until", "2025-06-01T00:00:00Z"]
    assert CliRunner().invoke(main, ["run", "policy", *options]).exit_code == 2
    (tmp_path / "events.jsonl").write_bytes(whole)
    done = CliRunner().invoke(main, ["run", "policy", *options])
    assert (done.exit_code, "quarantined: 0" in done.output) == (0, True)


@pytest.mark.usefixtures("run")
def test_several_inputs_of_which_one_breaks_off(tmp_path: Path) -> None:
    """Nothing is judged that comes after what is missing."""
    lines = as_lines(tmp_path).splitlines(keepends=True)
    (tmp_path / "a.jsonl").write_bytes(b"".join(lines[::2]))
    (tmp_path / "b.jsonl").write_bytes(b"".join(lines[1::2]))
    inputs = ["run", "policy", "--events", "a.jsonl", "--events", "b.jsonl", "--ledger"]
    assert CliRunner().invoke(main, [*inputs, "whole.db"]).exit_code == 0
    (tmp_path / "b.jsonl").write_bytes(b"".join(lines[1:9:2]) + lines[9][:30])
    assert CliRunner().invoke(main, [*inputs, "cut.db"]).exit_code == 2
    assert len(content("cut.db")["events"]) < 12
    (tmp_path / "b.jsonl").write_bytes(b"".join(lines[1::2]))
    assert CliRunner().invoke(main, [*inputs, "cut.db"]).exit_code == 0
    assert content("cut.db") == content("whole.db")
