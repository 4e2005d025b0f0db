"""Absurd, enormous and damaged policies: there is an answer, and never a traceback."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from revlex.engine.language.compiler import compile_policy, compile_sources
from revlex.engine.language.diagnostics import MOST_DIAGNOSTICS, Diagnostic
from revlex.engine.language.program import Program
from revlex.engine.language.source import Source

Clean = Callable[..., Program]
Wrong = Callable[[str, str], list[Diagnostic]]

EVERYTHING = (Path(__file__).parent / "everything.yaml").read_text(encoding="utf-8")
RULE = "  - {{rule: r{0}, when: '{1}', verdict: flag}}\n"
HEAD = "policy: p\nreview_rules:\n"


def rules(*conditions: str) -> str:
    return HEAD + "".join(RULE.format(i, condition) for i, condition in enumerate(conditions))


# ------------------------------------------------------------------------ very large


def test_a_thousand_rules(clean: Clean) -> None:
    conditions = [f"review.stars <= 2 and words(review.text) > {i} and in_it" for i in range(1_000)]
    program = clean(rules(*conditions) + "define: {in_it: review.images > 3}\n")
    assert [rule.name for rule in program.rules] == [f"r{i}" for i in range(1_000)]


def test_a_thousand_lines_of_which_each_is_wrong(compiled: Callable[..., Any]) -> None:
    outcome = compiled(rules(*[f"review.stars = {i}" for i in range(900)]))
    assert Counter((one.code, one.span.line) for one in outcome.found) == Counter(
        ("E301", i + 3) for i in range(900)
    )


def test_a_report_keeps_so_many_and_counts_the_rest() -> None:
    source = Source("p", rules(*["review.starz == 1"] * (MOST_DIAGNOSTICS + 5)))
    program, report = compile_sources([source])
    assert program is None
    assert len(report) == MOST_DIAGNOSTICS
    assert report.left_out == 5


def test_many_unknown_names_among_many_known_ones(compiled: Callable[..., Any]) -> None:
    violations = "".join(f"  violation-{i}: {{points: 1}}\n" for i in range(400))
    text = "".join(
        f"  - {{rule: r{i}, when: true, verdict: flag, violation: violatoin-{i}, because: x}}\n"
        for i in range(400)
    )
    outcome = compiled(f"{HEAD}{text}violations:\n{violations}")
    assert set(outcome.codes) == {"E606"}
    assert len(outcome.codes) == 400
    assert outcome.found[7].help == "did you mean `violation-7`?"


@pytest.mark.parametrize("join", ["or", "and"])
def test_a_condition_of_twenty_thousand_terms(join: str, compiled: Callable[..., Any]) -> None:
    terms = "".join(f"      review.images != {i} {join}\n" for i in range(9_000))
    text = f"{HEAD}  - rule: r\n    verdict: flag\n    when: |\n{terms}      review.stars > 1\n"
    assert compiled(text).codes == ["E418"]


def test_a_table_of_ten_thousand_rows(clean: Clean) -> None:
    rows = "".join(f"    k{i}: {i}.5%\n" for i in range(10_000))
    program = clean(
        f"""
policy: p
measures:
  m: {{per: product, value: share(review.stars <= 2 of review), over: 30d, at_least: 5}}
thresholds:
  - threshold: t
    measure: m
    check: daily
    bands: {{good: "below t[product.category]", bad: "from t[product.category]"}}
tables:
  t:
    by: product.category
    else: 1%
{rows}"""
    )
    assert program.thresholds[0].bands[0].name == "good"


def test_a_list_of_ten_thousand_words(clean: Clean, compiled: Callable[..., Any]) -> None:
    words = "".join(f"    - word{i} and more\n" for i in range(10_000))
    use = rules("review.text contains any of l")
    clean(f"{use}lists:\n  l:\n{words}")
    assert (
        compiled(f"{use}lists:\n  l:\n{words}    - and more\n").codes == ["W726"] * MOST_DIAGNOSTICS
    )
    long = " ".join("word" for _ in range(15_000))
    clean(f"{use}lists: {{l: [{long}, word]}}\n")


def test_as_many_measures_as_anybody_could_want(clean: Clean, compiled: Callable[..., Any]) -> None:
    chain = "".join(
        f"  m{i}: {{per: shop, value: m{i - 1} + count(order where order.gift), over: {i}d}}\n"
        for i in range(1, 300)
    )
    look = "thresholds: [{threshold: t, measure: m299, check: daily, bands: {any: from 0}}]\n"
    start = "policy: p\nmeasures:\n  m0: {per: shop, value: count(review), over: 3d}\n"
    program = clean(start + chain + look)
    assert list(program.measures) == [f"m{i}" for i in range(300)]
    circle = start.replace("count(review)", "m299")
    assert compiled(circle + chain + look).codes == ["E617"]


def test_many_bands_and_steps(clean: Clean) -> None:
    bands = "".join(f"      b{i}: from {i} below {i + 1}\n" for i in range(1, 500))
    steps = "".join(f"      - {{at: {i + 1}, do: [x]}}\n" for i in range(500))
    program = clean(f"""
policy: p
measures: {{m: {{per: shop, value: count(review), over: 3d}}}}
thresholds:
  - threshold: t
    measure: m
    check: daily
    bands:
      b0: below 1
{bands}      top: from 500
violations: {{v: {{points: 4}}}}
actions: {{x: {{scope: shop, overlap: keep}}}}
escalations:
  - ladder: l
    per: shop
    because: why
    steps:
{steps}appeals: [{{appeal: violation, attempts: [within 3d of notice]}}]
""")
    assert len(program.thresholds[0].bands) == 501
    assert len(program.ladders[0].steps) == 500


# -------------------------------------------------------------------------- deep


@pytest.mark.parametrize("depth", [50, 200, 5_000])
def test_deep_brackets(depth: int, compiled: Callable[..., Any]) -> None:
    deep = f"{'(' * depth}review.stars == 1{')' * depth}"
    assert compiled(rules(deep)).codes == ([] if depth == 50 else ["E321"])
    assert compiled(f"policy: p\nregions: {'[' * depth}TH{']' * depth}\n").errors != []


def test_definitions_inside_one_another(compiled: Callable[..., Any]) -> None:
    deep = "".join(f"  d{i}: not d{i + 1}\n" for i in range(300))
    assert compiled(f"{rules('d0')}define:\n{deep}  d300: review.stars == 1\n").codes == ["E418"]
    wide = "".join(f"  d{i}: d{i + 1} and d{i + 1}\n" for i in range(40))
    assert compiled(f"{rules('d0')}define:\n{wide}  d40: review.stars == 1\n").codes == ["E418"]


def test_a_large_definition_in_thousands_of_rules(compiled: Callable[..., Any]) -> None:
    wide = "".join(f"  d{i}: d{i + 1} and d{i + 1}\n" for i in range(11))
    many = "".join(f"  - {{rule: r{i}, when: d0, verdict: flag}}\n" for i in range(3_000))
    text = f"policy: p\nreply_rules:\n{many}define:\n{wide}  d11: review.stars == 1\n"
    outcome = compiled(text)
    assert outcome.codes == ["E648"]
    assert "500,000 parts" in outcome.found[0].message


# ----------------------------------------------------------------------- strange


@pytest.mark.parametrize(
    "number",
    ["99999999999999999999999", "-1", "0", "0x10", "1e400", "1_000", ".5", "٣", "1.0", "08"],
)
def test_numbers(number: str, compiled: Callable[..., Any]) -> None:
    for place in ("priority: {}", "stop: {}", "when: review.stars > {}", "status: {}"):
        text = f"{HEAD}  - rule: r\n    verdict: flag\n    {place.format(number)}\n"
        compiled(text if "when" in text else f"{text}    when: true\n")
    compiled(f"policy: p\nretention: {number}d\nlateness: {number}\n")
    compiled(f"policy: p\nviolations: {{v: {{points: {number}, pick: {number}}}}}\n")


@pytest.mark.parametrize(
    "length",
    [
        "9223372036854775807 calendar months",
        "99999999999d",
        "9223372036854775807s",
        "36601 calendar days",
    ],
)
def test_lengths(length: str, compiled: Callable[..., Any]) -> None:
    text = f"""
policy: p
measures: {{m: {{per: shop, value: count(review), over: {length}}}}}
appeals: [{{appeal: violation, attempts: [within {length} of notice]}}]
violations: {{v: {{points: 4, repeat: {{within: {length}, times: 2}}}}}}
"""
    assert set(compiled(text).errors) <= {"E645", "E314"}
    assert len(compiled(text).errors) == 3


@pytest.mark.parametrize(
    "name",
    [
        "é",
        "名前",
        "a b",
        "A",
        "1a",
        "a--b",
        "a.b",
        "-a",
        "a\u200b",
        "\u202eabc",
        "\uff46ull",
        "true",
        "~",
    ],
)
def test_names(name: str, compiled: Callable[..., Any]) -> None:
    for text in (
        f"policy: '{name}'\n",
        f"{HEAD}  - {{rule: '{name}', when: true, verdict: flag}}\n",
        f"policy: p\nviolations: {{'{name}': {{points: 1}}}}\n",
    ):
        errors = compiled(text).errors
        assert errors == ["E204"] or name == "true", (name, errors)


def test_the_names_of_regions_are_free(clean: Clean) -> None:
    program = clean(
        """
        policy: p
        regions: ["else ", ELSE, ไทย, "", "a b"]
        timezone: Asia/Bangkok
        review_rules:
          - {rule: r, when: true, verdict: {ELSE: allow, ไทย: flag, else: allow}}
    """.replace('"", ', "")
    )
    assert program.rules[0].verdict("ไทย") == "flag"
    assert program.rules[0].verdict("else ") == "allow"


@pytest.mark.parametrize("section", re.findall(r"^(\w+):", EVERYTHING, re.MULTILINE))
@pytest.mark.parametrize("empty", ["", " ~", " []", " {}", " ''"])
def test_empty_sections(section: str, empty: str, compiled: Callable[..., Any]) -> None:
    head = "" if section == "policy" else "policy: p\n"
    outcome = compiled(f"{head}{section}:{empty}\n")
    possible = {"E201", "E203", "E204", "E207", "E208", "E320"}
    assert outcome.errors == [] or outcome.errors[0] in possible
    if empty in {"", " ~"}:
        assert outcome.errors == ["E201"]


def test_nothing_at_all() -> None:
    assert compile_sources([])[0] is None
    for text in ("", "\n", "# only a comment\n", "---\n", "~\n", "[]\n", "{}\n", "\ufeff", "\x00"):
        program, report = compile_sources([Source("p", text)])
        assert program is None
        assert report.has_errors, text


def test_files_that_cannot_be_read(tmp_path: Path) -> None:
    for path in (tmp_path / "none.yaml", tmp_path):
        program, report = compile_policy(path)
        assert program is None
        assert report.has_errors
    (tmp_path / "bytes.yaml").write_bytes(b"policy: \xff\xfe")
    program, report = compile_policy(tmp_path)
    assert program is None
    assert [one.code for one in report] == ["E102"]


# ----------------------------------------------------------------------- damaged


def check(text: str) -> None:
    source = Source("p", text)
    program, report = compile_sources([source])
    assert (program is None) is report.has_errors
    places = [(one.code, one.span.start, one.span.end) for one in report]
    assert len(places) == len(set(places))
    for one in report:
        assert 0 <= one.span.start <= one.span.end <= len(source.text)
        proper = one.message.startswith(("YAML ", "U+"))  # written so wherever they stand
        assert proper or not one.message[0].isupper()


lines = EVERYTHING.splitlines(keepends=True)
spots = st.integers(0, len(EVERYTHING))
pieces = st.one_of(
    st.text(max_size=5),
    st.sampled_from(
        [":", " ", "\n", "- ", "{", "}", "[", "]", "'", '"', "#", " #", "else", "~", "%"]
    ),
)


@settings(max_examples=120)
@given(start=spots, length=st.integers(0, 40), piece=pieces)
def test_a_damaged_policy(start: int, length: int, piece: str) -> None:
    check(EVERYTHING[:start] + piece + EVERYTHING[start + length :])


@settings(max_examples=80)
@given(one=st.integers(0, len(lines) - 1), other=st.integers(0, len(lines) - 1))
def test_lines_exchanged_and_left_out(one: int, other: int) -> None:
    moved = lines.copy()
    moved[one], moved[other] = moved[other], moved[one]
    check("".join(moved))
    check("".join(lines[:one] + lines[one + 1 :]))


@settings(max_examples=200)
@given(st.text(max_size=80))
def test_any_text(text: str) -> None:
    check(text)
    check(f"policy: p\nreview_rules:\n  - rule: r\n    verdict: flag\n    when: {text}\n")


WORDS = re.findall(r"[\w-]+|[^\w\s]", EVERYTHING)


@settings(max_examples=80)
@given(words=st.lists(st.sampled_from(WORDS), max_size=30))
def test_any_words_as_a_condition_or_phrase(words: list[str]) -> None:
    text = " ".join(words).replace('"', "'")
    check(
        f'policy: p\nretention: "{text}"\nreview_rules:\n'
        f'  - {{rule: r, when: "{text}", verdict: flag, because: "{text}"}}\n'
        f'measures: {{m: {{per: shop, value: "{text}", over: "{text}"}}}}\n'
        f'thresholds: [{{threshold: t, measure: m, check: "{text}", bands: {{a: "{text}"}}}}]\n'
        f'violations: {{v: {{points: "{text}", do: ["{text}"]}}}}\n'
        f'appeals: [{{appeal: violation, attempts: ["{text}"], while_pending: "{text}"}}]\n'
    )
