"""However time passes for a ledger, its decisions and appeals come out the same."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result
from revlex.cli import main
from revlex.engine.authoring.advancing import advance_ledger
from revlex.engine.ledger.ledger import Ledger
from revlex.engine.ledger.opening import address_of, connect_to
from revlex.engine.ledger.problems import LedgerProblem
from revlex.engine.ledger.reading import LedgerReader
from revlex.engine.ledger.tables import metadata
from revlex.engine.ledger.verifying import verify
from sqlalchemy import select

POLICY = """
policy: NAME
violations:
  spam: {points: 4, do: [close_shop for 9d]}
actions:
  close_shop: {scope: shop, overlap: extend}
escalations:
  - {ladder: points, per: shop, because: too many, expire: 20d,
     steps: [{at: 8, do: [close_shop for 30d]}]}
appeals:
  - appeal: violation
    attempts: [within 5d of notice]
    decide_within: 3 business days
    if_lapsed: overturn
"""
SHOPS = 7
START = datetime(2025, 6, 2, 10, tzinfo=UTC)
END = "2025-09-01T00:00:00Z"


def events(shops: str = "s") -> Iterator[dict[str, Any]]:
    """Each shop breaks the rules on some days, and appeals now and then."""
    for day in range(12):
        for number in range(SHOPS):
            at = (START + timedelta(days=day, minutes=number)).isoformat()
            own = {"shop_id": f"{shops}{number}", "occurred_at": at}
            name = f"{shops}{number}/{day}"
            if (day + number) % 5 == 0:
                spam = {"type": "violation.recorded", "violation_id": name, "violation": "spam"}
                yield {"event_id": f"v{name}", **own, **spam}
            elif (day + number) % 5 == 2:
                filed = {"type": "appeal.filed", "appeal_id": name, "rule": "spam"}
                yield {"event_id": f"a{name}", **own, **filed}


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    for name, shops in (("one", "s"), ("two", "t")):
        Path(name).mkdir()
        Path(name, "policy.yaml").write_text(POLICY.replace("NAME", name), encoding="utf-8")
        text = "\n".join(map(json.dumps, events(shops))) + "\n"
        Path(f"{name}.jsonl").write_text(text, encoding="utf-8")


def revlex(*words: str) -> Result:
    return CliRunner().invoke(main, list(words))


def run(name: str, *more: str, policy: str = "one") -> str:
    """Begin a ledger, and give its name."""
    done = revlex("run", policy, "--events", f"{policy}.jsonl", "--ledger", name, *more)
    assert done.exit_code == 0, done.output
    return name


def content(name: str, *, but: tuple[str, ...] = ()) -> dict[str, list[Any]]:
    """Everything in a ledger but the snapshots and some tables."""
    engine = connect_to(address_of(name))
    with engine.connect() as connection:
        found = {}
        for table in metadata.sorted_tables:
            columns = [column for column in table.c if column.name not in {"state", "events"}]
            rows = connection.execute(select(*columns).order_by(*table.primary_key.columns))
            found[table.name] = [tuple(row) for row in rows]
    engine.dispose()
    return {table: rows for table, rows in found.items() if table not in but}


def findings(name: str) -> list[Any]:
    with LedgerReader(name) as reader:
        return list(verify(reader))


def test_it_does_what_a_run_until_then_does(new_ledger: Callable[[], str]) -> None:
    whole, later = run(new_ledger(), "--until", END), run(new_ledger())
    before = content(later)
    done = json.loads(revlex("advance", later, "--to", END, "--format", "json").output)
    assert (done["shops"], done["passed"]) == (SHOPS, SHOPS)
    assert sum(done["decisions"].values()) > SHOPS
    assert content(later) == content(whole)
    assert content(later)["entries"] != before["entries"]
    assert findings(later) == []


def test_saying_it_again_does_nothing(new_ledger: Callable[[], str]) -> None:
    name = run(new_ledger())
    advance_ledger(name, END)
    before = content(name)
    for to in (END, "2025-08-01T00:00:00Z"):
        again = advance_ledger(name, to)
        assert (again.passed, again.decisions) == (0, {})
        assert content(name) == before
    assert f"  shops: 0 of {SHOPS}\n  decisions: 0\n" in revlex("advance", name, "--to", END).output


def test_every_day_or_once(new_ledger: Callable[[], str]) -> None:
    once, daily = run(new_ledger()), run(new_ledger())
    advance_ledger(once, END)
    for day in range(12, 80):
        advance_ledger(daily, (START + timedelta(days=day)).isoformat())
    advance_ledger(daily, END)
    assert content(daily, but=("events",)) == content(once, but=("events",))
    assert findings(daily) == []


def test_broken_off_anywhere(
    new_ledger: Callable[[], str], monkeypatch: pytest.MonkeyPatch
) -> None:
    whole, broken = run(new_ledger()), run(new_ledger())
    advance_ledger(whole, END)
    monkeypatch.setattr("revlex.engine.authoring.recording.MOST_SHOPS", 1)
    write, left = Ledger.write, 0

    def failing(ledger: Ledger, *more: Any) -> None:
        nonlocal left
        left -= 1
        if left < 0:
            raise LedgerProblem("the disk is full")
        write(ledger, *more)

    for writes in (0, 2, 1, 4):
        left = writes
        with monkeypatch.context() as patched:
            patched.setattr(Ledger, "write", failing)
            with pytest.raises(LedgerProblem, match="full"):
                advance_ledger(broken, END)
    assert advance_ledger(broken, END).passed > 0
    assert content(broken) == content(whole)


def test_several_policies_in_a_ledger(new_ledger: Callable[[], str]) -> None:
    both, alone = run(new_ledger()), run(new_ledger())
    run(both, policy="two")
    assert advance_ledger(both, END).passed == 2 * SHOPS
    advance_ledger(alone, END)
    own = [row for row in content(both)["entries"] if row[0].startswith("s")]
    assert own == content(alone)["entries"]
    assert findings(both) == []
    with LedgerReader(both) as reader:
        waiting = {one.shop: one for one in reader.all_appeals() if one.state == "open"}
    assert waiting == {}


def test_a_step_of_an_appeal_after_time_has_passed(new_ledger: Callable[[], str]) -> None:
    name = run(new_ledger())
    advance_ledger(name, "2025-07-01T00:00:00Z")
    with LedgerReader(name) as reader:
        decision = reader.all_appeals("s0")[0].decision_ids[0]
    step = ["appeal", "file", name, decision, "--id", "late", "--at"]
    early = revlex(*step, "2025-06-30T00:00:00Z")
    assert (early.exit_code, "have been judged already" in early.output) == (2, True)
    assert revlex(*step, "2025-07-02T00:00:00Z").exit_code == 1
    assert findings(name) == []


@pytest.mark.parametrize(
    ("to", "says"),
    [
        ("2300-01-01T00:00:00Z", "`2300-01-01T00:00:00Z` lies ahead"),
        ("tomorrow", "`tomorrow` is not a time"),
        ("2025-01-01T00:00:00", "`2025-01-01T00:00:00` is not a time"),
        ("", "`` is not a time"),
    ],
)
def test_times_that_are_none(tmp_path: Path, to: str, says: str) -> None:
    name = run(str(tmp_path / "one.db"))
    done = revlex("advance", name, "--to", to)
    assert (done.exit_code, says in done.output) == (2, True), done.output


def test_now_and_the_future(tmp_path: Path) -> None:
    name = run(str(tmp_path / "one.db"))
    assert revlex("advance", name, "--to", "now").exit_code == 0
    ahead = revlex("advance", name, "--to", "2200-01-01T00:00:00Z", "--future")
    assert ahead.exit_code == 0, ahead.output
    done = revlex("advance", str(tmp_path / "none.db"), "--to", "now")
    assert (done.exit_code, "there is no ledger" in done.output) == (2, True)
    assert not (tmp_path / "none.db").exists()
