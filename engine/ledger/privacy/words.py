"""People's words in events and in the quarantine, and what stands in their place."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

import msgspec

from ...language.catalog import Catalog
from ...runtime.event_types import ENVELOPE, Event, attribute, fields_of
from .fields import Personal, personal_fields

WITHHELD: Final = "[withheld]"
"""Stands for a text where no hash depends on it; in decisions, a digest stands beside it."""

_AROUND: Final = frozenset(
    {"specversion", "id", "source", "type", "subject", "time", "datacontenttype", "dataschema"}
)
"""What a CloudEvent says beside its `data`."""

_LOOSE: Final = msgspec.json.Decoder(float_hook=str)


@dataclass(frozen=True, slots=True)
class Aside:
    """What the quarantine says of a record."""

    message: str
    raw: str


class Words:
    """Takes people's words out of what a catalog describes."""

    def __init__(self, catalog: Catalog) -> None:
        """Know the fields that hold them."""
        self._personal: Mapping[str, Personal] = personal_fields(catalog)
        self._all = frozenset(word for one in self._personal.values() for word in one.words)
        self._known = {name: frozenset(fields_of(one)) for name, one in catalog.events.items()}
        self._any = frozenset(ENVELOPE).union(*self._known.values())

    def event(self, event: Event) -> Event:
        """An event without them; the same object if it has none."""
        personal, changes = self._personal[event.type], dict[str, str | None]()
        for field in personal.words:
            if getattr(event, attribute(field)) not in (None, "", WITHHELD):
                gone = field in personal.names and field not in personal.required
                changes[attribute(field)] = None if gone else WITHHELD
        return msgspec.structs.replace(event, **changes) if changes else event

    def aside(self, said: Aside) -> Aside:
        """A record of the quarantine without them; the same object if it has none.

        Of a field that the catalog does not know, nobody can tell what it holds: what stands there
        goes as well. One that cannot be read goes as a whole.
        """
        try:
            read = _LOOSE.decode(said.raw)
            bare = self._value(read, self._any)
            raw = msgspec.json.encode(bare).decode() if isinstance(read, dict) else ""
            same = isinstance(read, dict) and read == bare
        except (msgspec.DecodeError, UnicodeError, RecursionError):
            raw, same = "", said.raw == ""
        return said if same else Aside(WITHHELD, raw)

    def _value(self, value: Any, known: frozenset[str]) -> Any:
        if isinstance(value, list):
            return [self._value(one, known) for one in value]
        if isinstance(value, dict):
            known = self._fields_of(value, known)
            return {name: self._field(name, value[name], known) for name in value}
        return value

    def _fields_of(self, value: dict[str, Any], known: frozenset[str]) -> frozenset[str]:
        """The fields that may stand in an object; in a CloudEvent, also those of its `data`."""
        type_ = value.get("type")
        own = self._known.get(type_, known) if isinstance(type_, str) else known
        return own | _AROUND if "specversion" in value else own

    def _field(self, name: str, value: Any, known: frozenset[str]) -> Any:
        if value in (None, "", WITHHELD):
            return value
        is_data = name == "data" and isinstance(value, dict)
        if name in self._all or not (name in known or is_data):
            return WITHHELD
        return self._value(value, known)
