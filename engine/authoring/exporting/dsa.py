"""`revlex export dsa`: the statements of reasons that are due, and what keeps others from it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from contextlib import ExitStack
from dataclasses import dataclass, field, replace
from itertools import islice
from pathlib import Path
from typing import IO, Final

import msgspec

from ...language.compiler import compile_policy
from ...language.display import visible
from ...language.program import Program
from ...records.decision import Decision, encode
from ...records.projections.dsa.statement import Statement
from ...records.projections.flat import COLUMNS
from .asked import BATCHES, JSONL, PARQUET, Asked, Export, Exported
from .dsa_settings import doubtful_names, read_settings
from .formats import write_lines, write_parquet
from .problems import ExportProblem
from .sources import Source
from .statements import Refused, Statements
from .targets import writing_to

STATEMENTS_OF_A_CALL: Final = 100
"""The most that one call of the API takes."""

MOST_TOLD: Final = 20
"""So many fields that do not fit are told; the others stand in the file of problems."""
_KINDS: Final = frozenset({"verdict", "action"})
_ENCODER: Final = msgspec.json.Encoder(order="sorted")


@dataclass(slots=True)
class _Sorted:
    """Statements on their way, and what is to be told of the decisions that have none."""

    statements: Statements
    aside: IO[bytes] | None
    written: int = 0
    refused: int = 0
    told: list[str] = field(default_factory=list)

    def each(self, decisions: Iterable[Decision]) -> Iterator[Statement]:
        """The statements that fit."""
        for decision in decisions:
            found = self.statements.of(decision)
            if isinstance(found, Statement):
                self.written += 1
                yield found
            elif found is not None:
                self._refuse(found)

    def _refuse(self, found: list[Refused]) -> None:
        self.refused += 1
        self.told += [one.sentence() for one in found[: MOST_TOLD - len(self.told)]]
        if self.aside is not None:
            for one in found:
                self.aside.write(encode(one) + b"\n")


def _make(source: Source, asked: Asked) -> Exported:
    if asked.config is None:
        help_ = "add `--config FILE`; docs/exports.md has an example"
        raise ExportProblem("`export dsa` does not know the grounds of the platform", help_)
    settings = read_settings(asked.config, all_regions=asked.all_regions)
    policies = source.policies() if asked.policy is None else _compiled(asked.policy)
    notes = tuple(doubtful_names(settings, policies.values(), asked.config.name))
    wanted = replace(asked.wanted, kinds=_KINDS, modes=frozenset({"live"}))
    with ExitStack() as stack:
        aside = asked.problems and stack.enter_context(writing_to(asked.problems))
        to = stack.enter_context(writing_to(asked.out))
        statements = _Sorted(Statements(settings, source.about, policies), aside or None)
        _write(statements.each(_counted(source.decisions(wanted), asked)), asked.style, to)
    told = tuple(map(visible, statements.told))
    return Exported(statements.written, "statements", statements.refused, told, notes)


def _compiled(pack: Path) -> Mapping[str, Program]:
    """The policy of a run, by its digest."""
    program, _ = compile_policy(pack)
    if program is None:
        raise ExportProblem(f"{pack} has errors", f"see `revlex check {pack}`")
    return {program.digest: program}


def _counted(records: Iterable[tuple[Decision, bytes]], asked: Asked) -> Iterator[Decision]:
    for number, (decision, _) in enumerate(records, start=1):
        if asked.on_record is not None:
            asked.on_record(number)
        yield decision


def _write(statements: Iterator[Statement], style: str, to: IO[bytes]) -> None:
    if style == PARQUET:
        write_parquet(statements, COLUMNS["dsa"], to)
    elif style == BATCHES:
        write_lines(_calls(statements), to)
    else:
        write_lines(map(_ENCODER.encode, statements), to)


def _calls(statements: Iterator[Statement]) -> Iterator[bytes]:
    """The bodies of calls, each with as many statements as one takes."""
    while some := list(islice(statements, STATEMENTS_OF_A_CALL)):
        yield _ENCODER.encode({"statements": some})


DSA = Export(
    options=frozenset(
        {
            *("shops", "rules", "regions", "since", "before"),
            *("config", "all_regions", "problems", "policy"),
        }
    ),
    styles=frozenset({JSONL, PARQUET, BATCHES}),
    make=_make,
)
