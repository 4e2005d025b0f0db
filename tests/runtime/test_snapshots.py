"""A snapshot goes on where it was taken, or it is refused: never something in between."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from revlex.engine import Decoder, Evaluator, Event, compile_policy
from revlex.engine.language.program import Program

POLICY = """\
policy: kept
violations: {late: {points: 5}}
actions: {close_shop: {scope: shop, overlap: extend}}
escalations:
  - ladder: points
    per: shop
    because: too many points
    steps: [{at: 10, do: [close_shop for 7d]}]
appeals:
  - {appeal: violation, attempts: [within 30d of notice]}
"""


def made(tmp_path: Path) -> Program:
    path = tmp_path / "policy.yaml"
    path.write_text(POLICY, encoding="utf-8")
    program, _ = compile_policy(path)
    assert program is not None
    return program


@pytest.fixture(scope="module")
def program(tmp_path_factory: pytest.TempPathFactory) -> Program:
    return made(tmp_path_factory.mktemp("pack"))


def recorded(program: Program, number: int, points: str = "5") -> Event:
    event = Decoder(program.catalog).decode(
        f'{{"event_id": "{number}", "type": "violation.recorded", "shop_id": "s1",'
        f' "occurred_at": "2025-06-01T10:00:0{number}Z", "violation_id": "v{number}",'
        f' "violation": "late", "points": {points}}}'.encode()
    )
    assert isinstance(event, Event)
    return event


def taken(program: Program) -> bytes:
    evaluator = Evaluator(program)
    evaluator.feed(recorded(program, 1))
    return evaluator.snapshot()


def test_what_was_restored_goes_on(program: Program) -> None:
    again = Evaluator(program)
    again.restore(taken(program))
    again.feed(recorded(program, 2))
    assert again.totals() == [("points", "s1", 10)]


@given(st.data())
def test_a_bit_that_flipped_is_found(program: Program, data: st.DataObject) -> None:
    snapshot = bytearray(taken(program))
    place = data.draw(st.integers(0, len(snapshot) - 1))
    snapshot[place] ^= 1 << data.draw(st.integers(0, 7))
    with pytest.raises(ValueError, match="damaged"):
        Evaluator(program).restore(bytes(snapshot))


@pytest.mark.parametrize("cut", [0, 1, 31, 32, 33, -1])
def test_what_was_cut_off_is_found(program: Program, cut: int) -> None:
    with pytest.raises(ValueError, match="damaged"):
        Evaluator(program).restore(taken(program)[:cut])


@pytest.mark.parametrize("points", ["-1", "1000001", "9223372036854775807"])
def test_points_that_no_policy_could_give_are_quarantined(program: Program, points: str) -> None:
    evaluator = Evaluator(program)
    assert not evaluator.feed(recorded(program, 1, points))
    [refused] = evaluator.quarantined
    assert (refused.rejection.reason, refused.rejection.field) == ("out-of-range", "points")
    assert evaluator.totals() == []


@pytest.mark.parametrize("points", ["0", "1000000"])
def test_the_bounds_of_points_are_included(program: Program, points: str) -> None:
    evaluator = Evaluator(program)
    assert evaluator.feed(recorded(program, 1, points))
    assert not evaluator.quarantined
