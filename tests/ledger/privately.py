"""A small world with people in it: a policy that repeats their words, and a stream of events."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

import msgspec
from revlex.engine.authoring.ledger_runs import record_run
from revlex.engine.authoring.recording import Recorded
from revlex.engine.language.compiler import compile_policy
from revlex.engine.ledger.opening import address_of, connect_to
from revlex.engine.ledger.reading import LedgerReader
from revlex.engine.ledger.tables import metadata
from revlex.engine.ledger.verifying import verify
from sqlalchemy import text

KEY = b"the key of a deployment, for tests"
OTHER_KEY = b"another key, which fits no ledger"

POLICY = """
policy: people
version: "1"
retention: 400d
{head}
review_rules:
  - rule: quoted
    when: review.text contains any of ["voucher", "courier"]
    verdict: hold
    because: '“{{review.text}}” by {{buyer.name ?? "somebody"}}'
reply_rules:
  - rule: offered
    when: reply.text contains "voucher"
    verdict: reject
    violation: rude
    because: '“{{reply.text}}”'
reply_drafts:
  rules:
    - draft: thanks
      when: review.stars >= 4
      mode: draft
      templates:
        else: ['Thank you, {{buyer.name ?? "you"}}: “{{review.text}}”']
violations:
  rude: {{points: 2, severity: minor}}
escalations:
  - ladder: conduct
    per: shop
    expire: 90d
    steps: [{{at: 100, do: [note for 1d]}}]
actions:
  note: {{scope: shop, overlap: extend}}
appeals:
  - appeal: violation
    attempts: [within 30d of notice]
    decide_within: 20d
    if_overturned: [void points]
    recompute: {recompute}
  - appeal: verdict
    attempts: [within 30d of notice]
    if_overturned: [exclude from measures]
    recompute: {recompute}
"""


def write_policy(folder: Path, *, recompute: str = "from now", head: str = "") -> Path:
    """A pack in a folder."""
    pack = folder / "pack"
    pack.mkdir(exist_ok=True)
    policy = POLICY.format(recompute=recompute, head=head)
    (pack / "policy.yaml").write_text(policy, encoding="utf-8")
    return pack


def event(number: int, type_: str, day: int, **fields: Any) -> dict[str, Any]:
    return {
        "event_id": f"e{number}",
        "type": type_,
        "occurred_at": f"2025-03-{day:02}T10:00:{number % 60:02}Z",
        "shop_id": "s1",
        **fields,
    }


EVENTS = [
    event(1, "order.placed", 1, order_id="o1", buyer_key="ann-1", buyer_name="Ann Example"),
    event(
        2,
        "review.posted",
        2,
        review_id="r1",
        order_id="o1",
        buyer_key="ann-1",
        buyer_name="Ann Example",
        stars=1,
        text="Ann wants a voucher back",
    ),
    event(3, "review.edited", 3, review_id="r1", text="Ann still waits for the courier"),
    event(4, "reply.submitted", 4, reply_id="p1", review_id="r1", text="Dear Ann, take a voucher"),
    event(5, "return.requested", 5, return_id="t1", order_id="o1", reason="Ann says it broke"),
    event(
        6,
        "review.posted",
        6,
        review_id="r2",
        buyer_key="bob-2",
        buyer_name="Bob Sample",
        stars=5,
        text="Bob thanks the courier",
    ),
    event(7, "reply.submitted", 7, reply_id="p2", review_id="r2", text="Dear Bob, take a voucher"),
    event(8, "review.posted", 8, review_id="r2", buyer_key="bob-2", stars=9, text="Bob again"),
]
"""The last is none: nobody gives nine stars."""


def write_events(folder: Path, events: Iterable[dict[str, Any]], name: str = "events") -> str:
    """A file of events; gives its name."""
    file = folder / f"{name}.jsonl"
    file.write_bytes(b"".join(msgspec.json.encode(one) + b"\n" for one in events))
    return str(file)


def run(pack: Path, ledger: str, events: str, key: bytes = b"", **options: Any) -> Recorded:
    """Run a file of events into a ledger."""
    program, report = compile_policy(pack)
    assert program is not None, list(report)
    wanted = {"mapping": None, "region": None, "until": None, "redact": (), **options}
    return record_run(
        pack, program, ledger=ledger, inputs=(events,), key=key, progress=False, **wanted
    )


def rows(ledger: str) -> list[str]:
    """Every row of every table, as text."""
    engine = connect_to(address_of(ledger))
    with engine.connect() as connection:
        found = [
            f"{table}: {tuple(row)}"
            for table in sorted(metadata.tables)
            for row in connection.execute(text(f"SELECT * FROM {table}"))  # noqa: S608  # our own
        ]
    engine.dispose()
    return found


def holding(ledger: str, word: str) -> list[str]:
    """The rows that hold a word."""
    return [row for row in rows(ledger) if word in row]


def findings(ledger: str, key: bytes = b"") -> list[str]:
    """What `verify` says."""
    with LedgerReader(ledger, key) as reader:
        return [f"{one.shop} {one.sequence}: {one.what}" for one in verify(reader)]


NewLedger = Callable[[], str]
