"""Actions that end with an event: of the shop, of what it is about, with what runs beside."""

from __future__ import annotations

from typing import Any

import pytest
from revlex.engine.runtime.evaluator import Evaluator
from revlex.tests.reference.streams import Shop, changes, compiled

START = "2025-07-01T00:00"


def shop(do: str, scope: str = "shop", terms: str = "", overlap: str = "extend") -> Shop:
    return Shop(
        compiled(f"""
policy: events
violations:
  bad: {{points: 0, do: ['{do}']}}
  other: {{points: 0, do: [act for 30d]}}
actions: {{act: {{scope: {scope}, overlap: {overlap}}}}}
appeals:
  - {{appeal: violation, attempts: [within 90d of notice]{terms}}}
""")
    )


def record(found: Shop, violation: str = "bad", at: str = START, **about: str) -> None:
    found.send(
        at, "violation.recorded", violation_id=f"v{len(found.events)}", violation=violation, **about
    )


def close(found: Shop, at: str, complaint: str = "c1") -> None:
    found.send(at, "complaint.closed", complaint_id=complaint, upheld=False)


def happened(found: Shop) -> list[tuple[str, str]]:
    """(change, day) of every decision on an action."""
    return [
        (change, one.time.event_time[5:10])
        for one in found.decisions
        for change, _, _ in changes([one])
    ]


def test_an_event_before_the_time_is_over() -> None:
    found = shop("act for 10d or until complaint.closed")
    record(found)
    asked = found.of("action")[0].outcome.actions[0]
    assert (asked.until_events, asked.until) == (["complaint.closed"], "2025-07-11T00:00:00+00:00")
    close(found, "2025-07-05T00:00")
    found.advance("2025-08-01T00:00")
    assert happened(found) == [("applied", "07-01"), ("lifted", "07-05")]
    assert found.decisions[-1].event_id == "e2"


def test_the_time_is_over_before_an_event() -> None:
    found = shop("act for 10d or until complaint.closed")
    record(found)
    close(found, "2025-07-12T00:00")
    assert happened(found) == [("applied", "07-01"), ("expired", "07-11")]


def test_at_the_very_end_the_time_goes_first() -> None:
    found = shop("act for 10d or until complaint.closed")
    record(found)
    close(found, "2025-07-11T00:00")
    assert happened(found) == [("applied", "07-01"), ("expired", "07-11")]


def test_without_a_time_there_is_no_end_but_the_event() -> None:
    found = shop("act until complaint.closed")
    record(found)
    found.advance("2029-07-01T00:00")
    asked = found.of("action")[0].outcome.actions[0]
    assert (asked.until, asked.permanent, asked.until_events) == (None, False, ["complaint.closed"])
    assert found.in_force() == ["act"]
    close(found, "2029-07-02T00:00")
    assert found.in_force() == []


@pytest.mark.parametrize("overlap", ["extend", "longest", "restart", "keep"])
def test_what_else_was_asked_for_goes_on(overlap: str) -> None:
    found = shop("act until complaint.closed", overlap=overlap)
    record(found)
    record(found, "other")
    close(found, "2025-07-05T00:00")
    assert found.in_force() == ["act"]
    found.advance("2025-09-05T00:00")
    assert [change for change, _ in happened(found)][-2:] == ["kept", "expired"]
    assert happened(found)[-1] == ("expired", "07-31")


@pytest.mark.parametrize(
    ("scope", "about", "ends"),
    [
        ("shop", {}, ["c1", "c2", "c3"]),
        ("fund", {}, ["c1", "c2", "c3"]),
        ("product", {"product_id": "p1"}, ["c1"]),
    ],
)
def test_whose_event_it_is(scope: str, about: dict[str, Any], ends: list[str]) -> None:
    for complaint in ("c1", "c2", "c3"):
        found = shop("act until complaint.closed", scope)
        for number, product in ((1, "p1"), (2, "p2"), (3, None)):
            found.send(START, "order.placed", order_id=f"o{number}", product_id=product)
            found.send(START, "complaint.filed", complaint_id=f"c{number}", order_id=f"o{number}")
        record(found, **about)
        close(found, "2025-07-02T00:00", complaint)
        assert (found.in_force() == []) is (complaint in ends), complaint


def test_an_event_about_the_thing_itself() -> None:
    found = shop("act until product.status_changed", "product")
    record(found, product_id="p1")
    found.send("2025-07-02T00:00", "product.status_changed", product_id="p2", status="active")
    assert found.in_force() == ["act"]
    found.send("2025-07-02T00:00", "product.status_changed", product_id="p1", status="active")
    assert found.in_force() == []


def test_what_an_appeal_holds_or_delays_ends_too() -> None:
    found = shop("act until complaint.closed", terms=", while_pending: delay 48h")
    record(found)
    close(found, "2025-07-02T00:00")
    found.advance("2025-08-01T00:00")
    assert happened(found) == [("scheduled", "07-01"), ("lifted", "07-02")]


def test_a_suspended_action_does_not_come_back() -> None:
    found = shop("act until complaint.closed", terms=", while_pending: suspend")
    record(found)
    found.send("2025-07-02T00:00", "appeal.filed", appeal_id="a", rule="bad")
    close(found, "2025-07-03T00:00")
    found.send("2025-07-04T00:00", "appeal.withdrawn", appeal_id="a")
    assert happened(found) == [("applied", "07-01"), ("suspended", "07-02"), ("lifted", "07-03")]


@pytest.mark.parametrize("recompute", ["from now", "retroactive"])
def test_appeals_and_snapshots(recompute: str) -> None:
    found = shop("act for 20d or until complaint.closed", terms=f", recompute: {recompute}")
    record(found)
    record(found, at="2025-07-02T00:00")
    snapshot = found.evaluator.snapshot()
    found.evaluator = Evaluator(found.program)
    found.evaluator.restore(snapshot)
    found.send("2025-07-03T00:00", "appeal.filed", appeal_id="a", about_event="e1")
    found.send(
        "2025-07-04T00:00",
        "appeal.decided",
        appeal_id="a",
        outcome="overturned",
        decided_by="ann",
        reason="wrong",
    )
    assert found.in_force() == ["act"]
    close(found, "2025-07-05T00:00")
    assert found.in_force() == []
    assert len([one for one in found.of("reversal") if one.outcome.actions]) == 1
