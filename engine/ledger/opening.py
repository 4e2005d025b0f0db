"""Opening the database of a ledger, by a file's name or by the address of a PostgreSQL database."""

from __future__ import annotations

import contextlib
import sqlite3
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

from sqlalchemy import URL, Connection, Engine, create_engine, event, make_url
from sqlalchemy.exc import ArgumentError, DBAPIError, NoSuchModuleError, OperationalError

from ..language.display import visible
from .problems import LedgerProblem

SQLITE: Final = "sqlite"
POSTGRESQL: Final = "postgresql"
_DRIVERS: Final = {SQLITE: "sqlite+pysqlite", POSTGRESQL: "postgresql+psycopg"}
_WAIT: Final = 10
"""Seconds to wait for a database that somebody else is writing to."""


_PATIENCE: Final = {
    "connect_timeout": _WAIT,
    "keepalives_idle": 30,
    "keepalives_interval": 10,
    "keepalives_count": 3,
    "tcp_user_timeout": 60_000,
}
"""When a connection to a server counts as broken that has fallen silent (the last in ms)."""

_SERVER_PATIENCE: Final = (
    "SET tcp_keepalives_idle = 30",
    "SET tcp_keepalives_interval = 10",
    "SET tcp_keepalives_count = 3",
)
"""When the server is to let go of a client that has fallen silent, and of what it has claimed."""


def address_of(name: str) -> URL:
    """The address of a ledger: a file's name, `sqlite:///FILE` or `postgresql://…`.

    Raises:
        LedgerProblem: No ledger can be there.
    """
    if "://" not in name:
        return URL.create(_DRIVERS[SQLITE], database=str(Path(name)))
    try:
        url = make_url(name)
    except ArgumentError as error:
        raise LedgerProblem(f"`{name}` is no address of a database") from error
    backend = url.get_backend_name()
    if backend not in _DRIVERS:
        help_ = "write the name of a file, or an address that begins with `postgresql://`"
        raise LedgerProblem(f"a ledger cannot be kept in `{backend}`", help_)
    return url.set(drivername=_DRIVERS[backend])


def shown(url: URL) -> str:
    """An address without its password."""
    return url.database or "" if is_file(url) else url.render_as_string(hide_password=True)


def is_file(url: URL) -> bool:
    """Whether a ledger is one file."""
    return url.get_backend_name() == SQLITE


def connect_to(url: URL) -> Engine:
    """The engine of a database; each transaction begins by asking for the right to write."""
    options: dict[str, Any] = {}
    if is_file(url):
        options["connect_args"] = {"timeout": _WAIT}
    else:
        options["connect_args"] = {"application_name": "revlex", **_PATIENCE}
    try:
        engine = create_engine(url, **options)
    except (NoSuchModuleError, ModuleNotFoundError) as error:
        help_ = "install it with `pip install 'revlex[postgres]'`"
        raise LedgerProblem("the driver for PostgreSQL is not installed", help_) from error
    if is_file(url):
        event.listen(engine, "connect", _prepare_file)
        event.listen(engine, "begin", _begin)
    else:
        event.listen(engine, "connect", _prepare_session)
    return engine


def _prepare_session(connection: Any, _: object) -> None:
    """The server notices when this machine is gone."""
    for statement in _SERVER_PATIENCE:
        connection.execute(statement)
    connection.commit()


def _prepare_file(connection: sqlite3.Connection, _: object) -> None:
    """Readers do not wait for the writer, and what has been committed survives a power cut."""
    connection.isolation_level = None  # transactions begin where `_begin` says, and nowhere else
    connection.text_factory = _text
    for pragma in ("journal_mode = WAL", "synchronous = FULL", "foreign_keys = ON"):
        connection.execute(f"PRAGMA {pragma}")


def _text(data: bytes) -> str:
    """A text as it stands; one that is damaged comes out different, so that `verify` finds it."""
    return data.decode("utf-8", "backslashreplace")


def _begin(connection: Connection) -> None:
    mode = "IMMEDIATE" if connection.get_execution_options().get("writes") else "DEFERRED"
    connection.exec_driver_sql(f"BEGIN {mode}")


def clear_out(engine: Engine) -> None:
    """Rewrite a file so that nothing that was deleted is left in it, or in its log.

    A server sees to that itself, with its vacuum.

    Raises:
        LedgerProblem: Somebody is reading from the file.
    """
    if not is_file(engine.url):
        return
    with contextlib.closing(engine.raw_connection()) as connection:
        cursor = connection.cursor()
        try:
            cursor.execute("PRAGMA secure_delete = ON")
            cursor.execute("VACUUM")
            cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
            (is_busy, _, _) = cursor.fetchone() or (1, 0, 0)
        except sqlite3.OperationalError as error:
            raise LedgerProblem(
                f"{engine.url.database}: {_NOT_CLEARED}: {error}", _AGAIN
            ) from error
    if is_busy:
        raise LedgerProblem(f"{engine.url.database}: {_NOT_CLEARED}: it is being read", _AGAIN)


_NOT_CLEARED: Final = "what was taken out may be left in the file"
_AGAIN: Final = "run the same command again when nobody reads from the ledger"


@contextlib.contextmanager
def told_of_database(where: str) -> Iterator[None]:
    """Say in one sentence what a database has complained of.

    Raises:
        LedgerProblem: The database could not do what was asked.
    """
    try:
        yield
    except OperationalError as error:
        raise LedgerProblem(f"{where}: {_sentence(error)}", _fix(error)) from error
    except DBAPIError as error:
        raise LedgerProblem(f"{where}: {_sentence(error)}") from error
    except UnicodeDecodeError as error:  # the driver quotes a file whose tables are damaged
        raise LedgerProblem(f"{where}: the file is damaged") from error


def _sentence(error: DBAPIError) -> str:
    """What the driver says, on one line; a file may make it repeat whatever stands there."""
    return visible(" ".join(str(error.orig).split())) or type(error.orig).__name__


_FIXES: Final = {
    "database is locked": "another process is writing to it; try again when it has ended",
    "unable to open": "make sure that the folder exists and can be written to",
    "disk is full": "make room and run the same command again: nothing that was written is lost",
    "disk i/o error": "see to the disk and run the same command again: nothing that was written is "
    "lost",
    "readonly": "make sure that the file and its folder can be written to",
    "connection": "make sure that the database runs and can be reached, and try again",
}


def _fix(error: DBAPIError) -> str | None:
    says = str(error.orig).lower()
    return next((fix for sign, fix in _FIXES.items() if sign in says), None)
