"""Invariant 2: until when one can appeal follows from the notice, under the policy of that day."""

from __future__ import annotations

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from hypothesis import given
from hypothesis import strategies as st
from revlex.engine.language.program import Program
from revlex.tests.reference.runs import PATIENT
from revlex.tests.reference.streams import HOUR, MINUTE, Shop, compiled, instant, text_of

ZONE = ZoneInfo("America/New_York")
START = instant("2025-03-03T12:00")  # clocks are put forward six days later
CHANGED = "2025-03-12"
UNITS = {"h": "h", "d": "d", "calendar": " calendar days", "business": " business days"}
LAST = timedelta(microseconds=1)

lengths = st.tuples(st.integers(1, 20), st.sampled_from(sorted(UNITS)))


def policy(before: tuple[int, str], after: tuple[int, str]) -> Program:
    """A policy whose time to appeal changes on a day."""
    told = [f"within {count}{UNITS[unit]} of notice" for count, unit in (before, after)]
    return compiled(
        f"""
policy: deadlines
timezone: America/New_York
violations: {{other: {{points: 0}}}}
appeals:
  - {{appeal: violation, effective: {{until: {CHANGED}}}, attempts: [{told[0]}]}}
  - {{appeal: violation, effective: {{from: {CHANGED}}}, attempts: [{told[1]}]}}
"""
    )


def last_in_time(notice: datetime, length: tuple[int, str]) -> datetime:
    """The last instant at which one can appeal, by counting days."""
    count, unit = length
    if unit in {"h", "d"}:
        return notice + timedelta(hours=count if unit == "h" else 24 * count)
    day = notice.astimezone(ZONE).date()
    while count:
        day += timedelta(days=1)
        count -= unit == "calendar" or day.weekday() < 5  # Saturday
    after = datetime.combine(day + timedelta(days=1), datetime.min.time(), ZONE)
    return after.astimezone(ZoneInfo("UTC")) - LAST


def moment(text: str | None) -> datetime:
    assert text is not None
    return datetime.fromisoformat(text).astimezone(ZoneInfo("UTC"))


@PATIENT
@given(before=lengths, after=lengths, hours=st.integers(0, 500), told=st.integers(0, 12))
def test_the_deadline_counts_from_the_notice(
    before: tuple[int, str], after: tuple[int, str], hours: int, told: int
) -> None:
    """At first from the decision, which is its own notice; then from the notice that was sent."""
    shop = Shop(policy(before, after))
    at = START + hours * HOUR + 7 * MINUTE
    shop.send(at, "violation.recorded", violation_id="v1", violation="other")
    (decision,) = shop.of("violation")
    changed = datetime.fromisoformat(CHANGED).replace(tzinfo=ZONE)
    length = before if moment(text_of(at)) < changed else after
    expected = last_in_time(moment(text_of(at)), length)
    assert decision.redress is not None
    assert moment(decision.time.appealable_until) == expected
    assert moment(decision.redress.deadline) == expected
    (appeal,) = shop.evaluator.appeals()
    assert moment(appeal.deadline) == expected
    sent = at + told * HOUR // 2
    if moment(text_of(sent)) <= expected:
        shop.send(sent, "notice.sent", decision_id=decision.decision_id)
        (appeal,) = shop.evaluator.appeals()
        assert moment(appeal.deadline) == last_in_time(moment(text_of(sent)), length)
