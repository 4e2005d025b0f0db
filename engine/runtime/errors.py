"""What can fail while a checked expression runs."""

from __future__ import annotations

from typing import Final

OVERFLOW: Final = "a whole number beyond 63 bits"
DIVISION_BY_ZERO: Final = "division by zero"
OUT_OF_CALENDAR: Final = "a date that the calendar does not cover"


class EvaluationError(Exception):
    """A rule's result is `error`: recorded and counted, and nobody gains or loses by it.

    Attributes:
        reason: why, in a few words for the policy owner.
    """

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason
