"""Tables of somebody else become events as their mapping file says."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from revlex.engine.language.catalog import standard_catalog
from revlex.engine.language.diagnostics import Report
from revlex.engine.language.source import Source
from revlex.engine.runtime.events import Decoder
from revlex.engine.runtime.inputs import InputProblem, Received
from revlex.engine.runtime.mapping import (
    BoundMapping,
    bind,
    joining,
    load_mapping,
    map_events,
    producing,
)
from revlex.engine.runtime.mapping.clocks import local_instant
from revlex.engine.runtime.zones import zone

CATALOG = standard_catalog()
DECODER = Decoder(CATALOG)


def load(text: str) -> Any:
    report = Report()
    mapping = load_mapping(Source("mapping.yaml", text), CATALOG, report)
    assert [(one.code, one.message) for one in report] == []
    return mapping


def bound(text: str, folder: Path) -> BoundMapping:
    report = Report()
    made = bind(load(text), folder, report)
    assert [(one.code, one.message) for one in report] == []
    assert made is not None
    return made


def run(text: str, folder: Path) -> list[Received]:
    return list(map_events(bound(text, folder), DECODER))


def outcome(received: Iterable[Received]) -> list[tuple[int, str]]:
    """The line of each, with the id of the event or the reason why there is none."""
    return [
        (one.line, one.event.event_id if one.event else one.rejection.reason)
        for one in received
        if one.event or one.rejection
    ]


# ------------------------------------------------------------------ values

ONE = """\
mapping: one
rows: rows.csv
events:
  - type: {type}
    event_id: "e/{{id}}"
    occurred_at: {time}
    shop_id: shop
    {more}
"""


def one(
    folder: Path,
    rows: str,
    *,
    type_: str = "order.placed",
    time: str = "{column: at, zone: Asia/Bangkok}",
    more: str = "fields: {order_id: id}",
) -> list[Received]:
    """Run a mapping of one event over `rows.csv`."""
    (folder / "rows.csv").write_bytes(rows.encode())
    return run(ONE.format(type=type_, time=time, more=more), folder)


def only(received: list[Received]) -> Any:
    (single,) = received
    assert single.event is not None, single.rejection
    return single.event


ROW = "id,shop,at,a,b\n1,s,2025-06-17 09:30:00,{a},{b}\n"


def test_values_of_every_kind(tmp_path: Path) -> None:
    more = """\
region: {value: TH}
    sequence: a
    recorded_at: {column: b, zone: UTC}
    fields:
      order_id: {template: "{{{shop}%s}}-{id}"}
      fulfilled_by: {value: seller}
      quantity: {value: 3}
      amount: {value: 19.90}
      gift: {value: true}
      product_ids: {value: '["p1"]'}
"""
    event = only(one(tmp_path, ROW.format(a="7", b="2025-06-18T00:00:00+07:00"), more=more))
    assert (event.region, event.sequence, event.order_id) == ("TH", 7, "{s%s}-1")
    assert event.recorded_at == datetime(2025, 6, 17, 17, tzinfo=UTC)
    assert (event.fulfilled_by, event.quantity, event.gift) == ("seller", 3, True)
    assert (event.amount, event.product_ids) == (Decimal("19.90"), ("p1",))


@pytest.mark.parametrize(
    ("cell", "expected"),
    [("good", "product"), ("7", "service"), ("bad", "other"), ("", "missing-field")],
)
def test_words(tmp_path: Path, cell: str, expected: str) -> None:
    words = "{good: product, '7': service, else: other}"
    more = f"fields: {{review_id: id, class: {{column: a, words: {words}}}}}"
    (received,) = one(tmp_path, ROW.format(a=cell, b=""), type_="review.classified", more=more)
    event: Any = received.event
    assert (event.class_ if event else received.rejection.reason) == expected  # type: ignore[union-attr]


def test_words_without_else(tmp_path: Path) -> None:
    more = "fields: {review_id: id, class: {column: a, words: {good: product}}}"
    (received,) = one(tmp_path, ROW.format(a="bad\x1b", b=""), type_="review.classified", more=more)
    assert received.rejection is not None
    assert (received.rejection.reason, received.rejection.field) == ("unknown-word", "class")
    assert received.rejection.message == "the mapping has no word for `bad<U+001B>` of `a`"
    assert received.rejection.event_id == "e/1"


def test_words_of_a_time(tmp_path: Path) -> None:
    more = """\
fields:
      order_id: id
      promised_at: {column: a, zone: UTC, words: {soon: "2025-01-01 00:00:00"}}
"""
    event = only(one(tmp_path, ROW.format(a="soon", b=""), more=more))
    assert event.promised_at == datetime(2025, 1, 1, tzinfo=UTC)


@pytest.mark.parametrize(
    ("at", "result"),
    [
        ("2025-06-17 09:30:00", "2025-06-17T02:30:00+00:00"),
        ("2025-06-17T09:30:00.25", "2025-06-17T02:30:00.250000+00:00"),
        ("2025-06-17T09:30:00Z", "2025-06-17T09:30:00+00:00"),
        ("2025-06-17 09:30:00-03:00", "2025-06-17T12:30:00+00:00"),
        ("2025-06-31 00:00:00", "bad-time"),
        ("0001-01-01 00:00:00", "out-of-range"),
        ("2025-06-17", "bad-time"),
        ("2025-06-17 09:30", "bad-time"),
        ("20250617T093000", "bad-time"),
        ("17/06/2025 09:30:00", "bad-time"),
        ("", "missing-field"),
    ],
)
def test_times(tmp_path: Path, at: str, result: str) -> None:
    (received,) = one(tmp_path, f"id,shop,at\n1,s,{at}\n")
    if received.event:
        assert received.event.occurred_at.astimezone(UTC).isoformat() == result
    else:
        assert received.rejection is not None
        assert received.rejection.reason == result


def test_a_time_without_zone_has_no_offset(tmp_path: Path) -> None:
    assert outcome(one(tmp_path, ROW, time="at")) == [(2, "no-offset")]


@pytest.mark.parametrize(
    ("name", "shown", "utc"),
    [
        ("Europe/Berlin", "2025-10-26 02:30:00", "2025-10-26 00:30"),  # twice: the first
        ("Europe/Berlin", "2025-03-30 02:30:00", "2025-03-30 01:30"),  # skipped: 03:30
        ("America/Sao_Paulo", "2017-10-15 00:00:00", "2017-10-15 03:00"),  # skipped: 01:00
        ("Australia/Lord_Howe", "2025-10-05 02:10:00", "2025-10-04 15:40"),  # half an hour
    ],
)
def test_clocks_that_are_set(name: str, shown: str, utc: str) -> None:
    instant = local_instant(shown, zone(name))
    assert isinstance(instant, datetime)
    assert instant.strftime("%Y-%m-%d %H:%M") == utc


# ------------------------------------------------------------------ which rows

STATES = """\
id,shop,at,a
1,s,2025-06-17 09:30:00,x
2,s,2025-06-17 09:30:00,
3,s,2025-06-17 09:30:00,present
4,s,2025-06-17 09:30:00,7
"""


@pytest.mark.parametrize(
    ("condition", "lines"),
    [
        ("x", [2]),
        ("7", [5]),
        ("[x, 7]", [2, 5]),
        ("present", [2, 4, 5]),
        ("absent", [3]),
        ("[present]", [4]),
        ('""', [3]),
        ("X", []),
    ],
)
def test_conditions(tmp_path: Path, condition: str, lines: list[int]) -> None:
    more = f"when: {{a: {condition}, shop: s}}\n    fields: {{order_id: id}}"
    assert [each.line for each in one(tmp_path, STATES, more=more)] == lines


@pytest.mark.parametrize(("skip", "count"), [("true", 1), ("false", 4)])
def test_empty_cells_are_rejected_or_passed_over(tmp_path: Path, skip: str, count: int) -> None:
    at = "2025-06-17 09:30:00"
    rows = f"id,shop,at,a\n1,s,{at},\n2,,{at},x\n3,s,,x\n,s,{at},x\n"
    more = f"skip_empty: {skip}\n    fields: {{order_id: id, product_id: a}}"
    received = one(tmp_path, rows, more=more)
    assert len(received) == count
    assert sum(each.event is not None for each in received) == 1
    fields = [each.rejection.field for each in received if each.rejection]
    assert fields == ["shop_id", "occurred_at", "event_id"][: count - 1]


def test_several_events_of_a_row(tmp_path: Path) -> None:
    (tmp_path / "rows.csv").write_text(ROW.format(a="1", b="2"))
    text = "mapping: two\nrows: rows.csv\nevents:\n" + "".join(
        f'  - {{type: {type_}, event_id: "{type_}/{{id}}", occurred_at: {{column: at, zone: UTC}}, '
        f"shop_id: shop, fields: {{order_id: id}}}}\n"
        for type_ in ("order.placed", "order.completed")
    )
    assert outcome(run(text, tmp_path)) == [(2, "order.completed/1"), (2, "order.placed/1")]


# ------------------------------------------------------------------ joins

JOINED = """\
mapping: joined
rows: rows.csv
join: {join}
events:
  - type: order.placed
    event_id: "{event_id}"
    occurred_at: {{column: at, zone: UTC}}
    shop_id: shop
    fields: {{order_id: id{fields}}}
"""
LEFT = "id,shop,at\n1,s,2025-06-17 00:00:00\n2,s,2025-06-17 00:00:01\n,s,2025-06-17 00:00:02\n"
RIGHT = "id,product,seller\n1,p1,x\n1,p2,y\n1,p3,x\n3,p4,x\n,p5,x\n1,p1,x\n"


def joined(
    folder: Path,
    join: str,
    event_id: str = "{id}",
    fields: str = "",
    tables: Mapping[str, str] | None = None,
) -> list[Received]:
    for name, text in {"rows.csv": LEFT, "other.csv": RIGHT, **(tables or {})}.items():
        (folder / name).write_text(text)
    return run(JOINED.format(join=join, event_id=event_id, fields=fields), folder)


@pytest.mark.parametrize(
    ("join", "ids"),
    [
        ("{other.csv: id}", ["1p1x", "1p1x", "1p2y", "1p3x"]),
        ("{other.csv: {by: id}}", ["1p1x", "1p1x", "1p2y", "1p3x"]),
        ("{other.csv: {by: id, keep: first}}", ["1p1x"]),
        ("{other.csv: {by: id, distinct: [seller]}}", ["1p1x", "1p2y"]),
        ("{other.csv: {by: id, distinct: [seller, product]}}", ["1p1x", "1p2y", "1p3x"]),
        ("{other.csv: {by: id, distinct: [seller], keep: first}}", ["1p1x"]),
    ],
)
def test_joins(tmp_path: Path, join: str, ids: list[str]) -> None:
    received = joined(tmp_path, join, "{id}{product}{seller}")
    assert [event_id for _line, event_id in outcome(received)] == ids


def test_rows_that_nothing_belongs_to(tmp_path: Path) -> None:
    join = "{other.csv: {by: id, keep: first, unmatched: keep}}"
    received = joined(tmp_path, join, "{at}", ", product_id: product")
    assert [getattr(each.event, "product_id", "-") for each in received] == ["-", "p1", None]


def test_gathered_values(tmp_path: Path) -> None:
    def products(join: str) -> list[Any]:
        events: list[Any] = [each.event for each in joined(tmp_path, join, fields=fields)]
        return [event.product_ids for event in events]

    fields = ", product_ids: all"
    gather = "gather: {all: product}"
    assert products(f"{{other.csv: {{by: id, {gather}}}}}") == [("p1", "p2", "p3")]
    assert products(f"{{other.csv: {{by: id, distinct: [seller], {gather}}}}}") == [
        ("p1", "p3"),
        ("p2",),
    ]
    assert products(f"{{other.csv: {{by: id, keep: first, {gather}}}}}") == [("p1", "p2", "p3")]


def test_joins_of_joins(tmp_path: Path) -> None:
    join = "{other.csv: {by: id, distinct: [seller]}, third.csv: {by: key, equals: seller}}"
    tables = {"third.csv": "key,name\nx,Xu\ny,Yu\ny,Yi\n"}
    received = joined(tmp_path, join, "{id}/{name}", tables=tables)
    assert [event_id for _line, event_id in outcome(received)] == ["1/Xu", "1/Yi", "1/Yu"]


def test_rows_of_a_joined_file_that_are_none(tmp_path: Path) -> None:
    received = joined(tmp_path, "{other.csv: id}", tables={"other.csv": RIGHT + "1,2\n"})
    assert received[0].source_name.endswith("other.csv")
    assert outcome(received)[0] == (8, "bad-row")
    assert received[0].raw == b"1,2"


def test_rows_that_are_none(tmp_path: Path) -> None:
    received = one(tmp_path, "id,shop,at\n1,s\n2,s,2025-06-17 09:30:00\n")
    assert outcome(received) == [(2, "bad-row"), (3, "e/2")]
    assert received[0].raw == b"1,s"


# ------------------------------------------------------------------ tables


def test_parquet_tables(tmp_path: Path) -> None:
    frame = pl.DataFrame(
        {
            "id": [1, 2],
            "shop": pl.Series(["s", None], dtype=pl.Categorical),
            "at": [datetime(2025, 6, 17, 9, 30), datetime(2025, 6, 17, 10)],  # noqa: DTZ001  # local
            "price": [19.9, None],
            "quantity": [5.0, 6.0],
            "gift": [True, None],
            "unused": [["list"], []],
        }
    )
    frame.write_parquet(tmp_path / "rows.parquet")
    text = ONE.format(
        type="order.placed",
        time="{column: at, zone: Asia/Bangkok}",
        more="fields: {order_id: id, amount: price, quantity: quantity, gift: gift}",
    ).replace("rows.csv", "rows.parquet")
    received = run(text, tmp_path)
    assert outcome(received) == [(2, "missing-field"), (1, "e/1")]
    event: Any = received[1].event
    assert event.occurred_at == datetime(2025, 6, 17, 2, 30, tzinfo=UTC)
    assert (event.amount, event.quantity, event.gift) == (Decimal("19.9"), 5, True)


def test_parquet_lists_have_no_text(tmp_path: Path) -> None:
    frame = pl.DataFrame({"id": [[1]], "shop": ["s"], "at": ["2025-06-17 09:30:00"]})
    frame.write_parquet(tmp_path / "rows.parquet")
    text = ONE.format(type="order.placed", time="at", more="fields: {order_id: id}")
    with pytest.raises(InputProblem, match="which has no text"):
        run(text.replace("rows.csv", "rows.parquet"), tmp_path)


def test_tables_that_cannot_be_read(tmp_path: Path) -> None:
    text = ONE.format(type="order.placed", time="at", more="fields: {order_id: id}")
    with pytest.raises(InputProblem, match="there is no such file"):
        bind(load(text), tmp_path, Report())


def test_too_many_events(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(producing, "MOST_EVENTS", 2)
    assert len(one(tmp_path, "".join(STATES.splitlines(keepends=True)[:3]))) == 2
    with pytest.raises(InputProblem, match="more than 2 events"):
        one(tmp_path, STATES)


def test_too_many_joined_rows(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(joining, "MOST_JOINED", 5)
    with pytest.raises(InputProblem, match="5 rows at most"):
        joined(tmp_path, "{other.csv: id}")
