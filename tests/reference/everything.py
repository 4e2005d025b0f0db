"""A policy that has everything, and random streams that make it act: sanctions, appeals,
outcomes."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import Any

from hypothesis import strategies as st
from revlex.engine.language.program import Program
from revlex.engine.runtime.events import Decoder, Event
from revlex.tests.reference.streams import DAY, HOUR, compiled, instant, text_of

START = instant("2025-03-03T00:00")


@dataclass(frozen=True, slots=True)
class Terms:
    """What differs between the policies that are tried."""

    recompute: str = "from now"
    pending: str = "keep"
    lapsed: str = "escalate"
    lateness: str = "0"
    success: str = "[void points, lift actions, exclude from measures]"
    retention: str = "400d"
    overlap: str = "extend"
    in_flight: str = "keep"
    expire: str = "15 calendar days"


TERMS = (
    Terms(),
    Terms(pending="suspend", lapsed="overturn", in_flight="adopt", expire="3d"),
    Terms(pending="delay 30h", overlap="restart", lateness="24h"),
    Terms(recompute="retroactive", pending="delay 30h", lapsed="overturn"),
    Terms(recompute="retroactive", overlap="longest", retention="12d", pending="suspend"),
)
"""Policies that differ in what appeals and time do."""


@cache
def policy(terms: Terms) -> Program:
    """A program under some terms."""
    return compiled(written(terms))


def written(terms: Terms) -> str:
    """The policy under some terms, as it is written."""
    return f"""
policy: everything
title: Everything
version: "1"
timezone: America/New_York
lateness: {terms.lateness}
in_flight: {terms.in_flight}
retention: {terms.retention}
classify:
  - as: logistics
    when: review.text contains "courier"
  - as: product
review_rules:
  - rule: in-time
    event: review.posted
    when: has order.delivered_at
    require: review.posted_at within 5d of order.delivered_at
    otherwise: refuse
    because: it came too late
  - rule: worst
    when: review.stars == 1 and not review.imported
    verdict: hold
    hold_for: 30h
    then: refuse
    because: we hear the seller first
  - rule: changed
    event: review.edited
    when: review.stars >= 4
    verdict: hold
    hold_for: 2 calendar days
    then: allow
    because: somebody looks at it
  - rule: changed-back
    event: review.edited
    when: review.stars == 3
    verdict: refuse
    because: nobody means three stars
  - rule: again-and-again
    when: count(review for order where review.stars <= 2) > 1
    verdict: flag
    because: "{{count(review for order)}}, {{latest(reply.text of reply for order) ?? 'unheard'}}"
reply_rules:
  - rule: no-gifts
    when: reply.text contains "gift"
    verdict: reject
    violation: gift
    because: the reply offers {{matched}}
  - rule: closed-shops-are-silent
    when: in_force("close")
    verdict: hold
    hold_for: 4d
    then: reject
    because: the shop is closed
event_rules:
  - rule: no-gifts
    event: [order.placed, order.delivered]
    when: in_force("cap") or order.verdict == flag
    verdict: hold
    hold_for: 26h
    then: allow
    violation: gift
    because: the shop is capped
  - rule: ordered-again
    event: order.placed
    when: has order.delivered_at
    verdict: flag
measures:
  sold:
    - effective: {{until: 2025-03-07}}
      per: shop
      value: count(order where order.verdict != hold)
      over: 8d
    - {{effective: {{from: 2025-03-07}}, per: shop, value: count(order), over: 4d}}
  rate:
    per: shop
    value: >-
      count(review where review.stars <= 2 and review.class == product and review.verdict != hold)
      / count(order)
    over: 10d
    at_least: 3
  defects:
    per: shop
    value: >-
      count(order where count(review for order where review.stars <= 2) > 0
      or count(reply for order where reply.verdict == reject) > 0) / count(order)
    over: this calendar week if count(order) >= 3 else 10d
    at_least: 2
  late_day: {{per: product, value: count(item), over: last calendar day}}
  on_whole: {{per: shop, value: count(review where review.stars <= 2), over: 4d}}
  on_product:
    per: product
    value: count(review where review.stars <= 2 and not declared(review.posted_at, "strike"))
    over: 2 business days
thresholds:
  - threshold: rate
    measure: rate
    check: daily at 06:00
    bands: {{fine: below 30%, bad: from 30% below 60%, worst: from 60%}}
    leave: {{worst: below 40%}}
    on_enter:
      bad: {{violation: bad-rate, do: [cap until recovered]}}
      worst: {{violation: bad-rate, do: [cap until recovered, freeze for 3d]}}
    because: "{{value}} of the orders are {{band}}"
  - threshold: sold
    measure: sold
    check: on change
    bands: {{few: below 3, many: from 3}}
    on_enter: {{many: {{do: [cap for 1d]}}}}
    because: so many orders
  - threshold: product
    effective: {{until: 2025-03-09}}
    measure: on_product
    check: on change
    bands: {{fine: below 2, bad: from 2}}
    hold_for: {{bad: 12h}}
    on_enter: {{bad: {{do: [hide for 4d]}}}}
    because: too many bad reviews
  - threshold: product
    effective: {{from: 2025-03-09}}
    measure: on_product
    check: daily at 06:00
    bands: {{good: below 1, bad: from 1}}
    on_enter: {{bad: {{do: [hide for 4d]}}}}
    because: a bad review
  - threshold: defects
    measure: defects
    check: on change
    bands: {{fine: below 50%, bad: from 50%}}
    on_enter: {{bad: {{do: [freeze for 1d]}}}}
    because: "{{numerator}} of {{denominator}} orders"
  - threshold: late-day
    measure: late_day
    check: on change
    bands: {{few: below 2, many: from 2}}
  - threshold: level
    measure: on_whole
    check: daily at 06:00
    moves: up
    bands: {{low: below 2, middle: from 2 below 4, high: from 4}}
    on_enter: {{middle: {{violation: bad-rate}}}}
    because: "{{band}}"
  - threshold: standing
    per: shop
    check: on change
    bands:
      {{watched: when on_whole >= 3 or (rate ?? 0%) > 50%, usual: otherwise}}
    on_enter: {{watched: {{do: [cap until recovered]}}}}
    because: "{{band}}"
violations:
  gift:
    - effective: {{until: 2025-03-06}}
      points: 4
      severity: major
      repeat: {{within: 20d, times: 2, limit: 3, do: [close for 2d]}}
      do: [fine]
    - effective: {{from: 2025-03-06}}
      points: 5
      severity: major
      repeat: {{within: 20d, times: 2, limit: 4, do: [close for 2d]}}
      do: [fine]
  bad-rate: {{points: 3, severity: minor}}
  other:
    points: 1 to 12
    pick: {{minor: 2, else: 6}}
    do: [cap for 2d or until review.removed]
actions:
  cap: {{scope: shop, overlap: {terms.overlap}}}
  freeze: {{scope: shop, overlap: {terms.overlap}}}
  hide: {{scope: product, overlap: {terms.overlap}}}
  fine: {{scope: fund, overlap: {terms.overlap}}}
  close: {{scope: shop, overlap: {terms.overlap}, extends_to: [linked accounts, products]}}
escalations:
  - ladder: points
    effective: {{until: 2025-03-08}}
    per: shop
    expire: 15 calendar days
    because: "{{points}} points"
    steps:
      - {{at: 7, do: [freeze for 3d]}}
  - ladder: points
    effective: {{from: 2025-03-08}}
    per: shop
    expire: {terms.expire}
    terminal: 24
    warn_before: 2
    because: "{{points}} points"
    steps:
      - {{at: 6, do: [freeze for 3d, cap until recovered]}}
      - {{at: 12, do: [close for 5d, cap for 6d]}}
      - {{at: 24, do: [close permanently]}}
  - ladder: health
    per: shop
    count: down from 30 within 0 to 40
    expire: 9d
    terminal: 0
    warn_before: 2
    reset: monthly on day 16 at 12:00
    because: "{{points}} are left"
    earn: [{{earn: orders, event: order.placed, when: not order.gift, every: 2, points: 3}}]
    steps:
      - {{at: 35, do: [freeze for 1d]}}
      - {{at: 20, do: [freeze for 3d]}}
      - {{at: 0, do: [close permanently]}}
remedies:
  - {{remedy: quiz, event: quiz.completed, when: quiz.score == 100, do: [shorten to 1d]}}
  - remedy: correction
    event: quiz.completed
    when: quiz.score < 50
    of: [gift, other]
    within: 6 calendar days
    per_shop: 2 per 9d
    do: [lower points by 3]
appeals:
  - appeal: violation
    against: [violation, threshold]
    attempts: [within 10 calendar days of notice, within 5 calendar days of rejection]
    evidence: {{system: [screenshot], else: []}}
    late_evidence: 6h
    open_at_once: 3
    longest_statement: 4
    require: not in_force("freeze") or points("health") > 3
    while_pending: {terms.pending}
    decide_within: 3 business days
    if_lapsed: {terms.lapsed}
    if_overturned: {terms.success}
    recompute: {terms.recompute}
  - appeal: verdict
    attempts: [within 10 calendar days of notice]
    if_overturned: {terms.success}
    recompute: {terms.recompute}
  - appeal: action
    attempts: [within 4d of notice]
    while_pending: suspend
    if_overturned: {terms.success}
    recompute: from now
"""


# -------------------------------------------------------------------------- streams

SHOPS, PRODUCTS = ("s1", "s2"), ("p1", "p2")
ORDERS = st.integers(0, 7).map("o{}".format)
REVIEWS = st.integers(0, 7).map("r{}".format)
APPEALS = st.integers(0, 3).map("a{}".format)
RULES = (
    "gift",
    "bad-rate",
    "other",
    "rate",
    "product",
    "defects",
    "no-gifts",
    "in-time",
    "worst",
    "changed",
    "cap",
    "close",
    "fine",
)

_KINDS: dict[str, dict[str, st.SearchStrategy[Any]]] = {
    "order.placed": {"order_id": ORDERS, "product_id": st.sampled_from(PRODUCTS)},
    "order.delivered": {"order_id": ORDERS, "product_id": st.sampled_from(PRODUCTS)},
    "review.posted": {
        "review_id": REVIEWS,
        "order_id": ORDERS,
        "product_id": st.sampled_from(PRODUCTS),
        "stars": st.sampled_from([1, 1, 2, 5]),
        "text": st.sampled_from(["bad courier", "broken"]),
    },
    "review.edited": {"review_id": REVIEWS, "stars": st.integers(1, 5)},
    "review.published": {"review_id": REVIEWS},
    "order.cancelled": {"order_id": ORDERS},
    "review.removed": {"review_id": REVIEWS},
    "product.listed": {"product_id": st.sampled_from(PRODUCTS)},
    "shop.linked": {"linked_account_ids": st.just(["s1", "s2"])},
    "review.restored": {"review_id": REVIEWS},
    "reply.submitted": {
        "reply_id": st.integers(0, 40).map("y{}".format),
        "review_id": REVIEWS,
        "text": st.sampled_from(["a gift for you", "a gift", "sorry"]),
    },
    "violation.recorded": {
        "violation_id": st.integers(0, 40).map("v{}".format),
        "violation": st.just("other"),
        "points": st.sampled_from([1, 2, 5, 12]),
    },
    "appeal.filed": {
        "appeal_id": APPEALS,
        "rule": st.sampled_from(RULES),
        "reason_code": st.sampled_from(["other", "other", "system"]),
        "statement": st.sampled_from(["", "", "long statement"]),
        "review_ids": st.lists(REVIEWS, max_size=2),
    },
    "appeal.decided": {
        "appeal_id": APPEALS,
        "outcome": st.sampled_from(["overturned", "overturned", "upheld", "partly_overturned"]),
        "decided_by": st.sampled_from(["ann", "bob"]),
        "reason": st.just("looked at"),
        "points": st.integers(1, 3),
    },
    "appeal.withdrawn": {"appeal_id": APPEALS},
    "quiz.completed": {
        "quiz_id": st.integers(0, 40).map("q{}".format),
        "score": st.sampled_from([0, 60, 100]),
        "rule": st.sampled_from([None, "cap", "gift", "other"]),
    },
    "appeal.evidence_requested": {
        "appeal_id": APPEALS,
        "by": st.just("ann"),
        "wanted": st.just(["screenshot"]),
    },
    "appeal.evidence_added": {"appeal_id": APPEALS, "evidence": st.just(["screenshot"])},
    "calendar.declared": {
        "kind": st.sampled_from(["strike", "public_holiday"]),
        "from": st.integers(0, 20).map(lambda days: text_of(START + days * DAY)),
        "to": st.integers(20, 30).map(lambda days: text_of(START + days * DAY)),
    },
    "clock.tick": {},
}
_WEIGHTS = {
    "order.placed": 6,
    "review.posted": 6,
    "reply.submitted": 4,
    "appeal.filed": 5,
    "appeal.decided": 5,
    "violation.recorded": 3,
}
_TYPES = [name for name in _KINDS for _ in range(_WEIGHTS.get(name, 1))]
_AHEAD = st.sampled_from([0, 0, 1, 5, 13, 24, 30])
"""Hours from one event to the next."""


@st.composite
def streams(
    draw: st.DrawFn, program: Program, shops: tuple[str, ...] = SHOPS, most: int = 40
) -> list[Event]:
    """Events of some shops, in order, often several at one instant."""
    decoder, at = Decoder(program.catalog), START
    found = []
    for number in range(draw(st.integers(5, most))):
        at += draw(_AHEAD) * HOUR
        type_ = draw(st.sampled_from(_TYPES))
        said = {name: draw(strategy) for name, strategy in _KINDS[type_].items()}
        envelope = {
            "event_id": f"e{number:03}",
            "type": type_,
            "occurred_at": text_of(at),
            "shop_id": draw(st.sampled_from(shops)),
        }
        event = decoder.convert({**envelope, **said})
        assert isinstance(event, Event), event
        found.append(event)
    return found


def end_of(events: list[Event]) -> int:
    """An instant at which every deadline of a stream has passed."""
    last = max(event.occurred_at for event in events)
    return round(last.timestamp()) * 1_000_000 + 40 * DAY
