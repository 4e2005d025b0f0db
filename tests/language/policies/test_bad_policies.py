"""Everything that is wrong with a policy is found, once, on the line where it is."""

from __future__ import annotations

import re
from collections import Counter
from pathlib import Path

import pytest
from revlex.engine.language.compiler import compile_sources
from revlex.engine.language.source import Source

BAD = sorted((Path(__file__).parents[2] / "bad").glob("*.yaml"))


def announced(source: Source) -> Counter[tuple[int, str]]:
    """The lines and codes that a policy's `#!` comments announce."""
    lines = enumerate(source.text.splitlines(), start=1)
    return Counter(
        (number, code)
        for number, line in lines
        for code in line.partition("#!")[2].split()
        if re.fullmatch(r"[EW]\d\d\d", code)
    )


def test_there_are_bad_policies() -> None:
    assert len(BAD) >= 9


@pytest.mark.parametrize("path", BAD, ids=lambda path: path.stem)
def test_bad_policy(path: Path) -> None:
    source = Source.read(path)
    program, report = compile_sources([source])
    found = Counter((one.span.line, one.code) for one in report)
    assert found == announced(source), [(one.span.line, one.code, one.message) for one in report]
    assert (program is None) is report.has_errors
