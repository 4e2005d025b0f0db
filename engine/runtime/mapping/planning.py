"""Checks one event of a mapping: its type, its fields, and where their values come from."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from typing import Final

from ...language.catalog import Catalog, EventType, FieldSpec
from ...language.diagnostics import Report, did_you_mean
from ...language.messages import mapping as say
from ...language.messages.shape import unknown_zone
from ...language.shapes import Named
from ...language.source import Embedded
from ...language.types import INSTANT, Enumeration
from ..event_types import ENVELOPE, fields_of
from ..lenient import fits
from ..refusals import noun
from ..zones import UnknownZone, zone
from .authored import Authored, EventEntry, ValueEntry
from .model import Cell, Column, Constant, EventPlan, Filter, Template, Value
from .templates import parse_template

_ELSE: Final = "else"
_OUTER: Final = tuple(name for name in ENVELOPE if name not in {"type", "event_id"})


def column_at(text: Embedded) -> Column:
    """The column that a text names."""
    return Column(text.text, text.span)


class Planner:
    """Checks the events of one section; `gathered` are its columns that hold lists."""

    def __init__(
        self, catalog: Catalog, gathered: set[str], report: Report, *, is_whole: bool
    ) -> None:
        self._catalog = catalog
        self._gathered = gathered
        self._report = report
        self._is_whole = is_whole

    def plan(self, entry: EventEntry) -> EventPlan | None:
        """The plan of one event; nothing if there is no such event."""
        declared = self._catalog.events.get(entry.type.text)
        if declared is None:
            known = self._catalog.events
            self._report.add(say.unknown_type(entry.type.text, known, entry.type.span))
            return None
        specs = fields_of(declared)
        needed = frozenset(name for name, spec in specs.items() if not spec.optional)
        authored = dict(self._authored(entry, declared))
        self._check_needed(entry, needed - authored.keys() - {"type", "event_id"})
        values: dict[str, Value | None] = {"event_id": self._event_id(entry.event_id)}
        for name, value in authored.items():
            values[name] = self._value(specs[name], value)
        return EventPlan(
            type=declared.name,
            values={name: value for name, value in values.items() if value is not None},
            filters=tuple(self._filter(one) for one in entry.when or ()),
            needed=needed - {"type"},
            skip_empty=entry.skip_empty is not None and entry.skip_empty.value,
        )

    def _check_needed(self, entry: EventEntry, missing: Collection[str]) -> None:
        """Report what is missing, unless it may be what was misspelt."""
        known = self._catalog.events[entry.type.text].fields
        is_spelled = all(one.key.text in known for one in entry.fields or ())
        if self._is_whole and is_spelled:
            for name in sorted(missing):
                self._report.add(say.missing_field(entry.type.text, name, entry.span))

    def _authored(self, entry: EventEntry, declared: EventType) -> Iterator[tuple[str, Authored]]:
        """The fields that the author gives a value, apart from the id."""
        for name in _OUTER:
            value = getattr(entry, name)
            if value is not None:
                yield name, value
        for one in entry.fields or ():
            name = one.key.text
            if name in ENVELOPE:
                self._report.add(say.misplaced_field(name, one.key.span))
            elif name in declared.fields:
                yield name, one.value
            else:
                known = declared.fields
                self._report.add(say.unknown_field(declared.name, name, known, one.key.span))

    def _event_id(self, text: Embedded) -> Template | None:
        template = self._template(text)
        if template is not None and not template.columns:
            self._report.add(say.constant_id(text.span))
        return template

    def _template(self, text: Embedded) -> Template | None:
        template = parse_template(text, self._report)
        for column in template.columns if template else ():
            if column.name in self._gathered:
                self._report.add(say.gathered_text(column.name, column.span))
        return template

    def _value(self, spec: FieldSpec, authored: Authored) -> Value | None:
        if isinstance(authored, Embedded):
            return self._cell(spec, column_at(authored))
        given = [each for each in (authored.column, authored.value, authored.template) if each]
        if len(given) != 1:
            if given or self._is_whole:
                self._report.add(say.not_one_value(authored.span))
            return None
        self._check_readings(spec, authored)
        if authored.template is not None:
            return self._template(authored.template)
        if authored.value is not None:
            return self._constant(spec, authored.value)
        return self._cell(spec, column_at(given[0]), authored)

    def _check_readings(self, spec: FieldSpec, authored: ValueEntry) -> None:
        """A zone and words belong to columns; a zone belongs to a time."""
        for name, given in (("zone", authored.zone), ("words", authored.words)):
            if given is not None and authored.column is None:
                self._report.add(say.needs_column(name, authored.span))
        if authored.zone is None:
            return
        if spec.type != INSTANT:
            self._report.add(say.zone_without_time(spec.name, authored.zone.span))
        try:
            zone(authored.zone.text)
        except UnknownZone as unknown:
            meant = next(iter(unknown.near), None)
            found = unknown_zone(authored.zone.text, meant, unknown.near, authored.zone.span)
            self._report.add(found)

    def _cell(self, spec: FieldSpec, column: Column, how: ValueEntry | None = None) -> Cell:
        if column.name in self._gathered and str(spec.type) != "list of text":
            self._report.add(say.gathered_text(column.name, column.span))
        if how is None:
            return Cell(column)
        words = None if how.words is None else {one.key.text: one.value.text for one in how.words}
        if how.zone is None:  # with one, words may stand for local times
            for one in how.words or ():
                self._constant(spec, one.value)
        otherwise = words.pop(_ELSE, None) if words is not None else None
        return Cell(column, how.zone.text if how.zone else None, words, otherwise)

    def _constant(self, spec: FieldSpec, text: Embedded) -> Constant:
        if not fits(spec, text.text):
            near = None
            if isinstance(spec.type, Enumeration):
                near = did_you_mean(text.text, spec.type.members)
            self._report.add(say.wrong_constant(spec.name, text, _wanted(spec), near))
        return Constant(text.text)

    def _filter(self, one: Named) -> Filter:
        column = column_at(one.key)
        if isinstance(one.value, tuple):
            return Filter(column, frozenset(word.text for word in one.value))
        if one.value.text in {"present", "absent"}:
            return Filter(column, None, is_present=one.value.text == "present")
        return Filter(column, frozenset({one.value.text}))


def _wanted(spec: FieldSpec) -> str:
    if isinstance(spec.type, Enumeration):
        return f"one of {', '.join(f'`{word}`' for word in spec.type.members)}"
    if spec.low is not None:
        return f"{spec.low} to {spec.high}"
    return noun(spec.type)
