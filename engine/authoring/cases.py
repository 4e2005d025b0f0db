"""`cases.yaml`: examples of what a pack does, read with places so that mistakes can be shown."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

from ..language.diagnostics import Report
from ..language.document import Mapping, Node, Scalar, Sequence
from ..language.messages import cases as messages
from ..language.reader import read_document, read_file
from ..language.shapes import Line, Many, Phrase, Record, key
from ..language.source import Embedded, Span

MOST_REPEATS = 100_000
"""The most events that one line of a case may stand for."""


class Anything:
    """Whatever stands there, as plain data."""

    noun = "anything"

    def read(self, node: Node, report: Report) -> Node:
        """The node itself."""
        del report
        return node

    def schema(self) -> dict[str, object]:
        """No restriction."""
        return {}


@dataclass(frozen=True, slots=True, kw_only=True)
class EndState:
    """What must hold at the end of a case."""

    span: Span = field(compare=False, repr=False)
    points: Node | None = key(Anything(), "totals by ladder")
    bands: Node | None = key(Anything(), "bands by threshold")
    actions: Node | None = key(Anything(), "the actions in force")
    appeals: Node | None = key(Anything(), "states by appeal")
    quarantined: Node | None = key(Anything(), "the reasons for which events were not applied")


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseEntry:
    """One example: events, and what they must bring."""

    span: Span = field(compare=False, repr=False)
    name: Embedded = key(Line("a sentence"), "what it shows", required=True)
    row: Embedded | None = key(Line(), "the row of a table of test values that it encodes")
    region: Embedded | None = key(Line("a region"), "the shop's region")
    shop: Embedded | None = key(Line(), "the shop's id")
    events: tuple[Node, ...] = key(Many(Anything()), "what happens", required=True)
    until: Embedded | None = key(Phrase("a time", "2025-07-01T00:00:00Z"), "when it ends")
    expect: tuple[Node, ...] | None = key(Many(Anything()), "decisions that come, in this order")
    never: tuple[Node, ...] | None = key(Many(Anything()), "decisions that do not come")
    end: EndState | None = key(Record(EndState), "what holds at the end")


@dataclass(frozen=True, slots=True, kw_only=True)
class CasesFile:
    """The cases of a pack."""

    span: Span = field(compare=False, repr=False)
    cases: tuple[CaseEntry, ...] = key(Many(Record(CaseEntry), 1), "the examples", required=True)


def read_cases(path: Path, report: Report) -> tuple[CaseEntry, ...]:
    """Read a file of cases; what is wrong with it goes into the report."""
    source = read_file(path, report)
    node = None if source is None else read_document(source, report)
    read = None if node is None else Record(CasesFile).read(node, report)
    if not isinstance(read, CasesFile):
        return ()
    for case in read.cases:
        if case.expect is None and case.never is None and case.end is None:
            report.add(messages.expects_nothing(case.name.span))
    return read.cases


def plain(node: Node) -> object:
    """A node as plain data."""
    if isinstance(node, Mapping):
        return {entry.name: plain(entry.value) for entry in node.entries}
    if isinstance(node, Sequence):
        return [plain(item) for item in node.items]
    return node.value if isinstance(node, Scalar) else None
