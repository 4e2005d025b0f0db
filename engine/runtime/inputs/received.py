"""What a reader hands on: for each line or row an event, or why it is none."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Final

import msgspec

from ...language.problems import Problem
from ..events import Event, Rejection

RAW_LIMIT: Final = 65_536
"""How many bytes of a rejected line are kept."""

OnBytes = Callable[[int], None]
"""Told, piece by piece, how many bytes of an input have been read, compressed as they are."""


class Received(msgspec.Struct, frozen=True, gc=False):
    """One line or row of an input.

    `line` counts from 1: the line of a text file in which the event begins, or the row of a Parquet
    file. There is either an `event` or a `rejection`. `raw` is the beginning of what was read, as
    bytes, and is empty for an event, which can be written again. Where an input is `cut`, it ends
    in this record, and the rest may come yet: it is no event, or may be another one then.
    """

    source_name: str
    line: int
    event: Event | None
    rejection: Rejection | None
    raw: bytes = b""
    cut: bool = False


class InputProblem(Problem):
    """An input that cannot be read at all.

    Attributes:
        path: the input as it was named.
    """

    def __init__(self, path: str | Path, message: str, help_: str | None = None) -> None:
        super().__init__(message, help_)
        self.path = str(path)

    def __str__(self) -> str:
        """All of it, for logs."""
        return self.sentence + (f" ({self.help})" if self.help else "")

    @property
    def sentence(self) -> str:
        """What is wrong, and with which input."""
        return f"{self.path}: {self.message}"

    def __reduce__(self) -> tuple[type[InputProblem], tuple[str, str, str | None]]:
        """Travel between processes as what it was made from."""
        return InputProblem, (self.path, self.message, self.help)


def rejected(
    source_name: str, line: int, rejection: Rejection, raw: bytes = b"", *, cut: bool = False
) -> Received:
    """A line or row that is no event; of `raw`, its bytes, the beginning is kept."""
    cut = cut or rejection.reason == "truncated"
    return Received(source_name, line, None, rejection, raw[:RAW_LIMIT], cut)
