"""What would have had to be different for a condition to come out the other way.

Only what the outcome rests on is spoken of: of a conjunction that fails, the operand that failed;
of one that holds, all of them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Final

from .explanation import Explanation
from .values import DURATION, INSTANT, INTEGER, TEXT

_NEGATED: Final = {"==": "!=", "!=": "==", "<": ">=", "<=": ">", ">": "<=", ">=": "<"}
_MIRRORED: Final = {"==": "==", "!=": "!=", "<": ">", "<=": ">=", ">": "<", ">=": "<="}


def counterfactual(tree: Explanation) -> list[str]:
    """One sentence for each part that the outcome rests on, in the author's order.

    For instance: `review.stars <= 2` held with review.stars = 1; it would not hold from 3 on.
    """
    return list(dict.fromkeys(_sentence(leaf) for leaf in decisive(tree)))


def decisive(tree: Explanation) -> Iterator[Explanation]:
    """The conditions without conditions below them that the outcome rests on."""
    waiting = [tree]
    while waiting:
        here = waiting.pop()
        if not here.evaluated or here.error is not None or not isinstance(here.value, bool):
            continue
        parts = _BELOW[here.operator](here) if here.operator in _BELOW else []
        if parts:
            waiting.extend(reversed(parts))
        else:
            yield here


def _below_and(node: Explanation) -> list[Explanation]:
    return [child for child in node.children if child.value is node.value]


def _below_if(node: Explanation) -> list[Explanation]:
    return [child for child in node.children if child.evaluated]


def _below_not(node: Explanation) -> list[Explanation]:
    return list(node.children)


_BELOW: Final[Mapping[str, Callable[[Explanation], list[Explanation]]]] = {
    "and": _below_and,
    "or": _below_and,
    "not": _below_not,
    "if": _below_if,
}


def _sentence(leaf: Explanation) -> str:
    held = "held" if leaf.value else "did not hold"
    would = "would not hold" if leaf.value else "would hold"
    values = _values(leaf)
    how = _otherwise(leaf)
    return f"`{leaf.text}` {held}{values}" + (f"; it {would} {how}" if how else "")


def _values(leaf: Explanation) -> str:
    """What the operands were, as far as they are not written in the condition itself."""
    known = [
        f"{child.text} = {_written(child)}"
        for child in leaf.children
        if child.operator != "constant" and child.evaluated and child.error is None
    ]
    return f" with {' and '.join(known)}" if known else ""


def _written(node: Explanation) -> str:
    """A value in a sentence."""
    value = node.value
    if value is None:
        return "nothing"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, list):
        return ", ".join(map(str, value)) or "an empty list"
    return f"“{value}”" if node.type == TEXT else str(value)


def _otherwise(leaf: Explanation) -> str:
    if leaf.operator in _NEGATED and len(leaf.children) == 2:  # noqa: PLR2004 - no chain
        return _other_side(leaf)
    return _OTHERWISE[leaf.operator](leaf) if leaf.operator in _OTHERWISE else ""


def _other_side(leaf: Explanation) -> str:
    """Where the value would have to lie for a comparison to come out the other way."""
    left, right = leaf.children
    sign = _NEGATED[leaf.operator] if leaf.value else leaf.operator
    if left.operator == "constant":
        left, right, sign = right, left, _MIRRORED[sign]
    bound = right.value if right.operator == "constant" else None
    if isinstance(bound, int) and not isinstance(bound, bool) and left.type == INTEGER:
        return _whole(sign, bound)
    where = _written(right) if right.operator == "constant" else right.text
    words = _WORDS.get(left.type, _USUAL)
    return f"{words[sign]} {where}"


def _whole(sign: str, bound: int) -> str:
    """The same for whole numbers, which have neighbours."""
    if sign in {"<", "<="}:
        return f"up to {bound - 1 if sign == '<' else bound}"
    if sign in {">", ">="}:
        return f"from {bound + 1 if sign == '>' else bound} on"
    return f"{_USUAL[sign]} {bound}"


_EQUAL: Final = {"==": "with", "!=": "with anything but"}
_USUAL: Final = {**_EQUAL, "<": "below", "<=": "up to", ">": "above", ">=": "from"}
_WORDS: Final[Mapping[str, Mapping[str, str]]] = {
    INSTANT: {**_EQUAL, "<": "before", "<=": "until", ">": "after", ">=": "from"},
    DURATION: {**_EQUAL, "<": "below", "<=": "up to", ">": "beyond", ">=": "from"},
}


def _without_words(leaf: Explanation) -> str:
    if not leaf.value:
        return (
            "with all of the words in the text"
            if "all of" in leaf.operator
            else ("with one of the words in the text")
        )
    words = " and ".join(f"“{each.word}”" for each in leaf.found)
    return f"without {words}"


def _if_missing(leaf: Explanation) -> str:
    return "if it were missing" if leaf.value else "if it were there"


def _if_elsewhere(leaf: Explanation) -> str:
    return "with a value that is not listed" if leaf.value else "with a value that is listed"


def _if_later(leaf: Explanation) -> str:
    return "outside that time" if leaf.value else "inside that time"


def _if_declared(leaf: Explanation) -> str:
    return "outside such periods" if leaf.value else "inside such a period"


def _if_together(leaf: Explanation) -> str:
    if leaf.value:
        return _without_words(leaf)
    return "with a word of each list in one sentence"


def _if_found(leaf: Explanation) -> str:
    return "if nothing in the text matched" if leaf.value else "if something in the text matched"


_OTHERWISE: Final[Mapping[str, Callable[[Explanation], str]]] = {
    "contains": _without_words,
    "contains any of": _without_words,
    "contains all of": _without_words,
    "has": _if_missing,
    "in": _if_elsewhere,
    "within": _if_later,
    "during": _if_later,
    "declared": _if_declared,
    "in_one_sentence": _if_together,
    "matches": _if_found,
}
