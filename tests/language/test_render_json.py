"""Reports as JSON."""

from __future__ import annotations

import json
from typing import Any

from hypothesis import given
from hypothesis import strategies as st
from revlex.engine.language.codes import CodePage
from revlex.engine.language.diagnostics import Diagnostic, Label, Report
from revlex.engine.language.render_json import render_json
from revlex.engine.language.source import Source, Span

PAGES = {
    "E412": CodePage(
        code="E412", name="unknown-field", title="t", why="w", fix="f", bad="b", good="g"
    )
}
POLICY = Source("rules/é.yaml", "\ufeffid: burst\nwhen: strs < 2 and 漢\n")


def rendered(report: Report) -> Any:
    return json.loads(render_json(report, PAGES))


def test_a_diagnostic_with_everything() -> None:
    report = Report()
    report.add(
        Diagnostic(
            "E412",
            "the event has no field `strs`",
            Span(POLICY, 16, 20),
            help="did you mean `stars`?",
            labels=(Label(Span(POLICY, 4, 9), "in this rule"),),
        )
    )
    assert rendered(report) == {
        "diagnostics": [
            {
                "code": "E412",
                "name": "unknown-field",
                "severity": "error",
                "message": "the event has no field `strs`",
                "help": "did you mean `stars`?",
                "file": "rules/é.yaml",
                "start": {"line": 2, "column": 7, "offset": 16},
                "end": {"line": 2, "column": 11, "offset": 20},
                "labels": [
                    {
                        "text": "in this rule",
                        "file": "rules/é.yaml",
                        "start": {"line": 1, "column": 5, "offset": 4},
                        "end": {"line": 1, "column": 10, "offset": 9},
                    }
                ],
            }
        ],
        "counts": {"errors": 1, "warnings": 0, "files": 1, "left_out": 0},
    }


def test_a_diagnostic_with_the_least() -> None:
    report = Report()
    end = len(POLICY.text)
    report.add(Diagnostic("W799", "odd", Span(POLICY, end, end)))
    (found,) = rendered(report)["diagnostics"]
    assert found["name"] is None
    assert found["severity"] == "warning"
    assert found["help"] is None
    assert found["labels"] == []
    assert found["start"] == found["end"] == {"line": 3, "column": 1, "offset": end}


def test_keys_stand_in_the_order_that_is_documented() -> None:
    report = Report()
    report.add(Diagnostic("E412", "odd", Span(POLICY, 0, 1)))
    document = rendered(report)
    assert list(document) == ["diagnostics", "counts"]
    keys = ["code", "name", "severity", "message", "help", "file", "start", "end", "labels"]
    assert list(document["diagnostics"][0]) == keys
    assert list(document["counts"]) == ["errors", "warnings", "files", "left_out"]


def test_nothing_wrong() -> None:
    assert rendered(Report()) == {
        "diagnostics": [],
        "counts": {"errors": 0, "warnings": 0, "files": 0, "left_out": 0},
    }


@given(st.text(), st.text(min_size=1).map(lambda it: it.replace("\n", " ") + "!"), st.data())
def test_any_text_comes_through_as_plain_ascii(text: str, words: str, data: st.DataObject) -> None:
    source = Source(text, text)
    start = data.draw(st.integers(0, len(source.text)))
    end = data.draw(st.integers(start, len(source.text)))
    report = Report()
    report.add(Diagnostic("E101", words, Span(source, start, end), words))
    shown = render_json(report, PAGES)
    assert shown.isascii()
    assert all(char == "\n" or char.isprintable() for char in shown)
    (found,) = json.loads(shown)["diagnostics"]
    assert (found["message"], found["help"], found["file"]) == (words, words, text)
    assert (found["start"]["offset"], found["end"]["offset"]) == (start, end)
