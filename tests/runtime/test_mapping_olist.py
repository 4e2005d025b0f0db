"""The public Olist tables become the events that a plain loop over them counts."""

from __future__ import annotations

import csv
import gzip
import json
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable
from datetime import UTC, datetime
from importlib.resources import files
from pathlib import Path
from typing import Any

import pytest
from revlex.engine.language.catalog import standard_catalog
from revlex.engine.language.diagnostics import Report
from revlex.engine.language.source import Source
from revlex.engine.runtime.events import Decoder, Event
from revlex.engine.runtime.inputs import Received
from revlex.engine.runtime.mapping import (
    BoundMapping,
    bind,
    load_mapping,
    map_events,
)

ROOT = Path(__file__).parents[2]
OLIST_DATA = ROOT.parent / "shared" / "data" / "olist"
OLIST_MAPPING = files("revlex.rules") / "marketplace" / "olist" / "mapping.yaml"
CATALOG = standard_catalog()
DECODER = Decoder(CATALOG)

ORDERS = "olist_orders_dataset.csv.gz"
ITEMS = "olist_order_items_dataset.csv.gz"
REVIEWS = "olist_order_reviews_dataset.csv.gz"
HEADERS = {
    ORDERS: (
        "order_id,customer_id,order_status,order_purchase_timestamp,order_approved_at,"
        "order_delivered_carrier_date,order_delivered_customer_date,order_estimated_delivery_date"
    ),
    ITEMS: "order_id,order_item_id,product_id,seller_id,shipping_limit_date,price,freight_value",
    REVIEWS: (
        "review_id,order_id,review_score,review_comment_title,review_comment_message,"
        "review_creation_date,review_answer_timestamp"
    ),
}

Write = Callable[..., Path]


@pytest.fixture
def write(tmp_path: Path) -> Write:
    """Write tables, given as lines behind the header that Olist's have, into a folder."""

    def written(**tables: Iterable[str]) -> Path:
        for name, header in HEADERS.items():
            short = name.removeprefix("olist_").removeprefix("order_").partition("_")[0]
            text = "\n".join([header, *tables.get(short, ())]) + "\n"
            (tmp_path / name).write_bytes(gzip.compress(text.encode()))
        return tmp_path

    return written


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


# ------------------------------------------------------------------ Olist, made up

ORDER_ROWS = [
    "o1,c1,delivered,2017-01-02 10:00:00,,2017-01-03 10:00:00,2017-01-08 10:00:00,",
    "o2,c2,delivered,2017-02-18 23:30:00,,,,2017-10-15 00:00:00",
    "o3,c3,shipped,2017-07-01 00:00:00,,2017-07-02 00:00:00,2017-07-05 00:00:00,",
    "o4,c4,canceled,2017-07-01 12:00:00,,,,2017-07-20 00:00:00",
]
ITEM_ROWS = [
    "o1,1,p1,s1,2017-01-06 10:00:00,10.00,1.00",
    "o1,2,p2,s2,2017-01-06 10:00:00,20.00,1.00",
    "o1,3,p3,s1,2017-01-06 10:00:00,30.00,1.00",
    "o1,4,p1,s1,2017-01-06 10:00:00,10.00,1.00",
    "o2,1,p1,s1,2017-01-06 10:00:00,10.00,1.00",
    "o3,1,p4,s3,2017-01-06 10:00:00,10.00,1.00",
]
REVIEW_ROWS = [
    'r1,o1,1,,"late\nand broken, ""sic""",2017-01-09 00:00:00,2017-01-10 08:00:00',
    "r1,o2,5,title,,2017-01-09 00:00:00,2017-01-10 08:00:00",
    "r2,o4,1,,never came,2017-07-09 00:00:00,2017-07-10 08:00:00",
    "r3,o3,9,,,2017-07-09 00:00:00,2017-07-10 08:00:00",
]


@pytest.fixture
def olist(write: Write) -> list[Received]:
    folder = write(orders=ORDER_ROWS, items=ITEM_ROWS, reviews=REVIEW_ROWS)
    return run(OLIST_MAPPING.read_text("utf-8"), folder)


def test_olist_events_and_their_order(olist: list[Received]) -> None:
    assert outcome(olist) == [
        (6, "out-of-range"),
        (2, "placed/o1/s1"),
        (2, "placed/o1/s2"),
        (2, "shipped/o1/s1"),
        (2, "shipped/o1/s2"),
        (2, "delivered/o1/s1"),
        (2, "delivered/o1/s2"),
        (2, "review/r1/o1/s1"),
        (2, "review/r1/o1/s2"),
        (4, "review/r1/o2/s1"),
        (3, "placed/o2/s1"),
        (4, "placed/o3/s3"),
        (4, "shipped/o3/s3"),
    ]


def test_olist_events_say_what_the_tables_say(olist: list[Received]) -> None:
    events: Any = {one.event.event_id: one.event for one in olist if one.event}
    placed = events["placed/o1/s1"]
    assert (placed.shop_id, placed.order_id) == ("s1", "o1/s1")
    assert (placed.product_id, placed.product_ids) == ("p1", ("p1", "p3"))
    assert placed.occurred_at == datetime(2017, 1, 2, 12, tzinfo=UTC)  # summer: 2 hours behind
    assert events["delivered/o1/s2"].product_ids == ("p2",)
    review = events["review/r1/o1/s2"]
    assert (review.review_id, review.order_id) == ("r1/o1/s2", "o1/s2")
    assert (review.stars, review.product_id, review.language) == (1, "p2", "pt")
    assert review.text == 'late\nand broken, "sic"'
    assert events["review/r1/o2/s1"].text is None


def test_olist_clocks_that_were_set(olist: list[Received]) -> None:
    events: Any = {one.event.event_id: one.event for one in olist if one.event}
    placed = events["placed/o2/s1"]
    assert placed.occurred_at == datetime(2017, 2, 19, 1, 30, tzinfo=UTC)  # twice: the first
    assert placed.promised_at == datetime(2017, 10, 15, 3, tzinfo=UTC)  # skipped: moved on


def test_a_rejected_row_is_kept(olist: list[Received]) -> None:
    rejected = olist[0]
    assert rejected.source_name.endswith(REVIEWS)
    assert rejected.rejection is not None
    assert rejected.rejection.event_id == "review/r3/o3/s3"
    assert rejected.rejection.message == "`stars` has to be 1 to 5, not `9`"
    assert json.loads(rejected.raw)["review_score"] == "9"


def test_events_of_a_mapping_are_events_of_lines(olist: list[Received]) -> None:
    for received in olist:
        if received.event is not None:
            again = DECODER.convert({"type": received.event.type, **_fields(received.event)})
            assert again == received.event


def _fields(event: Event) -> dict[str, Any]:
    return {name: getattr(event, name) for name in event.__struct_fields__}


# ------------------------------------------------------------------ Olist, real


def real(name: str) -> list[dict[str, str]]:
    with gzip.open(OLIST_DATA / name, "rt", encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def plain_counts() -> Counter[str]:
    """The number of events of each type, counted with plain loops over the tables."""
    sellers: dict[str, set[str]] = defaultdict(set)
    for item in real(ITEMS):
        sellers[item["order_id"]].add(item["seller_id"])
    counts: Counter[str] = Counter()
    for order in real(ORDERS):
        count = len(sellers[order["order_id"]])
        arrived = bool(order["order_delivered_customer_date"])
        counts["order.placed"] += count
        counts["order.shipped"] += count if order["order_delivered_carrier_date"] else 0
        counts["order.delivered"] += (
            count if arrived and order["order_status"] == "delivered" else 0
        )
    for review in real(REVIEWS):
        counts["review.posted"] += len(sellers[review["order_id"]])
    return counts


@pytest.mark.skipif(not OLIST_DATA.is_dir(), reason="the Olist tables are not here")
def test_olist_real() -> None:
    told: list[int] = []
    mapping = bound(OLIST_MAPPING.read_text("utf-8"), OLIST_DATA)
    received = list(map_events(mapping, DECODER, told.append))
    assert all(one.event for one in received)
    assert sum(told) == mapping.size
    counts = Counter(one.event.type for one in received if one.event)
    assert counts == plain_counts()
    assert counts["order.delivered"] == 24_629
    assert len({one.event.event_id for one in received if one.event}) == len(received)
    keys = [(one.event.occurred_at, one.event.event_id) for one in received if one.event]
    assert keys == sorted(keys)
