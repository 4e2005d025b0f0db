"""Holds that end by themselves: when, into what, and what keeps them from it."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from revlex.engine.records.decision import Decision
from revlex.tests.reference.streams import HOUR, Shop, compiled, instant

POLICY = """
policy: holds
version: "1"
timezone: Asia/Bangkok
retention: 60d
review_rules:
  - {rule: one, when: review.stars == 1, verdict: hold, hold_for: 2d, then: refuse, because: x}
  - {rule: few, when: review.stars <= 2, verdict: hold, hold_for: 7d, then: allow, because: x}
  - {rule: long, when: review.stars == 3, verdict: hold, hold_for: 40d, then: refuse, because: x}
  - {rule: memory, when: review.imported, verdict: hold, hold_for: 60d, then: refuse, because: x}
  - rule: days
    when: review.stars == 4
    verdict: hold
    hold_for: 2 business days
    then: allow
    because: x
  - rule: edits
    event: review.edited
    when: review.edits > 1
    verdict: hold
    hold_for: 1d
    then: allow
    because: x
  - {rule: no-five, event: review.edited, when: review.stars == 5, verdict: refuse, because: x}
  - {rule: told, event: review.edited, when: review.verdict == hold, verdict: flag}
  - rule: trial
    status: warn
    when: review.images > 0
    verdict: hold
    hold_for: 1d
    then: refuse
    because: x
reply_rules:
  - {rule: reply, when: true, verdict: hold, hold_for: 1d, then: reject, because: x}
report_rules:
  - {rule: report, when: true, verdict: hold, hold_for: 1d, then: refuse, because: x}
event_rules:
  - rule: order
    event: order.placed
    when: true
    verdict: hold
    hold_for: 1d
    then: allow
    because: x
    violation: ordered
violations:
  ordered: {points: 1}
measures:
  standing: {per: shop, value: count(review where review.verdict != hold), over: 30d}
  free: {per: shop, value: count(order where order.verdict == allow), over: 30d}
thresholds:
  - {threshold: standing, measure: standing, check: on change, bands: {none: below 1, some: from 1}}
  - {threshold: free, measure: free, check: on change, bands: {none: below 1, some: from 1}}
appeals:
  - appeal: all
    against: [verdict, violation]
    attempts: [within 30d of notice]
    recompute: RECOMPUTE
"""

each_way = pytest.mark.parametrize("recompute", ["from now", "retroactive"])
DECIDED = {"decided_by": "ann", "reason": "looked at"}


def shop(recompute: str = "from now") -> Shop:
    return Shop(compiled(POLICY.replace("RECOMPUTE", recompute)))


def said(one: Shop, subject: str) -> list[tuple[str, str | None, str]]:
    """(rule, verdict, time) of every verdict on something."""
    found = [d for d in one.of("verdict") if d.subject.id == subject]
    return [(d.rule.id, d.outcome.verdict, d.time.event_time[:16]) for d in found]


def review(one: Shop, key: str = "r1") -> tuple[str, str]:
    """The verdict and the status of a review."""
    entity = one.evaluator._shops["s1"].state.facts.entities["review"][key]
    return entity.verdict, entity.status


def test_it_ends_in_the_very_instant_and_goes_before_events() -> None:
    one = shop()
    one.send("2025-06-01T10:00:00+07:00", "review.posted", review_id="r1", stars=2)
    one.advance(instant("2025-06-08T10:00:00+07:00") - 1)
    assert said(one, "r1") == [("few", "hold", "2025-06-01T10:00")]
    one.send("2025-06-08T10:00:00+07:00", "review.published", review_id="r1")
    assert said(one, "r1")[1:] == [("few", "allow", "2025-06-08T10:00")]
    assert review(one) == ("allow", "standing")


def test_the_decision_names_the_first_and_can_be_appealed_if_it_works_against_somebody() -> None:
    one = shop()
    one.send("2025-06-01T10:00", "review.posted", review_id="r1", stars=1)
    one.advance("2025-06-20T10:00")
    held, _, refused, allowed = one.of("verdict")
    assert (refused.supersedes, refused.evidence.causes) == (held.decision_id, [held.decision_id])
    assert refused.redress is not None
    assert allowed.redress is None
    assert review(one) == ("refuse", "refused")
    assert len({d.decision_id for d in one.decisions}) == len(one.decisions)


def test_the_reason_is_that_of_the_hold_as_it_was_when_it_began() -> None:
    reason = '"{review.stars} stars"'
    policy = POLICY.replace("RECOMPUTE", "from now")
    one = Shop(compiled(policy.replace("because: x", f"because: {reason}", 1)))
    one.send("2025-06-01T10:00", "review.posted", review_id="r1", stars=1)
    one.send("2025-06-01T11:00", "review.edited", review_id="r1", stars=3)
    one.advance("2025-06-20T10:00")
    ended = next(d for d in one.of("verdict") if d.rule.id == "one" and d.supersedes)
    assert ended.rule.because == "1 stars; it was held, and nobody decided in time"


def test_business_days_are_counted_in_the_zone_of_the_region() -> None:
    one = shop()
    one.send("2025-06-06T20:00:00+07:00", "review.posted", review_id="r1", stars=4)
    one.advance("2025-06-30T10:00")
    assert said(one, "r1")[1:] == [("days", "allow", "2025-06-11T00:00")]


@pytest.mark.parametrize("type_", ["review.published", "review.removed", "review.struck"])
def test_what_somebody_decided_before_ends_all_holds(type_: str) -> None:
    one = shop()
    one.send("2025-06-01T10:00", "review.posted", review_id="r1", stars=1)
    one.send("2025-06-01T11:00", "review.edited", review_id="r1", text="x")
    one.send("2025-06-01T12:00", type_, review_id="r1")
    one.send("2025-06-01T13:00", "review.edited", review_id="r1", text="y", stars=2)
    one.advance("2025-06-30T10:00")
    rules = [rule for rule, _, _ in said(one, "r1")]
    assert rules == ["one", "few", "told", "edits", "edits"]
    assert review(one)[0] == "allow"


def test_an_edit_does_not_decide_and_a_hold_is_on_one_thing() -> None:
    one = shop()
    for key in ("r1", "r2"):
        one.send("2025-06-01T10:00", "review.posted", review_id=key, stars=2)
    one.send("2025-06-02T10:00", "review.edited", review_id="r1", stars=3)
    one.send("2025-06-03T10:00", "review.published", review_id="r2")
    one.advance("2025-06-30T10:00")
    assert said(one, "r1")[-1] == ("few", "allow", "2025-06-08T17:00")
    assert len(said(one, "r2")) == 1


def test_replies_reports_and_orders() -> None:
    one = shop()
    one.send("2025-06-01T10:00", "review.posted", review_id="r1", stars=5)
    one.send("2025-06-01T10:00", "reply.submitted", reply_id="y1", review_id="r1", text="x")
    one.send("2025-06-01T10:00", "reply.submitted", reply_id="y2", review_id="r1", text="x")
    one.send("2025-06-01T10:00", "review.reported", report_id="t1", review_id="r1")
    one.send("2025-06-01T10:00", "review.reported", report_id="t2", review_id="r1")
    one.send("2025-06-01T10:00", "order.placed", order_id="o1")
    one.send("2025-06-01T11:00", "reply.published", reply_id="y2")
    one.send("2025-06-01T11:00", "review.report_decided", report_id="t2", outcome="rejected")
    one.advance("2025-06-30T10:00")
    assert said(one, "y1")[1:] == [("reply", "reject", "2025-06-02T17:00")]
    assert said(one, "t1")[1:] == [("report", "refuse", "2025-06-02T17:00")]
    assert said(one, "o1")[1:] == [("order", "allow", "2025-06-02T17:00")]
    assert len(said(one, "y2")) == len(said(one, "t2")) == 1
    assert one.bands()["free", ""] == "some"
    assert len(one.of("violation")) == 1, "the end of a hold is no second violation"


def test_what_is_only_tried_out_holds_nothing() -> None:
    one = shop()
    one.send("2025-06-01T10:00", "review.posted", review_id="r1", stars=5, images=1)
    one.advance("2025-06-30T10:00")
    assert said(one, "r1") == [("trial", "hold", "2025-06-01T17:00")]


def test_a_refused_edit_takes_the_hold_on_it_along() -> None:
    one = shop()
    one.send("2025-06-01T10:00", "review.posted", review_id="r1", stars=4)
    one.advance("2025-06-10T10:00")
    one.send("2025-06-11T10:00", "review.edited", review_id="r1", text="x")
    one.send("2025-06-12T10:00", "review.edited", review_id="r1", stars=5, text="y")
    assert review(one) == ("allow", "standing")
    one.send("2025-06-12T11:00", "review.edited", review_id="r1", text="y")
    one.advance("2025-06-30T10:00")
    edits = [(verdict, at) for rule, verdict, at in said(one, "r1") if rule == "edits"]
    assert edits == [
        ("hold", "2025-06-12T17:00"),
        ("hold", "2025-06-12T18:00"),
        ("allow", "2025-06-13T18:00"),
    ]


def appeal(one: Shop, day: int, rule: str, outcome: str = "overturned") -> list[Decision]:
    one.send(f"2025-06-{day:02}T10:00", "appeal.filed", appeal_id="a1", rule=rule)
    return one.send(
        f"2025-06-{day:02}T11:00", "appeal.decided", appeal_id="a1", outcome=outcome, **DECIDED
    )


@each_way
def test_a_hold_that_an_appeal_took_back_ends_in_nothing(recompute: str) -> None:
    one = shop(recompute)
    one.send("2025-06-01T10:00", "review.posted", review_id="r1", stars=3)
    appeal(one, 2, "long")
    assert review(one) in {("allow", "standing"), ("none", "standing")}
    assert one.bands()["standing", ""] == "some"
    one.advance("2025-08-20T10:00")
    assert [verdict for _, verdict, _ in said(one, "r1")] == ["hold"]
    assert not one.evaluator._shops["s1"].state.facts.holds


@each_way
def test_an_appeal_against_the_hold_takes_back_what_it_has_become(recompute: str) -> None:
    one = shop(recompute)
    one.send("2025-06-01T10:00", "review.posted", review_id="r1", stars=1)
    one.advance("2025-06-02T00:00")
    held = one.of("verdict")[0].decision_id
    one.send("2025-06-02T10:00", "appeal.filed", appeal_id="a1", decision_id=held)
    one.advance("2025-06-04T00:00")
    assert review(one) == ("refuse", "refused")
    one.send("2025-06-05T10:00", "appeal.decided", appeal_id="a1", outcome="overturned", **DECIDED)
    assert review(one) == ("hold", "standing"), "the other rule still holds it"
    one.advance("2025-06-20T00:00")
    assert review(one) == ("allow", "standing")
    assert len(one.of("reversal")) == 2


@each_way
def test_an_appeal_against_what_it_has_become_leaves_the_hold_over(recompute: str) -> None:
    one = shop(recompute)
    one.send("2025-06-01T10:00", "review.posted", review_id="r1", stars=3)
    one.advance("2025-07-11T10:00")
    assert review(one) == ("refuse", "refused")
    refused = one.of("verdict", verdict="refuse")[0].decision_id
    one.send("2025-07-11T11:00", "appeal.filed", appeal_id="a1", decision_id=refused)
    one.send("2025-07-11T12:00", "appeal.decided", appeal_id="a1", outcome="overturned", **DECIDED)
    assert review(one) == ("allow", "standing")
    assert len(one.of("reversal")) == 1


@each_way
def test_a_hold_as_long_as_the_memory_survives_it(recompute: str) -> None:
    """Old decisions are swept by an event shortly before the hold ends, and the entity is known."""
    one = shop(recompute)
    one.send("2025-06-01T10:00", "review.posted", review_id="r1", stars=5, imported=True)
    for day in range(1, 31):
        one.send(f"2025-07-{day:02}T10:00", "clock.tick")
    one.send("2025-07-31T10:00", "clock.tick")
    assert [verdict for _, verdict, _ in said(one, "r1")] == ["hold", "refuse"]


def test_a_pending_hold_survives_a_snapshot() -> None:
    one, other = shop(), shop()
    one.send("2025-06-01T10:00", "review.posted", review_id="r1", stars=1)
    other.evaluator.restore(one.evaluator.snapshot())
    assert other.evaluator.snapshot() == one.evaluator.snapshot()
    assert one.advance("2025-06-20T10:00") == other.advance("2025-06-20T10:00") != []


# ---------------------------------------------------------------------- against a naive count

RANDOM = """
policy: random
version: "1"
review_rules:
  - {rule: a, when: review.stars <= 1, verdict: hold, hold_for: 36h, then: refuse, because: x}
  - {rule: b, when: review.stars <= 2, verdict: hold, hold_for: 60h, then: allow, because: x}
  - rule: c
    event: review.edited
    when: review.stars <= 3
    verdict: hold
    hold_for: 24h
    then: allow
    because: x
  - {rule: d, when: review.stars == 3, verdict: flag}
"""
STRICT = ("allow", "flag", "hold", "refuse")
HOLDS = {"a": (36, "refuse"), "b": (60, "allow"), "c": (24, "allow")}
SETTLING = ("review.published", "review.removed", "review.restored")


def fired(type_: str, stars: int) -> list[str]:
    if type_ == "review.posted":
        return [rule for rule, most in (("a", 1), ("b", 2)) if stars <= most]
    return ["c"] if type_ == "review.edited" and stars <= 3 else []


def naive(events: list[tuple[int, str, int]]) -> tuple[list[tuple[int, str, str]], str]:
    """What is decided on one review, hour by hour, and the verdict at the end."""
    said: list[tuple[int, str, str]] = []
    pending: list[tuple[int, int, str]] = []
    final, flagged, stars, settled = [], False, 0, False
    for hour in range(400):
        for due in sorted(one for one in pending if one[0] == hour):
            pending.remove(due)
            then = HOLDS[due[2]][1]
            said.append((hour, due[2], then))
            final += [then] if then == "refuse" else []
            settled = True
        for _, type_, rating in (one for one in events if one[0] == hour):
            stars = rating or stars
            if type_ in SETTLING and pending:
                pending, settled = [], True
            for number, rule in enumerate(fired(type_, stars)):
                said.append((hour, rule, "hold"))
                pending.append((hour + HOLDS[rule][0], number, rule))
            if type_ == "review.posted" and stars == 3:
                said.append((hour, "d", "flag"))
                flagged = True
    left = max([*final, *(["hold"] if pending else [])], key=STRICT.index, default="allow")
    untouched = "flag" if flagged else "none"
    return said, left if settled or left != "allow" else untouched


@given(
    posted=st.tuples(st.integers(0, 20), st.integers(1, 4)),
    later=st.lists(
        st.tuples(
            st.integers(21, 150),
            st.sampled_from([*SETTLING, "review.edited", "review.edited"]),
            st.integers(1, 4),
        ),
        max_size=6,
    ),
    cut=st.integers(0, 6),
)
def test_against_a_naive_count(
    posted: tuple[int, int], later: list[tuple[int, str, int]], cut: int
) -> None:
    edits = [(at, type_, stars if type_ == "review.edited" else 0) for at, type_, stars in later]
    events = [(posted[0], "review.posted", posted[1]), *sorted(edits, key=lambda one: one[0])]
    start, one = instant("2025-06-01T00:00"), Shop(compiled(RANDOM))
    for number, (at, type_, stars) in enumerate(events):
        if number == cut:
            snapshot = one.evaluator.snapshot()
            one.evaluator.restore(snapshot)
        fields = {"stars": stars} if stars else {}
        one.send(start + at * HOUR, type_, review_id="r1", **fields)
    one.advance(start + 399 * HOUR)
    expected, verdict = naive(events)
    found = [
        (round((instant(d.time.event_time) - start) / HOUR), d.rule.id, d.outcome.verdict)
        for d in one.of("verdict")
    ]
    # holds that end in one instant have no order that a reader could count on
    assert sorted(found) == sorted(expected)
    assert [at for at, _, _ in found] == [at for at, _, _ in expected]
    assert review(one)[0] == verdict
