"""Invariant 5: what is stored comes out the same, from its policy and inputs, byte for byte."""

from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory

from hypothesis import given, settings
from hypothesis import strategies as st
from revlex.engine.ledger.reading import LedgerReader
from revlex.engine.records.decision import encode
from revlex.engine.runtime.evaluator import Evaluator
from revlex.engine.runtime.events import Decoder, Event
from revlex.tests.reference.everything import TERMS, Terms, end_of, policy, streams, written
from revlex.tests.reference.ledgers import findings, record
from revlex.tests.reference.runs import PATIENT


def again(reader: LedgerReader, shop: str, digest: str) -> list[str]:
    """The decisions of a shop from nothing but the stored policy and the stored events."""
    pack = reader.policy(digest)
    program = pack.compiled() if pack is not None else None
    assert program is not None
    assert program.digest == digest
    evaluator, decoder = Evaluator(program), Decoder(program.catalog)
    found = []
    for row in reader.events(shop):
        event = decoder.decode(row.body.encode())
        if isinstance(event, Event):
            found += evaluator.feed(event)
        else:
            found += evaluator.advance_shop(shop, row.at)
    return [encode(decision).decode() for decision in found]


@settings(PATIENT, max_examples=12)
@given(data=st.data(), terms=st.sampled_from(TERMS), every=st.sampled_from([1, 3, 1_000]))
def test_stored_decisions_come_out_the_same(data: st.DataObject, terms: Terms, every: int) -> None:
    """However the run was cut into checkpoints; and everything that `verify` looks at holds."""
    events = data.draw(streams(policy(terms)))
    with TemporaryDirectory() as folder:
        name = str(Path(folder) / "ledger.db")
        record(written(terms), events, name, every=every, until=end_of(events))
        with LedgerReader(name) as reader:
            for kept in reader.shops():
                stored = [row.body for row in reader.entries(kept.shop)]
                assert again(reader, kept.shop, kept.policy) == stored
        assert findings(name) == []
