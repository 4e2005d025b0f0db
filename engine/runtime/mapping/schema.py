"""The JSON Schema of mapping files, printed from the declarations that the reader uses."""

from __future__ import annotations

from ...language.shapes import Record, Schema, record_schema, records_below
from .authored import MappingFile

MAPPING_SCHEMA_ID = "https://revlex.dev/schema/mapping.schema.json"


def mapping_schema() -> Schema:
    """The schema of one mapping file, as draft 2020-12; editors complete and check with it."""
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": MAPPING_SCHEMA_ID,
        "title": "revlex mapping",
        **Record(MappingFile).schema(),
        "$defs": {record.__name__: record_schema(record) for record in records_below(MappingFile)},
    }
