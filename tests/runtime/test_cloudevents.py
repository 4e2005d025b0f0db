"""Events in CloudEvents envelopes."""

from __future__ import annotations

import gzip
import json
from collections.abc import Callable, Iterable
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from revlex.engine.language.catalog import standard_catalog
from revlex.engine.runtime.event_types import MAX_LINE
from revlex.engine.runtime.events import Decoder
from revlex.engine.runtime.inputs import (
    Received,
    open_events,
)

DECODER = Decoder(standard_catalog())
NOON = datetime(2025, 6, 17, 12, tzinfo=UTC)


def review(number: int, **changes: Any) -> dict[str, Any]:
    return {
        "type": "review.posted",
        "event_id": f"e{number}",
        "occurred_at": (NOON + timedelta(minutes=number)).isoformat(),
        "shop_id": "s1",
        "review_id": f"r{number}",
        "stars": 5,
        **changes,
    }


def as_lines(*events: dict[str, Any]) -> bytes:
    return b"".join(json.dumps(event).encode() + b"\n" for event in events)


@pytest.fixture
def write(tmp_path: Path) -> Callable[[str, bytes], Path]:
    def written(name: str, data: bytes) -> Path:
        path = tmp_path / name
        path.write_bytes(gzip.compress(data) if name.endswith(".gz") else data)
        return path

    return written


def read(path: Path | str) -> list[Received]:
    return list(open_events(path, DECODER))


def outcome(received: Iterable[Received]) -> list[tuple[int, str]]:
    """The line of each, with the id of the event or the reason why there is none."""
    return [
        (one.line, one.event.event_id if one.event else one.rejection.reason)
        for one in received
        if one.event or one.rejection
    ]


def enveloped(number: int, data: Any = None, **changes: Any) -> dict[str, Any]:
    inner = {"review_id": f"r{number}", "stars": 5} if data is None else data
    return {
        "specversion": "1.0",
        "id": f"e{number}",
        "type": "review.posted",
        "source": "/shops",
        "time": "2025-06-17T12:00:00Z",
        "subject": "s1",
        "datacontenttype": "application/json",
        "data": inner,
        **changes,
    }


def test_envelopes_and_plain_events(write: Callable[[str, bytes], Path]) -> None:
    data = as_lines(enveloped(1), enveloped(2), review(3), review(4), enveloped(5))
    received = read(write("a.jsonl", data))
    assert outcome(received) == [(n, f"e{n}") for n in range(1, 6)]
    first: Any = received[0].event
    assert (first.shop_id, first.source, first.stars) == ("s1", "/shops", 5)
    assert first.occurred_at == NOON


def test_the_data_come_before_the_envelope(write: Callable[[str, bytes], Path]) -> None:
    data = {**review(7), "shop_id": "s2"}
    line = enveloped(1, data, type="com.example.review", recordedtime="2025-06-18T00:00:00Z")
    (received,) = read(write("a.jsonl", as_lines({**line, "sequence": "12", "other": 1})))
    event: Any = received.event
    assert (event.event_id, event.shop_id, event.sequence) == ("e7", "s2", 12)
    assert event.recorded_at == datetime(2025, 6, 18, tzinfo=UTC)


def test_numbers_in_envelopes_stay_exact(write: Callable[[str, bytes], Path]) -> None:
    line = as_lines(enveloped(1, {"order_id": "o1"}, type="order.placed"))
    line = line.replace(b'"o1"', b'"o1","amount":19.900000000000000001')
    (received,) = read(write("a.jsonl", line))
    event: Any = received.event
    assert event.amount == Decimal("19.900000000000000001")


@pytest.mark.parametrize(
    ("line", "reason", "field"),
    [
        (enveloped(1, specversion="0.3"), "unsupported-version", "specversion"),
        (enveloped(1, specversion=None), "unsupported-version", "specversion"),
        (enveloped(1, data="text"), "wrong-type", "data"),
        (enveloped(1, data=[]), "wrong-type", "data"),
        (enveloped(1, data_base64="AAAA"), "wrong-type", "data_base64"),
        (enveloped(1, data={}), "missing-field", "review_id"),
        (enveloped(1, time="2025-06-17T12:00:00"), "no-offset", "occurred_at"),
        (enveloped(1, subject=None), "missing-field", "shop_id"),
        (enveloped(1, sequence="A1"), "wrong-type", "sequence"),
        (enveloped(1, type="review.post"), "unknown-type", "type"),
        ({"text": "specversion"}, "missing-field", "type"),
        (review(1, source="specversion", stars=9), "out-of-range", "stars"),
    ],
)
def test_envelopes_that_hold_no_event(
    write: Callable[[str, bytes], Path], line: dict[str, Any], reason: str, field: str
) -> None:
    (received,) = read(write("a.jsonl", as_lines(line)))
    assert received.rejection is not None
    assert (received.rejection.reason, received.rejection.field) == (reason, field)
    assert json.loads(received.raw) == line


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        (b'{"specversion":"1.0","data":' + b"[" * 100_000, "too-deep"),
        (b'{"specversion":"1.0","data":{', "not-json"),
        (b'{"specversion":"1.0","data":{"a":"\xff"}}', "not-utf-8"),
        (b'["specversion"]', "not-an-object"),
        (b'{"specversion":"1.0","x":"' + b"x" * MAX_LINE + b'"}', "too-long"),
    ],
)
def test_envelopes_that_are_none(
    write: Callable[[str, bytes], Path], line: bytes, reason: str
) -> None:
    path = write("a.jsonl", as_lines(enveloped(1)) + line + b"\n" + as_lines(enveloped(2)))
    assert outcome(read(path)) == [(1, "e1"), (2, reason), (3, "e2")]
