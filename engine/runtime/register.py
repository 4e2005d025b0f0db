"""Decisions with effects, and which of them are about what.

What can be found here can be worked out from the facts; it is looked through once, and kept up.
"""

from __future__ import annotations

from bisect import bisect_left, insort
from collections.abc import Callable, Iterator

from .model import Facts, Issued

_Key = tuple[str, str, str]
"""A kind of decision, and the rule or what it is about."""


class Register:
    """The decisions of one shop that have effects."""

    def __init__(self, facts: Facts) -> None:
        """Work on the given facts."""
        self._facts = facts
        self._found: dict[_Key, list[tuple[int, int, str]]] | None = None
        self._entered = 0

    def add(self, identity: str, issued: Issued) -> None:
        """Enter a decision, or put it in its own place."""
        is_known = identity in self._facts.issued
        self._facts.issued[identity] = issued
        if self._found is not None and not is_known:
            self._enter(self._found, identity, issued)

    def forget(self) -> None:
        """Look through the facts again when something is asked: some decisions are forgotten."""
        self._found = None

    def verdicts(self, kind: str, key: str) -> Iterator[Issued]:
        """The verdicts on something, reversed or not."""
        for _, _, identity in self._of("verdict", kind, key):
            yield self._facts.issued[identity]

    def is_recorded(self, violation: str) -> bool:
        """Whether somebody outside has found a violation, by its id there."""
        return bool(self._of("recorded", violation, ""))

    def violations(self, name: str, since: Callable[[int], bool]) -> Iterator[str]:
        """The violations of a name that stand, in the order of time.

        Args:
            name: What they are called.
            since: Whether an instant is late enough; those after it are then, too.
        """
        found = self._of("violation", name, "")
        start = bisect_left(found, 1, key=lambda one: since(one[0]))
        for _, _, identity in found[start:]:
            if self._facts.issued[identity].reversed_by is None:
                yield identity

    def _of(self, kind: str, name: str, key: str) -> list[tuple[int, int, str]]:
        if self._found is None:
            self._found = {}
            for identity, issued in self._facts.issued.items():
                self._enter(self._found, identity, issued)
        return self._found.get((kind, name, key), [])

    def _enter(
        self, found: dict[_Key, list[tuple[int, int, str]]], identity: str, issued: Issued
    ) -> None:
        for key in _keys_of(issued):
            self._entered += 1  # at one instant, in the order of the facts
            insort(found.setdefault(key, []), (issued.at, self._entered, identity))


def _keys_of(issued: Issued) -> Iterator[_Key]:
    """What a decision is looked for by, if it ever is."""
    if issued.kind == "verdict":
        yield "verdict", issued.subject_kind, issued.subject_id
    elif issued.kind == "violation":
        yield "violation", issued.rule, ""
        if issued.external:
            yield "recorded", issued.external, ""
