"""The names and notations of a policy's additions to the catalog, one by one."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from ..authored.catalog import CatalogEntry, EventTypeEntry, KindEntry
from ..catalog import SHOP, CatalogError, FieldSpec, parse_field, standard_catalog
from ..diagnostics import Report
from ..messages import additions as messages
from ..parsing.words import RESERVED
from ..shapes import Named
from ..source import Embedded
from ..types import Enumeration
from .events import ON_DECISIONS, VERDICT

MOST_KINDS = 32
MOST_EVENTS = 128
MOST_FIELDS = 64
"""Of one kind or event, those that it has already not counted."""

MOST_WORDS = 100
"""Of one field that takes one of a few words."""

LONGEST_NAME = 60

ENVELOPE = frozenset(
    {
        *("event_id", "type", "occurred_at", "shop_id", "recorded_at", "sequence"),
        *("region", "platform", "source", "supersedes"),
    }
)
"""The fields that every event has."""

_WORD = re.compile(r"[a-z][a-z0-9]*(_[a-z0-9]+)*")
_TYPE = re.compile(rf"({_WORD.pattern})\.{_WORD.pattern}")
_KEY = re.compile(r".*_(id|key)")
_TAKEN = frozenset({"entity_key", "touched_at", "decimals", VERDICT.name})
"""Names of fields that mean something already."""

_HOW_WORDS = "write lower-case letters and digits, joined by `_`, beginning with a letter"
_HOW_TYPES = "write two such names with a point between them, such as `plan.created`"
_OTHER = "write another name"
_NO_WORD = "it is a word of the language, so write another name"


def check_names(given: CatalogEntry, report: Report) -> None:
    """Report names that cannot be, types that cannot be read, and changes to what there is."""
    kinds, events = given.entities or (), given.events or ()
    _check_number("kinds", kinds, MOST_KINDS, report)
    _check_number("types of events", events, MOST_EVENTS, report)
    if report.has_errors:
        return
    added = frozenset(one.key.text for one in kinds)
    for one in kinds:
        _check_kind(one.key, one.value, added, report)
    _check_keys_differ(kinds, report)
    for one in events:
        _check_event(one.key, one.value, added, report)


def _check_number(what: str, entries: tuple[Named, ...], most: int, report: Report) -> None:
    if len(entries) > most:
        report.add(messages.too_many(what, most, entries[most].key.span))


# ------------------------------------------------------------------------------ kinds


def _check_kind(name: Embedded, entry: KindEntry, added: frozenset[str], report: Report) -> None:
    known = standard_catalog().entities.get(name.text)
    if known is None:
        if name.text in {*RESERVED, "now"}:
            report.add(messages.bad_name(name.text, "a kind", _NO_WORD, name.span))
        elif not _is_word(name.text):
            report.add(messages.bad_name(name.text, "a kind", _HOW_WORDS, name.span))
        _check_key(name, entry, report)
        _check_links(name, entry, added, report)
    else:
        _only_fields(name, entry, ("key_", "links", "date", "counts_while"), report)
    fields = known.fields if known else {}
    for one, spec in _fields(entry.fields, fields, report):
        if known is not None and spec.may_be_missing is False and spec.default is None:
            report.add(
                messages.no_change(
                    f"nothing sets `{one.key.text}` of what has been heard of already",
                    f"write `optional {one.value.text}`, or a value behind ` = `",
                    one.value.span,
                )
            )


def _only_fields(
    name: Embedded,
    entry: KindEntry | EventTypeEntry,
    others: Iterable[str],
    report: Report,
) -> None:
    """What there is already gets further fields and nothing else."""
    said = next((other for other in others if getattr(entry, other) is not None), None)
    if said is not None:
        report.add(
            messages.no_change(
                f"`{name.text}` is there already, and gets fields and nothing else",
                f"remove `{said.rstrip('_')}:`, or write another name",
                name.span,
            )
        )


def _check_key(name: Embedded, entry: KindEntry, report: Report) -> None:
    if entry.key_ is None:
        message = f"nothing says which `{name.text}` an event is about"
        report.add(messages.bad_key(message, "add `key:` with the field that does", name.span))
        return
    _check_identifier(entry.key_, report)


def _check_identifier(field: Embedded, report: Report) -> None:
    if not (_is_word(field.text) and _KEY.fullmatch(field.text)) or field.text in ENVELOPE:
        message = f"`{field.text[:LONGEST_NAME]}` is no field that says which one is meant"
        report.add(messages.bad_key(message, "write a name that ends in `_id`", field.span))


def _check_keys_differ(kinds: Iterable[Named], report: Report) -> None:
    """Two kinds with one key could not be told apart."""
    taken = {kind.key: kind.name for kind in standard_catalog().entities.values()}
    for one in kinds:
        key: Embedded | None = one.value.key_
        if key is not None and taken.setdefault(key.text, one.key.text) != one.key.text:
            message = f"`{key.text}` says already which `{taken[key.text]}` is meant"
            report.add(messages.bad_key(message, _OTHER, key.span))


def _check_links(name: Embedded, entry: KindEntry, added: frozenset[str], report: Report) -> None:
    kinds = (added | standard_catalog().entities.keys()) - {name.text, SHOP}
    for one in entry.links or ():
        if one.key.text not in kinds:
            report.add(messages.unknown(one.key.text, "kind", sorted(kinds), one.key.span))
        elif one.value is not None:
            _check_identifier(one.value, report)


# ----------------------------------------------------------------------------- events


def _check_event(
    name: Embedded, entry: EventTypeEntry, added: frozenset[str], report: Report
) -> None:
    known = standard_catalog().events.get(name.text)
    if known is None:
        _check_type(name, report)
        kinds = added | standard_catalog().entities.keys()
        if entry.about is None:
            message = f"nothing says what `{name.text[:LONGEST_NAME]}` is about"
            report.add(messages.bad_key(message, "add `about:` with a kind", name.span))
        elif entry.about.text not in kinds:
            about = entry.about
            report.add(messages.unknown(about.text, "kind", sorted(kinds), about.span))
    else:
        others = ("about", "entity", "sets", "keeps", "counts", "needs", "settles")
        _only_fields(name, entry, others, report)
    for one, spec in _fields(entry.fields, known.fields if known else {}, report):
        _check_field(one, spec, report, is_known=known is not None)


def _check_type(name: Embedded, report: Report) -> None:
    match = _TYPE.fullmatch(name.text)
    if match is None or len(name.text) > LONGEST_NAME:
        report.add(messages.bad_name(name.text, "a type of event", _HOW_TYPES, name.span))
    elif match[1] in ON_DECISIONS:
        help_ = f"let it begin with another word than `{match[1]}`"
        report.add(messages.bad_name(name.text, "a type of event", help_, name.span))


def _check_field(one: Named, spec: FieldSpec, report: Report, *, is_known: bool) -> None:
    if one.key.text in ENVELOPE:
        report.add(messages.bad_name(one.key.text, "a field", _OTHER, one.key.span))
    elif spec.default is not None:
        message = "an event says a field or does not, and has no value for it otherwise"
        bare = one.value.text.partition(" = ")[0].removeprefix("optional ")
        report.add(messages.no_change(message, f"write `optional {bare}`", one.value.span))
    elif is_known and not spec.optional:
        message = f"events of this type do not say `{one.key.text}` so far"
        fix = f"write `optional {one.value.text}`"
        report.add(messages.no_change(message, fix, one.value.span))


# ----------------------------------------------------------------------------- fields


def _fields(
    given: tuple[Named, ...] | None, known: Iterable[str], report: Report
) -> Iterator[tuple[Named, FieldSpec]]:
    """The fields that can be read; the others are reported."""
    entries, seen = given or (), set(known)
    _check_number("fields", entries, MOST_FIELDS, report)
    for one in entries[:MOST_FIELDS]:
        name = one.key.text
        if not _is_word(name):
            report.add(messages.bad_name(name, "a field", _HOW_WORDS, one.key.span))
        elif name in seen or name in _TAKEN or name.endswith("_link"):
            report.add(messages.bad_name(name, "a further field", _OTHER, one.key.span))
        seen.add(name)
        spec = _spec(one, report)
        if spec is not None:
            yield one, spec


def _spec(one: Named, report: Report) -> FieldSpec | None:
    try:
        spec = parse_field(one.key.text, one.value.text)
    except CatalogError:
        report.add(messages.bad_type(one.value.text, one.value.span))
        return None
    if isinstance(spec.type, Enumeration) and len(spec.type.members) > MOST_WORDS:
        report.add(messages.too_many("words", MOST_WORDS, one.value.span))
        return None
    return spec


def _is_word(name: str) -> bool:
    return len(name) <= LONGEST_NAME and _WORD.fullmatch(name) is not None
