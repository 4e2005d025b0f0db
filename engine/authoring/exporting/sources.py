"""Where exported records come from: a ledger, or the folder of a run, read record by record."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import closing, contextmanager
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path
from typing import Any, Protocol, TypeVar

import msgspec
from sqlalchemy import select

from ...language.display import visible
from ...language.program import Program
from ...ledger.reading import LedgerReader
from ...ledger.selecting import Selection, shops_with_appeals
from ...ledger.tables import policies
from ...records.appeal import Appeal
from ...records.decision import Decision
from ...records.projections.dsa.settings import Block
from ...runtime.instants import InvalidInstant
from ..batch import APPEALS, DECISIONS
from ..lookup import is_database
from .posted import Posted
from .problems import ExportProblem
from .wanted import Wanted

_Record = TypeVar("_Record", Decision, Appeal)

_DECISIONS = msgspec.json.Decoder(Decision)
_APPEALS = msgspec.json.Decoder(Appeal)


class Source(Protocol):
    """Gives the wanted records, each with its JSON as it stands."""

    @property
    def name(self) -> str:
        """What people call it."""
        ...

    def decisions(self, wanted: Wanted) -> Iterator[tuple[Decision, bytes]]:
        """The decisions: of a ledger by shop and in order, of a run in the order of time."""
        ...

    def appeals(self, wanted: Wanted) -> Iterator[tuple[Appeal, bytes]]:
        """The appeals as they stand."""
        ...

    def about(self, decision: Decision, scope: str) -> Block:
        """What is known of the thing of some kind that a decision falls on."""
        ...

    def policies(self) -> Mapping[str, Program]:
        """The policies that decided, by digest, as far as they are known."""
        ...


@contextmanager
def opened(name: str) -> Iterator[Source]:
    """Open a ledger or the `--out` folder of a run.

    Raises:
        ExportProblem: There is neither.
        LedgerProblem: The ledger cannot be read.
    """
    if "://" in name or is_database(Path(name)):
        with LedgerReader(name) as reader:
            yield LedgerSource(reader, Posted(reader))
    elif (Path(name) / DECISIONS).is_file():
        yield FolderSource(Path(name))
    else:
        help_ = "name a ledger, or the `--out` folder of a run"
        raise ExportProblem(f"{name} is no ledger and holds no {DECISIONS}", help_)


@dataclass(frozen=True, slots=True)
class LedgerSource:
    """A ledger; it may be written to meanwhile."""

    reader: LedgerReader
    posted: Posted

    @property
    def name(self) -> str:
        """The file or the address."""
        return self.reader.name

    def decisions(self, wanted: Wanted) -> Iterator[tuple[Decision, bytes]]:
        """By shop, and of each in the order of its chain."""
        asked = Selection(wanted.rules, wanted.kinds, wanted.since, wanted.before)
        for shop in self._shops(asked.shops(), wanted):
            with closing(self.reader.rows(asked.bodies(shop))) as rows:
                bodies = (row.body for row in rows)
                yield from self._read(shop, bodies, _DECISIONS.decode, wanted.takes)

    def appeals(self, wanted: Wanted) -> Iterator[tuple[Appeal, bytes]]:
        """By shop, and of each by opening; the last version of each."""
        for shop in self._shops(shops_with_appeals(), wanted):
            with closing(self.reader.appeals(shop)) as rows:
                versions = groupby(rows, key=lambda row: row.key)
                bodies = (list(of_one)[-1].body for _, of_one in versions)
                yield from self._read(shop, bodies, _APPEALS.decode, wanted.takes_appeal)

    def about(self, decision: Decision, scope: str) -> Block:
        """As the events of the shop tell it."""
        return self.posted.about(decision, scope)

    def policies(self) -> Mapping[str, Program]:
        """As the ledger keeps them."""
        digests = [row.digest for row in self.reader.rows(select(policies.c.digest))]
        kept = {digest: self.reader.policy(digest) for digest in sorted(digests)}
        compiled = ((digest, one.compiled()) for digest, one in kept.items() if one is not None)
        return {digest: program for digest, program in compiled if program is not None}

    def _shops(self, asked: Any, wanted: Wanted) -> list[str]:
        known = {row.shop for row in self.reader.rows(asked)}
        return sorted(known & wanted.shops if wanted.shops else known)

    def _read(
        self,
        shop: str,
        bodies: Iterable[str],
        decode: Callable[[bytes], _Record],
        takes: Callable[[_Record], bool],
    ) -> Iterator[tuple[_Record, bytes]]:
        for body in bodies:
            line = body.encode()
            try:
                record = decode(line)
                is_wanted = takes(record)
            except (msgspec.MsgspecError, InvalidInstant) as error:
                message = f"{self.name}: a record of the shop `{visible(shop)}` is damaged: {error}"
                raise ExportProblem(message, f"see `revlex verify {self.name}`") from error
            if is_wanted:
                yield record, line


@dataclass(frozen=True, slots=True)
class FolderSource:
    """The folder that a run wrote."""

    folder: Path

    @property
    def name(self) -> str:
        """The folder."""
        return str(self.folder)

    def decisions(self, wanted: Wanted) -> Iterator[tuple[Decision, bytes]]:
        """In the order of the file."""
        return self._records(DECISIONS, _DECISIONS.decode, wanted.takes)

    def appeals(self, wanted: Wanted) -> Iterator[tuple[Appeal, bytes]]:
        """In the order of the file."""
        return self._records(APPEALS, _APPEALS.decode, wanted.takes_appeal)

    def about(self, _decision: Decision, _scope: str) -> Block:
        """Unknown: the folder of a run holds no events."""
        return {}

    def policies(self) -> Mapping[str, Program]:
        """Unknown: the folder of a run holds no policies."""
        return {}

    def _records(
        self, file: str, decode: Callable[[bytes], _Record], takes: Callable[[_Record], bool]
    ) -> Iterator[tuple[_Record, bytes]]:
        path = self.folder / file
        with path.open("rb") as lines:
            for number, line in enumerate(lines, start=1):
                try:
                    record = decode(line)
                    is_wanted = takes(record)
                except (msgspec.MsgspecError, InvalidInstant) as error:
                    message = f"{path}, line {number:,}, is damaged: {error}"
                    raise ExportProblem(message, "run again") from error
                if is_wanted:
                    yield record, line.rstrip(b"\n")
