"""What every step of an appeal has to keep to: somebody takes it, and there are not too many.

Otherwise anybody could make the record of an appeal grow without end.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, Final

from .model import Case
from .refused import Refused

MOST_CHANGES: Final = 200
"""An appeal that has entered so many states is decided or withdrawn, and takes nothing else."""

MOST_CHARACTERS: Final = 200_000
"""So many characters are taken of evidence, without what is in files, and of notes."""

MOST_EVIDENCE: Final = 1_000
"""So many pieces of evidence are taken for an appeal."""


def check_step(case: Case, event: Any) -> None:
    """Make sure that more may happen to an appeal.

    Raises:
        Refused: it has entered too many states, or too much would have been said about it.
    """
    if len(case.history) >= MOST_CHANGES:
        message = f"the appeal has changed {MOST_CHANGES} times, and can only be ended now"
        raise Refused("too-many", "appeal_id", message)
    if _said(case) + _said_in(event) > MOST_CHARACTERS:
        message = f"an appeal takes {MOST_CHARACTERS:,} characters of evidence and notes"
        raise Refused("too-many", "appeal_id", message)


def _said(case: Case) -> int:
    """How many characters of evidence and notes an appeal has."""
    return _length(case.evidence) + _length(note or "" for *_, note in case.history)


def _said_in(event: Any) -> int:
    """How many characters of evidence and notes an event adds."""
    lists = (getattr(event, name, None) or () for name in ("evidence", "wanted"))
    return len(getattr(event, "note", None) or "") + sum(map(_length, lists))


def _length(texts: Iterable[str]) -> int:
    return sum(map(len, texts))


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
        Refused: the name says nothing, or holds what cannot be read.
    """
    if not name.strip():
        raise Refused("missing-field", field, f"`{field}` has to name somebody")
    if not name.isprintable():
        message = f"`{field}` has to be a name without control characters"
        raise Refused("bad-identifier", field, message)
