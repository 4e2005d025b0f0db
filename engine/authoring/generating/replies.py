"""The stories of replies: drafted, submitted, published or rejected, edited, deleted."""

from __future__ import annotations

from collections.abc import Generator
from dataclasses import dataclass
from typing import Final

from .agenda import Story
from .appeals import appeal
from .chance import Chance, Weighted
from .clocks import DAY, HOUR, MINUTE, OFFICE
from .opinions import Review
from .phrases import phrases
from .violations import recorded
from .world import World

_BAD_KINDS: Final = Weighted(
    (("reward", 34), ("divert", 24), ("threat", 14), ("insult", 14), ("leak", 14))
)
_KEENER_IF_LOW: Final = 200
_DRAFTED: Final = 180
_PRIVATE: Final = 25
_CAUGHT: Final = 720
_WRITES_AGAIN: Final = 550
_EDITED: Final = 25
_DELETED: Final = 8
_ASKS_FOR_CHANGE: Final = 90
_IN_ENGLISH: Final = 60
_SOLVES: Final = 380


@dataclass(frozen=True, slots=True)
class _Reply:
    id: str
    review: Review
    kind: str
    language: str
    text: str
    template: str | None

    @property
    def is_bad(self) -> bool:
        return self.kind in {"reward", "divert", "threat", "insult", "leak"}


def answered(world: World, review: Review) -> Story:
    """The shop may answer a review, and write again if the first reply is not let through."""
    chance, agenda, shop = world.chance, world.agenda, review.purchase.shop
    grade = shop.grade(agenda.now)
    if not chance.happens(grade.replies + _KEENER_IF_LOW * review.is_low):
        return
    yield OFFICE.settle(agenda.now + chance.skewed(11 * HOUR, 21 * DAY), shop.region.clock, chance)
    if review.is_gone:
        return
    bad_replies = grade.bad_replies * (3 if review.is_low else 1)
    kind = _BAD_KINDS.draw(chance) if chance.happens(bad_replies) else _good_kind(chance, review)
    reply = _write(world, review, kind)
    is_published = yield from _submitted(world, reply)
    if not is_published and chance.happens(_WRITES_AGAIN):
        yield OFFICE.settle(agenda.now + chance.skewed(3 * HOUR, DAY), shop.region.clock, chance)
        yield from _submitted(world, _write(world, review, _good_kind(chance, review)))


def _good_kind(chance: Chance, review: Review) -> str:
    if review.stars > 3:  # noqa: PLR2004  # four and five stars are thanked for
        return "thanks"
    if chance.happens(_ASKS_FOR_CHANGE):
        return "ask_change"
    return "sorry_delivery" if review.mood == "logistics" else "sorry"


def _write(world: World, review: Review, kind: str) -> _Reply:
    chance, purchase = world.chance, review.purchase
    language = "en" if chance.happens(_IN_ENGLISH) else purchase.language
    speech = phrases(language)
    thing = speech.thing(purchase.product.kind)
    text = speech.sentence(chance, kind, thing=thing, shop=purchase.shop.id)
    is_template = purchase.shop.automatic and kind == "thanks"
    template = f"{kind}-{chance.between(1, 4)}" if is_template else None
    return _Reply(world.new_id("y"), review, kind, language, text, template)


def _submitted(world: World, reply: _Reply) -> Generator[int, None, bool]:
    """Submit a reply, and see whether it is let through, which the story's value says."""
    chance, agenda, shop = world.chance, world.agenda, reply.review.purchase.shop
    if reply.template or chance.happens(_DRAFTED):
        _tell_text(world, "reply.drafted", reply)
        yield agenda.now + chance.skewed(20 * MINUTE, DAY)
    is_private = chance.happens(_PRIVATE)
    _tell_text(world, "reply.submitted", reply, channel="private" if is_private else None)
    yield agenda.now + chance.skewed(4 * MINUTE, 12 * HOUR)
    if reply.is_bad and chance.happens(_CAUGHT):
        agenda.tell("reply.rejected", shop, reply_id=reply.id, reason=f"guideline-{reply.kind}")
        agenda.begin(appeal(world, shop))
        return False
    agenda.tell("reply.published", shop, reply_id=reply.id)
    if reply.kind in {"sorry", "sorry_delivery"}:
        reply.review.purchase.solved = chance.happens(_SOLVES)
    if reply.is_bad:
        reason = f"reply against the guideline: {reply.kind}"
        agenda.begin(recorded(world, shop, reason, review=reply.review.id))
    agenda.begin(_revised(world, reply))
    return True


def _tell_text(world: World, type_: str, reply: _Reply, **more: str | None) -> None:
    world.agenda.tell(
        type_,
        reply.review.purchase.shop,
        reply_id=reply.id,
        review_id=reply.review.id,
        text=reply.text,
        language=reply.language,
        template_id=reply.template,
        author_kind="rule" if reply.template else None,
        **more,
    )


def _revised(world: World, reply: _Reply) -> Story:
    """The shop may change a reply that was published, or take it back."""
    chance, agenda, shop = world.chance, world.agenda, reply.review.purchase.shop
    draw = chance.below(1000)
    if draw >= _EDITED + _DELETED:
        return
    yield OFFICE.settle(agenda.now + chance.skewed(2 * DAY, 20 * DAY), shop.region.clock, chance)
    if draw < _DELETED:
        agenda.tell("reply.deleted", shop, reply_id=reply.id)
        return
    text = _write(world, reply.review, _good_kind(chance, reply.review)).text
    agenda.tell("reply.edited", shop, reply_id=reply.id, text=text, language=reply.language)
