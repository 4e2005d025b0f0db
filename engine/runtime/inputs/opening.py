"""Finding out what an input is, and opening it with the reader for that."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from io import BufferedIOBase
from pathlib import Path
from types import MappingProxyType
from typing import BinaryIO, Final, cast

from ..events import Decoder
from .blocks import file_blocks, first_bytes, stream_blocks
from .csvrows import read_csv
from .jsonl import read_json_lines
from .received import InputProblem, OnBytes, Received

STANDARD_INPUT: Final = "-"

_Reader = Callable[[Path, Decoder, OnBytes | None], Iterator[Received]]


def open_events(
    path: str | Path,
    decoder: Decoder,
    *,
    on_bytes: OnBytes | None = None,
    stdin: BinaryIO | None = None,
) -> Iterator[Received]:
    """Open an input, and read it as the iterator is asked.

    Args:
        path: a file, whose kind its name tells (`.jsonl`, `.ndjson`, `.json`, `.csv`, `.parquet`,
            the texts also with `.gz`), or `-` for JSON lines on standard input.
        decoder: what reads single events.
        on_bytes: told how many bytes of the input have been read.
        stdin: read for `-`; left out: standard input.

    Raises:
        InputProblem: the input cannot be read at all, which is found at once, or breaks off with an
            error of the system, which is found while reading.
    """
    if str(path) == STANDARD_INPUT:
        stream = cast("BufferedIOBase", stdin or sys.stdin.buffer)  # both of them are, untold
        blocks = stream_blocks(stream, on_bytes)
        return read_json_lines(STANDARD_INPUT, blocks, decoder)
    path = Path(path)
    return _READERS[kind_of(path)](path, decoder, on_bytes)


def input_size(path: str | Path) -> int | None:
    """How many bytes `on_bytes` will have been told of at the end, or `None` if nobody can know."""
    if str(path) == STANDARD_INPUT or not Path(path).is_file():
        return None
    return Path(path).stat().st_size


def kind_of(path: Path) -> str:
    """`jsonl`, `csv` or `parquet`, as the name tells.

    Raises:
        InputProblem: it tells none of them.
    """
    suffixes = path.name.lower().removesuffix(".gz").rpartition(".")
    kind = _KINDS.get(suffixes[2]) if suffixes[1] else None
    if kind is None or (kind == "parquet" and path.name.lower().endswith(".gz")):
        names = "`.jsonl`, `.csv` (both also with `.gz`) or `.parquet`"
        raise InputProblem(path, "the name does not tell what the file holds", f"end it in {names}")
    return kind


def _json_lines(path: Path, decoder: Decoder, on_bytes: OnBytes | None) -> Iterator[Received]:
    if first_bytes(path).lstrip().startswith(b"["):
        raise InputProblem(
            path, "the file is one JSON list", "write one event a line, as `jq -c '.[]'` does"
        )
    return read_json_lines(str(path), file_blocks(path, on_bytes), decoder)


def _parquet(path: Path, decoder: Decoder, on_bytes: OnBytes | None) -> Iterator[Received]:
    from .parquet import read_parquet  # noqa: PLC0415  # most runs need no Polars

    return read_parquet(path, decoder, on_bytes)


_KINDS: Final = MappingProxyType(
    {"jsonl": "jsonl", "ndjson": "jsonl", "json": "jsonl", "csv": "csv", "parquet": "parquet"}
)
_READERS: Final = MappingProxyType[str, _Reader](
    {"jsonl": _json_lines, "csv": read_csv, "parquet": _parquet}
)
