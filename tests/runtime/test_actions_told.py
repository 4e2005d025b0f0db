"""The decisions alone say which actions run: nothing begins or ends unsaid, appeals included."""

from __future__ import annotations

from collections.abc import Iterable

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from revlex.engine.language.program import Program
from revlex.engine.records.decision import ActionChange, Decision
from revlex.engine.runtime.evaluator import Evaluator
from revlex.tests.reference.everything import Terms, end_of, policy, streams
from revlex.tests.reference.streams import instant

POLICIES = {
    "from now": policy(Terms()),
    "suspended": policy(Terms(pending="suspend", lapsed="overturn")),
    "retroactive": policy(Terms(recompute="retroactive")),
    "retroactive, suspended": policy(Terms(recompute="retroactive", pending="suspend")),
    "retroactive, longest": policy(Terms(recompute="retroactive", overlap="longest")),
}
RELAXED = settings(
    max_examples=25,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)
RUNNING = frozenset({"applied", "extended", "kept", "resumed"})


def told(decisions: Iterable[Decision], now: int) -> set[tuple[str, str, str]]:
    """(action, shop, target) of what runs, by the last that was said of each."""
    last: dict[tuple[str, str, str, str], ActionChange] = {}
    for one in decisions:
        for change in one.outcome.actions:
            lasts = change.until or change.permanent or change.until_recovered
            silent = change.change == "scheduled" or change.held_back_by is not None
            if not silent and (lasts or change.until_events or change.change not in RUNNING):
                key = (change.action, one.subject.shop, change.scope, change.target)
                last[key] = change
    return {
        (action, shop, target)
        for (action, shop, _, target), change in last.items()
        if change.change in RUNNING and (change.until is None or instant(change.until) > now)
    }


@pytest.mark.parametrize("program", POLICIES.values(), ids=POLICIES)
@RELAXED
@given(data=st.data())
def test_what_runs_follows_from_what_was_written(program: Program, data: st.DataObject) -> None:
    events = data.draw(streams(program))
    evaluator, decisions = Evaluator(program), list[Decision]()
    for event in events:
        decisions += evaluator.feed(event)
        now = instant(event.occurred_at.isoformat())
        decisions += evaluator.advance(now)
        assert told(decisions, now) == set(evaluator.in_force())
    end = end_of(events)
    decisions += evaluator.advance(end)
    assert told(decisions, end) == set(evaluator.in_force())
