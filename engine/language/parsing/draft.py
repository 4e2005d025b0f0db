"""What the making of one tree has to know: the text with its places, and what was found wrong."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from ..diagnostics import Diagnostic
from ..source import Embedded, Span


@dataclass(frozen=True, slots=True)
class Draft:
    """One text while its tree is made.

    A value that cannot be (a number too large, an unknown escape) is noted in `found` and something
    harmless stands in for it, so that one run finds them all; a draft with findings has no tree.
    """

    text: Embedded
    found: list[Diagnostic] = field(default_factory=list)

    @property
    def at(self) -> Callable[[int, int], Span]:
        """The place of the characters from one to another (exclusive) of the text."""
        return self.text.at
