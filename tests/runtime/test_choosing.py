"""Which text a draft takes: always the same for a review, in proportion to weights, never twice."""

from __future__ import annotations

from collections import Counter
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st
from revlex.engine.runtime.choosing import choose, number_of
from revlex.tests.reference.streams import Shop, compiled

WEIGHTS = st.lists(st.integers(1, 20), min_size=1, max_size=6)


def naive(number: int, weights: list[int], avoid: int | None) -> int:
    """Draw from an urn that has each place as often as its weight."""
    urn = [place for place, weight in enumerate(weights) for _ in range(weight)]
    drawn = urn[number % len(urn)]
    left = [place for place in urn if place != avoid]
    return left[number // len(urn) % len(left)] if drawn == avoid and left else drawn


@given(
    number=st.integers(0, 10**30),
    weights=WEIGHTS,
    avoid=st.none() | st.integers(0, 7),
)
def test_it_is_drawn_from_an_urn(number: int, weights: list[int], avoid: int | None) -> None:
    found = choose(number, weights, avoid)
    assert found == naive(number, weights, avoid)
    assert found != avoid or len(weights) == 1


@given(weights=WEIGHTS)
def test_all_numbers_together_give_the_weights(weights: list[int]) -> None:
    drawn = Counter(choose(number, weights, None) for number in range(sum(weights)))
    assert drawn == dict(enumerate(weights))


def test_a_seed_is_one_more_thing_to_depend_on() -> None:
    numbers = {number_of(seed, "slot", key) for seed in ("", "a", "b") for key in ("r1", "r2")}
    assert len(numbers) == 6
    assert number_of("a", "b") != number_of("", "ab")
    assert number_of("", "a", "b") == number_of("a", "b")


POLICY = """
policy: replies
lists:
  greetings: {en: [Hello, Hi, Good day], th: [สวัสดี]}
reply_drafts:
  SEED
  rules:
    - draft: thanks
      mode: approve
      templates:
        en: [{text: often, weight: 9}, seldom, "{pick(greetings)} {buyer.name ?? ''}"]
        th: ["{pick(greetings)} {length(pick(greetings))}"]
"""


def drafted(seed: str, count: int = 60) -> list[str | None]:
    one = Shop(compiled(POLICY.replace("SEED", seed)))
    for number in range(count):
        at = f"2025-06-01T{10 + number // 60}:{number % 60:02}"
        fields = {"review_id": f"r{number}", "stars": 5, "language": "en"}
        one.send(at, "review.posted", buyer_key="b1", buyer_name="Ann", **fields)
    found = [d.outcome.draft for d in one.of("draft")]
    return [draft.text for draft in found if draft is not None]


def test_weights_and_lists_show_in_what_is_drafted() -> None:
    texts = drafted("")
    assert len(texts) == 60
    assert all(one != other for one, other in pairwise(texts))
    counts = Counter(texts)
    assert set(counts) == {"often", "seldom", "Hello Ann", "Hi Ann", "Good day Ann"}
    assert counts["often"] > counts["seldom"] > 0


def test_a_seed_chooses_others_and_the_same_each_time() -> None:
    plain, spring, summer = drafted(""), drafted("seed: spring"), drafted("seed: summer")
    assert len({tuple(plain), tuple(spring), tuple(summer)}) == 3
    assert spring == drafted("seed: spring")


@pytest.mark.parametrize("name", ["Ann", "", None])
def test_a_name_that_is_empty_or_not_given_fills_nothing(name: str | None) -> None:
    one = Shop(
        compiled("""
policy: names
reply_drafts:
  rules:
    - {draft: named, mode: approve, templates: {else: ["Dear {buyer.name ?? ''}"]}}
""")
    )
    one.send(
        "2025-06-01T10:00",
        "review.posted",
        review_id="r1",
        stars=5,
        buyer_key="b1",
        buyer_name=name,
    )
    (draft,) = one.of("draft")
    assert draft.outcome.draft is not None
    assert draft.outcome.draft.text == (f"Dear {name}" if name else None)


def test_a_buyer_is_called_what_was_said_last_and_stays_so() -> None:
    one = Shop(
        compiled("""
policy: names
review_rules:
  - {rule: ann, when: (buyer.name ?? "") == "Ann", verdict: flag}
""")
    )
    one.send("2025-06-01T10:00", "order.placed", order_id="o1", buyer_key="b1", buyer_name="Ann")
    one.send("2025-06-01T11:00", "review.posted", review_id="r1", stars=5, buyer_key="b1")
    one.send("2025-06-01T12:00", "order.placed", order_id="o2", buyer_key="b1", buyer_name="Bea")
    one.send("2025-06-01T13:00", "review.posted", review_id="r2", stars=5, buyer_key="b1")
    one.send("2025-06-01T14:00", "order.placed", order_id="o3", buyer_name="Ann")
    one.send("2025-06-01T15:00", "review.posted", review_id="r3", stars=5, order_id="o3")
    assert [d.subject.id for d in one.of("verdict")] == ["r1"]


def test_a_name_is_remembered_in_a_snapshot_and_by_a_threshold_per_buyer() -> None:
    program = compiled("""
policy: names
measures:
  named: {per: buyer, value: count(order where (buyer.name ?? "") == "Ann"), over: 30d}
thresholds:
  - {threshold: named, measure: named, check: on change, bands: {no: below 1, "yes": from 1}}
""")
    one, other = Shop(program), Shop(program)
    one.send("2025-06-01T10:00", "order.placed", order_id="o1", buyer_key="b1")
    other.evaluator.restore(one.evaluator.snapshot())
    for shop in (one, other):
        said = {"review_id": "r1", "stars": 5, "buyer_key": "b1", "buyer_name": "Ann"}
        shop.send("2025-06-01T11:00", "review.posted", event_id="named", **said)
        assert shop.bands() == {("named", "b1"): "yes"}
    other.evaluator.restore(one.evaluator.snapshot())
    assert other.evaluator.snapshot() == one.evaluator.snapshot()


PASSED_OVER = """
policy: replies
reply_drafts:
  rules:
    - draft: thanks
      mode: approve
      templates: {else: ["Hello {buyer.name ?? ''}", one, other]}
"""


def test_a_text_that_is_passed_over_does_not_bring_the_last_one_back() -> None:
    one = Shop(compiled(PASSED_OVER))
    for number in range(40):
        one.send(f"2025-06-01T10:{number:02}", "review.posted", review_id=f"r{number}", stars=5)
    texts = [d.outcome.draft.text for d in one.of("draft") if d.outcome.draft is not None]
    assert set(texts) == {"one", "other"}
    assert all(one != other for one, other in pairwise(texts))
