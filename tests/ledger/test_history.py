"""`revlex history` at the command line, over both kinds of ledger."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from revlex.cli import main
from revlex.engine.ledger.opening import address_of, connect_to
from revlex.engine.ledger.tables import events
from sqlalchemy import update

SHOP = "s1 <script>alert(1)</script>"
SNEAKY = "voucher \x1b[31m\u202e</pre><script>alert(2)</script>&"
COMMON = {"occurred_at": "2025-07-02T10:00:00Z", "shop_id": SHOP, "review_id": "r1"}
EVENTS = [
    {**COMMON, "event_id": "1", "type": "review.posted", "stars": 1},
    {**COMMON, "event_id": "2", "type": "reply.submitted", "reply_id": "p1", "text": SNEAKY},
    {
        "event_id": "3",
        "type": "order.delivered",
        "order_id": "o1",
        "occurred_at": "2025-07-05T10:00:00Z",
        "shop_id": "quiet",
    },
]


@pytest.fixture
def name(new_ledger: Callable[[], str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """A ledger with a shop that was rude, and one to which nothing has happened."""
    monkeypatch.chdir(tmp_path)
    Path("events.jsonl").write_text("\n".join(map(json.dumps, EVENTS)), encoding="utf-8")
    found = new_ledger()
    run = CliRunner()
    assert run.invoke(main, ["init", "my-policy"]).exit_code == 0
    done = run.invoke(main, ["run", "my-policy", "--events", "events.jsonl", "--ledger", found])
    assert done.exit_code == 0, done.output
    return found


def history(*options: str) -> Result:
    return CliRunner().invoke(main, ["history", *options], color=True)


def test_a_history_is_a_table(name: str) -> None:
    shown = history(name, SHOP)
    assert shown.exit_code == 0, shown.output
    assert "  reviews    1: 5★ 0, 4★ 0, 3★ 0, 2★ 0, 1★ 1\n" in shown.output
    assert "  points     violation-points 4, the next step is at 12\n" in shown.output
    assert "2025-07-02 10:00  violation  reward-offered: minor" in shown.output


def test_nothing_in_it_steers_the_terminal(name: str) -> None:
    shown = history(name, SHOP)
    assert not {"\x1b", "\u202e"} & set(shown.output)


def test_a_history_is_json(name: str) -> None:
    shown = json.loads(history(name, SHOP, "--format", "json").output)
    assert shown["schema"] == "revlex.history/1"
    assert shown["shop"] == SHOP
    assert shown["from"] == "2025-07-02T10:00:00+00:00"
    assert shown["periods"]["rows"][0]["stars"] == [1, 0, 0, 0, 0]
    [points] = shown["ladders"]
    assert [change["points"] for change in points["changes"]] == [4]
    kinds = [entry["decision"]["kind"] for entry in shown["entries"]]
    assert kinds == ["verdict", "violation"]


def test_a_shop_without_decisions_has_a_history(name: str) -> None:
    shown = history(name, "quiet")
    assert shown.exit_code == 0, shown.output
    assert shown.output.endswith("no decisions\n")


@pytest.mark.parametrize(
    ("asked", "says"),
    [
        (["quite"], "did you mean `quiet`?"),
        (["quiet", "--from", "yesterday"], "`yesterday` is not a time"),
        (["quiet", "--from", "2025-02-30"], "`2025-02-30` is not a time"),
        (["quiet", "--from", "0000-01-01"], "`0000-01-01` is not a time"),
        (["quiet", "--from", "9998-12-31", "--to", "0002-01-01"], "before it begins"),
        (["quiet", "--from", "2025-08-01"], "of the time after 2025-07-05T10:00:00+00:00"),
        (["quiet", "--to", "2025-06-30"], "of the time before 2025-07-05T10:00:00+00:00"),
        (["quiet", "--from", "0001-01-01"], "outside the calendar"),
        (["quiet", "--to", "9999-12-30T00:00:00Z"], "outside the calendar"),
        (["quiet", "--html", "x.html", "--format", "json"], "do not go together"),
        (["quiet", "--most", "-1"], "-1"),
        (["quiet", "--most", "1000000000"], "1000000000"),
        (["\x1b[2J"], "has no shop"),
    ],
)
def test_what_cannot_be_shown_is_said_in_a_sentence(name: str, asked: list[str], says: str) -> None:
    shown = history(name, *asked)
    assert shown.exit_code == 2
    assert says in shown.output
    assert "Traceback" not in shown.output


@pytest.mark.parametrize("reach", [("0002-01-02", "9998-12-30"), ("1969-12-31", "1970-01-01")])
def test_any_stretch_of_the_calendar_can_be_shown(name: str, reach: tuple[str, str]) -> None:
    for style in ("text", "json"):
        shown = history(name, SHOP, "--from", reach[0], "--to", reach[1], "--format", style)
        assert shown.exit_code == 0, shown.output


def test_what_is_no_source_is_said(tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    (tmp_path / "file").write_text("", encoding="utf-8")
    for source in ("empty", "file", "nothing", "mysql://host/base"):
        shown = history(str(tmp_path / source) if "://" not in source else source, "s1")
        assert shown.exit_code == 2, source
        assert "help" in shown.output


def test_a_damaged_event_is_told(name: str) -> None:
    engine = connect_to(address_of(name))
    with engine.begin() as connection:
        connection.execute(update(events).where(events.c.event_id == "1").values(body="{"))
    engine.dispose()
    shown = history(name, SHOP)
    assert shown.exit_code == 2
    assert "is no event" in shown.output
    assert "revlex verify" in shown.output


def test_a_key_is_not_needed_to_look(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    Path("events.jsonl").write_text("\n".join(map(json.dumps, EVENTS)), encoding="utf-8")
    Path("key").write_text("0123456789abcdef0123456789abcdef", encoding="utf-8")
    run = CliRunner()
    assert run.invoke(main, ["init", "my-policy"]).exit_code == 0
    shown = []
    for ledger, options in (
        ("plain.db", []),
        ("sealed.db", ["--key-file", "key", "--redact", "texts"]),
    ):
        into = ["run", "my-policy", "--events", "events.jsonl", "--ledger", ledger, *options]
        done = run.invoke(main, into)
        assert done.exit_code == 0, done.output
        shown.append(history(ledger, SHOP).output)
    plain, sealed = shown
    words = re.compile(r"the reply offers.*|\[withheld [0-9a-f]{6}…\]")
    assert "[withheld" in sealed
    assert "voucher" not in sealed
    assert words.sub("", plain) == words.sub("", sealed)
