"""The conformance suite: one test for each case of the YAML files beside this module.

`README.md` describes the cases; how they are read and run is in `notation.py` and `running.py`.
"""

from __future__ import annotations

from pathlib import Path

import pytest
from revlex.tests.conformance.notation import Case, read_file
from revlex.tests.conformance.running import compiled, run

HERE = Path(__file__).parent
CASES = [case for path in sorted(HERE.glob("*.yaml")) for case in read_file(path)]

MANY = 300
"""Events of a case from which on it is run once only."""


def of(*, refused: bool) -> pytest.MarkDecorator:
    found = [case for case in CASES if (case.codes is not None) is refused]
    return pytest.mark.parametrize("case", found, ids=lambda case: case.id)


@of(refused=False)
def test_what_happens(case: Case) -> None:
    outcome = run(case)
    if outcome.wrong:
        pytest.fail("\n".join(outcome.wrong), pytrace=False)
    if outcome.events > MANY:
        return
    again = run(case, restore=True)
    assert [one.decision for one in again.came] == [one.decision for one in outcome.came]
    assert again.wrong == ()


@of(refused=True)
def test_what_is_refused(case: Case) -> None:
    _, report = compiled(case.policy)
    found, wanted = {one.code for one in report}, set(case.codes or ())
    assert {code for code in found if code[0] == "E" or code in wanted} == wanted


def test_every_case_has_a_name_of_its_own() -> None:
    ids = [case.id for case in CASES]
    assert [one for one in set(ids) if ids.count(one) > 1] == []
