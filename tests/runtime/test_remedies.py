"""What remedies make shorter, what they leave alone, and what can still be undone after them."""

from __future__ import annotations

from pathlib import Path

import pytest
from revlex.engine.authoring.tester import run_cases
from revlex.engine.language.diagnostics import Report
from revlex.engine.runtime.evaluator import Evaluator
from revlex.tests.reference.streams import DAY, Shop, compiled, instant

POLICY = """
policy: remedies
violations:
  fraud: {points: 8, do: [close_shop permanently, cap for 10d]}
  spam: {points: 2, do: [cap for 4d]}
actions:
  close_shop: {scope: shop}
  cap: {scope: shop, overlap: extend}
escalations:
  - {ladder: points, per: shop, because: points, steps: [{at: 100, do: [close_shop for 2d]}]}
appeals:
  - {appeal: violation, attempts: [within 30d of notice], RECOMPUTE}
remedies:
  - remedy: shorter
    event: quiz.completed
    when: quiz.score == 100
    of: [fraud]
    do: [shorten to 3d]
  - {remedy: cap, event: quiz.completed, when: quiz.score == 90, of: [cap], do: [shorten to 3d]}
  - {remedy: longer, event: quiz.completed, when: quiz.score == 80, of: [cap], do: [shorten to 20d]}
  - remedy: fewer
    event: quiz.completed
    when: quiz.score == 70
    per_shop: 1 per 5d
    do: [lower points by 3]
""".replace("close_shop: {scope: shop}", "close_shop: {scope: shop, overlap: longest}")

BEGIN = """
    events:
      - at: "2025-07-01T10:00:00Z"
        event_id: e1
        type: violation.recorded
        violation_id: v1
        violation: fraud
"""
QUIZ = '      - {at: "%s", type: quiz.completed, quiz_id: q%d, score: %d}'

CASES = {
    "what names no decision that can be remedied so is told": BEGIN
    + """
      - at: "2025-07-02T10:00:00Z"
        type: quiz.completed
        quiz_id: q1
        score: 100
        rule: spam
      - {at: "2025-07-03T10:00:00Z", type: quiz.completed, quiz_id: q2, score: 80, rule: nothing}
    expect:
      - {kind: remedy, rule: shorter, result: not fired, because: names no decision}
      - {kind: remedy, rule: longer, result: not fired, because: names no decision}
    never: [{kind: reversal}]
""",
    "what is permanent stays, the rest is replaced": BEGIN
    + QUIZ % ("2025-07-02T10:00:00Z", 1, 100)
    + """
    until: "2025-08-01T00:00:00Z"
    expect:
      - {kind: remedy, rule: shorter}
      - {kind: reversal, action: cap, change: lifted}
      - {kind: action, action: cap, change: applied, until: "2025-07-04T10:00:00+00:00"}
      - {kind: action, action: cap, change: expired, at: "2025-07-04T10:00:00+00:00"}
    never: [{kind: reversal, action: close_shop}]
    end: {actions: [close_shop], points: {points: 8}}""",
    "what would be over by then is lifted at once": BEGIN
    + QUIZ % ("2025-07-09T10:00:00Z", 1, 100)
    + """
    expect:
      - {kind: remedy, rule: shorter}
      - {kind: reversal, action: cap, change: lifted, until: "2025-07-09T10:00:00+00:00"}
    end: {actions: [close_shop]}""",
    "what would not end sooner stays": BEGIN
    + QUIZ % ("2025-07-02T10:00:00Z", 1, 80)
    + """
    expect: [{kind: remedy, rule: longer}]
    never: [{kind: reversal}]
    end: {actions: [cap, close_shop]}""",
    "of an action that was asked for twice the latest asking is made shorter": BEGIN
    + """      - at: "2025-07-02T10:00:00Z"
        type: violation.recorded
        violation_id: v2
        violation: spam
"""
    + QUIZ % ("2025-07-03T10:00:00Z", 1, 90)
    + """
    expect:
      - {kind: action, action: cap, change: extended, until: "2025-07-15T10:00:00+00:00"}
      - {kind: reversal, action: cap}
      - {kind: action, action: cap, change: applied, until: "2025-07-14T10:00:00+00:00"}
    end: {actions: [cap, close_shop]}""",
    "a success of an appeal takes the shorter action back as well": BEGIN
    + QUIZ % ("2025-07-02T10:00:00Z", 1, 100)
    + """
      - {type: appeal.filed, appeal_id: a1, rule: fraud}
      - {type: appeal.decided, appeal_id: a1, outcome: overturned, decided_by: ann, reason: no fake}
    expect:
      - {kind: action, action: cap, change: applied}
      - {kind: action, action: cap, change: applied, at: "2025-07-02T10:00:00+00:00"}
      - {kind: reversal, reverses: violation}
    end: {actions: [], points: {points: 0}}""",
    "all points and more, and a limit": BEGIN
    + """      - {type: violation.recorded, violation_id: v2, violation: spam}
"""
    + "\n".join(
        [
            QUIZ % ("2025-07-02T10:00:00Z", 1, 70),
            QUIZ % ("2025-07-07T09:59:59Z", 2, 70),
            QUIZ % ("2025-07-07T10:00:00Z", 3, 70),
        ]
    )
    + """
    expect:
      - {kind: reversal, reverses: violation, points: -2, total: 8}
      - {kind: remedy, result: not fired, because: the limit of 1 is used up}
      - {kind: reversal, reverses: violation, points: -3, total: 5}
    end: {points: {points: 5}}""",
    "a quiz about nothing does nothing": """
    events:
"""
    + QUIZ % ("2025-07-02T10:00:00Z", 1, 100)
    + """
    never: [{kind: remedy}]""",
}


@pytest.mark.parametrize("recompute", ["recompute: from now", "recompute: retroactive"])
@pytest.mark.parametrize("text", CASES.values(), ids=CASES)
def test_cases(text: str, recompute: str, tmp_path: Path) -> None:
    program = compiled(POLICY.replace("RECOMPUTE", recompute))
    file = tmp_path / "cases.yaml"
    file.write_text(f"cases:\n  - name: case{text}\n", encoding="utf-8")
    report = Report()
    results = run_cases(program, file, report)
    assert [one.message for one in report] == []
    assert [(f.span.line, f.message) for one in results for f in one.failures] == []


@pytest.mark.parametrize("recompute", ["recompute: from now", "recompute: retroactive"])
def test_what_was_used_survives_a_snapshot(recompute: str) -> None:
    program = compiled(POLICY.replace("RECOMPUTE", recompute))
    shop = Shop(program)
    shop.send("2025-07-01T10:00", "violation.recorded", violation_id="v1", violation="fraud")
    shop.send("2025-07-02T10:00", "quiz.completed", quiz_id="q1", score=70)
    snapshot, shop.evaluator = shop.evaluator.snapshot(), Evaluator(program)
    shop.evaluator.restore(snapshot)
    found = shop.send("2025-07-03T10:00", "quiz.completed", quiz_id="q2", score=70)
    assert [(one.kind, one.rule.result) for one in found] == [("remedy", "not fired")]
    assert shop.points() == {"points": 5}


def test_history_is_evaluated_again_with_what_remedies_did() -> None:
    shop = Shop(compiled(POLICY.replace("RECOMPUTE", "recompute: retroactive")))
    shop.send("2025-07-01T10:00", "violation.recorded", violation_id="v1", violation="fraud")
    spam = shop.send("2025-07-02T10:00", "violation.recorded", violation_id="v2", violation="spam")
    shop.send("2025-07-03T10:00", "quiz.completed", quiz_id="q1", score=70, rule="fraud")
    assert shop.points() == {"points": 7}
    identity = next(one.decision_id for one in spam if one.kind == "violation")
    shop.send("2025-07-04T10:00", "appeal.filed", appeal_id="a1", decision_id=identity)
    shop.send(
        "2025-07-04T11:00",
        "appeal.decided",
        appeal_id="a1",
        outcome="overturned",
        decided_by="ann",
        reason="no",
    )
    assert shop.points() == {"points": 5}
    shop.advance(instant("2025-07-04T11:00") + DAY)
    assert shop.in_force() == ["cap", "close_shop"]
