"""What buyers and sellers write, put together from the sentences in `sentences/`."""

from __future__ import annotations

import functools
from collections.abc import Mapping, Sequence
from importlib.resources import files
from types import MappingProxyType
from typing import Any, Final

import yaml

from .chance import Chance

_ENDINGS: Final[Mapping[str, tuple[int, str]]] = MappingProxyType(
    {
        "praise": (400, "also_good"),
        "fair": (120, "also_good"),
        "product": (450, "also_bad"),
        "service": (450, "also_bad"),
        "logistics": (150, "also_bad"),
        "safety": (400, "also_bad"),
        "abusive": (300, "also_bad"),
    }
)
"""How often, per mille, a text goes on, and with what."""

_SYMBOLS: Final[Mapping[str, str]] = MappingProxyType(
    {"praise": "👍😍🙏🥰👏⭐", "product": "😡😞👎", "service": "😡👎🙄", "abusive": "😡🤬"}
)
_WITH_SYMBOL: Final = 160
_BY_CATEGORY: Final[Mapping[str, str]] = MappingProxyType({"product": "faults", "safety": "safety"})
_UNSPACED: Final = frozenset({"zh"})


class Phrases:
    """What is written in one language."""

    def __init__(self, language: str) -> None:
        """Take one of the languages that there is a file for."""
        text = files(__package__).joinpath("sentences", f"{language}.yaml").read_text("utf-8")
        self._data: Mapping[str, Any] = yaml.safe_load(text)
        self._joint = "" if language in _UNSPACED else " "

    def thing(self, kind: str) -> str:
        """What a kind of product is called."""
        name: str = self._data["things"][kind]
        return name

    def sentence(self, chance: Chance, *keys: str, **slots: object) -> str:
        """One of the sentences under a key, or under a path of keys, with its slots filled."""
        found: Any = self._data
        for key in keys:
            found = found[key]
        chosen: str = chance.pick(found)
        return chosen.format(**slots)

    def review(self, chance: Chance, mood: str, category: str, kind: str, days: int) -> str:
        """The text of a review.

        Args:
            chance: what draws.
            mood: one of the keys that reviews have, such as `praise` or `service`.
            category: of the product.
            kind: of the product.
            days: how long the delivery took.
        """
        slots = {"thing": self.thing(kind), "days": max(2, days)}
        if mood == "praise" and chance.happens(170):
            return self.sentence(chance, "brief")
        parts = [self.sentence(chance, *_keys(chance, mood, category), **slots)]
        often, ending = _ENDINGS[mood]
        if chance.happens(often):
            parts.append(self.sentence(chance, ending, **slots))
        if mood in _SYMBOLS and chance.happens(_WITH_SYMBOL):
            parts.append(chance.pick(_SYMBOLS[mood]))
        return self._joint.join(parts)


def _keys(chance: Chance, mood: str, category: str) -> Sequence[str]:
    """Where the first sentence of a review stands."""
    if mood == "safety" or (mood == "product" and chance.happens(550)):
        return _BY_CATEGORY[mood], category
    return (mood,)


@functools.cache
def phrases(language: str) -> Phrases:
    """What is written in a language; read once."""
    return Phrases(language)
