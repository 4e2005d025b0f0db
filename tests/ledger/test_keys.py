"""A ledger with a key: it holds no buyer's id, and opens with no other key."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import msgspec
import pytest
from click.testing import CliRunner
from hypothesis import given
from hypothesis import strategies as st
from revlex.cli import main
from revlex.engine.language.catalog import standard_catalog
from revlex.engine.ledger.casework import Casework
from revlex.engine.ledger.ledger import Ledger
from revlex.engine.ledger.opening import address_of, connect_to
from revlex.engine.ledger.privacy.keys import LONGEST, check_value, pseudonym, read_key
from revlex.engine.ledger.privacy.masking import Masking
from revlex.engine.ledger.problems import LedgerProblem
from revlex.engine.ledger.reading import LedgerReader
from revlex.engine.records.decision import Decision
from revlex.engine.records.sealing import is_withheld, texts_of
from revlex.engine.runtime.events import Decoder, Event, Rejection
from revlex.engine.runtime.inputs import Received
from revlex.tests.ledger.privately import (
    EVENTS,
    KEY,
    OTHER_KEY,
    NewLedger,
    findings,
    holding,
    run,
    write_events,
    write_policy,
)
from sqlalchemy import text


def test_no_id_of_a_buyer_is_kept(tmp_path: Path, new_ledger: NewLedger) -> None:
    pack, events = write_policy(tmp_path), write_events(tmp_path, EVENTS)
    open_, keyed = new_ledger(), new_ledger()
    run(pack, open_, events)
    run(pack, keyed, events, KEY)
    assert holding(open_, "ann-1") != []
    assert holding(keyed, "ann-1") == holding(keyed, "bob-2") == []
    assert [row.partition(":")[0] for row in holding(keyed, pseudonym(KEY, "bob-2"))] == [
        *("entries", "entries", "events", "quarantine", "shops")
    ]
    assert holding(keyed, "Ann Example") != []
    assert findings(open_) == findings(keyed, KEY) == []


def test_names_can_be_dropped(tmp_path: Path, new_ledger: NewLedger) -> None:
    pack, events, name = write_policy(tmp_path), write_events(tmp_path, EVENTS), new_ledger()
    run(pack, name, events, redact=("names",))
    assert holding(name, "Example") == holding(name, "Sample") == []
    assert holding(name, "“Bob thanks the courier” by somebody") != []


def test_texts_can_be_withheld(tmp_path: Path, new_ledger: NewLedger) -> None:
    """The first half of the events, then all; a decision made twice is made once."""
    pack, name, whole = write_policy(tmp_path), new_ledger(), new_ledger()
    run(pack, whole, write_events(tmp_path, EVENTS), KEY)
    run(pack, name, write_events(tmp_path, EVENTS[:4]), KEY, redact=("texts",))
    run(pack, name, write_events(tmp_path, EVENTS), KEY)
    assert [row for row in holding(name, "Bob") if row.startswith("entries")] == []
    with LedgerReader(name) as shown, LedgerReader(whole) as said:
        decisions = [msgspec.json.decode(row.body, type=Decision) for row in shown.entries("s1")]
        hashes = [row.hash for row in said.entries("s1")]
    assert all(is_withheld(one) for decision in decisions for one in texts_of(decision))
    assert [decision.integrity.hash for decision in decisions] == hashes
    assert findings(name, KEY) == []


def sentence(error: pytest.ExceptionInfo[LedgerProblem]) -> str:
    return error.value.message


def test_the_key_has_to_be_the_same(tmp_path: Path, new_ledger: NewLedger) -> None:
    pack, events = write_policy(tmp_path), write_events(tmp_path, EVENTS)
    open_, keyed = new_ledger(), new_ledger()
    run(pack, open_, events)
    run(pack, keyed, events, KEY)
    with pytest.raises(LedgerProblem) as none:
        run(pack, keyed, events)
    assert sentence(none) == "the ledger was begun with a key, and none is given"
    with pytest.raises(LedgerProblem) as other:
        run(pack, keyed, events, OTHER_KEY)
    assert sentence(other) == "the key is not the one that the ledger was begun with"
    with pytest.raises(LedgerProblem) as late:
        run(pack, open_, events, KEY)
    assert sentence(late) == "the ledger was begun without a key"
    with pytest.raises(LedgerProblem) as unverified:
        findings(keyed)
    assert sentence(unverified) == sentence(none)
    assert run(pack, keyed, events, KEY).resumed_at == len(EVENTS)


def test_redactions_stay_as_they_were_begun(tmp_path: Path, new_ledger: NewLedger) -> None:
    pack, events, name = write_policy(tmp_path), write_events(tmp_path, EVENTS), new_ledger()
    run(pack, name, events, redact=("texts",))
    for redact in (("names",), ("texts", "names")):
        with pytest.raises(LedgerProblem, match="the ledger was begun redacting texts"):
            run(pack, name, events, redact=redact)
    run(pack, name, events)


def test_a_ledger_from_before_there_were_keys(tmp_path: Path, new_ledger: NewLedger) -> None:
    """It has no settings, and is one without a key."""
    pack, events, name = write_policy(tmp_path), write_events(tmp_path, EVENTS), new_ledger()
    run(pack, name, events)
    engine = connect_to(address_of(name)).execution_options(writes=True)
    with engine.begin() as connection:
        connection.execute(text("DELETE FROM settings"))
    engine.dispose()
    with pytest.raises(LedgerProblem, match="begun without a key"):
        run(pack, name, events, KEY)
    assert run(pack, name, events).resumed_at == len(EVENTS)
    assert findings(name) == []


def test_appeals_need_the_key(tmp_path: Path, new_ledger: NewLedger) -> None:
    pack, events, name = write_policy(tmp_path), write_events(tmp_path, EVENTS), new_ledger()
    run(pack, name, events, KEY)
    with LedgerReader(name) as reader:
        named = next(row for row in reader.entries("s1") if row.kind == "violation").decision_id
    step = {
        "type": "appeal.filed",
        "appeal_id": "a1",
        "decision_id": named,
        "occurred_at": "2025-03-09T10:00:00Z",
    }
    with pytest.raises(LedgerProblem, match="begun with a key"):
        Ledger(name).close()
    with Ledger(name, KEY) as ledger, LedgerReader(name) as reader:
        taken = Casework(ledger, reader).take("s1", step)
    assert taken.appeal.state == "under_review"
    assert findings(name, KEY) == []


# ------------------------------------------------------------------------ on the way in


def masked(raw: dict[str, Any] | bytes, *, key: bytes = KEY, names: bool = False) -> Any:
    """What is kept of a line."""
    catalog = standard_catalog()
    line = raw if isinstance(raw, bytes) else msgspec.json.encode(raw)
    found = Decoder(catalog).decode(line)
    received = (
        Received("a", 1, None, found, line)
        if isinstance(found, Rejection)
        else Received("a", 1, found, None)
    )
    (one,) = Masking(catalog, key, names=names).all([received])
    return one


def test_what_is_no_event_is_masked_where_it_can_be_read() -> None:
    flat = masked({**EVENTS[1], "stars": 7}, names=True)
    read = msgspec.json.decode(flat.raw)
    assert read["buyer_key"] == pseudonym(KEY, "ann-1")
    assert read["buyer_name"] is None
    assert read["text"] == EVENTS[1]["text"]
    nested = masked({"specversion": "1.0", "data": [{"buyer_key": 17, "stars": 1.5}]})
    data = {"buyer_key": pseudonym(KEY, "17"), "stars": "1.5"}
    assert msgspec.json.decode(nested.raw)["data"] == [data]


@pytest.mark.parametrize("raw", [b'{"buyer_key": "ann-1"', b"r1,ann-1", b"\xff", b"[" * 5_000])
def test_what_cannot_be_read_is_not_kept(raw: bytes) -> None:
    assert masked(raw).raw == b""
    assert masked(raw, key=b"").raw == raw


def test_reasons_do_not_quote_what_is_masked() -> None:
    for value in ("ann-1" * 99, ["ann-1"], "ann\n1"):
        assert "ann" not in masked({**EVENTS[1], "buyer_key": value}).rejection.message
    assert "7" in masked({**EVENTS[1], "stars": 7}).rejection.message


def test_without_a_key_nothing_is_touched() -> None:
    found = masked(EVENTS[1], key=b"")
    assert isinstance(found.event, Event)
    assert msgspec.to_builtins(found.event)["buyer_key"] == "ann-1"


# ------------------------------------------------------------------------------ keys


@given(st.text(max_size=20), st.text(max_size=20))
def test_a_buyer_has_one_hashed_key(one: str, other: str) -> None:
    found = {pseudonym(KEY, one), pseudonym(KEY, other), pseudonym(OTHER_KEY, one)}
    assert len(found) == (2 if one == other else 3)
    assert all(len(name) == 28 and name.startswith("b_") for name in found)
    assert pseudonym(b"", one) == one


def test_a_key_is_read_from_a_file(tmp_path: Path) -> None:
    file = tmp_path / "revlex.key"
    file.write_bytes(b"\n" + KEY + b"\r\n")
    assert read_key(file) == KEY
    assert check_value(KEY) != check_value(OTHER_KEY) != check_value(b"") == ""


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (None, "cannot be read: no such file"),
        (b"", "is shorter than 16 bytes"),
        (b" " * 99 + b"short\n", "is shorter than 16 bytes"),
        (b"x" * (LONGEST + 1), "is longer than 4,096 bytes"),
    ],
)
def test_what_is_no_key(tmp_path: Path, content: bytes | None, says: str) -> None:
    file = tmp_path / "revlex.key"
    if content is not None:
        file.write_bytes(content)
    with pytest.raises(LedgerProblem, match=says):
        read_key(file)
    with pytest.raises(LedgerProblem, match="cannot be read: is a directory"):
        read_key(tmp_path)


def test_the_key_at_the_command_line(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    pack, events = write_policy(tmp_path), write_events(tmp_path, EVENTS)
    (tmp_path / "key").write_bytes(KEY)
    name, out = str(tmp_path / "l.db"), tmp_path / "out"

    def revlex(*words: str | Path) -> tuple[int, str]:
        done = CliRunner().invoke(main, list(map(str, words)))
        return done.exit_code, done.output

    key = ("--key-file", tmp_path / "key")
    assert revlex("run", pack, "--events", events, "--ledger", name, *key)[0] == 0
    status, said = revlex("verify", name)
    assert (status, said.splitlines()) == (
        2,
        [
            "revlex: the ledger was begun with a key, and none is given",
            "  = help: name its file with `--key-file FILE`, or in REVLEX_KEY_FILE",
        ],
    )
    assert revlex("verify", name, *key)[0] == 0
    monkeypatch.setenv("REVLEX_KEY_FILE", str(tmp_path / "key"))
    assert revlex("verify", name) == (0, f"{name}: everything holds\n")
    assert revlex("run", pack, "--events", events, "--out", out)[0] == 0
    written = b"".join(file.read_bytes() for file in sorted(out.iterdir()))
    assert b"ann-1" not in written
    assert pseudonym(KEY, "ann-1").encode() in written
    monkeypatch.setenv("REVLEX_KEY_FILE", str(tmp_path / "none"))
    status, said = revlex("verify", name)
    assert (status, "the key file" in said) == (2, True)
    monkeypatch.delenv("REVLEX_KEY_FILE")
    status, said = revlex("run", pack, "--events", events, "--out", out, "--redact", "texts")
    assert (status, said.splitlines()[0]) == (2, "revlex: `--redact` is for ledgers")
