"""What refused changes leave behind, which actions can be appealed, and where."""

from __future__ import annotations

from pathlib import Path

import pytest
from revlex.engine.authoring.tester import run_cases
from revlex.engine.language.compiler import compile_sources
from revlex.engine.language.diagnostics import Report
from revlex.engine.language.source import Source
from revlex.engine.runtime.evaluator import Evaluator
from revlex.engine.runtime.event_types import Event
from revlex.engine.runtime.events import Decoder
from revlex.engine.runtime.instants import parse_instant

POLICY = """
policy: outcomes
title: Outcomes
version: "1"
regions: [TH, BR]
timezone: UTC
review_rules:
  - rule: one-edit
    event: review.edited
    require: review.edits <= 1
    otherwise: refuse
    because: one edit is enough
  - rule: one-follow-up
    event: review.follow_up_posted
    require: review.follow_ups <= 1
    otherwise: refuse
    because: one follow-up is enough
  - rule: verified
    require: review.verified
    otherwise: refuse
    because: only buyers write reviews
reply_rules:
  - rule: asks-for-a-change
    when: reply.text contains "change"
    verdict: {TH: allow, else: reject}
    violation: asking
    because: the reply asks for a change
measures:
  negatives: {per: shop, value: count(review where review.stars <= 2), over: 30d}
thresholds:
  - threshold: negative
    measure: negatives
    check: on change
    bands: {fine: below 1, bad: from 1}
    on_enter: {bad: {do: [cap for 10d]}}
    because: there are bad reviews
violations:
  asking: {points: 4}
actions:
  cap: {scope: shop, overlap: keep}
appeals:
  - {appeal: violation, attempts: [within 30 calendar days of notice]}
  - appeal: action
    attempts: [within 30 calendar days of notice]
    while_pending: suspend
    recompute: from now
  - {appeal: threshold, regions: [BR], attempts: [within 9d of notice], while_pending: delay 48h}
  - {appeal: verdict, attempts: [within 30 calendar days of notice]}
"""

CASES = {
    "a violation does not follow where the verdict is allow": """
    region: TH
    events:
      - {at: "2025-07-01T10:00:00Z", type: review.posted, review_id: r1, stars: 5}
      - {type: reply.submitted, reply_id: p1, review_id: r1, text: please change it}
    expect: [{kind: verdict, rule: asks-for-a-change, verdict: allow}]
    never: [{kind: violation}]""",
    "a violation follows where the verdict is another": """
    region: BR
    events:
      - {at: "2025-07-01T10:00:00Z", type: review.posted, review_id: r1, stars: 5}
      - {type: reply.submitted, reply_id: p1, review_id: r1, text: please change it}
    expect: [{kind: verdict, verdict: reject}, {kind: violation, violation: asking}]""",
    "a review that is refused does not count": """
    events:
      - {at: "2025-07-01T10:00:00Z", type: review.posted, review_id: r1, stars: 1, verified: false}
    expect: [{kind: verdict, rule: verified, verdict: refuse}]
    never: [{kind: threshold}]""",
    "a refused follow-up leaves the review": """
    events:
      - {at: "2025-07-01T10:00:00Z", type: review.posted, review_id: r1, stars: 1}
      - {type: review.follow_up_posted, review_id: r1, text: still bad}
      - {type: review.follow_up_posted, review_id: r1, text: and again}
    expect: [{kind: verdict, rule: one-follow-up, verdict: refuse}]
    end: {bands: {negative: bad}}""",
    "a refused edit leaves the review as it was": """
    events:
      - {at: "2025-07-01T10:00:00Z", type: review.posted, review_id: r1, stars: 1}
      - {type: review.edited, review_id: r1, stars: 2}
      - {type: review.edited, review_id: r1, stars: 5}
    expect: [{kind: verdict, rule: one-edit, verdict: refuse, explanation: review.edits}]
    end: {bands: {negative: bad}}""",
    "actions wait only where the region's own appeals say so": """
    region: TH
    events:
      - {at: "2025-07-01T10:00:00Z", type: review.posted, review_id: r1, stars: 1}
    expect: [{kind: action, change: applied}]
    never: [{kind: action, change: scheduled}]""",
    "actions wait where they are delayed": """
    region: BR
    events:
      - {at: "2025-07-01T10:00:00Z", type: review.posted, review_id: r1, stars: 1}
    until: "2025-07-04T00:00:00Z"
    expect: [{kind: action, change: scheduled}, {kind: action, change: applied}]
    end: {actions: [cap]}""",
    "an action can be appealed, which suspends it, and is lifted if that succeeds": """
    region: TH
    events:
      - {at: "2025-07-01T10:00:00Z", type: review.posted, review_id: r1, stars: 1}
      - {type: appeal.filed, appeal_id: a1, rule: cap}
      - {type: appeal.decided, appeal_id: a1, outcome: overturned, decided_by: m1, reason: mistaken}
    expect:
      - {kind: action, change: suspended}
      - {kind: appeal, appeal_state: admitted}
      - {kind: appeal, appeal_state: overturned}
      - {kind: reversal, reverses: action, change: lifted, caused_by_appeal: a1}
    end: {actions: [], appeals: {a1: overturned}}""",
    "an action that an appeal upholds goes on": """
    region: TH
    events:
      - {at: "2025-07-01T10:00:00Z", type: review.posted, review_id: r1, stars: 1}
      - {type: appeal.filed, appeal_id: a1, rule: cap}
      - {type: appeal.decided, appeal_id: a1, outcome: upheld, decided_by: m1, reason: it was right}
    expect: [{kind: action, change: suspended}, {kind: action, change: resumed}]
    end: {actions: [cap], appeals: {a1: final}}""",
}


@pytest.mark.parametrize("recompute", ["from now", "retroactive"])
@pytest.mark.parametrize("name", CASES)
def test_case(name: str, recompute: str, tmp_path: Path) -> None:
    policy = POLICY.replace("recompute: from now", f"recompute: {recompute}")
    program, problems = compile_sources([Source("policy.yaml", policy)])
    assert program is not None, list(problems)
    file, report = tmp_path / "cases.yaml", Report()
    file.write_text(f"cases:\n  - name: {name}{CASES[name]}\n", encoding="utf-8")
    results = run_cases(program, file, report)
    assert not list(report)
    assert [failure.message for result in results for failure in result.failures] == []


def test_what_waits_begins_once_however_often_it_is_asked_for() -> None:
    twice = POLICY.replace("do: [cap for 10d]", "do: [cap for 10d, cap for 12d]")
    program, _ = compile_sources([Source("policy.yaml", twice)])
    assert program is not None
    evaluator, decoder = Evaluator(program, region="BR"), Decoder(program.catalog)
    review = {"event_id": "e1", "type": "review.posted", "review_id": "r1", "stars": 1}
    event = decoder.convert({**review, "occurred_at": "2025-07-01T10:00:00Z", "shop_id": "s1"})
    assert isinstance(event, Event)
    decisions = evaluator.feed(event) + evaluator.advance(parse_instant("2025-08-01T00:00:00Z"))
    changes = [change.change for d in decisions for change in d.outcome.actions]
    assert changes == ["scheduled", "kept", "applied", "expired"]
    assert len({decision.decision_id for decision in decisions}) == len(decisions)
