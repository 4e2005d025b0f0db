"""What every step of an appeal has to keep to: somebody takes it, and there are not too many.

Otherwise anybody could make the record of an appeal grow without end.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from .model import Case
from .refused import Refused

MOST_CHANGES: Final = 200
"""An appeal that has entered so many states is decided or withdrawn, and takes nothing else."""

MOST_EVIDENCE: Final = 1_000
"""So many pieces of evidence are taken for an appeal."""


def check_changes(case: Case) -> None:
    """Make sure that more may happen to an appeal.

    Raises:
        Refused: it has entered too many states.
    """
    if len(case.history) >= MOST_CHANGES:
        message = f"the appeal has changed {MOST_CHANGES} times, and can only be ended now"
        raise Refused("too-many", "appeal_id", message)


def check_evidence(case: Case, more: Sequence[str]) -> None:
    """Make sure that more evidence may be added to an appeal.

    Raises:
        Refused: it would have too many pieces of it.
    """
    if len(case.evidence) + len(more) > MOST_EVIDENCE:
        message = f"an appeal takes {MOST_EVIDENCE:,} pieces of evidence"
        raise Refused("too-many", "evidence", message)


def check_somebody(field: str, name: str) -> None:
    """Make sure that somebody answers for what is done.

    Raises:
        Refused: the name says nothing.
    """
    if not name.strip():
        raise Refused("missing-field", field, f"`{field}` has to name somebody")
