"""The places of a scalar's characters: each stands exactly where the file has it."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
import yaml
from hypothesis import assume, example, given
from hypothesis import strategies as st
from revlex.engine.language.diagnostics import Report
from revlex.engine.language.document import Mapping, Node, Scalar, Sequence
from revlex.engine.language.reader import read_document
from revlex.engine.language.reading import parse
from revlex.engine.language.source import Embedded, Source

PARSERS = [yaml.BaseLoader, *([yaml.CBaseLoader] if yaml.__with_libyaml__ else [])]
LETTERS = "aZé漢😀\U0010fffd_.%{}()<=>"


def scalars(node: Node | None) -> Iterator[Scalar]:
    match node:
        case Scalar():
            yield node
        case Sequence(items=items):
            for item in items:
                yield from scalars(item)
        case Mapping(entries=entries):
            for entry in entries:
                yield entry.key
                yield from scalars(entry.value)


def read(text: str) -> Node | None:
    return read_document(Source("policy.yaml", text), Report())


def only(text: str) -> Embedded:
    """The value of the key `k`, wherever it is."""
    root = read(text)
    found = list(scalars(root))
    place = next(i for i, each in enumerate(found) if each.text.text == "k")
    return found[place + 1].text


def written(embedded: Embedded) -> list[str]:
    """What stands in the file for each character."""
    text = embedded.span.source.text
    return [text[start:end] for start, end in zip(embedded.starts, embedded.ends, strict=True)]


# ------------------------------------------------------------------ by example


@pytest.mark.parametrize(
    ("text", "value", "places"),
    [
        ("k: abc\n", "abc", ["a", "b", "c"]),
        ("k: 'a''b'\n", "a'b", ["a", "''", "b"]),
        ("k: 'a\n\n  b'\n", "a\nb", ["a", "\n", "b"]),
        ('k: "a\\tb"\n', "a\tb", ["a", "\\t", "b"]),
        ('k: "\\x41\\u00e9\\U0001F600"\n', "Aé😀", ["\\x41", "\\u00e9", "\\U0001F600"]),
        ('k: "a \\\n   b"\n', "a b", ["a", " ", "b"]),
        ('k: "a\\\n\n  b"\n', "a\nb", ["a", "\n", "b"]),
        ('k: "a \n  b"\n', "a b", ["a", " \n  ", "b"]),
        ("k: a\n  b\n", "a b", ["a", "\n  ", "b"]),
        ("k: a\r\n  b\r\n", "a b", ["a", "\r\n  ", "b"]),
        ("k: a\n\n\n  b\n", "a\n\nb", ["a", "\n", "\n", "b"]),
        ("k: |\n  a\n  b\n", "a\nb\n", ["a", "\n", "b", "\n"]),
        ("k: |\r\n  a\r\n", "a\n", ["a", "\r\n"]),
        ("k: |-\n  a\n\n", "a", ["a"]),
        ("k: |+\n  a\n\n", "a\n\n", ["a", "\n", "\n"]),
        ("k: |2\n   a\n", " a\n", [" ", "a", "\n"]),
        ("k: >\n  a\n  b\n", "a b\n", ["a", "\n  ", "b", "\n"]),
        ("k: >\n  a\n\n  b\n", "a\nb\n", ["a", "\n", "b", "\n"]),
        ("k: >\n  a\n    b\n  c\n", "a\n  b\nc\n", ["a", "\n", " ", " ", "b", "\n", "c", "\n"]),
        ("k: > # note\n  a", "a", ["a"]),
        ("k: |\n", "", []),
        ("k: |\n     \n  # note\n", "", []),
        ("k: 12\n", "12", ["1", "2"]),
        ("k: true\n", "true", ["t", "r", "u", "e"]),
        ("k:\n", "", []),
    ],
)
def test_each_character_has_its_place(text: str, value: str, places: list[str]) -> None:
    found = only(text)
    assert found.text == value
    assert written(found) == places


@pytest.mark.parametrize(
    ("text", "span"),
    [
        ("k: abc  # note\n", "abc"),
        ("k: 'abc' \n", "'abc'"),
        ("k: |\n  abc\n\n\nj: x\n", "|\n  abc"),
        ("k: >-\n  abc\n  def\n", ">-\n  abc\n  def"),
        ("k: |  \nj: x\n", "|"),
        ("k: |\n     \n  # note\nj: x\n", "|"),
        ("k: a\n  b\n", "a\n  b"),
        ("k:\nj: x\n", ""),
    ],
)
def test_span_is_the_presentation(text: str, span: str) -> None:
    assert only(text).span.text == span


def test_block_that_is_the_whole_file() -> None:
    root = read("|2\n   a\n")
    assert isinstance(root, Scalar)
    assert root.value == " a\n"
    assert written(root.text) == [" ", "a", "\n"]


def test_span_of_nothing_is_behind_the_colon() -> None:
    assert only("k:\nj: x\n").span.start == 2


def test_scalars_that_stand_as_they_are_cost_no_lists() -> None:
    for text in ("k: abc\n", "k: 'abc'\n", 'k: "abc"\n', "k: 12\n"):
        assert isinstance(only(text).starts, range)


# ------------------------------------------------------------------ as a property


def indented(line_end: str) -> st.SearchStrategy[str]:
    """Line breaks inside a scalar, with the indentation of the next line."""
    blanks = st.sampled_from(["", " ", "\t"])
    return st.builds(
        lambda before, breaks, after: before + line_end * breaks + " " * 9 + after,
        blanks,
        st.integers(1, 3),
        blanks,
    )


def spaced(word: st.SearchStrategy[str], line_end: str) -> st.SearchStrategy[str]:
    """Words with blanks, tabs and line breaks between them."""
    gap = st.sampled_from([" ", "  ", " \t "]) | indented(line_end)
    return st.lists(st.tuples(word, gap), max_size=5).flatmap(
        lambda pairs: word.map(lambda last: "".join(map("".join, pairs)) + last)
    )


def plain(line_end: str) -> st.SearchStrategy[str]:
    return spaced(st.text(LETTERS.replace("%", "").replace("{", ""), min_size=1), line_end).filter(
        lambda text: text[0] not in "{}%>"
    )


def single(line_end: str) -> st.SearchStrategy[str]:
    piece = st.sampled_from(["''", "#", ": ", "- ", '"', "\\", "a", "漢", "😀", "\t", " "])
    body = st.lists(piece | indented(line_end), max_size=8).map("".join)
    return body.map(lambda text: f"'{text}'")


def double(line_end: str) -> st.SearchStrategy[str]:
    char = st.characters(min_codepoint=32, exclude_categories=["Cs", "Cc", "Zl", "Zp"])
    escape = st.one_of(
        st.sampled_from([f"\\{char}" for char in '0abtnvfre "/\\N_LP\t']),
        char.map(lambda it: f"\\U{ord(it):08x}"),
        st.characters(max_codepoint=0xFF).map(lambda it: f"\\x{ord(it):02X}"),
        st.characters(max_codepoint=0xD7FF).map(lambda it: f"\\u{ord(it):04x}"),
        st.just(f"\\{line_end}         "),
        st.just(f"\\{line_end}{line_end}         "),
    )
    piece = escape | st.sampled_from(["a", "漢", "😀", "'", "#", " ", "\t"]) | indented(line_end)
    return st.lists(piece, max_size=10).map(lambda pieces: f'"{"".join(pieces)}"')


@st.composite
def blocks(draw: st.DrawFn, line_end: str) -> str:
    indent = draw(st.integers(9, 12))
    lines = draw(
        st.lists(
            st.one_of(
                st.text(LETTERS + " \t#:-'\"", min_size=1).map(lambda it: " " * indent + it),
                st.integers(0, indent + 2).map(lambda count: " " * count),
                st.text(LETTERS, min_size=1).map(lambda it: " " * (indent + 2) + it),
            ),
            max_size=6,
        )
    )
    header = draw(st.sampled_from("|>")) + draw(st.sampled_from(["", "+", "-", "1", "2+", "-9"]))
    note = draw(st.sampled_from(["", " ", " # note"]))
    return line_end.join([header + note, *lines])


@st.composite
def documents(draw: st.DrawFn) -> str:
    line_end = draw(st.sampled_from(["\n", "\r\n", "\r"]))
    styles = (plain(line_end), single(line_end), double(line_end), blocks(line_end))
    value = draw(st.one_of(*styles))
    before = draw(st.sampled_from(["k: ", "- k: ", "x:\n  k: ", "x:\n  - - k: ", "? k\n: "]))
    after = draw(st.sampled_from(["", "\n", "\n\n", "\n# note\n"]))
    start = draw(st.sampled_from(["", "\ufeff", "😀: 1\n"])) if before == "k: " else ""
    return (start + before).replace("\n", line_end) + value + after.replace("\n", line_end)


def yaml_scalars(text: str) -> list[str] | None:
    """The scalars' values as PyYAML has them, or nothing if that is no YAML to it."""
    try:
        events = list(yaml.parse(text, Loader=parse.LOADER))
    except (yaml.YAMLError, ValueError):
        return None
    return [event.value for event in events if isinstance(event, yaml.ScalarEvent)]


def stands_for(piece: str, char: str) -> bool:
    """Whether a piece of a file is a way to write a character."""
    if piece == char or (char in " \n" and piece and not piece.strip(" \t\r\n")):
        return True
    if piece.startswith("\\"):
        return bool(yaml.safe_load(f'"{piece}"') == char)
    return piece == "''" and char == "'"


def check_places(embedded: Embedded) -> None:
    size = len(embedded.text)
    starts, ends = list(embedded.starts), list(embedded.ends)
    assert (len(starts), len(ends)) == (size, size)
    assert all(map(stands_for, written(embedded), embedded.text))
    assert all(end <= start for end, start in zip(ends, starts[1:], strict=False))
    assert all(start < end for start, end in zip(starts, ends, strict=True))


@pytest.fixture(params=PARSERS, scope="module")
def parser(request: pytest.FixtureRequest) -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(parse, "LOADER", request.param)
        yield


@pytest.mark.usefixtures("parser")
@given(documents())
@example("k: >2\n    a\n   b\n\n c\n")
@example('k: "a\\\r\n\r\n   b"')
@example("k: |+\n\n \n  a\n   \n")
@example("\ufeffk: '😀\r\n\r\n  ''x'''\r\n")
def test_every_character_stands_where_its_place_says(text: str) -> None:
    expected = yaml_scalars(text.removeprefix("\ufeff"))
    assume(expected is not None)
    root = read(text)
    assume(root is not None)
    found = list(scalars(root))
    assert [each.text.text for each in found] == expected
    for each in found:
        check_places(each.text)
