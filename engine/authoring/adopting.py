"""Letting a ledger go on under another version of its policy.

What was decided stays. From here on the new version judges; what is in use has to be in it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from pathlib import Path

import msgspec

from ..language.program import Program
from ..language.written import written_pack
from ..ledger.auditing.programs import Programs
from ..ledger.checkpoint import Checkpoint, Heard, Kept, Position, TakenOver
from ..ledger.ledger import Ledger
from ..ledger.problems import LedgerProblem
from ..ledger.reading import LedgerReader
from ..runtime.evaluator import Evaluator
from .progress import progress_bar

_AT_ONCE = 500
"""So many shops are taken over in one transaction."""


class Adopted(msgspec.Struct, frozen=True):
    """A policy under which a ledger goes on: for so many shops, that had these before."""

    ledger: str
    policy: str
    version: str
    digest: str
    before: list[str]
    shops: int
    dry_run: bool


def adopt(
    ledger: str,
    pack: Path,
    program: Program,
    key: bytes = b"",
    *,
    dry_run: bool = False,
    progress: bool = False,
) -> Adopted:
    """Let all shops of a ledger that earlier versions of a policy judge go on under a program.

    Nothing is written unless all of them can. Broken off, it can be said again and goes on.

    Args:
        ledger: A file, or the address of a database.
        pack: The policy.
        program: The same, compiled.
        key: The key of the deployment; empty if there is none.
        dry_run: Only look whether all of them can.
        progress: Whether to show on standard error how far that is.

    Raises:
        LedgerProblem: No version of the policy judges there, or the ledger cannot be written to.
        CannotTakeOver: Something that is in use is not in the new version.
    """
    with LedgerReader(ledger) as reader:
        earlier, total = _earlier(reader, program)
        for before in earlier:
            _check_events(before, program)
        with Ledger(ledger, key) as opened:
            opened.keep_policy(program, written_pack(pack))
            with progress_bar(shown=progress, total=total * (1 if dry_run else 2)) as bar:
                work = _TakingOver(opened, program, bar.on_bytes)
                shops = sum(work.look(before) for before in earlier)
                for before in [] if dry_run else earlier:
                    work.write(before)
        versions = [f"{one.version} ({one.digest[:12]})" for one in earlier]
        return Adopted(
            reader.name, program.name, program.version, program.digest, versions, shops, dry_run
        )


def _earlier(reader: LedgerReader, program: Program) -> tuple[list[Program], int]:
    """The other versions of a policy by which shops are judged, and how many shops these are."""
    programs, kept = Programs(reader), reader.shops()
    judging = {one.policy for one in kept} | {one.policy for one in reader.positions()}
    found = [known for digest in sorted(judging) if (known := programs.get(digest))]
    earlier = [one for one in found if one.name == program.name and one.digest != program.digest]
    if not any(one.name == program.name for one in found):
        names = ", ".join(f"`{name}`" for name in sorted({one.name for one in found})) or "none"
        help_ = f"its policies are: {names}"
        raise LedgerProblem(f"`{program.name}` judges nothing in {reader.name}", help_)
    digests = {one.digest for one in earlier}
    return earlier, sum(one.policy in digests for one in kept)


def _check_events(before: Program, program: Program) -> None:
    """Every event that the ledger may hold can still be read, to evaluate it again or to erase."""
    for name, event in before.catalog.events.items():
        now = program.catalog.events.get(name)
        lost = [] if now is None else [one for one in event.fields if one not in now.fields]
        if now is None or lost:
            what = f"the event `{name}`" if now is None else f"the field `{lost[0]}` of `{name}`"
            help_ = "let `catalog` have it still"
            raise LedgerProblem(f"the new version does not know {what}", help_)


class _TakingOver:
    """Takes the shops of a ledger over into a program."""

    def __init__(self, ledger: Ledger, program: Program, on_shop: Callable[[int], None]) -> None:
        self._ledger = ledger
        self._program = program
        self._on_shop = on_shop

    def look(self, before: Program) -> int:
        """Whether all shops of an earlier version can go on; gives how many there are."""
        evaluator, count = self._evaluator(), 0
        for _, kept in self._ledger.states(before.digest):
            _take_over(evaluator, kept)
            evaluator.make_room(0)
            self._on_shop(1)
            count += 1
        return count

    def write(self, before: Program) -> None:
        """Let all shops of an earlier version go on, some at a time."""
        evaluator, names = self._evaluator(), list(self._ledger.shops(before.digest))
        for start in range(0, len(names), _AT_ONCE):
            self._write_some(evaluator, names[start : start + _AT_ONCE], before.digest)
            evaluator.make_room(0)
        self._ledger.hand_over(before.digest, self._program.digest)

    def _write_some(self, evaluator: Evaluator, names: Iterable[str], before: str) -> None:
        checkpoint = Checkpoint(Position("adopt"))
        change = msgspec.json.encode(TakenOver(before, self._program.digest))
        for name in names:
            kept = self._ledger.state(name, before)
            if kept is None:
                continue
            _take_over(evaluator, kept)
            checkpoint.heard.append(Heard(name, "", evaluator.clock_of(name), change))
            checkpoint.states[name] = Kept(evaluator.region_of(name), evaluator.save(name))
            self._on_shop(1)
        self._ledger.write(checkpoint, self._program.digest)

    def _evaluator(self) -> Evaluator:
        return Evaluator(self._program, key=self._ledger.key)


def _take_over(evaluator: Evaluator, kept: Kept) -> None:
    try:
        evaluator.take_over(kept.state)
    except ValueError as error:
        help_ = "run `revlex verify` to see what else is wrong with it"
        raise LedgerProblem(f"the state of a shop cannot be read: {error}", help_) from error


def adopted_lines(adopted: Adopted) -> list[str]:
    """What has been adopted, for people."""
    if not adopted.before:
        return [f"{adopted.ledger}: {adopted.policy} {adopted.version} judges there already"]
    can = "could go on" if adopted.dry_run else "goes on"
    return [
        f"{adopted.ledger} {can} under {adopted.policy} {adopted.version}",
        f"  before: {', '.join(adopted.before)}",
        f"  shops: {adopted.shops:,}",
    ]
