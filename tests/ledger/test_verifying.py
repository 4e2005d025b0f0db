"""What was edited, left out or put elsewhere by hand is found."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from revlex.engine import compile_policy
from revlex.engine.authoring.recording import Recording
from revlex.engine.language.written import written_pack
from revlex.engine.ledger.ledger import Ledger
from revlex.engine.ledger.opening import address_of, connect_to
from revlex.engine.ledger.reading import LedgerReader
from revlex.engine.ledger.verifying import verify
from revlex.engine.runtime.evaluator import Evaluator
from revlex.engine.runtime.events import Decoder
from revlex.engine.runtime.inputs import open_events
from sqlalchemy import text

DEMO = Path(__file__).parents[2] / "examples" / "demo"
UNTIL = 1_780_000_000_000_000


@pytest.fixture
def written(new_ledger: Callable[[], str]) -> str:
    name = new_ledger()
    program, _ = compile_policy(DEMO)
    assert program is not None
    with Ledger(name) as ledger:
        ledger.keep_policy(program, written_pack(DEMO))
        recording = Recording(program, Evaluator(program), ledger, "demo")
        events = open_events(str(DEMO / "events.jsonl"), Decoder(program.catalog))
        recording.run(events, UNTIL)
    return name


def change(name: str, *statements: str) -> int:
    """Do something to a ledger by hand; gives how many rows it met."""
    engine, met = connect_to(address_of(name)).execution_options(writes=True), 0
    with engine.begin() as connection:
        for statement in statements:
            met += connection.execute(text(statement)).rowcount
    engine.dispose()
    return met


def found(name: str) -> list[str]:
    with LedgerReader(name) as reader:
        return [f"{one.shop} {one.sequence}: {one.what}" for one in verify(reader)]


def shop_with_entries(name: str) -> str:
    with LedgerReader(name) as reader:
        counts = {shop: len(list(reader.entries(shop))) for shop in reader.shops_with_entries()}
    return max(sorted(counts), key=lambda shop: counts[shop])


def test_what_was_written_holds(written: str) -> None:
    assert found(written) == []


CHANGES = {
    "edited": (
        ['UPDATE entries SET body = replace(body, \'"kind":"\', \'"kind": "\') {at}'],
        "3: it is not what was written: its hash differs",
    ),
    "left out": (["DELETE FROM entries {at}"], "4: entry 3 is missing"),
    "put elsewhere": (
        [
            "UPDATE entries SET sequence = -1 {at}",
            "UPDATE entries SET sequence = 3 WHERE shop = '{shop}' AND sequence = 4",
            "UPDATE entries SET sequence = 4 WHERE shop = '{shop}' AND sequence = -1",
        ],
        "3: it does not follow on the entry before it",
    ),
    "another column": (
        ["UPDATE entries SET rule = 'another' {at}"],
        "3: its columns do not say what its record says",
    ),
    "no record": (["UPDATE entries SET body = 'nothing' {at}"], "3: it is no decision record"),
    "the last one": (
        ["DELETE FROM entries WHERE shop = '{shop}' AND sequence = {last}"],
        "{last}: the entry is missing",
    ),
    "a policy": (["DELETE FROM policies"], "None: the policy that judged it is not in the ledger"),
}


@pytest.mark.parametrize(("statements", "says"), CHANGES.values(), ids=CHANGES)
def test_a_change_by_hand(written: str, statements: list[str], says: str) -> None:
    shop = shop_with_entries(written)
    with LedgerReader(written) as reader:
        last = len(list(reader.entries(shop)))
    at = f"WHERE shop = '{shop}' AND sequence = 3"
    assert change(written, *(one.format(at=at, shop=shop, last=last) for one in statements))
    assert f"{shop} {says.format(last=last)}" in found(written)


def test_an_entry_that_is_no_text(written: str) -> None:
    if "://" in written:
        pytest.skip("PostgreSQL keeps no damaged texts")
    shop = shop_with_entries(written)
    at = f"WHERE shop = '{shop}' AND sequence = 3"
    change(written, f"UPDATE entries SET body = CAST(x'7bff7d' AS TEXT) {at}")  # noqa: S608  # ours
    assert f"{shop} 3: it is no decision record" in found(written)


def test_a_decision_that_nothing_led_to(written: str) -> None:
    shop = shop_with_entries(written)
    change(written, "DELETE FROM events")
    assert f"{shop} 1: it does not follow from the events" in found(written)
