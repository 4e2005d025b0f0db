"""Whether fields make a statement that the database takes: every mistake, field by field."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from functools import singledispatch
from typing import Any, Final

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

Fields = Mapping[str, Any]
"""What is to be said, by the name of the field."""

_TOKEN: Final = re.compile(r"[A-Za-z0-9_-]+")
_ADDRESS: Final = re.compile(
    r"https?://[A-Za-z0-9]([A-Za-z0-9.-]*[A-Za-z0-9])?(:[0-9]{1,5})?([/?#]\S*)?"
)
_UNSAYABLE: Final = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff]")
_DATE: Final = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")


@dataclass(frozen=True, slots=True)
class Mistake:
    """A field that does not fit, its value, and what is wrong with it."""

    field: str
    value: Any
    what: str


def mistakes(fields: Fields) -> list[Mistake]:
    """Everything that keeps fields from being a statement; nothing if they are one."""
    return [
        *_unknown(fields),
        *_missing(fields),
        *_unfit(fields),
        *_apart(fields),
        *_out_of_order(fields),
    ]


def _unknown(fields: Fields) -> Iterator[Mistake]:
    for name in fields:
        if name not in FORMS:
            yield Mistake(name, fields[name], "is no field of a statement")


def _missing(fields: Fields) -> Iterator[Mistake]:
    for name in REQUIRED:
        if name not in fields:
            yield Mistake(name, None, "is missing")
    if not any(name in fields for name in RESTRICTIONS):
        names = ", ".join(f"`{name}`" for name in RESTRICTIONS)
        yield Mistake("decision_visibility", None, f"is missing, and so are the others of {names}")


def _unfit(fields: Fields) -> Iterator[Mistake]:
    for name, form in FORMS.items():
        if name in fields:
            what = misfit(form, fields[name])
            if what is not None:
                yield Mistake(name, fields[name], what)


def _apart(fields: Fields) -> Iterator[Mistake]:
    """What does not go together, or lacks what goes with it."""
    for only in ONLY:
        goes = _says(fields, only.other, only.value)
        if goes and only.needed and only.field not in fields:
            yield Mistake(only.field, None, f"is missing: `{only.other}` says {only.value}")
        elif not goes and only.field in fields:
            what = f"goes with {only.value} as `{only.other}` only"
            yield Mistake(only.field, fields[only.field], what)
    field, other, value = NEVER_WITH
    if field in fields and _says(fields, other, value):
        yield Mistake(field, fields[field], f"does not go with {value} as `{other}`")
    for restriction, end in RESTRICTIONS.items():
        if end in fields and restriction not in fields:
            yield Mistake(end, fields[end], f"goes with `{restriction}` only")


def _says(fields: Fields, name: str, value: str) -> bool:
    said = fields.get(name)
    return value in said if isinstance(said, list) else said == value


def _out_of_order(fields: Fields) -> Iterator[Mistake]:
    start = fields.get("application_date")
    for end in RESTRICTIONS.values():
        if _is_date(start) and _is_date(fields.get(end)) and fields[end] < start:
            yield Mistake(end, fields[end], f"is before the `application_date`, {start}")


def _is_date(value: Any) -> bool:
    if not isinstance(value, str) or _DATE.fullmatch(value) is None:
        return False
    try:
        date.fromisoformat(value)
    except ValueError:
        return False
    return True


# ------------------------------------------------------------------------ single fields


@singledispatch
def misfit(form: object, value: Any) -> str | None:
    """What is wrong with a value of a form, if anything is."""
    raise NotImplementedError(type(form).__name__)


def _of_length(value: Any, most: int) -> str | None:
    if not isinstance(value, str):
        return "is no text"
    if not value.strip():
        return "is blank"
    if len(value) > most:
        return f"has {len(value):,} characters, at most {most:,} are taken"
    if _UNSAYABLE.search(value):
        return "holds a control character, or half of one"
    return None


@misfit.register
def _(form: Text, value: Any) -> str | None:
    return _of_length(value, form.most)


@misfit.register
def _(form: Token, value: Any) -> str | None:
    found = _of_length(value, form.most)
    if found is None and _TOKEN.fullmatch(value) is None:
        return "may have letters A to Z, digits, `-` and `_` only"
    return found


@misfit.register
def _(form: Address, value: Any) -> str | None:
    found = _of_length(value, form.most)
    if found is None and _ADDRESS.fullmatch(value) is None:
        return "is no web address such as https://example.org/terms"
    return found


@misfit.register
def _(form: One, value: Any) -> str | None:
    return None if value in form.words else f"is none of the {len(form.words)} words for it"


@misfit.register
def _(form: Some, value: Any) -> str | None:
    if not isinstance(value, list) or not value:
        return "is no list of words"
    if any(not isinstance(one, str) or one not in form.words for one in value):
        return f"holds what is none of the {len(form.words)} words for it"
    return None if len(set(value)) == len(value) else "says a word twice"


@misfit.register
def _(form: Date, value: Any) -> str | None:
    if not _is_date(value):
        return "is no day such as 2025-07-01"
    if not form.first <= value <= form.last:
        return f"is not a day from {form.first} to {form.last}"
    return None
