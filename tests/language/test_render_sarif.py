"""Reports as SARIF 2.1.0, held to what the standard asks of the objects that are written."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from jsonschema import Draft202012Validator
from revlex.engine.language.codes import CodePage
from revlex.engine.language.diagnostics import MOST_DIAGNOSTICS, Diagnostic, Label, Report
from revlex.engine.language.render_sarif import render_sarif
from revlex.engine.language.source import Source, Span

SCHEMA = json.loads(Path(__file__).with_name("sarif.schema.json").read_text(encoding="utf-8"))
VALIDATOR = Draft202012Validator(SCHEMA)
PAGES = {
    "E412": CodePage(
        code="E412",
        name="unknown-field",
        title="the event has no such field",
        why="A rule reads the fields that {the catalog} gives.",
        fix="Write `stars`.",
        bad="strs < 2\n",
        good="stars < 2\n",
    )
}
POLICY = Source("rules/burst/policy.yaml", "id: burst\r\nwhen: |\r  漢 < 2 and\n  \U0001f642 < 1\n")


def rendered(*found: Diagnostic) -> Any:
    """The one run of a log that is valid."""
    report = Report()
    report.extend(found)
    log = json.loads(render_sarif(report, version="0.1.0", known=PAGES))
    VALIDATOR.validate(log)
    (run,) = log["runs"]
    return run


def place(name: str) -> str:
    """The reference that stands for a file name."""
    run = rendered(Diagnostic("E101", "odd", Span(Source(name, "a"), 0, 1)))
    uri: str = run["results"][0]["locations"][0]["physicalLocation"]["artifactLocation"]["uri"]
    return uri


def region(start: int, end: int) -> tuple[int, int, int, int]:
    """Start line and column, end line and column, of a span of the policy."""
    run = rendered(Diagnostic("E101", "odd", Span(POLICY, start, end)))
    found = run["results"][0]["locations"][0]["physicalLocation"]["region"]
    return found["startLine"], found["startColumn"], found["endLine"], found["endColumn"]


def test_the_schema_of_this_test_is_one() -> None:
    Draft202012Validator.check_schema(SCHEMA)


def test_the_run_says_what_was_measured_and_how() -> None:
    run = rendered()
    assert run["tool"]["driver"] == {"name": "revlex", "version": "0.1.0", "rules": []}
    assert run["columnKind"] == "unicodeCodePoints"
    assert run["newlineSequences"] == ["\r\n", "\n", "\r"]
    assert run["invocations"] == [{"executionSuccessful": True}]
    assert run["results"] == []


def test_rules_are_those_that_occur_with_what_their_pages_say() -> None:
    span = Span(POLICY, 0, 2)
    run = rendered(
        Diagnostic("W701", "odd", span),
        Diagnostic("E412", "no", span),
        Diagnostic("W702", "x", span),
    )
    described, *others = run["tool"]["driver"]["rules"]
    assert described["id"] == "E412"
    assert described["name"] == "unknown-field"
    assert described["shortDescription"] == {"text": "the event has no such field"}
    assert described["fullDescription"]["text"] == (
        "A rule reads the fields that {{the catalog}} gives."
    )
    assert described["help"]["markdown"].startswith("# E412 `unknown-field`\n")
    assert described["help"]["text"] == "Write `stars`."
    assert described["defaultConfiguration"] == {"level": "error"}
    assert others == [{"id": "W701"}, {"id": "W702"}]
    for result in run["results"]:
        assert run["tool"]["driver"]["rules"][result["ruleIndex"]]["id"] == result["ruleId"]


def test_a_result_with_everything() -> None:
    label = Label(Span(POLICY, 4, 9), "in this rule")
    run = rendered(
        Diagnostic("E412", "no `x`", Span(POLICY, 0, 2), help="write `y`", labels=(label, label))
    )
    related = {
        "message": {"text": "in this rule"},
        "physicalLocation": {
            "artifactLocation": {"uri": "rules/burst/policy.yaml"},
            "region": {"startLine": 1, "startColumn": 5, "endLine": 1, "endColumn": 10},
        },
    }
    assert run["results"] == [
        {
            "ruleId": "E412",
            "ruleIndex": 0,
            "level": "error",
            "message": {"text": "no `x`\nhelp: write `y`"},
            "locations": [
                {
                    "physicalLocation": {
                        "artifactLocation": {"uri": "rules/burst/policy.yaml"},
                        "region": {"startLine": 1, "startColumn": 1, "endLine": 1, "endColumn": 3},
                    }
                }
            ],
            "relatedLocations": [{"id": 1, **related}, {"id": 2, **related}],
        }
    ]


def test_regions_count_code_points_and_every_line_end() -> None:
    han, smile = POLICY.text.index("漢"), POLICY.text.index("\U0001f642")
    assert region(han, han + 1) == (3, 3, 3, 4)
    assert region(han, smile + 1) == (3, 3, 4, 4)
    assert region(smile + 1, smile + 1) == (4, 4, 4, 4)
    assert region(9, 11) == (1, 10, 2, 1)


def test_what_was_left_out_is_told() -> None:
    run = rendered(
        *(Diagnostic("E101", "odd", Span(POLICY, 0, n)) for n in range(MOST_DIAGNOSTICS + 5))
    )
    (notification,) = run["invocations"][0]["toolExecutionNotifications"]
    assert notification["message"] == {"text": "5 more were left out"}


@pytest.mark.parametrize(
    ("name", "uri"),
    [
        ("rules/burst/policy.yaml", "rules/burst/policy.yaml"),
        ("./rules//policy.yaml", "rules/policy.yaml"),
        ("my rules/100%/é#1?.yaml", "my%20rules/100%25/%C3%A9%231%3F.yaml"),
        ("c:odd.yaml", "c%3Aodd.yaml"),
        ("<text>", "%3Ctext%3E"),
        ("not-\udcff-utf-8.yaml", "not-%FF-utf-8.yaml"),
        ("/srv/my rules/policy.yaml", "file:///srv/my%20rules/policy.yaml"),
    ],
)
def test_file_references(name: str, uri: str) -> None:
    assert place(name) == uri


@pytest.mark.parametrize(
    ("said", "written"),
    [
        ("no field `{stars}`", "no field `{{stars}}`"),
        ("see `[here](https://example.org)`", "see `[here] (https://example.org)`"),
    ],
)
def test_words_of_a_policy_are_neither_placeholders_nor_links(said: str, written: str) -> None:
    run = rendered(Diagnostic("E101", said, Span(POLICY, 0, 1)))
    assert run["results"][0]["message"]["text"] == written


words = st.text(min_size=1).map(lambda it: it.replace("\n", " ") + "!")


@given(st.text(), words, st.data())
def test_any_report_is_valid_and_plain_ascii(text: str, said: str, data: st.DataObject) -> None:
    source = Source("a.yaml", text)
    start = data.draw(st.integers(0, len(source.text)))
    span = Span(source, start, data.draw(st.integers(start, len(source.text))))
    report = Report()
    report.add(Diagnostic("W701", said, span, said, (Label(span, said),)))
    log = render_sarif(report, version="0.1.0", known=PAGES)
    assert log.isascii()
    assert all(char == "\n" or char.isprintable() for char in log)
    VALIDATOR.validate(json.loads(log))
