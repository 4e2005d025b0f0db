"""Events: from a line of JSON or a mapping to a typed value, or to the reason why not.

This is the border of the engine. Whatever bytes arrive, a `Decoder` answers with an `Event` that
fits the catalog in every field, or with a `Rejection`; it never raises for what the input says.

What JSON leaves open is settled so: a field given twice has its last value (only a contradicting
`type` is refused); `null` is the same as leaving an optional field out; times keep six digits of a
second, rounded; a decimal may be a JSON number or a text, and never becomes a binary float.
"""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Context
from functools import reduce
from hashlib import blake2b
from operator import or_
from typing import Any, Final

import msgspec

from ..language.catalog import Catalog
from .event_types import (
    ENVELOPE,
    MAX_DECIMAL_DIGITS,
    MAX_LINE,
    Event,
    attribute,
    event_classes,
    fields_of,
    identifiers,
)
from .lenient import cell_readers
from .refusals import Refuser, shown, too_long_a_line, usable_id, wrong_type
from .rejections import REASONS, Rejection
from .soundness import Check, flaw, soundness

__all__ = [
    "ENVELOPE",
    "REASONS",
    "Decoder",
    "Event",
    "Rejection",
    "attribute",
    "content_digest",
    "encode_event",
]

DIGEST_SIZE: Final = 16
"""The bytes of a content digest."""

_REFUSED: Final = (msgspec.DecodeError, RecursionError, UnicodeDecodeError)
_EXACT: Final = Context(prec=2 * MAX_DECIMAL_DIGITS)
_packer = msgspec.msgpack.Encoder()
_writer = msgspec.json.Encoder()


class _Checks(dict[str, Check]):
    """The quick check of each type of event, made when the first of its type comes."""

    def __init__(self, catalog: Catalog, keys: frozenset[str]) -> None:
        super().__init__()
        self._catalog = catalog
        self._keys = keys

    def __missing__(self, name: str) -> Check:
        check = self[name] = soundness(self._catalog.events[name], self._keys)
        return check


class Decoder:
    """Reads events of one catalog."""

    def __init__(self, catalog: Catalog) -> None:
        """Make the classes of all types and everything that checks them.

        Raises:
            CatalogError: the catalog cannot be turned into classes; see `event_classes`.
        """
        self.catalog = catalog
        self.classes = event_classes(catalog)
        self._keys = identifiers(catalog)
        self._decode = msgspec.json.Decoder(reduce(or_, self.classes.values())).decode
        self._sound = _Checks(catalog, self._keys)
        self._readers = {
            name: cell_readers(fields_of(declared)) for name, declared in catalog.events.items()
        }
        self._refuser = Refuser(catalog, self._keys)

    def __reduce__(self) -> tuple[type[Decoder], tuple[Catalog]]:
        """Travel between processes as the catalog."""
        return Decoder, (self.catalog,)

    def decode(self, line: bytes) -> Event | Rejection:
        """Read one line of JSON, without its line end."""
        if len(line) > MAX_LINE:
            return too_long_a_line()
        try:
            event: Event = self._decode(line)
        except _REFUSED as error:
            return self._refuser.line(line, error)
        return event if self._sound[event.type](event) else self._flawed(event)

    def convert(self, given: Mapping[str, Any], *, lenient: bool = False) -> Event | Rejection:
        """Read a mapping from field names to values.

        Args:
            given: `type`, the envelope and the type's fields. Times are aware datetimes or texts,
                decimals are `Decimal`, whole numbers or texts, never floats.
            lenient: all values are texts, as in CSV; empty ones are missing.
        """
        type_ = given.get("type")
        made = self.classes.get(type_) if isinstance(type_, str) else None
        if made is None:
            return self._refuser.unknown_type(given)
        values = self._read_cells(given) if lenient else self._unfit(given) or given
        if isinstance(values, Rejection):
            return values
        try:
            event = msgspec.convert(values, made)
        except _REFUSED as error:
            return self._refuser.mapping(values, error)
        return event if self._sound[event.type](event) else self._flawed(event)

    def _flawed(self, event: Event) -> Event | Rejection:
        return flaw(event, self.catalog.events[event.type], self._keys) or event

    def _read_cells(self, given: Mapping[str, str]) -> dict[str, Any] | Rejection:
        readers = self._readers[given["type"]]
        values: dict[str, Any] = {}
        for name, text in given.items():
            if text == "":
                continue
            try:
                values[name] = readers[name](text) if name in readers else text
            except ValueError:
                return self._not_of_its_type(given, name, f"`{shown(text)}`")
        return values

    def _unfit(self, given: Mapping[str, Any]) -> Rejection | None:
        """What Python values can hold and no event may: binary floats, halves of characters."""
        for name in self.classes[given["type"]].decimals:
            if isinstance(given.get(name), float):
                return self._not_of_its_type(given, name, "a binary float")
        for name, value in given.items():
            if isinstance(value, str) and not _is_unicode(value):
                return Rejection("not-utf-8", name, f"`{name}` holds half of a surrogate pair")
        return None

    def _not_of_its_type(self, given: Mapping[str, Any], name: str, found: str) -> Rejection:
        spec = fields_of(self.catalog.events[given["type"]])[name]
        return wrong_type(spec, found, usable_id(given))


def encode_event(event: Event) -> bytes:
    """An event as one line of JSON, without a line end; a decoder reads it back as the same."""
    return _writer.encode(event)


def content_digest(event: Event) -> bytes:
    """A fingerprint of what an event says: 16 bytes, the same on every machine.

    Two events have the same one if they say the same, however it was written: `9:30+07:00` or
    `02:30Z`, `19.9` or `19.90`, `null` or nothing. `recorded_at` is left out, since a second
    delivery of an event may bear another. It guards against mistakes, not against forgers: whoever
    may send events under any id has no need of a collision.
    """
    return blake2b(_packer.encode(_content(event)), digest_size=DIGEST_SIZE).digest()


def _content(event: Event) -> Event:
    changes: dict[str, Any] = {} if event.recorded_at is None else {"recorded_at": None}
    for name in event.decimals:
        value = getattr(event, name)
        if value is not None:
            changes[name] = _EXACT.plus(_EXACT.normalize(value))
    return msgspec.structs.replace(event, **changes) if changes else event


def _is_unicode(text: str) -> bool:
    try:
        text.encode("utf-8")
    except UnicodeEncodeError:
        return False
    return True
