"""The stories of reviews that the platform looks at: hidden, and then let stand or taken out."""

from __future__ import annotations

from typing import Final

from .agenda import Story
from .chance import Weighted
from .clocks import DAY, HOUR, MINUTE, OFFICE
from .opinions import Review
from .world import World

_HIDDEN_IF_ABUSIVE: Final = 820
_HIDDEN: Final = 9
_HELD_BACK: Final = 22
_VERDICTS: Final = Weighted(
    (("review.removed", 60), ("review.struck", 15), ("review.restored", 25))
)
_MILD_VERDICTS: Final = Weighted((("review.restored", 85), ("review.removed", 15)))
_STAFF: Final = "moderation"


def checked(world: World, review: Review) -> Story:
    """The platform may hide a review for its words, or hold it back until it has looked at it."""
    chance = world.chance
    is_abusive = review.mood == "abusive"
    if chance.happens(_HIDDEN_IF_ABUSIVE if is_abusive else _HIDDEN):
        yield from _hidden(world, review, is_abusive=is_abusive)
    elif chance.happens(_HELD_BACK):
        yield from _held_back(world, review)


def _hidden(world: World, review: Review, *, is_abusive: bool) -> Story:
    chance, agenda, shop = world.chance, world.agenda, review.purchase.shop
    reason = "abusive-language" if is_abusive else "suspicious-pattern"
    yield agenda.now + chance.skewed(12 * MINUTE, 6 * HOUR)
    agenda.tell("review.hidden", shop, review_id=review.id, reason=reason, by=_STAFF)
    yield OFFICE.settle(agenda.now + chance.skewed(DAY, 6 * DAY), shop.region.clock, chance)
    if review.is_gone:
        return
    verdict = (_VERDICTS if is_abusive else _MILD_VERDICTS).draw(chance)
    review.is_gone = verdict != "review.restored"
    agenda.tell(verdict, shop, review_id=review.id, reason=reason, by=_STAFF)


def _held_back(world: World, review: Review) -> Story:
    chance, agenda, shop = world.chance, world.agenda, review.purchase.shop
    yield agenda.now + 1
    agenda.tell("review.hidden", shop, review_id=review.id, reason="awaiting-check", by=_STAFF)
    yield agenda.now + chance.skewed(3 * HOUR, 2 * DAY)
    if not review.is_gone:
        agenda.tell("review.published", shop, review_id=review.id, by=_STAFF)
