"""Runs migrations on the connection that was handed over, in its own transaction."""

from __future__ import annotations

from alembic import context
from revlex.engine.ledger.tables import metadata

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=metadata,
    transactional_ddl=True,
)
context.run_migrations()
