"""Of what would stand at the same place of a chart, only what can be told apart is drawn."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import groupby
from typing import Final, TypeVar

from .scales import Times

Kind = TypeVar("Kind")

APART: Final = 3
"""Marks are so far apart at least."""


def thinned(found: Sequence[Kind], times: Times, at: Callable[[Kind], int]) -> list[Kind]:
    """The last of those that stand too near to each other, in the order of time."""
    groups = groupby(found, key=lambda one: int(times.place(at(one)) / APART))
    return [list(group)[-1] for _, group in groups]


def outlined(
    found: Sequence[Kind],
    times: Times,
    at: Callable[[Kind], int],
    height: Callable[[Kind], int],
) -> list[Kind]:
    """Of those that stand too near to each other, the lowest, the highest and the last."""
    kept: list[Kind] = []
    for _, group in groupby(found, key=lambda one: int(times.place(at(one)))):
        near = list(group)
        ends = {id(min(near, key=height)), id(max(near, key=height)), id(near[-1])}
        kept += [one for one in near if id(one) in ends]
    return kept
