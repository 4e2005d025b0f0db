"""Events that fit the catalog but not what is known."""

from __future__ import annotations


class Refused(Exception):  # noqa: N818  # says what became of an event; nothing has failed
    """An event that cannot be applied; it is quarantined and nothing has changed."""

    def __init__(self, reason: str, field: str | None, message: str) -> None:
        """Keep the reason code, the offending field and the sentence for people."""
        super().__init__(message)
        self.reason = reason
        self.field = field
        self.message = message
