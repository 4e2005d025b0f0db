"""What one transaction writes: everything that has come of the events since the last one."""

from __future__ import annotations

from dataclasses import dataclass, field
from hashlib import sha256
from typing import Final

import msgspec

from ..records.decision import Decision
from ..runtime.evaluator import Moved
from .evidence import Attachment

START: Final = sha256(b"revlex-position").digest()
"""The digest of an input of which nothing has been read."""


PASSING: Final = b"{}"
"""What is kept in the place of an event where time was let pass."""


class TakenOver(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What is kept in the place of an event where another policy took over; both by digest."""

    before: str
    policy: str


def stream_of(what: str, policy: str) -> str:
    """The name of a stream that no file is: what it is, and for which policy, by its digest."""
    return f"{what} {policy[:12]}"


@dataclass(frozen=True, slots=True)
class Position:
    """How far a stream has been read: records, of which so many are in the quarantine.

    The digest covers every record in order, so that a stream that has changed is noticed.
    """

    stream: str
    read: int = 0
    quarantined: int = 0
    digest: bytes = START


@dataclass(frozen=True, slots=True)
class Heard:
    """An event as it was fed: its shop, id, instant in microseconds since 1970, and JSON.

    Without an id: time was let pass up to the instant, if the body is `PASSING`, or else another
    policy took over, and the body is a `TakenOver`.
    """

    shop: str
    event_id: str
    at: int
    body: bytes


@dataclass(frozen=True, slots=True)
class Aside:
    """What was not applied: the reason, and the record for the quarantine as JSON.

    `at` is the instant of the newest event of the stream up to there; 0 if there was none.
    """

    number: int
    reason: str
    body: bytes
    at: int


@dataclass(frozen=True, slots=True)
class Kept:
    """The state of a shop, and the region that it is in."""

    region: str
    state: bytes


@dataclass(slots=True)
class Checkpoint:
    """What has come of the events since the last checkpoint."""

    position: Position
    decisions: list[Decision] = field(default_factory=list)
    appeals: list[Moved] = field(default_factory=list)
    heard: list[Heard] = field(default_factory=list)
    aside: list[Aside] = field(default_factory=list)
    states: dict[str, Kept] = field(default_factory=dict)
    attachments: list[Attachment] = field(default_factory=list)
