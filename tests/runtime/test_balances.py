"""Balances against a count from the decisions alone; milestones, ends and appeals of balances."""

from __future__ import annotations

import json
from dataclasses import dataclass

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from revlex.engine.language.program import Program
from revlex.engine.records.decision import Decision, encode
from revlex.engine.runtime import ladders
from revlex.engine.runtime.evaluator import Evaluator
from revlex.engine.runtime.events import Decoder, Event
from revlex.tests.reference.balances import Recount, Terms
from revlex.tests.reference.streams import DAY, HOUR, MINUTE, Shop, compiled, instant, text_of

RELAXED = settings(
    max_examples=40, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large]
)
START = instant("2025-03-03T00:00")
VIOLATIONS = ("small", "large", "other")


@dataclass(frozen=True, slots=True)
class Ladder:
    """What a policy says of its ladder."""

    count: str
    terms: Terms
    terminal: int | None = None
    expire: str = "10d"
    more: str = ""


LADDERS = (
    Ladder("up", Terms(down=False, start=0, bottom=0, top=None, steps=(12, 24, 48)), 48),
    Ladder("up within 0 to 30", Terms(down=False, start=0, bottom=0, top=30, steps=(12, 30))),
    Ladder(
        "up from 5 within 2 to 40", Terms(down=False, start=5, bottom=2, top=40, steps=(20, 30)), 30
    ),
    Ladder("down from 60", Terms(down=True, start=60, bottom=0, top=60, steps=(50, 20, 0)), 0),
    Ladder(
        "down from 60 within 10 to 100",
        Terms(down=True, start=60, bottom=10, top=100, steps=(50, 20, 10)),
    ),
    Ladder(
        "down from 60 within 0 to 80",
        Terms(down=True, start=60, bottom=0, top=80, steps=(70, 40, 0)),
        terminal=0,
        expire="4d",
        more="earn: [{earn: orders, event: order.placed, every: 2, points: 7}]",
    ),
    Ladder(
        "up",
        Terms(down=False, start=0, bottom=0, top=None, steps=(12, 24, 48)),
        terminal=48,
        expire="9d",
        more="earn: [{earn: gifts, event: order.placed, when: order.gift, points: 4}]",
    ),
    Ladder(
        "down from 60 within 0 to 90",
        Terms(down=True, start=60, bottom=0, top=90, steps=(75, 50, 0)),
        terminal=0,
        more="reset: weekly on wednesday at 01:01\n"
        "    earn: [{earn: orders, event: order.placed, points: 5}]",
    ),
    Ladder(
        "up within 0 to 30",
        Terms(down=False, start=0, bottom=0, top=30, steps=(12, 30)),
        more="reset: monthly on day 8",
    ),
)


def policy(ladder: Ladder, recompute: str) -> Program:
    steps = ", ".join(f"{{at: {at}, do: [close for 3d]}}" for at in ladder.terms.steps or (20,))
    terminal = f"terminal: {ladder.terminal}" if ladder.terminal is not None else ""
    return compiled(
        f"""
policy: balances
violations:
  small: {{points: 3}}
  large: {{points: 11}}
  other: {{points: 1 to 60, pick: 2, repeat: {{within: 20d, times: 2}}}}
actions: {{close: {{scope: shop, overlap: extend}}}}
escalations:
  - ladder: health
    per: shop
    count: {ladder.count}
    expire: {ladder.expire}
    {terminal}
    warn_before: 3
    because: "{{points}}"
    {ladder.more}
    steps: [{steps}]
remedies:
  - {{remedy: delivery, event: order.delivered, do: [lower points by 3]}}
appeals:
  - appeal: violation
    attempts: [within 30d of notice]
    if_overturned: [void points, lift actions]
    recompute: {recompute}
"""
    )


@st.composite
def streams(draw: st.DrawFn, program: Program) -> list[Event]:
    """Violations and appeals, no two at one instant."""
    decoder, at, found = Decoder(program.catalog), START, []
    for number in range(draw(st.integers(4, 24))):
        at += draw(st.sampled_from([1, 7, 24, 60, 240])) * HOUR + MINUTE
        kind = draw(
            st.sampled_from(
                ["violation", "violation", "filed", "decided", "order", "order", "remedy"]
            )
        )
        said = _said(draw, kind, number)
        envelope = {"event_id": f"e{number}", "occurred_at": text_of(at), "shop_id": "s1"}
        event = decoder.convert({**envelope, **said})
        assert isinstance(event, Event), event
        found.append(event)
    return found


def _said(draw: st.DrawFn, kind: str, number: int) -> dict[str, object]:
    if kind == "violation":
        name = draw(st.sampled_from(VIOLATIONS))
        points = draw(st.sampled_from([1, 4, 20, 60])) if name == "other" else None
        said = {"type": "violation.recorded", "violation_id": f"v{number}", "violation": name}
        return said | ({"points": points} if points else {})
    appeal = f"a{draw(st.integers(0, 3))}"
    if kind == "filed":
        return {
            "type": "appeal.filed",
            "appeal_id": appeal,
            "rule": draw(st.sampled_from(VIOLATIONS)),
        }
    if kind == "decided":
        return {
            "type": "appeal.decided",
            "appeal_id": appeal,
            "outcome": draw(st.sampled_from(["overturned", "overturned", "partly_overturned"])),
            "decided_by": "ann",
            "reason": "looked at",
            "points": draw(st.integers(1, 3)),
        }
    if kind == "remedy":
        return {"type": "order.delivered", "order_id": f"o{number}"}
    order = {"type": "order.placed", "order_id": f"o{number}", "gift": draw(st.booleans())}
    return order if number % 7 else {"type": "clock.tick"}


def recounted(ladder: Ladder, decisions: list[Decision]) -> Recount:
    recount = Recount("health", ladder.terms)
    recount.read(json.loads(encode(one)) for one in decisions)
    assert recount.wrong == []
    return recount


@RELAXED
@given(data=st.data())
def test_what_decisions_say_adds_up(data: st.DataObject) -> None:
    """Every balance follows from the decisions before it, and milestones from the balances."""
    ladder = data.draw(st.sampled_from(LADDERS))
    program = policy(ladder, "from now")
    events = data.draw(streams(program))
    evaluator, decisions = Evaluator(program), list[Decision]()
    cut = data.draw(st.integers(0, len(events)))
    for number, event in enumerate(events):
        if number == cut:
            snapshot, evaluator = evaluator.snapshot(), Evaluator(program)
            evaluator.restore(snapshot)
        decisions += evaluator.feed(event)
    decisions += evaluator.advance(START + 400 * DAY)
    recount = recounted(ladder, decisions)
    assert recount.steps == recount.expected_steps
    totals = {name: total for name, _, total in evaluator.totals()}
    assert totals.get("health", 0) == recount.balance
    assert ladder.terms.bottom <= recount.balance <= (ladder.terms.top or 10**9)


@RELAXED
@given(data=st.data())
def test_what_a_new_history_says_adds_up(data: st.DataObject) -> None:
    """The same where history is evaluated again, which comes to what it would have been."""
    ladder = data.draw(st.sampled_from(LADDERS))
    program = policy(ladder, "retroactive")
    events = data.draw(streams(program))
    evaluator = Evaluator(program)
    decisions = evaluator.feed_all(events) + evaluator.advance(START + 15 * DAY)
    recount = recounted(ladder, decisions)
    totals = {name: total for name, _, total in evaluator.totals()}
    assert totals.get("health", 0) == recount.balance


def test_so_many_earnings_count_at_a_time(monkeypatch: pytest.MonkeyPatch) -> None:
    """What is beyond the limit is lost; when older points expire, more can be earned."""
    monkeypatch.setattr(ladders, "MOST_HELD", 3)
    terms = Terms(down=True, start=60, bottom=0, top=100)
    earn = "earn: [{earn: orders, event: order.placed, points: 2}]"
    shop = Shop(policy(Ladder("down from 60 within 0 to 100", terms, more=earn), "from now"))
    for number in range(5):
        shop.send(START + number * HOUR, "order.placed", order_id=f"o{number}")
    assert shop.points() == {"health": 66}
    shop.send(START + 10 * DAY + MINUTE, "order.placed", order_id="later")
    assert shop.points() == {"health": 66}
    assert len(shop.of("points", adjusted="earned")) == 4
