"""The stories of goods sent back and of complaints to the platform."""

from __future__ import annotations

from types import MappingProxyType
from typing import Final

from .agenda import Story
from .chance import Chance, Weighted
from .clocks import DAY, HOUR, OFFICE, SHOPPING
from .purchases import Purchase
from .violations import recorded
from .world import World

_RETURNS: Final = MappingProxyType(
    {"": 9, "product": 330, "service": 280, "logistics": 50, "safety": 500}
)
_FAULTS: Final = MappingProxyType({"": "buyer", "logistics": "logistics"})
_REASONS: Final = MappingProxyType(
    {
        "": ("changed-mind", "does-not-fit"),
        "product": ("defective", "not-as-described", "damaged"),
        "service": ("wrong-item", "item-missing"),
        "logistics": ("damaged-on-the-way", "too-late"),
        "safety": ("dangerous",),
    }
)
_REFUND_ONLY: Final = 320

_COMPLAINS: Final = 70
_COMPLAINS_WITHOUT_REASON: Final = 2
_KINDS: Final = MappingProxyType(
    {
        "product": Weighted((("counterfeit", 3), ("fraud", 1), ("other", 4))),
        "service": Weighted((("service", 6), ("empty_parcel", 1))),
        "logistics": Weighted((("empty_parcel", 1), ("other", 2))),
    }
)
_OTHER_KINDS: Final = Weighted((("other", 3), ("fraud", 1), ("service", 1)))


def return_(world: World, purchase: Purchase) -> Story:
    """The buyer may want the money back, and mostly gets it."""
    chance, shop, agenda = world.chance, purchase.shop, world.agenda
    if not chance.happens(_RETURNS[purchase.trouble]):
        return
    at = agenda.now + chance.skewed(20 * HOUR, 14 * DAY)
    yield SHOPPING.settle(at, shop.region.clock, chance)
    return_id, fault = world.new_id("n"), _FAULTS.get(purchase.trouble, "seller")
    refund_only = chance.happens(_REFUND_ONLY)
    purchase.refund_open = True
    agenda.tell(
        "return.requested",
        shop,
        return_id=return_id,
        order_id=purchase.id,
        kind="refund_only" if refund_only else "return",
        reason=chance.pick(_REASONS[purchase.trouble]),
        fault=fault,
    )
    at = agenda.now + chance.skewed((1 if refund_only else 5) * DAY, 25 * DAY)
    yield OFFICE.settle(at, shop.region.clock, chance)
    purchase.refund_open, purchase.has_goods = False, refund_only
    agenda.tell(
        "return.resolved",
        shop,
        return_id=return_id,
        order_id=purchase.id,
        fault=fault,
        goods_received=not refund_only,
    )


def complaint(world: World, purchase: Purchase) -> Story:
    """The buyer may turn to the platform, which mostly sees whether there is a reason to."""
    chance, shop, agenda = world.chance, purchase.shop, world.agenda
    if not chance.happens(_COMPLAINS if purchase.trouble else _COMPLAINS_WITHOUT_REASON):
        return
    at = agenda.now + chance.skewed(2 * DAY, 30 * DAY)
    yield SHOPPING.settle(at, shop.region.clock, chance)
    complaint_id, kind = world.new_id("c"), _kind(chance, purchase)
    agenda.tell("complaint.filed", shop, complaint_id=complaint_id, order_id=purchase.id, kind=kind)
    at = agenda.now + chance.skewed(4 * DAY, 30 * DAY)
    yield OFFICE.settle(at, shop.region.clock, chance)
    upheld = chance.happens(750 if purchase.trouble else 80)
    agenda.tell("complaint.closed", shop, complaint_id=complaint_id, upheld=upheld)
    if upheld:
        agenda.begin(
            recorded(world, shop, f"complaint upheld: {kind}", product=purchase.product.id)
        )


def _kind(chance: Chance, purchase: Purchase) -> str:
    return _KINDS.get(purchase.trouble, _OTHER_KINDS).draw(chance)
