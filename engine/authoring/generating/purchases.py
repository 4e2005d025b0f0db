"""A purchase: who bought what from whom, and what goes wrong with it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from .regions import Region
from .shops import Product, Shop
from .world import World

_LATE: Final = 18
_HARMFUL: Final = 1
_BY_REGULARS: Final = 300
_EVERY_ANGRY_BUYER: Final = 211
_AN_ANGRY_BUYER: Final = 17
"""One in so many buyers insults shops whatever they get."""


@dataclass(slots=True, eq=False)
class Purchase:
    """An order as its story goes on.

    `trouble` is what goes wrong with it, as classes of reviews say it, or nothing. `solved` means
    that the shop has made up for that.
    """

    id: str
    shop: Shop
    product: Product
    buyer: str
    is_angry: bool
    language: str
    trouble: str
    placed_at: int
    delivered_at: int = 0
    refund_open: bool = False
    has_goods: bool = True
    incentivised: bool = False
    solved: bool = False

    @property
    def days(self) -> int:
        """How many days the delivery took."""
        return (self.delivered_at - self.placed_at) // 86_400


def new_purchase(world: World, region: Region) -> Purchase:
    """Somebody in a region buys something now."""
    chance, now = world.chance, world.agenda.now
    shop = world.market.choose(region, chance)
    number = _buyer(world, region)
    return Purchase(
        id=world.new_id("o"),
        shop=shop,
        product=shop.choose(chance),
        buyer=f"b{number:06d}-{region.code.lower()}",
        is_angry=number % _EVERY_ANGRY_BUYER == _AN_ANGRY_BUYER,
        language=region.speech.draw(chance),
        trouble=_trouble(world, shop, now),
        placed_at=now,
    )


def _buyer(world: World, region: Region) -> int:
    """The number of a person; the first tenth of them are regulars."""
    buyers, chance = world.buyers[region.code], world.chance
    return chance.below(buyers // 10 if chance.happens(_BY_REGULARS) else buyers)


def _trouble(world: World, shop: Shop, now: int) -> str:
    grade = shop.grade(now)
    draw = world.chance.below(1000)
    for per_mille, trouble in (
        (grade.product, "product"),
        (grade.service, "service"),
        (_LATE, "logistics"),
        (_HARMFUL, "safety"),
    ):
        if draw < per_mille:
            return trouble
        draw -= per_mille
    return ""
