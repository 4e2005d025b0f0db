"""A violation that is recorded twice costs once."""

from revlex.engine import Decoder, Evaluator, Source, compile_sources
from revlex.engine.authoring.starter import POLICY


def test_a_sender_that_tries_again_costs_the_shop_nothing() -> None:
    program, _ = compile_sources([Source("policy.yaml", POLICY.format(name="starter"))])
    assert program is not None
    evaluator, decoder = Evaluator(program), Decoder(program.catalog)
    for number in (1, 2):
        event = {
            "event_id": f"e{number}",
            "type": "violation.recorded",
            "occurred_at": f"2025-07-0{number}T10:00:00Z",
            "shop_id": "s1",
            "violation_id": "v1",
            "violation": "reward-offered",
        }
        evaluator.feed(decoder.convert(event))
    assert evaluator.totals() == [("violation-points", "s1", 4)]
    assert [one.rejection.reason for one in evaluator.quarantined] == ["already-exists"]
