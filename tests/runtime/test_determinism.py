"""The decisions depend on the policy and the events, and on nothing else."""

from __future__ import annotations

import random
from collections.abc import Iterable

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from revlex.engine.language.program import Program
from revlex.engine.records.appeal import Appeal
from revlex.engine.records.decision import Decision, encode
from revlex.engine.runtime.evaluator import Evaluator
from revlex.engine.runtime.events import Event
from revlex.engine.runtime.instants import from_datetime
from revlex.tests.reference.everything import Terms, end_of, policy, streams
from revlex.tests.reference.streams import HOUR, by_shop

POLICIES = {
    "from now": policy(Terms()),
    "suspended": policy(
        Terms(pending="suspend", lapsed="overturn", in_flight="adopt", expire="3d")
    ),
    "retroactive": policy(Terms(recompute="retroactive", pending="delay 30h", lapsed="overturn")),
    "short memory": policy(
        Terms(
            recompute="retroactive",
            retention="12d",
            pending="suspend",
            in_flight="adopt",
            expire="4d",
        )
    ),
}
RELAXED = settings(
    max_examples=40,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)
each_policy = pytest.mark.parametrize("program", POLICIES.values(), ids=POLICIES)

Outcome = tuple[dict[str, list[bytes]], list[bytes], int, list[tuple[str, str]]]


def outcome(evaluator: Evaluator, decisions: Iterable[Decision]) -> Outcome:
    """Everything that a run comes to."""
    appeals: list[Appeal] = evaluator.appeals()
    quarantined = [(one.event.event_id, one.rejection.reason) for one in evaluator.quarantined]
    return by_shop(decisions), list(map(encode, appeals)), evaluator.events, sorted(quarantined)


def straight(program: Program, events: list[Event]) -> Outcome:
    evaluator = Evaluator(program)
    decisions = evaluator.feed_all(events) + evaluator.advance(end_of(events))
    return outcome(evaluator, decisions)


@each_policy
@RELAXED
@given(data=st.data())
def test_however_it_is_fed(program: Program, data: st.DataObject) -> None:
    """Stopped and restored, told the time in between, told things twice, shop by shop or not."""
    events = data.draw(streams(program))
    expected = straight(program, events)
    if data.draw(st.booleans()):
        events = sorted(events, key=lambda event: event.shop_id)
    positions = st.sets(st.integers(0, len(events) - 1), max_size=6)
    cuts, pauses, again = (data.draw(positions) for _ in range(3))
    evaluator, decisions, quarantined = Evaluator(program), list[Decision](), []
    for number, event in enumerate(events):
        if number in cuts:
            snapshot = evaluator.snapshot()
            quarantined += evaluator.quarantined
            evaluator = Evaluator(program)
            evaluator.restore(snapshot)
            assert evaluator.snapshot() == snapshot
        decisions += evaluator.feed(event)
        if number in pauses:
            decisions += evaluator.advance(pause(data, events[number:]))
        if number in again:
            decisions += evaluator.feed(event)
    decisions += evaluator.advance(end_of(events))
    assert evaluator.duplicates == len(again)
    evaluator.quarantined[:0] = quarantined
    assert outcome(evaluator, decisions) == expected
    ids = [one.decision_id for one in decisions]
    assert len(set(ids)) == len(ids), "every decision has an id of its own"


def pause(data: st.DataObject, events: list[Event]) -> int:
    """Some instant from an event on, up to the first of those that come later in any shop."""
    now = from_datetime(events[0].occurred_at)
    until = min((from_datetime(event.occurred_at) for event in events[1:]), default=now)
    return data.draw(st.integers(now, max(now, until)))


@pytest.mark.parametrize("recompute", ["from now", "retroactive"])
@RELAXED
@given(data=st.data())
def test_order_of_arrival_within_the_lateness(recompute: str, data: st.DataObject) -> None:
    """Every event comes after those that are older by more than the lateness, ties in any order."""
    program = policy(Terms(recompute=recompute, lateness="24h"))
    events = data.draw(streams(program))
    delays = data.draw(st.lists(st.integers(0, 24), min_size=len(events), max_size=len(events)))
    arrival = random.Random(data.draw(st.integers(0, 9)))  # noqa: S311  # shuffles ties
    keyed = [
        (from_datetime(event.occurred_at) + delay * HOUR, arrival.random(), event)
        for event, delay in zip(events, delays, strict=True)
    ]
    shuffled = [event for _, _, event in sorted(keyed, key=lambda row: row[:2])]
    late = Evaluator(program)
    decisions = late.feed_all(shuffled) + late.advance(end_of(events))
    assert not [one for one in late.quarantined if one.rejection.reason == "late"]
    assert outcome(late, decisions) == straight(program, events)
