"""The policies that the benchmarks run."""

from __future__ import annotations

_WORDS = (
    "voucher",
    "gift card",
    "cashback",
    "refund",
    "whatsapp",
    "telegram",
    "discount",
    "coupon",
)

_HEAD = """\
policy: benchmark
version: "1"
timezone: Asia/Bangkok
lists:
  rewards: [{words}]
define:
  negative: review.stars <= 2
violations:
  bad-reply: {{points: 2}}
  high-rate: {{points: 4}}
actions:
  leave_campaigns: {{scope: shop, overlap: extend}}
measures:
  shop_rate:
    per: shop
    value: count(review where negative) / count(order dated order.delivered_at)
    over: 30d
    at_least: 20
  product_rate:
    per: product
    value: count(review where negative) / count(review)
    over: 30d
    at_least: 10
thresholds:
  - threshold: shop
    measure: shop_rate
    check: daily at 00:00
    because: "{{value}} of orders"
    bands: {{fine: below 2%, bad: from 2%}}
    on_enter: {{bad: {{violation: high-rate}}}}
  - threshold: product
    measure: product_rate
    check: daily at 00:00
    bands: {{fine: below 50%, bad: from 50%}}
escalations:
  - ladder: points
    per: shop
    expire: 90d
    because: too many points
    steps: [{{at: 12, do: [leave_campaigns for 7d]}}]
appeals:
  - appeal: violation
    attempts: [within 30 calendar days of notice]
    recompute: from now
"""

_RULES = (
    "reply.text contains any of rewards",
    "length(reply.text) > 2000",
    "has_url(reply.text)",
    "has_phone(reply.text) and review.stars <= 2",
    'reply.text matches "(?i)five +stars?"',
    'reply.text contains "wechat" or reply.text contains "line id"',
    "bytes(reply.text) > 4096 and review.stars >= 4",
)
_REVIEW_RULES = (
    "review.stars <= 2 and length(review.text) < 3",
    'review.text contains "spam"',
    "has_url(review.text)",
    "review.images == 0 and review.stars == 5 and words(review.text) > 200",
)


def full_policy(rules: int = 20) -> str:
    """Text rules, windows per shop and product, a ladder: everything, with so many rules."""
    lines = [_HEAD.format(words=", ".join(_WORDS)), "reply_rules:"]
    replies = rules // 2
    lines += [_reply_rule(number) for number in range(replies)]
    lines.append("review_rules:")
    lines += [_review_rule(number) for number in range(rules - replies)]
    return "\n".join(lines) + "\n"


def _reply_rule(number: int) -> str:
    condition = _RULES[number % len(_RULES)]
    extra = f" and review.edits < {number + 1}"
    return f"  - rule: reply-{number}\n    when: '{condition}{extra}'\n    verdict: flag\n" + (
        "    violation: bad-reply\n    because: not allowed\n" if number == 0 else ""
    )


def _review_rule(number: int) -> str:
    condition = f"{_REVIEW_RULES[number % len(_REVIEW_RULES)]} and review.edits < {number + 1}"
    return f"  - rule: review-{number}\n    when: '{condition}'\n    verdict: flag\n"
