"""The types of the language. There is no implicit conversion between any two of them.

What stands for a value at run time: boolean `bool`; integer `int`, at most 63 bits and a sign;
decimal and percent `fractions.Fraction` (0.5% is 1/200); text `str`; instant `int`, microseconds
since 1970-01-01T00:00Z; duration `int`, microseconds; period `Period`; enumeration `str`; list
`tuple`; an optional value that is missing `None`.
"""

from __future__ import annotations

from dataclasses import dataclass

LARGEST_INTEGER = 2**63 - 1
"""Integers are 63 bits and a sign; what goes beyond makes a result `error`."""


@dataclass(frozen=True, slots=True)
class Simple:
    """A type without parts; `name` is what messages call it."""

    name: str

    def __str__(self) -> str:
        return self.name


BOOLEAN = Simple("yes-or-no condition")
INTEGER = Simple("whole number")
DECIMAL = Simple("decimal number")
PERCENT = Simple("percent")
TEXT = Simple("text")
INSTANT = Simple("point in time")
DURATION = Simple("duration")
PERIOD = Simple("period")
ERROR = Simple("error")
"""What could not be typed. It agrees with everything, so that one mistake gives one message."""


@dataclass(frozen=True, slots=True)
class Enumeration:
    """A closed set of words, such as the classes of a review."""

    name: str
    members: tuple[str, ...]

    def __str__(self) -> str:
        return f"one of {', '.join(self.members)}"


@dataclass(frozen=True, slots=True)
class ListOf:
    """Several values of one type."""

    item: Type

    def __str__(self) -> str:
        return f"list of {self.item}"


@dataclass(frozen=True, slots=True)
class Optional:
    """A value that may be missing and has to be guarded."""

    item: Type

    def __str__(self) -> str:
        return f"{self.item} that may be missing"


Type = Simple | Enumeration | ListOf | Optional


def unwrap(of: Type) -> Type:
    """The type of a value that has been guarded."""
    return of.item if isinstance(of, Optional) else of
