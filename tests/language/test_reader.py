"""From files to trees: values, places, what is refused, and input that is no policy at all."""

from __future__ import annotations

import codecs
import os
from collections.abc import Callable
from collections.abc import Mapping as AnyMapping
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st
from revlex.engine.language.diagnostics import Diagnostic, Report, Severity
from revlex.engine.language.document import Mapping, Node, Scalar, Sequence
from revlex.engine.language.reader import read_document, read_file
from revlex.engine.language.reading import composer, parse
from revlex.engine.language.reading.limits import (
    DEEPEST,
    MOST_BYTES,
    MOST_CHARACTERS_IN_A_LINE,
    MOST_SYNTAX_ERRORS,
)
from revlex.engine.language.source import Source


def read(text: str) -> tuple[Node | None, list[Diagnostic]]:
    report = Report()
    root = read_document(Source("policy.yaml", text), report)
    return root, list(report)


def tree(text: str) -> Node:
    root, found = read(text)
    assert root is not None, found
    assert not any(each.severity is Severity.ERROR for each in found)
    return root


def data(node: Node | None) -> Any:
    """A tree as Python has it."""
    match node:
        case Scalar(value=value):
            return value
        case Sequence(items=items):
            return [data(item) for item in items]
        case Mapping(entries=entries):
            return {entry.name: data(entry.value) for entry in entries}
    raise AssertionError(node)


def places(found: list[Diagnostic]) -> list[tuple[str, int, int]]:
    return [(each.code, each.span.line, each.span.column) for each in found]


# ------------------------------------------------------------------ values


@pytest.mark.parametrize(
    ("written", "value"),
    [
        ("", None),
        ("~", None),
        ("null", None),
        ("Null", None),
        ("NULL", None),
        ("nUll", "nUll"),
        ("true", True),
        ("True", True),
        ("TRUE", True),
        ("tRUE", "tRUE"),
        ("false", False),
        ("False", False),
        ("FALSE", False),
        ("0", 0),
        ("12", 12),
        ("+12", 12),
        ("-12", -12),
        ("0o17", 15),
        ("0x1F", 31),
        ("9" * 40, 10**40 - 1),
        ("0o8", "0o8"),
        ("-0x1F", "-0x1F"),
        ("4.50", Decimal("4.50")),
        (".5", Decimal("0.5")),
        ("1.", Decimal(1)),
        ("-0.1", Decimal("-0.1")),
        ("1e3", Decimal(1000)),
        ("1.5E-3", Decimal("0.0015")),
        ("0.1", Decimal("0.1")),
        ("1.2.3", "1.2.3"),
        ("1,000", "1,000"),
        ("0.5%", "0.5%"),
        ("30d", "30d"),
        ("2025-06-17", "2025-06-17"),
        ("2025-06-17T12:00:00Z", "2025-06-17T12:00:00Z"),
        ("08:00", "08:00"),
        ("09:00 to 21:00", "09:00 to 21:00"),
        ("daily at 00:00", "daily at 00:00"),
        ("-", "-"),
        (".", "."),
        ("+", "+"),
        ("٣", "٣"),
        ("'12'", "12"),
        ('"true"', "true"),
        ("''", ""),
    ],
)
def test_plain_values_follow_the_core_schema(written: str, value: object) -> None:
    text = f"k: [{written}, x]\n" if written == "-" else f"k: {written}\n"
    root, found = read(text)
    assert found == []
    assert isinstance(root, Mapping)
    node = root.get("k")
    node = node.items[0] if isinstance(node, Sequence) else node
    assert isinstance(node, Scalar)
    assert node.value == value
    assert type(node.value) is type(value)
    assert node.text.text == written.strip("'\"")


def test_tree_of_a_policy() -> None:
    root = tree(
        "policy: shop-sea\n"
        "regions: [TH, VN]\n"
        "limits: {per_run: 200, hours: 09:00 to 21:00}\n"
        "rules:\n"
        "- rule: first\n"
        "  when: review.stars <= 2\n"
        "  because: |\n"
        "    the reply offers {matched}\n"
    )
    assert data(root) == {
        "policy": "shop-sea",
        "regions": ["TH", "VN"],
        "limits": {"per_run": 200, "hours": "09:00 to 21:00"},
        "rules": [
            {
                "rule": "first",
                "when": "review.stars <= 2",
                "because": "the reply offers {matched}\n",
            }
        ],
    }


def test_mapping_finds_values_by_key() -> None:
    root = tree("a: 1\n'b c': 2\n")
    assert isinstance(root, Mapping)
    found = root.get("b c")
    assert isinstance(found, Scalar)
    assert found.value == 2
    assert root.get("c") is None


def test_spans_cover_what_was_written_and_no_more() -> None:
    root = tree("a:\n  - x\n  - {b: 1}   # note\n\nc: [1,\n  2]\n# end\n")
    assert isinstance(root, Mapping)
    assert root.span.text == "a:\n  - x\n  - {b: 1}   # note\n\nc: [1,\n  2]"
    assert [entry.span.text for entry in root.entries] == [
        "a:\n  - x\n  - {b: 1}",
        "c: [1,\n  2]",
    ]
    assert [entry.value.span.text for entry in root.entries] == ["- x\n  - {b: 1}", "[1,\n  2]"]


def test_places_take_no_part_in_equality() -> None:
    assert tree("{a: [1, x]}").span != tree("a:\n  - 1\n  - x\n").span
    assert data(tree("{a: [1, x]}")) == data(tree("a:\n  - 1\n  - x\n"))


class PlainDumper(yaml.SafeDumper):
    """Writes equal values again instead of aliases."""

    def ignore_aliases(self, data: object) -> bool:  # noqa: ARG002 - the signature is PyYAML's
        return True


LETTERS = st.text("ab é漢😀.%#:'\"[]{}|>&*!@`\n\t", max_size=12)
KEYS = LETTERS.filter(bool)
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers(-(10**30), 10**30) | LETTERS,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(KEYS, inner, max_size=4),
    max_leaves=20,
)


DUMPS = st.fixed_dictionaries(
    {
        "default_flow_style": st.sampled_from([None, True, False]),
        "indent": st.sampled_from([2, 4]),
        "line_break": st.sampled_from(["\n", "\r\n", "\r"]),
        "allow_unicode": st.booleans(),
        "width": st.sampled_from([10, 80]),
    }
)


@given(VALUES.filter(lambda value: value is not None), DUMPS)
def test_reads_what_was_dumped(value: object, options: dict[str, Any]) -> None:
    text = yaml.dump(value, Dumper=PlainDumper, sort_keys=False, **options)
    assert data(tree(text)) == yaml.safe_load(text)


@given(LETTERS, st.sampled_from(["'", '"', "|", ">"]), DUMPS)
def test_reads_texts_of_every_style(value: str, style: str, options: dict[str, Any]) -> None:
    text = yaml.dump([value], Dumper=PlainDumper, default_style=style, **options)
    assert data(tree(text)) == yaml.safe_load(text)


# ------------------------------------------------------------------ refusals in a tree


def test_all_errors_of_a_file_in_one_run() -> None:
    root, found = read(
        "a: &x 1\nb: *x\nc: !t 2\n<<: {d: 1}\na: 3\ne: .inf\nf: 010\n1: g\nh: no\n---\ni: 1\n"
    )
    assert root is None
    assert places(found) == [
        ("E111", 1, 4),
        ("E112", 2, 4),
        ("E113", 3, 4),
        ("E114", 4, 1),
        ("E115", 5, 1),
        ("E117", 6, 4),
        ("E118", 7, 4),
        ("E116", 8, 1),
        ("W701", 9, 4),
        ("E109", 10, 1),
    ]


def test_errors_that_leave_no_doubt_leave_a_tree() -> None:
    root, found = read("a: &x 1\nb: !!str x\na: 2\nc: !t\nd: &y\n  e: 1\n---\na: 3\n")
    assert [each.code for each in found] == ["E111", "E113", "E115", "E113", "E111", "E109"]
    assert data(root) == {"a": 1, "b": "x", "c": "", "d": {"e": 1}}


def test_label_of_a_duplicate_key_is_at_the_first() -> None:
    _, [found] = read("rule: a\nwhen: b\nrule: c\n")
    assert found.span.line == 3
    assert [label.span.line for label in found.labels] == [1]


def test_keys_differ_by_their_characters() -> None:
    assert [each.code for each in read('a: 1\n"a": 2\n')[1]] == ["E115"]
    assert read("a: 1\nA: 2\n")[1] == []


@pytest.mark.parametrize(
    "text", ["<<: {a: 1}\n", "? <<\n: {a: 1}\n", "{<<: {a: 1}}\n", "b: 1\n<<:\n  a: 1\n"]
)
def test_merge_keys_are_refused(text: str) -> None:
    assert [each.code for each in read(text)[1]] == ["E114"]


@pytest.mark.parametrize(
    ("text", "codes"),
    [
        ("k: {a}\n", ["E136"]),
        ("k: {a, b, c}\n", ["E136"]),
        ("k: {a: 1, b, c}\n", ["E120", "E120"]),
        ("k: {a:1, b:2}\n", ["E137", "E137"]),
        ("k: {a: , b: ~, c: ''}\n", []),
        ("k: {}\n", []),
    ],
)
def test_keys_in_braces_have_values(text: str, codes: list[str]) -> None:
    assert [each.code for each in read(text)[1]] == codes


def test_what_a_tag_hides_has_a_place_as_a_whole() -> None:
    root, found = read("k: !!map\n  a: |1\n    x\n")
    assert [each.code for each in found] == ["E113"]
    assert isinstance(root, Mapping)
    [inner] = root.entries
    assert isinstance(inner.value, Mapping)
    scalar = inner.value.get("a")
    assert isinstance(scalar, Scalar)
    assert scalar.value == " x\n"
    assert scalar.text.at(1, 2).text.startswith("|1\n    x")


def test_quoted_merge_key_is_a_word() -> None:
    assert data(tree('"<<": 1\n')) == {"<<": 1}


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("1: x\n", "a number"),
        ("1.5: x\n", "a number"),
        ("true: x\n", "`true` or `false`"),
        ("~: x\n", "empty"),
        ("'': x\n", "empty"),
        ("? [a]\n: x\n", "a list"),
        ("? a: 1\n: x\n", "a group of keys"),
    ],
)
def test_keys_are_words(text: str, words: str) -> None:
    _, [found] = read(text)
    assert found.code == "E116"
    assert words in found.message


@pytest.mark.parametrize("number", ["1" * 41, "1." + "1" * 40, "1e41", "1e-41", "0x" + "f" * 41])
def test_numbers_are_bounded(number: str) -> None:
    assert [each.code for each in read(f"k: {number}\n")[1]] == ["E119"]


@pytest.mark.parametrize("number", ["1e999999999", "1e-999999999", "9" * 90_000])
def test_huge_numbers_are_never_computed(number: str) -> None:
    assert [each.code for each in read(f"k: {number}\n")[1]] == ["E119"]


@pytest.mark.parametrize("number", ["08", "010", "00", "-07", "+007", "00.5", "01e2"])
def test_leading_zeros_are_refused(number: str) -> None:
    _, [found] = read(f"k: {number}\n")
    assert found.code == "E118"
    assert found.span.text == number


@pytest.mark.parametrize("number", ["0", "0.5", "-0", "0e5", "2025-06-08", "08:00", "'08'"])
def test_these_zeros_are_fine(number: str) -> None:
    assert read(f"k: {number}\n")[1] == []


# ------------------------------------------------------------------ traps


@pytest.mark.parametrize("word", ["yes", "No", "ON", "off", "y", "N"])
@pytest.mark.parametrize("text", ["{}: x\n", "k: {}\n", "- {}\n", "k: [{}]\n"])
def test_words_that_are_booleans_elsewhere(word: str, text: str) -> None:
    root, found = read(text.format(word))
    assert [(each.code, each.span.text) for each in found] == [("W701", word)]
    assert word in str(data(root))


@pytest.mark.parametrize("value", ['"no"', "'yes'", "nope", "on time", "|\n  no\n", "'y'"])
def test_these_words_are_fine(value: str) -> None:
    assert read(f"k: {value}\n")[1] == []


@pytest.mark.parametrize("value", ["12:30", "1:30:00", "-1:30", "1:30.5", "190:20:30"])
def test_times_that_are_numbers_elsewhere(value: str) -> None:
    root, found = read(f"k: {value}\n")
    assert [each.code for each in found] == ["W702"]
    assert data(root) == {"k": value}


@pytest.mark.parametrize("value", ["09:00", "12:60", "12:30 to 13:30", "a:1", "'12:30'"])
def test_these_times_are_fine(value: str) -> None:
    assert read(f"k: {value}\n")[1] == []


@pytest.mark.parametrize("value", ["1_000", "0b11", "1_000.5", "0x_ff", "-1_0"])
def test_texts_that_are_numbers_elsewhere(value: str) -> None:
    root, found = read(f"k: {value}\n")
    assert [each.code for each in found] == ["W703"]
    assert data(root) == {"k": value}


@pytest.mark.parametrize(
    "line",
    [
        "when: review.text contains # one",
        "when: review.stars <= # 2",
        "when: review.stars < 2 and  # or so",
        'because: he said "see # 12"',
        "when: count(order # all of them",
        "because: see order #12",
        "because: see order #{order.id}",
        "colour: #ff0000",
        "tag: #sale",
    ],
)
def test_values_that_look_cut_off(line: str) -> None:
    _, found = read(f"{line}\nrule: x\n")
    assert [each.code for each in found] == ["W704"]
    assert found[0].span.text == line[line.index("#") :]


@pytest.mark.parametrize(
    "text",
    [
        "when: review.stars <= 2 # unhappy\n",
        "when: review.stars <= 2   #unhappy\n",
        "rules: # all of them\n  - a\n",
        "rules: #all\n  - a\n",
        "k: # nothing yet\n",
        "k: #\n",
        "k: ### nothing\n",
        "region: in # one word\n",
        "because: don't # they said\n",
        "k: 'a and' # quoted\n",
        "k: a#1\n",
    ],
)
def test_these_comments_are_fine(text: str) -> None:
    assert read(text)[1] == []


def test_items_that_continue_the_item_above() -> None:
    root, found = read("k:\n  - a\n    - b\n\n    - c\n  - d\n")
    assert [(each.code, each.span.text) for each in found] == [("W705", "- b"), ("W705", "- c")]
    assert data(root) == {"k": ["a - b\n- c", "d"]}


@pytest.mark.parametrize(
    "text", ["value: a\n  - b\n", "k:\n  - a\n    -b\n", "k: [a\n  - b]\n", "- 'a\n  - b'\n"]
)
def test_minus_signs_are_fine(text: str) -> None:
    assert "W705" not in {each.code for each in read(text)[1]}


def test_warnings_wait_until_a_file_is_yaml() -> None:
    assert [each.code for each in read("a: no\nb: [1\n")[1]] == ["E133"]


# ------------------------------------------------------------------ absurd input


@pytest.fixture
def unparsed(monkeypatch: pytest.MonkeyPatch) -> None:
    """No parser may see the text."""

    def refuse(*_: object, **__: object) -> None:
        raise AssertionError("a parser was called")

    monkeypatch.setattr(yaml, "parse", refuse)


@pytest.mark.usefixtures("unparsed")
@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("a" * 50_000_000, "E103"),
        ("a: b\n" * 500_000, "E103"),
        ("é" * (MOST_BYTES // 2 + 1), "E103"),
        ("k: " + "a" * MOST_CHARACTERS_IN_A_LINE, "E104"),
        ("k: \0", "E105"),
        (bytes(range(256)).decode("latin-1"), "E105"),
        ("k: a\u2028b", "E105"),
        ("k: a\x85b", "E105"),
        ("k: \ud800", "E105"),
        ("a: 1\n\ufeffb: 2", "E105"),
        ("k: \uffff", "E105"),
    ],
)
def test_refused_before_it_is_parsed(text: str, code: str) -> None:
    root, found = read(text)
    assert root is None
    assert {each.code for each in found} == {code}


@pytest.mark.parametrize("text", ["", "\n", "   \n", "# a\n", "---\n", "---\n...\n", "\ufeff"])
def test_nothing_in_the_file(text: str) -> None:
    root, found = read(text)
    assert root is None
    assert places(found) == [("E106", 1, 1)]


def test_longest_line_and_largest_file_are_fine() -> None:
    start = "k: '"
    line = start + "a" * (MOST_CHARACTERS_IN_A_LINE - len(start) - 1) + "'\n"
    assert read(line)[1] == []
    rest = MOST_BYTES - len(line)
    comments = ("#" * 1_000 + "\n") * (rest // 1_001) + "#" * (rest % 1_001)
    assert read(line + comments)[1] == []
    assert [each.code for each in read(line + comments + "#")[1]] == ["E103"]


def test_characters_are_marked_one_run_each() -> None:
    _, found = read("a: \x01\x02b\nc: \x7f\n")
    assert [(each.span.start, each.span.end) for each in found] == [(3, 5), (10, 11)]


@pytest.mark.parametrize(
    "text",
    [
        "[" * 10_000,
        "[" * 50_000 + "]" * 50_000,
        "{a: " * 20_000,
        "- " * 40_000,
        "? " * 40_000,
        "".join(" " * level + "a:\n" for level in range(1_000)),
        "[{a: " * 10_000,
    ],
)
def test_deep_nesting_stops(text: str) -> None:
    root, found = read(text)
    assert root is None
    assert [each.code for each in found] == ["E107"]


def test_deepest_nesting_is_fine() -> None:
    assert read("[" * DEEPEST + "]" * DEEPEST)[1] == []
    _, found = read("[" * (DEEPEST + 1) + "]" * (DEEPEST + 1))
    assert places(found) == [("E107", 1, DEEPEST + 1)]


def test_too_many_values_stop(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(composer, "MOST_VALUES", 10)
    assert read("- a\n" * 9)[1] == []
    root, found = read("- a\n" * 10)
    assert root is None
    assert [each.code for each in found] == ["E108"]


def test_aliases_do_not_multiply() -> None:
    lines = ["a0: &a0 [x, x]", *(f"a{n}: &a{n} [*a{n - 1}, *a{n - 1}]" for n in range(1, 60))]
    root, found = read("\n".join(lines))
    assert root is None
    assert {each.code for each in found} == {"E111", "E112"}
    assert len(found) == 60 + 2 * 59


def test_every_line_wrong() -> None:
    lines = ["a: b: c", "d: `", "e: [f", 'g: "h', "i: > j", "k: 'l' m", "n: - o", "p: {q} r"]
    _, found = read("\n".join(lines))
    assert [(each.code, each.span.line) for each in found] == [
        ("E131", 1),
        ("E135", 2),
        ("E133", 3),
        ("E132", 4),
        ("E141", 5),
        ("E138", 6),
        ("E146", 7),
        ("E136", 8),
    ]


def test_slips_are_counted_up_to_a_limit() -> None:
    assert len(read("a: b: c\n" * 1_000)[1]) == MOST_SYNTAX_ERRORS


@given(st.text("ab:-[]{}'\"#&*!|>%@`,?\n\t \xa0é\\<.0", max_size=60))
def test_any_text_has_a_tree_or_an_error(text: str) -> None:
    root, found = read(text)
    assert root is not None or any(each.severity is Severity.ERROR for each in found)
    assert all(0 <= each.span.start <= each.span.end <= len(text) for each in found)


@given(st.text(max_size=30))
def test_any_characters_have_a_tree_or_an_error(text: str) -> None:
    root, found = read(text)
    assert root is not None or any(each.severity is Severity.ERROR for each in found)


# ------------------------------------------------------------------ files


def test_reads_a_file(tmp_path: Path) -> None:
    path = tmp_path / "policy.yaml"
    path.write_bytes(codecs.BOM_UTF8 + "title: Quà tặng\r\n".encode())
    report = Report()
    source = read_file(path, report, "shown.yaml")
    assert source is not None
    assert (source.name, source.text, len(report)) == ("shown.yaml", "title: Quà tặng\r\n", 0)


def missing(path: Path) -> None:
    assert not path.exists()


def folder(path: Path) -> None:
    path.mkdir()


def pipe(path: Path) -> None:
    os.mkfifo(path)


def utf_16(path: Path) -> None:
    path.write_bytes("policy: shop".encode("utf-16"))


def latin_1(path: Path) -> None:
    path.write_bytes("policy: é\ntitle: à\n".encode("latin-1"))


def large(path: Path) -> None:
    path.write_bytes(b"#" * (MOST_BYTES + 1))


@pytest.mark.parametrize(
    ("make", "code", "line", "column"),
    [
        (missing, "E101", 1, 1),
        (folder, "E101", 1, 1),
        pytest.param(
            pipe, "E101", 1, 1, marks=pytest.mark.skipif(os.name == "nt", reason="no pipes there")
        ),
        (utf_16, "E102", 1, 1),
        (latin_1, "E102", 1, 9),
        (large, "E103", 1, 1),
    ],
)
def test_files_that_are_no_text(
    tmp_path: Path, make: Callable[[Path], None], code: str, line: int, column: int
) -> None:
    path = tmp_path / "policy.yaml"
    make(path)
    report = Report()
    assert read_file(path, report) is None
    assert places(list(report)) == [(code, line, column)]
    assert [each.span.source.name for each in report] == [str(path)]


# ------------------------------------------------------------------ both parsers


POLICIES: AnyMapping[str, object] = {
    "a: 1\nb: [x, 'y', \"z\"]\n": {"a": 1, "b": ["x", "y", "z"]},
    "a: >\n  b\n  c\n\nd: |+\n  e\n\n": {"a": "b c\n", "d": "e\n\n"},
    "- a: 1\n  b: {c: , d: ~}\n-\n": [{"a": 1, "b": {"c": None, "d": None}}, None],
}


@pytest.mark.parametrize("text", POLICIES)
@pytest.mark.parametrize("line_end", ["\n", "\r\n", "\r"])
def test_both_parsers_give_one_tree(
    text: str, line_end: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    text = "\ufeff" + text.replace("\n", line_end)
    fast = tree(text)
    monkeypatch.setattr(parse, "LOADER", yaml.BaseLoader)
    assert tree(text) == fast
    assert tree(text).span.text == fast.span.text
    assert data(fast) == POLICIES[text.removeprefix("\ufeff").replace(line_end, "\n")]


@pytest.mark.parametrize("escape", ["\\ud800", "\\udfff", "\\U0000d800", "\\U00110000"])
def test_escapes_of_no_character(escape: str, monkeypatch: pytest.MonkeyPatch) -> None:
    text = f'k: "\\U0001F600 {escape}"\n'
    for loader in {parse.LOADER, yaml.BaseLoader}:
        monkeypatch.setattr(parse, "LOADER", loader)
        _, [found] = read(text)
        assert found.code == "E139"
        assert found.span.text == escape
