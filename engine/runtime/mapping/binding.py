"""A mapping together with the folder of its tables: every column found where it is named."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from ...language.diagnostics import Report
from ...language.messages import mapping as say
from .model import Column, EventMapping, Join, Section
from .tables import open_table


@dataclass(frozen=True, slots=True)
class BoundSection:
    """A section, the path of each of its files by name, and which columns are read of it."""

    section: Section
    paths: Mapping[str, Path]
    columns: Mapping[str, Sequence[str]]


@dataclass(frozen=True, slots=True)
class BoundMapping:
    """A mapping whose tables are there and have every column that it names."""

    name: str
    sections: tuple[BoundSection, ...]

    @property
    def size(self) -> int:
        """How many bytes a run reads: a file that two sections use counts twice."""
        return sum(
            path.stat().st_size for section in self.sections for path in section.paths.values()
        )


def bind(mapping: EventMapping, folder: Path, report: Report) -> BoundMapping | None:
    """Look for the columns of a mapping in the headers of its tables.

    Args:
        mapping: what was loaded.
        folder: where the files are that it names.
        report: columns that are not there, or not clear, go here.

    Returns:
        What can be run, or nothing if the report has errors.

    Raises:
        InputProblem: a table cannot be read.
    """
    sections = tuple(_bind_section(section, folder, report) for section in mapping.sections)
    return None if report.has_errors else BoundMapping(mapping.name, sections)


def _bind_section(section: Section, folder: Path, report: Report) -> BoundSection:
    names = [section.rows.name, *(join.file.name for join in section.joins)]
    paths = {name: folder / name for name in names}
    headers = {name: tuple(open_table(path).header) for name, path in paths.items()}
    used = _Columns(section, headers, report).used()
    return BoundSection(section, paths, {name: sorted(used[name]) for name in names})


class _Columns:
    """Finds the file of each column that a section names."""

    def __init__(
        self, section: Section, headers: Mapping[str, Sequence[str]], report: Report
    ) -> None:
        self._section = section
        self._headers = headers
        self._report = report
        self._used: dict[str, set[str]] = {name: set() for name in headers}
        self._gathered: set[str] = set()
        self._shared: set[str] = set()

    def used(self) -> Mapping[str, set[str]]:
        """The columns of each file that a run has to read."""
        before = [self._section.rows.name]
        for join in self._section.joins:
            self._join(join, before)
            before.append(join.file.name)
        for column in self._of_events():
            if column.name not in self._gathered:
                self._find(column, before)
        return self._used

    def _of_events(self) -> Iterator[Column]:
        for plan in self._section.events:
            yield from plan.columns()

    def _join(self, join: Join, before: Sequence[str]) -> None:
        here = [join.file.name]
        for column in (join.by, *(join.distinct or ()), *(old for _new, old in join.gather)):
            self._find(column, here)
        self._find(join.equals, before)
        if join.by.name == join.equals.name:
            self._shared.add(join.by.name)
        for new, _old in join.gather:
            taken = {name for header in self._headers.values() for name in header}
            if new.name in taken | self._gathered:
                self._report.add(say.taken_column(new.name, new.span))
            self._gathered.add(new.name)

    def _find(self, column: Column, files: Sequence[str]) -> None:
        """Note that a column of one of these files is read.

        A column by which files are joined is the same in both.
        """
        owners = [name for name in files if column.name in self._headers[name]]
        if not owners:
            known = dict.fromkeys(name for file in files for name in self._headers[file])
            self._report.add(say.unknown_column(column.name, known, column.span))
        elif len(owners) > 1 and column.name not in self._shared:
            self._report.add(say.ambiguous_column(column.name, owners, column.span))
        else:
            self._used[owners[0]].add(column.name)
