"""What does not hold in a ledger, and where."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Finding:
    """Something that does not hold: where, and what.

    Attributes:
        shop: The shop that it is about; empty where it is about the whole ledger.
        sequence: The entry, if it is one.
        decision_id: The decision of that entry.
        what: What is wrong, on one line.
    """

    shop: str
    sequence: int | None
    decision_id: str | None
    what: str
