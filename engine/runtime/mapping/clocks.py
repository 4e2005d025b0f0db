"""Local times: what a clock of a zone showed, as the instant at which it did."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from typing import Final
from zoneinfo import ZoneInfo

_LOCAL: Final = re.compile(r"\d{4}-\d\d-\d\d[ T]\d\d:\d\d:\d\d(\.\d{1,6})?", re.ASCII)


def local_instant(text: str, clock: ZoneInfo) -> datetime | str:
    """The instant at which a clock showed a time such as `2018-02-17 23:30:00`.

    Of a time that the clock showed twice it is the first. A time that the clock skipped is as far
    behind the gap as it would have been in it. Texts with an offset of their own, and those that
    are no times, are handed back for the decoder to read or refuse.
    """
    if not _LOCAL.fullmatch(text):
        return text
    try:
        return datetime.fromisoformat(text).replace(tzinfo=clock).astimezone(UTC)
    except (ValueError, OverflowError):
        return f"{text}Z"  # no such day, or outside the calendar: the decoder says so
