"""Names for what is wrong with single signs, words and numbers.

Each mistake of this kind is sure whatever stands around it: all of them are reported at once.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial

from ..diagnostics import Diagnostic
from ..messages import syntax as say
from ..source import Embedded, Span
from .lexemes import Kind, Lexeme
from .values import MICROS
from .words import RESERVED


@dataclass(frozen=True, slots=True)
class Place:
    """A piece of a text among its neighbours."""

    text: Embedded
    pieces: Sequence[Lexeme]
    index: int

    @property
    def piece(self) -> Lexeme:
        """The piece that is judged."""
        return self.pieces[self.index]

    def neighbour(self, distance: int) -> Lexeme | None:
        """The piece so many places after this one, or before if negative."""
        index = self.index + distance
        return self.pieces[index] if 0 <= index < len(self.pieces) else None

    @property
    def span(self) -> Span:
        """Where the piece stands."""
        return self.text.at(self.piece.start, self.piece.end)


def lexical_errors(text: Embedded, pieces: Sequence[Lexeme]) -> Iterator[Diagnostic]:
    """Everything wrong with single pieces of a text."""
    for index, piece in enumerate(pieces):
        judge = _JUDGES.get(piece.kind)
        found = judge(Place(text, pieces, index)) if judge else None
        if found is not None:
            yield found


# --------------------------------------------------------------------- signs

_Make = Callable[[Span, str], Diagnostic]

_NO_SUCH = {
    "**": "multiply with `*`",
    "^": "multiply with `*`",
    "//": "divide with `/`",
    "%": "there is no remainder; a percentage is written `15%`",
    "=~": 'write `matches "..."`',
    "~": 'write `matches "..."`',
    "->": "write `if condition then value else value`",
    "?": "write `if condition then value else value`",
    ":=": "write `==` to compare; names are given under `define`",
}
_OPERATORS: dict[str, _Make] = {
    "=": lambda span, _: say.single_equals(span),
    **{sign: partial(say.sign_for_word, word="and") for sign in ("&&", "&")},
    **{sign: partial(say.sign_for_word, word="or") for sign in ("||", "|")},
    "!": partial(say.sign_for_word, word="not"),
    **{sign: partial(say.misspelt_comparison, right="!=") for sign in ("<>", "!==", "=!")},
    "===": partial(say.misspelt_comparison, right="=="),
    "=<": partial(say.misspelt_comparison, right="<="),
    "=>": partial(say.misspelt_comparison, right=">="),
    **{sign: partial(say.no_such_operator, help_=help_) for sign, help_ in _NO_SUCH.items()},
}
_STRAYS: dict[str, _Make] = {
    "\N{LESS-THAN OR EQUAL TO}": partial(say.misspelt_comparison, right="<="),
    "\N{GREATER-THAN OR EQUAL TO}": partial(say.misspelt_comparison, right=">="),
    "\N{NOT EQUAL TO}": partial(say.misspelt_comparison, right="!="),
    "\N{LOGICAL AND}": partial(say.sign_for_word, word="and"),
    "\N{LOGICAL OR}": partial(say.sign_for_word, word="or"),
    "\N{NOT SIGN}": partial(say.sign_for_word, word="not"),
    "\N{MULTIPLICATION SIGN}": partial(say.no_such_operator, help_="multiply with `*`"),
    "\N{DIVISION SIGN}": partial(say.no_such_operator, help_="divide with `/`"),
    **{
        sign: partial(say.no_such_operator, help_="subtract with `-`")
        for sign in "\N{MINUS SIGN}\N{EN DASH}\N{EM DASH}"
    },
    "{": partial(say.unknown_character, help_="a list is written `[a, b]`"),
    "}": partial(say.unknown_character, help_="a list is written `[a, b]`"),
    "#": partial(say.unknown_character, help_="an expression has no comments"),
    "`": partial(say.unknown_character, help_='put quotes around a text: `"`'),
    ".": partial(say.unknown_character, help_="a dot stands only inside a name or a number"),
}


def _operator(place: Place) -> Diagnostic | None:
    sign = place.piece.text
    if sign == "%" and (number := _number_before(place)):
        span = place.text.at(number.start, place.piece.end)
        return say.blank_before_percent(span, number.text)
    make = _OPERATORS.get(sign)
    return make(place.span, sign) if make else None


def _number_before(place: Place) -> Lexeme | None:
    before = place.neighbour(-1)
    return before if before and _PLAIN_NUMBER.fullmatch(before.text) else None


def _stray(place: Place) -> Diagnostic:
    char = place.piece.text
    if make := _STRAYS.get(char):
        return make(place.span, char)
    if unicodedata.category(char)[0] in "CZ":
        name = unicodedata.name(char, "")
        return say.invisible_character(place.span, f"U+{ord(char):04X} {name.lower()}".rstrip())
    usual = unicodedata.normalize("NFKC", char)
    help_ = f"write `{usual}`" if usual != char and usual.isascii() and usual.strip() else None
    return say.unknown_character(place.span, char, help_)


def _curly(place: Place) -> Diagnostic:
    return say.curly_quotes(place.span)


def _unclosed(place: Place) -> Diagnostic:
    start = place.piece.start
    return say.unclosed_quote(place.text.at(start, start + 1), place.piece.text[0])


# --------------------------------------------------------------------- words

_NAME = re.compile(r"[a-z_][a-z0-9_]*(?:\.[a-z_][a-z0-9_]*)*")
_HUMP = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")


def _word(place: Place) -> Diagnostic | None:
    word = place.piece.text
    first = word.split(".")[0]
    if _NAME.fullmatch(word):
        is_name = first in RESERVED and first != word
        return say.reserved_word(place.span, first) if is_name else None
    if word.lower() in RESERVED:
        return say.capital_word(place.span, word, word.lower())
    name = _HUMP.sub("_", word).lower()
    if _NAME.fullmatch(name):
        return say.capital_name(place.span, word, name)
    return say.malformed_name(place.span, word)


# ------------------------------------------------------------------- numbers

_GOOD_NUMBER = re.compile(r"[0-9]+(?:\.[0-9]+)?%?|[0-9]+[smhdw]")
_PLAIN_NUMBER = re.compile(r"[0-9]+(?:\.[0-9]+)?")
_COUNT = re.compile(r"[0-9]+")
_UNITS = re.compile(r"(?:[0-9]+[smhdw])+")
_WITH_LETTERS = re.compile(r"([0-9]+(?:\.[0-9]+)?)([a-z]+)", re.IGNORECASE)
_ORDINAL = re.compile(r"[0-9]+(?:st|nd|rd|th)", re.IGNORECASE)
_GROUPED = re.compile(r"[0-9]+(?:_[0-9]+)+")

_Fix = tuple[int, str]
"""How a count is written in another unit: what it is multiplied by, and what stands after it."""

_LENGTHS: dict[str, tuple[_Fix, ...]] = {
    **dict.fromkeys(("s", "sec", "secs", "second", "seconds"), ((1, "s"),)),
    **dict.fromkeys(("m", "min", "mins", "minute", "minutes"), ((1, "m"),)),
    **dict.fromkeys(("h", "hr", "hrs", "hour", "hours"), ((1, "h"),)),
    **dict.fromkeys(("d", "day", "days"), ((1, "d"), (1, " calendar days"))),
    **dict.fromkeys(("w", "week", "weeks"), ((1, "w"), (1, " calendar weeks"))),
    **dict.fromkeys(("mo", "month", "months"), ((1, " calendar months"),)),
    **dict.fromkeys(("y", "yr", "year", "years"), ((12, " calendar months"),)),
}
_DAY_KINDS: dict[str, tuple[_Fix, ...]] = {
    "calendar": ((1, " calendar days"),),
    "business": ((1, " business days"),),
    "working": ((1, " business days"),),
}
_MOST_SHOWN_DIGITS = 20


def _number(place: Place) -> Diagnostic | None:
    number = place.piece.text
    if _PLAIN_NUMBER.fullmatch(number):
        return _bare_unit(place)
    return None if _GOOD_NUMBER.fullmatch(number) else _bad_number(number, place.span)


def _bare_unit(place: Place) -> Diagnostic | None:
    """`30 days`, `5 working days`: a number and a word for its unit."""
    after = place.neighbour(1)
    fixes = _fixes(after.text.lower()) if after and after.kind is Kind.WORD else None
    if after is None or fixes is None:
        return None
    last = _last_of_length(place, after)
    start, end = place.piece.start, last.end
    found = place.text.text[start:end]
    return _length(place.text.at(start, end), place.piece.text, found, fixes)


def _fixes(unit: str) -> tuple[_Fix, ...] | None:
    return _LENGTHS.get(unit) or _DAY_KINDS.get(unit)


def _last_of_length(place: Place, unit: Lexeme) -> Lexeme:
    """The unit itself, or for `working days` the word after it."""
    following = place.neighbour(2)
    if unit.text.lower() in _DAY_KINDS and following and following.kind is Kind.WORD:
        return following
    return unit


def _bad_number(number: str, span: Span) -> Diagnostic:
    if _ORDINAL.fullmatch(number):
        return say.ordinal(span, number)
    if _UNITS.fullmatch(number):
        return say.several_units(span, number, _in_one_unit(number))
    if match := _WITH_LETTERS.fullmatch(number):
        fixes = _LENGTHS.get(match[2].lower())
        return _length(span, match[1], number, fixes) if fixes else say.unknown_unit(span, number)
    return say.malformed_number(span, number, _mended(number))


def _length(span: Span, count: str, found: str, fixes: Sequence[_Fix]) -> Diagnostic:
    if not _COUNT.fullmatch(count):
        return say.decimal_length(span, found)
    return say.bare_unit(
        span, found, [_fixed(int(count[:_MOST_SHOWN_DIGITS]), *fix) for fix in fixes]
    )


def _fixed(count: int, factor: int, unit: str) -> str:
    total = count * factor
    return f"{total}{unit.removesuffix('s') if total == 1 and ' ' in unit else unit}"


def _in_one_unit(number: str) -> str:
    """`1h30m` as `90m`: in the smallest of its units."""
    parts = [
        (int(count[:_MOST_SHOWN_DIGITS]), unit)
        for count, unit in re.findall(r"([0-9]+)([smhdw])", number)
    ]
    total = sum(count * MICROS[unit] for count, unit in parts)
    smallest = min((unit for _, unit in parts), key=MICROS.__getitem__)
    return f"{total // MICROS[smallest]}{smallest}"


def _mended(number: str) -> str | None:
    if _GROUPED.fullmatch(number):
        return number.replace("_", "")
    whole = number.rstrip(".")
    mended = f"0{whole}" if whole.startswith(".") else whole
    return mended if mended != number and _GOOD_NUMBER.fullmatch(mended) else None


_JUDGES: dict[Kind, Callable[[Place], Diagnostic | None]] = {
    Kind.CURLY: _curly,
    Kind.UNCLOSED: _unclosed,
    Kind.NUMBER: _number,
    Kind.WORD: _word,
    Kind.OPERATOR: _operator,
    Kind.STRAY: _stray,
}
