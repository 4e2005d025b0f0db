"""What an export is asked for, and what came of it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from ..running import instant_of
from .problems import ExportProblem
from .sources import Source
from .wanted import Wanted

FLAGS: Final[Mapping[str, str]] = {
    "shops": "--shop",
    "rules": "--rule",
    "kinds": "--kind",
    "modes": "--mode",
    "states": "--state",
    "regions": "--region",
    "since": "--from",
    "before": "--to",
    "config": "--config",
    "all_regions": "--all-regions",
    "problems": "--problems",
    "policy": "--policy",
    "language": "--language",
}
"""The options that not every export takes, by name."""

JSONL: Final = "jsonl"
PARQUET: Final = "parquet"
BATCHES: Final = "batches"


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """An export as it was asked for.

    Attributes:
        what: What is exported: `decisions`, `appeals`, ...
        wanted: Which of them.
        style: The format.
        out: The file to write to; `-` is standard output.
        config: A configuration, where one is needed.
        all_regions: Whether the region of a shop does not matter.
        problems: A file for what could not be exported, as JSON lines.
        policy: The pack that a run was made with, where its words are needed.
        language: The tag of a language to write in, where that can be chosen.
        on_record: Is told how many records have been read.
    """

    what: str
    wanted: Wanted
    style: str
    out: str
    config: Path | None = None
    all_regions: bool = False
    problems: str | None = None
    policy: Path | None = None
    language: str | None = None
    on_record: Callable[[int], None] | None = None


@dataclass(frozen=True, slots=True)
class Exported:
    """What came of an export.

    `told` are the first sentences on what could not be exported, and `refused` says how many
    records that were. `notes` are sentences on what may be meant otherwise.
    """

    written: int
    what: str
    refused: int = 0
    told: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Export:
    """A kind of export: the options that it takes beside those of all, and how it is made."""

    options: frozenset[str]
    styles: frozenset[str]
    make: Callable[[Source, Asked], Exported]


def check_options(what: str, export: Export, given: Mapping[str, object], style: str) -> None:
    """Refuse options and formats that an export has no use for.

    Raises:
        ExportProblem: One was given.
    """
    for name, value in given.items():
        if value and name not in export.options:
            flag = FLAGS[name]
            raise ExportProblem(f"`{flag}` is not for `export {what}`", f"leave out `{flag}`")
    if style not in export.styles:
        listed = " or ".join(f"`{one}`" for one in sorted(export.styles))
        raise ExportProblem(f"`export {what}` is not written as `{style}`", f"write {listed}")


def wanted_from(
    filters: Mapping[str, tuple[str, ...]], since: str | None, before: str | None
) -> Wanted:
    """The filters of a command line.

    Raises:
        ExportProblem: Nothing can fit them.
        RunProblem: A time is none.
    """
    for name, values in filters.items():
        if any(not value.isprintable() for value in values):
            help_ = "write it as it stands in the records"
            raise ExportProblem(f"`{FLAGS[name]}` has what cannot be printed", help_)
    start, end = instant_of(since), instant_of(before)
    if start is not None and end is not None and start >= end:
        raise ExportProblem("`--from` is not before `--to`", "`--to` is the first instant left out")
    sets = {name: frozenset(values) for name, values in filters.items()}
    return Wanted(**sets, since=start, before=end)
