"""Letting time pass for all shops of a ledger, as whoever keeps one does every night.

Checks run, deadlines lapse, points and actions end, though nothing else has happened.
"""

from __future__ import annotations

from collections import Counter
from datetime import UTC, datetime
from typing import Final

import msgspec

from ..ledger.auditing.programs import Programs
from ..ledger.checkpoint import stream_of
from ..ledger.ledger import Ledger
from ..ledger.problems import LedgerProblem
from ..ledger.reading import LedgerReader
from ..runtime.evaluator import Evaluator
from ..runtime.instants import from_datetime, to_datetime
from .progress import progress_bar
from .recording import Recorded, Recording
from .running import instant_of

STREAM: Final = "time"
"""What turns events away that have waited for late ones, as far as a ledger is concerned."""

NOW: Final = "now"


class Advanced(msgspec.Struct, frozen=True):
    """How far time has passed: for so many of all shops; with the decisions that brought, by kind.

    For the other shops it had passed so far before.
    """

    ledger: str
    to: str
    shops: int
    passed: int
    decisions: dict[str, int]
    quarantined: dict[str, int]


def advance_ledger(
    ledger: str, to: str, key: bytes = b"", *, future: bool = False, progress: bool = False
) -> Advanced:
    """Let time pass for all shops of a ledger, in checkpoints.

    Broken off anywhere, it can be said again and goes on; said twice, it does nothing more.

    Args:
        ledger: A file, or the address of a database.
        to: An instant such as `2025-08-01T00:00:00Z`, or `now`.
        key: The key of the deployment; empty if there is none.
        future: Whether the instant may lie ahead of now.
        progress: Whether to show on standard error how far that is.

    Raises:
        Problem: That is no time, or lies ahead, or the ledger cannot be written to.
    """
    until = _instant(to, future=future)
    with LedgerReader(ledger) as reader:
        kept, programs = reader.shops(), Programs(reader)
        with Ledger(ledger, key) as opened, progress_bar(shown=progress, total=len(kept)) as bar:
            recordings = [
                _recording(opened, programs, digest)
                for digest in sorted({one.policy for one in kept})
            ]
            done = []
            for recording in recordings:
                recording.on_shop = bar.on_bytes
                done.append(recording.let_pass(until))
    return _summary(reader.name, until, len(kept), done)


def _recording(ledger: Ledger, programs: Programs, digest: str) -> Recording:
    """What lets time pass for the shops that one policy judges."""
    program = programs.get(digest)
    if program is None:
        help_ = "run `revlex verify` to see what else is wrong with it"
        raise LedgerProblem("a policy that judges shops is not in the ledger", help_)
    evaluator = Evaluator(program, key=ledger.key)
    return Recording(program, evaluator, ledger, stream_of(STREAM, digest))


def _instant(to: str, *, future: bool) -> int:
    now = from_datetime(datetime.now(UTC))
    until = now if to == NOW else instant_of(to)
    if until is None:
        raise LedgerProblem("it is not said up to when")
    if until > now and not future:
        help_ = "time that has passed cannot be taken back; if it is meant, add `--future`"
        raise LedgerProblem(f"`{to}` lies ahead", help_)
    return until


def _summary(ledger: str, until: int, shops: int, done: list[Recorded]) -> Advanced:
    decisions, quarantined = Counter[str](), Counter[str]()
    for one in done:
        decisions.update(one.decisions)
        quarantined.update(one.quarantined)
    return Advanced(
        ledger=ledger,
        to=to_datetime(until, UTC).isoformat(),
        shops=shops,
        passed=sum(one.passed for one in done),
        decisions=dict(sorted(decisions.items())),
        quarantined=dict(sorted(quarantined.items())),
    )


def advanced_lines(advanced: Advanced) -> list[str]:
    """What the passing of time came to, for people."""
    lines = [
        f"{advanced.ledger}: time has passed to {advanced.to}",
        f"  shops: {advanced.passed:,} of {advanced.shops:,}",
    ]
    for name, counts in (
        ("decisions", advanced.decisions),
        ("quarantined", advanced.quarantined),
    ):
        listed = ", ".join(f"{key} {count:,}" for key, count in counts.items())
        if listed or name == "decisions":
            lines.append(f"  {name}: {sum(counts.values()):,}" + (f" ({listed})" if listed else ""))
    return lines
