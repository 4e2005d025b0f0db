"""The settings that a configuration of `revlex export dsa` makes, and what is wrong with it."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from ...language.diagnostics import Report, did_you_mean
from ...language.document import Node
from ...language.program import Program
from ...language.reader import read_document, read_file
from ...language.render_text import render_text
from ...language.shapes import Named, Record
from ...language.source import Embedded
from ...records.projections.dsa.checking import misfit
from ...records.projections.dsa.drafting import EVENT, SLOTS, UNIONS
from ...records.projections.dsa.settings import Block, Settings
from ...records.projections.dsa.statement import FORMS, Some, Text
from .dsa_file import DsaFile, shape_of
from .problems import ExportProblem

_BRACES: Final = re.compile(r"\{([^{}]*)\}")
_LISTS: Final = frozenset(name for name, form in FORMS.items() if isinstance(form, Some))


def read_settings(path: Path, *, all_regions: bool) -> Settings:
    """The settings that a file holds.

    Raises:
        ExportProblem: It has mistakes; all are named.
        OSError: It cannot be read.
    """
    report = Report()
    source = read_file(path, report)
    document = None if source is None else read_document(source, report)
    file = None if document is None else Record(DsaFile).read(document, report)
    reader = _Reader(report, path.name)
    settings = None if file is None else reader.settings(file, all_regions=all_regions)
    if settings is None or report.has_errors or reader.told:
        said = [*([render_text(report).rstrip()] if report.has_errors else []), *reader.told]
        raise ExportProblem("\n".join([f"{path} has mistakes", *said]))
    return settings


def doubtful_names(settings: Settings, policies: Collection[Program], file: str) -> Iterator[str]:
    """Sentences on names that no policy has, where one has a name much like it.

    One configuration may serve several policies, so a name that one of them lacks is no mistake.
    """
    actions = {name for policy in policies for name in policy.actions}
    rules = {rule.name for policy in policies for rule in policy.rules}
    for section, said, known in (
        ("actions", settings.actions, actions),
        ("rules", settings.rules, rules),
    ):
        for name in said:
            guess = None if name in known else did_you_mean(name, known)
            if guess is not None:
                yield f"{file}: no policy of the ledger has `{name}` among its {section}; {guess}"


@dataclass(slots=True)
class _Reader:
    """Reads the blocks of a file, noting what the rules of the API forbid."""

    report: Report
    file: str
    told: list[str] = field(default_factory=list)

    def settings(self, file: DsaFile, *, all_regions: bool) -> Settings:
        """What a file says."""
        regions = {one.key.text: _words(one.value) for one in file.regions or () if one.value}
        return Settings(
            statement=self._block(file.statement or ()),
            scopes=self._table(file.scopes),
            verdicts=self._table(file.verdicts),
            actions=self._table(file.actions),
            rules=self._table(file.rules),
            regions={name: tuple(countries) for name, countries in regions.items()},
            all_regions=all_regions,
        )

    def _table(self, table: tuple[Named, ...] | None) -> dict[str, Block | None]:
        """Blocks by name; `none` stands for no block, and so does what could not be read."""
        return {
            one.key.text: self._block(one.value) if isinstance(one.value, tuple) else None
            for one in table or ()
        }

    def _block(self, block: tuple[Named, ...]) -> Block:
        fields: dict[str, Any] = {}
        for one in block:
            name = one.key.text
            read = None
            if isinstance(one.value, Node):
                read = shape_of(name).read(one.value, self.report)
            if read is not None:
                fields[name] = _words(read) if name in _LISTS else read.text
                line = one.key.span.line
                what = _wrong_with(name, fields[name])
                self.told += [f"{self.file}:{line}: `{name}` {each}" for each in what]
        return fields


def _words(read: Embedded | tuple[Embedded, ...]) -> list[str]:
    """The words of a list, or the countries that have a name together."""
    if isinstance(read, Embedded):
        return list(UNIONS[read.text])
    return [word.text for word in read]


def _wrong_with(name: str, value: Any) -> Iterator[str]:
    """What the form of a field forbids, as far as it can be told before the decisions are known."""
    form = FORMS[name]
    if name == "content_date" and value == EVENT:
        return
    what = misfit(form, value)
    if what is not None:
        yield what
    if isinstance(form, Text):
        for found in _BRACES.finditer(value):
            if found[1] not in SLOTS:
                known = ", ".join(f"`{{{slot}}}`" for slot in SLOTS)
                help_ = did_you_mean(found[1], SLOTS) or f"write one of {known}"
                yield f"knows no `{found[0]}`; {help_}"
