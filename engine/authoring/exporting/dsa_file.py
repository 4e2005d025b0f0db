"""The configuration of `revlex export dsa` as its author wrote it: records with places."""

# ruff: noqa: RUF009  # `key` makes dataclass fields, as `field` does

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Final

from ...language.shapes import (
    Anything,
    Choice,
    Either,
    Integer,
    Line,
    Many,
    Named,
    Phrase,
    Shape,
    Table,
    Whole,
    key,
)
from ...language.source import Span
from ...records.projections.dsa.drafting import UNIONS
from ...records.projections.dsa.restricting import OF_SCOPES, OF_VERDICTS
from ...records.projections.dsa.statement import FORMS, Form, One, Some
from ...records.projections.dsa.vocabulary import EEA

NONE: Final = "none"
_MADE: Final = frozenset({"puid", "application_date"})
"""Fields that come from the decision, whatever a configuration says."""

_SAYABLE: Final = tuple(
    name for name in FORMS if name not in _MADE and not name.startswith("end_date_")
)
COUNTRIES: Final = Either(scalar=Choice(tuple(UNIONS)), sequence=Many(Choice(EEA), 1))
"""A territory: the Union, the Economic Area, or a list of countries."""

_BLOCK: Final = Table(Anything(), Choice(_SAYABLE))
_BLOCK_OR_NONE: Final = Either(scalar=Choice((NONE,)), mapping=_BLOCK)


@dataclass(frozen=True, slots=True, kw_only=True)
class DsaFile:
    """A configuration as its author wrote it."""

    span: Span = field(compare=False, repr=False)
    dsa: Whole = key(Integer(2, 2), "the version of the API", required=True)
    statement: tuple[Named, ...] | None = key(_BLOCK, "what every statement says")
    scopes: tuple[Named, ...] | None = key(
        Table(_BLOCK_OR_NONE, Choice(tuple(OF_SCOPES))),
        "what those say that fall on a review, a reply, a product, a shop or a fund",
    )
    verdicts: tuple[Named, ...] | None = key(
        Table(_BLOCK_OR_NONE, Choice(tuple(OF_VERDICTS))), "what those on a verdict say"
    )
    actions: tuple[Named, ...] | None = key(
        Table(_BLOCK_OR_NONE), "what those on an action say, by its name"
    )
    rules: tuple[Named, ...] | None = key(
        Table(_BLOCK_OR_NONE), "what those of a rule say, by its name"
    )
    regions: tuple[Named, ...] | None = key(
        Table(COUNTRIES, Phrase("a region", "EU")), "the countries of a region"
    )


def shape_of(field_name: str) -> Shape:
    """What a configuration may say of a field of statements."""
    if field_name == "territorial_scope":
        return COUNTRIES
    if field_name == "content_date":
        return Phrase("a day or `event`", "2025-07-01")
    return _shape(FORMS[field_name])


def _shape(form: Form) -> Shape:
    if isinstance(form, One):
        return Choice(form.words)
    return Many(Choice(form.words), 1) if isinstance(form, Some) else Line()
