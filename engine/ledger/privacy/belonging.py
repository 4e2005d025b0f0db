"""What belongs to a buyer: orders, reviews, and all that belongs to these, as events link them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from typing import Any

from ...language.catalog import SHOP, Catalog, EventType
from ...runtime.event_types import Event, attribute
from .fields import BUYER

Thing = tuple[str, str]
"""The kind and the key of an entity."""


class Relations:
    """Which entities the events of a catalog name, and which of them belong to which."""

    def __init__(self, catalog: Catalog) -> None:
        """Settle it for each type of event."""
        self._about = {
            name: (event.about, attribute(catalog.entities[event.about].key))
            for name, event in catalog.events.items()
        }
        self._fields = {kind.key: name for name, kind in catalog.entities.items() if name != SHOP}
        for kind in catalog.entities.values():
            self._fields |= {field: other for other, field in kind.links.items()}
        self._named = {name: _named(catalog, event) for name, event in catalog.events.items()}

    def named(self, event: Event) -> Iterator[Thing]:
        """The entities that an event names, but for the shop."""
        for kind, field in self._named[event.type]:
            key = getattr(event, field)
            if key:
                yield kind, key

    def read(self, value: Any) -> Iterator[Thing]:
        """The entities that a JSON value seems to name, which is no event."""
        if isinstance(value, dict):
            for name, inner in value.items():
                if name in self._fields and isinstance(inner, str):
                    yield self._fields[name], inner
                yield from self.read(inner)
        elif isinstance(value, list):
            for inner in value:
                yield from self.read(inner)

    def owned(self, event: Event) -> Thing | None:
        """What an event is about, which belongs to all else that it names; not the shop."""
        kind, field = self._about[event.type]
        return None if kind == SHOP else (kind, getattr(event, field))


def _named(catalog: Catalog, event: EventType) -> tuple[Thing, ...]:
    """The kinds that an event names, each with the attribute that holds its key."""
    kinds = {kind.key: name for name, kind in catalog.entities.items() if name != SHOP}
    kinds |= {field: other for other, field in catalog.entities[event.about].links.items()}
    return tuple((kinds[name], attribute(name)) for name in event.fields if name in kinds)


class Belongings:
    """What belongs to one buyer, found out event by event."""

    def __init__(self, relations: Relations, buyer: str) -> None:
        """Begin with the buyer alone."""
        self._relations = relations
        self._buyer = (BUYER, buyer)
        self._below: dict[Thing, set[Thing]] = defaultdict(set)

    def hear(self, event: Event) -> None:
        """Note what belongs to what."""
        own = self._relations.owned(event)
        if own is not None:
            for other in self._relations.named(event):
                self.link(own, other)

    def link(self, own: Thing, other: Thing) -> None:
        """Note that one thing belongs to another."""
        if own != other:
            self._below[other].add(own)

    def all(self) -> frozenset[Thing]:
        """The buyer and everything of theirs."""
        found, waiting = {self._buyer}, [self._buyer]
        while waiting:
            new = self._below.get(waiting.pop(), set()) - found
            found |= new
            waiting += new
        return frozenset(found)
