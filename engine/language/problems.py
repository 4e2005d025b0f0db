"""What cannot be done as asked, in words for whoever asked."""

from __future__ import annotations


class Problem(Exception):  # noqa: N818  # says what was asked for wrongly; nothing has failed
    """Something that cannot be done as asked; the command line shows it and ends.

    Attributes:
        message: What is wrong, on one line, in lower case and without a full stop.
        help: The one fix, if there is an obvious one.
    """

    def __init__(self, message: str, help_: str | None = None) -> None:
        """Keep the sentence and the fix."""
        super().__init__(message)
        self.message = message
        self.help = help_

    @property
    def sentence(self) -> str:
        """What is wrong, and where if that is known."""
        return self.message
