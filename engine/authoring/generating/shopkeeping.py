"""The stories of shops themselves: opening, listing, changing prices, holidays, tiers, accounts."""

from __future__ import annotations

from typing import Final

from .agenda import Story
from .chance import Chance
from .clocks import DAY, HOUR, OFFICE
from .shops import Product, Shop
from .world import World, money

_LISTED_LATER: Final = 120
_LINKED: Final = 70
_HOLIDAYS: Final = 250
_TIERS: Final = ("starter", "standard", "preferred")
_UPDATES: Final = 12 * DAY
_HIDES: Final = 180
_TICK: Final = 30 * DAY
_REASONS: Final = ("out-of-season", "listing-check", "stock-count")


def shop_life(world: World, shop: Shop) -> Story:
    """A shop opens, and everything that has to do with the shop itself begins."""
    agenda, chance = world.agenda, world.chance
    yield shop.opens_at
    shop.open = True
    is_new = shop.opens_at >= world.settings.begin + HOUR
    age = 0 if is_new else chance.between(30, 1500) * DAY
    agenda.tell(
        "shop.opened",
        shop,
        opened_at=shop.region.clock.moment(agenda.now - age) if age else None,
        tier=_TIERS[0] if is_new else chance.pick(_TIERS),
        fulfilment_model="platform" if shop.by_platform else "seller",
    )
    for product in shop.products:
        agenda.begin(_on_shelf(world, shop, product))
    for story in (_prices, _tiers, _holidays, _accounts, _months):
        agenda.begin(story(world, shop))


def _on_shelf(world: World, shop: Shop, product: Product) -> Story:
    """A product is listed: at once, or some time later."""
    chance = world.chance
    if product is not shop.products[0] and chance.happens(_LISTED_LATER):
        yield _some_time(world, shop, 0, 700)
    product.on_sale = True
    world.agenda.tell(
        "product.listed",
        shop,
        product_id=product.id,
        title=product.title,
        category=product.category,
        price=money(shop.region, product.price),
    )


def _some_time(world: World, shop: Shop, first: int, last: int) -> int:
    """A time in office hours between two points of the stream, counted per mille."""
    part = world.chance.between(first, last)
    length = max(0, world.settings.end - world.agenda.now)
    at = world.agenda.now + length * part // 1000
    return OFFICE.settle(at, shop.region.clock, world.chance)


def _prices(world: World, shop: Shop) -> Story:
    """Again and again the shop changes a listing, or takes one off for some days."""
    chance, agenda = world.chance, world.agenda
    while True:
        at = agenda.now + chance.skewed(_UPDATES, 10 * _UPDATES)
        yield OFFICE.settle(at, shop.region.clock, chance)
        product = shop.choose(chance)
        if product is not shop.products[0] and chance.happens(_HIDES):
            agenda.begin(_hidden(world, shop, product))
        elif product.on_sale:
            _change_price(world, shop, product)


def _change_price(world: World, shop: Shop, product: Product) -> None:
    low, _ = shop.region.prices
    product.price = max(low, product.price * world.chance.between(80, 120) // 100)
    price = money(shop.region, product.price)
    world.agenda.tell("product.updated", shop, product_id=product.id, price=price)


def _hidden(world: World, shop: Shop, product: Product) -> Story:
    chance, agenda = world.chance, world.agenda
    reason = chance.pick(_REASONS)
    product.on_sale = False
    status = "frozen" if reason == "listing-check" else "hidden"
    change = "product.status_changed"
    agenda.tell(change, shop, product_id=product.id, status=status, reason=reason)
    yield OFFICE.settle(agenda.now + chance.between(1, 20) * DAY, shop.region.clock, chance)
    product.on_sale = True
    agenda.tell(change, shop, product_id=product.id, status="active")


def _tiers(world: World, shop: Shop) -> Story:
    """The platform looks at the shop's tier every quarter."""
    while True:
        yield _quarter(world.chance, world.agenda.now)
        world.agenda.tell("shop.tier_changed", shop, tier=world.chance.pick(_TIERS))


def _quarter(chance: Chance, now: int) -> int:
    return now + chance.between(40, 140) * DAY


def _holidays(world: World, shop: Shop) -> Story:
    """The shop may announce that it is closed for some days."""
    chance, clock = world.chance, shop.region.clock
    if not chance.happens(_HOLIDAYS):
        return
    yield _some_time(world, shop, 100, 900)
    first = world.agenda.now + chance.between(1, 10) * DAY
    last = first + chance.between(2, 14) * DAY
    fields = {"from_": clock.moment(first), "to": clock.moment(last)}
    world.agenda.tell("shop.holiday_mode", shop, **fields)


def _accounts(world: World, shop: Shop) -> Story:
    """The platform may find out that another account belongs to the same people."""
    chance = world.chance
    if not chance.happens(_LINKED):
        return
    yield _some_time(world, shop, 0, 900)
    other = chance.pick(world.market.shops)
    if other is not shop:
        world.agenda.tell("shop.linked", shop, linked_account_ids=(other.id,))


def _months(world: World, shop: Shop) -> Story:
    """Once in thirty days the platform asks for what is due, whether or not anything happened."""
    while True:
        yield world.agenda.now + _TICK
        world.agenda.tell("clock.tick", shop)
