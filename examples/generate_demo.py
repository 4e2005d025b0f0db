"""Make the events of the demonstration: some shops, their orders, reviews, replies and appeals.

    python examples/generate_demo.py --seed 7 --out examples/demo/events.jsonl

The same seed gives the same bytes on every machine: no clock, no floats, no order of hashes. Most
of the stream is drawn at random with `stream/shops.yaml` and `stream/phrases.yaml`; what the
demonstration is about (bad replies, appeals, lines that are no events) is told, day by day, in
`stream/storyline.yaml`.
"""

from __future__ import annotations

import argparse
import itertools
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta, timezone, tzinfo
from pathlib import Path
from random import Random
from typing import Any

import yaml

HERE = Path(__file__).parent
FIRST_DAY = (2025, 1, 6)
DAYS = 146
OFFSETS = {"TH": 7, "ID": 7, "BR": -3}
"""Hours from UTC; none of these regions changes its clocks."""

Texts = Mapping[str, Mapping[str, Sequence[str]]]
"""By mood, then by language."""


# ------------------------------------------------------------------------------ the shops


@dataclass(frozen=True)
class Product:
    """Something that a shop sells."""

    key: str
    title: str
    category: str


@dataclass(frozen=True)
class Trouble:
    """Days in which more buyers than usual are unhappy, with all products or with one."""

    first: int
    last: int
    percent: int
    mood: str
    product: str | None = None

    def covers(self, day: int, product: Product) -> bool:
        """Whether an order of that day and product is affected."""
        return self.first <= day <= self.last and self.product in {None, product.key}


@dataclass(frozen=True)
class Shop:
    """A shop and what is usual for it, as `shops.yaml` explains."""

    key: str
    region: str
    languages: tuple[str, ...]
    orders_a_week: int
    products: tuple[Product, ...]
    unhappy: int
    slow: int
    answers: int
    curt: int = 0
    troubles: tuple[Trouble, ...] = ()

    @property
    def zone(self) -> timezone:
        """The offset of the shop's clock."""
        return timezone(timedelta(hours=OFFSETS[self.region]))


def shops(data: Mapping[str, Mapping[str, Any]]) -> list[Shop]:
    """The shops of `shops.yaml`."""
    return [
        Shop(
            **{
                **given,
                "key": key,
                "products": tuple(Product(name, **one) for name, one in given["products"].items()),
                "troubles": tuple(Trouble(**one) for one in given.get("troubles", ())),
            }
        )
        for key, given in data.items()
    ]


# ------------------------------------------------------------------------------ the stream


@dataclass(order=True)
class Line:
    """One line of the file, with what puts it in order."""

    at: datetime
    event_id: str
    text: bytes = field(compare=False)


def encode(event: Mapping[str, Any]) -> bytes:
    """An event as a line of JSON, without its line end."""
    return json.dumps(event, ensure_ascii=False, separators=(",", ":")).encode()


def stamp(at: datetime) -> str:
    """A time as events write it."""
    return at.isoformat(timespec="seconds")


def line(shop: str, type_: str, key: str, at: datetime, **fields: Any) -> Line:
    """An event; its id is made of its type and a key."""
    event_id = f"{type_}/{key}"
    said = {name: value for name, value in fields.items() if value is not None}
    head = {"event_id": event_id, "type": type_, "occurred_at": stamp(at), "shop_id": shop}
    return Line(at, event_id, encode({**head, **said}))


# ------------------------------------------------------------------------------ at random


class Trade:
    """The ordinary days of one shop."""

    def __init__(self, shop: Shop, random: Random, reviews: Texts, replies: Texts) -> None:
        """Draw from the texts with a generator of random numbers."""
        self._shop = shop
        self._random = random
        self._reviews = reviews
        self._replies = replies
        self._numbers = itertools.count(1)

    def lines(self) -> Iterator[Line]:
        """Everything that happens, in no particular order."""
        shop = self._shop
        opened = datetime(*FIRST_DAY, 8, tzinfo=shop.zone)
        yield line(shop.key, "shop.opened", shop.key, opened, region=shop.region, tier="standard")
        for number, one in enumerate(shop.products, start=1):
            yield self._line(
                "product.listed",
                self._key(one.key),
                opened + timedelta(minutes=number),
                product_id=self._key(one.key),
                title=one.title,
                category=one.category,
            )
        for day in range(1, DAYS):
            for _ in range(self._orders_today()):
                yield from self._order(day)

    def _line(self, type_: str, key: str, at: datetime, **fields: Any) -> Line:
        return line(self._shop.key, type_, key, at, **fields)

    def _key(self, name: str) -> str:
        return f"{self._shop.key}.{name}"

    def _chance(self, percent: int) -> bool:
        return self._random.randrange(100) < percent

    def _later(self, at: datetime, least: int, most: int) -> datetime:
        """So many hours later at least and at most, at some minute and second."""
        seconds = self._random.randrange(least * 3600, most * 3600)
        return at + timedelta(seconds=seconds)

    def _orders_today(self) -> int:
        whole, rest = divmod(self._shop.orders_a_week, 7)
        return whole + (self._random.randrange(7) < rest)

    # ------------------------------------------------------------ orders

    def _order(self, day: int) -> Iterator[Line]:
        shop, key = self._shop, self._key(f"o{next(self._numbers)}")
        product = self._random.choice(shop.products)
        buyer = f"b{self._random.randrange(1, 150)}"
        start = datetime(*FIRST_DAY, 7, tzinfo=shop.zone) + timedelta(days=day)
        placed = self._later(start, 0, 15)
        yield self._line(
            "order.placed",
            key,
            placed,
            order_id=key,
            product_id=self._key(product.key),
            buyer_key=buyer,
            amount=f"{self._random.randrange(5, 90)}.{self._random.randrange(100):02}",
            promised_at=stamp(placed + timedelta(days=3)),
        )
        if self._chance(2):
            cancelled = self._later(placed, 1, 20)
            yield self._line("order.cancelled", key, cancelled, order_id=key, fault="buyer")
            return
        slow = self._chance(shop.slow)
        shipped = self._later(placed, 74, 130) if slow else self._later(placed, 3, 60)
        yield self._line("order.shipped", key, shipped, order_id=key)
        delivered = self._later(shipped, 20, 90)
        yield self._line("order.delivered", key, delivered, order_id=key)
        if self._chance(3):
            yield from self._return(key, delivered)
        if self._chance(55):
            yield from self._review(key, product, buyer, day, delivered)

    def _return(self, order: str, delivered: datetime) -> Iterator[Line]:
        key, asked = f"{order}.return", self._later(delivered, 20, 200)
        yield self._line("return.requested", key, asked, return_id=key, order_id=order)
        settled = self._later(asked, 24, 160)
        yield self._line(
            "return.resolved", key, settled, return_id=key, fault="seller", goods_received=True
        )

    # ----------------------------------------------------------- reviews

    def _review(
        self, order: str, product: Product, buyer: str, day: int, delivered: datetime
    ) -> Iterator[Line]:
        key = order.replace(".o", ".r")
        mood = self._mood(day, product)
        language = self._random.choice(self._shop.languages)
        posted = self._later(delivered, 2, 240)
        if self._chance(1):
            posted = delivered + timedelta(days=61, hours=self._random.randrange(20))
        text = self._random.choice(self._reviews[mood][language])
        silent = mood == "great" and self._chance(35)
        yield self._line(
            "review.posted",
            key,
            posted,
            review_id=key,
            order_id=order,
            product_id=self._key(product.key),
            buyer_key=buyer,
            stars=self._stars(mood),
            text=None if silent else text,
            language=language,
            images=self._random.randrange(1, 6) if self._chance(12) else None,
        )
        yield from self._after(key, mood, language, posted)

    def _mood(self, day: int, product: Product) -> str:
        """How the buyer feels: by the troubles of the day, or by what is usual."""
        for trouble in self._shop.troubles:
            if trouble.covers(day, product) and self._chance(trouble.percent):
                return trouble.mood
        if self._chance(self._shop.unhappy):
            return self._random.choice(("product", "service", "courier"))
        return "fair" if self._chance(15) else "great"

    def _stars(self, mood: str) -> int:
        if mood == "great":
            return 4 if self._chance(30) else 5
        return 3 if mood == "fair" else self._random.randrange(1, 3)

    def _after(self, key: str, mood: str, language: str, posted: datetime) -> Iterator[Line]:
        """What becomes of a review."""
        unhappy = mood not in {"great", "fair"}
        if unhappy and self._chance(20):
            found = "logistics" if mood == "courier" else mood.replace("danger", "safety")
            at = self._later(posted, 1, 6)
            yield self._line("review.classified", key, at, **{"review_id": key, "class": found})
        if self._chance(5):
            yield from self._edits(key, mood, language, posted)
        if self._chance(4):
            at = self._later(posted, 200, 900)
            text = self._random.choice(self._reviews[mood][language])
            yield self._line("review.follow_up_posted", key, at, review_id=key, text=text)
        if self._chance(1):
            at = self._later(posted, 30, 400)
            yield self._line("review.removed", key, at, review_id=key, by="buyer")
        if self._chance(self._shop.answers):
            yield from self._reply(key, language, posted, unhappy=unhappy)

    def _edits(self, key: str, mood: str, language: str, posted: datetime) -> Iterator[Line]:
        at = posted
        for number in range(1, 3 if self._chance(25) else 2):
            at = self._later(at, 20, 150)
            text = self._random.choice(self._reviews[mood][language])
            yield self._line("review.edited", f"{key}.{number}", at, review_id=key, text=text)

    # ----------------------------------------------------------- replies

    def _reply(
        self, review: str, language: str, posted: datetime, *, unhappy: bool
    ) -> Iterator[Line]:
        key, at = review.replace(".r", ".p"), self._later(posted, 1, 70)
        manner = "sorry" if unhappy else "thanks"
        if self._chance(self._shop.curt):
            manner = "curt"
        own = self._shop.languages[0]
        language = own if self._chance(12) else language
        yield self._line(
            "reply.submitted",
            key,
            at,
            reply_id=key,
            review_id=review,
            text=self._random.choice(self._replies[manner][language]),
            language=language,
        )
        if self._chance(60):
            yield self._line("reply.published", key, self._later(at, 1, 30), reply_id=key)


# ------------------------------------------------------------------------------ by the storyline


def told(shop: Shop, entries: Sequence[Mapping[str, Any]]) -> Iterator[Line]:
    """What `storyline.yaml` tells of a shop; the file says what an entry is."""
    for number, entry in enumerate(entries, start=1):
        at = _clock(entry["at"], shop.zone)
        event_id = entry.get("event_id", f"story/{shop.key}/{number}")
        yield Line(at, event_id, _content(shop.key, event_id, at, entry))


def _clock(text: str, zone: tzinfo | None) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=zone)


def _content(shop: str, event_id: str, at: datetime, entry: Mapping[str, Any]) -> bytes:
    if "bytes" in entry:
        return bytes.fromhex(entry["bytes"])
    if "line" in entry:
        return str(entry["line"]).strip().encode()
    said = {name: value for name, value in entry.items() if name not in _NOT_SAID}
    happened = _clock(entry["happened"], at.tzinfo) if "happened" in entry else at
    if entry.get("enveloped"):
        return _enveloped(shop, event_id, happened, said)
    head = {"event_id": event_id, "type": said.pop("type"), "occurred_at": stamp(happened)}
    return encode({**head, "shop_id": shop, **said})


_NOT_SAID = frozenset({"at", "happened", "enveloped", "event_id"})


def _enveloped(shop: str, event_id: str, at: datetime, said: Mapping[str, Any]) -> bytes:
    outside = {
        "specversion": "1.0",
        "id": event_id,
        "source": "/chat",
        "type": said["type"],
        "subject": shop,
        "time": stamp(at),
    }
    inside = {name: value for name, value in said.items() if name != "type"}
    return encode({**outside, "data": inside})


# ------------------------------------------------------------------------------ all together


def stream(seed: int) -> bytes:
    """The whole file."""
    phrases, story = _read("phrases.yaml"), _read("storyline.yaml")
    lines: list[Line] = []
    for shop in shops(_read("shops.yaml")):
        random = Random(f"{seed}/{shop.key}")
        ordinary = list(Trade(shop, random, phrases["reviews"], phrases["replies"]).lines())
        lines += ordinary
        lines += [_again(one, random) for one in random.sample(ordinary, len(ordinary) // 60)]
        lines += told(shop, story.get(shop.key, ()))
    last = datetime(*FIRST_DAY, tzinfo=UTC) + timedelta(days=DAYS)
    return b"".join(one.text + b"\n" for one in sorted(lines) if one.at < last)


def _read(name: str) -> Any:
    return yaml.safe_load((HERE / "stream" / name).read_text(encoding="utf-8"))


def _again(one: Line, random: Random) -> Line:
    """The same event delivered a second time, some minutes later."""
    return Line(one.at + timedelta(minutes=random.randrange(1, 90)), one.event_id, one.text)


def main() -> None:
    """Write the file."""
    parser = argparse.ArgumentParser(description="Make the events of the demonstration.")
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument("--out", type=Path, default=HERE / "demo" / "events.jsonl")
    wanted = parser.parse_args()
    wanted.out.write_bytes(stream(wanted.seed))


if __name__ == "__main__":
    main()
