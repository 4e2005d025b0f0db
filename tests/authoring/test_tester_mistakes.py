"""Cases that say something senseless are reported; they do not pass."""

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
POSTED = 'at: "2025-06-01T10:00:00Z", type: review.posted, review_id: "r{n}", stars: 1'


def reported(tmp_path: Path, event: str, never: str, end: str = "{}") -> list[tuple[str, str]]:
    program, _ = compile_sources([Source("policy.yaml", POLICY)])
    assert program is not None
    file = tmp_path / "cases.yaml"
    file.write_text(
        f"cases:\n  - name: a case\n    events: [{{{event}}}]\n    never: [{{{never}}}]\n"
        f"    end: {end}\n",
        encoding="utf-8",
    )
    report = Report()
    results = run_cases(program, file, report)
    assert bool(results) is not report.has_errors
    return [(found.code, found.span.text) for found in report]


def test_a_case_that_makes_sense(tmp_path: Path) -> None:
    assert reported(tmp_path, f"{POSTED}, repeat: 2, every: 1h", "rule: one-star, points: 1") == []


@pytest.mark.parametrize(
    ("more", "place"),
    [
        ("repeat: 0", "0"),
        ("repeat: two", "two"),
        ("repeat: true", "true"),
        ("every: 1 calendar day", "1 calendar day"),
        ("every: 0h", "0h"),
        ("every: often", "often"),
        ("every: [1h]", "[1h]"),
    ],
)
def test_how_often_an_event_happens(tmp_path: Path, more: str, place: str) -> None:
    assert reported(tmp_path, f"{POSTED}, {more}", "kind: step") == [("E681", place)]


def test_when_an_event_happens(tmp_path: Path) -> None:
    event = POSTED.replace('"2025-06-01T10:00:00Z"', "[1]")
    assert reported(tmp_path, event, "kind: step") == [("E681", "[1]")]


@pytest.mark.parametrize(
    ("pattern", "place"),
    [
        ("rule: one-stars", "one-stars"),
        ("kind: verdikt", "verdikt"),
        ("reverses: verdikt", "verdikt"),
        ("verdict: denied", "denied"),
        ("violation: spam", "spam"),
        ("action: close_shop", "close_shop"),
        ("ruel: one-star", "ruel"),
    ],
)
def test_what_no_decision_can_have(tmp_path: Path, pattern: str, place: str) -> None:
    assert reported(tmp_path, POSTED, pattern) == [("E683", place)]


@pytest.mark.parametrize(
    ("regions", "codes"),
    [("[TH, VN]", [("E685", "SG", "write one of `TH`, `VN`")]), ("[SG]", []), ("~", [])],
)
def test_a_region_that_the_policy_does_not_have(
    tmp_path: Path, regions: str, codes: list[tuple[str, str, str]]
) -> None:
    text = POLICY if regions == "~" else f"{POLICY}regions: {regions}\n"
    program, _ = compile_sources([Source("policy.yaml", text)])
    assert program is not None
    file = tmp_path / "cases.yaml"
    file.write_text(
        f"cases:\n  - name: a case\n    region: SG\n    events: [{{{POSTED}}}]\n"
        "    expect: [{rule: one-star}]\n",
        encoding="utf-8",
    )
    report = Report()
    results = run_cases(program, file, report)
    assert [(one.code, one.span.text, one.help) for one in report] == codes
    assert all(result.passed for result in results)
    assert bool(results) is not bool(codes)


@pytest.mark.parametrize(
    ("end", "place"),
    [
        ("{points: {ladder: 0}}", "ladder"),
        ("{bands: {rate: fine}}", "rate"),
        ("{bands: {rate: ~}}", "rate"),
        ("{actions: [close_shop]}", "close_shop"),
    ],
)
def test_what_the_end_names_and_the_policy_does_not_have(
    tmp_path: Path, end: str, place: str
) -> None:
    assert reported(tmp_path, POSTED, "kind: step", end) == [("E683", place)]
