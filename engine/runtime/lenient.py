"""Values that are written as text, as every cell of a CSV file is.

A cell says nothing of its type; the catalog does. Whole numbers may have a fraction of zeros
(`5.0`), since spreadsheets and data frames write them so. Nothing else is guessed: no thousands
separators, no decimal commas, no `yes`.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from decimal import Decimal
from types import MappingProxyType
from typing import Any, Final

import msgspec

from ..language.catalog import FieldSpec
from ..language.types import BOOLEAN, DECIMAL, INTEGER, ListOf, Type
from .event_types import annotation

Reader = Callable[[str], Any]
"""Reads the text of one cell.

Raises:
    ValueError: the text is not of the field's type.
"""

_INTEGER = re.compile(r"(?P<whole>[+-]?\d{1,30})(\.0{1,30})?", re.ASCII)
_DECIMAL = re.compile(r"[+-]?\d+(\.\d+)?([eE][+-]?\d{1,6})?", re.ASCII)
_TRUTH: Final = MappingProxyType({"true": True, "1": True, "false": False, "0": False})
_texts = msgspec.json.Decoder(tuple[str, ...])


def _integer(text: str) -> int:
    match = _INTEGER.fullmatch(text.strip())
    if match is None:
        raise ValueError(text)
    return int(match["whole"])


def _decimal(text: str) -> Decimal:
    if not _DECIMAL.fullmatch(text.strip()):
        raise ValueError(text)
    return Decimal(text.strip())


def _boolean(text: str) -> bool:
    try:
        return _TRUTH[text.strip().lower()]
    except KeyError:
        raise ValueError(text) from None


def _list(text: str) -> tuple[str, ...]:
    """A list is written as JSON: `["a", "b"]`."""
    return _texts.decode(text)


_READERS: Final[Mapping[Type, Reader]] = {INTEGER: _integer, DECIMAL: _decimal, BOOLEAN: _boolean}


def cell_readers(fields: Mapping[str, FieldSpec]) -> Mapping[str, Reader]:
    """How to read each field whose value is not its text; the decoder reads times by itself."""
    return {
        name: _list if isinstance(spec.type, ListOf) else _READERS[spec.type]
        for name, spec in fields.items()
        if spec.type in _READERS or isinstance(spec.type, ListOf)
    }


def fits(spec: FieldSpec, text: str) -> bool:
    """Whether a text can be the value of a field."""
    reader = cell_readers({spec.name: spec}).get(spec.name, str)
    try:
        msgspec.convert(reader(text), annotation(spec, is_key=False))
    except ValueError:
        return False
    return True
