"""Whatever people do with appeals, in whatever order: nothing breaks, and the ledger holds.

What a step would come to is what it comes to, and a step that is refused leaves everything alone.
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from revlex.engine import Decoder, Evaluator, Event, compile_policy
from revlex.engine.authoring.recording import Recording
from revlex.engine.language.program import Program
from revlex.engine.language.written import WrittenPack, written_pack
from revlex.engine.ledger.casework import Casework, Step
from revlex.engine.ledger.ledger import Ledger
from revlex.engine.ledger.problems import LedgerProblem
from revlex.engine.ledger.reading import LedgerReader
from revlex.engine.ledger.verifying import verify
from revlex.engine.runtime.inputs import Received
from revlex.engine.runtime.instants import from_datetime

POLICY = """
policy: anything
KEYS
measures:
  rate: {per: shop, value: share(review.stars <= 2 of review), over: 20d, at_least: 2}
thresholds:
  - threshold: rate
    measure: rate
    check: daily
    bands: {good: below 50%, bad: from 50%}
    on_enter: {bad: {violation: bad-rate}}
    because: "{value} of the reviews"
violations:
  bad-rate: {points: 4}
  spam: {points: 3, do: [muted for 6d]}
  fraud: {points: 8}
actions:
  muted: {scope: shop, overlap: extend}
  close_shop: {scope: shop, overlap: longest}
escalations:
  - {ladder: points, per: shop, because: too many points, expire: 15d,
     steps: [{at: 7, do: [muted for 9d]}, {at: 11, do: [close_shop for 28d]}]}
appeals:
  - appeal: punished
    against: [violation, action]
    attempts: [within 10d of notice, within 5d of rejection]
    evidence: {system-bug: [photo, film], else: [photo]}
    late_evidence: 1d
    open_at_once: 2
    longest_statement: 8
    while_pending: PENDING
    decide_within: 2 business days
    if_lapsed: LAPSED
    recompute: RECOMPUTE
"""
VARIANTS = (
    ("", "suspend", "escalate", "retroactive"),
    ("", "delay 30h", "overturn", "from now"),
    ("lateness: 2h", "keep", "overturn", "retroactive"),
)
START = datetime(2025, 6, 2, 8, tzinfo=UTC)


@cache
def compiled(variant: tuple[str, str, str, str]) -> tuple[Program, WrittenPack]:
    text = POLICY
    for name, value in zip(("KEYS", "PENDING", "LAPSED", "RECOMPUTE"), variant, strict=True):
        text = text.replace(name, value)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "policy.yaml")
        path.write_text(text, encoding="utf-8")
        program, report = compile_policy(path)
        assert program is not None, [one.message for one in report]
        return program, written_pack(path)


def happened() -> Iterator[dict[str, Any]]:
    """What the shop has done before anybody appeals."""
    for number, stars in enumerate((1, 5, 1, 1)):
        yield {"type": "review.posted", "review_id": f"r{number}", "stars": stars}
    for number, violation in enumerate(("spam", "fraud", "spam")):
        name = f"v{number}"
        yield {"type": "violation.recorded", "violation_id": name, "violation": violation}


def begun(program: Program) -> Iterator[Received]:
    for number, said in enumerate(happened()):
        at = (START + timedelta(hours=9 * number)).isoformat()
        event = Decoder(program.catalog).convert(
            {"event_id": f"e{number}", "shop_id": "s1", "occurred_at": at, **said}
        )
        assert isinstance(event, Event)
        yield Received("events", number + 1, event, None, b"")


names = st.sampled_from(["a1", "a2", "a3"])
people = st.sampled_from(["ann", "ben", "zoe"])
evidence = st.lists(st.sampled_from(["photo", "film", "photo:1.png"]), max_size=2)
filed = st.fixed_dictionaries(
    {
        "type": st.just("appeal.filed"),
        "appeal_id": names,
        "rule": st.sampled_from(["spam", "fraud", "bad-rate", "muted", "close_shop"]),
        "evidence": evidence,
    },
    optional={
        "appellant": st.sampled_from(["seller", "seller", "buyer"]),
        "reason_code": st.just("system-bug"),
        "statement": st.sampled_from(["", "sorry", "much too long"]),
        "review_ids": st.lists(st.sampled_from(["r0", "r2", "r9"]), max_size=2),
    },
)
decided = st.fixed_dictionaries(
    {
        "type": st.just("appeal.decided"),
        "appeal_id": names,
        "outcome": st.sampled_from(["upheld", "overturned", "partly_overturned"]),
        "decided_by": people,
        "reason": st.sampled_from(["seen", "seen", " "]),
    },
    optional={
        "points": st.integers(-1, 9),
        "review_ids": st.lists(st.sampled_from(["r0", "r3", "r9"]), max_size=2),
    },
)
others = st.one_of(
    st.fixed_dictionaries(
        {"type": st.just("appeal.assigned"), "appeal_id": names, "reviewer": people}
    ),
    st.fixed_dictionaries(
        {
            "type": st.just("appeal.evidence_requested"),
            "appeal_id": names,
            "by": people,
            "wanted": st.lists(st.sampled_from(["photo", "film"]), min_size=1, max_size=2),
        }
    ),
    st.fixed_dictionaries(
        {"type": st.just("appeal.evidence_added"), "appeal_id": names, "evidence": evidence}
    ),
    st.fixed_dictionaries({"type": st.just("appeal.withdrawn"), "appeal_id": names}),
)
passing = st.just({"type": "time"})
hours = st.sampled_from([0, 0, 1, 5, 24, 50, 130])
days = st.lists(st.tuples(hours, st.one_of(filed, filed, decided, others, passing)), max_size=14)


class Office:
    """A ledger in which appeals are worked."""

    def __init__(self, variant: tuple[str, str, str, str], name: str) -> None:
        self.name, self.now = name, START + timedelta(hours=70)
        self.program, written = compiled(variant)
        with Ledger(name) as ledger:
            ledger.keep_policy(self.program, written)
            recording = Recording(self.program, Evaluator(self.program), ledger, "events")
            recording.run(begun(self.program), from_datetime(self.now))

    def does(self, later: int, said: dict[str, Any]) -> None:
        self.now += timedelta(hours=later)
        if said["type"] == "time":
            with Ledger(self.name) as ledger:
                recording = Recording(self.program, Evaluator(self.program), ledger, "time")
                recording.let_pass(from_datetime(self.now))
            return
        before = self.rows()
        would = self.takes(said, dry_run=True)
        assert self.rows() == before
        assert self.takes(said) == would
        if isinstance(would, str):
            assert self.rows() == before

    def takes(self, said: dict[str, Any], *, dry_run: bool = False) -> Step | str:
        """A step, or why it is refused."""
        with Ledger(self.name) as ledger, LedgerReader(self.name) as reader:
            step = {**said, "occurred_at": self.now.isoformat()}
            try:
                return Casework(ledger, reader).take("s1", step, dry_run=dry_run)
            except LedgerProblem as problem:
                return problem.message

    def rows(self) -> tuple[int, ...]:
        with LedgerReader(self.name) as reader:
            tables = (reader.entries("s1"), reader.appeals("s1"), reader.events("s1"))
            return tuple(len(list(rows)) for rows in tables)


@pytest.mark.parametrize("variant", VARIANTS, ids=lambda one: f"{one[1]}, {one[3]}")
def test_whatever_people_do(variant: tuple[str, str, str, str]) -> None:
    @settings(max_examples=8, deadline=None)
    @given(days)
    def works(steps: list[tuple[int, dict[str, Any]]]) -> None:
        with tempfile.TemporaryDirectory() as folder:
            office = Office(variant, str(Path(folder, "decisions.db")))
            for later, said in steps:
                office.does(later, said)
            with LedgerReader(office.name) as reader:
                assert list(verify(reader)) == []

    works()
