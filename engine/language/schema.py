"""The JSON Schema of policy files, printed from the declarations that the reader uses."""

from __future__ import annotations

from .authored import PolicyFile
from .shapes import Record, Schema, record_schema, records_below

POLICY_SCHEMA_ID = "https://revlex.dev/schema/policy.schema.json"


def policy_schema() -> Schema:
    """The schema of one policy file, as draft 2020-12; editors complete and check with it."""
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": POLICY_SCHEMA_ID,
        "title": "revlex policy",
        **Record(PolicyFile).schema(),
        "$defs": {record.__name__: record_schema(record) for record in records_below(PolicyFile)},
    }
