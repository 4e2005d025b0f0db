"""Going on under another version of a policy: what a shop takes along.

What happened stays as it is: events, decisions, points, actions, appeals. What was decided is not
judged again, and history is evaluated again at most from here on. Measures are counted anew from
the reviews and orders that are kept, and thresholds are looked at when they next would be.

What is still in use can be disabled by the new version, but has to be there: nobody could say what
becomes of it.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Iterable, Iterator
from typing import Any

import msgspec

from ..language.problems import Problem
from ..language.program import Program
from .desk import ACTION_END, ACTION_START, CASE, HOLD, POINTS
from .model import Facts, Grant, Issued, Redress, ShopState, WatchState
from .prepared import Prepared
from .shop import new_facts


class CannotTakeOver(Problem):
    """A shop that a version of a policy cannot go on with."""


def take_over(prepared: Prepared, plain: ShopState) -> ShopState:
    """The state of a shop as another program goes on with it, at the moment where it stands.

    Args:
        prepared: The program that goes on.
        plain: The state, with entities as they were written; it is used up.

    Raises:
        CannotTakeOver: Something that is in use is not there, or fields have other types.
    """
    _check_region(prepared.program, plain)
    _check_names(prepared.program, plain)
    facts = _facts(prepared, plain)
    return msgspec.structs.replace(
        plain,
        facts=facts,
        redress=_redress(plain.redress, facts),
        base=b"",
        middle=b"",
        middle_index=0,
        log=[],
    )


# ------------------------------------------------------------------- what is in use


def _check_region(program: Program, plain: ShopState) -> None:
    region = plain.facts.region
    if region and program.regions and region not in program.regions:
        help_ = "let `regions` have it still"
        raise CannotTakeOver(f"shop `{plain.shop}` is in `{region}`, which is not there", help_)


def _check_names(program: Program, plain: ShopState) -> None:
    known = _known(program)
    for what, name in dict.fromkeys(_in_use(plain)):
        if name not in known.get(what, ()):
            help_ = "let the new version have it still; `status: disabled` keeps it from acting"
            message = f"shop `{plain.shop}` is not done with the {what} `{name}`"
            raise CannotTakeOver(f"{message}, which the new version does not have", help_)


def _in_use(plain: ShopState) -> Iterator[tuple[str, str]]:
    """Everything that a shop's state speaks of: what it is, and its name."""
    facts = plain.facts
    for issued in facts.issued.values():
        yield _item(issued), issued.rule
    for held in facts.holds.values():
        yield from (("hold with an end", facts.issued[one].rule) for one in held)
    yield from (("ladder", name) for name, one in facts.ladders.items() if one.contributions)
    for action in facts.actions.values():
        yield "action", action.action
        yield from _awaited(action.grants)
    processes = (case.process for case in plain.redress.cases.values())
    yield from (("appeal process", name) for name in processes if name)


def _item(issued: Issued) -> str:
    """What a decision came from."""
    if issued.kind == "verdict":
        return f"rule on a {issued.subject_kind}"
    return "ladder" if issued.kind in {"step", "points"} else issued.kind


def _awaited(grants: Iterable[Grant]) -> Iterator[tuple[str, str]]:
    """What has to recover or to happen for an action to end."""
    for grant in grants:
        if grant.recovers is not None:
            name, told_by, _ = grant.recovers.partition("|")
            yield ("threshold" if told_by else "milestone until recovered"), name
        if grant.event is not None:
            yield "event", grant.event


def _known(program: Program) -> dict[str, set[str]]:
    """The names that a program has, by what has them."""
    found = {
        "violation": set(program.violations),
        "action": set(program.actions),
        "ladder": {one.name for one in program.ladders},
        "threshold": {one.name for one in program.thresholds},
        "milestone until recovered": {
            f"{ladder.name}/{step.at}"
            for ladder in program.ladders
            for step in ladder.steps
            if step.recovers
        },
        "appeal process": {one.name for one in program.appeals},
        "event": set(program.catalog.events),
        "hold with an end": {one.name for one in program.rules if one.time_out},
    }
    for rule in program.rules:
        found.setdefault(f"rule on a {rule.about}", set()).add(rule.name)
    return found


# ------------------------------------------------------------------- what is taken along


def _facts(prepared: Prepared, plain: ShopState) -> Facts:
    before = plain.facts
    facts = new_facts(prepared, plain.shop, before.region)
    _check_balances(prepared, plain)
    ladders = {one.name for one in prepared.program.ladders}
    return msgspec.structs.replace(
        before,
        entities=_entities(prepared, plain),
        aggregates=facts.aggregates,
        watches=_watches(prepared, before),
        ladders={name: one for name, one in before.ladders.items() if name in ladders},
        timers=sorted(one for one in before.timers if _still_goes(one, ladders)),
    )


def _check_balances(prepared: Prepared, plain: ShopState) -> None:
    """No shop gets other points by this than its decisions say."""
    facts = plain.facts
    for name, state in facts.ladders.items():
        if not state.contributions:
            continue
        ladder = prepared.ladders.at(name, facts.region, facts.clock)
        total = ladder.balance.after(one.points for one in state.contributions.values())
        if total != state.total:
            help_ = "give a ladder that counts otherwise a new name, and disable the old one"
            message = f"shop `{plain.shop}` would have {total} instead of {state.total} on `{name}`"
            raise CannotTakeOver(message, help_)


def _entities(prepared: Prepared, plain: ShopState) -> dict[str, Any]:
    """What is known, with the fields that there are now."""
    found: dict[str, Any] = {}
    for kind, made in prepared.kinds.classes.items():
        of_kind: OrderedDict[str, Any] = OrderedDict()
        try:
            for key, entity in plain.facts.entities.get(kind, {}).items():
                of_kind[key] = msgspec.convert(entity, made)
        except msgspec.ValidationError as error:
            help_ = "let fields keep their types, and give new ones new names"
            raise CannotTakeOver(f"a field of `{kind}` has another type: {error}", help_) from error
        found[kind] = of_kind
    return found


def _watches(prepared: Prepared, before: Facts) -> dict[str, WatchState]:
    """What thresholds remember; of bands that are no more they forget that they were there."""
    bands: dict[str, set[str]] = {}
    for threshold in prepared.program.thresholds:
        bands.setdefault(threshold.name, set()).update(one.name for one in threshold.bands)
    found = {}
    for name, known in bands.items():
        state = before.watches.get(name, WatchState())
        state.check_at = None
        for subject, watch in state.subjects.items():
            if watch.band not in known:
                watch.band = None
            if watch.candidate not in known:
                watch.candidate = None
                state.held.pop(subject, None)
        found[name] = state
    return found


def _still_goes(timer: tuple[int, int, str], ladders: set[str]) -> bool:
    """Whether a timer goes on: those of checks, resets and variants are set anew."""
    _, rank, ref = timer
    name, _, cause = ref.partition("|")
    expires = rank == POINTS and name in ladders and cause not in {"", "turn"}
    return expires or rank in {ACTION_START, ACTION_END, CASE, HOLD}


def _redress(before: Redress, facts: Facts) -> Redress:
    """Appeals go on; what they took out of history is out of what history there is now."""
    reviews = facts.entities["review"]
    return msgspec.structs.replace(
        before,
        void={},
        reduced={},
        journal=[],
        excluded={one: at for one, at in before.excluded.items() if one in reviews},
    )
