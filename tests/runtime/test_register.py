"""What is looked up about decisions with effects is what going through all of them would find."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from revlex.engine import Decoder, Evaluator, Program, Source, compile_policy, compile_sources
from revlex.engine.language.program import VERDICTS
from revlex.engine.records.canonical import canonical_json, digest
from revlex.engine.runtime.evaluator import _Shop
from revlex.engine.runtime.event_types import Event
from revlex.engine.runtime.holds import strictest
from revlex.engine.runtime.inputs import open_events
from revlex.engine.runtime.violations import MOST_CAUSES

DEMO = Path(__file__).parents[2] / "examples" / "demo"

REPEATED = """
policy: repeated
version: "1"
timezone: UTC
violations:
  bad: {points: 1, repeat: {within: 30d, limit: 3, do: [warn for 7d]}}
actions:
  warn: {scope: shop, overlap: keep}
"""


def naive_strictest(shop: _Shop, kind: str, key: str) -> str:
    found = [
        one.verdict
        for one in shop.state.facts.issued.values()
        if (one.kind, one.subject_kind, one.subject_id) == ("verdict", kind, key)
        and one.reversed_by is None
        and not one.edit
    ]
    return max(found, key=VERDICTS.index, default="allow")


def naive_violations(shop: _Shop, name: str, since: int) -> list[str]:
    found = [
        (one.at, number, identity)
        for number, (identity, one) in enumerate(shop.state.facts.issued.items())
        if (one.kind, one.rule) == ("violation", name)
        and one.reversed_by is None
        and one.at >= since
    ]
    return [identity for _, _, identity in sorted(found)]


def agrees(evaluator: Evaluator) -> int:
    """Compare everything that can be asked; gives how much that was."""
    asked = 0
    for shop in evaluator._shops.values():
        facts, register = shop.state.facts, shop.engine.desk.register
        subjects = {(one.subject_kind, one.subject_id) for one in facts.issued.values()}
        for kind, key in subjects:
            assert strictest(register, kind, key) == naive_strictest(shop, kind, key)
        names = {one.rule for one in facts.issued.values() if one.kind == "violation"}
        for name in names:
            for since in (0, facts.clock - 10**13, facts.clock):
                found = list(register.violations(name, lambda at, since=since: at >= since))
                assert found == naive_violations(shop, name, since)
        for one in facts.issued.values():
            assert register.is_recorded(one.external or "nobody") == bool(one.external)
        asked += len(subjects) + len(names)
    return asked


def test_the_register_says_what_the_facts_say() -> None:
    """Over a stream with appeals that are decided, holds that end and history evaluated again."""
    program, _ = compile_policy(DEMO)
    assert program is not None
    evaluator, asked = Evaluator(program), 0
    received = open_events(str(DEMO / "events.jsonl"), Decoder(program.catalog))
    for number, one in enumerate(received):
        if one.event is not None:
            evaluator.feed(one.event)
        if number % 150 == 149:
            asked += agrees(evaluator)
            if number % 600 == 599:
                evaluator.restore(evaluator.snapshot())
                asked += agrees(evaluator)
    assert asked > 1_000


@pytest.fixture(scope="module")
def repeated() -> Program:
    program, report = compile_sources([Source("repeated.yaml", REPEATED)])
    assert program is not None, list(report)
    return program


def recorded(program: Program, count: int) -> list[Event]:
    """One violation an hour."""
    begin, decoder = datetime(2025, 3, 1, tzinfo=UTC), Decoder(program.catalog)
    found = []
    for number in range(count):
        said: dict[str, Any] = {
            "type": "violation.recorded",
            "event_id": f"e{number}",
            "occurred_at": (begin + timedelta(hours=number)).isoformat(),
            "shop_id": "s1",
            "violation_id": f"v{number}",
            "violation": "bad",
        }
        event = decoder.decode(json.dumps(said).encode())
        assert isinstance(event, Event)
        found.append(event)
    return found


def test_what_a_limit_rests_on_is_bounded(repeated: Program) -> None:
    count = 3 * MOST_CAUSES
    decisions = Evaluator(repeated).feed_all(recorded(repeated, count))
    violations = [one.decision_id for one in decisions if one.kind == "violation"]
    actions = [one for one in decisions if one.kind == "action" and one.event_id]
    assert len(actions) == count - 2
    for number, action in enumerate(actions, start=3):
        evidence = action.evidence
        assert evidence.causes == violations[max(0, number - MOST_CAUSES) : number]
        is_more = number > MOST_CAUSES
        assert evidence.causes_total == (number if is_more else None)
        whole = digest(canonical_json(violations[:number]))
        assert evidence.causes_digest == (whole if is_more else None)


def test_the_state_grows_no_faster_than_the_violations(repeated: Program) -> None:
    sizes = []
    for count in (400, 800):
        evaluator = Evaluator(repeated)
        evaluator.feed_all(recorded(repeated, count))
        sizes.append(len(evaluator.snapshot()))
    assert sizes[1] < 2.2 * sizes[0]
