"""Notices of ledgers and of runs: whose words, which language, and what cannot be told."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from click.testing import CliRunner, Result
from revlex.cli import main

POLICY = """
policy: shop
regions: [TH, VN]
reply_rules:
  - rule: rewards
    when: reply.text contains "voucher"
    verdict: reject
    violation: reward
    because: "the reply offers {matched}"
violations:
  reward: {points: 4, do: [hide for 1d]}
actions:
  hide: {scope: reply}
  close: {scope: shop}
escalations:
  - {ladder: points, per: shop, because: many, steps: [{at: 8, do: [close for 7d]}]}
appeals:
  - {appeal: violation, attempts: [within 30d of notice]}
notices:
  languages: {TH: th}
  entries:
    - notice: reward
      for: violation
      subject: {else: "{violation}"}
      text: {th: "ไทย {points}", en: "Eng {points}", vi: "Tiếng Việt {points}", else: "{points}"}
    - notice: hidden
      for: action
      when: change == applied
      subject: {else: "{action}"}
      text: {else: "{until}"}
"""


def rude(shop: str, number: int) -> list[dict[str, Any]]:
    """A review and a reply to it that is against the rules."""
    review = {"shop_id": shop, "review_id": f"r{number}"}
    return [
        {"type": "review.posted", **review, "stars": 1},
        {"type": "reply.submitted", **review, "reply_id": f"p{number}", "text": "a voucher"},
    ]


EVENTS: tuple[dict[str, Any], ...] = (
    *rude("s1", 1),
    {"type": "shop.opened", "shop_id": "s2", "language": "vi"},
    *rude("s2", 2),
    {"type": "shop.opened", "shop_id": "s3", "region": "VN", "language": "xx"},
    *rude("s3", 3),
    {"type": "review.posted", "shop_id": "s1", "review_id": "r4", "stars": 1},
)


def revlex(*words: str | Path) -> Result:
    return CliRunner().invoke(main, list(map(str, words)))


def lines(*words: str | Path) -> list[dict[str, Any]]:
    done = revlex("export", "notices", *words)
    assert done.exit_code == 0, done.output
    return [json.loads(line) for line in done.stdout.splitlines()]


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A policy, events, and the folder of their run."""
    folder = tmp_path_factory.mktemp("shop")
    (folder / "pack").mkdir()
    (folder / "pack" / "policy.yaml").write_text(POLICY, encoding="utf-8")
    for number, event in enumerate(EVENTS):
        said = {
            "event_id": f"e{number}",
            "occurred_at": f"2025-07-{number + 1:02}T10:00:00Z",
            **event,
        }
        with (folder / "events.jsonl").open("a", encoding="utf-8") as file:
            file.write(json.dumps(said) + "\n")
    ran = revlex(
        "run", folder / "pack", "--events", folder / "events.jsonl", "--out", folder / "out"
    )
    assert ran.exit_code == 0, ran.output
    return folder


@pytest.fixture
def ledger(new_ledger: Callable[[], str], shop: Path) -> str:
    name = new_ledger()
    ran = revlex(
        "run", shop / "pack", "--events", shop / "events.jsonl", "--ledger", name,
        "--until", "2025-07-09T10:00:00Z",
    )  # fmt: skip
    assert ran.exit_code == 0, ran.output
    return name


def test_each_shop_is_told_in_its_language(ledger: str) -> None:
    found = lines(ledger, "--kind", "violation")
    assert {one["shop"]: (one.get("language"), one["body"]) for one in found} == {
        "s1": ("th", "ไทย 4"),
        "s2": ("vi", "Tiếng Việt 4"),
        "s3": (None, "4"),
    }


def test_one_language_may_be_asked_for(ledger: str) -> None:
    found = lines(ledger, "--kind", "violation", "--language", "en", "--shop", "s1")
    assert [one["body"] for one in found] == ["Eng 4"]


def test_a_run_tells_what_a_ledger_does_but_for_the_languages_of_shops(
    ledger: str, shop: Path
) -> None:
    of_run = lines(shop / "out", "--policy", shop / "pack", "--language", "en")
    of_ledger = lines(ledger, "--language", "en")
    assert sorted(map(json.dumps, of_run)) == sorted(map(json.dumps, of_ledger))
    languages = {one.get("language") for one in lines(shop / "out", "--policy", shop / "pack")}
    assert languages == {"th", "en", None}


def test_of_what_there_are_notices_for_only_what_fits_is_told(ledger: str) -> None:
    decided = revlex("export", "decisions", ledger).stdout
    assert decided.count('"change":"expired"') == 3
    told = [(one["kind"], one.get("template")) for one in lines(ledger, "--shop", "s1")]
    assert told == [("verdict", None), ("violation", "reward"), ("action", "hidden")]


def test_a_notice_is_shown(ledger: str, shop: Path) -> None:
    (of_s2,) = (one for one in lines(ledger, "--kind", "violation") if one["shop"] == "s2")
    done = revlex("notice", ledger, of_s2["decision_id"][:12])
    assert done.stdout == "To: s2\nLanguage: vi\nSubject: reward\n\nTiếng Việt 4\n"
    done = revlex("notice", ledger, of_s2["decision_id"], "--format", "json")
    assert json.loads(done.stdout) == of_s2
    in_run = revlex("notice", shop / "out", of_s2["decision_id"], "--policy", shop / "pack")
    assert in_run.stdout == "To: s2\nLanguage: th\nSubject: reward\n\nไทย 4\n"


def test_what_is_not_told_can_be_shown(ledger: str) -> None:
    decided = map(json.loads, revlex("export", "decisions", ledger).stdout.splitlines())
    expired = next(one for one in decided if '"expired"' in json.dumps(one["outcome"]))
    done = revlex("notice", ledger, expired["decision_id"])
    assert done.exit_code == 0, done.output
    assert "Subject: hide: expired" in done.stdout


def test_notices_are_rows_of_a_table(ledger: str, tmp_path: Path) -> None:
    out = tmp_path / "notices.parquet"
    done = revlex("export", "notices", ledger, "--format", "parquet", "--out", out)
    assert done.stdout == f"notices written to {out}: 9\n"
    rows, told = pl.read_parquet(out).to_dicts(), lines(ledger)
    for row, notice in zip(rows, told, strict=True):
        assert {name: row[name] for name in ("decision_id", "shop", "subject", "body")} == {
            name: notice[name] for name in ("decision_id", "shop", "subject", "body")
        }
        assert row["language"] == notice.get("language")
        deadline = notice.get("deadline")
        assert row["deadline"] == (deadline and datetime.fromisoformat(deadline))


def refusal(*words: str | Path) -> str:
    done = revlex(*words)
    assert done.exit_code == 2, done.output
    assert isinstance(done.exception, SystemExit)
    return done.stderr


def test_what_cannot_be_told_is_said(ledger: str, shop: Path, tmp_path: Path) -> None:
    out, pack = shop / "out", shop / "pack"
    assert "does not hold the policy" in refusal("export", "notices", out)
    assert "holds the policies" in refusal("export", "notices", ledger, "--policy", pack)
    assert "no decision begins with" in refusal("notice", out, "zzz", "--policy", pack)
    assert "is not for `export notices`" in refusal("export", "notices", ledger, "--state", "open")
    assert "is not for `export decisions`" in refusal(
        "export", "decisions", ledger, "--language", "th"
    )
    other = tmp_path / "other.yaml"
    other.write_text(POLICY.replace("30d", "31d"), encoding="utf-8")
    assert "not decided by this version" in refusal("export", "notices", out, "--policy", other)
    other.write_text("policy: x\nrules: []\n", encoding="utf-8")
    assert "has errors" in refusal("export", "notices", out, "--policy", other)
    assert "does not exist" in refusal("export", "notices", out, "--policy", tmp_path / "none")


def test_what_was_taken_out_of_a_record_is_not_told(
    new_ledger: Callable[[], str], shop: Path, tmp_path: Path
) -> None:
    key = tmp_path / "key"
    key.write_text("a key of forty characters, which nobody has", encoding="utf-8")
    name = new_ledger()
    words = ("--events", shop / "events.jsonl", "--ledger", name, "--key-file", key)
    ran = revlex("run", shop / "pack", *words, "--redact", "texts")
    assert ran.exit_code == 0, ran.output
    verdicts = lines(name, "--kind", "verdict")
    assert len(verdicts) == 3
    assert not [one for one in verdicts if "withheld" in one["body"] or "Reason" in one["body"]]


def test_a_damaged_record_is_no_traceback(shop: Path, tmp_path: Path) -> None:
    lines_ = (shop / "out" / "decisions.jsonl").read_text(encoding="utf-8").splitlines()
    decision = json.loads(lines_[0])
    for time in ("never", "2025-13-01T00:00:00Z", ""):
        decision["time"]["event_time"] = time
        (tmp_path / "decisions.jsonl").write_text(json.dumps(decision) + "\n", encoding="utf-8")
        words = (tmp_path, "--policy", shop / "pack")
        assert "is damaged" in refusal("notice", tmp_path, decision["decision_id"], *words[1:])
        assert "is damaged" in refusal("export", "notices", *words)


def test_nothing_in_a_notice_steers_a_terminal(shop: Path, tmp_path: Path) -> None:
    hostile = "a\u001b[2J\u202e\u0007\nTo: s9"
    for line in (shop / "out" / "decisions.jsonl").read_text(encoding="utf-8").splitlines():
        decision = json.loads(line)
        decision["subject"]["shop"] = decision["rule"]["because"] = hostile
        (tmp_path / "decisions.jsonl").write_text(json.dumps(decision) + "\n", encoding="utf-8")
        done = revlex("notice", tmp_path, decision["decision_id"], "--policy", shop / "pack")
        assert done.exit_code == 0, done.output
        assert done.stdout.replace("\n", "").isprintable()
        assert done.stdout.count("\nTo:") == 0
