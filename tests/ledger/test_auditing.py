"""What a ledger says is held against itself, and against its events."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner
from revlex.cli import main
from revlex.engine.language.program import Program
from revlex.engine.ledger.opening import address_of, connect_to
from revlex.engine.ledger.problems import LedgerProblem
from revlex.engine.runtime.events import Decoder, Event
from revlex.tests.reference.ledgers import content, findings, record
from revlex.tests.reference.streams import HOUR, compiled, instant, text_of
from sqlalchemy import text

LATE = """
policy: late
lateness: 2h
reply_rules:
  - {rule: silence, when: reply.text == "", verdict: reject, because: nothing is said}
"""
START = instant("2025-07-01T10:00")


def event(program: Program, at: int, **said: object) -> Event:
    envelope = {"event_id": f"e{at}", "occurred_at": text_of(at), "shop_id": "s1"}
    made = Decoder(program.catalog).convert({**envelope, **said})
    assert isinstance(made, Event), made
    return made


def test_what_is_turned_away_when_time_passes_is_in_the_quarantine(tmp_path: Path) -> None:
    """A reply to a review that nobody posted waits for two hours, and is judged at the end."""
    name, program = str(tmp_path / "ledger.db"), compiled(LATE)
    reply = event(program, START, type="reply.submitted", reply_id="p", review_id="r", text="")
    recorded = record(LATE, [reply], name, until=START + 24 * HOUR)
    assert recorded.quarantined == {"unknown-review": 1}
    (row,) = content(name)["quarantine"]
    assert row[:3] == ("events", 1, "unknown-review")
    assert findings(name) == []


def test_a_policy_that_was_refused_is_not_kept(new_ledger: Callable[[], str]) -> None:
    """What is written of a policy is written with what it has judged."""
    name = new_ledger()
    made = event(compiled(LATE), START, type="review.posted", review_id="r", stars=1)
    record(LATE, [made], name, until=START)
    before = content(name)
    with pytest.raises(LedgerProblem, match="begun under another policy"):
        record(LATE.replace("2h", "3h"), [made], name)
    assert content(name) == before
    assert (len(before["policies"]), findings(name)) == (1, [])


def test_one_shop_alone(tmp_path: Path) -> None:
    name, program = str(tmp_path / "ledger.db"), compiled(LATE)
    made = event(program, START, type="review.posted", review_id="r", stars=1)
    record(LATE, [made], name, until=START)
    with_change = CliRunner().invoke(main, ["verify", name, "--shop", "s1"])
    assert (with_change.exit_code, with_change.output) == (0, f"{name}: everything holds\n")
    unknown = CliRunner().invoke(main, ["verify", name, "--shop", "s11"])
    assert (unknown.exit_code, "has no shop `s11`" in unknown.output) == (2, True)
    assert "did you mean `s1`?" in unknown.output


CHANGES = {
    "an event that no decision rests on": (
        "UPDATE events SET body = replace(body, 'Bad', 'Good') WHERE number = 1",
        "s1 None: event `e{at}` is not what was fed",
    ),
    "an event that is left out": (
        "DELETE FROM events WHERE number = 1",
        "s1 None: event 2: event 1 is missing",
    ),
    "the quarantine": ("DELETE FROM quarantine", " None: input events: 1 of its records"),
    "how far an input was read": (
        "UPDATE positions SET read = read + 1",
        " None: inputs: 3 records were read, and 2 are there",
    ),
    "the number of events": ("UPDATE shops SET events = 7", "s1 None: it has had 7 events"),
    "the region of a shop": ("UPDATE shops SET region = 'TH'", "s1 None: its state is that of"),
    "the state of a shop": (
        "UPDATE shops SET state = digest FROM positions",
        "s1 None: its state is",
    ),
    "the name of a policy": ("UPDATE policies SET name = 'x'", " None: policy x 1: its columns"),
}


@pytest.mark.parametrize(("statement", "says"), CHANGES.values(), ids=CHANGES)
def test_a_change_by_hand(new_ledger: Callable[[], str], statement: str, says: str) -> None:
    """Of what is not an entry, on either database."""
    name, program = new_ledger(), compiled(LATE)
    posted = event(program, START, type="review.posted", review_id="r", stars=1, text="Bad")
    reply = event(program, START + 1, type="reply.submitted", reply_id="p", review_id="x", text="")
    record(LATE, [posted, reply], name, until=START + 24 * HOUR)
    assert findings(name) == []
    engine = connect_to(address_of(name)).execution_options(writes=True)
    with engine.begin() as connection:
        connection.execute(text(statement))
    engine.dispose()
    assert any(one.startswith(says.format(at=START)) for one in findings(name)), findings(name)
