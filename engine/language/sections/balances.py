"""How a ladder counts, and whether its milestones lie where the balance can get to."""

from __future__ import annotations

from itertools import pairwise

from .. import parser as parsing
from ..authored import MOST_POINTS, LadderEntry
from ..balance import Balance
from ..messages import balances as messages
from ..messages import policy as policy_messages
from ..messages import shape as shape_messages
from ..syntax import Counting
from .context import Context

UP = Balance()
"""What is meant where nothing is said: up from 0, without an end."""


def build_balance(context: Context, entry: LadderEntry) -> Balance | None:
    """How a ladder counts; `None` where that cannot be told."""
    if entry.count is None:
        return UP if entry.lacks("count") else None
    counting = parsing.parse_counting(entry.count, context.report)
    if counting is None or _too_many(context, counting):
        return None
    balance = _balance(counting)
    if balance.ceiling is not None and not balance.floor <= balance.start <= balance.ceiling:
        place = entry.count.span
        context.report.add(messages.begins_outside(balance, place))
        return None
    if balance.floor == balance.ceiling:
        context.report.add(messages.never_moves(balance.floor, entry.count.span))
        return None
    return balance


def _too_many(context: Context, counting: Counting) -> bool:
    most = max(counting.start or 0, counting.floor or 0, counting.ceiling or 0)
    if most > MOST_POINTS:
        place = counting.span
        context.report.add(shape_messages.out_of_bounds(most, 0, MOST_POINTS, place))
    return most > MOST_POINTS


def _balance(counting: Counting) -> Balance:
    """What is left out: up from the lower end and without an upper one; down to 0 from the top."""
    floor = counting.floor or 0
    if counting.down:
        start = counting.start or 0
        ceiling = start if counting.ceiling is None else counting.ceiling
        return Balance(down=True, start=start, floor=floor, ceiling=ceiling)
    start = floor if counting.start is None else counting.start
    return Balance(start=start, floor=floor, ceiling=counting.ceiling)


def check_steps(context: Context, entry: LadderEntry, balance: Balance) -> None:
    """Report milestones that stand in the wrong order, and those that nobody reaches."""
    for first, second in pairwise(entry.steps):
        if balance.depth(second.at.value) <= balance.depth(first.at.value):
            found = policy_messages.steps_out_of_order(
                second.at.span, first.at.span, down=balance.down
            )
            context.report.add(found)
    lowest, highest = _reach(balance, returns=bool(entry.earn))
    terminal = _terminal(context, entry, (lowest, highest))
    for step in entry.steps:
        at, place = step.at.value, step.at.span
        if terminal is not None and balance.depth(at) > balance.depth(terminal):
            context.report.add(policy_messages.step_unreachable(at, terminal, place))
        elif not _lies(at, lowest, highest):
            context.report.add(messages.step_outside(at, lowest, highest, place))


def _terminal(context: Context, entry: LadderEntry, reach: tuple[int, int | None]) -> int | None:
    """Where the ladder ends, if the balance can get there; else that is reported."""
    if entry.terminal is None or _lies(entry.terminal.value, *reach):
        return None if entry.terminal is None else entry.terminal.value
    context.report.add(messages.never_ends(entry.terminal.value, *reach, entry.terminal.span))
    return None


def _lies(at: int, lowest: int, highest: int | None) -> bool:
    return lowest <= at and (highest is None or at <= highest)


def _reach(balance: Balance, *, returns: bool) -> tuple[int, int | None]:
    """The lowest and the highest milestone that a balance can come to from the other side.

    Where points are earned, it can get further to that side than it began.
    """
    if balance.down:
        best = balance.ceiling if returns and balance.ceiling is not None else balance.start
        return balance.floor, best - 1
    return (balance.floor if returns else balance.start) + 1, balance.ceiling
