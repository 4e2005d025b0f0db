"""The documents are true: their commands and code run, their tables and links hold.

A page is run from top to bottom in an empty folder. A block whose fence names a file is written to
it; `console` holds commands behind `$ ` with what they print; `python` is executed, and a block
`text printed` behind it holds what it prints. `pytest --rewrite` writes what is printed anew.

In a command, the id of a decision stands for the last one that was printed, and the beginning of an
id behind `explain results` for the first decision there.
"""

from __future__ import annotations

import contextlib
import io
import json
import os
import re
import subprocess
import sys
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from revlex.cli import main
from revlex.engine.authoring.documents import Block, blocks, made_names, with_blocks, with_made
from revlex.engine.authoring.reference import reference

ROOT = Path(__file__).parents[1]
DOCS = ROOT / "docs"
SPEC = DOCS / "spec.md"
OTHERS = (ROOT / "README.md", ROOT / "CONTRIBUTING.md")
PAGES = [page for page in (*sorted(DOCS.glob("*.md")), *OTHERS) if page != SPEC]
DECISIONS = sorted((DOCS / "decisions").glob("*.md"))
WRITTEN = [*PAGES, SPEC, *DECISIONS]


def name_of(page: Path) -> str:
    return page.relative_to(ROOT).as_posix()


pages = partial(pytest.mark.parametrize, "page", ids=name_of)

# ---------------------------------------------------------------------------- running

ID = re.compile(r"\b[a-z2-7]{26}\b")
BEGINNING = re.compile(r"(?<=revlex explain results )[a-z2-7]+")
DIGEST = re.compile(r"\b(?:[0-9a-f]{64}|[0-9a-f]{12})\b")


def settled(text: str) -> str:
    """A text without the names that every change of the catalog changes."""
    return BEGINNING.sub("<id>", DIGEST.sub("<digest>", ID.sub("<id>", text)))


class Reader:
    """Somebody who does what a page says, in a folder."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.printed = ""
        self.last_id: str | None = None
        self.names: dict[str, Any] = {}
        shim = folder / ".bin" / "revlex"
        shim.parent.mkdir()
        shim.write_text(
            f"#!/bin/sh\nexec {sys.executable} -c "
            '"from revlex.cli import main; main(prog_name=\'revlex\')" "$@"\n'
        )
        shim.chmod(0o755)

    def does(self, block: Block) -> str:
        """Do what a block says; gives its text as it ought to be."""
        file = next((word for word in block.words[1:] if "." in word), None)
        if file is not None:
            path = self.folder / file
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(block.text, encoding="utf-8")
        return DOES[block.kind](self, block) if block.kind in DOES else block.text

    def console(self, block: Block) -> str:
        return "".join(map(self.command, commands(block.text)))

    def command(self, line: str) -> str:
        line = ID.sub(self.last_id, line) if self.last_id else line
        line = BEGINNING.sub(self.first_decision, line)
        environment = {
            **os.environ,
            "PATH": f"{self.folder / '.bin'}:{os.environ['PATH']}",
            "COLUMNS": "100",
            "NO_COLOR": "1",
            "PYTHONPATH": os.pathsep.join(filter(None, sys.path)),
        }
        done = subprocess.run(  # noqa: S603  # what our own pages say
            ["/bin/sh", "-c", line],
            cwd=self.folder,
            env=environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            check=False,
        )
        printed = "".join(f"{each.rstrip()}\n" for each in done.stdout.decode().splitlines())
        ids = ID.findall(printed)
        self.last_id = ids[-1] if ids else self.last_id
        return f"$ {line}\n{printed}"

    def first_decision(self, beginning: re.Match[str]) -> str:
        """The first decision in `results`, by as much of its id as a page shows."""
        with (self.folder / "results" / "decisions.jsonl").open(encoding="utf-8") as decisions:
            found: str = json.loads(decisions.readline())["decision_id"]
        return found[: len(beginning[0])]

    def python(self, block: Block) -> str:
        out = io.StringIO()
        with contextlib.chdir(self.folder), contextlib.redirect_stdout(out):
            exec(compile(block.text, f"line {block.line}", "exec"), self.names)  # noqa: S102
        self.printed = out.getvalue()
        return block.text

    def text(self, block: Block) -> str:
        return self.printed if block.words[1:] == ("printed",) else block.text


DOES: dict[str, Callable[[Reader, Block], str]] = {
    "console": Reader.console,
    "python": Reader.python,
    "text": Reader.text,
}


def commands(text: str) -> Iterator[str]:
    """The commands of a console; one that ends in a backslash goes on in the next line."""
    lines = iter(text.splitlines())
    for line in lines:
        if line.startswith("$ "):
            command = line.removeprefix("$ ")
            while command.endswith("\\"):
                command += "\n" + next(lines)
            yield command


@pages(PAGES)
def test_a_page_does_what_it_says(page: Path, tmp_path: Path, pytestconfig: pytest.Config) -> None:
    text = page.read_text(encoding="utf-8")
    done = with_blocks(with_made(text, reference()), Reader(tmp_path).does)
    if pytestconfig.getoption("--rewrite"):
        page.write_text(done, encoding="utf-8", newline="\n")
        text = done
    assert settled(text) == settled(done), "run `pytest --rewrite tests/test_docs.py`"


# -------------------------------------------------------------------------- what is there


def test_every_command_is_shown_with_its_help() -> None:
    page = (DOCS / "cli.md").read_text(encoding="utf-8")
    shown = [line for block in blocks(page) for line in commands(block.text)]
    assert [name for name in main.commands if f"revlex {name} --help" not in shown] == []


def test_every_table_of_the_reference_is_in_a_page() -> None:
    shown = {name for page in WRITTEN for name in made_names(page.read_text(encoding="utf-8"))}
    assert set(reference()) - shown == set()


def test_the_index_names_every_page() -> None:
    index = (DOCS / "README.md").read_text(encoding="utf-8")
    expected = [page.relative_to(DOCS).as_posix() for page in WRITTEN if DOCS in page.parents]
    assert [name for name in expected if name != "README.md" and f"({name})" not in index] == []


def test_decisions_are_numbered_without_gaps_and_built_alike() -> None:
    numbers = [int(page.name[:4]) for page in DECISIONS]
    assert numbers == list(range(1, len(DECISIONS) + 1))
    for page in DECISIONS:
        headings = re.findall(r"^## (.+)$", page.read_text(encoding="utf-8"), re.MULTILINE)
        assert headings == ["Context", "Choice", "Consequences"], page.name


# --------------------------------------------------------------------------------- links

LINK = re.compile(r"\]\((?!https?://)(?P<path>[^)#\s]*)(?:#(?P<anchor>[^)\s]+))?\)")


def anchors(page: Path) -> set[str]:
    """The anchors of the headings of a page, as forges make them."""
    text = with_blocks(page.read_text(encoding="utf-8"), lambda _: "")
    headings = re.findall(r"^#+ (.+)$", text, re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


@pages(WRITTEN)
def test_links_lead_somewhere(page: Path) -> None:
    text = re.sub(r"`[^`\n]*`", "", page.read_text(encoding="utf-8"))
    for found in LINK.finditer(text):
        target = (page.parent / found["path"]).resolve() if found["path"] else page
        assert target.exists(), found[0]
        if found["anchor"]:
            assert found["anchor"] in anchors(target), found[0]
