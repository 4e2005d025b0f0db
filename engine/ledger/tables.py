"""The tables of a ledger. Migrations make them; a test holds the two together.

Everything but `positions` and `shops` is only ever added to. Bodies are the JSON of the records, as
they would stand in a file. Instants are microseconds since 1970.
"""

from __future__ import annotations

from typing import Final

from sqlalchemy import (
    BigInteger,
    Column,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    Table,
    Text,
    UniqueConstraint,
)

metadata: Final = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "pk": "pk_%(table_name)s",
    }
)

policies: Final = Table(
    "policies",
    metadata,
    Column("digest", Text, primary_key=True),
    Column("name", Text, nullable=False),
    Column("version", Text, nullable=False),
    Column("files", Text, nullable=False),
)
"""The policies that have judged, as written: `files` is a `WrittenPack` as JSON."""

settings: Final = Table(
    "settings",
    metadata,
    Column("name", Text, primary_key=True),
    Column("value", Text, nullable=False),
)
"""What the ledger was begun with: the check value of its key, and what it redacts."""

entries: Final = Table(
    "entries",
    metadata,
    Column("shop", Text, primary_key=True),
    Column("sequence", BigInteger, primary_key=True, autoincrement=False),
    Column("decision_id", Text, nullable=False),
    Column("kind", Text, nullable=False),
    Column("rule", Text, nullable=False),
    Column("at", BigInteger, nullable=False),
    Column("previous", Text, nullable=False),
    Column("hash", Text, nullable=False),
    Column("body", Text, nullable=False),
    UniqueConstraint("decision_id"),
    Index(None, "kind", "at"),
)
"""The decisions, chained by shop."""

appeals: Final = Table(
    "appeals",
    metadata,
    Column("shop", Text, primary_key=True),
    Column("key", Text, primary_key=True),
    Column("version", Integer, primary_key=True, autoincrement=False),
    Column("appeal_id", Text),
    Column("state", Text, nullable=False),
    Column("body", Text, nullable=False),
    Index(None, "appeal_id"),
)
"""The appeals, a row for each event and deadline that moved one.

The version is the number of states that it has entered by then.
"""

events: Final = Table(
    "events",
    metadata,
    Column("shop", Text, primary_key=True),
    Column("number", BigInteger, primary_key=True, autoincrement=False),
    Column("event_id", Text, nullable=False),
    Column("at", BigInteger, nullable=False),
    Column("body", Text, nullable=False),
    Index(None, "shop", "event_id"),
)
"""The events of each shop in the order in which they were fed.

Where time was let pass, a row without an event id says so: `at` is the instant up to which.
"""

quarantine: Final = Table(
    "quarantine",
    metadata,
    Column("stream", Text, primary_key=True),
    Column("number", BigInteger, primary_key=True, autoincrement=False),
    Column("reason", Text, nullable=False),
    Column("body", Text, nullable=False),
    Column("at", BigInteger, nullable=False, server_default="0"),
)
"""What was not applied, and why, by stream and in order.

`at` is the instant of the newest event of the stream up to there; 0 where that is not known.
"""

positions: Final = Table(
    "positions",
    metadata,
    Column("stream", Text, primary_key=True),
    Column("policy", Text, nullable=False),
    Column("read", BigInteger, nullable=False),
    Column("quarantined", BigInteger, nullable=False),
    Column("digest", LargeBinary, nullable=False),
)
"""How far each input has been read, with a digest of all that was read of it."""

shops: Final = Table(
    "shops",
    metadata,
    Column("shop", Text, primary_key=True),
    Column("policy", Text, nullable=False),
    Column("region", Text, nullable=False),
    Column("events", BigInteger, nullable=False),
    Column("state", LargeBinary, nullable=False),
)
"""The state of each shop after the last checkpoint that touched it."""

attachments: Final = Table(
    "attachments",
    metadata,
    Column("digest", Text, primary_key=True),
    Column("type", Text, nullable=False),
    Column("size", BigInteger, nullable=False),
)
"""The files that were handed in for appeals; their bytes are in the folder with the evidence."""

erasures: Final = Table(
    "erasures",
    metadata,
    Column("number", Integer, primary_key=True, autoincrement=False),
    Column("kind", Text, nullable=False),
    Column("at", BigInteger, nullable=False),
    Column("body", Text, nullable=False),
    Column("hash", Text, nullable=False),
)
"""What was taken out of the ledger, when and how much; each row is hashed with the one before."""

withheld: Final = Table(
    "withheld",
    metadata,
    Column("shop", Text, primary_key=True),
    Column("sequence", BigInteger, primary_key=True, autoincrement=False),
    Column("erasure", Integer, primary_key=True, autoincrement=False),
)
"""The decisions that an erasure has taken texts out of."""

anchors: Final = Table(
    "anchors",
    metadata,
    Column("shop", Text, primary_key=True),
    Column("erasure", Integer, nullable=False),
    Column("body", Text, nullable=False),
    Column("state", LargeBinary, nullable=False),
    Column("hash", Text, nullable=False),
)
"""How shops stood after texts or events of theirs were taken out.

What came before cannot be evaluated once more; what came after is, from the state that is kept.
"""
