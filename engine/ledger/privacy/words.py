"""People's words in events and in the quarantine, and what stands in their place."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

import msgspec

from ...language.catalog import Catalog
from ...runtime.event_types import Event, attribute
from .fields import Personal, personal_fields

WITHHELD: Final = "[withheld]"
"""Stands for a text where no hash depends on it; in decisions, a digest stands beside it."""

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

        One that cannot be read goes as a whole.
        """
        try:
            read = _LOOSE.decode(said.raw)
            raw = msgspec.json.encode(self._value(read)).decode() if isinstance(read, dict) else ""
            same = isinstance(read, dict) and read == self._value(read)
        except (msgspec.DecodeError, UnicodeError, RecursionError):
            raw, same = "", said.raw == ""
        return said if same else Aside(WITHHELD, raw)

    def _value(self, value: Any) -> Any:
        if isinstance(value, list):
            return [self._value(one) for one in value]
        if isinstance(value, dict):
            return {name: self._field(name, value[name]) for name in value}
        return value

    def _field(self, name: str, value: Any) -> Any:
        if name in self._all and value not in (None, "", WITHHELD):
            return WITHHELD
        return self._value(value)
