"""A case says which of its events were not applied; it does not pass or fail for it in silence."""

from __future__ import annotations

from pathlib import Path

import pytest
from revlex.engine.authoring.tester import run_cases
from revlex.engine.language.compiler import compile_sources
from revlex.engine.language.diagnostics import Report
from revlex.engine.language.source import Source

POLICY = """
policy: small
review_rules:
  - {rule: one-star, when: review.stars == 1, verdict: flag}
"""
CASE = """\
cases:
  - name: a case
    events:
      - {at: "2025-06-02T10:00:00Z", type: review.posted, review_id: r1, stars: STARS}
      - {at: "2025-06-01T10:00:00Z", type: review.posted, review_id: r2, stars: 1MORE}
    END
"""
TOLD = "1 event was not applied: late (line 5)"


def failures(tmp_path: Path, end: str, stars: int = 1, more: str = "") -> list[str]:
    program, _ = compile_sources([Source("policy.yaml", POLICY)])
    assert program is not None
    file = tmp_path / "cases.yaml"
    text = CASE.replace("STARS", str(stars)).replace("MORE", more).replace("END", end)
    file.write_text(text, encoding="utf-8")
    report = Report()
    (result,) = run_cases(program, file, report)
    assert not report.has_errors
    return [one.message for one in result.failures]


@pytest.mark.parametrize(
    "end", ["never: [{subject: r2}]", "expect: [{subject: r1}]", "never: [{kind: step}]"]
)
def test_what_passes_only_because_an_event_was_not_applied(tmp_path: Path, end: str) -> None:
    assert failures(tmp_path, end) == [TOLD]


def test_what_fails_says_that_an_event_was_not_applied(tmp_path: Path) -> None:
    assert failures(tmp_path, "expect: [{subject: r2}]")[1:] == [TOLD]
    assert failures(tmp_path, "end: {appeals: {a1: final}}")[1:] == [TOLD]
    assert failures(tmp_path, "end: {quarantined: []}")[1:] == [TOLD]


@pytest.mark.parametrize(
    "end",
    [
        "end: {quarantined: [late]}",
        "never: [{subject: r2}]\n    end: {quarantined: [late]}",
        "end: {actions: []}",
    ],
)
def test_what_says_so_itself_passes(tmp_path: Path, end: str) -> None:
    assert failures(tmp_path, end) == []


def test_several_events_of_a_line(tmp_path: Path) -> None:
    again = ', event_id: "x{n}", repeat: 1200'
    found = failures(tmp_path, "never: [{kind: step}]", 2, again)
    assert found == ["1,200 events were not applied: late (line 5)"]
