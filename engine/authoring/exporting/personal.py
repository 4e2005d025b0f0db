"""Personal data in texts that will be published.

What can be told from a text is told by the tests that policies have: e-mail addresses, phone
numbers, names on other platforms; and addresses of the web that lead to somebody. What only the
record can tell is compared with it: the key of the buyer, and the words of people that the
explanation quotes. Nothing finds a name that stands in a text like any other word.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any, Final

from ...records.decision import Decision
from ...records.explanation import Explanation
from ...records.projections.dsa.checking import Mistake
from ...records.projections.dsa.statement import FORMS, Address, Text
from ...records.sealing import is_withheld
from ...records.values import TEXT
from ...runtime.texts import fold, has_email, has_handle, has_phone
from .words_of_people import holds_words

_FEWEST_CHARACTERS: Final = 12
"""Words of people are looked for if they are this long; shorter ones stand in any text."""

_CUT: Final = "…"
_MARKER: Final = re.compile(r"\[withheld [0-9a-f]{64}\]")
_USER_PART: Final = re.compile(
    r"[a-z][a-z0-9+.-]*://(?:[^\s/?#]*@|\S*?(?:/(?:users?|u|profiles?|people|members?|accounts?)/\S"
    r"|/[@~]\S|[?&#](?:users?|user_?id|uid|account|member|e?mail|phone)=\S))"
)
_SIGNS: Final[Mapping[str, Callable[[str], bool]]] = {
    "an e-mail address": has_email,
    "a phone number": has_phone,
    "somebody's name on another platform": has_handle,
    "the address of somebody's page": lambda folded: _USER_PART.search(folded) is not None,
}


def personal_data(fields: Mapping[str, Any], decision: Decision) -> Iterator[Mistake]:
    """The free texts among the fields of a statement that hold personal data, and of what kind."""
    buyer = decision.subject.buyer
    quoted = [fold(text) for text in _quoted(decision.evidence.explanation)]
    for name, form in FORMS.items():
        value = fields.get(name)
        if not isinstance(form, Text | Address) or not isinstance(value, str):
            continue
        folded = fold(value)
        for what in _found(folded, quoted):
            yield Mistake(name, value, f"holds {what}")
        if buyer and _stands_alone(fold(buyer), folded):
            yield Mistake(name, value, "holds the key of the buyer")
        if _MARKER.search(value):
            yield Mistake(name, value, "rests on a text that was withheld")


def _found(folded: str, quoted: list[str]) -> Iterator[str]:
    yield from (what for what, has in _SIGNS.items() if has(folded))
    if any(words in folded for words in quoted):
        yield "words of a buyer or a seller"


def _stands_alone(key: str, folded: str) -> bool:
    return re.search(rf"(?<!\w){re.escape(key)}(?!\w)", folded) is not None


def _quoted(tree: Explanation | None) -> Iterator[str]:
    """Texts of people that a condition read, as far as the record has them."""
    waiting = [] if tree is None else [tree]
    while waiting:
        here = waiting.pop()
        waiting.extend(here.children)
        if here.operator != "field":
            continue
        for value in here.value if isinstance(here.value, list) else [here.value]:
            if isinstance(value, str) and _is_of_people(here, value):
                yield value.removesuffix(_CUT)


def _is_of_people(node: Explanation, value: str) -> bool:
    entity, _, name = node.text.rpartition(".")
    if TEXT not in node.type or is_withheld(value) or not holds_words(entity, name):
        return False
    return entity == "buyer" or len(value) >= _FEWEST_CHARACTERS
