"""Invariant 9: a statement of reasons fits every limit, or the field that does not is named."""

from __future__ import annotations

import json
from typing import Any

import jsonschema
import msgspec
from hypothesis import given
from hypothesis import strategies as st
from revlex.engine.authoring.exporting.statements import Statements
from revlex.engine.records.decision import Decision
from revlex.engine.records.projections.dsa.schema import statement_schema
from revlex.engine.records.projections.dsa.settings import Settings
from revlex.engine.records.projections.dsa.statement import Statement
from revlex.tests.reference.runs import PATIENT, Run, worked_runs

VALIDATOR = jsonschema.Draft202012Validator(statement_schema())


def restricts(decision: Decision) -> bool:
    """Whether somebody's review, reply, product, money or shop is restricted from then on."""
    if decision.mode != "live" or decision.rule.status != "enforce":
        return False
    if decision.kind == "verdict":
        against = decision.outcome.verdict in {"hold", "reject", "refuse"}
        return against and decision.subject.kind in {"review", "reply"}
    began = {one.change for one in decision.outcome.actions if one.held_back_by is None}
    return decision.kind == "action" and bool(began & {"applied", "extended"})


def settings_of(run: Run, ground: str) -> Settings:
    said: dict[str, Any] = {"territorial_scope": ["DE"], "content_date": "event"}
    of_actions = {
        name: {"decision_account": "DECISION_ACCOUNT_SUSPENDED"} for name in run.program.actions
    }
    return Settings(
        statement={**said, "incompatible_content_ground": ground},
        actions=of_actions,
        all_regions=True,
    )


@PATIENT
@given(run=worked_runs(), ground=st.sampled_from(["Terms, section 4", "", "x" * 501]))
def test_each_restriction_has_a_statement_that_fits_or_a_field_that_does_not(
    run: Run, ground: str
) -> None:
    statements = Statements(
        settings_of(run, ground), lambda *_: {}, {run.program.digest: run.program}
    )
    names = set[str]()
    for decision in run.decisions:
        found = statements.of(decision)
        assert (found is not None) is restricts(decision)
        if isinstance(found, Statement):
            VALIDATOR.validate(json.loads(msgspec.json.encode(found)))
            assert ground == "Terms, section 4"
            assert found.puid == decision.decision_id
            assert found.puid not in names
            names.add(found.puid)
        elif found is not None:
            named = {one.field for one in found}
            assert named
            assert ground == "Terms, section 4" or "incompatible_content_ground" in named
            assert all(one.decision_id == decision.decision_id for one in found)
