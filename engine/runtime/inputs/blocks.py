"""The bytes of a file, block by block, unpacked if it is compressed with gzip."""

from __future__ import annotations

import gzip
import zlib
from collections.abc import Iterator
from io import BufferedIOBase
from pathlib import Path
from typing import Final, Protocol

from .received import InputProblem, OnBytes

BLOCK: Final = 1 << 18
"""How many bytes are read at a time."""

_GZIP: Final = b"\x1f\x8b"
_UTF_16: Final = (b"\xff\xfe", b"\xfe\xff")


class Damaged(Exception):  # noqa: N818  # says what the file is, which is not our failure
    """A compressed file ends too early, or what follows cannot be unpacked."""


class _Readable(Protocol):
    def read(self, size: int, /) -> bytes: ...


class _Counted:
    """A file that tells how many bytes have been read from it."""

    def __init__(self, file: _Readable, on_bytes: OnBytes | None) -> None:
        self._file = file
        self._on_bytes = on_bytes

    def read(self, size: int = -1, /) -> bytes:
        data = self._file.read(size)
        if self._on_bytes is not None:
            self._on_bytes(len(data))
        return data


def is_packed(path: Path) -> bool:
    """Whether a file's name says that it is compressed with gzip."""
    return path.name.lower().endswith(".gz")


def stream_blocks(stream: BufferedIOBase, on_bytes: OnBytes | None = None) -> Iterator[bytes]:
    """The blocks of an open stream such as standard input, as soon as there is anything to read.

    Raises:
        InputProblem: it is compressed.
    """
    is_first = True
    while block := stream.read1(BLOCK):
        if is_first and block.startswith(_GZIP):
            raise InputProblem("-", "the input is compressed with gzip", "unpack it: `gunzip -c`")
        is_first = False
        if on_bytes is not None:
            on_bytes(len(block))
        yield block


def file_blocks(path: Path, on_bytes: OnBytes | None = None) -> Iterator[bytes]:
    """The blocks of a file; one whose name ends in `.gz` is unpacked on the way.

    Raises:
        Damaged: the compressed data breaks off; everything before was handed out.
        InputProblem: the file can no longer be read.
    """
    try:
        with path.open("rb", buffering=0) as file:
            counted = _Counted(file, on_bytes)
            if is_packed(path):
                yield from _unpacked(counted)
            else:
                while block := counted.read(BLOCK):
                    yield block
    except OSError as error:
        raise InputProblem(path, f"reading failed: {error.strerror or error}") from None


def _unpacked(file: _Counted) -> Iterator[bytes]:
    # `read1`, since `read` would lose what it has already unpacked when the next part is damaged.
    unpacked = gzip.GzipFile(fileobj=file, mode="rb")  # type: ignore[call-overload]  # only reads
    try:
        while block := unpacked.read1(BLOCK):
            yield block
    except (EOFError, zlib.error, gzip.BadGzipFile) as error:
        raise Damaged(str(error)) from None


def first_bytes(path: Path) -> bytes:
    """The first bytes of a file, unpacked if its name ends in `.gz`.

    Raises:
        InputProblem: there is no such file, it cannot be read, or it is not what its name says.
    """
    packed = _head(path)
    if not is_packed(path):
        _refuse_foreign(path, packed)
        return packed
    if not packed.startswith(_GZIP):
        raise InputProblem(path, "the name ends in `.gz`, but the file is not compressed with gzip")
    try:
        head = next(file_blocks(path), b"")
    except Damaged:
        raise InputProblem(path, "the compressed data is damaged from its beginning") from None
    _refuse_foreign(path, head)
    return head


def _head(path: Path) -> bytes:
    if path.is_dir():
        raise InputProblem(path, "this is a folder", "name the files in it")
    try:
        with path.open("rb") as file:
            return file.read(1 << 12)
    except FileNotFoundError:
        raise InputProblem(path, "there is no such file") from None
    except (OSError, ValueError) as error:
        problem = error.strerror if isinstance(error, OSError) else str(error)
        raise InputProblem(path, f"the file cannot be read: {problem}") from None


def _refuse_foreign(path: Path, head: bytes) -> None:
    if head.startswith(_GZIP):
        raise InputProblem(path, "the file is compressed with gzip", "end its name in `.gz`")
    if head.startswith(_UTF_16):
        raise InputProblem(path, "the file is UTF-16", "save it as UTF-8")
