"""An appeal is worked from filing to reversal, and the log of it replays to the same ledger."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result
from revlex.cli import main
from revlex.engine.ledger.reading import LedgerReader
from revlex.engine.ledger.verifying import verify

POSTED = {"event_id": "1", "type": "review.posted", "review_id": "r1", "stars": 1}
REPLIED = {"event_id": "2", "type": "reply.submitted", "reply_id": "p1", "review_id": "r1"}
OF_SHOP = {"shop_id": "s1", "occurred_at": "2025-07-02T10:00:00Z"}
EVENTS = [POSTED | OF_SHOP, REPLIED | OF_SHOP | {"text": "Have a voucher!"}]
Do = Callable[..., Result]


@pytest.fixture
def name(new_ledger: Callable[[], str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """A ledger with one shop that has broken the rules once."""
    monkeypatch.chdir(tmp_path)
    Path("events.jsonl").write_text("\n".join(map(json.dumps, EVENTS)), encoding="utf-8")
    name = new_ledger()
    run = CliRunner()
    assert run.invoke(main, ["init", "my-policy"]).exit_code == 0
    done = run.invoke(main, ["run", "my-policy", "--events", "events.jsonl", "--ledger", name])
    assert done.exit_code == 0, done.output
    return name


@pytest.fixture
def do(name: str) -> Do:
    """Does a step of an appeal at some hour of 3 July."""

    def step(command: str, *more: str, hour: int = 9) -> Result:
        at = ["--at", f"2025-07-03T{hour:02}:00:00Z"]
        return CliRunner().invoke(main, ["appeal", command, name, *more, *at])

    return step


def listed(name: str) -> list[Any]:
    shown = CliRunner().invoke(main, ["appeal", "list", name, "--format", "json", "--state", "all"])
    found: list[Any] = json.loads(shown.output)
    return found


def entries(name: str) -> list[str]:
    with LedgerReader(name) as reader:
        assert list(verify(reader)) == []
        return [row.kind for row in reader.entries("s1")]


def violation(name: str) -> str:
    """The decision that is appealed: the violation, not the verdict."""
    (found,) = (one for one in listed(name) if one["rule"] == "reward-offered")
    return str(found["decision_ids"][0])


def test_from_filing_to_reversal(name: str, do: Do) -> None:
    assert do("file", violation(name), "--id", "a1", "--evidence", "statement").exit_code == 0
    assert do("assign", "a1", "--reviewer", "ann").exit_code == 0
    assert "to be decided by" in CliRunner().invoke(main, ["appeal", "list", name]).output
    assert do("request-evidence", "a1", "--by", "ann", "--wanted", "photo").exit_code == 0
    assert do("evidence", "a1", "--evidence", "photo:1", hour=11).exit_code == 0
    ruling = ["a1", "--outcome", "overturned", "--by", "ann", "--reason", "a quotation"]
    before = entries(name)
    assert "+ reversal" in do("decide", *ruling, "--dry-run", hour=12).output
    assert entries(name) == before
    assert "a1: overturned" in do("decide", *ruling, hour=12).output
    after = entries(name)
    assert after[len(before) :] == ["appeal", "reversal"]
    assert do("decide", *ruling, hour=12).exit_code == 0
    assert entries(name) == after


def test_what_is_not_admissible(name: str, do: Do) -> None:
    refused = do("file", violation(name), "--id", "a1", "--evidence", "screenshot")
    assert refused.exit_code == 1
    assert "missing: statement" in refused.output
    assert "a1" in [one["appeal_id"] for one in listed(name) if one["state"] == "open"]


@pytest.mark.parametrize(
    ("step", "says"),
    [
        (["withdraw", "nobody"], "the ledger has no appeal `nobody`"),
        (["withdraw", "{open}x"], "did you mean `{open}`?"),
        (["file", "nothing"], "the ledger has no decision `nothing`"),
        (["file", ""], "the ledger has no decision ``"),
        (["decide", "{open}", "--outcome", "upheld", "--by", "a", "--reason", "b"], "nobody has"),
    ],
)
def test_what_cannot_be_done(name: str, do: Do, step: list[str], says: str) -> None:
    opened = listed(name)[0]["appeal_id"]
    before = entries(name)
    done = do(*(one.format(open=opened) for one in step))
    assert done.exit_code == 2
    assert says.format(open=opened) in done.output
    assert entries(name) == before


def test_by_the_beginning_of_an_id(name: str, do: Do) -> None:
    assert do("file", violation(name)[:6], "--evidence", "statement").exit_code == 0
    assert do("file", violation(name)[:5], "--evidence", "statement").exit_code == 2


def test_a_time_that_is_none(name: str) -> None:
    step = ["appeal", "withdraw", name, listed(name)[0]["appeal_id"], "--at", "yesterday"]
    done = CliRunner().invoke(main, step)
    assert (done.exit_code, "`yesterday` is not a time" in done.output) == (2, True)


def test_time_does_not_pass_by_mistake(name: str) -> None:
    before = entries(name)
    step = ["appeal", "file", name, violation(name), "--evidence", "statement"]
    done = CliRunner().invoke(main, step)
    assert (done.exit_code, "is of 2025-07-02" in done.output) == (2, True)
    planned = CliRunner().invoke(main, [*step, "--now", "--dry-run"])
    assert "in time" in planned.output
    slip = CliRunner().invoke(main, [*step, "--at", "9025-07-03T10:00:00Z"])
    assert (slip.exit_code, "lies ahead" in slip.output) == (2, True)
    assert entries(name) == before


def test_a_decision_of_a_ledger_is_explained(name: str) -> None:
    decision = violation(name)
    done = CliRunner().invoke(main, ["explain", name, decision[:12]])
    assert done.exit_code == 0
    assert "reward-offered" in done.output
    assert CliRunner().invoke(main, ["explain", name, "zzz"]).exit_code == 2


BOUGHT = {"buyer_key": "ann-1", "buyer_name": "Ann", "text": "Ann waited"}


@pytest.mark.parametrize("redact", [[], ["--redact", "texts", "--redact", "names"]])
def test_appeals_go_on_when_a_buyer_has_been_forgotten(
    new_ledger: Callable[[], str],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    redact: list[str],
) -> None:
    """With a key, after an erasure, and after the log was dropped."""
    monkeypatch.chdir(tmp_path)
    for variable, value in (("REVLEX_KEY_FILE", "revlex.key"), ("REVLEX_EVIDENCE_DIR", "kept")):
        monkeypatch.setenv(variable, value)
    Path("revlex.key").write_text("a key that nobody knows", encoding="utf-8")
    Path("letter.txt").write_text("It was a quotation.", encoding="utf-8")
    events = [POSTED | OF_SHOP | BOUGHT, EVENTS[1]]
    Path("events.jsonl").write_text("\n".join(map(json.dumps, events)) + "\n", encoding="utf-8")
    ledger = new_ledger()

    def does(*words: str) -> str:
        done = CliRunner().invoke(main, list(words))
        assert done.exit_code == 0, done.output
        return done.output

    def step(name: str, day: int, *words: str) -> None:
        does("appeal", name, ledger, *words, "--at", f"2025-07-{day:02}T10:00:00Z")
        assert "everything holds" in does("verify", ledger)

    does("init", "my-policy")
    does("run", "my-policy", "--events", "events.jsonl", "--ledger", ledger, *redact)
    step("file", 3, violation(ledger), "--id", "a1", "--attach", "statement:letter.txt")
    does("erase", ledger, "--buyer", "ann-1")
    step("request-evidence", 4, "a1", "--by", "ann", "--wanted", "photo")
    does("retain", ledger, "--texts", "1d", "--events", "1d", "--as-of", "2025-07-08T00:00:00Z")
    step("evidence", 8, "a1", "--attach", "photo:letter.txt")
    step("decide", 9, "a1", "--outcome", "overturned", "--by", "ann", "--reason", "I believe it")
    does("advance", ledger, "--to", "2025-10-01T00:00:00Z")
    assert "everything holds" in does("verify", ledger)
    assert [one["state"] for one in listed(ledger)] == ["overturned"]
