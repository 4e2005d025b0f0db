"""Finding a decision that a run wrote."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import msgspec

from ..language.display import visible
from ..language.problems import Problem
from ..records.decision import Decision, encode
from ..records.explain import explain_lines
from .batch import DECISIONS, read_decisions

_LISTED = 5
_DATABASE = b"SQLite format 3\x00"
"""How a ledger begins that is a file."""


class NotFound(Problem):
    """There is no such decision, or more than one."""


@dataclass(frozen=True, slots=True)
class Found:
    """A decision, to be shown."""

    decision: Decision

    def as_json(self) -> str:
        """The record, indented."""
        return msgspec.json.format(encode(self.decision)).decode() + "\n"

    def as_text(self) -> str:
        """The explanation; nothing that buyers, sellers or authors wrote can steer a terminal."""
        return "".join(f"{visible(line)}\n" for line in explain_lines(self.decision))


def find_decision(out: str, wanted: str) -> Found:
    """The decision whose id begins so, in the folder of a run or in a ledger.

    Raises:
        NotFound: none does, several do, or no decisions are there.
        LedgerProblem: the ledger cannot be read.
        OSError: the file cannot be read.
    """
    path = Path(out) / DECISIONS if Path(out).is_dir() else Path(out)
    if "://" in out or is_database(path):
        return _one(_in_ledger(out, wanted), wanted)
    if not path.is_file():
        raise NotFound(
            f"{out} holds no {DECISIONS}", "name the `--out` folder of a run, or a ledger"
        )
    try:
        found = [one for one in read_decisions(path) if one.decision_id.startswith(wanted)]
    except msgspec.MsgspecError as error:
        raise NotFound(f"{path} is damaged: {error}", "run again") from error
    return _one(found, wanted)


def is_ledger(name: str) -> bool:
    """Whether what is named so is a ledger, and not what a run wrote."""
    return "://" in name or is_database(Path(name))


def is_database(path: Path) -> bool:
    """Whether a path is a ledger that is one file."""
    if not path.is_file():
        return False
    with path.open("rb") as file:
        return file.read(len(_DATABASE)) == _DATABASE


def _in_ledger(name: str, wanted: str) -> list[Decision]:
    from ..ledger.reading import LedgerReader  # noqa: PLC0415  # most runs have no ledger

    with LedgerReader(name) as reader:
        return reader.decisions_named(wanted)


def _one(found: list[Decision], wanted: str) -> Found:
    """The only decision that was found."""
    if not found:
        help_ = "the ids stand in decisions.jsonl as `decision_id`"
        raise NotFound(f"no decision begins with `{wanted}`", help_)
    if len(found) > 1:
        shown = ", ".join(one.decision_id for one in found[:_LISTED])
        raise NotFound(f"{len(found)} decisions begin with `{wanted}`", f"write more of {shown}")
    return Found(found[0])
