"""Entries name the cases that show them; `revlex test` says when there are none."""

from __future__ import annotations

from pathlib import Path

import pytest
from revlex.engine.authoring.testing import TestOutcome, test_packs

run_packs = test_packs
test_packs.__test__ = False  # type: ignore[attr-defined]  # no test of pytest
TestOutcome.__test__ = False  # type: ignore[attr-defined]  # neither

ENTRIES = {
    "classify": "classify: [{as: product, TESTS}]",
    "review_rules": "review_rules: [{rule: r, when: review.stars == 1, verdict: flag, TESTS}]",
    "event_rules": "event_rules: [{rule: r, event: chat.rated, when: true, verdict: flag, TESTS}]",
    "reply_drafts": "reply_drafts: {rules: [{draft: d, mode: draft, templates: {en: [x]}, TESTS}]}",
    "measures": "measures: {m: {per: shop, value: count(review), over: 30d, TESTS}}",
    "variants": """
regions: [TH, VN]
measures:
  m:
    - {per: shop, value: count(review), over: 30d, regions: [TH]}
    - {per: shop, value: count(order), over: 30d, regions: [VN], TESTS}
""",
    "thresholds": """
measures: {m: {per: shop, value: count(review), over: 30d}}
thresholds:
  - {threshold: t, measure: m, check: daily, bands: {a: below 1, b: from 1}, TESTS}
""",
    "violations": "violations: {v: {points: 1, TESTS}}",
    "actions": "actions: {close: {scope: shop, TESTS}}",
    "escalations": """
actions: {close: {scope: shop}}
violations: {v: {points: 1}}
escalations: [{ladder: l, per: shop, steps: [{at: 1, do: [close for 1d]}], because: x, TESTS}]
""",
    "appeals": """
violations: {v: {points: 1}}
appeals: [{appeal: violation, attempts: [within 7d of notice], TESTS}]
""",
}
CASES = """
cases:
  - name: there
    events: [{at: "2025-06-01T10:00:00Z", type: clock.tick}]
    never: [{kind: verdict}]
"""


def found(folder: Path, entry: str, tests: str, cases: str | None = CASES) -> TestOutcome:
    text = f"policy: p\n{entry.replace('TESTS', tests)}\n"
    (folder / "policy.yaml").write_text(text, encoding="utf-8")
    if cases is not None:
        (folder / "cases.yaml").write_text(cases, encoding="utf-8")
    return run_packs([folder])


@pytest.mark.parametrize("section", ENTRIES)
def test_every_entry_names_its_cases(tmp_path: Path, section: str) -> None:
    outcome = found(tmp_path, ENTRIES[section], "tests: [there, another example]")
    assert [(one.code, one.span.text, one.help) for one in outcome.report] == [
        ("E699", "another example", "write it in `cases.yaml`, or remove the name")
    ]
    assert not outcome.passed


def test_a_case_that_is_there(tmp_path: Path) -> None:
    outcome = found(tmp_path, ENTRIES["review_rules"], "tests: [there]")
    assert list(outcome.report) == []
    assert outcome.passed


def test_a_case_that_is_nearly_there(tmp_path: Path) -> None:
    outcome = found(tmp_path, ENTRIES["review_rules"], "tests: [theer]")
    assert [one.help for one in outcome.report] == ["did you mean `there`?"]


def test_without_cases_every_name_is_too_much(tmp_path: Path) -> None:
    outcome = found(tmp_path, ENTRIES["review_rules"], "tests: [there]", cases=None)
    assert [one.code for one in outcome.report] == ["E699"]


def test_what_is_extended_has_its_cases_elsewhere(tmp_path: Path) -> None:
    base, top = tmp_path / "base", tmp_path / "top"
    base.mkdir()
    top.mkdir()
    found(base, ENTRIES["review_rules"], "tests: [there]")
    own = "review_rules: [{rule: s, when: review.stars == 2, verdict: flag, TESTS}]"
    outcome = found(top, f"extend: ../base\n{own}", "tests: [here]", CASES.replace("there", "here"))
    assert list(outcome.report) == []
    assert outcome.passed


@pytest.mark.parametrize(
    "tests", ["tests: there", "tests: [[there]]", "tests: {a: b}", "tests: [1]"]
)
def test_what_is_no_list_of_names(tmp_path: Path, tests: str) -> None:
    outcome = found(tmp_path, ENTRIES["review_rules"], tests)
    assert [one.code for one in outcome.report] in (["E201"], ["E205"])
