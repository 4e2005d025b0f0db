"""The JSON Schema of a statement, from the same description as its check."""

from __future__ import annotations

from functools import singledispatch
from typing import Any

from .statement import (
    FORMS,
    NEVER_WITH,
    ONLY,
    REQUIRED,
    RESTRICTIONS,
    Address,
    Date,
    One,
    Some,
    Text,
    Token,
)

Schema = dict[str, Any]


def statement_schema() -> Schema:
    """The schema; that an end is not before its beginning, only the check can say."""
    never, other, value = NEVER_WITH
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "statement of reasons for the DSA Transparency Database, API v2",
        "type": "object",
        "additionalProperties": False,
        "properties": {name: _form(form) for name, form in FORMS.items()},
        "required": list(REQUIRED),
        "anyOf": [{"required": [name]} for name in RESTRICTIONS],
        "allOf": [
            *(_only(only.field, only.other, only.value, needed=only.needed) for only in ONLY),
            _if(other, value, {"not": {"required": [never]}}, {}),
        ],
        "dependentRequired": {end: [name] for name, end in RESTRICTIONS.items()},
    }


def _only(field: str, other: str, value: str, *, needed: bool) -> Schema:
    there = {"required": [field]}
    return _if(other, value, there if needed else {}, {"not": there})


def _if(other: str, value: str, then: Schema, otherwise: Schema) -> Schema:
    """What holds where another field has a value, or a list that holds it."""
    has = {"contains": {"const": value}} if isinstance(FORMS[other], Some) else {"const": value}
    condition = {"required": [other], "properties": {other: has}}
    found: Schema = {"if": condition}
    found |= {"then": then} if then else {}
    found |= {"else": otherwise} if otherwise else {}
    return found


@singledispatch
def _form(form: object) -> Schema:
    raise NotImplementedError(type(form).__name__)


@_form.register
def _(form: Text) -> Schema:
    return {"type": "string", "maxLength": form.most, "pattern": r"\S"}


@_form.register
def _(form: Token) -> Schema:
    return {"type": "string", "maxLength": form.most, "pattern": "^[A-Za-z0-9_-]+$"}


@_form.register
def _(form: Address) -> Schema:
    return {"type": "string", "maxLength": form.most, "pattern": r"^https?://[A-Za-z0-9]\S*$"}


@_form.register
def _(form: One) -> Schema:
    return {"enum": list(form.words)}


@_form.register
def _(form: Some) -> Schema:
    items = {"enum": list(form.words)}
    return {"type": "array", "items": items, "minItems": 1, "uniqueItems": True}


@_form.register
def _(form: Date) -> Schema:
    says = f"from {form.first} to {form.last}"
    pattern = "^[0-9]{4}-[0-9]{2}-[0-9]{2}$"
    return {"type": "string", "format": "date", "pattern": pattern, "description": says}
