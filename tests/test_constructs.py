"""`docs/constructs.md` maps each construct to the specification, a pack and a case; all exist."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import yaml
from revlex.engine.authoring.documents import with_blocks

DOCS = Path(__file__).parents[1] / "docs"
PAGE = (DOCS / "constructs.md").read_text(encoding="utf-8")
ALL = [f"C{number}" for number in range(1, 66)]

_LINK = r"\[[^\]]+\]\((?P<{0}>[^)#]+){1}\)"
_LINE = re.compile(
    r"\| (?P<construct>C\d+) \| (?P<what>[^|]+) "
    rf"\| {_LINK.format('page', '#(?P<anchor>[^)]+)')} "
    rf"\| {_LINK.format('pack', '')} `(?P<entry>[^`]+)` "
    rf"\| {_LINK.format('cases', '')}: (?P<case>[^|]+) \|"
)


@dataclass(frozen=True)
class Line:
    """A line of the table."""

    construct: str
    page: str
    anchor: str
    pack: str
    entry: str
    cases: str
    case: str


LINES = [
    Line(**{name: found[name] for name in Line.__dataclass_fields__})
    for found in map(_LINE.fullmatch, PAGE.splitlines())
    if found
]
lines = pytest.mark.parametrize("line", LINES, ids=lambda line: line.construct)


def test_every_construct_has_one_line_in_its_order() -> None:
    assert [line.construct for line in LINES] == ALL


def test_every_line_of_the_table_can_be_read() -> None:
    rows = [row for row in PAGE.splitlines() if row.startswith("| C")]
    assert [row for row in rows if not _LINE.fullmatch(row)] == []


@lines
def test_the_specification_has_the_place(line: Line) -> None:
    assert line.anchor in anchors(DOCS / line.page)


@cache
def anchors(page: Path) -> frozenset[str]:
    text = with_blocks(page.read_text(encoding="utf-8"), lambda _: "")
    headings = re.findall(r"^#+ (.+)$", text, re.MULTILINE)
    return frozenset(
        re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings
    )


@lines
def test_the_pack_holds_the_entry(line: Line) -> None:
    assert line.entry in entries(DOCS / line.pack)


@cache
def entries(file: Path) -> frozenset[str]:
    """The names of all entries of a file of a pack, and its keys."""
    policy = yaml.load(file.read_text(encoding="utf-8"), yaml.BaseLoader)  # noqa: S506  # a SafeLoader that converts nothing
    return frozenset({*policy, *(name for part in policy.values() for name in names(part))})


def names(part: Any) -> Iterator[str]:
    """The names of the entries of a section: its keys, or what each of its items is called."""
    if isinstance(part, list):
        yield from (str(next(iter(one.values()))) for one in part if isinstance(one, dict))
    elif isinstance(part, dict):
        yield from part
        yield from names(part.get("rules"))


@lines
def test_the_case_shows_it(line: Line) -> None:
    assert line.construct in shown(DOCS / line.cases).get(line.case, ())


@cache
def shown(file: Path) -> dict[str, list[str]]:
    """What each case of a file shows."""
    groups = yaml.safe_load(file.read_text(encoding="utf-8"))["groups"]
    return {case["case"]: case["shows"] for group in groups for case in group["cases"]}


def test_every_case_shows_constructs_that_there_are() -> None:
    files = (DOCS.parent / "tests" / "conformance").glob("*.yaml")
    found = {one for file in files for shows in shown(file).values() for one in shows}
    assert found == set(ALL)
