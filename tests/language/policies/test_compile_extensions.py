"""What actions extend to."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from revlex.engine.language.program import Extension, Program

POLICY = """
policy: p
measures:
  sold: {{per: product, value: count(order), over: 30d}}
  orders: {{per: shop, value: count(order), over: 30d}}
  bought: {{per: buyer, value: count(order), over: 30d}}
thresholds:
  - {{threshold: a, measure: sold, check: daily, bands: {{any: from 0}}}}
  - {{threshold: b, measure: orders, check: daily, bands: {{any: from 0}}}}
  - {{threshold: c, measure: bought, check: daily, bands: {{any: from 0}}}}
violations: {{late: {{points: 0, do: [act for 9d]}}}}
actions: {{act: {{scope: {scope}, extends_to: [{to}]}}}}
appeals: [{{appeal: violation, attempts: [within 9d of notice]}}]
"""


@pytest.mark.parametrize(
    ("scope", "to", "codes"),
    [
        ("shop", "linked accounts", ""),
        ("fund", "linked  accounts, products", ""),
        ("shop", "products where product.fulfilled_by == platform", ""),
        ("shop", "products where sold > 3 and orders > 5 and now > shop.opened_at", "E506"),
        ("shop", "products where sold > 3 and orders > 5 and has product.price", ""),
        ("shop", "products where bought > 3", "E638"),
        ("shop", "products where review.stars > 3", "E403"),
        ("shop", "products where product.fulfilled_by == nobody", "E404"),
        ("shop", "products where product.title", "E503"),
        ("shop", "products where length(product.title) < 0", "E624"),
        ("shop", "products where length(product.title) >= 0", "W724"),
        ("shop", "accounts", "E378"),
        ("shop", "products where", "E325"),
        ("product", "linked accounts", "E641"),
        ("shop", "", "E208"),
    ],
)
def test_extensions(scope: str, to: str, codes: str, compiled: Callable[..., Any]) -> None:
    assert compiled(POLICY.format(scope=scope, to=to)).codes == codes.split()


def test_what_they_say(clean: Callable[..., Program]) -> None:
    program = clean(POLICY.format(scope="shop", to="products, linked accounts"))
    found = program.actions["act"].extends_to
    assert found == (Extension("product", None), Extension("account", None))
