"""The first tables: policies, entries, appeals, events, quarantine, positions, shops."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make them."""
    op.create_table(
        "policies",
        sa.Column("digest", sa.Text, nullable=False),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("version", sa.Text, nullable=False),
        sa.Column("files", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("digest", name="pk_policies"),
    )
    op.create_table(
        "entries",
        sa.Column("shop", sa.Text, nullable=False),
        sa.Column("sequence", sa.BigInteger, nullable=False),
        sa.Column("decision_id", sa.Text, nullable=False),
        sa.Column("kind", sa.Text, nullable=False),
        sa.Column("rule", sa.Text, nullable=False),
        sa.Column("at", sa.BigInteger, nullable=False),
        sa.Column("previous", sa.Text, nullable=False),
        sa.Column("hash", sa.Text, nullable=False),
        sa.Column("body", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("shop", "sequence", name="pk_entries"),
        sa.UniqueConstraint("decision_id", name="uq_entries_decision_id"),
    )
    op.create_index("ix_entries_kind_at", "entries", ["kind", "at"])
    op.create_table(
        "appeals",
        sa.Column("shop", sa.Text, nullable=False),
        sa.Column("key", sa.Text, nullable=False),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("appeal_id", sa.Text),
        sa.Column("state", sa.Text, nullable=False),
        sa.Column("body", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("shop", "key", "version", name="pk_appeals"),
    )
    op.create_index("ix_appeals_appeal_id", "appeals", ["appeal_id"])
    op.create_table(
        "events",
        sa.Column("shop", sa.Text, nullable=False),
        sa.Column("number", sa.BigInteger, nullable=False),
        sa.Column("event_id", sa.Text, nullable=False),
        sa.Column("at", sa.BigInteger, nullable=False),
        sa.Column("body", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("shop", "number", name="pk_events"),
    )
    op.create_index("ix_events_shop_event_id", "events", ["shop", "event_id"])
    op.create_table(
        "quarantine",
        sa.Column("stream", sa.Text, nullable=False),
        sa.Column("number", sa.BigInteger, nullable=False),
        sa.Column("reason", sa.Text, nullable=False),
        sa.Column("body", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("stream", "number", name="pk_quarantine"),
    )
    op.create_table(
        "positions",
        sa.Column("stream", sa.Text, nullable=False),
        sa.Column("policy", sa.Text, nullable=False),
        sa.Column("read", sa.BigInteger, nullable=False),
        sa.Column("quarantined", sa.BigInteger, nullable=False),
        sa.Column("digest", sa.LargeBinary, nullable=False),
        sa.PrimaryKeyConstraint("stream", name="pk_positions"),
    )
    op.create_table(
        "shops",
        sa.Column("shop", sa.Text, nullable=False),
        sa.Column("policy", sa.Text, nullable=False),
        sa.Column("region", sa.Text, nullable=False),
        sa.Column("events", sa.BigInteger, nullable=False),
        sa.Column("state", sa.LargeBinary, nullable=False),
        sa.PrimaryKeyConstraint("shop", name="pk_shops"),
    )
