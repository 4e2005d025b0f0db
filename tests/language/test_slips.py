"""What invalid YAML was meant to be: the slip and its exact place, whichever parser failed."""

from __future__ import annotations

import pytest
import yaml
from revlex.engine.language.diagnostics import Diagnostic, Report
from revlex.engine.language.reader import read_document
from revlex.engine.language.reading import parse
from revlex.engine.language.source import Source

PARSERS = [yaml.BaseLoader, *([yaml.CBaseLoader] if yaml.__with_libyaml__ else [])]


@pytest.fixture(params=PARSERS, autouse=True)
def parser(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(parse, "LOADER", request.param)


def errors(text: str) -> list[Diagnostic]:
    """What is wrong with a text without its marks, which is no tree then."""
    report = Report()
    assert read_document(Source("policy.yaml", text), report) is None
    return list(report)


def unmarked(text: str) -> tuple[str, int]:
    """A text without the `»` before the place of its slip, and that place."""
    assert text.count("»") == 1
    return text.replace("»", ""), text.index("»")


SLIPS = {
    "tab before a key": ("E130", "a:\n»\tb: 1\n"),
    "tab after blanks": ("E130", "a:\n  »\tb: 1\n"),
    "tab before an item": ("E130", "- a\n»\t- b\n"),
    "tab before a later key": ("E130", "a:\n  b: 1\n»\tc: 2\n"),
    "tab after a dash": ("E130", "a:\n  -»\tb: 1\n    c: 2\n"),
    "tab in a block": ("E130", "a: |\n»\tx\n"),
    "colon in a text": ("E131", "a:\n  b: he said»: no\n"),
    "colon in an item": ("E131", "- b: he said»: no\n"),
    "colon at the end": ("E131", "a: foo»:\n"),
    "colon in quotes inside a text": ("E131", 'when: text matches "x»: y"\n'),
    "colon after a link": ("E131", "a: http://x y»: z\n"),
    "key with blanks": ("E131", "a b: c d»: e\n"),
    "quote to the end": ("E132", 'a: »"foo\nb: 1\n'),
    "single quote to the end": ("E132", "a: »'foo\nb: 1\n"),
    "quote closed by the next": ("E132", 'a: »"foo\nb: "bar"\nc: 1\n'),
    "single quote closed by the next": ("E132", "a: »'foo\nb: 'bar'\nc: 1\n"),
    "quote closed by an empty one": ("E132", 'a: »"foo\nb: ""\n'),
    "quote in brackets": ("E132", 'a: [x, »"foo, y]\nb: "bar"\nc: 1\n'),
    "quote with a marker of documents": ("E132", 'a: »"foo\n--- b"\n'),
    "bracket before a key": ("E133", "a: »[1, 2\nb: 3\n"),
    "bracket at the end": ("E133", "a: »[1, 2\n"),
    "bracket with nothing": ("E133", "a: »["),
    "inner bracket": ("E133", "a: [x, »[1, 2"),
    "brace before a key": ("E133", "a: »{x: 1\nb: 3\n"),
    "brace at the end": ("E133", "a: »{x: 1\n"),
    "brace before an item": ("E133", "- »{x: 1\n- y\n"),
    "key between two levels": ("E134", "a:\n    b: 1\n  »c: 2\nd: 3\n"),
    "key deeper than its neighbour": ("E134", "a: 1\n  »b: 2\n"),
    "key deeper than a dash": ("E134", "a:\n  - x: 1\n   »y: 2\n"),
    "key far deeper": ("E134", "a:\n  - x: 1\n      »y: 2\n"),
    "key below a list": ("E134", "a:\n  - x\n »b: 2\n"),
    "item between two levels": ("E134", "a:\n    - x\n  »- y\n"),
    "first key too deep": ("E134", "  a: 1\n»b: 2\n"),
    "item among keys": ("E134", "a:\n  x: 1\n  »- b\n"),
    "key among items": ("E134", "a:\n  - b\n  »x: 1\n"),
    "line of a block too far left": ("E134", "a: |\n    x\n  »z\nb: 1\n"),
    "key below a text in quotes": ("E134", 'a: "x"\n  »b: c\n'),
    "percent sign": ("E135", "a: »%foo\n"),
    "at sign": ("E135", "a: »@foo\n"),
    "backtick": ("E135", "a: »`foo`\n"),
    "asterisk": ("E135", "a: »* b\n"),
    "ampersand": ("E135", "a: »& b\n"),
    "question mark": ("E135", "a: »? b\n"),
    "comma first": ("E135", "a: », b\n"),
    "template": ("E136", "a: »{buyer.name}, thanks\n"),
    "template with a word": ("E136", "- »{buyer} hi\n"),
    "template alone": ("E136", "a: »{buyer.name}\n"),
    "template in brackets": ("E136", "a: [»{buyer} hi, b]\n"),
    "template in a template": ("E136", "a: {»{buyer}} hi\n"),
    "two templates": ("E136", "a: »{x} {y}\n"),
    "template and a colon": ("E136", "a: »{x: y}: z\n"),
    "no blank in the first line": ("E137", "a»:1\nb: 2\n"),
    "no blank in the last line": ("E137", "b: 2\na»:1\n"),
    "no blank in the middle": ("E137", "b: 2\na»:1\nc: 2\n"),
    "no blank after the only dash": ("E137", "x:\n  »-a\n"),
    "no blank after dashes": ("E137", "x:\n  »-a\n  -b\n"),
    "no blank after the second dash": ("E137", "x:\n  - a\n  »-b\n"),
    "no blank before a key": ("E137", "x:\n  »-a: 1\n   b: 2\n"),
    "no blank before a lone key": ("E137", "x:\n  »-a: 1\n"),
    "no blank below a key": ("E137", "x:\n  a»:1\n"),
    "no blank in braces": ("E137", "x: {a»:1, b: 2}\n"),
    "no blank before a bracket": ("E137", "x: {TH»:[a]}\n"),
    "pair in an open bracket": ("E133", "x: »[a: b\n"),
    "pair in an open bracket before a key": ("E133", "x: »[a: b\ny: z\n"),
    "text after quotes": ("E138", 'a: "foo" »bar\n'),
    "operator after quotes": ("E138", "a: 'foo' »== bar\nb: 1\n"),
    "comma after quotes": ("E138", 'a: "foo"», "bar"\n'),
    "apostrophe in quotes": ("E138", "a: 'it'»s'\n"),
    "text after a bracket": ("E138", "a: [b] »c\n"),
    "text after quotes in brackets": ("E138", 'a: ["b" »c]\n'),
    "colon after quotes": ("E138", 'a: "b"»: c\n'),
    "pattern in double quotes": ("E139", 'a: "»\\d+"\n'),
    "escape cut short": ("E139", 'a: "»\\xZZ"\n'),
    "escape of an escape": ("E139", 'a: "\\\\»\\d"\n'),
    "stray bracket": ("E140", "a: »]\n"),
    "bracket too many": ("E140", "b: [1]»]\n"),
    "other bracket": ("E140", "a: [1, 2»}\n"),
    "other brace": ("E140", "a: {b: 2»]\n"),
    "greater": ("E141", "a: »> 5\n"),
    "at least": ("E141", "a: »>= 5\n"),
    "bar": ("E141", "a: »| foo\n"),
    "no such indentation": ("E141", "a: »|0\n  x\n"),
    "no comma": ("E142", "a: {x: 1 b»: 2}\n"),
    "no comma between lines": ("E142", 'a: [\n  "x"\n  »"z"\n]\n'),
    "no comma between keys": ("E142", "a: {\n  x: 1\n  b»: 2\n}\n"),
    "two commas": ("E142", "a: [x, », z]\n"),
    "comma first in brackets": ("E142", "a: [»,a]\n"),
    "word alone": ("E143", "a: 1\n»foo bar\nb: 2\n"),
    "word at the end": ("E143", "a: 1\n»foo\n"),
    "word before a key": ("E143", "»a\n b: 1\n"),
    "word first": ("E143", "»a\nb: 1\n"),
    "very long key": ("E143", f"a: 1\n»{'x' * 1_100}: 1\n"),
    "comment in a text": ("E144", "a: x and »# foo\n  z\n"),
    "no-break space before a key": ("E145", "a:\n»\xa0\xa0b: 1\n"),
    "no-break space after a colon": ("E145", "a:»\xa01\nb: 2\n"),
    "wide blank after a dash": ("E145", "- »\u3000a\n- b\n"),
    "zero-width space": ("E145", "a: b»\u200b\n"),
    "list on the line of its key": ("E146", "a: »- b\n"),
    "dash in brackets": ("E146", "a: [\n  »- b\n]\n"),
    "key on the line of a marker": ("E149", "--- a»: 1\n"),
    "no key after a question mark": ("E149", "? »:\n"),
    "no key": ("E116", "a:\n  »: b\n"),
    "no key in an item": ("E116", "- »: b\n"),
    "text after an alias": ("E112", "a: »*see the rules\n"),
    "text after an alias in brackets": ("E112", "a: [»*b c]\n"),
    "comma after a tag": ("E113", "a: »!b , c\n"),
    "unknown tag": ("E113", "a: »!x!y 1\n"),
    "unclosed tag": ("E113", "a: »!<foo\n"),
    "comma after an anchor": ("E111", "a: »&b , c\n"),
    "document after an end": ("E109", "a: 1\n...\n»b: 2\n"),
    "old version": ("E110", "»%YAML 2.0\n---\na: 1\n"),
    "template's percent": ("E110", "»%a: 1\n"),
}


@pytest.mark.parametrize("name", SLIPS)
def test_slip_and_its_place(name: str) -> None:
    code, marked = SLIPS[name]
    text, place = unmarked(marked)
    assert [(each.code, each.span.start) for each in errors(text)] == [(code, place)]


@pytest.mark.parametrize(
    ("text", "label"),
    [
        ('a: "foo\nb: "bar"\n', '"'),
        ("a: [1, 2\nb: 3\n", "b: 3"),
        ("a: [1, 2}\n", "["),
        ("a: x # y\n  z\n", "z"),
    ],
)
def test_second_place(text: str, label: str) -> None:
    [found] = errors(text)
    assert [each.span.text for each in found.labels] == [label]


def test_each_slip_of_a_file_is_found() -> None:
    found = errors(
        "title: Shop: South\n"
        "regions: [TH, VN\n"
        "lists:\n"
        "\trewards: [a]\n"
        "review_rules:\n"
        "  - rule: a\n"
        "    require: >= 5\n"
        "  - rule: b\n"
        '    when: "a" == b\n'
        "  - rule: c\n"
        "    when: fine\n"
        "    because: `x`\n"
        "  - rule: d\n"
        '    when: "abc\n'
        "    because: it is\n"
        "measures:\n"
        "  x: - a\n"
        "  z: {buyer} hi\n"
    )
    assert [(each.code, each.span.line) for each in found] == [
        ("E131", 1),
        ("E133", 2),
        ("E130", 4),
        ("E141", 7),
        ("E138", 9),
        ("E135", 12),
        ("E132", 14),
        ("E146", 17),
        ("E136", 18),
    ]


@pytest.mark.parametrize(
    "text",
    [
        "rules:\n- a: b: c\n- d: e\n  f: [g,\n    h]\n- |\n  i: j: k\nmore: x\n",
        "a: b: |\n  note: c: d\ne: f\n",
        "- a: b: c\n- |\n    note: d: e\n\n# f: g: h\n- i\n",
    ],
)
def test_what_follows_a_slip_is_not_blamed(text: str) -> None:
    assert [each.code for each in errors(text)] == ["E131"]


def test_other_errors_below_a_slip_are_found() -> None:
    found = errors("a: b: c\nd: *e\nf: 1\nf: 2\n")
    assert [(each.code, each.span.line) for each in found] == [
        ("E131", 1),
        ("E112", 2),
        ("E115", 4),
    ]
