"""What can be wrong with a ledger, in words for whoever runs revlex."""

from __future__ import annotations


class LedgerProblem(Exception):  # noqa: N818  # says what the ledger is, which is not our failure
    """A ledger that cannot be used as asked.

    Attributes:
        message: What is wrong, on one line, in lower case and without a full stop.
        help: The one fix, if there is an obvious one.
    """

    def __init__(self, message: str, help_: str | None = None) -> None:
        """Keep the sentence and the fix."""
        super().__init__(message)
        self.message = message
        self.help = help_
