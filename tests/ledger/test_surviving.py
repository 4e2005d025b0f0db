"""A run over 200,000 events, killed again and again, leaves the ledger of one that never was.

Events come through a pipe, so that it is known where in the stream a process was killed, on a slow
machine as on a fast one.
"""

from __future__ import annotations

import random
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from hashlib import sha256
from pathlib import Path
from typing import Final

import pytest
from click.testing import CliRunner
from revlex.cli import main
from revlex.engine.ledger.opening import address_of, connect_to
from revlex.engine.ledger.tables import metadata
from sqlalchemy import select

EVENTS: Final = 200_000
KILLED: Final = 12
"""So many times a run is killed before it may go on to its end."""

EVERY: Final = 20_000
"""Records between two checkpoints of a run."""

POLICY: Final = """\
policy: small
version: "1"
timezone: Asia/Bangkok
lists:
  rewards: [voucher, gift card, cashback, discount]
review_rules:
  - rule: negative
    when: review.stars <= 2
    verdict: flag
    because: somebody should look at this
reply_rules:
  - rule: no-rewards
    when: reply.text contains any of rewards
    verdict: reject
    violation: reward-offered
    because: the reply offers {matched}
measures:
  negative_rate:
    per: shop
    value: count(review where review.stars <= 2) / count(review)
    over: 30d
    at_least: 10
thresholds:
  - threshold: shop-rate
    measure: negative_rate
    check: daily at 00:00
    bands: {fine: below 25%, bad: from 25%}
    on_enter: {bad: {violation: high-rate}}
violations:
  reward-offered: {points: 4}
  high-rate: {points: 8}
actions:
  leave_campaigns: {scope: shop, overlap: extend}
escalations:
  - ladder: points
    per: shop
    expire: 60d
    because: the shop has {points} points
    steps: [{at: 12, do: [leave_campaigns for 7d]}]
appeals:
  - appeal: violation
    attempts: [within 30d of notice]
"""

COMMAND: Final = [sys.executable, "-c", "from revlex.cli import main; main()", "run"]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The policy, and the stream: some events come twice, and some lines are none."""
    folder = tmp_path_factory.mktemp("surviving")
    (folder / "policy.yaml").write_text(POLICY, encoding="utf-8")
    options = ["--events", str(EVENTS), "--shops", "60", "--duplicates", "2", "--bad-lines", "1"]
    done = CliRunner().invoke(main, ["generate", *options, "--out", str(folder / "events.jsonl")])
    assert done.exit_code == 0, done.output
    return folder


@pytest.fixture(scope="module")
def lines(folder: Path) -> list[bytes]:
    return (folder / "events.jsonl").read_bytes().splitlines(keepends=True)


@pytest.fixture(scope="module")
def undisturbed(folder: Path, lines: list[bytes]) -> dict[str, tuple[int, str]]:
    """What is in the ledger of a run to which nothing happens."""
    name = str(folder / "undisturbed.db")
    run_to_the_end(folder, name, lines)
    return content(name)


def started(folder: Path, name: str) -> subprocess.Popen[bytes]:
    """A run that reads events from a pipe."""
    options = [str(folder / "policy.yaml"), "--events", "-", "--ledger", name]
    return subprocess.Popen(  # noqa: S603  # our own words
        [*COMMAND, *options], stdin=subprocess.PIPE, stdout=subprocess.PIPE, cwd=folder
    )


def run_to_the_end(folder: Path, name: str, lines: list[bytes]) -> None:
    process = started(folder, name)
    said, _ = process.communicate(b"".join(lines))
    assert process.returncode == 0, said


def kill_after(folder: Path, name: str, lines: list[bytes], pause: float) -> None:
    """Kill a run when it has been given some lines, and a moment to do something about them."""
    with started(folder, name) as process:
        assert process.stdin is not None
        process.stdin.write(b"".join(lines))
        time.sleep(pause)
        process.send_signal(signal.SIGKILL)
        process.stdin.close()
        assert process.wait() == -signal.SIGKILL


def moments(choose: random.Random) -> Iterator[tuple[int, float]]:
    """Where to kill: anywhere, or about where a checkpoint is being written, ever later."""
    yield 0, choose.uniform(0.3, 1.5)
    for part in range(KILLED - 1):
        count = (part + choose.random()) * EVENTS / (KILLED - 1)
        if part % 3:
            count = count // EVERY * EVERY + choose.uniform(-50, 300)
        yield max(0, int(count)), choose.uniform(0, 0.3)


def content(name: str) -> dict[str, tuple[int, str]]:
    """How many rows each table of a ledger has, and a digest of every byte in them."""
    engine, found = connect_to(address_of(name)), {}
    with engine.connect() as connection:
        for table in metadata.sorted_tables:
            rows = connection.execution_options(yield_per=1_000).execute(select(table))
            digests = sorted(sha256(repr(tuple(row)).encode()).digest() for row in rows)
            found[table.name] = (len(digests), sha256(b"".join(digests)).hexdigest())
    engine.dispose()
    return found


def test_killed_at_many_moments(
    folder: Path,
    lines: list[bytes],
    undisturbed: dict[str, tuple[int, str]],
    new_ledger: Callable[[], str],
) -> None:
    assert undisturbed["events"][0] > EVENTS
    assert undisturbed["quarantine"][0] > EVENTS // 2_000
    assert undisturbed["entries"][0] > EVENTS // 500
    name = new_ledger()
    choose = random.Random(2025)  # noqa: S311  # the same moments in every run
    for count, pause in moments(choose):
        kill_after(folder, name, lines[:count], pause)
    run_to_the_end(folder, name, lines)
    assert content(name) == undisturbed
