"""Which fields of events tell who a buyer is, and which hold people's words.

It follows from the catalog, with what a pack adds to it: a field of type text that is no identifier
and is not known to hold the platform's own words is taken for somebody's.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from ...language.catalog import Catalog, EventType
from ...language.types import TEXT
from ...runtime.event_types import identifiers

BUYER: Final = "buyer"

_OF_THE_PLATFORM: Final = frozenset(
    {
        *("about_event", "category", "classifier_version", "fulfilment_model", "kind", "language"),
        *("by", "decided_by", "reviewer", "reason_code", "rule", "tier", "title", "violation"),
    }
)
"""Texts that are words of a list, names of things, or of those who work for the platform."""


@dataclass(frozen=True, slots=True)
class Personal:
    """Fields of a type of event: keys of buyers, names of buyers, and all words of people.

    `required` are those of the words that the event cannot be without.
    """

    keys: tuple[str, ...] = ()
    names: tuple[str, ...] = ()
    words: tuple[str, ...] = ()
    required: frozenset[str] = frozenset()


def personal_fields(catalog: Catalog) -> Mapping[str, Personal]:
    """The fields of every type of event that say something of people."""
    keys, ids = _buyer_keys(catalog), identifiers(catalog)
    return {name: _personal(catalog, event, keys, ids) for name, event in catalog.events.items()}


def words_of_entities(catalog: Catalog) -> Mapping[str, tuple[str, ...]]:
    """The fields of every kind of entity that hold people's words."""
    ids = identifiers(catalog) | _OF_THE_PLATFORM
    return {
        name: tuple(
            spec.name for spec in kind.fields.values() if spec.type is TEXT and spec.name not in ids
        )
        for name, kind in catalog.entities.items()
    }


def _buyer_keys(catalog: Catalog) -> frozenset[str]:
    """The fields that hold the key of a buyer, wherever they stand."""
    links = (kind.links.get(BUYER) for kind in catalog.entities.values())
    return frozenset({catalog.entities[BUYER].key, *filter(None, links)})


def _personal(
    catalog: Catalog, event: EventType, buyer_keys: frozenset[str], ids: frozenset[str]
) -> Personal:
    copied = {one.source for one in event.assignments if one.field in buyer_keys}
    keys = [name for name in event.fields if name in buyer_keys or name in copied]
    texts = {name: spec for name, spec in event.fields.items() if spec.type is TEXT}
    names = [name for name in dict.fromkeys(_names(catalog, event)) if name in texts]
    other = ids | _OF_THE_PLATFORM | frozenset(keys)
    words = [name for name in texts if name in names or name not in other]
    required = frozenset(name for name in words if not texts[name].optional)
    return Personal(tuple(keys), tuple(names), tuple(words), required)


def _names(catalog: Catalog, event: EventType) -> Iterator[str]:
    """The fields of an event that say something about the buyer as such."""
    own = catalog.entities[BUYER].fields
    if event.about == BUYER:
        yield from (name for name in event.fields if name in own)
    for kind, one in event.linked:
        if kind == BUYER and one.source is not None:
            yield one.source
