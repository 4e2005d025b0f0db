"""How much a report holds, in numbers."""

from __future__ import annotations

from dataclasses import dataclass

from .diagnostics import Report, Severity


@dataclass(frozen=True, slots=True)
class Tally:
    """The errors and warnings of a report, the files they are in, and what the report left out."""

    errors: int
    warnings: int
    files: int
    left_out: int

    @classmethod
    def of(cls, report: Report) -> Tally:
        """Count a report."""
        errors = sum(found.severity is Severity.ERROR for found in report)
        files = {found.span.source.name for found in report}
        return cls(errors, len(report) - errors, len(files), report.left_out)

    def sentence(self, checked: int | None = None) -> str:
        """Such as `2 errors, 1 warning in 3 files`; of how many files, where `checked` is known."""
        counts = [_count(self.errors, "error"), _count(self.warnings, "warning")]
        found = ", ".join(filter(None, counts)) or "nothing wrong"
        return found + self._where(checked) + self._rest()

    def _where(self, checked: int | None) -> str:
        if checked is None:
            return f" in {_count(self.files, 'file')}" if self.files else ""
        of = f"{self.files} of " if self.files else ""
        return f" in {of}{_count(checked, 'file') or 'no files'}"

    def _rest(self) -> str:
        return f", and {self.left_out} more left out" if self.left_out else ""


def _count(number: int, thing: str) -> str:
    return f"{number} {thing}{'' if number == 1 else 's'}" if number else ""
