"""The story of an order: placed, packed, delivered, completed, or given up on the way."""

from __future__ import annotations

from typing import Final

from .agenda import Story
from .chance import Chance, Weighted
from .chats import enquiry
from .clocks import DAY, DELIVERING, HOUR, MINUTE, OFFICE
from .incentives import coupon
from .purchases import Purchase, new_purchase
from .regions import Region
from .returns import complaint, return_
from .reviews import first_review
from .world import World, money

_CHANGES_MIND: Final = 14
_OUT_OF_HAND: Final = 3
_FLAGGED: Final = 5
_LOGISTICS_TIMES: Final = 4
"""So many times longer takes a parcel with which something goes wrong on the way."""
_COMPLETED_AFTER: Final = 7 * DAY
_FLAGS: Final = Weighted((("fake", 5), ("fraud", 2), ("force_majeure", 2), ("platform_bug", 1)))
_REASONS: Final = {
    "seller": ("out-of-stock", "wrong-price", "cannot-ship-in-time"),
    "buyer": ("changed-mind", "found-cheaper", "wrong-address"),
    "platform": ("payment-failed", "address-not-served"),
}


def order(world: World, region: Region) -> Story:
    """Everything that comes of somebody in a region buying something now."""
    purchase = new_purchase(world, region)
    _place(world, purchase)
    fault = _cancelled_by(world.chance, purchase)
    if fault:
        yield from _cancel(world, purchase, fault)
        return
    yield _packed_at(world, purchase)
    fulfilled_by = "platform" if purchase.shop.by_platform else None
    tell, shop = world.agenda.tell, purchase.shop
    tell("order.shipped", shop, order_id=purchase.id, fulfilled_by=fulfilled_by)
    yield _arrives_at(world, purchase)
    _deliver(world, purchase)
    yield world.agenda.now + _COMPLETED_AFTER
    tell("order.completed", shop, order_id=purchase.id)


def _place(world: World, purchase: Purchase) -> None:
    chance, shop, product = world.chance, purchase.shop, purchase.product
    others = (
        [shop.choose(chance) for _ in range(chance.between(1, 2))] if chance.happens(90) else []
    )
    quantity = chance.between(2, 4) if chance.happens(110) else 1
    amount = product.price * quantity + sum(other.price for other in others)
    promised = purchase.placed_at + (3 + shop.region.transit // 20) * DAY
    is_doubtful = purchase.is_angry or (shop.usual.tricks > 0 and chance.happens(6))
    world.agenda.tell(
        "order.placed",
        shop,
        order_id=purchase.id,
        product_id=product.id,
        product_ids=(product.id, *(other.id for other in others)) if others else None,
        buyer_key=purchase.buyer,
        amount=money(shop.region, amount),
        quantity=quantity + len(others) if quantity + len(others) > 1 else None,
        promised_at=shop.region.clock.moment(promised),
        sample=True if chance.happens(4) else None,
        gift=True if chance.happens(12) else None,
        suspected_fake=True if is_doubtful and chance.happens(300) else None,
    )
    if chance.happens(_FLAGGED):
        world.agenda.begin(_flag(world, purchase))


def _cancelled_by(chance: Chance, purchase: Purchase) -> str:
    """Who makes the order end before it left, if anybody does."""
    draw = chance.below(1000)
    cancels = purchase.shop.grade(purchase.placed_at).cancels
    if draw < cancels:
        return "seller"
    if draw < cancels + _CHANGES_MIND:
        return "buyer"
    return "platform" if draw < cancels + _CHANGES_MIND + _OUT_OF_HAND else ""


def _cancel(world: World, purchase: Purchase, fault: str) -> Story:
    yield world.agenda.now + world.chance.skewed(6 * HOUR, 3 * DAY)
    reason = world.chance.pick(_REASONS[fault])
    world.agenda.tell(
        "order.cancelled", purchase.shop, order_id=purchase.id, fault=fault, reason=reason
    )


def _flag(world: World, purchase: Purchase) -> Story:
    """Staff find out that the order is not what it seemed."""
    shop, chance = purchase.shop, world.chance
    at = purchase.placed_at + chance.between(1, 12) * DAY
    yield OFFICE.settle(at, shop.region.clock, chance)
    world.agenda.tell(
        "order.flagged",
        shop,
        order_id=purchase.id,
        flag=_FLAGS.draw(chance),
        decided_by=f"staff-{chance.between(1, 9)}",
    )


def _packed_at(world: World, purchase: Purchase) -> int:
    shop, now = purchase.shop, world.agenda.now
    length = world.chance.skewed(shop.grade(now).packing * HOUR, 7 * DAY)
    return OFFICE.settle(now + length, shop.region.clock, world.chance)


def _arrives_at(world: World, purchase: Purchase) -> int:
    region, chance = purchase.shop.region, world.chance
    median = region.transit * HOUR * (_LOGISTICS_TIMES if purchase.trouble == "logistics" else 1)
    way = median // 2 + chance.skewed(median // 2, 30 * DAY)
    return DELIVERING.settle(world.agenda.now + way, region.clock, chance)


def _deliver(world: World, purchase: Purchase) -> None:
    shop, chance, now = purchase.shop, world.chance, world.agenda.now
    purchase.delivered_at = now
    if chance.happens(60):  # the carrier tells it a while after it was so
        purchase.delivered_at -= chance.between(MINUTE, 3 * HOUR)
    earlier = purchase.delivered_at < now
    world.agenda.tell(
        "order.delivered",
        shop,
        order_id=purchase.id,
        product_id=purchase.product.id,
        buyer_key=purchase.buyer,
        delivered_at=shop.region.clock.moment(purchase.delivered_at) if earlier else None,
    )
    for story in (coupon, enquiry, complaint, return_, first_review):
        world.agenda.begin(story(world, purchase))
