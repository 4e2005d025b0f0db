"""Bringing the tables of a ledger to the form that this version of revlex writes."""

from __future__ import annotations

from typing import Final

from alembic import command
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, inspect

from .problems import LedgerProblem

_SCRIPTS: Final = "revlex.engine.ledger:migrations"


def _config(connection: Connection) -> Config:
    config = Config()
    config.set_main_option("script_location", _SCRIPTS)
    config.attributes["connection"] = connection
    return config


def newest() -> str:
    """The form that this version of revlex writes."""
    config = Config()
    config.set_main_option("script_location", _SCRIPTS)
    return ScriptDirectory.from_config(config).get_current_head() or ""


def form_of(connection: Connection) -> str | None:
    """The form that the tables have; nothing where there are none."""
    return MigrationContext.configure(connection).get_current_revision()


def migrate(connection: Connection) -> None:
    """Make the tables, or bring them up to date, in the transaction of the connection.

    Raises:
        LedgerProblem: They were written by a later version of revlex, or are those of something
            else.
    """
    check_known(connection)
    form = form_of(connection)
    if form is None and inspect(connection).get_table_names():
        help_ = "a ledger has a database of its own: name another one"
        raise LedgerProblem("the database holds tables of something else", help_)
    if form != newest():
        command.upgrade(_config(connection), "head")


def check_known(connection: Connection) -> None:
    """Make sure that this version of revlex knows the form of the tables.

    Raises:
        LedgerProblem: They were written by a later version of revlex.
    """
    form = form_of(connection)
    config = Config()
    config.set_main_option("script_location", _SCRIPTS)
    known = {one.revision for one in ScriptDirectory.from_config(config).walk_revisions()}
    if form is not None and form not in known:
        help_ = "install the version of revlex that wrote it, or a later one"
        raise LedgerProblem("the ledger was written by a later version of revlex", help_)
