"""What keeps notices from being made."""

from __future__ import annotations

from ...language.problems import Problem


class TellingProblem(Problem):
    """The policy or the language of a notice is not known."""
