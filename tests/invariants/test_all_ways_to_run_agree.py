"""Invariant 6: the library, a batch and a ledger that is cut anywhere decide the same."""

from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory

from hypothesis import given, settings
from hypothesis import strategies as st
from revlex.engine.authoring.batch import Batch
from revlex.engine.records.decision import encode
from revlex.engine.runtime.evaluator import Evaluator
from revlex.engine.runtime.events import Decoder, Event, encode_event
from revlex.engine.runtime.inputs import open_events
from revlex.tests.reference.everything import TERMS, Terms, end_of, policy, streams, written
from revlex.tests.reference.ledgers import content, record
from revlex.tests.reference.runs import PATIENT
from revlex.tests.reference.streams import by_shop


def in_library(terms: Terms, events: list[Event]) -> tuple[list[bytes], list[bytes]]:
    evaluator = Evaluator(policy(terms))
    decisions = evaluator.feed_all(events) + evaluator.advance(end_of(events))
    appeals = sorted(map(encode, evaluator.appeals()))
    return [line for lines in by_shop(decisions).values() for line in sorted(lines)], appeals


def in_batch(terms: Terms, events: list[Event], folder: Path) -> tuple[list[bytes], list[bytes]]:
    program, stream = policy(terms), folder / "events.jsonl"
    stream.write_bytes(b"".join(encode_event(event) + b"\n" for event in events))
    received = open_events(str(stream), Decoder(program.catalog))
    Batch(program, Evaluator(program), folder / "out").run(received, end_of(events))
    decisions = (folder / "out" / "decisions.jsonl").read_bytes().splitlines()
    appeals = (folder / "out" / "appeals.jsonl").read_bytes().splitlines()
    return sorted(decisions), sorted(appeals)


def in_ledger(
    terms: Terms, events: list[Event], cuts: list[int], name: str
) -> tuple[list[bytes], list[bytes]]:
    """Run after run, each of which goes on where the one before it stopped."""
    for number, cut in enumerate([*cuts, len(events)]):
        until = end_of(events) if number == len(cuts) else None
        record(written(terms), events[:cut], name, every=7, until=until)
    found = content(name)
    standing = {row[:2]: row[5].encode() for row in found["appeals"]}
    return sorted(row[8].encode() for row in found["entries"]), sorted(standing.values())


@settings(PATIENT, max_examples=12)
@given(data=st.data(), terms=st.sampled_from(TERMS))
def test_all_ways_to_run_agree(data: st.DataObject, terms: Terms) -> None:
    events = data.draw(streams(policy(terms)))
    cuts = sorted(data.draw(st.sets(st.integers(0, len(events)), max_size=4)))
    decisions, appeals = in_library(terms, events)
    with TemporaryDirectory() as folder:
        batch = in_batch(terms, events, Path(folder))
        ledger = in_ledger(terms, events, cuts, str(Path(folder) / "ledger.db"))
    assert (sorted(decisions), appeals) == batch == ledger
