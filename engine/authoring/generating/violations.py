"""The stories of violations that staff record; they are told only if somebody named some."""

from __future__ import annotations

from typing import Final

from .agenda import Story
from .appeals import appeal
from .clocks import HOUR, OFFICE
from .shops import Shop
from .world import World

_RECORDED: Final = 500


def recorded(
    world: World, shop: Shop, reason: str, *, product: str | None = None, review: str | None = None
) -> Story:
    """Staff may record a violation for something that has come to light, and the shop appeal."""
    names, chance, agenda = world.settings.violations, world.chance, world.agenda
    if not names or not chance.happens(_RECORDED):
        return
    yield OFFICE.settle(agenda.now + chance.between(1, 20) * HOUR, shop.region.clock, chance)
    agenda.tell(
        "violation.recorded",
        shop,
        violation_id=world.new_id("v"),
        violation=chance.pick(names),
        product_id=product,
        review_id=review,
        reason=reason,
    )
    agenda.begin(appeal(world, shop))
