"""The documents made from the pages of codes; `--rewrite` writes them anew."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from revlex.engine.authoring.codepages import markdown_pages
from revlex.engine.language.codes import CodePage, page_markdown, pages

DOCS = Path(__file__).parents[2] / "docs" / "codes"


def code_page(code: str, name: str, title: str = "it is wrong") -> CodePage:
    return CodePage(code=code, name=name, title=title, why="w", fix="f", bad="b", good="g")


def test_an_index_with_a_section_for_each_range() -> None:
    known = {
        "E301": code_page("E301", "single-equals"),
        "E302": code_page("E302", "bar", "`a | b` is\nnot a choice\n"),
        "W701": code_page("W701", "never-true"),
    }
    written = markdown_pages(known)
    assert list(written) == ["README.md", "E301.md", "E302.md", "W701.md"]
    assert written["E301.md"] == page_markdown(known["E301"])
    headings = re.findall("^## (.*)$", written["README.md"], re.MULTILINE)
    assert headings == ["The syntax of expressions", "Warnings"]
    assert "| [E301](E301.md) | `single-equals` | it is wrong |\n" in written["README.md"]
    assert "| [E302](E302.md) | `bar` | `a \\| b` is not a choice |\n" in written["README.md"]


def test_the_documents_say_what_the_pages_say(pytestconfig: pytest.Config) -> None:
    expected = markdown_pages()
    if pytestconfig.getoption("--rewrite"):
        rewrite(expected)
    written = {file.name: file.read_bytes().decode("utf-8") for file in DOCS.glob("*.md")}
    assert written == expected, "run `pytest --rewrite` and look at what changed"


def test_the_index_links_to_every_page() -> None:
    links = re.findall(r"\]\((\w+)\.md\)", markdown_pages()["README.md"])
    assert links == list(pages())


def rewrite(expected: dict[str, str]) -> None:
    DOCS.mkdir(parents=True, exist_ok=True)
    for file in DOCS.glob("*.md"):
        file.unlink()
    for name, text in expected.items():
        (DOCS / name).write_bytes(text.encode("utf-8"))
