"""The record of what was not applied: where it came from, why, and what it was."""

from __future__ import annotations

import msgspec

from ..runtime.evaluator import Quarantined
from ..runtime.inputs import Received
from ..runtime.rejections import Rejection


def quarantine_record(one: Received, rejection: Rejection) -> bytes:
    """The record of a line or row, as JSON."""
    record = {
        "source": one.source_name,
        "line": one.line,
        "reason": rejection.reason,
        "field": rejection.field,
        "message": rejection.message,
        "event_id": rejection.event_id,
        "raw": one.raw.decode("utf-8", "backslashreplace"),
    }
    return msgspec.json.encode(record)


def as_received(found: Quarantined, latest: Received | None) -> Received:
    """An event that was turned away as it was received.

    Args:
        found: The event, and why it was turned away.
        latest: What was fed last; nothing where time was let pass. An event that has waited for
            later ones has lost the place it came from.
    """
    fed = None if latest is None else latest.event
    own = fed is not None and found.event.event_id == fed.event_id
    source, line = (latest.source_name, latest.line) if latest is not None and own else ("", 0)
    return Received(source, line, None, found.rejection, msgspec.json.encode(found.event))
