"""A notice as people read it on a terminal."""

from __future__ import annotations

from collections.abc import Iterator

from ...language.display import visible
from ...records.notice import Notice


def notice_text(notice: Notice) -> str:
    """The letter with whom it is for; nothing in it can steer a terminal."""
    return "".join(f"{visible(line)}\n" for line in _lines(notice))


def _lines(notice: Notice) -> Iterator[str]:
    yield f"To: {notice.shop}"
    if notice.language is not None:
        yield f"Language: {notice.language}"
    yield f"Subject: {notice.subject}"
    yield ""
    yield from notice.body.split("\n")
