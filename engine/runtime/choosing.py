"""Choosing one of several texts: by the seed of a policy and the id of a review, and by weight.

The choice looks like chance and is none: the same review always gets the same text.
"""

from __future__ import annotations

from collections.abc import Sequence

from ..records.canonical import digest


def number_of(seed: str, *parts: str) -> int:
    """A large number that depends on everything that is given; an empty seed is none."""
    return int(digest(*([seed] if seed else []), *parts).encode().hex(), 16)


def choose(number: int, weights: Sequence[int], avoid: int | None) -> int:
    """The place of one of several, in proportion to their weights.

    Args:
        number: What decides; any number.
        weights: At least one, each 1 or more.
        avoid: The place that is only chosen where there is no other.
    """
    total = sum(weights)
    found = _place(weights, number % total)
    if found != avoid or len(weights) == 1:
        return found
    others = [0 if place == avoid else weight for place, weight in enumerate(weights)]
    return _place(others, number // total % sum(others))


def _place(weights: Sequence[int], at: int) -> int:
    """Whose share a point lies in, counted from the first."""
    for place, weight in enumerate(weights):
        if at < weight:
            return place
        at -= weight
    raise AssertionError(at)
