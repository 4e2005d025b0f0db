"""The statement of reasons: its fields, what each may hold, and which go together.

One description for all: the record, the check field by field, and the JSON Schema
(`grammar/statement.schema.json`).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

import msgspec

from . import vocabulary as words


class Statement(msgspec.Struct, frozen=True, omit_defaults=True, kw_only=True):
    """A statement as the API takes it; dates are `YYYY-MM-DD`."""

    decision_visibility: list[str] = []
    decision_visibility_other: str | None = None
    decision_monetary: str | None = None
    decision_monetary_other: str | None = None
    decision_provision: str | None = None
    decision_account: str | None = None
    account_type: str | None = None
    decision_facts: str
    decision_ground: str
    decision_ground_reference_url: str | None = None
    illegal_content_legal_ground: str | None = None
    illegal_content_explanation: str | None = None
    incompatible_content_ground: str | None = None
    incompatible_content_explanation: str | None = None
    incompatible_content_illegal: str | None = None
    content_type: list[str]
    content_type_other: str | None = None
    category: str
    category_addition: list[str] = []
    category_specification: list[str] = []
    category_specification_other: str | None = None
    territorial_scope: list[str]
    content_language: str | None = None
    content_date: str
    application_date: str
    end_date_visibility_restriction: str | None = None
    end_date_monetary_restriction: str | None = None
    end_date_service_restriction: str | None = None
    end_date_account_restriction: str | None = None
    source_type: str
    source_identity: str | None = None
    automated_detection: str
    automated_decision: str
    puid: str


# ------------------------------------------------------------------------ single fields


@dataclass(frozen=True, slots=True)
class Text:
    """A free text of at most so many characters (code points)."""

    most: int


@dataclass(frozen=True, slots=True)
class Token:
    """A text of letters, digits, `-` and `_` without anything else."""

    most: int


@dataclass(frozen=True, slots=True)
class Address:
    """A web address, `https://…`."""

    most: int


@dataclass(frozen=True, slots=True)
class One:
    """One of some words."""

    words: words.Words


@dataclass(frozen=True, slots=True)
class Some:
    """A list of one or more of some words, each once."""

    words: words.Words


@dataclass(frozen=True, slots=True)
class Date:
    """A day, `YYYY-MM-DD`, from the first to the last that the database takes."""

    first: str
    last: str = "2038-01-01"


Form = Text | Token | Address | One | Some | Date

_SHORT, _LONG, _LONGEST = Text(500), Text(2_000), Text(5_000)
_DAY: Final = Date("2020-01-01")

FORMS: Final[Mapping[str, Form]] = {
    "decision_visibility": Some(words.VISIBILITIES),
    "decision_visibility_other": _SHORT,
    "decision_monetary": One(words.MONETARIES),
    "decision_monetary_other": _SHORT,
    "decision_provision": One(words.PROVISIONS),
    "decision_account": One(words.ACCOUNTS),
    "account_type": One(words.ACCOUNT_TYPES),
    "decision_facts": _LONGEST,
    "decision_ground": One(words.GROUNDS),
    "decision_ground_reference_url": Address(500),
    "illegal_content_legal_ground": _SHORT,
    "illegal_content_explanation": _LONG,
    "incompatible_content_ground": _SHORT,
    "incompatible_content_explanation": _LONG,
    "incompatible_content_illegal": One(words.YES_NO),
    "content_type": Some(words.CONTENT_TYPES),
    "content_type_other": _SHORT,
    "category": One(words.CATEGORIES),
    "category_addition": Some(words.CATEGORIES),
    "category_specification": Some(words.KEYWORDS),
    "category_specification_other": _SHORT,
    "territorial_scope": Some(words.EEA),
    "content_language": One(words.LANGUAGES),
    "content_date": Date("2000-01-01"),
    "application_date": _DAY,
    "end_date_visibility_restriction": _DAY,
    "end_date_monetary_restriction": _DAY,
    "end_date_service_restriction": _DAY,
    "end_date_account_restriction": _DAY,
    "source_type": One(words.SOURCES),
    "source_identity": _SHORT,
    "automated_detection": One(words.YES_NO),
    "automated_decision": One(words.AUTOMATED_DECISIONS),
    "puid": Token(500),
}
"""What each field may hold, in the order of the record."""

REQUIRED: Final = (
    "decision_facts",
    "decision_ground",
    "content_type",
    "category",
    "territorial_scope",
    "content_date",
    "application_date",
    "source_type",
    "automated_detection",
    "automated_decision",
    "puid",
)
"""Fields that every statement has."""

RESTRICTIONS: Final[Mapping[str, str]] = {
    "decision_visibility": "end_date_visibility_restriction",
    "decision_monetary": "end_date_monetary_restriction",
    "decision_provision": "end_date_service_restriction",
    "decision_account": "end_date_account_restriction",
}
"""The kinds of restrictions, at least one of which a statement has, and when each ends."""


# ------------------------------------------------------------------------ fields together


@dataclass(frozen=True, slots=True)
class Only:
    """A field that goes with one value of another only, and may have to be there then."""

    field: str
    other: str
    value: str
    needed: bool = True


_ILLEGAL, _INCOMPATIBLE = words.GROUNDS

ONLY: Final = (
    Only("decision_visibility_other", "decision_visibility", "DECISION_VISIBILITY_OTHER"),
    Only("decision_monetary_other", "decision_monetary", "DECISION_MONETARY_OTHER"),
    Only("illegal_content_legal_ground", "decision_ground", _ILLEGAL),
    Only("illegal_content_explanation", "decision_ground", _ILLEGAL),
    Only("incompatible_content_ground", "decision_ground", _INCOMPATIBLE),
    Only("incompatible_content_explanation", "decision_ground", _INCOMPATIBLE),
    Only("incompatible_content_illegal", "decision_ground", _INCOMPATIBLE, needed=False),
    Only("content_type_other", "content_type", "CONTENT_TYPE_OTHER"),
    Only("category_specification_other", "category_specification", "KEYWORD_OTHER", needed=False),
)
"""Fields that depend on the value of another, which may be a list that holds it."""

NEVER_WITH: Final = ("source_identity", "source_type", "SOURCE_VOLUNTARY")
"""A field that does not go with one value of another."""
