"""`was(review.stars)`: what something was before the event that is judged."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest
from revlex.engine.language.compiler import compile_sources
from revlex.engine.language.program import Program
from revlex.engine.language.source import Source
from revlex.engine.runtime.evaluator import Evaluator
from revlex.engine.runtime.events import Decoder, Event

HEAD = """
policy: past
title: Past
version: "1"
"""

Said = Mapping[str, Any]
POSTED: Said = {"type": "review.posted", "review_id": "r1", "stars": 2, "text": "bad"}
SUBMITTED: Said = {"type": "reply.submitted", "reply_id": "y1", "review_id": "r1", "text": "Sorry"}
DELETED: Said = {"type": "reply.deleted", "reply_id": "y1"}
EDITED: Said = {"type": "reply.edited", "reply_id": "y1", "text": "Sorry!"}


def edited(**said: Any) -> Said:
    return {"type": "review.edited", "review_id": "r1", **said}


def program(rules: str) -> Program:
    found, report = compile_sources([Source("policy.yaml", HEAD + rules)])
    assert found is not None, [(one.code, one.message) for one in report]
    return found


def fed(found: Program, *said: Said) -> tuple[Evaluator, list[str]]:
    """An evaluator that some events have happened to, and what it said of each."""
    evaluator = Evaluator(found)
    return evaluator, went_on(evaluator, said)


def went_on(evaluator: Evaluator, said: tuple[Said, ...], first: int = 0) -> list[str]:
    decoder, told = Decoder(evaluator.program.catalog), []
    for number, fields in enumerate(said, start=first):
        event = decoder.convert(
            {
                "event_id": f"e{number}",
                "occurred_at": f"2025-03-01T{number:02}:00:00Z",
                "shop_id": "s1",
                **fields,
            }
        )
        assert isinstance(event, Event), event
        told += [
            f"{fields['type']}: {one.outcome.verdict} {one.rule.because}"
            for one in evaluator.feed(event)
        ]
    return told


STATES = """
reply_rules:
  - rule: deleted-stays-deleted
    event: [reply.submitted, reply.edited, reply.published]
    require: (was(reply.status) ?? submitted) != deleted
    verdict: reject
    because: "a reply that was {was(reply.status) ?? submitted} stays so"
"""


def test_a_deleted_reply_is_not_submitted_again() -> None:
    _, told = fed(program(STATES), POSTED, SUBMITTED, EDITED, DELETED, SUBMITTED, EDITED)
    assert told == ["reply.submitted: reject a reply that was deleted stays so"]


def test_what_was_never_seen_is_missing() -> None:
    rules = """
review_rules:
  - rule: new
    event: review.posted
    when: (was(review.status) ?? removed) == removed
    verdict: flag
"""
    _, told = fed(program(rules), POSTED)
    assert told == ["review.posted: flag None"]


RAISED = """
review_rules:
  - rule: raised
    event: review.edited
    when: review.stars > was(review.stars)
    verdict: refuse
    because: "from {was(review.stars)} to {review.stars}"
"""


def test_each_event_has_its_own_before() -> None:
    _, told = fed(
        program(RAISED), POSTED, edited(stars=1), edited(stars=3), edited(stars=2), edited(stars=2)
    )
    assert told == [
        "review.edited: refuse from 1 to 3",
        "review.edited: refuse from 1 to 2",
        "review.edited: refuse from 1 to 2",
    ]


def test_a_draft_knows_what_was() -> None:
    rules = """
reply_drafts:
  rules:
    - draft: thanks
      event: review.edited
      when: review.stars > was(review.stars)
      mode: draft
      templates: {else: ["Thank you for {review.stars} instead of {was(review.stars)} stars!"]}
"""
    evaluator = Evaluator(program(rules))
    decoder, texts = Decoder(evaluator.program.catalog), []
    for number, said in enumerate([POSTED, edited(stars=5), edited(text="good")]):
        envelope = {
            "event_id": f"e{number}",
            "occurred_at": f"2025-03-01T{number:02}:00:00Z",
            "shop_id": "s1",
        }
        event = decoder.convert({**envelope, **said})
        assert isinstance(event, Event)
        drafts = [one.outcome.draft for one in evaluator.feed(event)]
        texts += [draft.text for draft in drafts if draft is not None]
    assert texts == ["Thank you for 5 instead of 2 stars!"]


def test_snapshots_keep_what_will_have_been() -> None:
    found = program(RAISED)
    before, _ = fed(found, POSTED)
    again = Evaluator(found)
    again.restore(before.snapshot())
    assert went_on(again, (edited(stars=3),), 1) == ["review.edited: refuse from 2 to 3"]


def test_the_explanation_says_what_was() -> None:
    evaluator = Evaluator(program(RAISED))
    decoder, found = Decoder(evaluator.program.catalog), []
    for number, said in enumerate([POSTED, edited(stars=4)]):
        event = decoder.convert(
            {
                "event_id": f"e{number}",
                "occurred_at": "2025-03-01T00:00:00Z",
                "shop_id": "s1",
                **said,
            }
        )
        assert isinstance(event, Event)
        found += evaluator.feed(event)
    explanation = found[0].evidence.explanation
    assert explanation is not None
    told = [(part.text, part.operator, part.value) for part in explanation.children]
    assert told == [
        ("review.stars", "field", 4),
        ("was(review.stars)", "was", 2),
    ]


def test_only_events_whose_rules_ask_are_remembered() -> None:
    evaluator, _ = fed(program(RAISED), POSTED)
    assert evaluator._prepared.remembering == {"review.edited"}
    assert evaluator._shops["s1"].engine.desk.measuring.past is None


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("was(review.stars) > 2", "E506"),
        ("(was(review.strs) ?? 1) > 2", "E402"),
        ("(was(order.quantity) ?? 1) > 2", "E530"),
        ("(was(review.stars, review.stars) ?? 1) > 2", "E530"),
        ("(was(2) ?? 1) > 2", "E530"),
        ("(was() ?? 1) > 2", "E530"),
        ('(was("review.stars") ?? "") == ""', "E530"),
        ("was > 2", "E416"),
        ("(was(was(review.stars)) ?? 1) > 2", "E530"),
        ("(wsa(review.stars) ?? 1) > 2", "E409"),
    ],
)
def test_mistakes(text: str, code: str) -> None:
    rule = f"""
review_rules:
  - {{rule: one, event: [review.posted, review.edited], when: '{text}', verdict: flag}}
"""
    _, report = compile_sources([Source("policy.yaml", HEAD + rule)])
    assert [one.code for one in report if one.code.startswith("E")] == [code]


def test_what_was_has_the_bounds_of_its_field() -> None:
    rule = """
review_rules:
  - {rule: one, event: review.edited, when: was(review.stars) > 5, verdict: flag}
"""
    _, report = compile_sources([Source("policy.yaml", HEAD + rule)])
    assert [one.code for one in report if one.code.startswith("E")] == ["E624"]


def test_a_measure_has_no_before() -> None:
    measure = """
measures:
  m: {per: shop, value: count(review where was(review.stars) == 1), over: 5d}
"""
    _, report = compile_sources([Source("policy.yaml", HEAD + measure)])
    assert [one.code for one in report if one.code.startswith("E")] == ["E419"]


def test_points_are_earned_by_what_became_better() -> None:
    ladder = """
violations: {late: {points: 5}}
escalations:
  - ladder: points
    per: shop
    earn:
      - {earn: raised, event: review.edited, when: review.stars > was(review.stars), points: 2}
    steps: [{at: 100, do: [send_notice]}]
actions: {send_notice: {scope: shop}}
"""
    recorded: Said = {"type": "violation.recorded", "violation_id": "v1", "violation": "late"}
    evaluator, _ = fed(program(ladder), recorded, POSTED, edited(stars=4), edited(stars=4))
    assert evaluator._prepared.remembering == {"review.edited"}
    assert evaluator.totals() == [("points", "s1", 3)]


@pytest.mark.parametrize(
    "text",
    [
        "count(review for order where was(review.stars) > 1) > 0",
        "count(review for order where (was(review.stars) ?? 1) > 1) > 0",
    ],
)
def test_what_is_counted_has_no_before(text: str) -> None:
    rule = f"""
event_rules:
  - {{rule: one, event: order.delivered, when: '{text}', verdict: flag}}
"""
    _, report = compile_sources([Source("policy.yaml", HEAD + rule)])
    assert [one.code for one in report if one.code.startswith("E")] == ["E531"]


def test_rules_on_other_events_know_what_was() -> None:
    rules = """
event_rules:
  - rule: moved
    event: product.updated
    when: has product.price and (was(product.price) ?? product.price) < product.price
    verdict: flag
    because: "dearer than {was(product.price) ?? 0.0}"
"""

    def priced(price: str) -> Said:
        return {"type": "product.updated", "product_id": "p1", "price": price}

    _, told = fed(program(rules), priced("4.5"), priced("4"), priced("5"))
    assert told == ["product.updated: flag dearer than 4"]
