"""What is wrong with a policy, as values: collected here, rendered elsewhere."""

from __future__ import annotations

import difflib
import enum
import operator
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import takewhile

from .source import Span

MOST_DIAGNOSTICS = 1_000
"""A report keeps this many and counts the rest: nobody reads more, and memory is bounded."""


_MOST_COMPARED = 50
"""So many words are compared with a misspelt one."""


class Severity(enum.Enum):
    """How much a diagnostic matters: an error keeps the policy from running."""

    ERROR = "error"
    WARNING = "warning"


@dataclass(frozen=True, slots=True)
class Label:
    """A further place that explains a diagnostic, with a few words."""

    span: Span
    text: str


@dataclass(frozen=True, slots=True)
class Diagnostic:
    """One thing wrong with a policy, and where.

    `code` is stable (`E412`, `W703`): its first letter is the severity. `message` is one sentence
    in the policy owner's words, in lower case and without a full stop; `help` is the one fix, in
    the same style. The author's own words stand in backticks in both.
    """

    code: str
    message: str
    span: Span
    help: str | None = None
    labels: tuple[Label, ...] = ()

    def __post_init__(self) -> None:
        """Hold the house style."""
        for text in (self.message, self.help, *(label.text for label in self.labels)):
            if text is not None and (not text or text.endswith(".") or "\n" in text):
                raise ValueError(f"not in the style of messages: {text!r}")

    @property
    def severity(self) -> Severity:
        """Error or warning, as the first letter of the code says."""
        return Severity.ERROR if self.code.startswith("E") else Severity.WARNING


class Report:
    """Everything found wrong in one run: each thing once, in the order of the files."""

    def __init__(self) -> None:
        """Start with nothing wrong."""
        self._found: dict[tuple[str, str, int, int], Diagnostic] = {}
        self.left_out = 0
        self._left_out_errors = 0

    def add(self, diagnostic: Diagnostic) -> None:
        """Note one thing; the same code at the same place counts once."""
        span = diagnostic.span
        key = (diagnostic.code, span.source.name, span.start, span.end)
        if key in self._found:
            return
        if len(self._found) >= MOST_DIAGNOSTICS:
            self.left_out += 1
            self._left_out_errors += diagnostic.severity is Severity.ERROR
            return
        self._found[key] = diagnostic

    def merge(self, other: Report) -> None:
        """Note everything that another report has, and what it left out."""
        self.extend(other)
        self.left_out += other.left_out
        self._left_out_errors += other._left_out_errors

    def extend(self, diagnostics: Iterable[Diagnostic]) -> None:
        """Note several things."""
        for diagnostic in diagnostics:
            self.add(diagnostic)

    def __iter__(self) -> Iterator[Diagnostic]:
        """By file, then place, then code."""
        return iter(
            sorted(
                self._found.values(),
                key=lambda d: (d.span.source.name, d.span.start, d.span.end, d.code),
            )
        )

    def __len__(self) -> int:
        return len(self._found)

    @property
    def has_errors(self) -> bool:
        """Whether the policy must not run."""
        found = any(d.severity is Severity.ERROR for d in self._found.values())
        return found or self._left_out_errors > 0


def did_you_mean(name: str, known: Iterable[str]) -> str | None:
    """Help that names the known word nearest to a misspelt one, or nothing.

    Of many words only those that begin most alike are compared, so that no policy makes this slow.
    """
    words = sorted(set(known))
    if len(words) > _MOST_COMPARED:
        words = sorted(words, key=lambda word: _unlike(word, name))[:_MOST_COMPARED]
    near = difflib.get_close_matches(name, words, n=1, cutoff=0.6)
    return f"did you mean `{near[0]}`?" if near else None


def _unlike(word: str, name: str) -> tuple[int, int]:
    """How little two words have in common: how early they part, and how their lengths differ."""
    alike = takewhile(operator.truth, map(operator.eq, word, name))
    return -sum(alike), abs(len(word) - len(name))
