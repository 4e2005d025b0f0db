"""One process at a time writes to a ledger; a second one is refused, however the first one ends."""

from __future__ import annotations

import hashlib
import sqlite3
import time
from pathlib import Path
from typing import Any, Final, Protocol

from sqlalchemy import Connection, Engine, text
from sqlalchemy.exc import OperationalError

from .opening import is_file
from .problems import LedgerProblem

_HELP: Final = "wait until it has ended, or stop it"
_PAUSE: Final = 0.05
"""Seconds between two questions whether the other one has ended."""


class Claim(Protocol):
    """The right to write, until it is given back or the process ends."""

    def check(self) -> None:
        """Make sure of the right before something is committed.

        Raises:
            LedgerProblem: It has been lost, so that another process may be writing.
        """
        ...

    def release(self) -> None:
        """Give the right back."""
        ...


def claim(engine: Engine, patience: float = 0) -> Claim:
    """The right to write to a ledger, waited for as many seconds as patience lasts.

    Raises:
        LedgerProblem: Another process has it.
    """
    ends = time.monotonic() + patience
    while True:
        try:
            return _FileClaim(engine) if is_file(engine.url) else _ServerClaim(engine)
        except _Taken:
            if time.monotonic() >= ends:
                raise
        time.sleep(_PAUSE)


class _Taken(LedgerProblem):
    """Another process has the right to write."""


def _refused() -> _Taken:
    return _Taken("another process is writing to the ledger", _HELP)


def _lost() -> LedgerProblem:
    help_ = "run the same command again: what was not written is evaluated once more"
    return LedgerProblem("the claim to the ledger has been lost while it was written to", help_)


class _FileClaim:
    """A lock on a small database beside the ledger, which the system lifts when a process dies."""

    def __init__(self, engine: Engine) -> None:
        name = f"{engine.url.database}-writer"
        self._file = Path(name)
        try:
            self._connection = sqlite3.connect(name, timeout=0, isolation_level=None)
            self._connection.execute("BEGIN EXCLUSIVE")
            self._node = self._file.stat().st_ino
        except sqlite3.OperationalError as error:
            if "locked" in str(error):
                raise _refused() from error
            help_ = "make sure that the folder exists and can be written to"
            raise LedgerProblem(f"{name}: {error}", help_) from error
        except sqlite3.DatabaseError as error:
            help_ = f"it is the lock of the ledger and holds nothing; delete {name}"
            raise LedgerProblem(f"{name}: {error}", help_) from error

    def check(self) -> None:
        """Make sure that nobody has put another file in the place of the one that is locked.

        Raises:
            LedgerProblem: Somebody has.
        """
        if not self._file.exists() or self._file.stat().st_ino != self._node:
            raise _lost()

    def release(self) -> None:
        """Unlock."""
        self._connection.close()


class _ServerClaim:
    """An advisory lock of the session, which the server lifts when the connection ends."""

    def __init__(self, engine: Engine) -> None:
        self._connection: Connection = engine.connect()
        self._connection.detach()  # so that closing it ends the session
        name = f"revlex/{engine.url.database}".encode()
        key = int.from_bytes(hashlib.sha256(name).digest()[:8], "big", signed=True)
        asked = text("SELECT pg_try_advisory_lock(:key)")
        granted: Any = self._connection.execute(asked, {"key": key}).scalar_one()
        self._connection.commit()
        if not granted:
            self._connection.close()
            raise _refused()

    def check(self) -> None:
        """Make sure that the session is still there.

        Raises:
            LedgerProblem: It has ended.
        """
        try:
            self._connection.exec_driver_sql("SELECT 1")
            self._connection.rollback()
        except OperationalError as error:
            raise _lost() from error

    def release(self) -> None:
        """Let the connection go, and the lock with it."""
        self._connection.close()
