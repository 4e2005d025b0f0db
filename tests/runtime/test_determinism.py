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
    "suspended": policy(Terms(pending="suspend", lapsed="overturn")),
    "retroactive": policy(Terms(recompute="retroactive", pending="delay 30h", lapsed="overturn")),
    "short memory": policy(Terms(recompute="retroactive", retention="12d", pending="suspend")),
}
RELAXED = settings(
    max_examples=60,
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
def test_snapshots_in_between_change_nothing(program: Program, data: st.DataObject) -> None:
    events = data.draw(streams(program))
    cuts = data.draw(st.sets(st.integers(0, len(events))))
    evaluator, decisions, quarantined = Evaluator(program), [], []
    for number, event in enumerate(events):
        if number in cuts:
            snapshot = evaluator.snapshot()
            quarantined += evaluator.quarantined
            evaluator = Evaluator(program)
            evaluator.restore(snapshot)
            assert evaluator.snapshot() == snapshot
        decisions += evaluator.feed(event)
    decisions += evaluator.advance(end_of(events))
    evaluator.quarantined[:0] = quarantined
    assert outcome(evaluator, decisions) == straight(program, events)


@each_policy
@RELAXED
@given(data=st.data())
def test_time_may_pass_in_between(program: Program, data: st.DataObject) -> None:
    events = data.draw(streams(program))
    evaluator, decisions = Evaluator(program), []
    for event, following in zip(events, [*events[1:], None], strict=True):
        decisions += evaluator.feed(event)
        now = from_datetime(event.occurred_at)
        until = now if following is None else from_datetime(following.occurred_at)
        for _ in range(data.draw(st.integers(0, 2))):
            now = data.draw(st.integers(now, until))
            decisions += evaluator.advance(now)
    decisions += evaluator.advance(end_of(events))
    assert outcome(evaluator, decisions) == straight(program, events)


@each_policy
@RELAXED
@given(data=st.data())
def test_shops_do_not_matter_to_each_other(program: Program, data: st.DataObject) -> None:
    events = data.draw(streams(program))
    one_by_one = sorted(events, key=lambda event: event.shop_id)
    assert straight(program, [*one_by_one[:-1], one_by_one[-1]])[0] == straight(program, events)[0]


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


@each_policy
@RELAXED
@given(data=st.data())
def test_the_same_again_is_counted_and_does_nothing(program: Program, data: st.DataObject) -> None:
    events = data.draw(streams(program))
    again = data.draw(st.lists(st.integers(0, len(events) - 1), max_size=8))
    evaluator, decisions = Evaluator(program), []
    for number, event in enumerate(events):
        decisions += evaluator.feed(event)
        for other in again:
            if other <= number:
                decisions += evaluator.feed(events[other])
    decisions += evaluator.advance(end_of(events))
    assert outcome(evaluator, decisions) == straight(program, events)
    assert evaluator.duplicates == sum(len(events) - other for other in again)


@each_policy
@RELAXED
@given(data=st.data())
def test_every_decision_has_an_id_of_its_own(program: Program, data: st.DataObject) -> None:
    events = data.draw(streams(program))
    evaluator = Evaluator(program)
    decisions = evaluator.feed_all(events) + evaluator.advance(end_of(events))
    ids = [one.decision_id for one in decisions]
    assert sorted(set(ids)) == sorted(ids)
