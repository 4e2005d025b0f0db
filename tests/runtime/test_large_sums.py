"""What senders of events make too large a number is an error of the measure, and nothing else."""

from __future__ import annotations

from revlex.engine import Decoder, Evaluator, Event, Source, compile_sources

POLICY = """
policy: large
measures:
  pieces: {per: shop, value: sum(order.quantity of order) + 0, over: 10d}
thresholds:
  - {threshold: pieces, measure: pieces, check: on change, bands: {few: below 5, many: from 5}}
"""
LARGEST = 2**63 - 1


def test_sums_beyond_all_numbers_can_be_kept_and_come_back() -> None:
    program, _ = compile_sources([Source("policy.yaml", POLICY)])
    assert program is not None
    decoder, evaluator = Decoder(program.catalog), Evaluator(program)
    results = []
    for day, quantity in enumerate([LARGEST, LARGEST, LARGEST, 3], start=1):
        event = decoder.convert(
            {
                "event_id": f"e{day}",
                "type": "order.placed",
                "occurred_at": f"2025-06-{day:02}T10:00:00Z",
                "shop_id": "s1",
                "order_id": f"o{day}",
                "quantity": quantity,
            }
        )
        assert isinstance(event, Event)
        results += [one.rule.result for one in evaluator.feed(event)]
        again = Evaluator(program)
        again.restore(evaluator.snapshot())
        assert again.snapshot() == evaluator.snapshot()
        evaluator = again
    assert results == ["fired", "error"]
    later = decoder.convert(
        {
            "event_id": "later",
            "type": "clock.tick",
            "occurred_at": "2025-06-13T11:00:00Z",
            "shop_id": "s1",
        }
    )
    assert isinstance(later, Event)
    assert [one.outcome.band for one in evaluator.feed(later)][-1] == "few"
