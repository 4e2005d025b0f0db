"""Finding a decision that a run wrote."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import msgspec

from ..language.display import visible
from ..records.decision import Decision, encode
from ..records.explain import explain_lines
from .batch import DECISIONS, read_decisions

_LISTED = 5


class NotFound(Exception):  # noqa: N818  # says what there is not; nothing has failed
    """There is no such decision, or more than one."""

    def __init__(self, message: str, help_: str | None = None) -> None:
        """Keep the sentence and the fix."""
        super().__init__(message)
        self.message = message
        self.help = help_


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


def find_decision(out: Path, wanted: str) -> Found:
    """The decision whose id begins so.

    Raises:
        NotFound: none does, several do, or the folder holds no decisions.
        OSError: the file cannot be read.
    """
    path = out / DECISIONS if out.is_dir() else out
    if not path.is_file():
        raise NotFound(f"{out} holds no {DECISIONS}", "name the `--out` folder of a run")
    try:
        found = [one for one in read_decisions(path) if one.decision_id.startswith(wanted)]
    except msgspec.MsgspecError as error:
        raise NotFound(f"{path} is damaged: {error}", "run again") from error
    if not found:
        help_ = "the ids stand in decisions.jsonl as `decision_id`"
        raise NotFound(f"no decision begins with `{wanted}`", help_)
    if len(found) > 1:
        shown = ", ".join(one.decision_id for one in found[:_LISTED])
        raise NotFound(f"{len(found)} decisions begin with `{wanted}`", f"write more of {shown}")
    return Found(found[0])
