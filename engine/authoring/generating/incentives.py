"""The stories of things given for reviews: the platform's own coupons, and what shops offer."""

from __future__ import annotations

from typing import Final

from .agenda import Story
from .clocks import DAY, HOUR, OFFICE
from .purchases import Purchase
from .shops import Shop
from .world import World, money

_COUPONS: Final = 22


def coupon(world: World, purchase: Purchase) -> Story:
    """The platform may thank a buyer in advance for whatever review comes."""
    if not world.chance.happens(_COUPONS):
        return
    yield world.agenda.now + HOUR
    purchase.incentivised = True
    _issue(world, purchase.shop, None, is_official=True)


def trick(world: World, shop: Shop, review_id: str) -> Story:
    """A shop may offer something of its own for a low review."""
    chance = world.chance
    if not chance.happens(shop.grade(world.agenda.now).tricks):
        return
    at = world.agenda.now + chance.skewed(DAY, 6 * DAY)
    yield OFFICE.settle(at, shop.region.clock, chance)
    _issue(world, shop, review_id, is_official=False)


def _issue(world: World, shop: Shop, review_id: str | None, *, is_official: bool) -> None:
    low, high = shop.region.prices
    world.agenda.tell(
        "incentive.issued",
        shop,
        promotion_id=world.new_id("i"),
        review_id=review_id,
        value=money(shop.region, low + (high - low) * world.chance.between(0, 60) // 1000),
        within_official_program=is_official,
    )
