"""`catalog`: the kinds, fields and types of events that only this policy knows.

What is there already stays as it is. The additions are checked by name, then joined with the
catalog that ships, then checked for what they mean together.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ..authored.catalog import CatalogEntry, EventTypeEntry, KindEntry
from ..catalog import Catalog, build_catalog, catalog_data, standard_catalog
from ..diagnostics import Report
from ..shapes import Named
from .addition_meaning import check_meaning
from .addition_names import check_names
from .events import VERDICT, VERDICT_TYPE


def extended(given: CatalogEntry | None, report: Report) -> Catalog | None:
    """The catalog of a policy; nothing where its additions have mistakes, so that no rule is read.

    A policy without additions has the catalog that ships.
    """
    if given is None:
        return standard_catalog()
    findings = Report()
    if _is_whole(given):
        check_names(given, findings)
    if _is_whole(given) and not findings.has_errors:
        catalog = build_catalog(_joined(catalog_data(), given))
        check_meaning(given, catalog, findings)
        if not findings.has_errors:
            return catalog
    report.extend(findings)
    return None


def _is_whole(given: CatalogEntry) -> bool:
    """Whether everything could be read; what could not has been reported."""
    entries = [*(given.entities or ()), *(given.events or ())]
    if given.broken or any(one.value is None or one.value.broken for one in entries):
        return False
    fields = [field for one in entries for field in one.value.fields or ()]
    return all(field.value is not None for field in fields)


# ---------------------------------------------------------------------------- joining


def _joined(data: Mapping[str, Any], given: CatalogEntry) -> Mapping[str, Any]:
    """The catalog as data, with what is added to it."""
    entities, events = dict(data["entities"]), dict(data["events"])
    for one in given.entities or ():
        entities[one.key.text] = _with(entities.get(one.key.text), _kind(one.value))
    for one in given.events or ():
        events[one.key.text] = _with(events.get(one.key.text), _event(one.value))
    return {"entities": entities, "events": events}


def _with(known: Mapping[str, Any] | None, more: dict[str, Any]) -> Mapping[str, Any]:
    """A new kind or event, or one that is known with further fields."""
    if known is None:
        return more
    return {**known, "fields": {**(known.get("fields") or {}), **more["fields"]}}


def _kind(entry: KindEntry) -> dict[str, Any]:
    """A kind as data; one that counts by its verdict has one, whether or not it is judged."""
    counted = {
        one.key.text: [word.text for word in one.value or ()] for one in entry.counts_while or ()
    }
    own = {VERDICT.name: VERDICT_TYPE} if VERDICT.name in counted else {}
    return {
        "key": entry.key_.text if entry.key_ else "",
        "links": _texts(entry.links),
        "date": entry.date.text if entry.date else None,
        "counts_while": counted,
        "fields": {**_texts(entry.fields), **own},
    }


def _event(entry: EventTypeEntry) -> dict[str, Any]:
    return {
        "about": entry.about.text if entry.about else "",
        "entity": entry.entity.text if entry.entity else "any",
        "fields": _texts(entry.fields),
        "sets": _texts(entry.sets),
        "keeps": [text.text for text in entry.keeps or ()],
        "counts": [text.text for text in entry.counts or ()],
        "needs": [text.text for text in entry.needs or ()],
        "settles": bool(entry.settles and entry.settles.value),
    }


def _texts(entries: tuple[Named, ...] | None) -> dict[str, str]:
    return {one.key.text: one.value.text for one in entries or () if one.value is not None}
