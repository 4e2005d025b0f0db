"""Rows that are not as they can have been written, as somebody who changes a file may leave them.

A SQLite file takes any value in any column, and a body may be any text.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any, Final, TypeVar

import msgspec
from sqlalchemy import BigInteger, Column, Integer, LargeBinary, Select, Text

from .problems import LedgerProblem

_HELP: Final = "run `revlex verify` to see what else is wrong with it"
_HELD: Final[dict[type, tuple[type, str]]] = {
    Text: (str, "text"),
    Integer: (int, "whole number"),
    BigInteger: (int, "whole number"),
    LargeBinary: (bytes, "bytes"),
}
"""What a column of a type holds, and how that is called."""

Kind = TypeVar("Kind")


class Damaged(LedgerProblem):
    """A row that cannot have been written so."""


def sound(rows: Iterable[Any], asked: Select[Any]) -> Iterator[Any]:
    """Rows whose values are of the types that their columns have.

    Raises:
        Damaged: A value is not.
    """
    columns = list(asked.selected_columns)
    held = [(place, *_HELD[type(one.type)]) for place, one in enumerate(columns)]
    for row in rows:
        for place, type_, called in held:
            if type(row[place]) is not type_ and not _may_be_missing(row[place], columns[place]):
                raise _damaged(row, columns[place], called)
        yield row


def _may_be_missing(value: object, column: object) -> bool:
    """Whether there need not be a value: the database sees to it where there has to be."""
    nullable = column.nullable if isinstance(column, Column) else True
    return value is None and bool(nullable)


def _damaged(row: Any, column: Any, called: str) -> Damaged:
    table = getattr(column, "table", None)
    place = "a row" if table is None else f"a row of {table.name}"
    keys = [one.name for one in getattr(table, "primary_key", ()) if hasattr(row, one.name)]
    named = ", ".join(f"{key} {getattr(row, key)}" for key in keys)
    return Damaged(f"{place} ({named}) has no {called} in `{column.name}`", _HELP)


def decoded(body: str, type_: type[Kind], what: str) -> Kind:
    """The record in a body.

    Raises:
        Damaged: It is none.
    """
    try:
        return msgspec.json.decode(body, type=type_)
    except (msgspec.MsgspecError, RecursionError) as error:
        raise Damaged(f"{what} is damaged", _HELP) from error
