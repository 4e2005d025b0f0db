"""The rows of one shop within a transaction that changes them, a page at a time."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

from sqlalchemy import Connection, Select, bindparam, select, update

from ..damage import sound
from ..tables import appeals, entries, events, quarantine

_PAGE: Final = 1_000


def rows_of(connection: Connection, asked: Select[Any]) -> list[Any]:
    """The rows that answer a question.

    Raises:
        Damaged: One of them cannot have been written so.
    """
    return list(sound(connection.execute(asked), asked))


def events_of(connection: Connection, shop: str, before: int | None = None) -> Iterator[list[Any]]:
    """Pages of the events of a shop, in order; only those from before an instant, if one is given.

    Rows may be changed while pages are read.
    """
    asked = select(events).where(events.c.shop == shop).order_by(events.c.number)
    if before is not None:
        asked = asked.where(events.c.at < before)
    last: int | None = None
    while True:
        page = asked if last is None else asked.where(events.c.number > last)
        rows = rows_of(connection, page.limit(_PAGE))
        if not rows:
            return
        yield rows
        last = rows[-1].number


def entries_of(connection: Connection, shop: str, before: int | None = None) -> Iterator[list[Any]]:
    """Pages of the entries of a shop, as `events_of` has them."""
    asked = select(entries).where(entries.c.shop == shop).order_by(entries.c.sequence)
    if before is not None:
        asked = asked.where(entries.c.at < before)
    last: int | None = None
    while True:
        page = asked if last is None else asked.where(entries.c.sequence > last)
        rows = rows_of(connection, page.limit(_PAGE))
        if not rows:
            return
        yield rows
        last = rows[-1].sequence


def aside(connection: Connection) -> Iterator[list[Any]]:
    """Pages of the quarantine, by stream and in order."""
    asked = select(quarantine).order_by(quarantine.c.stream, quarantine.c.number)
    last: Any = None
    while True:
        page = asked
        if last is not None:
            same = quarantine.c.stream == last.stream
            behind = (quarantine.c.stream > last.stream) | (
                same & (quarantine.c.number > last.number)
            )
            page = asked.where(behind)
        rows = rows_of(connection, page.limit(_PAGE))
        if not rows:
            return
        yield rows
        last = rows[-1]


def appeals_of(connection: Connection, shop: str) -> list[Any]:
    """The versions of the appeals of a shop, in order."""
    asked = select(appeals).where(appeals.c.shop == shop)
    return rows_of(connection, asked.order_by(appeals.c.key, appeals.c.version))


def _body(table: Any, *keys: str) -> Any:
    """A change of the body of a row that is found by its keys; their values have a `_` in front."""
    changed = update(table).values(body=bindparam("_body"))
    for key in keys:
        changed = changed.where(table.c[key] == bindparam(f"_{key}"))
    return changed


BODY_OF_EVENT: Final = _body(events, "shop", "number")
BODY_OF_ENTRY: Final = _body(entries, "shop", "sequence")
BODY_OF_APPEAL: Final = _body(appeals, "shop", "key", "version")
BODY_OF_ASIDE: Final = _body(quarantine, "stream", "number")


def change(connection: Connection, statement: Any, rows: list[dict[str, Any]]) -> None:
    """Change the bodies of some rows."""
    if rows:
        connection.execute(statement, rows)
