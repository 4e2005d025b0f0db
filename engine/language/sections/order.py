"""What never gets its turn, because something before it always takes all."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from .. import ir
from ..messages import lint as messages
from ..program import Item, Status
from ..ranges import implies
from ..source import Span
from ..types import BOOLEAN
from .context import Context

_MOST_QUESTIONS = 2_000
"""So many times it is asked whether one condition follows from another, in all of a section."""

_MOST_TOGETHER = 16
"""So many earlier entries are taken together."""


@dataclass(frozen=True, slots=True)
class Turn:
    """An entry in its turn: when it speaks, and whether nothing after it is looked at then."""

    item: Item
    condition: ir.Expr
    events: frozenset[str]
    place: Span
    takes: bool = True


def report_hidden(context: Context, turns: Sequence[Turn]) -> None:
    """Report entries, in the order of their turns, that earlier ones leave nothing."""
    left = _MOST_QUESTIONS
    for number, turn in enumerate(turns):
        before = [one for one in turns[:number] if _covers(context, one, turn)]
        left -= len(before) + 1
        if left < 0:
            return
        taker = _taker(context, before, turn)
        if taker is not None:
            context.report.add(messages.unreachable(turn.place, taker.place))


def _covers(context: Context, earlier: Turn, later: Turn) -> bool:
    """Whether the earlier one speaks wherever and whenever the later one does, and takes all."""
    if not earlier.takes or Status.DISABLED in {earlier.item.status, later.item.status}:
        return False
    regions, everywhere = earlier.item.regions, frozenset(context.regions)
    return (
        later.events <= earlier.events
        and (not regions or (later.item.regions or everywhere or {""}) <= regions)
        and earlier.item.effective.contains(later.item.effective)
    )


def _taker(context: Context, before: Sequence[Turn], turn: Turn) -> Turn | None:
    """The earlier entry that takes everything, alone or as the last of several that do."""
    for one in before:
        if implies(turn.condition, one.condition, context.catalog):
            return one
    several = before[:_MOST_TOGETHER]
    if len(several) > 1:
        conditions = tuple(one.condition for one in several)
        either = ir.Or(conditions, type=BOOLEAN, span=turn.place)
        if implies(turn.condition, either, context.catalog):
            return several[-1]
    return None
