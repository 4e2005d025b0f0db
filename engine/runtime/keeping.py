"""What is known of a shop's entities: kept when an event touches them, forgotten after a while.

An entity is forgotten once nothing has touched it for longer than the policy's retention, by the
first event after that, so that what a rule can know depends on nothing but the events. One that
still counts in a measure by then, or will count, is remembered for as long again. Whatever touches
an entity touches all that it links to.
"""

from __future__ import annotations

from ..language.catalog import SHOP
from .desk import Desk
from .entities import KEY, Entity


class Keeping:
    """The entities of one shop."""

    def __init__(self, desk: Desk) -> None:
        """Work at a desk."""
        self._desk = desk
        self._entities = desk.facts.entities
        self._aggregates = desk.measuring.aggregates
        self._retention = desk.prepared.program.retention
        scopes = desk.prepared.kinds.scopes
        kinds = [kind for kind in self._entities if kind != SHOP]
        self._kinds = sorted(kinds, key=lambda kind: -len(scopes[kind]))
        """Those that link to others first: what keeps one of them keeps these."""

    def keep(self, kind: str, key: str, entity: Entity, now: int) -> None:
        """Keep an entity, and what it links to, as touched last of their kinds."""
        self._entities[kind][key] = entity
        self._aggregates.reverse.note(kind, key, entity)
        self._touch(kind, entity, now)

    def _touch(self, kind: str, entity: Entity, now: int) -> None:
        scope = self._desk.scope(kind, entity)
        for other, found in zip(self._desk.prepared.kinds.scope_kinds(kind), scope, strict=True):
            key = getattr(found, KEY)
            if key and other != SHOP:
                found.touched_at = now
                self._entities[other].move_to_end(key)

    def forget(self, now: int) -> None:
        """Forget the entities that nothing has touched for the retention."""
        facts = self._desk.facts
        if now < facts.forget_at:
            return
        oldest = min(self._forget_kind(kind, now) for kind in self._kinds)
        facts.forget_at = oldest + self._retention + 1

    def _forget_kind(self, kind: str, now: int) -> int:
        """Forget the old entities of a kind; gives when the oldest that is left was touched."""
        entities = self._entities[kind]
        while entities:
            key, entity = next(iter(entities.items()))
            if entity.touched_at >= now - self._retention:
                return int(entity.touched_at)
            if self._aggregates.still_counts(kind, entity, now):
                self._touch(kind, entity, now)
            else:
                self._forget(kind, key, entity)
                self._aggregates.forgotten(kind, key, now)
        return now

    def _forget(self, kind: str, key: str, entity: Entity) -> None:
        self._aggregates.drop(kind, key)
        self._aggregates.reverse.forget(kind, key, entity)
        if kind == "review":
            self._desk.facts.excluded.pop(key, None)
        del self._entities[kind][key]
