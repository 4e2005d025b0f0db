"""Reports as people read them: goldens for the looks, properties for what must never happen."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st
from revlex.engine.language.diagnostics import MOST_DIAGNOSTICS, Diagnostic, Label, Report
from revlex.engine.language.render_text import render_text
from revlex.engine.language.source import Source, Span

POLICY = Source(
    "rules/burst/policy.yaml",
    """\
policy: burst
version: 3

rules:
  - id: burst
    because: many bad reviews at once
    when: strs <= 2 and author.age < 2d
    then: hold
  - id: never
    when: |
      stars > 5
      and stars < 1
    then: reject
""",
)
LISTS = Source("rules/burst/lists.yaml", "words:\r\n  - bad\r\n  - bad\r\n")
LONG = Source("long.yaml", f"words: [{', '.join(f'word-{n}' for n in range(60))}]\n")


def find(source: Source, text: str) -> Span:
    """The first place of a text in a source."""
    start = source.text.index(text)
    return Span(source, start, start + len(text))


END = Span(POLICY, len(POLICY.text), len(POLICY.text))


def strange(text: str, marked: str) -> Diagnostic:
    """A diagnostic about one word of a one-line file."""
    return Diagnostic(
        "E404", "the catalog has no list of that name", find(Source("s", text), marked)
    )


UNKNOWN_FIELD = Diagnostic(
    "E412",
    "the event has no field `strs`",
    find(POLICY, "strs"),
    help="did you mean `stars`?",
)
NEVER_TRUE = Diagnostic(
    "W703",
    "this can never be true",
    find(POLICY, "stars > 5"),
    labels=(Label(find(POLICY, "never"), "in this rule"),),
)

CASES = {
    "error": UNKNOWN_FIELD,
    "warning": NEVER_TRUE,
    "labels on one line": Diagnostic(
        "E501",
        "`<` compares two durations",
        find(POLICY, "author.age < 2d"),
        labels=(
            Label(find(POLICY, "author.age"), "this is a date"),
            Label(find(POLICY, "2d"), "this is a duration"),
        ),
    ),
    "labels far and near": Diagnostic(
        "E601",
        "a rule may not end in `hold` and in `reject`",
        find(POLICY, "then: reject"),
        labels=(
            Label(find(POLICY, "then: hold"), "the other ends like this"),
            Label(find(POLICY, "- id: never"), "this rule"),
            Label(find(POLICY, "policy"), "in this policy"),
        ),
    ),
    "label in another file": Diagnostic(
        "E203",
        "the word `bad` stands in the list twice",
        Span(LISTS, 21, 24),
        labels=(
            Label(find(LISTS, "bad"), "first here"),
            Label(find(POLICY, "burst"), "the list belongs to this policy"),
        ),
        help="take one of them out",
    ),
    "several lines": Diagnostic(
        "W702",
        "this can never be true",
        find(POLICY, "stars > 5\n      and stars < 1"),
        labels=(Label(find(POLICY, "- id: never\n    when"), "in this rule"),),
    ),
    "the line end alone": Diagnostic("E101", "no value here", Span(LISTS, 6, 8)),
    "the end of the file": Diagnostic("E102", "the file ends too early", END),
    "an empty file": Diagnostic("E103", "the file is empty", Span(Source("e.yaml", ""), 0, 0)),
    "tabs": strange("list:\t\tname\tx", "name"),
    "wide characters": strange("列表: 名字 x", "名字"),
    "combining characters": strange("re\u0301sume\u0301: no\u0308n x", "no\u0308n"),
    "escape sequences": strange("a: \x1b]0;owned\x07\x1b[2J x", "\x07\x1b[2J"),
    "bidirectional overrides": strange("a: \u202etxet\u2066 x", "\u202etxet"),
    "strange names": Diagnostic(
        "E104",
        "there is no file `\x1b[31m`",
        Span(Source("\x1b[1m.yaml", "a: b"), 0, 1),
        labels=(Label(Span(Source("\u202e", "b"), 0, 1), "see \x07"),),
        help="remove `\r`",
    ),
    "cut on the right": Diagnostic("E201", "not a text", find(LONG, "word-1")),
    "cut on both sides": Diagnostic("E201", "not a text", find(LONG, "word-30")),
    "cut on the left": Diagnostic("E201", "not a text", find(LONG, "word-59")),
    "two places of a long line": Diagnostic(
        "E202",
        "twice the same",
        find(LONG, "word-50"),
        labels=(Label(find(LONG, "word-5"), "first here"),),
    ),
    "longer than what is shown": Diagnostic("E201", "too many", Span(LONG, 300, 500)),
}


def report(*diagnostics: Diagnostic) -> Report:
    found = Report()
    found.extend(diagnostics)
    return found


@pytest.mark.parametrize("name", CASES)
def test_one(name: str, golden: Callable[[str], None]) -> None:
    golden(render_text(report(CASES[name])))


def test_several(golden: Callable[[str], None]) -> None:
    golden(render_text(report(NEVER_TRUE, CASES["label in another file"], UNKNOWN_FIELD)))


def test_colours(golden: Callable[[str], None]) -> None:
    text = render_text(report(NEVER_TRUE, UNKNOWN_FIELD), colour=True)
    golden(text.replace("\x1b", "ESC"))


def test_colours_change_nothing_else() -> None:
    found = report(*CASES.values())
    coloured = render_text(found, colour=True)
    assert re.sub(r"\x1b\[[0-9;]*m", "", coloured) == render_text(found)


def test_the_number_of_files_that_were_checked() -> None:
    assert "\n1 error in 1 of 12 files\n" in render_text(report(UNKNOWN_FIELD), checked=12)
    assert render_text(report(), checked=12) == "nothing wrong in 12 files\n"


def test_what_was_left_out_is_told() -> None:
    many = report(
        *(Diagnostic("E101", "wrong", Span(POLICY, 0, n)) for n in range(MOST_DIAGNOSTICS + 3))
    )
    *_, tally, _ = render_text(many).splitlines()
    assert tally == "1000 errors in 1 file, and 3 more left out"


def test_the_code_to_read_about_is_an_error_if_there_is_one() -> None:
    assert render_text(report(NEVER_TRUE)).endswith("\nhelp: revlex explain-code W703 says more\n")
    early = Diagnostic("W701", "wrong", Span(POLICY, 0, 1))
    assert render_text(report(early, UNKNOWN_FIELD)).endswith("explain-code E412 says more\n")


# -------------------------------------------------------------- properties

PIECES = {
    "a": ("a", 1),
    " ": (" ", 1),
    "é": ("é", 1),
    "e\u0301": ("e\u0301", 1),
    "漢": ("漢", 2),
    "\uff21": ("\uff21", 2),
    "👍": ("👍", 2),
    "\u1112\u1161\u11ab": ("\u1112\u1161\u11ab", 2),
    "\t": ("    ", 4),
    "\x1b": ("<U+001B>", 8),
    "\u202e": ("<U+202E>", 8),
    "\U000e0001": ("<U+E0001>", 9),
}
"""Pieces of text, what is drawn for them, and the columns that takes."""

pieces = st.lists(st.sampled_from(sorted(PIECES)), max_size=4)


@given(pieces, pieces, pieces, st.lists(st.sampled_from(["x\n", "\r\n", "\r"]), max_size=3))
def test_carets_stand_under_the_right_characters(
    before: list[str], marked: list[str], after: list[str], above: list[str]
) -> None:
    start = len("".join(above + before))
    text = "".join(above + before + marked + after) + "\rlast"
    span = Span(Source("a", text), start, start + len("".join(marked)))
    rows = render_text(report(Diagnostic("E101", "wrong", span))).split("\n")
    drawn = "".join(PIECES[piece][0] for piece in before + marked + after)
    columns = sum(PIECES[piece][1] for piece in before)
    following = PIECES[after[0]][1] if after else 1
    width = sum(PIECES[piece][1] for piece in marked) or following
    assert rows[3] == f" {len(above) + 1} | {drawn}".rstrip(" ")
    assert rows[4] == f"   | {' ' * columns}{'^' * width}"


texts = st.text(st.characters() | st.sampled_from("\n\r\t\x1b\u0301漢e…"), max_size=400)
words = st.text(min_size=1, max_size=20).filter(lambda it: not it.endswith(".") and "\n" not in it)


@st.composite
def spans(draw: st.DrawFn) -> Span:
    source = Source(draw(st.text(max_size=8)), draw(texts))
    start = draw(st.integers(0, len(source.text)))
    return Span(source, start, draw(st.integers(start, len(source.text))))


@st.composite
def diagnostics(draw: st.DrawFn) -> Diagnostic:
    labels = draw(st.lists(st.builds(Label, spans(), words), max_size=3))
    code = draw(st.sampled_from(["E101", "W701"]))
    return Diagnostic(code, draw(words), draw(spans()), draw(st.none() | words), tuple(labels))


@given(st.lists(diagnostics(), max_size=3))
def test_anything_can_be_shown_without_a_control_character(found: list[Diagnostic]) -> None:
    for char in render_text(report(*found)):
        assert char == "\n" or unicodedata.category(char) not in {"Cc", "Cf", "Cs", "Zl", "Zp"}


@given(st.lists(diagnostics(), max_size=3))
def test_colours_are_the_only_sequences(found: list[Diagnostic]) -> None:
    ours = re.sub(r"\x1b\[(0|1|1;31|1;33|1;34)m", "", render_text(report(*found), colour=True))
    assert "\x1b" not in ours


@given(texts, st.data())
def test_labels_of_one_file_stand_in_the_order_of_its_lines(text: str, data: st.DataObject) -> None:
    source = Source("a", text)
    places = [data.draw(st.integers(0, len(source.text))) for _ in range(4)]
    first, *others = (Span(source, place, place) for place in places)
    found = Diagnostic("E101", "wrong", first, labels=tuple(Label(it, "see") for it in others))
    rows = render_text(report(found)).split("\n")
    numbers = [int(match[1]) for row in rows if (match := re.match(r" +(\d+) \|", row))]
    assert numbers == sorted(numbers)
    assert set(numbers) == {span.line for span in (first, *others)}
    assert sum("^" in row or "- see" in row for row in rows if re.match(r" +\| ", row)) == 4
