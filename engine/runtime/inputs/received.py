"""What a reader hands on: for each line or row an event, or why it is none."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Final

import msgspec

from ..events import Event, Rejection

RAW_LIMIT: Final = 65_536
"""How many bytes of a rejected line are kept."""

OnBytes = Callable[[int], None]
"""Told, piece by piece, how many bytes of an input have been read, compressed as they are."""


class Received(msgspec.Struct, frozen=True, gc=False):
    """One line or row of an input.

    `line` counts from 1: the line of a text file in which the event begins, or the row of a Parquet
    file. There is either an `event` or a `rejection`. `raw` is the beginning of what was read, as
    bytes, and is empty for an event, which can be written again.
    """

    source_name: str
    line: int
    event: Event | None
    rejection: Rejection | None
    raw: bytes = b""


class InputProblem(Exception):  # noqa: N818  # says what the input is, which is not our failure
    """An input that cannot be read at all.

    Attributes:
        path: the input as it was named.
        message: what is wrong, on one line, in lower case and without a full stop.
        help: the one fix, if there is an obvious one.
    """

    def __init__(self, path: str | Path, message: str, help_: str | None = None) -> None:
        self.path = str(path)
        self.message = message
        self.help = help_
        super().__init__(f"{path}: {message}" + (f" ({help_})" if help_ else ""))

    def __reduce__(self) -> tuple[type[InputProblem], tuple[str, str, str | None]]:
        """Travel between processes as what it was made from."""
        return InputProblem, (self.path, self.message, self.help)


def rejected(source_name: str, line: int, rejection: Rejection, raw: bytes = b"") -> Received:
    """A line or row that is no event; of `raw`, its bytes, the beginning is kept."""
    return Received(source_name, line, None, rejection, raw[:RAW_LIMIT])
