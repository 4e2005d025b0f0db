"""Shops and their products: who sells what, how well, and how much of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Final

from .chance import Chance, Weighted, by_rank
from .clocks import DAY, HOUR
from .phrases import phrases
from .regions import Region
from .settings import Settings

CATEGORIES: Final[Mapping[str, tuple[str, ...]]] = MappingProxyType(
    {
        "home": ("lamp", "pillow", "mirror", "umbrella", "fan"),
        "electronics": ("blender", "headset", "charger", "keyboard", "mouse"),
        "beauty": ("sunscreen", "shampoo", "lipstick", "cream"),
        "fashion": ("jacket", "dress", "belt"),
        "toys": ("puzzle", "car", "bear"),
    }
)
_KINDS: Final = tuple((category, kind) for category, all_ in CATEGORIES.items() for kind in all_)


@dataclass(frozen=True, slots=True, kw_only=True)
class Grade:
    """How well a shop works. Everything is per mille, but for hours.

    `product` and `service` are orders with something wrong about them; `late` are those for which
    the shop is to blame if they come late; `replies` are answered reviews, `bad_replies` those of
    them that break the usual rules; `reports` are low reviews that the shop reports; `tricks` are
    reviews for which it offers something of its own. `packing` and `chat` are median hours until
    a parcel leaves and until a chat is answered.
    """

    name: str
    product: int
    service: int
    replies: int
    bad_replies: int
    reports: int
    tricks: int
    cancels: int
    packing: int
    chat: int


FINE: Final = Grade(
    name="fine", product=7, service=4, replies=700, bad_replies=3, reports=50, tricks=0,
    cancels=4, packing=12, chat=1,
)  # fmt: skip
ORDINARY: Final = Grade(
    name="ordinary", product=22, service=13, replies=450, bad_replies=18, reports=90, tricks=4,
    cancels=12, packing=20, chat=3,
)  # fmt: skip
POOR: Final = Grade(
    name="poor", product=95, service=60, replies=300, bad_replies=130, reports=220, tricks=40,
    cancels=45, packing=40, chat=9,
)  # fmt: skip
_GRADES: Final = Weighted(((FINE, 30), (ORDINARY, 58), (POOR, 12)))

_NEWCOMERS: Final = 120
_WITH_BAD_WEEKS: Final = 150
_AUTOMATIC: Final = 350
_BY_PLATFORM: Final = 300

_TRIES: Final = 4
"""How often somebody who met a closed shop or an empty shelf looks for another."""


@dataclass(slots=True, eq=False)
class Product:
    """Something that a shop sells; `price` is in the smallest unit of money."""

    id: str
    kind: str
    category: str
    title: str
    price: int
    on_sale: bool = False


@dataclass(slots=True, eq=False)
class Shop:
    """A seller.

    `bad_from` and `bad_to` bound weeks in which the shop works as the poor ones do. `automatic`
    shops answer with templates.
    """

    id: str
    region: Region
    usual: Grade
    opens_at: int
    bad_from: int
    bad_to: int
    automatic: bool
    by_platform: bool
    open: bool = False
    products: list[Product] = field(default_factory=list)
    shelf: Weighted[Product] = field(init=False)

    def grade(self, now: int) -> Grade:
        """How well the shop works at a time."""
        return POOR if self.bad_from <= now < self.bad_to else self.usual

    def choose(self, chance: Chance) -> Product:
        """What a buyer takes; the first product is always there."""
        for _ in range(_TRIES):
            product = self.shelf.draw(chance)
            if product.on_sale:
                return product
        return self.products[0]


class Market:
    """All shops, and how often each is bought from."""

    def __init__(self, settings: Settings, chance: Chance) -> None:
        """Make the shops; all but some newcomers are open from the first day on."""
        self.shops: list[Shop] = []
        mix = Weighted(settings.regions)
        for number in range(settings.shops):
            # The first shops make sure that every region has one, and that it is open.
            is_first = number < len(settings.regions)
            region = settings.regions[number][0] if is_first else mix.draw(chance)
            self.shops.append(_make_shop(number, region, settings, chance))
        self._by_region = {
            region.code: self._local(region, chance) for region, _ in settings.regions
        }

    def _local(self, region: Region, chance: Chance) -> tuple[Sequence[Shop], Weighted[Shop]]:
        """The shops of a region from the largest to the smallest."""
        shops = [shop for shop in self.shops if shop.region is region]
        order = sorted((chance.below(1 << 32), number) for number in range(1, len(shops)))
        ranked = [shops[0], *(shops[number] for _, number in order)]
        return ranked, by_rank(ranked)

    def choose(self, region: Region, chance: Chance) -> Shop:
        """The shop that a buyer of a region comes to; the largest is always open."""
        ranked, weighted = self._by_region[region.code]
        for _ in range(_TRIES):
            shop = weighted.draw(chance)
            if shop.open:
                return shop
        return ranked[0]


def _make_shop(number: int, region: Region, settings: Settings, chance: Chance) -> Shop:
    begin, length = settings.begin, settings.days * DAY
    opens_at = begin + number * HOUR // settings.shops
    if number >= len(settings.regions) and chance.happens(_NEWCOMERS):
        opens_at = begin + HOUR + length * chance.below(600) // 1000
    bad_from = begin + length * chance.below(1000) // 1000
    bad_days = chance.between(10, 35) if chance.happens(_WITH_BAD_WEEKS) else 0
    shop = Shop(
        id=f"s{number + 1:04d}",
        region=region,
        usual=_GRADES.draw(chance),
        opens_at=opens_at,
        bad_from=bad_from,
        bad_to=bad_from + bad_days * DAY,
        automatic=chance.happens(_AUTOMATIC),
        by_platform=chance.happens(_BY_PLATFORM),
    )
    shop.products = [_make_product(shop, n, chance) for n in range(settings.products)]
    shop.shelf = by_rank(shop.products)
    return shop


def _make_product(shop: Shop, number: int, chance: Chance) -> Product:
    region = shop.region
    category, kind = chance.pick(_KINDS)
    low, high = region.prices
    price = min(high, low + chance.skewed((high - low) // 6, high - low))
    name = phrases(region.language).thing(kind)
    model = f"{chance.pick('ABCDEFGHKLMNPRSTVX')}{chance.between(10, 99)}"
    return Product(f"{shop.id}-p{number + 1:03d}", kind, category, f"{name} {model}", price)
