"""What the stages of reading share: the source, the report, and whether the tree still holds."""

from __future__ import annotations

from dataclasses import dataclass, field

from ..diagnostics import Diagnostic, Report
from ..source import Source, Span


@dataclass(slots=True)
class Notes:
    """Where diagnostics go while a source is read.

    `incomplete` says that the tree is not what the author wrote, because something in the file has
    no honest node. Later stages would only complain about the consequences. `warnings` wait for the
    end: what a file that is not valid YAML seems to say may not be what its author wrote either.
    """

    source: Source
    report: Report
    incomplete: bool = False
    warnings: list[Diagnostic] = field(default_factory=list)

    def span(self, start: int, end: int) -> Span:
        """The characters `start` to `end` (exclusive) of the source."""
        return Span(self.source, start, end)

    def add(self, *diagnostics: Diagnostic) -> None:
        """Note what leaves the tree as it was meant."""
        self.report.extend(diagnostics)

    def refuse(self, *diagnostics: Diagnostic) -> None:
        """Note what the tree cannot be trusted after."""
        self.report.extend(diagnostics)
        self.incomplete = self.incomplete or bool(diagnostics)
