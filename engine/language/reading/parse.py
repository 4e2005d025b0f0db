"""The parse of a whole file: its events go to a composer, its failures become diagnostics.

A YAML parser stops at its first failure. So that one run finds all slips, parsing begins again at
the next line below with a list item or a key that is not deeper than the failure, with the lines
up to where that list or group of keys ends. Such pieces are read for their slips only: after a
failure there is no tree.
"""

from __future__ import annotations

import re
from typing import NamedTuple

import yaml

from ..document import Node
from .composer import Composer, TooMuchError
from .limits import MOST_SYNTAX_ERRORS
from .lines import Lines
from .notes import Notes
from .slips import Failure, explain

LOADER = yaml.CBaseLoader if yaml.__with_libyaml__ else yaml.BaseLoader
"""PyYAML's parser in C is ten times as fast as the one in Python; some platforms lack it."""

_IMPOSSIBLE_ESCAPE = re.compile(r"\\U(?!000|0010)[0-9A-Fa-f]{8}")


class _Stop(NamedTuple):
    """What a parser said when it gave up, where, and where the thing began that it was reading."""

    words: str
    at: int
    opened: int


def parse(notes: Notes) -> Node | None:
    """The tree of the notes' source, or nothing if something in it has no honest node."""
    composer = Composer(notes)
    try:
        stop = _run(composer, notes.source.text, 0)
        if stop is None:
            notes.add(*notes.warnings)
        else:
            _explain_all(notes, stop, composer)
    except TooMuchError:
        return None
    return None if notes.incomplete else composer.root


def _run(composer: Composer, text: str, offset: int) -> _Stop | None:
    """Give the events of a text that begins at `offset` to a composer, as far as they go."""
    try:
        for event in yaml.parse(text, Loader=LOADER):
            composer.take(event)
    except yaml.MarkedYAMLError as error:
        at = error.problem_mark.index if error.problem_mark else 0
        opened = error.context_mark.index if error.context_mark else at
        return _Stop(f"{error.context}: {error.problem}", at + offset, opened + offset)
    except ValueError:
        # The parser in Python makes a character of any escape, and Python has none for this one.
        match = _IMPOSSIBLE_ESCAPE.search(text, composer.since - offset)
        at = match.start() + offset if match else composer.since
        return _Stop("unknown escape in a quoted scalar", at, at)
    return None


def _explain_all(notes: Notes, stop: _Stop, composer: Composer) -> None:
    """Explain a failure, and look for others in the lines below."""
    text, lines = notes.source.text, Lines(notes.source.text)
    number, column = _explain(notes, lines, stop, composer)
    errors = 1
    while errors < MOST_SYNTAX_ERRORS and (first := lines.restart(number, column)) is not None:
        number, column = lines.chunk_end(first), len(text)
        start, end = lines.all[first].start, lines.start(number)
        composer = Composer(notes, start)
        failed = _run(composer, text[start:end], start)
        if failed is not None:
            number, column = _explain(notes, lines, failed, composer)
            errors += 1


def _explain(notes: Notes, lines: Lines, stop: _Stop, composer: Composer) -> tuple[int, int]:
    """Note the slip behind a failure; the answer is the line after it, and how deep it stands."""
    slip = explain(
        Failure(notes.source, lines, *stop, since=composer.since, bracket=composer.bracket)
    )
    notes.refuse(slip)
    number = lines.index(slip.span.start)
    return number + 1, lines.all[number].inner
