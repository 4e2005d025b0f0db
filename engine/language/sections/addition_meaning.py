"""What a policy's additions to the catalog mean together: who sets what, and to what."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from ..authored.catalog import CatalogEntry, EventTypeEntry, KindEntry
from ..catalog import SHOP, Catalog, EntityKind, EventType, FieldSpec
from ..diagnostics import Report
from ..environment import always_set
from ..messages import additions as messages
from ..shapes import Named
from ..source import Embedded, Span
from ..types import INSTANT, INTEGER, TEXT, Enumeration, Type

_NOW = "occurred_at"
_AT = FieldSpec(_NOW, INSTANT, optional=False)


def check_meaning(given: CatalogEntry, catalog: Catalog, report: Report) -> None:
    """Report additions that do not fit each other, or what there is."""
    for one in given.entities or ():
        _check_kind(one, catalog, report)
    for one in given.events or ():
        _Events(one.value, catalog.events[one.key.text], catalog, report).check(one.key)
    _check_alike(given, catalog, report)


# ------------------------------------------------------------------------------ kinds


def _check_kind(one: Named, catalog: Catalog, report: Report) -> None:
    entry: KindEntry = one.value
    kind = catalog.entities[one.key.text]
    if entry.date is not None:
        spec = _dating(kind, entry.date.text, catalog)
        if spec is None:
            dates = list(_dates(kind, catalog))
            report.add(messages.unknown(entry.date.text, "field", dates, entry.date.span))
        elif spec.type != INSTANT:
            date, found = entry.date, str(spec.type)
            report.add(messages.mismatch(date.text, found, str(INSTANT), date.span))
    for counted in (entry.counts_while or ())[1:]:
        message, fix = "one field says whether it counts", "keep one of them"
        report.add(messages.bad_key(message, fix, counted.key.span))
    for counted in (entry.counts_while or ())[:1]:
        _check_counted(kind, counted, report)


def _dating(kind: EntityKind, path: str, catalog: Catalog) -> FieldSpec | None:
    """The field that dates a kind: one of its own, or of a kind that it links to."""
    other, dot, field = path.rpartition(".")
    if dot and other not in catalog.scope(kind.name):
        return None
    return (catalog.entities[other] if dot else kind).fields.get(field)


def _dates(kind: EntityKind, catalog: Catalog) -> Iterator[str]:
    yield from (name for name, spec in kind.fields.items() if spec.type == INSTANT)
    for other in list(catalog.scope(kind.name))[1:]:
        fields = catalog.entities[other].fields
        yield from (f"{other}.{name}" for name, spec in fields.items() if spec.type == INSTANT)


def _check_counted(kind: EntityKind, counted: Named, report: Report) -> None:
    of = kind.fields.get(counted.key.text)
    words = [name for name, spec in kind.fields.items() if isinstance(spec.type, Enumeration)]
    if of is None or not isinstance(of.type, Enumeration):
        report.add(messages.unknown(counted.key.text, "field", words, counted.key.span))
        return
    for word in counted.value or ():
        if word.text not in of.type.members:
            report.add(messages.unknown(word.text, "word", of.type.members, word.span))


# ----------------------------------------------------------------------------- events


class _Events:
    """One type of event that a policy adds, or adds fields to."""

    def __init__(
        self, entry: EventTypeEntry, event: EventType, catalog: Catalog, report: Report
    ) -> None:
        self._entry = entry
        self._event = event
        self._catalog = catalog
        self._report = report
        self._kind = catalog.entities[event.about]

    def check(self, name: Embedded) -> None:
        """Report whatever does not fit."""
        before = len(self._report)
        self._check_key(name)
        for one in self._entry.sets or ():
            self._check_set(one)
        for text in self._entry.counts or ():
            self._check_count(text)
        for text in self._entry.needs or ():
            self._check_need(text)
        for text in self._entry.keeps or ():
            if text.text not in self._event.fields:
                self._unknown(text, "field", self._event.fields)
        for one in self._entry.fields or ():
            self._check_link(one)
        if len(self._report) == before:
            self._check_whole(name)

    def _unknown(self, text: Embedded, what: str, known: Iterable[str]) -> None:
        self._report.add(messages.unknown(text.text, what, known, text.span))

    def _check_key(self, name: Embedded) -> None:
        key = self._kind.key
        if self._kind.name == SHOP:
            return
        spec = self._event.fields.get(key)
        if spec is None or spec.optional or spec.type != TEXT:
            message = f"the event does not say which `{self._kind.name}` it is about"
            self._report.add(messages.bad_key(message, f"add the field `{key}: text`", name.span))

    def _check_link(self, one: Named) -> None:
        """A field that says what something belongs to is a text."""
        keys = {kind.key for kind in self._catalog.entities.values()}
        names = keys.union(self._kind.links.values())
        spec = self._event.fields[one.key.text]
        if one.key.text in names - {self._kind.key} and spec.type != TEXT:
            found = messages.mismatch(one.key.text, str(spec.type), str(TEXT), one.value.span)
            self._report.add(found)

    def _reach(self) -> tuple[str, ...]:
        """The kinds whose fields it can set: what it is about, and what that links to."""
        return (self._kind.name, *self._kind.links)

    def _target(self, text: Embedded) -> FieldSpec | None:
        """A field such as `order.reason` that the event can set."""
        kind, _, field = text.text.partition(".")
        fields = self._catalog.entities[kind].fields if kind in self._reach() else {}
        if field not in fields:
            self._unknown(text, "field", self._settable())
            return None
        return fields[field]

    def _settable(self) -> list[str]:
        entities = self._catalog.entities
        return [f"{kind}.{name}" for kind in self._reach() for name in entities[kind].fields]

    def _check_set(self, one: Named) -> None:
        target = self._target(one.key)
        if target is None or one.value is None:
            return
        source = one.value.text
        if source.startswith('"'):
            if not _takes(target.type, source.strip('"')):
                wanted = str(target.type)
                self._report.add(messages.mismatch(one.key.text, source, wanted, one.value.span))
        elif source == _NOW:
            self._check_same(one.key.text, _AT, target, one.value.span)
        elif source in self._event.fields:
            self._check_same(one.key.text, self._event.fields[source], target, one.value.span)
        else:
            self._unknown(one.value, "field", [*self._event.fields, _NOW])

    def _check_same(self, name: str, source: FieldSpec, target: FieldSpec, span: Span) -> None:
        if not fits(source, target):
            self._report.add(messages.mismatch(name, str(source.type), str(target.type), span))

    def _check_count(self, text: Embedded) -> None:
        target = self._target(text)
        if target is not None and (target.type != INTEGER or target.default is None):
            wanted = "`integer = 0`"
            self._report.add(messages.mismatch(text.text, str(target.type), wanted, text.span))

    def _check_need(self, text: Embedded) -> None:
        if text.text not in self._kind.links:
            self._unknown(text, "kind", self._kind.links)
            return
        key = self._catalog.entities[text.text].key
        spec = self._event.fields.get(key)
        if spec is None or spec.optional:
            message = f"the event does not say which `{text.text}` it needs"
            self._report.add(messages.bad_key(message, f"add the field `{key}: text`", text.span))

    def _check_whole(self, name: Embedded) -> None:
        """What an event makes has everything that such a thing always has."""
        if self._event.state == "known":
            return
        given = always_set(self._catalog, self._event.name)
        missing = [
            field
            for field, spec in self._kind.fields.items()
            if not spec.optional and spec.default is None
            if f"{self._kind.name}.{field}" not in given
        ]
        if missing:
            self._report.add(messages.unset(name.text, missing, name.span))


def _check_alike(given: CatalogEntry, catalog: Catalog, report: Report) -> None:
    """A field of an event sets the one of that name, which then has to be of the same type."""
    places = dict(_places(given))
    for event in catalog.events.values():
        target = catalog.entities[event.about]
        for assignment in event.assignments:
            source = event.fields.get(assignment.source or "")
            field = target.fields.get(assignment.field)
            if source is None or field is None or source.name != field.name:
                continue
            place = places.get((event.name, source.name)) or places.get((target.name, field.name))
            if place is not None and not fits(source, field):
                where = f"{target.name}.{field.name}"
                found = messages.mismatch(where, str(source.type), str(field.type), place)
                report.add(found)


def _places(given: CatalogEntry) -> Iterator[tuple[tuple[str, str], Span]]:
    """Where each added field stands."""
    for one in (*(given.entities or ()), *(given.events or ())):
        for field in one.value.fields or ():
            yield (one.key.text, field.key.text), field.value.span


def fits(source: FieldSpec, target: FieldSpec) -> bool:
    """Whether every value of one field is a value of another."""
    if source.type != target.type:
        words = (source.type, target.type)
        if not all(isinstance(of, Enumeration) for of in words):
            return False
        return set(_members(source.type)) <= set(_members(target.type))
    low = target.low is None or (source.low is not None and source.low >= target.low)
    high = target.high is None or (source.high is not None and source.high <= target.high)
    return low and high


def _members(of: Type) -> tuple[str, ...]:
    return of.members if isinstance(of, Enumeration) else ()


def _takes(of: Type, text: str) -> bool:
    """Whether a written text is a value of a type."""
    return of == TEXT or text in _members(of)
