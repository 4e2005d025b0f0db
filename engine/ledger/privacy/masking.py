"""Events on their way into a ledger: the keys of buyers are hashed before anything reads them.

What is no event goes into the quarantine, and is treated alike where it is JSON that can be read.
What cannot be read is not kept where there is a key, since nobody can tell what is in it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import Any, Final

import msgspec

from ...language.catalog import Catalog
from ...runtime.event_types import Event, attribute
from ...runtime.events import Decoder
from ...runtime.inputs import Received
from ...runtime.rejections import Rejection
from .fields import personal_fields
from .keys import pseudonym

_LOOSE: Final = msgspec.json.Decoder(float_hook=str)
_NOTHING: Final = Rejection("", None, "")


class Masking:
    """Hashes the keys of buyers, and drops their names where this is wanted."""

    def __init__(self, catalog: Catalog, key: bytes, *, names: bool) -> None:
        """Prepare for the events of a catalog.

        Args:
            catalog: What the events may say.
            key: The key of the deployment; empty if keys of buyers stay as they are.
            names: Whether the names of buyers are dropped.
        """
        self._key = key
        self._decoder = Decoder(catalog)
        personal = personal_fields(catalog)
        self._required = {name: one.required for name, one in personal.items()}
        self._keys = {name: one.keys if key else () for name, one in personal.items()}
        self._names = {name: one.names if names else () for name, one in personal.items()}
        self._all_keys = frozenset(field for one in self._keys.values() for field in one)
        self._all_names = frozenset(field for one in self._names.values() for field in one)

    def all(self, received: Iterable[Received]) -> Iterator[Received]:
        """What was received, as it may be kept."""
        if not self._all_keys and not self._all_names:
            return iter(received)
        return map(self.one, received)

    def one(self, received: Received) -> Received:
        """One line or row, as it may be kept."""
        if received.event is not None:
            return msgspec.structs.replace(received, event=self.event(received.event))
        return msgspec.structs.replace(
            received,
            raw=self._raw(received.raw),
            rejection=self._rejection(received.rejection or _NOTHING),
        )

    def event(self, event: Event) -> Event:
        """An event with the keys of buyers hashed, and their names dropped if wanted."""
        changes: dict[str, Any] = {}
        for field in self._keys[event.type]:
            value = getattr(event, attribute(field))
            if value is not None:
                changes[attribute(field)] = pseudonym(self._key, value)
        for field in self._names[event.type]:
            if getattr(event, attribute(field)):
                dropped = "" if field in self._required[event.type] else None
                changes[attribute(field)] = dropped
        return msgspec.structs.replace(event, **changes) if changes else event

    def _raw(self, raw: bytes) -> bytes:
        """What is kept of a line that is no event."""
        try:
            read = _LOOSE.decode(raw)
            if isinstance(read, dict):
                return self._no_event(msgspec.json.encode(self._value(read)))
        except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
            pass
        return b"" if self._key else raw

    def _no_event(self, raw: bytes) -> bytes:
        """What masking has made an event of is not kept: it was none, and would pass for one."""
        return b"" if isinstance(self._decoder.decode(raw), Event) else raw

    def _value(self, value: Any) -> Any:
        """A JSON value; a CloudEvent has its fields one level down."""
        if isinstance(value, list):
            return [self._value(one) for one in value]
        if isinstance(value, dict):
            return {name: self._field(name, value[name]) for name in value}
        return value

    def _field(self, name: str, value: Any) -> Any:
        if name in self._all_names:
            return None
        if name in self._all_keys and value is not None:
            return pseudonym(self._key, str(value))
        return self._value(value)

    def _rejection(self, rejection: Rejection) -> Rejection:
        """A reason that does not quote what is hashed or dropped."""
        if rejection.field not in self._all_keys | self._all_names:
            return rejection
        return replace(rejection, message=f"`{rejection.field}` does not hold what it has to")
