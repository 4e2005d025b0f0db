"""Where a history is read from: what both a ledger and the folder of a run can tell."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass
from typing import Protocol

from ...language.problems import Problem
from ...language.program import Program
from ...records.appeal import Appeal
from ...records.decision import Decision
from .crossings import Key
from .sampling import Look

OnLook = Callable[[Look], None]


class Unknown(Problem):
    """There is no such shop, or nothing to read; `help` says what may have been meant."""


@dataclass(frozen=True, slots=True)
class ReviewEvent:
    """What happened to a review: posted with so many stars, or something else, by its type."""

    at: int
    type: str
    stars: int | None


OnReview = Callable[[ReviewEvent], None]


class Source(Protocol):
    """What can be told of one shop."""

    @property
    def name(self) -> str:
        """What is read, for people."""

    @property
    def shop(self) -> str:
        """Whose history it is."""

    @property
    def program(self) -> Program | None:
        """The policy, where it is known."""

    @property
    def has_reviews(self) -> bool:
        """Whether the reviews are known."""

    @property
    def region(self) -> str | None:
        """The region, where it is known without the decisions."""

    @property
    def missing(self) -> tuple[str, ...]:
        """What cannot be told, a sentence each."""

    def bounds(self) -> tuple[int, int] | None:
        """The first and the last instant of which anything is known besides the decisions."""

    def decisions(self) -> Iterator[Decision]:
        """The decisions, in the order of the chain."""

    def appeals(self) -> list[Appeal]:
        """The appeals as they stand."""

    def relive(self, wanted: Collection[Key], on_look: OnLook, on_review: OnReview) -> None:
        """Tell what the checks of some thresholds saw, and what happened to reviews."""
