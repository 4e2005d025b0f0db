"""The catalog: which entities and events there are, with their fields, links and dates.

It is data (`grammar/catalog.yaml`, whose head explains the notation), read once and passed along as
an immutable value. A pack's own additions are merged before anything is checked.
"""

from __future__ import annotations

import functools
import importlib.resources
import re
from collections import deque
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

import yaml

from .types import (
    BOOLEAN,
    DECIMAL,
    INSTANT,
    INTEGER,
    TEXT,
    Enumeration,
    ListOf,
    Type,
)

SHOP = "shop"
"""The kind that every event belongs to; all state is kept by shop."""

_SIMPLE: Mapping[str, Type] = {
    "boolean": BOOLEAN,
    "integer": INTEGER,
    "decimal": DECIMAL,
    "text": TEXT,
    "instant": INSTANT,
    "list of text": ListOf(TEXT),
}
_NOTATION = re.compile(
    r"(?P<optional>optional )?"
    r"(?P<type>one of [^=]+?|integer (?P<low>-?\d{1,18}) to (?P<high>-?\d{1,18})|[a-z ]+?)"
    r"( = (?P<default>.*))?",
    re.ASCII,
)
_WORD = re.compile(r"[a-z][a-z0-9_]*")


Default = bool | int | Fraction | str | tuple[str, ...] | None
"""What a field is when nothing set it."""


class CatalogError(ValueError):
    """A catalog does not say something that makes sense; the message says where."""


@dataclass(frozen=True, slots=True)
class FieldSpec:
    """A field of an entity or event: its type, its bounds, and what it is when nothing set it.

    An optional field without a default may be missing (`None`).
    """

    name: str
    type: Type
    optional: bool
    default: Default = None
    low: int | None = None
    high: int | None = None

    @property
    def may_be_missing(self) -> bool:
        """Whether a rule has to guard the field."""
        return self.optional and self.default is None


@dataclass(frozen=True, slots=True)
class EntityKind:
    """A kind of entity.

    `links` maps the kinds that it belongs to, to the event fields that hold their keys. `date`
    names the field that dates it, possibly of a linked kind (`order.placed_at`). Only entities
    whose field `counts_field` is one of `counts_values` count in measures; without one, all do.
    """

    name: str
    key: str
    links: Mapping[str, str]
    date: str | None
    fields: Mapping[str, FieldSpec]
    counts_field: str | None = None
    counts_values: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Assignment:
    """`review.posted_at: occurred_at` or, with a constant, `review.status: "hidden"`."""

    field: str
    source: str | None
    constant: str | None = None


@dataclass(frozen=True, slots=True)
class EventType:
    """A type of event: what it is about, what it says, what it changes.

    `state` is `new`, `known` or `any`: whether the entity may or must have been seen before.
    `counters` are pairs of kind and field that go up by one. `items` names the field that lists
    product keys. `linked` are the fields that it sets of a kind that the entity links to. One that
    `settles` says what somebody decided about the entity: it is held no more.
    """

    name: str
    about: str
    state: str
    fields: Mapping[str, FieldSpec]
    assignments: tuple[Assignment, ...]
    counters: tuple[tuple[str, str], ...]
    needs: tuple[str, ...]
    items: str | None
    settles: bool
    linked: tuple[tuple[str, Assignment], ...] = ()


@dataclass(frozen=True, slots=True)
class Catalog:
    """All entities and events that a policy can talk about."""

    entities: Mapping[str, EntityKind]
    events: Mapping[str, EventType]

    def scope(self, kind: str) -> Mapping[str, tuple[str, ...]]:
        """The kinds in scope with an entity of `kind`, each with the path of links to it.

        The nearest path wins; `shop` is always in scope. The path of `kind` itself is empty.
        """
        found: dict[str, tuple[str, ...]] = {kind: ()}
        waiting = deque([kind])
        while waiting:
            here = waiting.popleft()
            for other in self.entities[here].links:
                if other not in found:
                    found[other] = (*found[here], other)
                    waiting.append(other)
        found.setdefault(SHOP, (SHOP,))
        return found


def parse_field(name: str, notation: str) -> FieldSpec:
    """Read one field's notation, such as `optional text` or `integer 1 to 5`.

    Raises:
        CatalogError: the notation is not one of those that the catalog's head lists.
    """
    match = _NOTATION.fullmatch(notation.strip())
    if match is None:
        raise CatalogError(f"field `{name}`: `{notation}` is no type")
    type_ = _field_type(name, match["type"].strip())
    default = _default(name, type_, match["default"])
    low, high = (int(match["low"]), int(match["high"])) if match["low"] else (None, None)
    if low is not None and high is not None and not low <= _within(default, low) <= high:
        raise CatalogError(f"field `{name}`: no value lies within `{notation}`")
    return FieldSpec(name, type_, bool(match["optional"]), default, low, high)


def _within(default: Default, low: int) -> int:
    """A default that has to lie within bounds; where there is none, something that does."""
    return default if isinstance(default, int) else low


def _field_type(name: str, word: str) -> Type:
    if word.startswith("one of "):
        members = tuple(part.strip() for part in word.removeprefix("one of ").split("|"))
        if not all(_WORD.fullmatch(member) for member in members):
            raise CatalogError(f"field `{name}`: `{word}` has a member that is no word")
        if len(set(members)) < len(members):
            raise CatalogError(f"field `{name}`: `{word}` has a member twice")
        return Enumeration(name, members)
    if word.startswith("integer "):
        return INTEGER
    if word not in _SIMPLE:
        raise CatalogError(f"field `{name}`: there is no type `{word}`")
    return _SIMPLE[word]


def _default(name: str, type_: Type, text: str | None) -> Default:
    if text is None:
        return None
    if isinstance(type_, Enumeration) and text in type_.members:
        return text
    read = _DEFAULTS.get(type_)
    match = None if read is None else read[0].fullmatch(text)
    if read is None or match is None:
        raise CatalogError(f"field `{name}`: the default `{text}` is none of its values")
    return read[1](match)


_DEFAULTS: Mapping[Type, tuple[re.Pattern[str], Callable[[re.Match[str]], Default]]] = {
    BOOLEAN: (re.compile(r"true|false"), lambda match: match[0] == "true"),
    INTEGER: (re.compile(r"-?\d{1,18}", re.ASCII), lambda match: int(match[0])),
    DECIMAL: (re.compile(r"-?\d{1,18}(\.\d{1,18})?", re.ASCII), lambda match: Fraction(match[0])),
    TEXT: (re.compile(r'"([^"\\]*)"|([^"\s][^"]*)'), lambda match: match[1] or match[2] or ""),
    ListOf(TEXT): (re.compile(r"\[\]"), lambda _: ()),
}
"""How a default is written, by its type, and what it means."""


def _entity(name: str, data: Mapping[str, Any]) -> EntityKind:
    counts = data.get("counts_while") or {}
    (counts_field, counts_values) = next(iter(counts.items()), (None, ()))
    return EntityKind(
        name=name,
        key=data["key"],
        links=dict(data.get("links") or {}),
        date=data.get("date"),
        fields={key: parse_field(key, text) for key, text in (data.get("fields") or {}).items()},
        counts_field=counts_field,
        counts_values=tuple(counts_values),
    )


def _assignment(target: str, source: str) -> Assignment:
    if source.startswith('"'):
        return Assignment(target, None, source.strip('"'))
    return Assignment(target, source)


def _event(name: str, data: Mapping[str, Any], entities: Mapping[str, EntityKind]) -> EventType:
    fields = {key: parse_field(key, text) for key, text in (data.get("fields") or {}).items()}
    about = entities[data["about"]]
    kept = set(data.get("keeps") or ())
    own = [Assignment(key, key) for key in fields if key in about.fields and key not in kept]
    sets = [(_split(target), source) for target, source in (data.get("sets") or {}).items()]
    stated = [_assignment(field, source) for (kind, field), source in sets if kind == about.name]
    linked = [
        (kind, _assignment(field, source)) for (kind, field), source in sets if kind != about.name
    ]
    # The event's own time comes first, so that a stated one such as `delivered_at` beats it.
    by_time = [a for a in stated if a.source == "occurred_at"]
    rest = [a for a in stated if a.source != "occurred_at"]
    return EventType(
        name=name,
        about=about.name,
        state=data.get("entity", "any"),
        fields=fields,
        assignments=(*by_time, *own, *rest),
        counters=tuple(_split(path) for path in data.get("counts") or ()),
        needs=tuple(data.get("needs") or ()),
        items=data.get("items"),
        settles=bool(data.get("settles")),
        linked=tuple(linked),
    )


def _split(path: str) -> tuple[str, str]:
    kind, _, field = path.partition(".")
    return kind, field


def build_catalog(data: Mapping[str, Any]) -> Catalog:
    """Make a catalog of the parsed YAML.

    Raises:
        CatalogError: a field's notation makes no sense.
    """
    entities = {name: _entity(name, entity) for name, entity in data["entities"].items()}
    events = {name: _event(name, event, entities) for name, event in data["events"].items()}
    return Catalog(entities, events)


@functools.cache
def catalog_data() -> Mapping[str, Any]:
    """The catalog that ships, as parsed YAML."""
    text = importlib.resources.files("revlex.grammar").joinpath("catalog.yaml").read_text("utf-8")
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    data: Mapping[str, Any] = yaml.load(text, Loader=loader)  # noqa: S506  # safe loaders, both
    return data


@functools.cache
def standard_catalog() -> Catalog:
    """The catalog that ships."""
    return build_catalog(catalog_data())


def period_kinds(catalog: Catalog) -> tuple[str, ...]:
    """The kinds of periods that can be declared for a shop."""
    of = catalog.events["calendar.declared"].fields["kind"].type
    return of.members if isinstance(of, Enumeration) else ()
