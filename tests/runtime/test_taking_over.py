"""Going on under another version of a policy."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from revlex.engine.language.program import Program
from revlex.engine.records.decision import Decision, encode
from revlex.engine.runtime.evaluator import Evaluator
from revlex.engine.runtime.events import Event
from revlex.tests.reference.everything import Terms, end_of, policy, streams
from revlex.tests.reference.streams import by_shop

RELAXED = settings(
    max_examples=60,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)
TERMS = {
    "from now": Terms(),
    "suspended": Terms(pending="suspend", lapsed="overturn", in_flight="adopt", expire="3d"),
    "late": Terms(pending="delay 30h", lateness="24h", overlap="longest"),
    "short memory": Terms(retention="12d", in_flight="adopt", expire="4d"),
}


def taken_over(before: Evaluator, program: Program, shops: set[str]) -> Evaluator:
    after = Evaluator(program)
    for shop in sorted(shops):
        assert after.take_over(before.save(shop)) == shop
    return after


@pytest.mark.parametrize("terms", TERMS.values(), ids=TERMS)
@RELAXED
@given(data=st.data())
def test_the_same_policy_takes_over_as_if_nothing_had_happened(
    terms: Terms, data: st.DataObject
) -> None:
    program = policy(terms)
    events: list[Event] = data.draw(streams(program))
    straight = Evaluator(program)
    expected = straight.feed_all(events) + straight.advance(end_of(events))
    cuts = data.draw(st.sets(st.integers(0, len(events) - 1), max_size=4))
    evaluator, decisions, shops = Evaluator(program), list[Decision](), set[str]()
    for number, event in enumerate(events):
        if number in cuts:
            evaluator = taken_over(evaluator, program, shops)
        decisions += evaluator.feed(event)
        shops.add(event.shop_id)
    decisions += evaluator.advance(end_of(events))
    assert by_shop(decisions) == by_shop(expected)
    assert list(map(encode, evaluator.appeals())) == list(map(encode, straight.appeals()))


@RELAXED
@given(data=st.data())
def test_any_version_may_take_over_and_points_stay_what_decisions_say(data: st.DataObject) -> None:
    first, second = (data.draw(st.sampled_from([*TERMS.values()])) for _ in range(2))
    second = replace(second, recompute=data.draw(st.sampled_from(["from now", "retroactive"])))
    before, after = policy(first), policy(replace(second, lateness=first.lateness))
    events: list[Event] = data.draw(streams(before))
    cut = data.draw(st.integers(1, len(events)))
    evaluator = Evaluator(before)
    decisions = evaluator.feed_all(events[:cut])
    shops = {event.shop_id for event in events[:cut]}
    standing = evaluator.totals()
    evaluator = taken_over(evaluator, after, shops)
    assert evaluator.totals() == standing
    decisions += evaluator.feed_all(events[cut:]) + evaluator.advance(end_of(events))
    ids = [one.decision_id for one in decisions]
    assert len(set(ids)) == len(ids)
    for shop in shops:
        chain = [one for one in decisions if one.subject.shop == shop]
        assert [one.sequence for one in chain] == list(range(1, len(chain) + 1))
        assert all(
            after.integrity.previous == before.integrity.hash for before, after in pairwise(chain)
        )
    told = {
        (one.subject.shop, change.ladder): change.after
        for one in decisions
        for change in one.outcome.points
        if one.mode == "live"
    }
    for ladder, shop, total in evaluator.totals():
        assert told.get((shop, ladder), total) == total
