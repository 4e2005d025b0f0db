"""What evidence may be is told by its bytes."""

from __future__ import annotations

import struct

import pytest
from hypothesis import given
from hypothesis import strategies as st
from revlex.engine.ledger.contents import content_type

PNG = b"\x89PNG\r\n\x1a\n" + struct.pack(">I", 13) + b"IHDR" + bytes(17)
FILM = struct.pack(">I", 24) + b"ftypisom" + bytes(12)


@pytest.mark.parametrize(
    ("content", "type_"),
    [
        (PNG, "image/png"),
        (b"\xff\xd8\xff\xe0\x00\x10JFIF\x00", "image/jpeg"),
        (b"RIFF\x24\x00\x00\x00WEBPVP8 ", "image/webp"),
        (b"%PDF-1.7\n%\xe2\xe3", "application/pdf"),
        (FILM, "video/mp4"),
        ("ขอโทษค่ะ\r\n\tXin lỗi".encode(), "text/plain"),
        ("\ufeffwith a mark".encode(), "text/plain"),
        (b"<svg onload='x()'/>", "text/plain"),
        (FILM.replace(b"isom", b"heic"), None),
        (FILM.replace(b"isom", b"qt  "), None),
        (PNG[:8] + b"more", None),
        (b"RIFF\x24\x00\x00\x00WAVEfmt ", None),
        (b"MZ\x90\x00\x03", None),
        (b"\x7fELF\x02\x01", None),
        (b"PK\x03\x04", None),
        (b"GIF89a\x01\x00", None),
        (b"a\x1b[2Jb", None),
        ("a\x85b".encode(), None),
        (b"a\x00b", None),
        ("ü".encode("latin-1"), None),
        ("text".encode("utf-16"), None),
    ],
)
def test_what_a_file_is(content: bytes, type_: str | None) -> None:
    assert content_type(content) == type_


@given(st.binary())
def test_whatever_the_bytes_are(content: bytes) -> None:
    found = content_type(content)
    if found == "text/plain":
        assert not {"\0", "\x1b", "\x7f", "\x9b"}.intersection(content.decode("utf-8"))
    assert found is None or "/" in found
