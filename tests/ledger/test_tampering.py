"""Whatever somebody changes in a ledger by hand is found, and named at the first entry.

What cannot be found is said here, one thing after the other, and in docs/ledger.md.
"""

from __future__ import annotations

import json
import shutil
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from revlex.engine.ledger.tables import metadata
from revlex.engine.runtime.events import Decoder, Event
from revlex.tests.reference.ledgers import findings, record
from revlex.tests.reference.streams import DAY, HOUR, compiled, instant, text_of

RELAXED = settings(suppress_health_check=list(HealthCheck))
START = instant("2025-03-03T00:00")
APART = {"attachments", "settings", "erasures", "withheld", "anchors"}
"""What these hold has tests of its own."""
TABLES = {table.name: table for table in metadata.sorted_tables if table.name not in APART}


# ------------------------------------------------------------------------ a ledger with everything

POLICY = """
policy: small
reply_rules:
  - rule: no-gifts
    when: reply.text contains "gift"
    verdict: reject
    violation: gift
    because: "{matched}"
violations: {gift: {points: 5, do: [close for 2d]}}
actions: {close: {scope: shop, overlap: extend}}
escalations:
  - ladder: points
    per: shop
    expire: 9d
    because: "{points}"
    steps: [{at: 10, do: [close for 3d]}]
appeals:
  - appeal: violation
    attempts: [within 10d of notice]
    decide_within: 3d
    if_overturned: [void points, lift actions]
"""


def said() -> Iterator[dict[str, Any]]:
    """What happens, an hour apart, so that every table has rows of every kind."""
    for number in range(3):
        review = {"review_id": f"r{number}", "stars": 1, "text": "broken"}
        yield {"type": "review.posted"} | review
        reply = {"reply_id": f"y{number}", "review_id": f"r{number}", "text": "a gift for you"}
        yield {"type": "reply.submitted"} | reply
    yield {"type": "reply.submitted", "reply_id": "y9", "review_id": "nobody's", "text": "a"}
    yield {"type": "appeal.filed", "appeal_id": "a1", "rule": "gift"}
    yield {"type": "appeal.filed", "appeal_id": "a2", "rule": "no-gifts"}
    yield {"type": "appeal.assigned", "appeal_id": "a1", "reviewer": "ann"}
    decided = {"appeal_id": "a1", "decided_by": "ann", "reason": "looked at"}
    yield {"type": "appeal.decided", "outcome": "overturned"} | decided
    yield {"type": "clock.tick", "recorded_at": "2025-04-01T00:00:00Z"}


def stream(decoder: Decoder, shop: str) -> Iterator[Event | bytes]:
    for number, what in enumerate(said()):
        at = text_of(START + number * HOUR)
        envelope = {"event_id": f"{shop}-{number}", "occurred_at": at, "shop_id": shop}
        event = decoder.convert({**envelope, **what})
        assert isinstance(event, Event), event
        yield event
        if number % 5 == 0:
            yield b'{"event_id": "x", "type": "no.such", "shop_id": "s1"}'
            yield event


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A ledger of two inputs that holds, without anything in its write-ahead log."""
    path = tmp_path_factory.mktemp("tampering") / "whole.db"
    decoder = Decoder(compiled(POLICY).catalog)
    for shop in ("s1", "s2"):
        given = list(stream(decoder, shop))
        record(POLICY, given, str(path), stream=f"of {shop}", every=7, until=START + 20 * DAY)
    assert findings(str(path)) == []
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("PRAGMA journal_mode = DELETE")
        counts = [connection.execute(f"SELECT count(*) FROM {one}").fetchone() for one in TABLES]  # noqa: S608  # ours
    assert all(count > 0 for (count,) in counts)
    return path


# ------------------------------------------------------------------------------------- the changes


@dataclass(frozen=True, slots=True)
class Change:
    """Rows of a table before and after somebody changed it, each with the name of its row."""

    table: str
    before: dict[int, tuple[Any, ...]]
    after: dict[int, tuple[Any, ...]]

    def differing(self) -> Iterator[tuple[dict[str, Any], dict[str, Any]]]:
        """The rows that were changed where they stand, with the names of their columns."""
        names = [column.name for column in TABLES[self.table].columns]
        for place, row in self.before.items():
            if place in self.after and self.after[place] != row:
                yield (
                    dict(zip(names, row, strict=True)),
                    dict(zip(names, self.after[place], strict=True)),
                )


def rows_of(connection: sqlite3.Connection, table: str) -> dict[int, tuple[Any, ...]]:
    rows = connection.execute(f"SELECT rowid, * FROM {table}")  # noqa: S608  # a table of ours
    return {row[0]: row[1:] for row in rows}


@st.composite
def other_values(draw: st.DrawFn, value: Any, seen: list[Any]) -> Any:
    """Another value in the place of one: nearly the same, that of another row, or nonsense."""
    kind = draw(st.sampled_from(["near", "near", "seen", "nonsense"]))
    if kind == "seen":
        return draw(st.sampled_from(seen))
    if kind == "nonsense":
        return draw(
            st.sampled_from(
                [
                    "",
                    "x",
                    0,
                    -1,
                    10**15,
                    b"x",
                    None,
                    "{}",
                    "[]",
                    "\udcff".encode("utf-8", "surrogatepass"),
                ]
            )
        )
    if isinstance(value, int):
        return value + draw(st.sampled_from([-1, 1, 1_000_000]))
    if not value:
        return "x"
    place = draw(st.integers(0, len(value) - 1))
    if isinstance(value, bytes):
        return (
            value[:place]
            + bytes([value[place] ^ draw(st.sampled_from([1, 128]))])
            + value[place + 1 :]
        )
    put = draw(st.sampled_from(["", "7", "a", '"', "}", " ", "é", "\x00"]))
    return value[:place] + put + value[place + 1 :]


Do = Callable[[sqlite3.Connection, str, st.DataObject], None]


def edit(connection: sqlite3.Connection, table: str, data: st.DataObject) -> None:
    rows = rows_of(connection, table)
    place = data.draw(st.sampled_from(sorted(rows)))
    number, column = data.draw(st.sampled_from(list(enumerate(TABLES[table].columns))))
    value = data.draw(other_values(rows[place][number], [row[number] for row in rows.values()]))
    statement = f"UPDATE {table} SET {column.name} = ? WHERE rowid = ?"  # noqa: S608  # ours
    connection.execute(statement, (value, place))


def leave_out(connection: sqlite3.Connection, table: str, data: st.DataObject) -> None:
    place = data.draw(st.sampled_from(sorted(rows_of(connection, table))))
    connection.execute(f"DELETE FROM {table} WHERE rowid = ?", (place,))  # noqa: S608  # ours


def put_in(connection: sqlite3.Connection, table: str, data: st.DataObject) -> None:
    """Another row, which says what one says that is there, under another key."""
    rows = rows_of(connection, table)
    row = dict(
        zip(
            (one.name for one in TABLES[table].columns),
            data.draw(st.sampled_from(list(rows.values()))),
            strict=True,
        )
    )
    keys = [one.name for one in TABLES[table].primary_key.columns]
    key = data.draw(st.sampled_from(keys))
    ahead = st.integers(1, 100) if isinstance(row[key], int) else st.sampled_from(["x", " "])
    row[key] += data.draw(ahead)
    if "decision_id" in row:
        row["decision_id"] += "x"
    marks = ", ".join("?" * len(row))
    connection.execute(f"INSERT INTO {table} VALUES ({marks})", list(row.values()))  # noqa: S608  # ours


def swap(connection: sqlite3.Connection, table: str, data: st.DataObject) -> None:
    """Two rows in the place of one another."""
    rows = rows_of(connection, table)
    if len(rows) < 2:
        return
    one, other = data.draw(
        st.lists(st.sampled_from(sorted(rows)), min_size=2, max_size=2, unique=True)
    )
    keys = {column.name for column in TABLES[table].primary_key.columns}
    names = [column.name for column in TABLES[table].columns]
    free = [number for number, name in enumerate(names) if name not in keys]
    connection.execute(f"DELETE FROM {table} WHERE rowid IN (?, ?)", (one, other))  # noqa: S608  # ours
    for place, source in ((one, other), (other, one)):
        row = list(rows[place])
        for number in free:
            row[number] = rows[source][number]
        marks = ", ".join("?" * (len(row) + 1))
        said = ", ".join(["rowid", *names])
        connection.execute(f"INSERT INTO {table} ({said}) VALUES ({marks})", [place, *row])  # noqa: S608  # ours


def changed(path: Path, table: str, do: Do, data: st.DataObject) -> Change:
    """Change a ledger by hand; what the database itself does not allow is no change."""
    with closing(sqlite3.connect(path)) as connection:
        before = rows_of(connection, table)
        try:
            do(connection, table, data)
        except sqlite3.IntegrityError:
            connection.rollback()
        connection.commit()
        return Change(table, before, rows_of(connection, table))


# ----------------------------------------------------------------------------- what cannot be found


def cannot_be_found(change: Change) -> bool:
    """Whether a change is one of those that docs/ledger.md names."""
    same_rows = change.before.keys() == change.after.keys()
    return same_rows and (change.before == change.after or _UNSEEN[change.table](change))


def _says_the_same(change: Change) -> bool:
    """Comments and layout of a policy."""
    (row, other), *_ = change.differing()
    if any(row[name] != other[name] for name in row if name != "files"):
        return False
    texts = [json.loads(one["files"])["own"]["policy.yaml"] for one in (row, other)]
    return len({compiled(text).digest for text in texts}) == 1


def _is_not_of_events(change: Change) -> bool:
    """What the quarantine says of a record that was no event, where one came from, the order."""
    return _of_events(change.before) == _of_events(change.after)


def _of_events(rows: dict[int, tuple[Any, ...]]) -> list[str]:
    """What the quarantine says of events."""
    bodies = [json.loads(row[3]) | {"source": "", "line": 0} for row in rows.values()]
    return sorted(json.dumps(one) for one in bodies if one["reason"] != "unknown-type")


def _is_not_of_counts(change: Change) -> bool:
    """Which input had been read so far, and the digest of what was read of it."""
    rows = change.differing()
    return all(row[name] == other[name] for row, other in rows for name in ("policy", "read"))


_UNSEEN: dict[str, Callable[[Change], bool]] = {
    "policies": _says_the_same,
    "quarantine": _is_not_of_events,
    "positions": _is_not_of_counts,
    **dict.fromkeys(("appeals", "entries", "events", "shops"), lambda _: False),
}


EACH = pytest.mark.parametrize("do", [edit, leave_out, put_in, swap])


@EACH
@settings(RELAXED, max_examples=40)
@given(data=st.data())
def test_whatever_is_changed_is_found(whole: Path, do: Do, data: st.DataObject) -> None:
    path = whole.with_name("changed.db")
    shutil.copy(whole, path)
    change = changed(path, data.draw(st.sampled_from(sorted(TABLES))), do, data)
    found = findings(str(path))
    assert found or cannot_be_found(change), (change.table, list(change.differing()))


@settings(RELAXED, max_examples=60)
@given(data=st.data())
def test_an_entry_that_is_changed_is_the_first_to_be_named(
    whole: Path, data: st.DataObject
) -> None:
    path = whole.with_name("changed.db")
    shutil.copy(whole, path)
    change = changed(path, "entries", edit, data)
    for row, other in change.differing():
        shop, number = row["shop"], row["sequence"]
        if (shop, number) == (other["shop"], other["sequence"]):
            first = next(one for one in findings(str(path)) if one.startswith(f"{shop} "))
            assert first.startswith(f"{shop} {number}: ") or f"sequence {number})" in first
