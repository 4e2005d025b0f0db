"""The stories of chats between buyers and shops."""

from __future__ import annotations

from typing import Final

from .agenda import Story
from .clocks import DAY, HOUR, OFFICE, SHOPPING
from .purchases import Purchase
from .world import World

_ASKS: Final = 70
_ASKS_IN_TROUBLE: Final = 380
_SELLER_WRITES_FIRST: Final = 120
_BLOCKED: Final = 12
_IGNORED: Final = 60
_RATED: Final = 220


def enquiry(world: World, purchase: Purchase) -> Story:
    """The buyer, or the shop on its own, may write about a parcel that has come."""
    chance, shop = world.chance, purchase.shop
    if not chance.happens(_ASKS_IN_TROUBLE if purchase.trouble else _ASKS):
        return
    at = world.agenda.now + chance.skewed(9 * HOUR, 20 * DAY)
    yield SHOPPING.settle(at, shop.region.clock, chance)
    thread = world.new_id("t")
    by_seller = chance.happens(_SELLER_WRITES_FIRST)
    world.agenda.tell(
        "chat.message_received",
        shop,
        thread_id=thread,
        buyer_key=purchase.buyer,
        opened_by="seller" if by_seller else None,
        buyer_blocked=True if chance.happens(_BLOCKED) else None,
    )
    if not chance.happens(_IGNORED):
        yield from _answered(world, purchase, thread)


def _answered(world: World, purchase: Purchase, thread: str) -> Story:
    chance, shop, agenda = world.chance, purchase.shop, world.agenda
    if shop.automatic:
        yield agenda.now + chance.between(1, 5)
        agenda.tell("chat.message_sent", shop, thread_id=thread, automated=True)
    length = chance.skewed(shop.grade(agenda.now).chat * HOUR, 4 * DAY)
    yield OFFICE.settle(agenda.now + length, shop.region.clock, chance)
    agenda.tell("chat.message_sent", shop, thread_id=thread)
    if chance.happens(_RATED):
        yield agenda.now + chance.skewed(HOUR, DAY)
        is_content = length < DAY and not chance.happens(150)
        stars = chance.between(4, 5) if is_content else chance.between(1, 3)
        agenda.tell("chat.rated", shop, thread_id=thread, stars=stars)
