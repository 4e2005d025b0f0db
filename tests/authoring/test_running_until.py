"""Until when a run lets time pass, as it is given on the command line."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner
from revlex.cli import main

POLICY = """\
policy: until
timezone: Asia/Bangkok
review_rules:
  - {rule: low, when: review.stars == 1, verdict: flag}
"""
EVENT = (
    '{"event_id": "1", "type": "review.posted", "occurred_at": "2025-06-01T10:00:00Z",'
    ' "shop_id": "s1", "review_id": "r1", "stars": 1}\n'
)


@pytest.mark.parametrize(
    ("until", "status", "says"),
    [
        ("9999-12-31T23:59:59Z", 2, "outside the calendar"),
        ("0001-01-01T00:00:00Z", 2, "outside the calendar"),
        ("9998-12-31T23:59:59Z", 0, "decisions"),
        ("0002-01-01T00:00:00Z", 0, "after `--until`"),
        ("tomorrow", 2, "is not a time"),
    ],
)
def test_the_ends_of_the_calendar(tmp_path: Path, until: str, status: int, says: str) -> None:
    (tmp_path / "policy.yaml").write_text(POLICY, encoding="utf-8")
    (tmp_path / "events.jsonl").write_text(EVENT, encoding="utf-8")
    options = ["--events", str(tmp_path / "events.jsonl"), "--out", str(tmp_path / "out")]
    result = CliRunner().invoke(
        main, ["run", str(tmp_path / "policy.yaml"), *options, "--until", until]
    )
    assert result.exit_code == status
    assert says in result.output
