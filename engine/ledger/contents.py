"""What a file is, told by what stands in it and not by its name."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Mapping
from typing import Final

_BLANK: Final = frozenset("\t\n\r\f")
"""Control characters that texts have for a reason."""

_FILMS: Final = frozenset(
    {b"isom", b"iso2", b"iso3", b"iso4", b"iso5", b"iso6", b"mp41", b"mp42", b"mp71", b"avc1"}
    | {b"M4V ", b"MSNV", b"dash"}
)
"""What an MP4 film calls itself; pictures and sounds in the same wrapping have other names."""


def content_type(content: bytes) -> str | None:
    """The media type of a file, or nothing where it is of no kind that evidence may be."""
    return next((name for name, fits in _KINDS.items() if fits(content)), None)


def _png(content: bytes) -> bool:
    return content.startswith(b"\x89PNG\r\n\x1a\n") and content[12:16] == b"IHDR"


def _jpeg(content: bytes) -> bool:
    return content.startswith(b"\xff\xd8\xff")


def _webp(content: bytes) -> bool:
    return content.startswith(b"RIFF") and content[8:12] == b"WEBP"


def _pdf(content: bytes) -> bool:
    return content.startswith(b"%PDF-")


def _film(content: bytes) -> bool:
    return content[4:8] == b"ftyp" and content[8:12] in _FILMS


def _text(content: bytes) -> bool:
    """Whether a file is plain text in UTF-8, which has no control characters but blanks."""
    try:
        text = content.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return all(one in _BLANK or unicodedata.category(one) != "Cc" for one in set(text))


_KINDS: Final[Mapping[str, Callable[[bytes], bool]]] = {
    "image/png": _png,
    "image/jpeg": _jpeg,
    "image/webp": _webp,
    "application/pdf": _pdf,
    "video/mp4": _film,
    "text/plain": _text,
}
"""The kinds of files that evidence may be; text comes last, since a PDF may be one as well."""

KINDS_IN_WORDS: Final = "PNG, JPEG or WebP pictures, PDF, MP4 films, or plain text in UTF-8"
