"""Which fields hold words of people, and which reasons of a policy repeat them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Final

from ...language import ir
from ...language.program import Item, Message, Program
from ...language.walk import subexpressions
from ...records.decision import Decision
from ...records.values import TEXT, type_name

_OF_THE_SHOP: Final = frozenset({"shop", "product", "order", "item"})
_NO_WORDS: Final = frozenset({"language", "template_id", "channel", "reason"})


def holds_words(entity: str, name: str) -> bool:
    """Whether a field of type text may hold what a person wrote, or who a person is."""
    if entity == "buyer" or name == "buyer_key":
        return True
    return entity not in _OF_THE_SHOP and name not in _NO_WORDS and not name.endswith("_id")


Policies = Callable[[str], Program | None]
"""Gives the policy of a digest, if it is known."""


@dataclass(slots=True)
class Reasons:
    """The reasons of policies that fill in words of people, by the digest of the policy."""

    policies: Policies
    _known: dict[str, list[tuple[str, Message]]] = field(default_factory=dict)

    def repeated(self, decision: Decision) -> bool:
        """Whether the reason of a decision may repeat what a person wrote.

        The reason of an action is that of what brought it, which its record does not name; it is
        looked for among all.
        """
        because, digest = decision.rule.because, decision.policy.digest
        if because is None:
            return False
        if digest not in self._known:
            program = self.policies(digest)
            self._known[digest] = [] if program is None else list(_repeating(program))
        return any(
            _is_of(because, message)
            for name, message in self._known[digest]
            if decision.kind == "action" or name == decision.rule.id
        )


def _repeating(program: Program) -> Iterator[tuple[str, Message]]:
    for name, message in _messages(program):
        slots = (part for part in message.parts if isinstance(part, ir.Expr))
        if any(_repeats(slot) for slot in slots):
            yield name, message


def _messages(program: Program) -> Iterator[tuple[str, Message]]:
    items: list[Item] = [*program.rules, *program.thresholds, *program.violations.every()]
    items += [*program.actions.every(), *program.ladders]
    yield from ((item.name, item.because) for item in items if item.because is not None)
    for ladder in program.ladders:
        yield from ((ladder.name, one.because) for one in ladder.steps if one.because is not None)


def _repeats(slot: ir.Expr) -> bool:
    return type_name(slot.type) == TEXT and any(
        isinstance(part, ir.Field | ir.Was)
        and type_name(part.type) == TEXT
        and holds_words(part.entity, part.name)
        for part in subexpressions(slot)
    )


def _is_of(text: str, message: Message) -> bool:
    """Whether a text may come from a sentence with slots."""
    at = 0
    for part in message.parts:
        if isinstance(part, str):
            found = text.find(part, at)
            if found < 0:
                return False
            at = found + len(part)
    return True
