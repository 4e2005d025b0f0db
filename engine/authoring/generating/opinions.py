"""What a buyer thinks of a purchase: mood, stars, words."""

from __future__ import annotations

from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

from .chance import Chance, Weighted
from .phrases import phrases
from .purchases import Purchase

_LUKEWARM: Final = 85
_GRUMPY: Final = 5
_ANGRY: Final = 750
_LOSES_TEMPER: Final = 25
_WORDLESS: Final = 210

_STARS: Final = MappingProxyType(
    {
        "praise": Weighted(((5, 83), (4, 17))),
        "fair": Weighted(((3, 70), (4, 30))),
        "product": Weighted(((1, 48), (2, 30), (3, 22))),
        "service": Weighted(((1, 45), (2, 33), (3, 22))),
        "logistics": Weighted(((1, 20), (2, 20), (3, 30), (4, 30))),
        "safety": Weighted(((1, 90), (2, 10))),
        "abusive": Weighted(((1, 1),)),
    }
)
_CLASSES: Final = MappingProxyType({"praise": "product", "fair": "product", "abusive": "other"})


@dataclass(slots=True, eq=False)
class Review:
    """A review as its story goes on.

    `is_gone` means that it was removed, struck or deleted. `event` is the id of its posting.
    """

    id: str
    purchase: Purchase
    mood: str
    stars: int
    is_gone: bool = False

    @property
    def is_low(self) -> bool:
        """Whether it hurts the shop."""
        return self.stars <= 2  # noqa: PLR2004  # one or two stars are low everywhere

    @property
    def subject(self) -> str:
        """What it is about, as classes of reviews say it."""
        return _CLASSES.get(self.mood, self.mood)


def mood_of(chance: Chance, purchase: Purchase) -> str:
    """How the buyer feels about a purchase."""
    if chance.happens(_ANGRY if purchase.is_angry else _LOSES_TEMPER * bool(purchase.trouble)):
        return "abusive"
    if purchase.trouble:
        return purchase.trouble
    draw = chance.below(1000)
    if draw < _GRUMPY:
        return "product"
    return "fair" if draw < _GRUMPY + _LUKEWARM else "praise"


def stars_of(chance: Chance, mood: str) -> int:
    """How many stars somebody in a mood gives."""
    return _STARS[mood].draw(chance)


def dimensions(chance: Chance, review: Review) -> tuple[int, int, int]:
    """The stars for product, service and courier that go with a review."""
    stars, subject = review.stars, review.subject
    kinder = [min(5, stars + chance.between(0, 2)) for _ in range(3)]
    for place, name in enumerate(("product", "service", "logistics")):
        if name == subject:
            kinder[place] = stars
    return kinder[0], kinder[1], kinder[2]


def words_of(chance: Chance, review: Review) -> str | None:
    """The text of a review; many who are content write none."""
    purchase = review.purchase
    if review.mood in {"praise", "fair"} and chance.happens(_WORDLESS):
        return None
    product = purchase.product
    speech = phrases(purchase.language)
    return speech.review(chance, review.mood, product.category, product.kind, purchase.days)
