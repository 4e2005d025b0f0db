"""One class for each type of event, made from the catalog.

The classes are msgspec structs: a line of JSON becomes a typed, frozen, checked value in one call
of compiled code. What the catalog says of a field (its type, bounds, words) stands in the field's
annotation, so that the decoder itself refuses what does not fit.

The same declarations give the same class, whoever asks: events of two decoders can be compared.
Code that treats types differently should still ask for `event.type`, which needs no class at hand.
"""

from __future__ import annotations

import functools
import keyword
from collections.abc import Iterable, Mapping
from datetime import datetime
from decimal import Decimal
from types import GenericAlias, MappingProxyType
from typing import Annotated, Any, ClassVar, Final, Literal

import msgspec

from ..language.catalog import Catalog, CatalogError, EventType, FieldSpec
from ..language.types import (
    BOOLEAN,
    DECIMAL,
    INSTANT,
    INTEGER,
    LARGEST_INTEGER,
    TEXT,
    Enumeration,
    ListOf,
    Type,
)

MAX_LINE: Final = 1 << 20
"""The most bytes of one line or CSV row, its line end not counted: 1 MiB."""

MAX_TEXT: Final = 100_000
"""The most characters of a text field."""

MAX_LIST: Final = 1_000
"""The most entries of a list field."""

MAX_IDENTIFIER: Final = 256
"""The most characters of an identifier; it has at least one, and no control characters."""

MAX_DECIMAL_DIGITS: Final = 18
"""The most digits of a decimal on either side of its point."""

FIRST_YEAR: Final = 2
LAST_YEAR: Final = 9998
"""The years of instants. At the very ends of the calendar an offset would lead out of it."""

SMALLEST_INTEGER: Final = -LARGEST_INTEGER - 1

_Identifier = Annotated[str, msgspec.Meta(min_length=1, max_length=MAX_IDENTIFIER)]
_Text = Annotated[str, msgspec.Meta(max_length=MAX_TEXT)]
_Instant = Annotated[datetime, msgspec.Meta(tz=True)]
_Integer = Annotated[int, msgspec.Meta(ge=SMALLEST_INTEGER, le=LARGEST_INTEGER)]


class Event(
    msgspec.Struct,
    frozen=True,
    kw_only=True,
    omit_defaults=True,
    forbid_unknown_fields=True,
    gc=False,
):
    """What every event says, whatever its type; the classes of the types add their fields.

    `type` is the event's type, such as `review.posted`. `occurred_at` is when it happened and
    `recorded_at` when the sender noted it, both with an offset and to the microsecond (finer digits
    are rounded). Events of one instant are ordered by `sequence`, then by `event_id`. `supersedes`
    names an event that this one replaces. A missing optional field is `None`. `decimals` names the
    attributes that hold decimals.
    """

    type: ClassVar[str] = ""
    decimals: ClassVar[tuple[str, ...]] = ()

    event_id: _Identifier
    occurred_at: _Instant
    shop_id: _Identifier
    recorded_at: _Instant | None = None
    sequence: _Integer = 0
    region: _Identifier | None = None
    platform: _Identifier | None = None
    source: _Identifier | None = None
    supersedes: _Identifier | None = None


ENVELOPE: Final[Mapping[str, FieldSpec]] = MappingProxyType(
    {
        spec.name: spec
        for spec in (
            FieldSpec("event_id", TEXT, optional=False),
            FieldSpec("type", TEXT, optional=False),
            FieldSpec("occurred_at", INSTANT, optional=False),
            FieldSpec("shop_id", TEXT, optional=False),
            FieldSpec("recorded_at", INSTANT, optional=True),
            FieldSpec("sequence", INTEGER, optional=True, default=0),
            FieldSpec("region", TEXT, optional=True),
            FieldSpec("platform", TEXT, optional=True),
            FieldSpec("source", TEXT, optional=True),
            FieldSpec("supersedes", TEXT, optional=True),
        )
    }
)
"""The fields of every event as the catalog would declare them."""

_ENVELOPE_IDENTIFIERS = frozenset(
    {"event_id", "shop_id", "region", "platform", "source", "supersedes"}
)
_SIMPLE: Final[Mapping[Type, Any]] = {
    BOOLEAN: bool,
    DECIMAL: Decimal,
    INSTANT: _Instant,
    INTEGER: _Integer,
    TEXT: _Text,
}


def attribute(field: str) -> str:
    """The attribute that holds a field: its name, with `_` behind it if Python reserves that."""
    return f"{field}_" if keyword.iskeyword(field) else field


def fields_of(declared: EventType) -> Mapping[str, FieldSpec]:
    """Every field that an event of a type can have, the envelope's first."""
    return {**ENVELOPE, **declared.fields}


def identifiers(catalog: Catalog) -> frozenset[str]:
    """The names of the fields that hold identifiers, one or a list of them.

    They are those of the envelope, the keys of entities, the fields that link to another entity,
    and whatever else ends in `_id` or `_ids`.
    """
    keys = {kind.key for kind in catalog.entities.values()}
    links = {field for kind in catalog.entities.values() for field in kind.links.values()}
    items = {event.items for event in catalog.events.values() if event.items}
    named = {
        field
        for event in catalog.events.values()
        for field in event.fields
        if field.endswith(("_id", "_ids"))
    }
    return frozenset(_ENVELOPE_IDENTIFIERS | keys | links | items | named)


def event_classes(catalog: Catalog) -> Mapping[str, type[Event]]:
    """The class of each type of event, by the type's name.

    Raises:
        CatalogError: a type declares a field that the envelope has, or two that Python would hold
            in one attribute.
    """
    keys = identifiers(catalog)
    return MappingProxyType(
        {name: event_class(declared, keys) for name, declared in catalog.events.items()}
    )


def event_class(declared: EventType, keys: frozenset[str]) -> type[Event]:
    """The class of one type of event.

    Args:
        declared: the type, from the catalog.
        keys: the names of all fields that hold identifiers.

    Raises:
        CatalogError: see `event_classes`.
    """
    specs = tuple(declared.fields.values())
    _refuse_clashes(declared.name, [spec.name for spec in specs])
    return _make(declared.name, specs, keys.intersection(declared.fields))


def _refuse_clashes(name: str, fields: Iterable[str]) -> None:
    taken = {*ENVELOPE, "decimals"}
    for field in fields:
        if attribute(field) in taken:
            raise CatalogError(f"event `{name}`: the field `{field}` has a name that is taken")
        taken.add(attribute(field))


@functools.cache
def _make(name: str, specs: tuple[FieldSpec, ...], keys: frozenset[str]) -> type[Event]:
    members = [
        (attribute(spec.name), annotation(spec, is_key=spec.name in keys), *_default(spec))
        for spec in specs
    ]
    return msgspec.defstruct(  # type: ignore[return-value]  # a subclass of its base
        "".join(part.capitalize() for part in name.replace("_", ".").split(".")),
        members,
        bases=(Event,),
        module=__name__,
        namespace={
            "type": name,
            "decimals": tuple(attribute(spec.name) for spec in specs if spec.type == DECIMAL),
            "__doc__": f"An event of the type `{name}`.",
        },
        tag=name,
        tag_field="type",
        kw_only=True,
        rename={attribute(spec.name): spec.name for spec in specs},
    )


def annotation(spec: FieldSpec, *, is_key: bool) -> Any:
    """What msgspec has to know of a field; `is_key` says that it holds identifiers."""
    bare = _bounded(spec, is_key=is_key)
    return bare | None if spec.optional and spec.default is None else bare


def _bounded(spec: FieldSpec, *, is_key: bool) -> Any:
    if isinstance(spec.type, Enumeration):
        return Literal[spec.type.members]
    if isinstance(spec.type, ListOf):
        item = _Identifier if is_key else _SIMPLE[spec.type.item]
        return Annotated[GenericAlias(tuple, (item, ...)), msgspec.Meta(max_length=MAX_LIST)]
    if spec.low is not None or spec.high is not None:
        return Annotated[int, msgspec.Meta(ge=spec.low, le=spec.high)]
    return _Identifier if is_key and spec.type is TEXT else _SIMPLE[spec.type]


def _default(spec: FieldSpec) -> tuple[Any, ...]:
    return (spec.default,) if spec.optional or spec.default is not None else ()
