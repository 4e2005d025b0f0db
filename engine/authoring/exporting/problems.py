"""What can be asked for wrongly of an export."""

from __future__ import annotations

from ...language.problems import Problem


class ExportProblem(Problem):
    """An export that cannot be made as asked."""
