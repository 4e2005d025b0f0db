"""From what the author of a mapping wrote to a mapping that fits the catalog.

Everything that can be known without the tables is checked here; `binding` looks at their columns.
"""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import PurePosixPath, PureWindowsPath
from typing import Final

from ...language.catalog import Catalog
from ...language.diagnostics import Report
from ...language.messages import mapping as say
from ...language.shapes import Named
from ...language.source import Embedded, Span
from ..event_types import ENVELOPE
from .authored import JoinEntry, MappingFile, SectionEntry
from .model import (
    EventMapping,
    File,
    Join,
    Section,
)
from .planning import Planner, column_at

_ELSE: Final = "else"
_TABLES: Final = (".csv", ".csv.gz", ".parquet")
_OUTER: Final = tuple(name for name in ENVELOPE if name not in {"type", "event_id"})


def check_mapping(file: MappingFile, catalog: Catalog, report: Report) -> EventMapping | None:
    """The mapping that a file describes, or nothing if the report has errors.

    Where something could not be read, nothing else is called missing: it may be what was meant.
    """
    is_whole = not report.has_errors
    sections = [
        _section(entry, catalog, report, is_whole=is_whole)
        for entry in _sections(file, report, is_whole=is_whole)
    ]
    if report.has_errors:
        return None
    return EventMapping(file.mapping.text, tuple(sections))


def _sections(file: MappingFile, report: Report, *, is_whole: bool) -> Iterable[SectionEntry]:
    """The sections of a file; one that has its rows at the top has a single one."""
    if file.sections is not None:
        for key in (file.rows, file.join, file.events):
            if key is not None:
                report.add(say.rows_twice(file.span))
        return file.sections
    if file.rows is None or file.events is None:
        if is_whole:
            report.add(say.no_rows(file.span))
        return ()
    return (SectionEntry(span=file.span, rows=file.rows, join=file.join, events=file.events),)


def _section(entry: SectionEntry, catalog: Catalog, report: Report, *, is_whole: bool) -> Section:
    seen: dict[str, Span] = {}
    rows = _file(entry.rows, seen, report)
    joins = tuple(_join(one, seen, report) for one in entry.join or ())
    gathered = {new.name for join in joins for new, _old in join.gather}
    planner = Planner(catalog, gathered, report, is_whole=is_whole)
    plans = map(planner.plan, entry.events)
    return Section(rows, joins, tuple(plan for plan in plans if plan is not None))


def _file(name: Embedded, seen: dict[str, Span], report: Report) -> File:
    text = name.text
    is_outside = any(
        path.is_absolute() or path.drive or ".." in path.parts
        for path in (PurePosixPath(text), PureWindowsPath(text))
    )
    if is_outside or "\0" in text or not text.lower().endswith(_TABLES):
        report.add(say.bad_file(text, name.span))
    elif text in seen:
        report.add(say.same_file(text, name.span, seen[text]))
    seen.setdefault(text, name.span)
    return File(text, name.span)


def _join(named: Named, seen: dict[str, Span], report: Report) -> Join:
    file = _file(named.key, seen, report)
    entry = named.value
    if not isinstance(entry, JoinEntry):
        entry = JoinEntry(span=named.key.span, by=entry)
    is_grouped = entry.distinct is not None or entry.gather is not None
    return Join(
        file=file,
        by=column_at(entry.by),
        equals=column_at(entry.equals or entry.by),
        distinct=tuple(map(column_at, entry.distinct or ())) if is_grouped else None,
        gather=tuple((column_at(one.key), column_at(one.value)) for one in entry.gather or ()),
        first_only=entry.keep is not None and entry.keep.text == "first",
        keep_unmatched=entry.unmatched is not None and entry.unmatched.text == "keep",
    )
