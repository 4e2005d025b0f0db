"""The policies of a ledger, compiled."""

from __future__ import annotations

from ...language.program import Program
from ..damage import Damaged
from ..reading import LedgerReader


class Programs:
    """The policies of a ledger, each compiled once."""

    def __init__(self, reader: LedgerReader) -> None:
        """Compile what a reader finds, when it is asked for."""
        self._reader = reader
        self._known: dict[str, Program | None] = {}

    def get(self, digest: str) -> Program | None:
        """The program of a policy, if the ledger holds one that has this digest."""
        if digest not in self._known:
            self._known[digest] = self._compiled(digest)
        return self._known[digest]

    def _compiled(self, digest: str) -> Program | None:
        try:
            written = self._reader.policy(digest)
        except Damaged:
            return None
        program = None if written is None else written.compiled()
        return program if program is not None and program.digest == digest else None
