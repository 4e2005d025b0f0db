"""A text cut into pieces as a person would read it, right or wrong.

The grammar's own lexer stops at the first piece that is not of the language. This one never stops,
so that what is wrong can be named; it runs only over texts that the grammar has refused.
"""

from __future__ import annotations

import enum
import re
from dataclasses import dataclass


class Kind(enum.Enum):
    """What a piece looks like; the values name the groups of the pattern."""

    TEXT = "text"
    CURLY = "curly"
    UNCLOSED = "unclosed"
    PERIOD = "period"
    TIME = "time"
    NUMBER = "number"
    WORD = "word"
    OPERATOR = "operator"
    OPEN = "open"
    CLOSE = "close"
    COMMA = "comma"
    STRAY = "stray"


@dataclass(frozen=True, slots=True)
class Lexeme:
    """A piece of a text: the characters `start` to `end` (exclusive)."""

    kind: Kind
    text: str
    start: int
    end: int


_PATTERN = re.compile(
    r"""
      (?P<blank>[ \t\r\n]+)
    | (?P<text>"(?:[^"\\\r\n]|\\[^\r\n])*"|'(?:[^'\\\r\n]|\\[^\r\n])*')
    | (?P<curly>[\u2018-\u201f\xab\xbb\u2039\u203a]
          (?:[^\u2018-\u201f\xab\xbb\u2039\u203a"'\r\n]*[\u2018-\u201f\xab\xbb\u2039\u203a])?)
    | (?P<unclosed>["'][\s\S]*)
    | (?P<period>[0-9]+\s+(?:calendar\s+(?:day|week|month)s?|business\s+days?)(?![\w.]))
    | (?P<time>[0-9]+:[0-9]+(?![\w.:]))
    | (?P<number>\.?[0-9][\w.%]*)
    | (?P<word>[^\W\d]\w*(?:\.+\w*)*)
    | (?P<operator>===|!==|==|!=|=!|=~|=<|=>|<=|>=|<>|:=|->|&&|\|\||\*\*|//|\?\?|[-+*/%^~<>=!&|?])
    | (?P<open>[(\[])
    | (?P<close>[)\]])
    | (?P<comma>,)
    | (?P<stray>[\s\S])
    """,
    re.VERBOSE,
)


def lexemes(text: str) -> list[Lexeme]:
    """The pieces of a text in order, without the blanks between them."""
    return [
        Lexeme(Kind(match.lastgroup), match[0], match.start(), match.end())
        for match in _PATTERN.finditer(text)
        if match.lastgroup != "blank"
    ]
