"""The pages of codes: how they are read, found and shown."""

from __future__ import annotations

import re
import subprocess
import sys
import unicodedata
from collections.abc import Callable, Mapping
from importlib.resources import files
from pathlib import Path

import pytest
from revlex.engine.language.codes import (
    CodePage,
    Kind,
    UnknownCodeError,
    page,
    page_markdown,
    page_text,
    pages,
    read_pages,
)
from revlex.engine.language.diagnostics import Severity

SYNTAX = """\
E302:
  name: unclosed-text
  title: a quoted text has no end
  why: >
    A text begins and ends with the same quotation mark. Without the second one, revlex cannot know
    where the text stops and the rule goes on.
  fix: Write the quotation mark that is missing.
  bad: |
    text contains "thank you
  good: |
    text contains "thank you"
  kind: expression
E301:
  name: single-equals
  title: two values are compared with one equals sign
  why: One sign looks like giving a value. A rule gives none, it asks.
  fix: Write two equals signs.
  bad: stars = 2
  good: stars == 2
  kind: expression
  start: condition
"""
LINT = """\
W703:
  name: never-true
  title: this can never be true
  why: |
    A rule that never matches looks like protection and is none.
    It often stands for a number that was mistyped.
  fix: Mend the numbers or take the rule out.
  bad: |
    rules:
    \t- id: ```never```
      when: "stars\u00a0> 5"
  good: |
    rules:
      - id: often
  kind: yaml
"""


@pytest.fixture
def known(tmp_path: Path) -> Mapping[str, CodePage]:
    (tmp_path / "W70.yaml").write_text(LINT, encoding="utf-8")
    (tmp_path / "E3.yaml").write_text(SYNTAX, encoding="utf-8")
    (tmp_path / "README.md").write_text("no pages here", encoding="utf-8")
    return read_pages(tmp_path)


def test_pages_are_read_in_the_order_of_their_codes(known: Mapping[str, CodePage]) -> None:
    assert list(known) == ["E301", "E302", "W703"]
    assert known["E301"] == CodePage(
        code="E301",
        name="single-equals",
        title="two values are compared with one equals sign",
        why="One sign looks like giving a value. A rule gives none, it asks.",
        fix="Write two equals signs.",
        bad="stars = 2",
        good="stars == 2",
        kind=Kind.EXPRESSION,
        start="condition",
    )
    assert known["W703"].kind is Kind.YAML
    assert known["W703"].start is None
    assert [each.severity for each in known.values()] == [
        Severity.ERROR,
        Severity.ERROR,
        Severity.WARNING,
    ]


def test_examples_are_whole_policies_unless_they_say_otherwise(tmp_path: Path) -> None:
    text = SYNTAX.replace("  kind: expression\n", "")
    (tmp_path / "E3.yaml").write_text(text, encoding="utf-8")
    assert read_pages(tmp_path)["E301"].kind is Kind.POLICY


@pytest.mark.parametrize(
    ("change", "complaint"),
    [
        (("  fix: Write two equals signs.\n", ""), "the page of E301: .*'fix'"),
        (("  fix: Write two", "  note: x\n  fix: Write two"), "the page of E301: .*'note'"),
        (("kind: expression", "kind: novel"), "novel"),
        (("single-equals", "unclosed-text"), "more than one page for unclosed-text"),
    ],
)
def test_a_page_that_is_not_in_order_is_refused(
    change: tuple[str, str], complaint: str, tmp_path: Path
) -> None:
    (tmp_path / "E3.yaml").write_text(SYNTAX.replace(*change), encoding="utf-8")
    with pytest.raises(ValueError, match=complaint):
        read_pages(tmp_path)


def test_a_code_in_two_files_is_refused(tmp_path: Path) -> None:
    (tmp_path / "E3.yaml").write_text(SYNTAX, encoding="utf-8")
    again = SYNTAX.replace("name: ", "name: another-")
    (tmp_path / "E4.yaml").write_text(again, encoding="utf-8")
    with pytest.raises(ValueError, match="more than one page for E301, E302"):
        read_pages(tmp_path)


@pytest.mark.parametrize("asked", ["E301", "e301", " E301 ", "single-equals", "Single-Equals"])
def test_a_page_is_found_by_code_or_name(asked: str, known: Mapping[str, CodePage]) -> None:
    assert page(asked, known) is known["E301"]


@pytest.mark.parametrize(
    ("asked", "suggestion"),
    [
        ("E303", "did you mean `E302`?"),
        ("w73", "did you mean `W703`?"),
        ("single-equal", "did you mean `single-equals`?"),
        ("Unclosed_Text", "did you mean `unclosed-text`?"),
        ("x", None),
        ("", None),
    ],
)
def test_an_unknown_code_is_met_with_the_nearest(
    asked: str, suggestion: str | None, known: Mapping[str, CodePage]
) -> None:
    with pytest.raises(UnknownCodeError, match="there is no code `") as caught:
        page(asked, known)
    assert caught.value.help == suggestion


def test_an_unknown_code_is_repeated_safely(known: Mapping[str, CodePage]) -> None:
    with pytest.raises(UnknownCodeError, match=re.escape("`<U+001B>[2J`")):
        page("\x1b[2J", known)


@pytest.mark.parametrize("code", ["E302", "W703"])
def test_text(code: str, known: Mapping[str, CodePage], golden: Callable[[str], None]) -> None:
    golden(page_text(known[code]))


@pytest.mark.parametrize("code", ["E302", "W703"])
def test_markdown(code: str, known: Mapping[str, CodePage], golden: Callable[[str], None]) -> None:
    golden(page_markdown(known[code]))


def test_importing_the_module_does_not_load_yaml() -> None:
    program = (
        "import sys, revlex.engine.language.codes; "
        "print(*sys.modules.keys() & {'yaml', 'importlib.resources', 'tempfile'})"
    )
    command = [sys.executable, "-I", "-c", program]
    done = subprocess.run(command, capture_output=True, text=True, check=True)  # noqa: S603 - our own program
    assert done.stdout.strip() == ""


# ------------------------------------------------------ the pages that ship


def test_every_entry_of_the_files_has_its_page() -> None:
    folder = files("revlex.grammar") / "codes"
    entries = [
        code
        for file in folder.iterdir()
        if file.name.endswith(".yaml")
        for code in re.findall(r"^(\w+):", file.read_text(encoding="utf-8"), re.MULTILINE)
    ]
    assert entries
    assert sorted(entries) == list(pages())


def test_pages_are_in_the_house_style() -> None:
    for code, each in pages().items():
        assert re.fullmatch(r"[EW][1-8]\d\d", code), code
        assert re.fullmatch(r"[a-z][a-z0-9]*(-[a-z0-9]+)*", each.name), each
        assert all(part.strip() for part in (each.title, each.why, each.fix)), each
        assert each.bad != each.good, each
        assert "\n" not in each.title.strip(), each


def test_pages_can_be_shown() -> None:
    for each in pages().values():
        for char in page_text(each) + page_markdown(each):
            assert char in "\n\t" or unicodedata.category(char)[0] != "C", each
