"""A decision is shown to people: what others wrote in it is text, and nothing but text."""

from __future__ import annotations

import json
from pathlib import Path

from click.testing import CliRunner
from revlex.cli import main

POLICY = """\
policy: shown
version: "1\\e[2J"
reply_rules:
  - {rule: rude, when: reply.text contains "fool", verdict: reject, because: "{reply.text}"}
"""
SNEAKY = "fool \x1b[31m\x07\u202edoof\nrule     forged"


def test_a_text_cannot_steer_the_terminal(tmp_path: Path) -> None:
    (tmp_path / "policy.yaml").write_text(POLICY, encoding="utf-8")
    common = {"occurred_at": "2025-06-01T10:00:00Z", "shop_id": "s1", "review_id": "r1"}
    events = [
        {**common, "event_id": "1", "type": "review.posted", "stars": 1},
        {**common, "event_id": "2", "type": "reply.submitted", "reply_id": "p1", "text": SNEAKY},
    ]
    source, out = tmp_path / "events.jsonl", tmp_path / "out"
    source.write_text("".join(f"{json.dumps(event)}\n" for event in events), encoding="utf-8")
    run = ["run", str(tmp_path / "policy.yaml"), "--events", str(source), "--out", str(out)]
    summary = CliRunner().invoke(main, run, color=True)
    assert summary.exit_code == 0
    assert "shown 1<U+001B>[2J" in summary.output
    [line] = (out / "decisions.jsonl").read_text(encoding="utf-8").splitlines()
    shown = CliRunner().invoke(
        main, ["explain", str(out), json.loads(line)["decision_id"]], color=True
    )
    assert shown.exit_code == 0
    assert "<U+001B>[31m<U+0007><U+202E>doof" in shown.output
    assert not {"\x1b", "\x07", "\u202e"} & set(shown.output)
    assert not any(line.startswith("rule     forged") for line in shown.output.splitlines())


def test_the_name_of_a_case_cannot_either(tmp_path: Path) -> None:
    (tmp_path / "policy.yaml").write_text(POLICY, encoding="utf-8")
    (tmp_path / "cases.yaml").write_text(
        'cases:\n  - name: "a \\e[31m case"\n    events: []\n    end: {quarantined: []}\n',
        encoding="utf-8",
    )
    shown = CliRunner().invoke(main, ["test", str(tmp_path)], color=True)
    assert "a <U+001B>[31m case" in shown.output
