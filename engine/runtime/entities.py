"""Entities: what is known of a shop's orders, reviews, replies, ..., one struct for each kind.

The structs are made from the catalog. Their attributes are the catalog's field names (a Python
keyword gets a trailing underscore), besides the entity's own key, its links and when it was last
touched. Instants are microseconds; decimals are fractions; what is not known is `None`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Any

import msgspec

from ..language.catalog import SHOP, Assignment, Catalog, EntityKind, EventType
from ..language.types import DECIMAL, INSTANT, Type
from .event_types import Event, attribute
from .instants import from_datetime

Entity = Any
"""An instance of one of the structs; its attributes depend on the kind."""

Store = dict[str, dict[str, Entity]]

KEY, TOUCHED = "entity_key", "touched_at"


def link_attribute(kind: str) -> str:
    """The attribute that holds the key of the linked entity of a kind."""
    return f"{kind}_link"


def _entity_class(kind: EntityKind) -> type[msgspec.Struct]:
    fields: list[tuple[str, Any, Any]] = [(KEY, str, ""), (TOUCHED, int, 0)]
    fields += [(link_attribute(other), str | None, None) for other in kind.links]
    fields += [(attribute(spec.name), Any, spec.default) for spec in kind.fields.values()]
    made = msgspec.defstruct(kind.name.title(), fields, array_like=True)
    assert isinstance(made, type)  # noqa: S101  # defstruct makes classes
    return made


Step = tuple[str, int, str]
"""How to find the next entity of a scope: its kind, the position of the one that links to it (-1
for the shop), and the attribute that holds its key."""


@dataclass(frozen=True, slots=True)
class Kinds:
    """The entity structs of a catalog, a blank of each kind, and the paths between kinds."""

    catalog: Catalog
    classes: Mapping[str, type[msgspec.Struct]]
    blanks: Mapping[str, Entity]
    scopes: Mapping[str, Mapping[str, tuple[str, ...]]]
    steps: Mapping[str, tuple[Step, ...]]

    def scope_kinds(self, kind: str) -> tuple[str, ...]:
        """The kinds in scope with an entity of a kind, in a fixed order, itself first."""
        return tuple(self.scopes[kind])


def make_kinds(catalog: Catalog) -> Kinds:
    """The structs of a catalog."""
    classes = {name: _entity_class(kind) for name, kind in catalog.entities.items()}
    return Kinds(
        catalog=catalog,
        classes=classes,
        blanks={name: made() for name, made in classes.items()},
        scopes={name: catalog.scope(name) for name in catalog.entities},
        steps={name: _steps(catalog.scope(name)) for name in catalog.entities},
    )


def _steps(scope: Mapping[str, tuple[str, ...]]) -> tuple[Step, ...]:
    """How to find every entity of a scope after the first, in order."""
    kinds = list(scope)
    found: list[Step] = []
    for other, path in list(scope.items())[1:]:
        if other == SHOP:
            found.append((other, -1, ""))
        else:
            holder = path[-2] if len(path) > 1 else kinds[0]
            found.append((other, kinds.index(holder), link_attribute(other)))
    return tuple(found)


def scope_of(kinds: Kinds, store: Store, kind: str, entity: Entity, shop: Entity) -> list[Entity]:
    """The entities in scope with one, in the order of `scope_kinds`; unknown ones are blanks."""
    found = [entity]
    for other, holder, attribute_ in kinds.steps[kind]:
        if holder < 0:
            found.append(shop)
            continue
        known = store[other].get(getattr(found[holder], attribute_))
        found.append(kinds.blanks[other] if known is None else known)
    return found


def keys_in_scope(kinds: Kinds, kind: str, scope: list[Entity]) -> dict[str, str | None]:
    """The key of every kind in scope with an entity, of those that nobody has seen too."""
    found: dict[str, str | None] = {kind: getattr(scope[0], KEY)}
    for other, holder, attribute_ in kinds.steps[kind]:
        if holder >= 0:
            found[other] = getattr(scope[holder], attribute_)
    return found


Convert = Callable[[Any], Any]


def _fraction(value: Decimal) -> Fraction:
    return Fraction(value)


_CONVERT: Mapping[Type, Convert] = {INSTANT: from_datetime, DECIMAL: _fraction}


@dataclass(frozen=True, slots=True)
class Setting:
    """One field that an event sets: from one of its own fields, or to a constant."""

    attribute: str
    source: str | None
    constant: Any
    convert: Convert | None
    """`None` where the value is kept as it comes."""


@dataclass(frozen=True, slots=True)
class Application:
    """How events of one type change entities, settled before the first event."""

    event: EventType
    kind: str
    key: str
    settings: tuple[Setting, ...]
    links: tuple[tuple[str, str, str], ...]
    """(kind, its attribute on the entity, the event's attribute)."""
    counters: tuple[tuple[str, str], ...]
    needs: tuple[tuple[str, str], ...]
    """(kind, the event's attribute that holds its key)."""
    items: str | None
    linked: tuple[tuple[str, Setting], ...] = ()
    """What it sets of the entities that this one links to, by their kind."""


def application(catalog: Catalog, event: EventType) -> Application:
    """Settle how events of a type change entities."""
    kind = catalog.entities[event.about]
    links = tuple(
        (other, link_attribute(other), attribute(field))
        for other, field in kind.links.items()
        if field in event.fields
    )
    return Application(
        event=event,
        kind=event.about,
        key=attribute(kind.key),
        settings=tuple(_setting(event, one) for one in event.assignments),
        links=links,
        counters=tuple((kind, attribute(field)) for kind, field in event.counters),
        needs=tuple((other, attribute(catalog.entities[other].key)) for other in event.needs),
        items=attribute(event.items) if event.items else None,
        linked=tuple((other, _setting(event, one)) for other, one in event.linked),
    )


def _setting(event: EventType, one: Assignment) -> Setting:
    if one.source is None:
        return Setting(attribute(one.field), None, one.constant, None)
    spec = event.fields.get(one.source)
    type_ = INSTANT if spec is None else spec.type
    return Setting(attribute(one.field), attribute(one.source), None, _CONVERT.get(type_))


def apply_application(application_: Application, event: Event, entity: Entity) -> None:
    """Let an event set the fields and links of the entity that it is about."""
    apply_settings(application_.settings, event, entity)
    for _, own, source in application_.links:
        key = getattr(event, source)
        if key is not None:
            setattr(entity, own, key)


def apply_settings(settings: tuple[Setting, ...], event: Event, entity: Entity) -> None:
    """Let an event set fields of an entity, where it says anything about them."""
    for setting in settings:
        if setting.source is None:
            setattr(entity, setting.attribute, setting.constant)
            continue
        value = getattr(event, setting.source)
        if value is not None:
            convert = setting.convert
            setattr(entity, setting.attribute, value if convert is None else convert(value))


def put_back(entity: Entity, before: Entity) -> None:
    """Make an entity what it was, but for when it was last touched."""
    for name in entity.__struct_fields__:
        if name != TOUCHED:
            setattr(entity, name, getattr(before, name))


def item_keys(order: str, products: tuple[str, ...]) -> Iterator[tuple[str, str]]:
    """The key of each item of an order, and its product."""
    for product in products:
        yield f"{order}/{product}", product
