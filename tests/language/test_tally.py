"""How much a report holds, in numbers and in a sentence."""

from __future__ import annotations

import pytest
from revlex.engine.language.diagnostics import MOST_DIAGNOSTICS, Diagnostic, Report
from revlex.engine.language.source import Source, Span
from revlex.engine.language.tally import Tally


def report(*codes: str, files: int = 1) -> Report:
    found = Report()
    for index, code in enumerate(codes):
        span = Span(Source(f"{index % files}.yaml", "text"), 0, 1)
        found.add(Diagnostic(code, "wrong", span))
    return found


def test_counts() -> None:
    found = report("E101", "E102", "W701", "E103", files=2)
    assert Tally.of(found) == Tally(errors=3, warnings=1, files=2, left_out=0)


def test_counts_what_was_left_out() -> None:
    found = Report()
    source = Source("a.yaml", "")
    for place in range(MOST_DIAGNOSTICS + 2):
        found.add(Diagnostic("E101", "wrong", Span(source, place, place)))
    assert Tally.of(found) == Tally(errors=MOST_DIAGNOSTICS, warnings=0, files=1, left_out=2)


@pytest.mark.parametrize(
    ("tally", "checked", "sentence"),
    [
        (Tally(2, 1, 3, 0), None, "2 errors, 1 warning in 3 files"),
        (Tally(1, 2, 1, 0), None, "1 error, 2 warnings in 1 file"),
        (Tally(1, 0, 1, 0), 4, "1 error in 1 of 4 files"),
        (Tally(0, 3, 2, 0), 2, "3 warnings in 2 of 2 files"),
        (Tally(1000, 0, 1, 7), None, "1000 errors in 1 file, and 7 more left out"),
        (Tally(0, 0, 0, 0), None, "nothing wrong"),
        (Tally(0, 0, 0, 0), 1, "nothing wrong in 1 file"),
        (Tally(0, 0, 0, 0), 0, "nothing wrong in no files"),
    ],
)
def test_sentence(tally: Tally, checked: int | None, sentence: str) -> None:
    assert tally.sentence(checked) == sentence
