"""What was taken out of a ledger, and how the shops stood then; when something was put aside."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the tables; of what was put aside before, nobody knows when."""
    op.create_table(
        "erasures",
        sa.Column("number", sa.Integer, nullable=False),
        sa.Column("kind", sa.Text, nullable=False),
        sa.Column("at", sa.BigInteger, nullable=False),
        sa.Column("body", sa.Text, nullable=False),
        sa.Column("hash", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("number", name="pk_erasures"),
    )
    op.create_table(
        "withheld",
        sa.Column("shop", sa.Text, nullable=False),
        sa.Column("sequence", sa.BigInteger, nullable=False),
        sa.Column("erasure", sa.Integer, nullable=False),
        sa.PrimaryKeyConstraint("shop", "sequence", "erasure", name="pk_withheld"),
    )
    op.create_table(
        "anchors",
        sa.Column("shop", sa.Text, nullable=False),
        sa.Column("erasure", sa.Integer, nullable=False),
        sa.Column("body", sa.Text, nullable=False),
        sa.Column("state", sa.LargeBinary, nullable=False),
        sa.Column("hash", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("shop", name="pk_anchors"),
    )
    op.add_column("quarantine", sa.Column("at", sa.BigInteger, nullable=False, server_default="0"))
