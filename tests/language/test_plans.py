"""Measures that ask for the same share one aggregate."""

from revlex.engine import Source, compile_sources

POLICY = """\
policy: shared
version: "1"
tables:
  limit: {by: product.category, beauty: 3, else: 2}
measures:
  few:
    per: shop
    value: count(review where review.stars <= limit[product.category])
    over: 30d
  more:
    per: shop
    value: count(review where review.stars <= limit[product.category]) + count(review)
    over: 30d
thresholds:
  - {threshold: a, measure: few, check: on change, bands: {low: below 3, high: from 3}}
  - {threshold: b, measure: more, check: on change, bands: {low: below 3, high: from 3}}
"""


def test_conditions_with_lookups_are_recognised_as_the_same() -> None:
    program, report = compile_sources([Source("policy.yaml", POLICY)])
    assert program is not None, list(report)
    assert [plan.index for plan in program.aggregates] == [0, 1]
    assert program.measures["few"].aggregates == (0,)
    assert program.measures["more"].aggregates == (0, 1)
