"""How values are written in records and sentences: exactly, and the same everywhere.

Fractions are decimal text where that ends within twelve digits (`12.5`, `0.69%`), and otherwise two
whole numbers (`3/457`). Lengths of time are in the units that a policy has (`30d`, `1h 30m`).
Instants are RFC 3339 text with an offset.

Types are told by their names, as messages of the language spell them; a test holds the names here
to those.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta, timezone, tzinfo
from fractions import Fraction
from typing import Any, Final

Shown = bool | int | str | list[Any] | None
"""What a value is in JSON."""

INSTANT: Final = "point in time"
DURATION: Final = "duration"
PERCENT: Final = "percent"
DECIMAL: Final = "decimal number"
INTEGER: Final = "whole number"
TEXT: Final = "text"
MAY_BE_MISSING: Final = " that may be missing"
"""What the name of a type has behind it if its values may be missing."""

MOST_PLACES: Final = 12
"""The most digits behind a decimal point."""

_LEAST_SAID: Final = 10
"""The least that is left of a number in a sentence, without its point."""

_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
_MINUTE: Final = timedelta(minutes=1)
_UNITS: Final = (("d", 86_400_000_000), ("h", 3_600_000_000), ("m", 60_000_000))
_SECOND: Final = 1_000_000


def show(value: object, of: object, clock: tzinfo = UTC) -> str:
    """A value of a type as text; `missing` where there is none.

    Args:
        value: The value as it stands at run time.
        of: The type, or its name.
        clock: The zone in which instants are shown.
    """
    shown = jsonable(value, of, clock)
    if shown is None:
        return "missing"
    if isinstance(shown, bool):
        return "true" if shown else "false"
    return ", ".join(map(str, shown)) if isinstance(shown, list) else str(shown)


def say(value: object, of: object, clock: tzinfo = UTC) -> str:
    """A value as sentences have it: like `show`, but decimals that do not end soon are cut.

    Three dots say that more digits follow: `15.38…%` for 2 of 13. At least two digits that are not
    zeros at the beginning are there; what is too small for that is two whole numbers.
    """
    if isinstance(value, Fraction) and type_name(of) in (PERCENT, DECIMAL):
        percent = type_name(of) == PERCENT
        cut = _cut_decimals(value * 100 if percent else value)
        if cut is not None:
            return cut + ("%" if percent else "")
    return show(value, of, clock)


def _cut_decimals(value: Fraction) -> str | None:
    if "/" not in decimal_text(value):
        return None
    enough = (n for n in range(2, MOST_PLACES + 1) if abs(value) * 10**n >= _LEAST_SAID)
    places = next(enough, None)
    if places is None:
        return None
    digits = f"{int(abs(value) * 10**places):0{places + 1}d}"
    sign = "-" if value < 0 else ""
    return f"{sign}{digits[:-places]}.{digits[-places:]}…"


def jsonable(value: object, of: object, clock: tzinfo = UTC) -> Shown:
    """A value of a type as it stands in JSON: whole numbers and conditions as such, else text."""
    name = type_name(of)
    if value is None or isinstance(value, bool | str):
        return value
    if isinstance(value, list | tuple):
        return [jsonable(item, name.removeprefix("list of "), clock) for item in value]
    if name == INSTANT and isinstance(value, int):
        return instant_text(value, clock)
    if name in _TEXTS and isinstance(value, int | Fraction):
        return _TEXTS[name](value)
    return _plain(value)


def type_name(of: object) -> str:
    """The name of a type without the doubt whether its value is there."""
    return str(of).removesuffix(MAY_BE_MISSING)


def _plain(value: Any) -> Shown:
    """A value that looks the same whatever its type: a number, or a period of a calendar."""
    if isinstance(value, int):
        return value
    if isinstance(value, Fraction):
        return decimal_text(value)
    return f"{value.count} {value.unit.value}"


def decimal_text(value: int | Fraction) -> str:
    """A number as decimal text, or as two whole numbers if that would not end soon."""
    whole = Fraction(value)
    scaled = whole * 10**MOST_PLACES
    if scaled.denominator != 1:
        return f"{whole.numerator}/{whole.denominator}"
    digits = f"{abs(scaled.numerator):0{MOST_PLACES + 1}d}"
    sign = "-" if whole < 0 else ""
    return f"{sign}{digits[:-MOST_PLACES]}.{digits[-MOST_PLACES:]}".rstrip("0").rstrip(".")


def percent_text(value: int | Fraction) -> str:
    """A share in hundredths, `0.69%`, or as two whole numbers, `3/457`."""
    text = decimal_text(Fraction(value) * 100)
    return decimal_text(value) if "/" in text else f"{text}%"


def duration_text(micros: int | Fraction) -> str:
    """A length of time in days, hours, minutes and seconds: `30d`, `1h 30m`, `0.25s`."""
    left, parts = abs(int(micros)), []
    for unit, size in _UNITS:
        count, left = divmod(left, size)
        if count:
            parts.append(f"{count}{unit}")
    if left or not parts:
        parts.append(f"{decimal_text(Fraction(left, _SECOND))}s")
    return ("-" if micros < 0 else "") + " ".join(parts)


def instant_text(micros: int, clock: tzinfo = UTC) -> str:
    """An instant as RFC 3339 text; outside the years 1 to 9999 as what it was counted from."""
    try:
        moment = (_EPOCH + timedelta(microseconds=micros)).astimezone(clock)
    except OverflowError:
        return f"1970-01-01T00:00:00+00:00 and {duration_text(micros)}"
    offset = moment.utcoffset() or timedelta()
    if offset % _MINUTE:  # local solar time, which RFC 3339 cannot write
        moment = moment.astimezone(timezone(offset // _MINUTE * _MINUTE))
    return moment.isoformat()


_TEXTS: Final[Mapping[str, Callable[[int | Fraction], str]]] = {
    PERCENT: percent_text,
    DECIMAL: decimal_text,
    DURATION: duration_text,
}
"""How numbers are written whose type is more than a number."""
