"""What a file must be before a YAML parser may see it: of bounded size, in lines, and text.

Nesting and the number of values are bounded while the parser runs: it is asked for one event after
the other, never reads more than 1,024 characters ahead of them, and is left when there are too
many.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import islice

from ..diagnostics import Diagnostic, Report
from ..messages import reading as say
from ..source import Source, Span

MOST_BYTES = 1 << 20
"""A policy file is at most this long: some 25,000 lines."""

MOST_CHARACTERS_IN_A_LINE = 100_000
"""A line of a policy file is at most this long."""

DEEPEST = 64
"""Lists and groups of keys may stand inside each other so many times."""

MOST_VALUES = 100_000
"""A policy file has at most so many keys, values, lists and groups of keys."""

MOST_SYNTAX_ERRORS = 100
"""After so many errors in a file's punctuation the rest of it is not looked at."""

_MOST_CONTROLS = 20
_CONTROL = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u2028\u2029\ufeff\ufffe\uffff\ud800-\udfff]+"
)
"""What is not text, and the line ends that YAML 1.1 has and 1.2 does not."""

_LINE = re.compile(r"[^\r\n]+")


def within_limits(source: Source, report: Report) -> bool:
    """Whether a parser may read this text; if not, the report says why."""
    before = len(report)
    if not _is_small(source.text):
        report.add(say.file_too_large(Span(source, 0, 0), MOST_BYTES))
        return False
    report.extend(_long_lines(source))
    report.extend(islice(_controls(source), _MOST_CONTROLS))
    return len(report) == before


def _long_lines(source: Source) -> Iterator[Diagnostic]:
    for match in _LINE.finditer(source.text):
        start, end = match.span()
        if end - start > MOST_CHARACTERS_IN_A_LINE:
            place = Span(source, start, start + 1)
            yield say.line_too_long(place, end - start, MOST_CHARACTERS_IN_A_LINE)


def _controls(source: Source) -> Iterator[Diagnostic]:
    for match in _CONTROL.finditer(source.text):
        yield say.control_character(Span(source, *match.span()))


def _is_small(text: str) -> bool:
    # Counting bytes is for texts that may be small enough: no other is worth a copy.
    return len(text) <= MOST_BYTES and len(text.encode("utf-8", "surrogatepass")) <= MOST_BYTES
