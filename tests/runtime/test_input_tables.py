"""Tables of events: CSV and Parquet."""

from __future__ import annotations

import csv
import gzip
import io
import json
import tracemalloc
from collections.abc import Callable, Iterable
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from revlex.engine.language.catalog import standard_catalog
from revlex.engine.runtime.event_types import MAX_LINE
from revlex.engine.runtime.events import Decoder
from revlex.engine.runtime.inputs import (
    InputProblem,
    Received,
    input_size,
    open_events,
    parquet,
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


def as_csv(*events: dict[str, Any], columns: Iterable[str] = ()) -> bytes:
    text = io.StringIO(newline="")
    names = list(columns) or list(dict.fromkeys(name for event in events for name in event))
    writer = csv.DictWriter(text, names)
    writer.writeheader()
    writer.writerows(events)
    return text.getvalue().encode()


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


def problem(path: Path | str) -> InputProblem:
    with pytest.raises(InputProblem) as caught:
        read(path)
    assert caught.value.path == str(path)
    assert str(path) in str(caught.value)
    return caught.value


# ------------------------------------------------------------------ CSV


def test_csv_rows_may_span_lines(write: Callable[[str, bytes], Path]) -> None:
    text = 'one\ntwo, "three"\r\nfour'
    data = as_csv(review(1, text=text), review(2, stars="five"), review(3))
    received = read(write("a.csv", data))
    assert outcome(received) == [(2, "e1"), (5, "wrong-type"), (6, "e3")]
    first: Any = received[0].event
    assert first.text == text
    assert received[1].raw.startswith(b"review.posted,e2,")


def test_csv_of_several_types(write: Callable[[str, bytes], Path]) -> None:
    order = {
        "type": "order.placed", "event_id": "o", "occurred_at": "2025-06-17T12:00:00Z",
        "shop_id": "s1", "order_id": "o1", "amount": "19.90", "gift": "TRUE",
        "product_ids": '["p1","p2"]',
    }  # fmt: skip
    received = read(write("a.csv.gz", as_csv(order, review(1))))
    assert outcome(received) == [(2, "o"), (3, "e1")]
    first: Any = received[0].event
    assert (first.amount, first.gift, first.product_ids) == (Decimal("19.90"), True, ("p1", "p2"))


def test_csv_rows_that_are_none(write: Callable[[str, bytes], Path]) -> None:
    head, row = as_csv(review(1)).splitlines(keepends=True)
    rows = [
        b"a,b\n",
        row.rstrip() + b",more\n",
        b"\r\n",
        row.replace(b"r1", b"r\xff"),
        b'x"y,"z"w,\n',
        row,
        b'"never closed\n',
    ]
    received = read(write("a.csv", head + b"".join(rows)))
    assert outcome(received) == [
        (2, "bad-row"),
        (3, "bad-row"),
        (5, "not-utf-8"),
        (6, "bad-row"),
        (7, "e1"),
        (8, "bad-row"),
    ]
    assert received[0].rejection is not None
    assert received[0].rejection.message == "the row has 2 cells and the header 6"


@pytest.mark.parametrize(
    "long",
    [
        b'"' + b"x" * 200_000 + b'",',
        b"x" * (MAX_LINE + 1),
    ],
)
def test_csv_rows_that_are_too_long(write: Callable[[str, bytes], Path], long: bytes) -> None:
    head, row = as_csv(review(1)).splitlines(keepends=True)
    received = outcome(read(write("a.csv", head + row + long + b"\n" + row)))
    assert received[:2] == [(2, "e1"), (3, "too-long")]
    assert received[-1][1] == "e1"


@pytest.mark.parametrize(
    "long",
    [
        (b'"' + b"," * 1000 + b'\n",') * 2000,
        b"," * (MAX_LINE // 2) + b'"\n",' + b"," * (MAX_LINE // 2) + b'"\n"',
    ],
)
def test_csv_rows_that_go_on_and_on(write: Callable[[str, bytes], Path], long: bytes) -> None:
    head, row = as_csv(review(1)).splitlines(keepends=True)
    received = outcome(read(write("a.csv", head + row + long)))
    assert received[:2] == [(2, "e1"), (3, "too-long")]
    assert all(reason in {"bad-row", "too-long"} for _line, reason in received[1:])


def test_a_quote_that_swallows_the_file(write: Callable[[str, bytes], Path]) -> None:
    head, row = as_csv(review(1)).splitlines(keepends=True)
    path = write("a.csv", head + b'"' + row * 100_000)
    tracemalloc.start()
    received = outcome(open_events(path, DECODER))
    tracemalloc.stop()
    assert received[0] == (2, "too-long")
    assert received[-1] == (100_001, "e1")


@pytest.mark.parametrize(
    ("header", "message", "help_"),
    [
        (b"", "the file is empty", "begin it with a line of names"),
        (b"event_id;type\n", "the columns are not separated by commas", "export it with commas"),
        (b"event_id,type,shop_id,event_id\n", "there are 2 columns `event_id`", "rename them"),
        (
            b"event_id,type,shop,occurred_at\n",
            "there is no column `shop_id`",
            "did you mean `shop`?",
        ),
        (
            b"a,b\n",
            "there is no column `event_id`",
            "describe a table of your own in a mapping file",
        ),
        (
            b"event_id,type,shop_id,occurred_at,starz\n",
            "no event has a field for the column `starz`",
            "did you mean `stars`?",
        ),
        (b'"', "the first line is no header of a CSV file", None),
        (b"x" * (MAX_LINE + 2), "the first line is no header of a CSV file", None),
    ],
)
def test_headers(
    write: Callable[[str, bytes], Path], header: bytes, message: str, help_: str | None
) -> None:
    found = problem(write("a.csv", header))
    assert (found.message, found.help) == (message, help_)


# ------------------------------------------------------------------ Parquet


def table(*events: dict[str, Any], **types: Any) -> pl.DataFrame:
    return pl.DataFrame(list(events), schema_overrides=types, infer_schema_length=None)


def as_parquet(tmp_path: Path, frame: pl.DataFrame) -> Path:
    path = tmp_path / "a[1].parquet"
    frame.write_parquet(path)
    return path


def times(frame: pl.DataFrame) -> pl.DataFrame:
    return frame.with_columns(pl.col("occurred_at").str.to_datetime(time_zone="UTC"))


def test_parquet_of_several_types(tmp_path: Path) -> None:
    order = {
        "type": "order.placed", "event_id": "o", "occurred_at": "2025-06-17T12:00:00+00:00",
        "shop_id": "s1", "order_id": "o1", "amount": Decimal("19.90"), "gift": True,
        "product_ids": ["p1", "p2"], "sequence": 7,
    }  # fmt: skip
    frame = times(table(review(1, text="a\nb"), order, review(2, stars=6), review(3)))
    received = read(as_parquet(tmp_path, frame))
    assert outcome(received) == [(1, "e1"), (2, "o"), (3, "out-of-range"), (4, "e3")]
    first: Any = received[0].event
    second: Any = received[1].event
    assert (first.text, first.sequence, first.occurred_at) == (
        "a\nb",
        0,
        NOON + timedelta(minutes=1),
    )
    assert (second.amount, second.product_ids, second.sequence) == (
        Decimal("19.90"), ("p1", "p2"), 7,
    )  # fmt: skip
    assert json.loads(received[2].raw)["stars"] == 6


def test_parquet_rows_that_are_none(tmp_path: Path) -> None:
    frame = table(
        review(1, order_id=None, gift=None),
        review(2, gift=True),
        review(3, stars=None),
        review(4, type="review.post"),
        review(5, type=None),
        review(6, occurred_at="2025-06-17T12:00:00"),
        review(7),
    )
    assert outcome(read(as_parquet(tmp_path, frame))) == [
        (1, "e1"),
        (2, "unknown-field"),
        (3, "missing-field"),
        (4, "unknown-type"),
        (5, "missing-field"),
        (6, "no-offset"),
        (7, "e7"),
    ]


def test_parquet_times_without_zone_have_no_offset(tmp_path: Path) -> None:
    frame = table(review(1)).with_columns(pl.lit(NOON.replace(tzinfo=None)).alias("occurred_at"))
    assert outcome(read(as_parquet(tmp_path, frame))) == [(1, "no-offset")]


def test_parquet_in_slices(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(parquet, "SLICE", 3)
    path = as_parquet(tmp_path, times(table(*(review(n) for n in range(10)))))
    told: list[int] = []
    received = list(open_events(path, DECODER, on_bytes=told.append))
    assert outcome(received) == [(n + 1, f"e{n}") for n in range(10)]
    assert len(told) == 4
    assert sum(told) == input_size(path)


def test_parquet_without_rows(tmp_path: Path) -> None:
    assert read(as_parquet(tmp_path, table(review(1)).clear())) == []


def test_parquet_columns(tmp_path: Path) -> None:
    path = as_parquet(tmp_path, table(review(1)).rename({"stars": "starz"}))
    assert problem(path).help == "did you mean `stars`?"
    path = as_parquet(tmp_path, table(review(1)).cast({"stars": pl.Float64}))
    assert problem(path).message == "the column `stars` holds binary floats"
    path = as_parquet(tmp_path, table(review(1, text=b"raw")))
    assert problem(path).message == "the column `text` holds Binary, and no field of events does"


@pytest.mark.parametrize("keep", [0, 4, 100, -4])
def test_parquet_that_is_damaged(tmp_path: Path, keep: int) -> None:
    path = as_parquet(tmp_path, table(review(1)))
    path.write_bytes(path.read_bytes()[:keep])
    assert "Parquet file" in problem(path).message


def test_parquet_that_is_damaged_inside(tmp_path: Path) -> None:
    path = as_parquet(tmp_path, table(*(review(n) for n in range(1000))))
    data = bytearray(path.read_bytes())
    data[100:2000] = bytes(1900)
    path.write_bytes(data)
    assert problem(path).message == "the Parquet file is damaged or cut off"
