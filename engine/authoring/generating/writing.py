"""A stream into a file: its format by its name, its events with whatever is to go wrong."""

from __future__ import annotations

import gzip
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from io import BufferedIOBase
from itertools import islice
from pathlib import Path
from typing import Final

from ...runtime.events import Event, encode_event
from ..progress import Bar, progress_bar
from .chance import Chance
from .settings import CannotGenerate, Settings
from .spoiling import with_bad_lines, with_duplicates
from .stream import generate

STANDARD_OUTPUT: Final = "-"
JSON_LINES, PACKED, PARQUET = "jsonl", "jsonl.gz", "parquet"
FORMATS: Final = (JSON_LINES, PACKED, PARQUET)

_SUFFIXES: Final = {
    ".jsonl": JSON_LINES,
    ".ndjson": JSON_LINES,
    ".jsonl.gz": PACKED,
    ".ndjson.gz": PACKED,
    ".parquet": PARQUET,
}
_STEP: Final = 2_000
"""The bar moves once for so many events."""
_LINES: Final = 1_000
"""So many lines are written at a time."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Faults:
    """What is to go wrong: events that come twice, and lines added that are none, of 1,000."""

    duplicates: int = 0
    bad_lines: int = 0


def format_of(out: str) -> str:
    """The format that the name of a file tells; standard output gets JSON lines.

    Raises:
        CannotGenerate: it tells none.
    """
    name = Path(out).name.lower()
    found = [style for suffix, style in _SUFFIXES.items() if name.endswith(suffix)]
    if out == STANDARD_OUTPUT:
        return JSON_LINES
    if not found:
        raise CannotGenerate(
            f"{out}: the name does not tell the format",
            f"end it in {', '.join(_SUFFIXES)}, or add `--format`",
        )
    return found[-1]


def write_stream(
    settings: Settings, out: str, style: str, faults: Faults, *, progress: bool
) -> str:
    """Generate a stream and write it; gives a sentence that counts what was written.

    Args:
        settings: what it is made from.
        out: a file, or `-` for standard output.
        style: one of `FORMATS`.
        faults: what is to go wrong.
        progress: show a bar on standard error.

    Raises:
        CannotGenerate: the format cannot hold what is asked for, or not there.
        OSError: the file cannot be written.
    """
    _check(out, style, faults)
    with progress_bar(shown=progress, total=settings.events) as bar:
        events = _watched(generate(settings), bar)
        if faults.duplicates:
            events = with_duplicates(events, faults.duplicates, _chance(settings, "duplicates"))
        if style == PARQUET:
            rows = _write_columns(events, out)
        else:
            rows = _write_lines(_lines(events, settings, faults), out, packed=style == PACKED)
    return _sentence(settings.events, rows)


def _check(out: str, style: str, faults: Faults) -> None:
    if style == PARQUET and out == STANDARD_OUTPUT:
        raise CannotGenerate("standard output cannot take Parquet", "name a file")
    if style == PARQUET and faults.bad_lines:
        raise CannotGenerate(
            "Parquet cannot hold lines that are no events", "write JSON lines, or no bad lines"
        )


def _chance(settings: Settings, draws: str) -> Chance:
    """Draws apart from those of the stories, which are the same with faults and without."""
    return Chance(f"{settings.seed}/{draws}")


def _watched(events: Iterator[Event], bar: Bar) -> Iterator[Event]:
    for number, event in enumerate(events, start=1):
        if number % _STEP == 0:
            bar.on_bytes(_STEP)  # the bar's length is the number of events here
            bar.on_event(number)
        yield event


def _lines(events: Iterator[Event], settings: Settings, faults: Faults) -> Iterator[bytes]:
    lines: Iterator[bytes] = map(encode_event, events)
    if not faults.bad_lines:
        return lines
    return with_bad_lines(lines, faults.bad_lines, _chance(settings, "bad lines"))


def _write_lines(lines: Iterable[bytes], out: str, *, packed: bool) -> int:
    """Write lines; gives their number."""
    count, rest = 0, iter(lines)
    with _opened(out, packed=packed) as to:
        while some := list(islice(rest, _LINES)):
            to.write(b"\n".join(some) + b"\n")
            count += len(some)
    return count


@contextmanager
def _opened(out: str, *, packed: bool) -> Iterator[BufferedIOBase]:
    """The file to write to; standard output stays open."""
    to_standard = out == STANDARD_OUTPUT
    with open(1, "wb", closefd=False) if to_standard else Path(out).open("wb") as raw:
        if not packed:
            yield raw
            return
        # Without name and time of the file, the same stream gives the same bytes.
        with gzip.GzipFile("", "wb", fileobj=raw, mtime=0) as file:
            yield file


def _write_columns(events: Iterator[Event], out: str) -> int:
    from .columns import write_parquet  # noqa: PLC0415  # only Parquet needs Polars

    return write_parquet(events, Path(out))


def _sentence(events: int, rows: int) -> str:
    more = f", {rows - events:,} rows more that repeat or spoil some" if rows > events else ""
    return f"{events:,} events{more}"
