"""A starter pack: small, commented, and passing, for `revlex init`."""

from __future__ import annotations

from pathlib import Path

from ..language.problems import Problem

POLICY = """\
# yaml-language-server: $schema=policy.schema.json
#
# A revlex policy. Lines that begin with # are for people; revlex does not read them.
#   revlex check .      is everything right?
#   revlex test .       does it do what cases.yaml says?
#   revlex run . --events FILE --out DIR

policy: {name}
title: My first review policy
version: "1"                  # quotes keep 1.10 from becoming 1.1
timezone: UTC                 # whose days count, such as Asia/Bangkok

lists:                        # words to look for, in any case, as whole words
  rewards: [voucher, gift card, cashback, discount]

define:                       # names for conditions that are used more than once
  negative: review.stars <= 2

review_rules:                 # may this review stand?
  - rule: review-window
    when: has order.delivered_at
    require: review.posted_at within 60 calendar days of order.delivered_at
    otherwise: refuse
    because: a review must come within 60 days of delivery

reply_rules:                  # what may a seller answer?
  - rule: no-rewards
    when: reply.text contains any of rewards
    verdict: reject           # allow, flag, hold or reject
    violation: reward-offered
    because: the reply offers {{matched}}

measures:                     # numbers over a window of time
  negative_rate:
    per: shop
    value: count(review where negative) / count(order dated order.delivered_at)
    over: 30 calendar days
    at_least: 20              # below 20 delivered orders the rate says nothing

thresholds:                   # what follows from a measure
  - threshold: shop-rate
    measure: negative_rate
    check: daily at 00:00
    bands:
      healthy: below 2%
      warning: from 2% below 5%
      breach: from 5%
    on_enter:
      breach: {{violation: high-negative-rate}}
    because: "{{value}} of delivered orders got 1 or 2 stars"

violations:
  reward-offered: {{points: 4, severity: minor}}
  high-negative-rate: {{points: 8, severity: major}}

actions:
  exclude_from_campaigns: {{scope: shop, overlap: extend}}

escalations:                  # points add up, expire, and lead to actions
  - ladder: violation-points
    per: shop
    expire: 90 calendar days
    warn_before: 4
    because: the shop has {{points}} points
    steps:
      - {{at: 12, do: [exclude_from_campaigns for 7d]}}

appeals:                      # how a shop can object
  - appeal: violation
    attempts: [within 30 calendar days of notice]
    evidence: {{else: [statement]}}
    decide_within: 5 business days
    if_overturned: [void points, lift actions, exclude from measures]
    recompute: retroactive
"""

CASES = """\
# Examples of what the policy does; `revlex test .` runs them.

cases:
  - name: a reply that offers a voucher is rejected and costs 4 points
    events:
      - {at: "2025-07-01T10:00:00Z", type: order.delivered, order_id: o1}
      - {at: "2025-07-02T10:00:00Z", type: review.posted, review_id: r1, order_id: o1, stars: 1}
      - {type: reply.submitted, reply_id: p1, review_id: r1, text: Take a voucher and be happy}
    expect:
      - {kind: verdict, rule: no-rewards, verdict: reject, because: voucher}
      - {kind: violation, violation: reward-offered, points: 4, total: 4}

  - name: an ordinary answer brings no verdict
    events:
      - {at: "2025-07-01T10:00:00Z", type: order.delivered, order_id: o1}
      - {at: "2025-07-02T10:00:00Z", type: review.posted, review_id: r1, order_id: o1, stars: 1}
      - {type: reply.submitted, reply_id: p1, review_id: r1, text: We are sorry and will help}
    never: [{kind: verdict}]

  - name: day 60 is in time, day 61 is too late
    events:
      - {at: "2025-01-01T10:00:00Z", type: order.delivered, order_id: o1}
      - {type: order.delivered, order_id: o2}
      - {at: "2025-03-02T23:59:59Z", type: review.posted, review_id: r1, order_id: o1, stars: 5}
      - {at: "2025-03-03T00:00:00Z", type: review.posted, review_id: r2, order_id: o2, stars: 5}
    expect: [{kind: verdict, rule: review-window, verdict: refuse, subject: r2}]
    never: [{kind: verdict, subject: r1}]

  - name: two negative reviews among twenty orders are a breach
    events:
      - {at: "2025-07-01T08:00:00Z", repeat: 20, every: 1m, type: order.delivered, order_id: "o{n}"}
      - {repeat: 2, every: 1m, type: review.posted, review_id: "r{n}", order_id: "o{n}", stars: 1}
    until: "2025-07-02T00:00:00Z"
    expect:
      - {kind: threshold, rule: shop-rate, band: breach, numerator: 2, denominator: 20}
      - {kind: violation, violation: high-negative-rate, points: 8}
    end: {points: {violation-points: 8}, bands: {shop-rate: breach}}
"""


def pack_name(folder: Path) -> str:
    """A policy's name made from a folder's: what is no letter or digit becomes `-`."""
    words = "".join(c if c.isascii() and c.isalnum() else " " for c in folder.resolve().name)
    name = "-".join(words.lower().split())
    return name if name[:1].isalpha() else f"policy-{name}".rstrip("-")


def write_starter(folder: Path, schema: str) -> list[Path]:
    """Write a starter pack into a folder, which may exist but hold none of its files.

    Raises:
        Problem: one of the files is there already; nothing is written.
        OSError: the folder cannot be written.
    """
    files = {
        folder / "policy.yaml": POLICY.format(name=pack_name(folder)),
        folder / "cases.yaml": CASES,
        folder / "policy.schema.json": schema,
    }
    for path in files:
        if path.exists():
            raise Problem(f"{path} exists already", "name another folder")
    folder.mkdir(parents=True, exist_ok=True)
    for path, text in files.items():
        path.write_text(text, encoding="utf-8", newline="\n")
    return list(files)
