"""What the grants of an action come to: from when it runs, until when, and whether it does.

An action that runs against a target is the sum of its grants, each an asking for it: by which
decision, from when and for how long. A grant whose start lies ahead, because an appeal delays it,
counts from then on. An action is suspended while every grant that counts is held by an appeal.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from ..language.program import Length, Overlap
from ..language.source import Source, Span
from ..language.syntax import Period, Unit
from .model import ActionState, Grant

Lasts = Callable[[int, Length], int]
"""The first instant after a length of time that began at another."""

_NOWHERE = Source("", "")


@dataclass(frozen=True, slots=True)
class Target:
    """What an action falls on; `extended` where it falls on the shop and on this too."""

    kind: str
    key: str
    extended: bool = False

    def ref(self, action: str) -> str:
        """The key of an action against it; no name of an action has an `@`."""
        return f"{action}@{self.kind}|{self.key}" if self.extended else f"{action}|{self.key}"


def ref_of(state: ActionState) -> str:
    """The key of an action."""
    return Target(state.target_kind, state.target, state.extended).ref(state.action)


def counting(state: ActionState, now: int) -> list[Grant]:
    """The grants that keep an action running: they have begun, and are not done at once."""
    return [grant for grant in state.grants if grant.start <= now and not grant.once]


def is_suspended(state: ActionState, now: int) -> bool:
    """Whether all that keeps an action running is held by appeals."""
    grants = counting(state, now)
    return bool(grants) and all(grant.held for grant in grants)


def in_force(state: ActionState, now: int) -> bool:
    """Whether an action runs."""
    return any(not grant.held for grant in counting(state, now))


def cap(state: ActionState, overlap: Overlap, now: int) -> int | None:
    """What a part of a measure came to: for the latest grant, where that may change it."""
    grants = counting(state, now) or state.grants
    found = [grant.cap for grant in grants if grant.cap is not None]
    if not found:
        return None
    return found[0] if overlap is Overlap.KEEP else found[-1]


def span(state: ActionState, overlap: Overlap, lasts: Lasts, now: int) -> tuple[int, int | None]:
    """From when and until when (exclusive) an action runs; `None` while it has no end."""
    grants = counting(state, now)
    if not grants:
        first = min(state.grants, key=lambda grant: grant.start)
        return first.start, _end(first, first.start, lasts)
    until = _end(grants[0], grants[0].start, lasts)
    for grant in grants[1:]:
        until = _joined(overlap, until, grant, lasts)
    return grants[0].start, until


def _joined(overlap: Overlap, until: int | None, grant: Grant, lasts: Lasts) -> int | None:
    """The end of an action that runs until an instant and is asked for again."""
    if overlap is Overlap.KEEP:
        return until
    own = _end(grant, grant.start, lasts)
    if own is None or until is None:
        return None
    if overlap is Overlap.RESTART:
        return own
    if overlap is Overlap.LONGEST:
        return max(until, own)
    return _end(grant, max(until, grant.start), lasts)


def _end(grant: Grant, start: int, lasts: Lasts) -> int | None:
    """When a grant ends that begins at an instant.

    Days of a calendar are counted from the last instant before a start that only continues: what
    ran to the end of Tuesday and goes on for two days ends with Thursday.
    """
    if grant.length is None:
        return None
    length = unpacked(grant.length)
    if isinstance(length, int) or start == grant.start:
        return lasts(start, length)
    return lasts(start - 1, length)


def packed(length: Length) -> object:
    """A length as plain data."""
    return [length.count, length.unit.value] if isinstance(length, Period) else length


def unpacked(data: object) -> Length:
    """The length that `packed` made plain."""
    if isinstance(data, int):
        return data
    assert isinstance(data, list | tuple)  # noqa: S101  # as `packed` made it
    return Period(data[0], Unit(data[1]), span=Span(_NOWHERE, 0, 0))
