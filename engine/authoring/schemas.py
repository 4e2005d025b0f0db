"""The JSON Schemas of what revlex reads and writes, each made from the classes that it uses."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import msgspec

from ..language.catalog import Catalog, standard_catalog
from ..language.schema import policy_schema
from ..records.appeal import Appeal
from ..records.decision import Decision
from ..records.notice import Notice
from ..records.projections.dsa.schema import statement_schema
from ..runtime.event_types import event_classes
from ..runtime.mapping import mapping_schema

_DRAFT = "https://json-schema.org/draft/2020-12/schema"

Schema = dict[str, Any]


def _record(record: type[msgspec.Struct]) -> Schema:
    return {"$schema": _DRAFT, **msgspec.json.schema(record)}


def event_schema(catalog: Catalog | None = None) -> Schema:
    """The schema of one event of any type: of a catalog, or else of the standard one."""
    classes = tuple(event_classes(catalog or standard_catalog()).values())
    schemas, definitions = msgspec.json.schema_components(classes, ref_template="#/$defs/{name}")
    return {
        "$schema": _DRAFT,
        "title": "revlex event",
        "anyOf": list(schemas),
        "$defs": definitions,
    }


SCHEMAS: Mapping[str, Callable[[], Schema]] = {
    "policy": policy_schema,
    "event": event_schema,
    "decision": lambda: _record(Decision),
    "appeal": lambda: _record(Appeal),
    "notice": lambda: _record(Notice),
    "mapping": mapping_schema,
    "statement": statement_schema,
}


def schema_of(what: str) -> Schema:
    """The schema of something that `revlex schema` knows."""
    return SCHEMAS[what]()
