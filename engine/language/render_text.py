"""A report as people read it on a terminal: each problem under the line of the file that has it.

    error[E412]: the event has no field `strs`
      --> rules/burst/policy.yaml:7:11
       |
     7 |     when: strs <= 2 and author.age < 2d
       |           ^^^^
       = help: did you mean `stars`?

    1 error in 1 file
    help: revlex explain-code E412 says more

The place of the problem is underlined with `^`, the places that explain it with `-` and their
words. A mark that goes on past its line is drawn to the line's end and says where it stops. What
policies wrote passes through `display`, so that it can neither move the marks nor steer the
terminal.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from operator import attrgetter

from .diagnostics import Diagnostic, Report, Severity
from .display import Excerpt, excerpt, visible
from .source import Source, Span
from .tally import Tally


@dataclass(frozen=True, slots=True)
class Palette:
    """The terminal sequences that begin each kind of text, and the one that ends them all."""

    error: str = ""
    warning: str = ""
    frame: str = ""
    strong: str = ""
    end: str = ""

    def of(self, severity: Severity) -> str:
        """The sequence for a severity."""
        return self.error if severity is Severity.ERROR else self.warning

    def paint(self, sequence: str, text: str) -> str:
        """A text between a sequence and the end of it."""
        return f"{sequence}{text}{self.end}"


PLAIN = Palette()
COLOURED = Palette(
    error="\x1b[1;31m", warning="\x1b[1;33m", frame="\x1b[1;34m", strong="\x1b[1m", end="\x1b[0m"
)


@dataclass(frozen=True, slots=True)
class _Mark:
    """A place to underline: with which sign in which colour, and the words that follow."""

    span: Span
    sign: str
    colour: str
    words: str = ""

    @property
    def line(self) -> int:
        """The number of the line under which the mark is drawn."""
        return self.span.line

    @property
    def start(self) -> int:
        """The index in that line of the first character."""
        return self.span.column - 1

    @property
    def end(self) -> int:
        """The index after the last character; past the line's end where the span goes on."""
        return self.start + self.span.end - self.span.start

    @property
    def caption(self) -> str:
        """The words, and the last line of a span that has several."""
        last, _ = self.span.source.position(max(self.span.start, self.span.end - 1))
        until = f"(up to line {last})" if last > self.line else ""
        return " ".join(filter(None, (visible(self.words), until)))


@dataclass(frozen=True, slots=True)
class _Frame:
    """What stands to the left of every row of one diagnostic: room for line numbers, and bars."""

    digits: int
    palette: Palette

    def rule(self, sign: str, rest: str = "") -> str:
        """A row without a line number."""
        return self._row(" " * (self.digits + 2) + sign, rest)

    def arrow(self, sign: str, rest: str) -> str:
        """A row that names a place."""
        return self._row(" " * (self.digits + 1) + sign, rest)

    def numbered(self, number: int, rest: str) -> str:
        """A row with a line of the file."""
        return self._row(f" {number:>{self.digits}} |", rest)

    def gap(self) -> str:
        """A row for the lines of the file that are not shown."""
        return self._row("...", "")

    def _row(self, left: str, rest: str) -> str:
        return f"{self.palette.paint(self.palette.frame, left)} {rest}".rstrip(" ")


def render_text(report: Report, *, colour: bool = False, checked: int | None = None) -> str:
    """Everything in a report and how much it is, ending with a line end.

    Args:
        report: What was found.
        colour: Whether to colour; the caller knows the terminal and the wishes of who sits there.
        checked: How many files were looked at, if the last lines are to say so.
    """
    palette = COLOURED if colour else PLAIN
    blocks = ["\n".join(_diagnostic(diagnostic, palette)) for diagnostic in report]
    return "\n\n".join([*blocks, "\n".join(_closing(report, checked))]) + "\n"


def _diagnostic(diagnostic: Diagnostic, palette: Palette) -> Iterator[str]:
    severity = diagnostic.severity
    colour = palette.of(severity)
    marks = [_Mark(diagnostic.span, "^", colour)]
    marks += [_Mark(label.span, "-", palette.frame, label.text) for label in diagnostic.labels]
    frame = _Frame(len(str(max(mark.line for mark in marks))), palette)
    name = palette.paint(colour, f"{severity.value}[{diagnostic.code}]")
    yield name + palette.paint(palette.strong, f": {visible(diagnostic.message)}")
    for source, inside in _by_source(marks).items():
        arrow = "-->" if source is diagnostic.span.source else ":::"
        yield from _file(arrow, inside, frame)
    if diagnostic.help is not None:
        yield frame.rule("=", f"help: {visible(diagnostic.help)}")


def _by_source(marks: Iterable[_Mark]) -> dict[Source, list[_Mark]]:
    grouped: dict[Source, list[_Mark]] = {}
    for mark in marks:
        grouped.setdefault(mark.span.source, []).append(mark)
    return grouped


def _file(arrow: str, marks: Sequence[_Mark], frame: _Frame) -> Iterator[str]:
    """The marked lines of one file, under the place of the first mark."""
    place = marks[0].span
    yield frame.arrow(arrow, f"{visible(place.source.name)}:{place.line}:{place.column}")
    yield frame.rule("|")
    shown = 0
    for number, inside in groupby(sorted(marks, key=attrgetter("line")), attrgetter("line")):
        if shown and number > shown + 1:
            yield frame.gap()
        yield from _line(number, list(inside), frame)
        shown = number


def _line(number: int, marks: Sequence[_Mark], frame: _Frame) -> Iterator[str]:
    """A line with the marks under it, or, of a long line, an excerpt around each mark."""
    line = marks[0].span.source.line(number)
    excerpts = [(excerpt(line, mark.start), [mark]) for mark in marks]
    if excerpts[0][0].is_whole:
        excerpts = [(excerpts[0][0], list(marks))]
    for shown, inside in excerpts:
        yield frame.numbered(number, shown.text)
        for mark in inside:
            yield frame.rule("|", _underline(mark, shown, frame.palette))


def _underline(mark: _Mark, shown: Excerpt, palette: Palette) -> str:
    columns = shown.columns(mark.start, mark.end)
    drawn = f"{mark.sign * len(columns)} {mark.caption}".rstrip(" ")
    return " " * columns.start + palette.paint(mark.colour, drawn)


def _closing(report: Report, checked: int | None) -> Iterator[str]:
    yield Tally.of(report).sentence(checked)
    worst = min(report, key=lambda found: found.severity is Severity.WARNING, default=None)
    if worst is not None:
        yield f"help: revlex explain-code {worst.code} says more"
