"""What a policy adds to the catalog, as its author wrote it, in the notation of the catalog."""

from __future__ import annotations

from dataclasses import dataclass

from ..shapes import (
    Authored,
    Choice,
    Flag,
    Line,
    Many,
    Named,
    Phrase,
    Record,
    Table,
    Truth,
    key,
)
from ..source import Embedded

FIELDS = Table(Phrase("a type", "optional text"), Line("a field"))


@dataclass(frozen=True, slots=True, kw_only=True)
class KindEntry(Authored):
    """A kind of thing, or further fields of one that there is."""

    key_: Embedded | None = key(Line("a field"), "the event field that says which one it is")
    links: tuple[Named, ...] | None = key(
        Table(Line("a field"), Line("a kind")),
        "kinds that it belongs to, each with the event field that says to which",
    )
    date: Embedded | None = key(Line("a field"), "the field that dates it in measures")
    counts_while: tuple[Named, ...] | None = key(
        Table(Many(Line("a word"), 1), Line("a field"), at_least=1),
        "a field, and its words while which it counts in measures; left out: always",
    )
    fields: tuple[Named, ...] | None = key(FIELDS, "what can be read of it")


@dataclass(frozen=True, slots=True, kw_only=True)
class EventTypeEntry(Authored):
    """A type of event, or further fields of one that there is."""

    about: Embedded | None = key(Line("a kind"), "what it is about")
    entity: Embedded | None = key(
        Choice(("new", "known", "any")), "whether that has been heard of before; left out: any"
    )
    fields: tuple[Named, ...] | None = key(FIELDS, "what it says besides the envelope")
    sets: tuple[Named, ...] | None = key(
        Table(Phrase("an event field", "occurred_at"), Line("a field, such as `order.reason`")),
        'fields that it sets, each to an event field, to `occurred_at` or to a text such as `"x"`',
    )
    keeps: tuple[Embedded, ...] | None = key(
        Many(Line("a field")), "its fields that set nothing, although they are called alike"
    )
    counts: tuple[Embedded, ...] | None = key(
        Many(Line("a field, such as `review.edits`")), "fields that go up by one"
    )
    needs: tuple[Embedded, ...] | None = key(
        Many(Line("a kind")), "kinds that have to have been heard of"
    )
    settles: Flag | None = key(Truth(), "whether it ends holds")


@dataclass(frozen=True, slots=True, kw_only=True)
class CatalogEntry(Authored):
    """Kinds, fields and types of events that only this policy knows."""

    entities: tuple[Named, ...] | None = key(
        Table(Record(KindEntry), Line("a kind")), "kinds of things"
    )
    events: tuple[Named, ...] | None = key(
        Table(Record(EventTypeEntry), Line("an event")), "types of events"
    )
