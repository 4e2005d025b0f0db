"""Invariant 4: a balance is what counts, and follows from the decisions alone."""

from __future__ import annotations

import json

from hypothesis import given
from revlex.engine.language.varied import Varied
from revlex.engine.ledger.auditing.balances import Balances
from revlex.engine.records.decision import encode
from revlex.tests.reference.balances import Recount, Terms
from revlex.tests.reference.runs import PATIENT, Run, worked_runs


@PATIENT
@given(run=worked_runs())
def test_balances_follow_from_decisions(run: Run) -> None:
    """As a naive count comes to them, and as `verify` does."""
    totals = {(ladder, shop): total for ladder, shop, total in run.evaluator.totals()}
    for shop, decisions in run.by_shop().items():
        balances = Balances(run.program)
        assert [what for one in decisions if (what := balances.hear(one)) is not None] == []
        for ladder, first in Varied.of(run.program.ladders).items():
            balance = first.balance
            terms = Terms(balance.down, balance.start, balance.floor, balance.ceiling)
            recount = Recount(ladder, terms)
            recount.read(json.loads(encode(one)) for one in decisions)
            assert recount.balance == totals.get((ladder, shop), balance.start)
            assert balances.of(ladder) == recount.balance
            assert recount.wrong == []
