"""The slots of notices: computed from the values of a decision, and written in a language."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final

from ...language import ir
from ...language.announced import WORDED
from ...language.types import INSTANT, unwrap
from ...language.walk import subexpressions
from ...records.values import show
from ..calendar import Calendar
from ..lower import Helpers, lower_function
from ..zones import zone
from .dates import readable
from .tongues import spoken
from .values import Values

MOST_SHOWN: Final = 2_000
"""The most characters of one value."""

Words = Mapping[str, Mapping[str, str]]
"""What names are called, by name and language."""

_BLANK: Final = dict.fromkeys((*range(0x20), *range(0x7F, 0xA0), 0x2028, 0x2029), " ")
_TURNS: Final = (0x61C, 0x200E, 0x200F, *range(0x202A, 0x202F), *range(0x2066, 0x206A))
_HARMLESS: Final = {**_BLANK, **dict.fromkeys(_TURNS)}
"""What values must not do to the text around them: end a line, ring a bell, turn its direction."""


@dataclass(frozen=True, slots=True)
class Reading:
    """What expressions ask for: the values of one decision, and the calendar of its region."""

    values: Values
    calendar: Calendar

    def parameter(self, name: str) -> ir.Value:
        """A value; `None` where the record lacks it."""
        return self.values[name]


class Computing:
    """Computes expressions over the values of decisions; each is compiled once."""

    def __init__(self) -> None:
        self._functions: dict[int, tuple[ir.Expr, Callable[..., ir.Value]]] = {}

    def value(self, expr: ir.Expr, reading: Reading) -> ir.Value:
        """What an expression comes to.

        Raises:
            EvaluationError: It cannot be computed, such as a division by zero.
        """
        found = self._functions.get(id(expr))
        if found is None:
            found = self._functions[id(expr)] = (expr, lower_function(expr, (), Helpers()))
        return found[1](0, reading)


@dataclass(frozen=True, slots=True)
class Tongue:
    """How values are written: in which language, on which clock, with which words for names."""

    language: str | None
    wanted: tuple[str, ...]
    zone: str
    words: Words

    def write(self, value: ir.Value, expr: ir.Expr) -> str:
        """A value that is there, as the seller reads it."""
        of = unwrap(expr.type)
        if of == INSTANT and isinstance(value, int):
            return readable(value, self.zone, self.language)
        text = show(value, of, zone(self.zone))
        return harmless(self.word(text) if _is_worded(expr) else text)

    def word(self, name: str) -> str:
        """What a name is called."""
        said = self.words.get(name, {})
        key = spoken(said, self.wanted)
        return name if key is None else said[key]


def on_its_line(text: str) -> str:
    """An author's words without control characters; what turns their direction is theirs to say."""
    return text if text.isprintable() else text.translate(_BLANK)


def harmless(text: str) -> str:
    """A text that stays on its line and within its direction, cut where it is very long."""
    plain = text.translate(_HARMLESS)
    return plain if len(plain) <= MOST_SHOWN else f"{plain[: MOST_SHOWN - 1]}…"


def _is_worded(expr: ir.Expr) -> bool:
    """Whether a slot says a name of the policy."""
    parts = (part for part in subexpressions(expr) if isinstance(part, ir.Parameter))
    return any(part.name in WORDED for part in parts)
