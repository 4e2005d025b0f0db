"""Which events have rules that ask what was before them: the others keep no copy."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from ..language.ir import Expr, Was
from ..language.program import Draft, Message, Program, Rule
from ..language.walk import subexpressions


def remembering(program: Program) -> frozenset[str]:
    """The types of events for which a rule, draft or earning reads what something `was`."""
    items: tuple[Rule | Draft, ...] = (*program.rules, *program.drafts)
    judged = {event for item in items if _asks(_read(item)) for event in item.events}
    earned = {
        earning.event
        for ladder in program.ladders
        for earning in ladder.earning
        if earning.condition is not None and _asks((earning.condition,))
    }
    return frozenset(judged | earned)


def _asks(exprs: Iterable[Expr]) -> bool:
    return any(isinstance(part, Was) for expr in exprs for part in subexpressions(expr))


def _read(item: Rule | Draft) -> Iterator[Expr]:
    """Every expression that is read when an item is judged."""
    yield item.condition
    for message in _messages(item):
        yield from (part for part in message.parts if isinstance(part, Expr))


def _messages(item: Rule | Draft) -> Iterator[Message]:
    if item.because is not None:
        yield item.because
    if isinstance(item, Draft):
        for templates in item.templates.values():
            yield from (text.message for text in templates)
