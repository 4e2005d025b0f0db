"""Regular expressions: RE2, which takes time linear in the text whatever the pattern.

What RE2 refuses is refused when a policy is checked, with the reason in plain words. Backends
compile patterns here too, so that all search alike.
"""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import Protocol

LONGEST_PATTERN = 1_000
"""How many characters a pattern may have."""

MOST_MEMORY = 2 * 1024 * 1024
"""How many bytes RE2 may use for one pattern."""


class Match(Protocol):
    """What a pattern has found."""

    def __getitem__(self, group: int, /) -> str | None:
        """The text of a group, or of the whole for 0."""


class Pattern(Protocol):
    """A compiled pattern."""

    def search(self, text: str, /) -> object | None:
        """What the pattern finds anywhere in a text, or nothing."""

    def sub(self, repl: Callable[[Match], str], text: str, /) -> str:
        """A text with everything that the pattern finds in it replaced, from left to right."""


class PatternError(ValueError):
    """A pattern that cannot be used.

    `place` are the characters of the pattern, start and end, that the mistake is in, if RE2 says
    so. `too_large` tells a pattern that has no mistake but takes too much.
    """

    def __init__(
        self,
        reason: str,
        fix: str,
        place: tuple[int, int] | None = None,
        *,
        too_large: bool = False,
    ) -> None:
        """Keep what is wrong and how to mend it."""
        super().__init__(reason)
        self.reason = reason
        self.fix = fix
        self.place = place
        self.too_large = too_large


@functools.lru_cache(maxsize=1_024)
def compile_pattern(pattern: str) -> Pattern:
    """Compile a pattern that is searched for anywhere in a text.

    Raises:
        PatternError: The pattern has a mistake, or takes too much time or memory.
    """
    import re2  # noqa: PLC0415 - most policies have no patterns, and it takes a while to load

    if len(pattern) > LONGEST_PATTERN:
        reason = f"this pattern has {len(pattern):,} characters, and may have {LONGEST_PATTERN:,}"
        raise PatternError(reason, _SMALLER, too_large=True)
    options = re2.Options()
    options.log_errors = False
    options.max_mem = MOST_MEMORY
    try:
        compiled: Pattern = re2.compile(pattern, options=options)
    except UnicodeEncodeError as error:
        raise PatternError(*_HALF_CHARACTER, (error.start, error.end)) from error
    except re2.error as error:
        raise _in_our_words(error.args[0], pattern) from error
    return compiled


_SMALLER = "use fewer repetitions, a list of words, or two patterns"
_HALF_CHARACTER = ("this is half a character", "write the character itself")
_TOO_LARGE = "pattern too large"

_REASONS: dict[str, tuple[str, str]] = {
    "missing )": ("a `(` is never closed", r"add `)`, or write `\(` for the sign itself"),
    "unexpected )": ("this `)` closes nothing", r"delete it, or write `\)` for the sign itself"),
    "missing ]": ("a `[` is never closed", r"add `]`, or write `\[` for the sign itself"),
    "trailing \\": ("a backslash stands at the end", r"write `\\` for the sign itself"),
    "no argument for repetition operator": (
        "there is nothing before this that could be repeated",
        r"write what is repeated before it, or a `\` for the sign itself",
    ),
    "bad repetition operator": (
        "this repeats a repetition",
        "keep one of the two, or put brackets around the first",
    ),
    "invalid repetition size": (
        "so many repetitions are not possible",
        "repeat 1,000 times at most, and write the smaller number first",
    ),
    "invalid character class range": (
        "these characters are no range or class",
        r"write the smaller one first, as in `a-z`; classes are `\d`, `\w`, `\s`, `\p{L}`",
    ),
    "invalid escape sequence": (
        "this escape means nothing here",
        "leave out the backslash; what a bracket found cannot be asked for again",
    ),
    "invalid perl operator": (
        "there is no such group",
        "write `(?:…)`; instead of looking ahead or behind, join two tests with `and`",
    ),
    "invalid named capture group": ("this group has no proper name", "leave the name out"),
}


def _in_our_words(said: bytes, pattern: str) -> PatternError:
    """What RE2 says, as `what is wrong: the piece of the pattern`, for a policy owner."""
    what, _, piece = said.decode("utf-8", "replace").partition(": ")
    if what.startswith(_TOO_LARGE):
        return PatternError("this pattern takes too much memory", _SMALLER, too_large=True)
    if what.startswith("trailing"):
        return PatternError(*_REASONS[what], (len(pattern) - 1, len(pattern)))
    reason, fix = _REASONS.get(what, (f"this pattern is refused: {what}", "write it differently"))
    return PatternError(reason, fix, _place(piece, pattern))


def _place(piece: str, pattern: str) -> tuple[int, int] | None:
    """Where the piece that RE2 names stands, if it stands there once."""
    if not piece or pattern.count(piece) != 1:
        return None
    start = pattern.index(piece)
    return start, start + len(piece)
