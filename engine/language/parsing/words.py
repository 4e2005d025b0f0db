"""The words of the expression language, by what they do."""

from __future__ import annotations

LOGIC = frozenset({"and", "or"})
BRANCHES = frozenset({"then", "else"})
RELATIONS = frozenset({"in", "contains", "matches", "starts", "ends", "within", "during"})
"""The words that begin an operator which compares two values."""

COMPARATORS = frozenset({"==", "!=", "<", "<=", ">", ">="})
SIGNS = frozenset({*COMPARATORS, "+", "-", "*", "/", "??"})
"""Every operator that is not a word."""

RESERVED = frozenset(
    {
        *("and", "or", "not", "if", "then", "else", "true", "false", "in", "has"),
        *("contains", "matches", "within", "of", "where", "dated"),
    }
)
"""The words that never name anything; `expr.lark` says the same in NOT_RESERVED."""

AGGREGATES = {
    "count": "`count(review where negative)`, `count(review for order)` or "
    "`count(distinct order.buyer_key of order)`",
    "sum": "`sum(order.amount of order)`",
    "average": "`average(review.stars of review)`",
    "least": "`least(review.stars of review)`",
    "greatest": "`greatest(review.stars of review)`",
    "share": "`share(negative of review)`",
    "first": "`first(review.stars of review for order)`",
    "latest": "`latest(review.stars of review for order)`",
    "most_common": "`most_common(product.category of item)`",
}
"""How each aggregate reads."""
