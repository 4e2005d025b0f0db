"""What can be wrong with a ledger, in words for whoever runs revlex."""

from __future__ import annotations

from ..language.problems import Problem


class LedgerProblem(Problem):
    """A ledger that cannot be used as asked."""
