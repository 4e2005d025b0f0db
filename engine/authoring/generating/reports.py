"""The stories of reviews that somebody reports, and of what the platform makes of it."""

from __future__ import annotations

from typing import Final

from .agenda import Story
from .chance import Chance, Weighted
from .clocks import DAY, OFFICE
from .opinions import Review
from .phrases import phrases
from .world import World

_REPORTED_IF_ABUSIVE: Final = 650
_BY_OTHERS: Final = 4
_REPORTERS: Final = Weighted((("buyer", 4), ("visitor", 4), ("platform", 2)))
_CATEGORIES: Final = Weighted(
    (
        ("erroneous", 38),
        ("invalid", 20),
        ("competitor", 14),
        ("coercive", 12),
        ("other", 9),
        ("traffic_diversion", 7),
    )
)
_UPHELD_IF_ABUSIVE: Final = 780
_UPHELD: Final = 90
_MALFORMED: Final = 150
_WITHOUT_EVIDENCE: Final = 120


def reported(world: World, review: Review) -> Story:
    """The shop may report a review that hurts it, and now and then somebody else reports one."""
    chance, agenda, shop = world.chance, world.agenda, review.purchase.shop
    is_abusive = review.mood == "abusive"
    own = shop.grade(agenda.now).reports if review.is_low else 0
    if chance.happens(_REPORTED_IF_ABUSIVE if is_abusive else own):
        role = "seller"
    elif chance.happens(_BY_OTHERS):
        role = _REPORTERS.draw(chance)
    else:
        return
    yield OFFICE.settle(agenda.now + chance.skewed(DAY, 25 * DAY), shop.region.clock, chance)
    if review.is_gone:
        return
    report_id = world.new_id("x")
    _report(world, review, report_id, role)
    yield OFFICE.settle(agenda.now + chance.skewed(2 * DAY, 9 * DAY), shop.region.clock, chance)
    _decide(world, review, report_id)


def _report(world: World, review: Review, report_id: str, role: str) -> None:
    chance, purchase = world.chance, review.purchase
    category = _category(chance, review)
    speech = phrases(purchase.shop.region.language)
    thing = speech.thing(purchase.product.kind)
    has_evidence = not chance.happens(_WITHOUT_EVIDENCE)
    world.agenda.tell(
        "review.reported",
        purchase.shop,
        report_id=report_id,
        review_id=review.id,
        reporter_role=role,
        category=category,
        statement=speech.sentence(chance, "reports", category, thing=thing),
        evidence=(f"screenshot: {report_id}.png",) if has_evidence else None,
    )


def _category(chance: Chance, review: Review) -> str:
    if review.mood == "abusive" and not chance.happens(200):
        return "repeated_malicious"
    return _CATEGORIES.draw(chance)


def _decide(world: World, review: Review, report_id: str) -> None:
    chance, shop = world.chance, review.purchase.shop
    outcome = "rejected"
    if chance.happens(_UPHELD_IF_ABUSIVE if review.mood == "abusive" else _UPHELD):
        outcome = "upheld"
    elif chance.happens(_MALFORMED):
        outcome = "invalid"
    world.agenda.tell(
        "review.report_decided",
        shop,
        report_id=report_id,
        outcome=outcome,
        reason=f"report-{outcome}",
    )
    if outcome == "upheld" and not review.is_gone:
        review.is_gone = True
        world.agenda.tell(
            "review.struck", shop, review_id=review.id, reason="report-upheld", by="moderation"
        )
