"""The state of a shop without people's words."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from ...language.program import Program
from ...records.sealing import marker
from ...runtime.entities import link_attribute
from ...runtime.event_types import Event, attribute
from ...runtime.events import Decoder, encode_event
from ...runtime.history import History
from ...runtime.instants import from_datetime
from ...runtime.model import AggregateState, Facts, Member, ShopState
from ...runtime.openings import CLOSED
from ...runtime.prepared import Prepared, prepare
from ...runtime.snapshots import read_facts, read_shops, write_facts, write_shops
from .appeals import strip_case
from .belonging import Relations, Thing
from .fields import BUYER, words_of_entities
from .reach import Reach
from .words import WITHHELD, Words


class States:
    """Takes people's words out of the states of shops under one program."""

    def __init__(self, program: Program, key: bytes) -> None:
        """Know the fields that hold them; texts that were counted are told apart with the key."""
        self._prepared: Prepared = prepare(program)
        self._decoder = Decoder(program.catalog)
        self._words = Words(program.catalog)
        self._relations = Relations(program.catalog)
        self._fields: Mapping[str, tuple[str, ...]] = {
            kind: tuple(map(attribute, fields))
            for kind, fields in words_of_entities(program.catalog).items()
        }
        self._key = key

    def links(self, saved: bytes) -> Iterator[tuple[Thing, Thing]]:
        """What belongs to what, as far as the state of a shop knows.

        Raises:
            ValueError: It is damaged, or of another program.
        """
        (state,) = read_shops(self._prepared, saved).states
        kinds = self._prepared.program.catalog.entities
        for kind, entities in state.facts.entities.items():
            links = [(other, link_attribute(other)) for other in kinds[kind].links]
            for key, entity in entities.items():
                for other, field in links:
                    if getattr(entity, field):
                        yield (kind, key), (other, getattr(entity, field))

    def strip(self, saved: bytes, reach: Reach) -> bytes:
        """The state of a shop without the words that are reached.

        Raises:
            ValueError: It is damaged, or of another program.
        """
        restored = read_shops(self._prepared, saved)
        (state,) = restored.states
        self._history(state, reach)
        self._facts(state.facts, reach)
        state.base = self._written(state.base, reach)
        state.middle = self._written(state.middle, reach)
        state.waiting = [
            (at, sequence, name, self._line(line, reach))
            for at, sequence, name, line in state.waiting
        ]
        for case in state.redress.cases.values():
            if _is_reached(case, reach):
                strip_case(case, state.redress)
        return write_shops(self._prepared, [state], restored.counts, restored.region)

    def _written(self, written: bytes, reach: Reach) -> bytes:
        if not written:
            return written
        facts = read_facts(self._prepared, written)
        self._facts(facts, reach)
        return write_facts(facts)

    # ------------------------------------------------------------- events

    def _history(self, state: ShopState, reach: Reach) -> None:
        """Let history that can be evaluated again begin behind the last event that is reached."""
        told = [number for number, (_, line) in enumerate(state.log, 1) if self._has(line, reach)]
        if told:
            History(self._prepared, state, self._decoder).begin_behind(told[-1])

    def _has(self, line: bytes, reach: Reach) -> bool:
        return self._line(line, reach) != line

    def _line(self, line: bytes, reach: Reach) -> bytes:
        event = self._decoder.decode(line)
        if not isinstance(event, Event):
            return line
        if not reach.event(self._relations, event, from_datetime(event.occurred_at)):
            return line
        bare = self._words.event(event)
        return line if bare is event else encode_event(bare)

    # -------------------------------------------------------------- facts

    def _facts(self, facts: Facts, reach: Reach) -> None:
        for kind, entities in facts.entities.items():
            reached = {key: one for key, one in entities.items() if reach.entity(kind, key, one)}
            removed = {text for one in reached.values() for text in self._entity(kind, one)}
            for key in reached:
                held = facts.holds.get(f"{kind}|{key}", {})
                held.update({one: because and WITHHELD for one, because in held.items()})
            if removed:
                for state, plan in zip(facts.aggregates, self._prepared.aggregates, strict=True):
                    if plan.plan.entity == kind:
                        self._counted(state, removed, set(reached))

    def _entity(self, kind: str, entity: Any) -> list[str]:
        """Take the words out of an entity; gives them."""
        removed = []
        for field in self._fields[kind]:
            text = getattr(entity, field)
            if text and text != WITHHELD:
                removed.append(text)
                setattr(entity, field, None if kind == BUYER else WITHHELD)
        return removed

    def _counted(self, state: AggregateState, removed: set[str], keys: set[str]) -> None:
        """Take words that were counted out of an aggregate; equal ones stay equal."""
        for key, member in state.members.items():
            if key in keys and isinstance(member.amount, str) and member.amount in removed:
                _rename(state, member, marker(self._key, "counted", member.amount))


def _rename(state: AggregateState, member: Member, name: str) -> None:
    values = state.totals[member.subject].values
    if member.amount in values:
        values[name] = values.get(name, 0) + 1
        values[member.amount] -= 1
        if not values[member.amount]:
            del values[member.amount]
    member.amount = name


def _is_reached(case: Any, reach: Reach) -> bool:
    closed = case.state in CLOSED and case.history
    if reach.before is not None and closed and case.history[-1][0] < reach.before:
        return True
    return case.key in reach.appeals or case.appeal_id in reach.appeals
