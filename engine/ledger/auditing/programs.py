"""The policies of a ledger, compiled."""

from __future__ import annotations

from collections.abc import Callable

import msgspec

from ...language.program import Program
from ..reading import LedgerReader
from .again import Again


class Programs:
    """The policies of a ledger, each compiled once."""

    def __init__(self, reader: LedgerReader, on_event: Callable[[], None]) -> None:
        """Compile what a reader finds, when it is asked for."""
        self._reader = reader
        self._on_event = on_event
        self._known: dict[str, Program | None] = {}
        self._again: dict[str, Again] = {}

    def get(self, digest: str) -> Program | None:
        """The program of a policy, if the ledger holds one that has this digest."""
        if digest not in self._known:
            self._known[digest] = self._compiled(digest)
        return self._known[digest]

    def again(self, program: Program) -> Again:
        """What evaluates events once more under a program."""
        found = self._again.get(program.digest)
        if found is None:
            found = self._again[program.digest] = Again(self._reader, program, self._on_event)
        return found

    def _compiled(self, digest: str) -> Program | None:
        try:
            written = self._reader.policy(digest)
        except msgspec.MsgspecError:
            return None
        program = None if written is None else written.compiled()
        return program if program is not None and program.digest == digest else None
