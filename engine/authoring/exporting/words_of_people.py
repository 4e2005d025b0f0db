"""Which fields hold words of people, and which reasons of a policy repeat them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
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


_Messages = Mapping[str, Sequence[Message]]


@dataclass(slots=True)
class Reasons:
    """The reasons that policies give, by the digest of the policy and the name of the entry."""

    policies: Mapping[str, Program]
    _known: dict[str, _Messages] = field(default_factory=dict)

    def repeated(self, decision: Decision) -> bool:
        """Whether the reason of a decision may repeat what a person wrote.

        The reason of an action is that of what brought it, which its record does not name; it is
        looked for among all.
        """
        because = decision.rule.because
        known = self._of(decision)
        if because is None:
            return False
        if decision.kind == "action":
            possible = [message for several in known.values() for message in several]
        else:
            possible = list(known.get(decision.rule.id, ()))
        return any(_is_of(because, message) for message in possible if _repeats_any(message))

    def constant(self, decision: Decision) -> str | None:
        """The reason of a verdict, if the policy gives the same whatever is judged."""
        found = self._of(decision).get(decision.rule.id, ()) if decision.kind == "verdict" else ()
        texts = {message.parts for message in found}
        (parts,) = texts if len(texts) == 1 else ((),)
        return "".join(map(str, parts)) if parts and not _slots(parts) else None

    def _of(self, decision: Decision) -> _Messages:
        digest = decision.policy.digest
        if digest not in self._known:
            program = self.policies.get(digest)
            self._known[digest] = {} if program is None else _by_name(program)
        return self._known[digest]


def _by_name(program: Program) -> _Messages:
    found: dict[str, list[Message]] = {}
    for name, message in _messages(program):
        found.setdefault(name, []).append(message)
    return found


def _slots(parts: Iterable[str | ir.Expr]) -> list[ir.Expr]:
    return [part for part in parts if isinstance(part, ir.Expr)]


def _repeats_any(message: Message) -> bool:
    return any(map(_repeats, _slots(message.parts)))


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
