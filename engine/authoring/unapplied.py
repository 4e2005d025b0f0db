"""The events of a case that were not applied, in a line for whoever wrote it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from ..language.source import Span

LINES_NAMED = 5
"""How many lines of events are named; the others are counted."""


@dataclass(frozen=True, slots=True)
class Unapplied:
    """An event that was not applied: the reason, and where it stands."""

    reason: str
    span: Span


def unapplied(found: Sequence[Unapplied]) -> str:
    """How many events were not applied, and which: `1 event was not applied: late (line 18)`."""
    each = list(dict.fromkeys(f"{one.reason} (line {one.span.line})" for one in found))
    shown = each[:LINES_NAMED] + (["…"] if len(each) > LINES_NAMED else [])
    count = "1 event was" if len(found) == 1 else f"{len(found):,} events were"
    return f"{count} not applied: {', '.join(shown)}"
