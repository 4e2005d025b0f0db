"""The key of a deployment: a secret file, with which the keys of buyers are hashed.

A ledger never holds the key, only a value that tells whether it is the same.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
from pathlib import Path
from typing import Final

from ..problems import LedgerProblem

SHORTEST: Final = 16
"""A key has at least so many bytes, blanks and line ends around it not counted."""

LONGEST: Final = 4_096
"""A file of more bytes is something else than a key."""

_LENGTH: Final = 26
"""The characters of a hashed key of a buyer, five bits each."""

_HELP: Final = "make one with `head -c 32 /dev/urandom | base64 > revlex.key`, and keep it safe"


def read_key(file: Path) -> bytes:
    """The key in a file, without blanks and line ends around it.

    Raises:
        LedgerProblem: The file cannot be read, or holds no key.
    """
    try:
        with file.open("rb") as opened:
            held = opened.read(LONGEST + 1)
    except OSError as error:
        says = (error.strerror or str(error)).lower()
        raise LedgerProblem(f"the key file {file} cannot be read: {says}") from error
    key = held.strip()
    if len(held) > LONGEST:
        raise LedgerProblem(f"the key file {file} is longer than {LONGEST:,} bytes", _HELP)
    if len(key) < SHORTEST:
        raise LedgerProblem(f"the key in {file} is shorter than {SHORTEST} bytes", _HELP)
    return key


def check_value(key: bytes) -> str:
    """What a ledger keeps to know a key again; empty without one."""
    return _digest(key, "revlex ledger", "").hex() if key else ""


def pseudonym(key: bytes, buyer: str) -> str:
    """What stands for the key of a buyer in a ledger; the key itself where nothing is hashed."""
    if not key:
        return buyer
    letters = base64.b32encode(_digest(key, "buyer", buyer)).decode("ascii").lower()
    return f"b_{letters[:_LENGTH]}"


def _digest(key: bytes, purpose: str, said: str) -> bytes:
    return hmac.digest(key, f"{purpose}\0{said}".encode(), hashlib.sha256)
