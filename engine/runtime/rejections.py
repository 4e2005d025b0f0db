"""Why an event was not taken: the reason codes, and a record of one refusal.

A rejected event changes nothing. It is quarantined: written down with where it came from, its
reason and the field at fault, and counted. Reasons are stable, so that counts of them can be
compared over years and filtered by; the sentence next to each is for whoever meets it first.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final, final

REASONS: Final[Mapping[str, str]] = MappingProxyType(
    {
        # The line or row as a whole.
        "not-json": "the line is not JSON, or ends before its JSON does",
        "not-utf-8": "the line holds bytes that are not UTF-8",
        "not-an-object": "the line is JSON, but not an object with fields",
        "too-deep": "the JSON is nested deeper than any event",
        "too-long": "the line, or a text or list in it, is longer than its limit",
        "bad-row": "the row does not have the shape that the header announces",
        "truncated": "the file ends or is damaged here; what follows could not be read",
        "unsupported-version": "the CloudEvents envelope is not of version 1.0",
        # The event against the catalog.
        "unknown-type": "the catalog has no event of this type",
        "unknown-field": "the catalog gives this type of event no such field",
        "duplicate-field": "`type` stands in the object twice and says two things",
        "missing-field": "a field that this type of event needs is missing, empty or null",
        "wrong-type": "a field holds another kind of value than the catalog says",
        "out-of-range": "a number or time lies outside the bounds of its field",
        "unknown-word": "a field that takes one of a few words holds another word",
        "no-offset": "a time does not say its offset from UTC",
        "bad-time": "a text that should be a time is not one",
        "bad-identifier": "an identifier is empty, too long, or holds control characters",
    }
)
"""Every reason with its meaning."""


@final
@dataclass(frozen=True, slots=True)
class Rejection:
    """Why one line, row or mapping is not an event.

    `reason` is a key of `REASONS`. `field` is the field at fault, if it is one. `message` is one
    line for whoever has to mend the data. `event_id` is what the input gave as such, if it gave a
    usable one.
    """

    reason: str
    field: str | None
    message: str
    event_id: str | None = None
