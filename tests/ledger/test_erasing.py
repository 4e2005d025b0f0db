"""What is taken out of a ledger is nowhere in it; what stays holds, and goes on."""

from __future__ import annotations

import contextlib
import sqlite3
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import msgspec
import pytest
from click.testing import CliRunner
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from revlex.cli import main
from revlex.engine.ledger.casework import Casework
from revlex.engine.ledger.ledger import Ledger
from revlex.engine.ledger.opening import address_of, connect_to
from revlex.engine.ledger.privacy.erased import Erased
from revlex.engine.ledger.privacy.erasing import Erasing, Terms
from revlex.engine.ledger.privacy.keys import pseudonym
from revlex.engine.ledger.problems import LedgerProblem
from revlex.engine.ledger.reading import LedgerReader
from revlex.engine.ledger.tables import metadata
from revlex.engine.records.decision import Decision
from revlex.engine.runtime.instants import from_datetime
from revlex.tests.ledger.privately import (
    EVENTS,
    KEY,
    NewLedger,
    event,
    findings,
    holding,
    rows,
    run,
    write_events,
    write_policy,
)
from revlex.tests.reference import ledgers
from revlex.tests.reference.everything import Terms as PolicyTerms
from revlex.tests.reference.everything import policy, streams
from revlex.tests.reference.streams import DAY, instant

NOW = instant("2025-06-01T00:00")
both_keys = pytest.mark.parametrize("key", [b"", KEY], ids=["no key", "key"])
recomputes = pytest.mark.parametrize("recompute", ["from now", "retroactive"])
HOSTILE = event(
    11,
    "review.posted",
    8,
    review_id="r3",
    buyer_key="bob-2",
    stars=1,
    text=f"a voucher from Cy, [withheld {'0' * 64}]",
)


def erase(name: str, key: bytes = b"", buyer: str = "ann-1", *, dry_run: bool = False) -> Erased:
    with Ledger(name, key) as ledger, LedgerReader(name, key) as reader:
        return Erasing(ledger, reader).buyer(buyer, NOW, dry_run=dry_run)


def retain(name: str, **before: str) -> Erased:
    terms = Terms(**{what: instant(at) for what, at in before.items()})
    with Ledger(name) as ledger, LedgerReader(name) as reader:
        return Erasing(ledger, reader).retain(terms, NOW)


def take(name: str, key: bytes, **step: Any) -> None:
    with Ledger(name, key) as ledger, LedgerReader(name, key) as reader:
        Casework(ledger, reader).take("s1", step)


def decisions(name: str, **wanted: str) -> list[Decision]:
    with LedgerReader(name) as reader:
        found = [msgspec.json.decode(row.body, type=Decision) for row in reader.entries("s1")]
    return [
        one for one in found if all(getattr(one, name) == value for name, value in wanted.items())
    ]


def hashes(name: str) -> list[str]:
    return [one.integrity.hash for one in decisions(name)]


def change(name: str, *statements: str) -> None:
    engine = connect_to(address_of(name)).execution_options(writes=True)
    with engine.begin() as connection:
        for statement in statements:
            assert connection.exec_driver_sql(statement).rowcount > 0
    engine.dispose()


def appealed(tmp_path: Path, name: str, key: bytes, recompute: str) -> Path:
    """A ledger in which the violation of each buyer's reply was appealed; gives the pack."""
    pack = write_policy(tmp_path, recompute=recompute)
    run(pack, name, write_events(tmp_path, [*EVENTS, HOSTILE]), key)
    about = {one.subject.reply: one.decision_id for one in decisions(name, kind="violation")}
    filed = {"type": "appeal.filed", "occurred_at": "2025-03-10T10:00:00Z"}
    for who, reply in (("Ann", "p1"), ("Bob", "p2")):
        said = {"appeal_id": f"about {reply}", "statement": f"{who} asked for it"}
        take(name, key, decision_id=about[reply], **filed, **said)
    return pack


def decide(name: str, key: bytes, reply: str, at: str, reason: str) -> None:
    step = {"type": "appeal.decided", "outcome": "overturned", "decided_by": "cy"}
    take(name, key, appeal_id=f"about {reply}", occurred_at=at, reason=reason, **step)


# -------------------------------------------------------------------------------- erasure


@both_keys
@recomputes
def test_a_buyer_is_erased(
    tmp_path: Path, new_ledger: NewLedger, key: bytes, recompute: str
) -> None:
    name = new_ledger()
    pack = appealed(tmp_path, name, key, recompute)
    decide(name, key, "p1", "2025-03-11T10:00:00Z", "Ann said so")
    before, bobs = hashes(name), len(holding(name, "Bob"))
    assert {row.partition(":")[0] for row in holding(name, "Ann")} == {
        *("appeals", "entries", "events", "shops")
    }
    counted = erase(name, key, dry_run=True)
    assert holding(name, "Ann") != []
    assert erase(name, key) == counted
    assert counted.buyer == pseudonym(key, "ann-1")
    assert holding(name, "Ann") == []
    assert len([row for row in holding(name, "Bob") if not row.startswith("anchors")]) == bobs
    assert hashes(name) == before
    assert findings(name, key) == []
    assert erase(name, key).is_nothing
    later = event(12, "reply.submitted", 12, reply_id="p3", review_id="r2", text="a voucher, again")
    run(pack, name, write_events(tmp_path, [*EVENTS, HOSTILE, later]), key)
    assert len(hashes(name)) > len(before)
    assert findings(name, key) == []


def test_it_is_nowhere_in_the_file(tmp_path: Path) -> None:
    """Nor beside it: what was deleted is written over."""
    name = tmp_path / "ledger.db"
    appealed(tmp_path, str(name), b"", "retroactive")
    before = b"".join(file.read_bytes() for file in sorted(tmp_path.glob("ledger.db*")))
    erase(str(name))
    after = b"".join(file.read_bytes() for file in sorted(tmp_path.glob("ledger.db*")))
    for word in (b"Ann", b"still waits", b"says it broke"):
        assert word in before
        assert word not in after
    assert b"thanks the courier" in after


def test_somebody_reads(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What is gone from the tables may be left in the file; saying it again clears that."""
    monkeypatch.setattr("revlex.engine.ledger.opening._WAIT", 0)
    name = tmp_path / "ledger.db"
    run(write_policy(tmp_path), str(name), write_events(tmp_path, EVENTS))
    with contextlib.closing(sqlite3.connect(name, isolation_level=None)) as connection:
        connection.execute("BEGIN")
        connection.execute("SELECT count(*) FROM events").fetchone()
        with pytest.raises(LedgerProblem, match="may be left in the file: it is being read"):
            erase(str(name))
    assert holding(str(name), "Ann") == []
    assert erase(str(name)).is_nothing
    files = b"".join(file.read_bytes() for file in sorted(tmp_path.glob("ledger.db*")))
    assert b"Ann" not in files


def test_what_was_judged_by_words_that_are_gone_stands(
    tmp_path: Path, new_ledger: NewLedger
) -> None:
    """History that is evaluated again begins behind them, and an appeal still undoes what was."""
    name = new_ledger()
    appealed(tmp_path, name, b"", "retroactive")
    erase(name)
    decide(name, b"", "p2", "2025-03-12T10:00:00Z", "it was a joke")
    (first,) = [one.reverses for one in decisions(name, kind="reversal")]
    violations = {one.subject.reply: one for one in decisions(name, kind="violation")}
    assert first == violations["p2"].decision_id
    decide(name, b"", "p1", "2025-03-13T10:00:00Z", "so was this")
    reversed_ = {one.reverses: one.outcome.points for one in decisions(name, kind="reversal")}
    (change_,) = reversed_[violations["p1"].decision_id]
    assert (change_.before, change_.after) == (2, 0)
    assert findings(name) == []


def test_an_appeal_that_names_a_review_is_about_it(tmp_path: Path, new_ledger: NewLedger) -> None:
    """Also where it is against a decision about somebody else, and what the reviewer says then."""
    pack, name = write_policy(tmp_path), new_ledger()
    run(pack, name, write_events(tmp_path, EVENTS))
    (bobs,) = (one for one in decisions(name, kind="violation") if one.subject.reply == "p2")
    filed = {"appeal_id": "a1", "occurred_at": "2025-03-10T10:00:00Z", "review_ids": ["r1"]}
    step = {"type": "appeal.filed", "decision_id": bobs.decision_id, "statement": "as Ann did"}
    take(name, b"", **filed, **step)
    step = {"type": "appeal.decided", "outcome": "overturned", "decided_by": "cy"}
    step |= {"appeal_id": "a1", "occurred_at": "2025-03-11T10:00:00Z", "reason": "Ann did"}
    take(name, b"", **step)
    erase(name)
    assert holding(name, "Ann") == []
    assert findings(name) == []


def test_what_is_in_the_quarantine_goes_as_well(tmp_path: Path, new_ledger: NewLedger) -> None:
    """By its buyer, by its review, and where nobody can read it."""
    bad = [
        {**EVENTS[1], "event_id": "q1", "stars": 7},
        {"event_id": "q2", "shop_id": "s1", "review_id": "r1", "wrong": 1, "text": "Ann, so"},
        {**EVENTS[2], "event_id": "q3", "occurred_at": "2025-03-01T00:00:00Z"},
        {**EVENTS[5], "event_id": "q4", "stars": 7},
    ]
    pack, name = write_policy(tmp_path), new_ledger()
    file = write_events(tmp_path, [*EVENTS, *bad])
    Path(file).write_bytes(Path(file).read_bytes() + b'{"buyer_key": "ann-1", "text": "Ann\n')
    run(pack, name, file)
    erased = erase(name)
    assert erased.from_aside == 4
    assert holding(name, "Ann") == []
    assert any("Bob" in row for row in holding(name, "quarantine: "))
    assert findings(name) == []


@both_keys
def test_fields_that_nobody_knows_go_as_well(
    tmp_path: Path, new_ledger: NewLedger, key: bytes
) -> None:
    """Whatever is in them, in a record that is the buyer's, or has the id anywhere."""
    said = {"comment": "ZZ1", "meta": {"note": "ZZ2", "all": [{"x": "ZZ3"}]}, "data": "ZZ4"}
    outer = {"specversion": "1.0", "id": "u3", "source": "x", "type": "review.posted"}
    foreign = {"type": "shop.review.created", "shop_id": "s1", "body": "ZZ5"}
    bad = [
        {**EVENTS[1], "event_id": "u1", **said},
        {**foreign, "event_id": "u2", "customer_id": "ann-1", "phone": 4420},
        {**outer, "data": {**EVENTS[1], "event_id": "u3", "title": "ZZ6", "wrong": "ZZ7"}},
        {**foreign, "event_id": "u4", "customer_id": "bob-9", "body": "YY"},
    ]
    pack, name = write_policy(tmp_path), new_ledger()
    file = Path(write_events(tmp_path, [*EVENTS, *bad]))
    escaped = b'{"customer": "\\u0061nn-1", "body": "ZZ8"}\n'
    file.write_bytes(file.read_bytes() + escaped)
    run(pack, name, str(file), key)
    assert len(holding(name, "ZZ")) == 4
    erase(name, key)
    assert holding(name, "ZZ") == holding(name, "4420") == []
    assert holding(name, "YY") != []
    assert findings(name, key) == []


def test_nobody_knows_the_buyer(tmp_path: Path, new_ledger: NewLedger) -> None:
    pack, name = write_policy(tmp_path), new_ledger()
    run(pack, name, write_events(tmp_path, EVENTS))
    before = rows(name)
    for buyer in ("ann", "ANN-1", "%", "o1", "x" * 999, 'a"b', "\x00"):
        assert erase(name, buyer=buyer).is_nothing
    assert rows(name) == before


# ------------------------------------------------------------------------------ retention


def test_what_is_old_goes(tmp_path: Path, new_ledger: NewLedger) -> None:
    name = new_ledger()
    pack = appealed(tmp_path, name, b"", "retroactive")
    before = hashes(name)
    erased = retain(name, texts="2025-03-06T00:00", events="2025-03-04T00:00")
    assert (erased.from_events, erased.dropped_events, erased.dropped_aside) == (5, 3, {})
    assert [row for row in holding(name, "Ann") if not row.startswith("appeals")] == [
        *(row for row in holding(name, "Ann asked for it") if not row.startswith("appeals"))
    ]
    assert len([row for row in rows(name) if row.startswith("events")]) == len(EVENTS) + 3 - 3 - 1
    assert hashes(name) == before
    assert findings(name) == []
    assert retain(name, texts="2025-03-06T00:00", events="2025-03-04T00:00").is_nothing
    later = event(12, "reply.submitted", 12, reply_id="p3", review_id="r2", text="a voucher, again")
    run(pack, name, write_events(tmp_path, [*EVENTS, HOSTILE, later]))
    decide(name, b"", "p2", "2025-03-13T10:00:00Z", "it was a joke")
    assert findings(name) == []
    assert retain(name, texts="2025-04-01T00:00", events="2025-04-01T00:00").shops == 1
    assert findings(name) == []


def test_the_quarantine_goes_by_what_was_read_then(tmp_path: Path, new_ledger: NewLedger) -> None:
    bad = {**EVENTS[1], "event_id": "q1", "stars": 7}
    late = {**EVENTS[2], "event_id": "q2", "occurred_at": "2025-03-01T00:00:00Z"}
    pack, name = write_policy(tmp_path), new_ledger()
    events = [*EVENTS[:3], bad, late, *EVENTS[3:]]
    run(pack, name, write_events(tmp_path, events))
    assert retain(name, aside="2025-03-03T00:00").is_nothing
    erased = retain(name, aside="2025-03-05T00:00")
    assert [*erased.dropped_aside.values()] == [2]
    assert len([row for row in rows(name) if row.startswith("quarantine")]) == 1
    assert findings(name) == []
    run(pack, name, write_events(tmp_path, [*events, {**bad, "event_id": "q3"}]))
    assert len([row for row in rows(name) if row.startswith("quarantine")]) == 2
    assert findings(name) == []


PROGRAMS = [
    policy(PolicyTerms(recompute="retroactive", pending="suspend", lapsed="overturn")),
    policy(PolicyTerms(recompute="retroactive", retention="12d", lateness="3h")),
]


@settings(
    max_examples=25,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(data=st.data())
def test_wherever_it_is_cut(tmp_path: Path, data: st.DataObject) -> None:
    """Whatever is taken out in the middle of a stream, the rest holds."""
    program = data.draw(st.sampled_from(PROGRAMS))
    written = program.appeals[0].span.source.text
    events = data.draw(streams(program))
    cut = data.draw(st.integers(1, len(events)))
    times = [from_datetime(one.occurred_at) for one in events[:cut]]
    old = st.none() | st.sampled_from(times).map(lambda at: at + 1)
    terms = Terms(data.draw(old), data.draw(old), data.draw(old))
    for file in tmp_path.glob("l.db*"):
        file.unlink()
    name = str(tmp_path / "l.db")
    ledgers.record(written, events[:cut], name)
    with Ledger(name) as ledger, LedgerReader(name) as reader:
        Erasing(ledger, reader).retain(terms, NOW)
    assert ledgers.findings(name) == []
    ledgers.record(written, events, name, until=times[-1] + 60 * DAY)
    assert ledgers.findings(name) == []


# --------------------------------------------------------------- nothing else is taken out

TAMPERED: Mapping[str, tuple[tuple[str, ...], str]] = {
    "a text is taken out by hand": (
        ("UPDATE entries SET body = '{bare}' WHERE sequence = {other}",),
        "{other}: a text was taken out of it, and no erasure says so",
    ),
    "a text is put back": (
        ("UPDATE entries SET body = '{whole}' WHERE sequence = {erased}",),
        "{erased}: an erasure took its texts out, and they are there",
    ),
    "the erasure is left out": (
        ("DELETE FROM erasures",),
        "decisions are listed that an erasure took texts out of, which is not there",
    ),
    "the erasure says less": (
        ("UPDATE erasures SET body = replace(body, '\"shops\":1', '\"shops\":2')",),
        "erasure 1: it is not what was written: its hash differs",
    ),
    "its list is shorter": (
        ("DELETE FROM withheld WHERE sequence = {erased}",),
        "erasure 1: it does not list the decisions that it took texts out of",
    ),
    "the anchor is left out": (("DELETE FROM anchors",), "comes out differently"),
    "the anchor says less": (
        ("UPDATE anchors SET body = replace(body, '\"dropped\":0', '\"dropped\":1')",),
        "its anchor is not what was written",
    ),
    "an event from before it": (
        ("UPDATE events SET body = replace(body, 'p1', 'p9') WHERE number = 4",),
        "the events from before texts were taken out are not what they were",
    ),
    "the last event from before it": (
        ("DELETE FROM events WHERE number = (SELECT max(number) FROM events)",),
        "the events from before texts were taken out are not what they were",
    ),
    "an appeal from before it": (
        ("UPDATE appeals SET body = replace(body, 'Bob asked', 'Bob begged')",),
        "its appeals from before texts were taken out are not what they were",
    ),
    "what is in the quarantine": (
        ("UPDATE quarantine SET body = replace(body, 'q1', 'q9')",),
        "the quarantine says otherwise why its events were not applied",
    ),
}


@pytest.mark.parametrize("name", TAMPERED)
def test_what_is_changed_by_hand_is_found(tmp_path: Path, name: str) -> None:
    ledger = str(tmp_path / "ledger.db")
    pack = appealed(tmp_path, ledger, b"", "from now")
    late = {**EVENTS[2], "event_id": "q1", "occurred_at": "2025-03-01T00:00:00Z"}
    late |= {"review_id": "r2", "text": None}
    run(pack, ledger, write_events(tmp_path, [*EVENTS, HOSTILE, late]))
    whole = {one.sequence: one for one in decisions(ledger)}
    erase(ledger)
    assert findings(ledger) == []
    bare = {one.sequence: one for one in decisions(ledger)}
    erased = next(number for number, one in bare.items() if one != whole[number])
    other = next(n for n, one in whole.items() if one.subject.reply == "p2")
    second = str(tmp_path / "second.db")
    run(pack, second, write_events(tmp_path, [*EVENTS, HOSTILE]))
    erase(second, buyer="bob-2")
    places = {
        "erased": erased,
        "other": other,
        "whole": said(whole[erased]),
        "bare": said(next(one for one in decisions(second) if one.sequence == other)),
    }
    statements, wanted = TAMPERED[name]
    change(ledger, *(_filled(statement, places) for statement in statements))
    found = findings(ledger)
    assert _filled(wanted, places) in found[0], found


def test_whatever_is_said_of_an_erasure_is_held_against_it(tmp_path: Path) -> None:
    """Any cell, any row, one too many or one too few."""
    name = tmp_path / "ledger.db"
    run(write_policy(tmp_path), str(name), write_events(tmp_path, EVENTS))
    erase(str(name))
    whole = name.read_bytes()
    for table in ("erasures", "withheld", "anchors"):
        columns = [column.name for column in metadata.tables[table].columns]
        statements = [f"DELETE FROM {table} WHERE rowid = (SELECT min(rowid) FROM {table})"]  # noqa: S608  # ours
        for column in columns:
            values = ("''", "'x'", "'{{}}'", "0", "-1", "x'00'", f"{column} || ' '")
            where = f"WHERE rowid = (SELECT max(rowid) FROM {table})"  # noqa: S608  # ours
            statements += [f"UPDATE {table} SET {column} = {one} {where}" for one in values]  # noqa: S608  # ours
        key = metadata.tables[table].primary_key.columns.keys()[0]
        copied = ", ".join("'zz'" if one == key else one for one in columns)
        statements.append(f"INSERT INTO {table} SELECT {copied} FROM {table} LIMIT 1")  # noqa: S608  # ours
        statements += ["INSERT INTO withheld VALUES ('s1', 5, 9)"] * (table == "withheld")
        for statement in statements:
            name.write_bytes(whole)
            with contextlib.closing(sqlite3.connect(name)) as connection:
                connection.text_factory = bytes
                shown = f"SELECT * FROM {table}"  # noqa: S608  # ours
                before = connection.execute(shown).fetchall()
                with contextlib.suppress(sqlite3.IntegrityError):
                    connection.execute(statement)
                connection.commit()
                same = before == connection.execute(shown).fetchall()
            assert same or findings(str(name)) != [], statement


def said(decision: Decision) -> str:
    """A decision as it is written, in a statement."""
    return msgspec.json.encode(decision, order="deterministic").decode().replace("'", "''")


def _filled(pattern: str, places: Mapping[str, Any]) -> str:
    for name, value in places.items():
        pattern = pattern.replace(f"{{{name}}}", str(value))
    return pattern


# ------------------------------------------------------------------------- command line


def revlex(*words: str) -> tuple[int, list[str]]:
    done = CliRunner().invoke(main, words)
    return done.exit_code, done.output.splitlines()


def test_the_commands(tmp_path: Path) -> None:
    name = str(tmp_path / "ledger.db")
    run(write_policy(tmp_path), name, write_events(tmp_path, EVENTS))
    took = [
        "shops: 1",
        "texts withheld in: events 5, decisions 3, states of shops 1",
    ]
    status, lines = revlex("erase", name, "--buyer", "ann-1", "--dry-run")
    told = "nothing has been changed; this is what would come of it:"
    assert (status, lines) == (0, [told, *took])
    assert revlex("erase", name, "--buyer", "ann-1") == (0, took)
    assert revlex("erase", name, "--buyer", "ann-1") == (0, ["nothing to take out"])
    unseen = "not evaluated once more, since texts or events were taken out: events 7, in shops 1"
    assert revlex("verify", name) == (0, [unseen, f"{name}: everything holds"])
    status, lines = revlex("history", name, "s1")
    not_shown = "what the checks saw of the first 7 events"
    assert (status, not_shown in "\n".join(lines)) == (0, True)
    days = ("--events", "30d", "--quarantine", "30d", "--as-of", "2025-05-01T00:00:00Z")
    status, lines = revlex("retain", name, *days)
    assert lines == ["shops: 1", "dropped: events 7, records of the quarantine 1"]
    status, lines = revlex("retain", name, *days, "--format", "json")
    assert msgspec.json.decode("\n".join(lines))["shops"] == 0
    assert revlex("history", name, "s1")[0] == 0
    assert revlex("verify", name)[0] == 0


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (("retain",), "it is not said how long anything is kept"),
        (("retain", "--texts", "2y"), "`--texts 2y` is no number of days"),
        (("retain", "--texts", "-1d"), "`--texts -1d` is no number of days"),
        (("retain", "--texts", "999999d"), None),
        (("retain", "--texts", "1d", "--as-of", "soon"), "`soon` is not a time"),
        (("erase", "--buyer", ""), "no buyer has an empty id"),
        (("erase", "--buyer", "\x1b[2J"), None),
    ],
)
def test_what_makes_no_sense(tmp_path: Path, words: tuple[str, ...], says: str | None) -> None:
    name = str(tmp_path / "ledger.db")
    run(write_policy(tmp_path), name, write_events(tmp_path, EVENTS))
    status, lines = revlex(words[0], name, *words[1:])
    assert (status, lines[0]) == (
        (0, "nothing to take out") if says is None else (2, f"revlex: {says}")
    )
