"""Migrations make the tables that the code speaks of; what cannot be a ledger is refused."""

from __future__ import annotations

import contextlib
import sqlite3
from collections.abc import Callable
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from revlex.engine.ledger.ledger import Ledger
from revlex.engine.ledger.opening import address_of, connect_to, shown
from revlex.engine.ledger.problems import LedgerProblem
from revlex.engine.ledger.reading import LedgerReader
from revlex.engine.ledger.tables import metadata
from sqlalchemy import text


def test_migrations_make_the_tables(new_ledger: Callable[[], str]) -> None:
    name = new_ledger()
    Ledger(name).close()
    engine = connect_to(address_of(name))
    with engine.connect() as connection:
        assert compare_metadata(MigrationContext.configure(connection), metadata) == []
    engine.dispose()


def test_a_ledger_of_a_later_version(new_ledger: Callable[[], str]) -> None:
    name = new_ledger()
    Ledger(name).close()
    engine = connect_to(address_of(name)).execution_options(writes=True)
    with engine.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    engine.dispose()
    for opening in (Ledger, LedgerReader):
        with pytest.raises(LedgerProblem, match="a later version of revlex"):
            opening(name)


@pytest.mark.parametrize(
    ("name", "says"),
    [
        ("mysql://root@localhost/x", "a ledger cannot be kept in `mysql`"),
        ("://", "`://` is no address of a database"),
        ("postgresql://127.0.0.1:1/x", "connection"),
        ("{folder}", "not|unable"),
        ("{folder}/no/such/folder.db", "unable to open"),
        ("{folder}/text.db", "not a database"),
    ],
)
def test_what_cannot_be_a_ledger(tmp_path: Path, name: str, says: str) -> None:
    (tmp_path / "text.db").write_text("these are no tables, " * 200, encoding="utf-8")
    with pytest.raises(LedgerProblem, match=says):
        Ledger(name.format(folder=tmp_path))


def test_what_a_damaged_file_says_is_shown_by_its_number(tmp_path: Path) -> None:
    damaged = tmp_path / "damaged.db"
    with contextlib.closing(sqlite3.connect(damaged)) as connection:
        connection.execute("CREATE TABLE things (name TEXT)")
        connection.execute("PRAGMA writable_schema = ON")
        connection.execute("UPDATE sqlite_master SET name = 'a' || char(27) || '[2J', sql = 'x'")
        connection.commit()
    with pytest.raises(LedgerProblem, match=r"a<U\+001B>\[2J"):
        LedgerReader(str(damaged))


def test_reading_what_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(LedgerProblem, match="there is no ledger"):
        LedgerReader(str(tmp_path / "none.db"))
    assert list(tmp_path.iterdir()) == []
    other = tmp_path / "other.db"
    connection = sqlite3.connect(other)
    connection.execute("CREATE TABLE things (name TEXT)")
    connection.commit()
    connection.close()
    with pytest.raises(LedgerProblem, match="is no ledger"):
        LedgerReader(str(other))


def test_passwords_are_not_shown() -> None:
    assert "secret" not in shown(address_of("postgresql://ann:secret@127.0.0.1/x"))
