"""The stories of a review: posted, classified, followed up, edited, deleted."""

from __future__ import annotations

from typing import Final

from .agenda import Story
from .chance import Chance
from .clocks import DAY, HOUR, MINUTE, SHOPPING
from .incentives import trick
from .moderation import checked
from .opinions import Review, dimensions, mood_of, stars_of, words_of
from .phrases import phrases
from .purchases import Purchase
from .replies import answered
from .reports import reported
from .world import World

_REVIEWS: Final = 440
_REVIEWS_IN_TROUBLE: Final = 680
_LAST_DAY: Final = 70

_AUTOMATIC: Final = 35
_AUTOMATIC_AFTER: Final = 15 * DAY
_IMPORTED: Final = 3

_WITH_DIMENSIONS: Final = 380
_WITH_IMAGES: Final = 190
_WITH_VIDEO: Final = 30
_ANONYMOUS: Final = 160

_CLASSIFIED: Final = 850
_CLASSIFIED_IF_GOOD: Final = 60
_FOLLOWED_UP: Final = 45
_EDITED: Final = 14
_EDITED_IF_SOLVED: Final = 330
_DELETED: Final = 6
_DELETED_IF_SOLVED: Final = 90


def first_review(world: World, purchase: Purchase) -> Story:
    """The buyer may review what has come; or the platform does if nobody does."""
    chance, shop = world.chance, purchase.shop
    if chance.happens(_REVIEWS_IN_TROUBLE if purchase.trouble else _REVIEWS):
        at = world.agenda.now + chance.skewed(40 * HOUR, _LAST_DAY * DAY)
        yield SHOPPING.settle(at, shop.region.clock, chance)
        _post(world, purchase)
    elif chance.happens(_AUTOMATIC):
        yield world.agenda.now + _AUTOMATIC_AFTER
        _post_unasked(world, purchase, automatic=True)
    elif chance.happens(_IMPORTED):
        yield world.agenda.now + chance.between(1, 30) * DAY
        _post_unasked(world, purchase, imported=True)


def _post(world: World, purchase: Purchase) -> None:
    chance, agenda = world.chance, world.agenda
    mood = mood_of(chance, purchase)
    review = Review(world.new_id("r"), purchase, mood, stars_of(chance, mood))
    has_dimensions = chance.happens(_WITH_DIMENSIONS)
    product, service, courier = dimensions(chance, review) if has_dimensions else (None,) * 3
    text = words_of(chance, review)
    agenda.tell(
        "review.posted",
        purchase.shop,
        review_id=review.id,
        order_id=purchase.id,
        product_id=purchase.product.id,
        buyer_key=purchase.buyer,
        stars=review.stars,
        stars_product=product,
        stars_service=service,
        stars_courier=courier,
        text=text,
        language=purchase.language if text else None,
        images=chance.between(1, 5) if chance.happens(_WITH_IMAGES) else None,
        videos=1 if chance.happens(_WITH_VIDEO) else None,
        anonymous=True if chance.happens(_ANONYMOUS) else None,
        incentivised=True if purchase.incentivised else None,
        refund_open=True if purchase.refund_open else None,
        goods_received=None if purchase.has_goods else False,
    )
    _go_on(world, review)


def _post_unasked(world: World, purchase: Purchase, **kind: bool) -> None:
    """A review that no buyer wrote here: given by default, or brought from elsewhere."""
    is_imported = "imported" in kind
    world.agenda.tell(
        "review.posted",
        purchase.shop,
        review_id=world.new_id("r"),
        order_id=None if is_imported else purchase.id,
        product_id=purchase.product.id,
        buyer_key=None if is_imported else purchase.buyer,
        stars=5,
        verified=False if is_imported else None,
        **kind,
    )


def _go_on(world: World, review: Review) -> None:
    """Begin everything that may come of a review."""
    begin = world.agenda.begin
    for story in (_classified, checked, answered, reported, _followed_up, _edited, _deleted):
        begin(story(world, review))
    if review.is_low:
        begin(trick(world, review.purchase.shop, review.id))


def _classified(world: World, review: Review) -> Story:
    """The platform's classifier may say what the review is about; now and then it errs."""
    chance = world.chance
    if not chance.happens(_CLASSIFIED_IF_GOOD if review.mood == "praise" else _CLASSIFIED):
        return
    yield world.agenda.now + chance.between(20, 20 * MINUTE)
    subject = review.subject if not chance.happens(50) else "other"
    world.agenda.tell(
        "review.classified",
        review.purchase.shop,
        review_id=review.id,
        class_=subject,
        safety_class=chance.between(1, 3) if subject == "safety" else None,
        classifier_version="2025-01",
    )


def _wait(world: World, review: Review, median: int, most: int) -> int:
    at = world.agenda.now + world.chance.skewed(median, most)
    return SHOPPING.settle(at, review.purchase.shop.region.clock, world.chance)


def _followed_up(world: World, review: Review) -> Story:
    chance = world.chance
    if not chance.happens(_FOLLOWED_UP):
        return
    yield _wait(world, review, 25 * DAY, 170 * DAY)
    if review.is_gone:
        return
    is_good = review.mood == "praise" and not chance.happens(120)
    purchase = review.purchase
    speech = phrases(purchase.language)
    thing = speech.thing(purchase.product.kind)
    key = "later_good" if is_good else "later_bad"
    world.agenda.tell(
        "review.follow_up_posted",
        purchase.shop,
        review_id=review.id,
        follow_up_id=world.new_id("f"),
        text=speech.sentence(chance, key, thing=thing),
        images=chance.between(1, 3) if chance.happens(150) else None,
    )


def _edited(world: World, review: Review) -> Story:
    """The buyer may write anew: far more often if the shop has made up for what went wrong."""
    chance = world.chance
    yield _wait(world, review, 4 * DAY, 28 * DAY)
    solved = review.purchase.solved
    if review.is_gone or not chance.happens(_EDITED_IF_SOLVED if solved else _EDITED):
        return
    stars, text = _second_thoughts(chance, review, solved=solved)
    review.stars = stars or review.stars
    world.agenda.tell(
        "review.edited",
        review.purchase.shop,
        review_id=review.id,
        stars=stars,
        text=text,
        by="buyer",
    )


def _second_thoughts(
    chance: Chance, review: Review, *, solved: bool
) -> tuple[int | None, str | None]:
    purchase = review.purchase
    speech = phrases(purchase.language)
    if solved:
        thing = speech.thing(purchase.product.kind)
        return chance.between(4, 5), speech.sentence(chance, "relief", thing=thing)
    if chance.happens(300):
        return min(5, max(1, review.stars + chance.pick((-1, 1)))), None
    product = purchase.product
    text = speech.review(chance, review.mood, product.category, product.kind, purchase.days)
    return None, text


def _deleted(world: World, review: Review) -> Story:
    chance = world.chance
    yield _wait(world, review, 5 * DAY, 60 * DAY)
    often = _DELETED_IF_SOLVED if review.purchase.solved and review.is_low else _DELETED
    if review.is_gone or not chance.happens(often):
        return
    review.is_gone = True
    world.agenda.tell("review.deleted", review.purchase.shop, review_id=review.id, by="buyer")
