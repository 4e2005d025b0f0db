"""After texts or events were taken out of a ledger, its histories tell what can be told."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner
from revlex.cli import main
from revlex.engine.authoring.timeline.model import History
from revlex.engine.authoring.timeline.opening import history_of
from revlex.engine.authoring.timeline.page import as_page
from revlex.engine.authoring.timeline.survey import Asked
from revlex.engine.ledger.opening import address_of, connect_to
from revlex.engine.ledger.tables import anchors
from sqlalchemy import update


def done(*command: str) -> None:
    found = CliRunner().invoke(main, list(command))
    assert found.exit_code == 0, found.output


def history(name: str) -> History:
    return history_of(name, "s0001", Asked(), progress=False)


@pytest.fixture
def ledgers(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> tuple[str, str]:
    """Two ledgers of the same events; much was taken out of the second one half way."""
    monkeypatch.chdir(tmp_path)
    done("init", "my-policy")
    stream = ["--events", "1500", "--shops", "1", "--regions", "TH", "--days", "60"]
    done("generate", *stream, "--out", "all.jsonl")
    lines = Path("all.jsonl").read_text(encoding="utf-8").splitlines(keepends=True)
    run = ["run", "my-policy", "--events", "events.jsonl", "--ledger"]
    Path("events.jsonl").write_text("".join(lines[:900]), encoding="utf-8")
    done(*run, "whole.db")
    done(*run, "less.db")
    done("retain", "less.db", "--events", "20d", "--texts", "1d", "--as-of", "2025-02-15T00:00:00Z")
    Path("events.jsonl").write_text("".join(lines), encoding="utf-8")
    done(*run, "whole.db")
    done(*run, "less.db")
    return "whole.db", "less.db"


def test_what_came_later_is_told_as_before(ledgers: tuple[str, str]) -> None:
    whole, less = map(history, ledgers)
    [one], [other] = whole.series, less.series
    assert 0 < len(other.samples) < len(one.samples)
    assert one.samples[-len(other.samples) + 1 :] == other.samples[1:]
    assert one.crossings == other.crossings
    assert (whole.points, whole.bars) == (less.points, less.bars)
    assert whole.decisions == less.decisions
    assert 0 < less.calendar.reviews < whole.calendar.reviews


def test_what_cannot_be_told_is_said(ledgers: tuple[str, str]) -> None:
    whole, less = map(history, ledgers)
    assert whole.more == ()
    seen, gone = less.more
    assert seen.startswith("what the checks saw of the first 900 events: ")
    assert gone.startswith("reviews among the first ")
    assert "Not shown: what the checks saw" in as_page(less)


def test_a_damaged_anchor_is_told(ledgers: tuple[str, str]) -> None:
    _, less = ledgers
    engine = connect_to(address_of(less))
    with engine.begin() as connection:
        connection.execute(update(anchors).values(state=b"damaged"))
    engine.dispose()
    shown = CliRunner().invoke(main, ["history", less, "s0001"])
    assert shown.exit_code == 2
    assert "revlex verify" in shown.output
