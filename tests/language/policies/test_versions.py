"""Versions: files of a pack with dates and a name of their own."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from revlex.engine.language.compiler import compile_sources
from revlex.engine.language.program import Program
from revlex.engine.language.source import Source
from revlex.tests.reference.streams import Shop, instant

Clean = Callable[..., Program]
Compiled = Callable[..., Any]
Layered = Callable[[str], Any]

RULE = "review_rules: [{{rule: {}, when: review.stars == 1, verdict: flag{}}}]\n"
HEAD = 'policy: p\nversion: "1"\ntimezone: Asia/Bangkok\n'
JUNE = instant("2025-06-17T00:00+07:00")


def test_a_file_gives_its_entries_a_version_and_dates(clean: Clean) -> None:
    program = clean(
        HEAD + RULE.format("old", ", effective: {until: 2025-06-17}"),
        'version: "2"\neffective: {from: 2025-06-17}\n' + RULE.format("fresh", ""),
        RULE.format("plain", ""),
    )
    old, fresh, plain = program.rules
    assert program.version == "1"
    assert (old.version, plain.version) == (None, None)
    assert fresh.version is not None
    assert (fresh.version.text, fresh.version.start) == ("2", JUNE)
    assert (fresh.effective.start, fresh.effective.end) == (JUNE, None)
    assert not fresh.applies("", JUNE - 1)
    assert old.applies("", JUNE - 1)


def test_the_dates_of_an_entry_lie_within_those_of_its_file(compiled: Compiled) -> None:
    file = "effective: {from: 2025-06-17, until: 2025-08-01}\n"
    outcome = compiled(HEAD, file + RULE.format("r", ", effective: {from: 2025-07-01}"))
    assert outcome.found == []
    (rule,) = outcome.program.rules
    assert rule.effective.start == instant("2025-07-01T00:00+07:00")
    assert rule.effective.end == instant("2025-08-01T00:00+07:00")
    outcome = compiled(HEAD, file + RULE.format("r", ", effective: {from: 2025-08-01}"))
    assert outcome.codes == ["W728"]
    assert not any(outcome.program.rules[0].applies("", day) for day in (0, JUNE, JUNE * 2))
    outcome = compiled(HEAD + "effective: {until: 2025-06-01}\n", file + RULE.format("r", ""))
    assert [(one.code, one.span.source.name) for one in outcome.found] == [("W728", "1.yaml")]


def test_two_versions_of_one_rule(clean: Clean, compiled: Compiled) -> None:
    first = "effective: {until: 2025-06-17}\n" + RULE.format("r", "")
    second = "effective: {from: 2025-06-17}\n" + RULE.format("r", "")
    assert len(clean(HEAD, first, second).rules) == 2
    late = second.replace("06-17", "06-16")
    assert compiled(HEAD, first, late).codes == ["E670"]
    words = "effective: {from: 2025-06-17}\nlists: {bad: [worse]}\n"
    assert "E209" in compiled(HEAD + "lists: {bad: [awful]}\n", words).codes


def test_every_entry_of_a_file_has_its_version(clean: Clean) -> None:
    program = clean(
        HEAD,
        """
version: "2"
classify: [{as: product, when: review.stars == 1}]
review_rules: [{rule: r, when: review.stars == 1, verdict: flag}]
reply_drafts: {rules: [{draft: d, mode: draft, templates: {else: [Hi]}}]}
measures: {bad: {per: shop, value: count(review), over: 1d}}
thresholds: [{threshold: t, measure: bad, check: daily, bands: {few: below 9, many: from 9}}]
violations: {spam: {points: 1}}
actions: {pause: {scope: shop, overlap: keep}}
escalations: [{ladder: l, per: shop, because: x, steps: [{at: 3, do: [pause for 1d]}]}]
appeals: [{appeal: violation, attempts: [within 1d of notice]}]
""",
    )
    items = [
        *program.classify, *program.rules, *program.drafts, *program.measures.every(),
        *program.thresholds, *program.violations.every(), *program.actions.every(),
        *program.ladders, *program.appeals,
    ]  # fmt: skip
    assert len(items) == 9
    assert {item.version.text for item in items if item.version} == {"2"}


def test_decisions_name_the_version_of_their_entry(clean: Clean) -> None:
    program = clean(
        HEAD + RULE.format("old", ", effective: {until: 2025-06-17}"),
        'version: "2"\neffective: {from: 2025-06-17}\n' + RULE.format("fresh", ""),
    )
    shop = Shop(program)
    for number, at in enumerate(("2025-06-16T10:00", "2025-06-18T10:00")):
        shop.send(at, "review.posted", review_id=f"r{number}", stars=1)
    told = [(one.rule.id, one.policy.version, one.policy.effective_from) for one in shop.decisions]
    assert told == [("old", "1", None), ("fresh", "2", "2025-06-17T00:00:00+07:00")]


def test_an_overlay_has_the_terms_of_the_head_below(layered: Layered) -> None:
    below = """
# ../sea/policy.yaml
policy: sea
version: "7"
effective: {from: 2025-01-01}
review_rules: [{rule: a, when: review.stars == 1, verdict: flag}]
# ../sea/june.yaml
version: "8"
effective: {from: 2025-06-17}
review_rules: [{rule: b, when: review.stars == 1, verdict: flag}]
"""
    outcome = layered(f"# policy.yaml\npolicy: vn\nextend: ../sea\n{below}")
    assert outcome.found == []
    program = outcome.program
    assert (program.version, program.effective.start) == ("7", instant("2025-01-01T00:00"))
    assert [one.version and one.version.text for one in program.rules] == [None, "8"]
    outcome = layered(f'# policy.yaml\npolicy: vn\nversion: "1"\nextend: ../sea\n{below}')
    assert (outcome.program.version, outcome.program.effective.start) == (
        "1",
        instant("2025-01-01T00:00"),
    )


# ------------------------------------------------------------------------ notice


@pytest.mark.parametrize(
    ("dates", "codes"),
    [
        ("announced: 2025-06-02, from: 2025-06-17", []),
        ("announced: 2025-06-03, from: 2025-06-17", ["E673"]),
        ("announced: 2025-07-03, from: 2025-06-17", ["E673"]),
        ("from: 2025-06-17", ["W730"]),
        ("until: 2025-06-17", []),
        ("announced: 2025-06-03", []),
        ("announced: soon, from: 2025-06-17", ["E212"]),
        ("announced: 2025-06-03, from: soon", ["E212"]),
    ],
)
def test_notice(dates: str, codes: list[str], compiled: Compiled) -> None:
    own = f"notice_period: 15d\neffective: {{{dates}}}\n"
    assert compiled(HEAD + own).codes == codes
    file = f"effective: {{{dates}}}\n" + RULE.format("r", "")
    assert compiled(HEAD + "notice_period: 15d\n", file).codes == codes
    assert compiled(HEAD, file).codes == [code for code in codes if code == "E212"]


def test_a_notice_period_is_a_duration(compiled: Compiled) -> None:
    assert compiled(HEAD + "notice_period: 15 calendar days\n").codes == ["E640"]
    assert compiled(HEAD + "in_flight: drop\n").codes == ["E207"]


# ------------------------------------------------------------------------ digest


def digest(*texts: str) -> str:
    program, report = compile_sources([Source(f"{i}.yaml", t) for i, t in enumerate(texts)])
    assert program is not None, list(report)
    return program.digest


def test_the_terms_of_files_are_content() -> None:
    rules = RULE.format("r", "")
    variants = {
        digest(HEAD, rules),
        digest(HEAD, 'version: "2"\n' + rules),
        digest(HEAD, 'version: "3"\n' + rules),
        digest(HEAD, "effective: {from: 2025-01-01}\n" + rules),
        digest(HEAD, "effective: {until: 2025-01-01}\n" + rules),
    }
    assert len(variants) == 5
    more = RULE.format("s", "")
    assert digest(HEAD, 'version: "2"\n' + rules, more) != digest(
        HEAD, rules, 'version: "2"\n' + more
    )
    assert digest(HEAD + rules, more) == digest(HEAD, rules, more)


def test_the_order_of_variants_of_a_name_in_files_is_one_with_the_list() -> None:
    one, other = "{points: 1, regions: [TH]}", "{points: 2, regions: [VN]}"
    head = "policy: p\nregions: [TH, VN]\n"
    together = digest(f"{head}violations: {{spam: [{one}, {other}]}}\n")
    apart = digest(f"{head}violations: {{spam: {one}}}\n", f"violations: {{spam: {other}}}\n")
    assert together == apart
