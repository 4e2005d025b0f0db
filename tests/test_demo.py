"""The demonstration that ships: made by its generator, the same at every run, and complete."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections import Counter
from pathlib import Path
from typing import Any, get_args, get_type_hints

import pytest
from revlex.engine.authoring.batch import read_decisions
from revlex.engine.language.compiler import compile_policy
from revlex.engine.language.program import VERDICTS, Overlap, Program
from revlex.engine.language.program import Mode as DraftMode
from revlex.engine.records.appeal import State
from revlex.engine.records.decision import ActionChange, Decision, DraftText, Kind, Mode, Result
from revlex.engine.runtime.evaluator import Evaluator
from revlex.engine.runtime.event_types import Event
from revlex.engine.runtime.events import Decoder
from revlex.engine.runtime.rejections import REASONS

ROOT = Path(__file__).parent.parent
DEMO = ROOT / "examples" / "demo"
EVENTS = DEMO / "events.jsonl"

NOT_IN_PLAIN_LINES = {"bad-row", "truncated"}
"""What only CSV and compressed files can be refused for."""

TOO_LARGE_TO_SHIP = {"too-deep", "too-long"}
"""What takes a line of thousands of characters."""


def python(*arguments: str | Path, hash_seed: str = "0") -> str:
    command = [sys.executable, *map(str, arguments)]
    environment = {**os.environ, "PYTHONHASHSEED": hash_seed, "PYTHONIOENCODING": "utf-8"}
    done = subprocess.run(command, check=True, env=environment, capture_output=True)  # noqa: S603  # our own
    return done.stdout.decode()


def run(out: Path, hash_seed: str) -> Path:
    options = ("--events", EVENTS, "--out", out)
    python("-m", "revlex.cli", "run", DEMO, *options, hash_seed=hash_seed)
    return out


@pytest.fixture(scope="module")
def out(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return run(tmp_path_factory.mktemp("demo"), "1")


@pytest.fixture(scope="module")
def decisions(out: Path) -> list[Decision]:
    return list(read_decisions(out / "decisions.jsonl"))


@pytest.fixture(scope="module")
def appeals(out: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in (out / "appeals.jsonl").read_bytes().splitlines()]


@pytest.fixture(scope="module")
def quarantine(out: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in (out / "quarantine.jsonl").read_bytes().splitlines()]


@pytest.fixture(scope="module")
def program() -> Program:
    found, problems = compile_policy(DEMO)
    assert not list(problems)
    assert found is not None
    return found


def words(annotation: object) -> set[str]:
    return set(get_args(annotation))


def test_the_events_are_what_the_generator_makes(tmp_path: Path) -> None:
    made = tmp_path / "events.jsonl"
    python(ROOT / "examples" / "generate_demo.py", "--seed", "7", "--out", made)
    assert made.read_bytes() == EVENTS.read_bytes()


def test_two_runs_write_the_same_bytes(out: Path, tmp_path: Path) -> None:
    again = run(tmp_path / "again", "2")
    names = sorted(path.name for path in out.iterdir())
    assert names == sorted(path.name for path in again.iterdir())
    assert "decisions.jsonl" in names
    for name in names:
        assert (out / name).read_bytes() == (again / name).read_bytes(), name


# ---------------------------------------------------------------------- everything occurs


def test_every_kind_of_decision_occurs(decisions: list[Decision]) -> None:
    none_here = {"remedy"}  # the demonstration's policy has no remedies
    assert {decision.kind for decision in decisions} == words(Kind) - none_here


def test_every_result_occurs(decisions: list[Decision]) -> None:
    assert {decision.rule.result for decision in decisions} == words(Result)


def test_every_change_of_an_action_occurs_under_every_overlap_rule(
    decisions: list[Decision],
) -> None:
    changes = [change for decision in decisions for change in decision.outcome.actions]
    assert {change.change for change in changes} == words(get_type_hints(ActionChange)["change"])
    assert {change.overlap for change in changes} == {rule.value for rule in Overlap}
    asked_again = {change.overlap for change in changes if change.change in {"extended", "kept"}}
    assert asked_again == {rule.value for rule in Overlap}


def test_every_mode_occurs_when_asked_for(decisions: list[Decision], program: Program) -> None:
    assert {decision.mode for decision in decisions} == {"live", "shadow"}
    decoder = Decoder(program.catalog)
    lines = EVENTS.read_bytes().splitlines()[:800]
    events = [one for line in lines if isinstance(one := decoder.decode(line), Event)]
    found = set()
    for mode in words(Mode) - {"shadow"}:
        evaluator = Evaluator(program, mode=mode)  # type: ignore[arg-type]  # one of its words
        found |= {decision.mode for decision in evaluator.feed_all(events)}
    assert found == words(Mode)


def test_every_band_is_entered(decisions: list[Decision], program: Program) -> None:
    declared = {(one.name, band.name) for one in program.thresholds for band in one.bands}
    crossings = [decision for decision in decisions if decision.kind == "threshold"]
    assert {(one.rule.id, one.outcome.band) for one in crossings} == declared


def test_every_verdict_falls_and_every_rule_speaks(
    decisions: list[Decision], program: Program
) -> None:
    verdicts = {decision.outcome.verdict for decision in decisions} - {None}
    assert verdicts == set(VERDICTS)
    spoken = {decision.rule.id for decision in decisions}
    assert {rule.name for rule in program.rules} <= spoken
    assert {draft.name for draft in program.drafts} <= spoken
    assert {ladder.name for ladder in program.ladders} <= spoken
    assert {process.name for process in program.appeals} <= spoken
    assert set(program.violations) <= spoken
    assert set(program.actions) <= spoken


def test_drafts_of_every_mode_and_language_are_written_and_some_held_back(
    decisions: list[Decision], program: Program
) -> None:
    drafts: list[DraftText] = [one.outcome.draft for one in decisions if one.outcome.draft]
    assert {draft.mode for draft in drafts} == {mode.value for mode in DraftMode}
    languages = {language for one in program.drafts for language in one.templates}
    assert {draft.language for draft in drafts if draft.text} == languages
    assert any(draft.held_back_by for draft in drafts)


def test_every_state_of_an_appeal_is_entered(appeals: list[dict[str, Any]]) -> None:
    entered = {step["state"] for appeal in appeals for step in appeal["history"]}
    assert entered == words(State)


def test_every_reason_for_refusing_a_line_occurs(quarantine: list[dict[str, Any]]) -> None:
    reasons = {record["reason"] for record in quarantine}
    assert reasons & set(REASONS) == set(REASONS) - NOT_IN_PLAIN_LINES - TOO_LARGE_TO_SHIP
    assert {
        "already-exists",
        "conflict",
        "late",
        "region-conflict",
        "same-reviewer",
        "unknown-appeal",
        "unknown-decision",
        "unknown-reply",
        "unknown-report",
        "unknown-review",
        "unknown-violation",
        "wrong-state",
    } <= reasons
    assert all(record["line"] and record["message"] for record in quarantine)


# ---------------------------------------------------------------------- everything adds up


def test_the_counts_of_the_summary_add_up(
    out: Path,
    decisions: list[Decision],
    appeals: list[dict[str, Any]],
    quarantine: list[dict[str, Any]],
) -> None:
    summary = json.loads((out / "summary.json").read_bytes())
    lines = len(EVENTS.read_bytes().splitlines())
    assert summary["duplicates"]
    assert lines == (
        summary["events"] + summary["duplicates"] + sum(summary["quarantined"].values())
    )
    assert summary["quarantined"] == Counter(record["reason"] for record in quarantine)
    assert summary["decisions"] == Counter(decision.kind for decision in decisions)
    assert summary["appeals"] == Counter(appeal["state"] for appeal in appeals)
    assert summary["errors"] == sum(one.rule.result == "error" for one in decisions)


def test_every_decision_has_an_id_of_its_own(decisions: list[Decision]) -> None:
    assert len({decision.decision_id for decision in decisions}) == len(decisions)


def test_every_reversal_names_a_decision_that_was_written_before(
    decisions: list[Decision],
) -> None:
    written: set[str] = set()
    for decision in decisions:
        if decision.kind == "reversal":
            assert decision.reverses in written
        written.add(decision.decision_id)


def test_the_demonstration_is_shown(out: Path) -> None:
    shown = python(ROOT / "examples" / "show.py", out)
    assert shown.count("$ revlex explain") == 4
    for part in ("found “voucher”", "numerator / denominator", "appeal   violation", "reverses"):
        assert part in shown
