"""The events that the benchmarks feed: seeded, ordered, and always the same."""

from __future__ import annotations

import json
import random
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

_TEXTS = (
    "Great product, arrived quickly and exactly as described. Thank you!",
    "Broke after two days, very disappointed, would not buy again.",
    "ok",
    "สินค้าดีมาก ส่งไว",
    "Hàng đẹp, giao nhanh, sẽ ủng hộ shop tiếp",
    "The colour is not as in the picture but the quality is fine for the price I paid.",
)
_REPLIES = (
    "Thank you for your kind words, we are glad that you like it.",
    "We are sorry. Please contact us through the chat so that we can help.",
    "Give us five stars and we send you a voucher!",
)


def make_lines(count: int, *, shops: int = 500, days: int = 180, seed: int = 1) -> Iterator[bytes]:
    """So many events as JSON lines: 70 % orders, 25 % reviews, 5 % replies."""
    chance = random.Random(seed)
    start = datetime(2025, 1, 1, tzinfo=UTC)
    step = timedelta(days=days) / count
    reviews: list[tuple[str, str]] = []
    for number in range(count):
        at = (start + step * number).isoformat()
        event, shop = _event(chance, number, reviews, shops)
        envelope = {"event_id": f"e{number}", "occurred_at": at, "shop_id": shop}
        yield json.dumps(envelope | event).encode()


def _event(
    chance: random.Random, number: int, reviews: list[tuple[str, str]], shops: int
) -> tuple[dict[str, object], str]:
    draw = chance.random()
    shop = f"s{chance.randrange(shops)}"
    product = f"{shop}-p{chance.randrange(10)}"
    if draw < 0.70:
        order = {"type": "order.delivered", "order_id": f"o{number}", "product_id": product}
        return order, shop
    if draw < 0.95 or not reviews:
        reviews.append((f"r{number}", shop))
        if len(reviews) > 1000:
            reviews.pop(0)
        stars = chance.choice((1, 2, 3, 4, 5, 5, 5, 5, 5, 5, 5, 5, 5, 5, 5, 5))
        text = chance.choice(_TEXTS)
        review = {"type": "review.posted", "review_id": f"r{number}", "product_id": product}
        return {**review, "stars": stars, "text": text}, shop
    review_id, shop = chance.choice(reviews)
    reply = {"type": "reply.submitted", "reply_id": f"y{number}", "review_id": review_id}
    return {**reply, "text": chance.choice(_REPLIES)}, shop
