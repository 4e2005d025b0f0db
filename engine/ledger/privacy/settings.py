"""What a ledger was begun with and stays with: the check value of its key, and what it redacts."""

from __future__ import annotations

import hmac
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from sqlalchemy import Connection, insert, select

from ..problems import LedgerProblem
from ..tables import policies, settings
from .keys import check_value

TEXTS: Final = "texts"
"""Decisions are written without people's words."""

NAMES: Final = "names"
"""The names of buyers are dropped from events before they are read."""

REDACTIONS: Final = (TEXTS, NAMES)

_KEY, _REDACT = "key", "redact"


@dataclass(frozen=True, slots=True)
class Settings:
    """The check value of the key, empty without one, and what is redacted."""

    check: str = ""
    redact: frozenset[str] = frozenset()

    def admit(self, key: bytes) -> None:
        """Make sure that a key is the one that the ledger was begun with.

        Raises:
            LedgerProblem: It is another one, one too many, or missing.
        """
        given = check_value(key)
        if hmac.compare_digest(given, self.check):
            return
        if not given:
            help_ = "name its file with `--key-file FILE`, or in REVLEX_KEY_FILE"
            raise LedgerProblem("the ledger was begun with a key, and none is given", help_)
        if not self.check:
            help_ = "leave out `--key-file` and REVLEX_KEY_FILE, or begin another ledger"
            raise LedgerProblem("the ledger was begun without a key", help_)
        raise LedgerProblem("the key is not the one that the ledger was begun with")


def settings_of(connection: Connection) -> Settings:
    """What a ledger was begun with."""
    rows = {row.name: row.value for row in connection.execute(select(settings))}
    return Settings(rows.get(_KEY, ""), frozenset(rows.get(_REDACT, "").split()))


def settle(connection: Connection, key: bytes, redact: Iterable[str] | None) -> Settings:
    """The settings of a ledger that is opened for writing; they are kept if it begins now.

    Args:
        connection: In a transaction that may write.
        key: The key of the deployment; empty if there is none.
        redact: What is to be redacted; nothing said means as it was begun.

    Raises:
        LedgerProblem: The ledger was begun with another key, or redacts something else.
    """
    found = settings_of(connection)
    is_new = connection.execute(select(policies.c.digest).limit(1)).first() is None
    if is_new and connection.execute(select(settings.c.name).limit(1)).first() is None:
        found = Settings(check_value(key), frozenset(redact or ()))
        rows = {_KEY: found.check, _REDACT: " ".join(sorted(found.redact))}
        connection.execute(
            insert(settings), [{"name": name, "value": value} for name, value in rows.items()]
        )
    found.admit(key)
    if redact is not None and frozenset(redact) != found.redact:
        was = " and ".join(sorted(found.redact)) or "nothing"
        help_ = "leave out `--redact`, or begin another ledger"
        raise LedgerProblem(f"the ledger was begun redacting {was}", help_)
    return found
