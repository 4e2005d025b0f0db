"""A ledger goes on under another version of its policy."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from revlex.cli import main
from revlex.engine.ledger.opening import address_of, connect_to
from revlex.engine.ledger.reading import LedgerReader
from revlex.engine.ledger.tables import events
from sqlalchemy import update

DEMO = Path(__file__).parents[2] / "examples" / "demo"
POLICY = (DEMO / "policy.yaml").read_text(encoding="utf-8")
LINES = (DEMO / "events.jsonl").read_bytes().splitlines(keepends=True)[:2_000]


class Killed(BaseException):
    """The process ends here."""


def revlex(*words: object) -> Result:
    return CliRunner().invoke(main, [str(word) for word in words], catch_exceptions=False)


def pack(folder: Path, name: str, text: str) -> Path:
    (folder / name).mkdir()
    (folder / name / "policy.yaml").write_text(text, encoding="utf-8")
    return folder / name


@pytest.fixture
def first(tmp_path: Path) -> Path:
    return pack(tmp_path, "first", POLICY)


def begun(ledger: str, first: Path, tmp_path: Path) -> Path:
    """A ledger that has read a part of the demonstration."""
    stream = tmp_path / "events.jsonl"
    stream.write_bytes(b"".join(LINES[:1_200]))
    assert revlex("run", first, "--events", stream, "--ledger", ledger).exit_code == 0
    stream.write_bytes(b"".join(LINES))
    return stream


def decisions(ledger: str) -> dict[str, list[tuple[str, str, str]]]:
    """What was decided when about what, by shop and in order; not under which version."""
    with LedgerReader(ledger) as reader:
        return {
            shop: [
                (one["kind"], one["rule"]["id"], json.dumps([one["time"], one["subject"]]))
                for one in (json.loads(row.body) for row in reader.entries(shop))
            ]
            for shop in reader.shops_with_entries()
        }


def test_a_version_with_the_same_rules_decides_the_same(
    new_ledger: Callable[[], str], first: Path, tmp_path: Path
) -> None:
    second = pack(tmp_path, "second", POLICY.replace('version: "2025-01"', 'version: "2025-02"'))
    ledger, whole = new_ledger(), new_ledger()
    stream = begun(ledger, first, tmp_path)
    refused = revlex("run", second, "--events", stream, "--ledger", ledger)
    assert refused.exit_code == 2
    assert "`revlex adopt`" in refused.output
    before = decisions(ledger)
    assert revlex("adopt", ledger, second, "--dry-run").exit_code == 0
    assert revlex("run", second, "--events", stream, "--ledger", ledger).exit_code == 2
    adopted = revlex("adopt", ledger, second)
    assert "goes on under demo-market 2025-02" in adopted.output
    assert decisions(ledger) == before
    assert "judges there already" in revlex("adopt", ledger, second).output
    assert revlex("verify", ledger).exit_code == 0
    assert revlex("run", second, "--events", stream, "--ledger", ledger).exit_code == 0
    assert revlex("verify", ledger).exit_code == 0
    assert revlex("run", first, "--events", stream, "--ledger", ledger).exit_code == 2
    assert revlex("run", first, "--events", stream, "--ledger", whole).exit_code == 0
    assert decisions(ledger) == decisions(whole)


def test_what_is_in_use_has_to_be_there(
    new_ledger: Callable[[], str], first: Path, tmp_path: Path
) -> None:
    ledger = new_ledger()
    stream = begun(ledger, first, tmp_path)
    without = pack(tmp_path, "without", POLICY.replace("no-insults", "no-bad-words"))
    refused = revlex("adopt", ledger, without)
    assert refused.exit_code == 2
    assert "is not done with the rule on a reply `no-insults`" in refused.output
    assert "status: disabled" in refused.output
    other = pack(tmp_path, "other", POLICY.replace("policy: demo-market", "policy: other"))
    refused = revlex("adopt", ledger, other)
    assert "`other` judges nothing in" in refused.output
    assert "`demo-market`" in refused.output
    assert revlex("verify", ledger).exit_code == 0
    assert revlex("run", first, "--events", stream, "--ledger", ledger).exit_code == 0


PLANS = """\
policy: plans
version: "{version}"
catalog:
  entities: {{plan: {{key: plan_id, fields: {{share: decimal = 0, name: text = ''}}}}}}
  events:
    plan.made: {{about: plan, fields: {{plan_id: text{more}}}}}
"""


@pytest.mark.parametrize(
    ("more", "says"), [(", name: text", "the field `share` of `plan.made`"), ("", "the field")]
)
def test_events_that_are_kept_have_to_be_known(tmp_path: Path, more: str, says: str) -> None:
    both = ", share: decimal, name: text"
    before = pack(tmp_path, "before", PLANS.format(version=1, more=both))
    after = pack(tmp_path, "after", PLANS.format(version=2, more=more))
    stream, ledger = tmp_path / "e.jsonl", tmp_path / "decisions.db"
    event = {"event_id": "1", "type": "plan.made", "shop_id": "s", "plan_id": "p", "share": "0.5"}
    stream.write_text(json.dumps(event | {"occurred_at": "2025-01-01T00:00:00Z"}) + "\n")
    assert revlex("run", before, "--events", stream, "--ledger", ledger).exit_code == 0
    refused = revlex("adopt", ledger, after)
    assert refused.exit_code == 2
    assert says in refused.output


def test_what_was_erased_before_and_after_a_new_version_is_accounted_for(
    new_ledger: Callable[[], str], first: Path, tmp_path: Path
) -> None:
    ledger, key = new_ledger(), tmp_path / "key"
    key.write_bytes(b"0123456789abcdef0123456789abcdef")
    second = pack(tmp_path, "second", POLICY.replace('version: "2025-01"', 'version: "2025-02"'))
    stream = tmp_path / "events.jsonl"
    own = ("--key-file", key)
    for part, policy in ((1_000, first), (1_500, second), (2_000, second)):
        if part == 1_500:
            assert revlex("adopt", ledger, second, *own).exit_code == 0
        stream.write_bytes(b"".join(LINES[:part]))
        run = revlex("run", policy, "--events", stream, "--ledger", ledger, *own)
        assert run.exit_code == 0, run.output
        as_of = "2025-03-15T00:00:00Z" if part == 1_500 else "2025-02-01T00:00:00Z"
        retained = revlex("retain", ledger, "--texts", "7d", "--as-of", as_of, *own)
        assert retained.exit_code == 0, retained.output
        verified = revlex("verify", ledger, *own)
        assert verified.exit_code == 0, verified.output


def test_broken_off_it_goes_on(
    new_ledger: Callable[[], str], first: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    second = pack(tmp_path, "second", POLICY.replace('version: "2025-01"', 'version: "2025-02"'))
    ledger = new_ledger()
    stream = begun(ledger, first, tmp_path)
    monkeypatch.setattr("revlex.engine.authoring.adopting._AT_ONCE", 2)
    writes = iter([False, True])

    def breaks_off(*_: object) -> None:
        if next(writes, False):
            raise Killed

    with monkeypatch.context() as patched:
        patched.setattr("revlex.engine.ledger.ledger._write_attachments", breaks_off)
        with pytest.raises(Killed):
            revlex("adopt", ledger, second)
    with LedgerReader(ledger) as reader:
        assert len({one.policy for one in reader.shops()}) == 2
    assert revlex("verify", ledger).exit_code == 0
    assert revlex("run", first, "--events", stream, "--ledger", ledger).exit_code == 2
    assert revlex("adopt", ledger, second).exit_code == 0
    assert revlex("verify", ledger).exit_code == 0
    assert revlex("run", second, "--events", stream, "--ledger", ledger).exit_code == 0


@pytest.mark.parametrize(
    "says",
    ["{}", '{"before":"0","policy":"0"}', "nonsense", '{"before":"", "policy":""}'],
)
def test_a_changed_take_over_is_found(first: Path, tmp_path: Path, says: str) -> None:
    second = pack(tmp_path, "second", POLICY.replace('version: "2025-01"', 'version: "2025-02"'))
    ledger = str(tmp_path / "decisions.db")
    begun(ledger, first, tmp_path)
    assert revlex("adopt", ledger, second).exit_code == 0
    engine = connect_to(address_of(ledger)).execution_options(writes=True)
    with engine.begin() as connection:
        own = (events.c.event_id == "") & (events.c.shop == "turbo-gadgets")
        assert connection.execute(update(events).where(own).values(body=says)).rowcount == 1
    engine.dispose()
    found = revlex("verify", ledger)
    assert found.exit_code == 1
    assert "turbo-gadgets" in found.output
