"""Exports take what fits the filters, from ledgers and folders alike, and write it as it is."""

from __future__ import annotations

import io
import json
import os
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from click.testing import CliRunner, Result
from revlex.cli import main
from revlex.engine.authoring.exporting import formats
from revlex.engine.authoring.exporting.formats import write_lines, write_parquet
from revlex.engine.ledger.opening import address_of, connect_to
from revlex.engine.records.appeal import Appeal
from revlex.engine.records.projections.flat import COLUMNS
from sqlalchemy import text

DEMO = Path(__file__).parents[2] / "examples" / "demo"
EVENTS = str(DEMO / "events.jsonl")


def revlex(*words: str) -> Result:
    return CliRunner().invoke(main, list(words))


def lines(*words: str) -> list[str]:
    done = revlex("export", *words)
    assert done.exit_code == 0, done.output
    return done.stdout.splitlines()


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("run")
    assert revlex("run", str(DEMO), "--events", EVENTS, "--out", str(out)).exit_code == 0
    return out


@pytest.fixture
def ledger(new_ledger: Callable[[], str], folder: Path) -> str:
    """The ledger of the same run; time passes to where it does in the folder."""
    until = json.loads((folder / "summary.json").read_bytes())["until"]
    name = new_ledger()
    done = revlex("run", str(DEMO), "--events", EVENTS, "--ledger", name, "--until", until)
    assert done.exit_code == 0, done.output
    return name


def decisions(source: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in lines("decisions", source)]


def written(folder: Path, what: str) -> list[str]:
    return (folder / f"{what}.jsonl").read_text(encoding="utf-8").splitlines()


def test_a_ledger_gives_what_the_folder_of_the_same_run_holds(ledger: str, folder: Path) -> None:
    for what in ("decisions", "appeals"):
        assert lines(what, str(folder)) == written(folder, what)
        assert sorted(lines(what, ledger)) == sorted(written(folder, what))
    places = [(one["subject"]["shop"], one["sequence"]) for one in decisions(ledger)]
    assert places == sorted(places)
    assert len({shop for shop, _ in places}) > 1


FILTERS: dict[str, tuple[list[str], Callable[[dict[str, Any]], bool]]] = {
    "shop": (["--shop", "boa-moda"], lambda d: d["subject"]["shop"] == "boa-moda"),
    "shops": (
        ["--shop", "boa-moda", "--shop", "turbo-gadgets"],
        lambda d: d["subject"]["shop"] in {"boa-moda", "turbo-gadgets"},
    ),
    "rule": (["--rule", "no-contacts"], lambda d: d["rule"]["id"] == "no-contacts"),
    "kind": (["--kind", "step"], lambda d: d["kind"] == "step"),
    "mode": (["--mode", "shadow"], lambda d: d["mode"] == "shadow"),
    "region": (["--region", "TH"], lambda d: d["subject"].get("region") == "TH"),
    "several": (
        ["--kind", "verdict", "--kind", "action", "--region", "ID"],
        lambda d: d["kind"] in {"verdict", "action"} and d["subject"].get("region") == "ID",
    ),
}


def test_a_filter_takes_what_fits_it(ledger: str, folder: Path) -> None:
    for name, (words, fits) in FILTERS.items():
        expected = [line for line in written(folder, "decisions") if fits(json.loads(line))]
        assert 0 < len(expected) < len(written(folder, "decisions")), name
        assert lines("decisions", str(folder), *words) == expected, name
        assert sorted(lines("decisions", ledger, *words)) == sorted(expected), name


def test_the_first_instant_is_taken_and_the_last_is_not(ledger: str, folder: Path) -> None:
    known = {json.loads(one)["time"]["event_time"] for one in written(folder, "decisions")}
    times = sorted(time for time in known if time.endswith("+07:00"))
    first, last = times[len(times) // 3], times[len(times) // 2]
    for source in (str(folder), ledger):
        taken = lines("decisions", source, "--from", first, "--to", last)
        told = {json.loads(line)["time"]["event_time"] for line in taken}
        assert first in told
        assert last not in told


def test_appeals_are_taken_by_their_last_state(ledger: str, folder: Path) -> None:
    expected = [one for one in written(folder, "appeals") if json.loads(one)["state"] == "expired"]
    assert expected
    for source in (str(folder), ledger):
        assert sorted(lines("appeals", source, "--state", "expired")) == sorted(expected)
    assert lines("appeals", ledger, "--shop", "no-such-shop") == []


# ------------------------------------------------------------------------------- tables


def test_a_table_has_a_row_for_each_record_and_the_columns_that_are_documented(
    ledger: str, tmp_path: Path
) -> None:
    for what in ("decisions", "appeals"):
        file = tmp_path / f"{what}.parquet"
        done = revlex("export", what, ledger, "--format", "parquet", "--out", str(file))
        rows = pl.read_parquet(file)
        assert (done.exit_code, done.output) == (0, f"{what} written to {file}: {len(rows):,}\n")
        assert rows.columns == [column.name for column in COLUMNS[what]]
        records = [json.loads(line) for line in lines(what, ledger)]
        rules = [one["rule"]["id"] if what == "decisions" else one["rule"] for one in records]
        assert rows["rule"].to_list() == rules
    points = [[p["after"] for p in one["outcome"].get("points", [])] for one in decisions(ledger)]
    assert pl.read_parquet(tmp_path / "decisions.parquet")["points_after"].to_list() == points


def test_no_value_of_a_table_is_lost(folder: Path, tmp_path: Path) -> None:
    file = tmp_path / "rows.parquet"
    revlex("export", "decisions", str(folder), "--format", "parquet", "--out", str(file))
    rows = pl.read_parquet(file)
    empty = {name for name in rows.columns if rows[name].null_count() == len(rows)}
    assert empty <= {"supersedes", "error", "caused_by_appeal", "severity"}
    assert rows["event_time"].dtype == pl.Datetime("us", "UTC")


def test_a_table_is_written_in_groups(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(formats, "ROWS_OF_A_GROUP", 7)
    given = 0

    def appeals() -> Iterator[Appeal]:
        nonlocal given
        for given in range(1, 51):
            yield Appeal(
                appeal_id=f"a{given}",
                process="p",
                shop="s",
                decision_ids=[],
                rule="r",
                attempt=1,
                attempts=1,
                state="filed",
                opened_at="2025-07-01T10:00:00Z",
            )

    to = io.BytesIO()
    write_parquet(appeals(), COLUMNS["appeals"], to)
    assert pl.read_parquet(to.getvalue())["appeal_id"].to_list() == [f"a{n}" for n in range(1, 51)]


def test_times_beyond_the_calendar_are_missing_in_tables(folder: Path, tmp_path: Path) -> None:
    record = json.loads(written(folder, "decisions")[0])
    record["time"]["applies_until"] = "1970-01-01T00:00:00+00:00 and 9999999d"
    strange = tmp_path / "strange"
    strange.mkdir()
    (strange / "decisions.jsonl").write_text(json.dumps(record) + "\n", encoding="utf-8")
    file = tmp_path / "rows.parquet"
    revlex("export", "decisions", str(strange), "--format", "parquet", "--out", str(file))
    assert pl.read_parquet(file)["applies_until"].to_list() == [None]


def test_what_a_ledger_withholds_is_withheld_in_exports(
    new_ledger: Callable[[], str], tmp_path: Path
) -> None:
    key, name = tmp_path / "key", new_ledger()
    key.write_text("a key of the deployment", encoding="utf-8")
    options = ["--key-file", str(key), "--redact", "texts"]
    done = revlex("run", str(DEMO), "--events", EVENTS, "--ledger", name, *options)
    assert done.exit_code == 0, done.output
    verdicts = [one for one in decisions(name) if one["kind"] == "verdict"]
    reasons = {one["rule"].get("because", "[withheld ") for one in verdicts}
    assert len(reasons) > 1
    assert all(reason.startswith("[withheld ") for reason in reasons)
    buyers = {one["subject"].get("buyer") for one in decisions(name)} - {None}
    assert buyers
    assert all(buyer.startswith("b_") for buyer in buyers)
    config = tmp_path / "dsa.yaml"
    said = "incompatible_content_ground: Terms, territorial_scope: EU, content_date: event"
    config.write_text(f"dsa: 2\nstatement: {{{said}}}\nscopes: {{shop: none}}\n", encoding="utf-8")
    words = ["export", "dsa", name, "--config", str(config), "--all-regions"]
    reasons = {json.loads(line)["decision_facts"] for line in revlex(*words).stdout.splitlines()}
    assert any(reason.startswith("the reply leads the buyer away") for reason in reasons)
    assert not any("withheld" in reason for reason in reasons)


# ------------------------------------------------------------------------------- asked wrongly

REFUSED = {
    "a filter of appeals": (["decisions", "{folder}", "--state", "filed"], "`--state` is not for"),
    "a filter of decisions": (["appeals", "{folder}", "--kind", "step"], "`--kind` is not for"),
    "another filter": (["appeals", "{folder}", "--region", "TH"], "`--region` is not for"),
    "no text": (
        ["decisions", "{folder}", "--rule", "a\udcff"],
        "`--rule` has what cannot be printed",
    ),
    "no source": (["decisions", "{folder}/no"], "is no ledger and holds no decisions.jsonl"),
    "no time": (["decisions", "{folder}", "--from", "2025"], "`2025` is not a time"),
    "no span": (
        ["decisions", "{folder}", "--from", "2025-01-01T00:00:00Z", "--to", "2025-01-01T00:00:00Z"],
        "`--from` is not before `--to`",
    ),
    "no folder to write to": (["decisions", "{folder}", "--out", "{folder}/no/x"], "no such file"),
    "a folder to write to": (["decisions", "{folder}", "--out", "{folder}"], "is a directory"),
}


@pytest.mark.parametrize("name", REFUSED)
def test_what_makes_no_sense_is_refused(name: str, folder: Path) -> None:
    words, says = REFUSED[name]
    done = revlex("export", *(word.replace("{folder}", str(folder)) for word in words))
    assert done.exit_code == 2
    assert says in done.stderr
    assert ".part" not in done.stderr
    assert sorted(path.name for path in folder.glob(".*")) == []


@pytest.mark.parametrize("style", ["jsonl", "parquet"])
@pytest.mark.parametrize("damage", ["{", '{"decision_id": 1}', "\x00", '["x"]'])
def test_a_damaged_line_is_named_and_nothing_is_written(
    style: str, damage: str, folder: Path, tmp_path: Path
) -> None:
    damaged = tmp_path / "damaged"
    damaged.mkdir()
    whole = written(folder, "decisions")[:3]
    (damaged / "decisions.jsonl").write_text("\n".join([*whole, damage]) + "\n", encoding="utf-8")
    file = tmp_path / "out"
    file.write_text("as it was", encoding="utf-8")
    done = revlex("export", "decisions", str(damaged), "--format", style, "--out", str(file))
    assert done.exit_code == 2
    assert "decisions.jsonl, line 4, is damaged" in done.stderr
    assert file.read_text(encoding="utf-8") == "as it was"
    assert sorted(path.name for path in tmp_path.iterdir()) == ["damaged", "out"]


def test_a_damaged_entry_is_named(ledger: str, tmp_path: Path) -> None:
    engine = connect_to(address_of(ledger)).execution_options(writes=True)
    with engine.begin() as connection:
        connection.execute(text("UPDATE entries SET body = '{' WHERE shop = 'boa-moda'"))
    engine.dispose()
    for style in ("jsonl", "parquet"):
        out = str(tmp_path / "out")
        done = revlex("export", "decisions", ledger, "--format", style, "--out", out)
        assert done.exit_code == 2
        assert "a record of the shop `boa-moda` is damaged" in done.stderr
        assert "see `revlex verify" in done.stderr


# ------------------------------------------------------------------------------- targets


def test_what_is_read_is_not_written_over(tmp_path: Path, folder: Path) -> None:
    ledger = tmp_path / "decisions.db"
    assert revlex("run", str(DEMO), "--events", EVENTS, "--ledger", str(ledger)).exit_code == 0
    before = ledger.read_bytes()
    link = tmp_path / "link"
    link.symlink_to(ledger)
    for out in (ledger, link):
        done = revlex("export", "decisions", str(ledger), "--out", str(out))
        assert (done.exit_code, "would be written over" in done.stderr) == (2, True)
    assert ledger.read_bytes() == before
    done = revlex("export", "decisions", str(folder), "--out", str(folder / "decisions.jsonl"))
    assert done.exit_code == 2


def test_a_link_leads_to_the_file_that_is_replaced(tmp_path: Path, folder: Path) -> None:
    (tmp_path / "real").write_text("old", encoding="utf-8")
    (tmp_path / "link").symlink_to(tmp_path / "real")
    revlex("export", "decisions", str(folder), "--kind", "step", "--out", str(tmp_path / "link"))
    assert (tmp_path / "link").is_symlink()
    steps = lines("decisions", str(folder), "--kind", "step")
    assert (tmp_path / "real").read_text(encoding="utf-8").splitlines() == steps


def test_a_pipe_is_written_to_and_stays(tmp_path: Path, folder: Path) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    with ThreadPoolExecutor(1) as reader:
        read = reader.submit(pipe.read_bytes)
        revlex("export", "decisions", str(folder), "--kind", "step", "--out", str(pipe))
        steps = lines("decisions", str(folder), "--kind", "step")
        assert read.result(timeout=20).decode().splitlines() == steps
    assert pipe.is_fifo()


# ------------------------------------------------------------------------------- terminals


class Terminal(io.BytesIO):
    def isatty(self) -> bool:
        return True


STEERING = "a\u202eb\u0085c\u200bd\x7fe“é” 🙂"


def test_on_a_terminal_nothing_steers_and_the_record_is_the_same() -> None:
    line = json.dumps({"text": STEERING}, ensure_ascii=False).encode()
    shown, piped = Terminal(), io.BytesIO()
    write_lines([line], shown)
    write_lines([line], piped)
    assert piped.getvalue() == line + b"\n"
    seen = shown.getvalue().decode()
    assert all(character.isprintable() for character in seen.rstrip("\n"))
    assert json.loads(seen)["text"] == STEERING
