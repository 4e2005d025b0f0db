"""The Olist tables counted with plain loops: nothing here is shared with the engine.

For every shop and every day, all of its orders and reviews are looked at again. Times are compared
as the tables write them, in local time: no check and no day's border falls into an hour that the
clocks of São Paulo skip or repeat.

An order that nothing has touched for 400 days is forgotten: a review that comes later than that
cannot be too late for its delivery, since nobody knows of one.
"""

from __future__ import annotations

import csv
import gzip
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from fractions import Fraction
from pathlib import Path

WINDOW = timedelta(days=29)
"""Today and the 29 days before it."""

CHECK = timedelta(hours=6)
LEAST_SAMPLE = 20
REVIEW_DAYS = timedelta(days=60)
RETENTION = timedelta(days=400)

_STAMP = "%Y-%m-%d %H:%M:%S"


@dataclass(slots=True)
class Shop:
    """What the tables say of one seller: deliveries, and bad reviews that stand."""

    deliveries: list[datetime] = field(default_factory=list)
    negatives: list[datetime] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Seen:
    """What a check at six o'clock has to see."""

    numerator: int
    denominator: int

    @property
    def rate(self) -> Fraction | None:
        """The share of bad reviews; nothing if there are too few orders to tell."""
        if self.denominator < LEAST_SAMPLE:
            return None
        return Fraction(self.numerator, self.denominator)


@dataclass(slots=True)
class Order:
    """When an order arrived, if it did, and when something was last heard of it."""

    touched: datetime
    delivered: datetime | None = None

    def touch(self, at: datetime) -> None:
        self.touched = max(self.touched, at)

    def is_known(self, at: datetime) -> bool:
        """Whether it is not forgotten yet; nothing in the tables lies near the border."""
        silence = at - self.touched
        assert abs(silence - RETENTION) > timedelta(hours=2)
        return silence < RETENTION


def read_shops(folder: Path) -> dict[str, Shop]:
    """Every seller with an item, from the three tables."""
    sellers: dict[str, set[str]] = defaultdict(set)
    for item in _rows(folder / "olist_order_items_dataset.csv.gz"):
        sellers[item["order_id"]].add(item["seller_id"])
    shops = {seller: Shop() for several in sellers.values() for seller in several}
    orders: dict[str, Order] = {}
    for row in _rows(folder / "olist_orders_dataset.csv.gz"):
        order = orders[row["order_id"]] = _order(row)
        if order.delivered is not None:
            for seller in sellers[row["order_id"]]:
                shops[seller].deliveries.append(order.delivered)
    reviews = _rows(folder / "olist_order_reviews_dataset.csv.gz")
    for row in sorted(reviews, key=lambda row: row["review_answer_timestamp"]):
        posted, order = _time(row["review_answer_timestamp"]), orders[row["order_id"]]
        if int(row["review_score"]) <= 2 and not _too_late(posted, order):
            for seller in sellers[row["order_id"]]:
                shops[seller].negatives.append(posted)
        if order.is_known(posted):
            order.touch(posted)
    return shops


def _order(row: dict[str, str]) -> Order:
    order = Order(_time(row["order_purchase_timestamp"]))
    if row["order_delivered_carrier_date"]:
        order.touch(_time(row["order_delivered_carrier_date"]))
    arrived = row["order_delivered_customer_date"]
    if row["order_status"] == "delivered" and arrived:
        order.delivered = _time(arrived)
        order.touch(order.delivered)
    return order


def _time(text: str) -> datetime:
    return datetime.strptime(text, _STAMP)  # noqa: DTZ007  # local, like the tables


def _too_late(posted: datetime, order: Order) -> bool:
    """Whether a review came more than 60 days after a delivery that was known by then."""
    arrived = order.delivered
    if arrived is None or posted < arrived or not order.is_known(posted):
        return False
    return posted.date() > arrived.date() + REVIEW_DAYS


def _rows(path: Path) -> Iterator[dict[str, str]]:
    with gzip.open(path, "rt", encoding="utf-8", newline="") as file:
        yield from csv.DictReader(file)


def seen(shop: Shop, day: date) -> Seen:
    """What the check of a day has to see of a shop, from all that ever happened to it."""
    midnight = datetime(day.year, day.month, day.day)  # noqa: DTZ001  # local, like the tables
    start, now = midnight - WINDOW, midnight + CHECK
    return Seen(
        sum(1 for posted in shop.negatives if start <= posted <= now),
        sum(1 for arrived in shop.deliveries if start <= arrived <= now),
    )


def band_after(band: str | None, rate: Fraction) -> str:
    """The band of a shop whose rate has been seen, given the band it was in."""
    percent = rate * 100
    if band == "breach" and percent >= 35:
        return "breach"
    if percent < 20:
        return "healthy"
    if percent < 30:
        return "watch"
    return "warning" if percent < 40 else "breach"
