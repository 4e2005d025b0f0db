"""Short ways to compile policies, and to say where in them something is wrong."""

from __future__ import annotations

import re
import textwrap
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest
from revlex.engine.language.compiler import compile_sources
from revlex.engine.language.diagnostics import Diagnostic, Severity
from revlex.engine.language.program import Program
from revlex.engine.language.source import Source

EVERYTHING = Path(__file__).parent / "everything.yaml"


@dataclass(frozen=True)
class Compiled:
    """What came out of compiling a policy."""

    program: Program | None
    found: list[Diagnostic]

    @property
    def codes(self) -> list[str]:
        return [one.code for one in self.found]

    @property
    def errors(self) -> list[str]:
        return [one.code for one in self.found if one.severity is Severity.ERROR]


def run(*texts: str) -> Compiled:
    """Compile texts as the files of one pack; those without a header get one."""
    sources = [Source(f"{i}.yaml", textwrap.dedent(text)) for i, text in enumerate(texts)]
    program, report = compile_sources(sources)
    found = list(report)
    assert (program is None) is report.has_errors
    return Compiled(program, found)


Run = Callable[..., Compiled]


@pytest.fixture(scope="session", name="compiled")
def fixture_compiled() -> Run:
    return run


def lay(text: str) -> Compiled:
    """Compile packs written one after the other, each file after a comment that is its path."""
    found = re.split(r"^# (\S+\.ya?ml)\n", textwrap.dedent(text), flags=re.MULTILINE)[1:]
    own: list[Source] = []
    packs: dict[str, list[Source]] = {}
    for path, content in zip(found[::2], found[1::2], strict=True):
        folder, _, name = path.rpartition("/")
        (packs.setdefault(folder, []) if folder else own).append(Source(name, content))
    program, report = compile_sources(own, packs)
    assert (program is None) is report.has_errors
    return Compiled(program, list(report))


@pytest.fixture(scope="session")
def layered() -> Callable[[str], Compiled]:
    return lay


@pytest.fixture(scope="session")
def clean() -> Callable[..., Program]:
    """Compile a policy in which nothing is wrong."""

    def check(*texts: str) -> Program:
        outcome = run(*texts)
        assert outcome.found == []
        assert outcome.program is not None
        return outcome.program

    return check


@pytest.fixture(scope="session")
def wrong() -> Callable[[str, str], list[Diagnostic]]:
    """Compile a policy that is wrong in the places between `«` and `»`, and only there.

    The codes are those that are found there, in order.
    """

    def check(text: str, codes: str) -> list[Diagnostic]:
        text = textwrap.dedent(text)
        marks = [match.start() for match in re.finditer("[«»]", text)]
        places = [mark - number for number, mark in enumerate(marks)]
        expected = list(zip(places[::2], places[1::2], strict=True))
        found = run(re.sub("[«»]", "", text)).found
        assert [one.code for one in found] == codes.split(), found
        assert [(one.span.start, one.span.end) for one in found] == expected, found
        return found

    return check


@pytest.fixture(scope="session")
def everything() -> str:
    """A policy with one of everything, and nothing wrong with it."""
    return EVERYTHING.read_text(encoding="utf-8")
