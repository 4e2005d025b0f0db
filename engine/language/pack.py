"""Packs: the files of one policy, read and merged into one authored policy."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from .authored import PolicyFile
from .diagnostics import Report
from .document import Mapping, Node, Scalar
from .document import Sequence as SequenceNode
from .messages import shape as messages
from .reader import read_document, read_file
from .shapes import Named, Record, keys_of
from .source import Embedded, Source, Span

NOT_POLICY = frozenset({"cases.yaml", "mapping.yaml"})
"""Files of a pack's folder that are no part of the policy itself."""

_MERGED = frozenset(
    {
        "lists",
        "tables",
        "define",
        "classify",
        "review_rules",
        "reply_rules",
        "report_rules",
        "measures",
        "thresholds",
        "violations",
        "actions",
        "escalations",
        "appeals",
    }
)
"""Sections that several files may add to; every other key stands in one file only."""


@dataclass(frozen=True, slots=True)
class Pack:
    """A policy as authored, all files merged, and its plain content for the digest."""

    policy: PolicyFile
    content: Any


def pack_files(path: Path) -> list[Path]:
    """The policy files of a pack: the path itself, or the YAML files right in a folder, by name."""
    if not path.is_dir():
        return [path]
    found = [*path.glob("*.yaml"), *path.glob("*.yml")]
    return sorted(file for file in found if file.name not in NOT_POLICY)


def read_pack(path: Path, report: Report) -> Pack | None:
    """Read the files of a pack; `None` where one has no tree or the pack no header."""
    files = pack_files(path)
    if not files:
        report.add(messages.empty_pack(Span(Source(str(path), ""), 0, 0)))
        return None
    sources = [read_file(file, report) for file in files]
    nodes = [None if source is None else read_document(source, report) for source in sources]
    return _build(nodes, report)


def read_sources(sources: Iterable[Source], report: Report) -> Pack | None:
    """The same for texts that are in memory."""
    return _build([read_document(source, report) for source in sources], report)


def _build(nodes: Sequence[Node | None], report: Report) -> Pack | None:
    read = [None if node is None else Record(PolicyFile).read(node, report) for node in nodes]
    files = [file for file in read if isinstance(file, PolicyFile)]
    policy = _merge(files, report) if len(files) == len(nodes) else None
    if policy is None:
        return None
    return Pack(policy, [plain(node) for node in nodes if node is not None])


def _merge(files: Sequence[PolicyFile], report: Report) -> PolicyFile | None:
    headers = [file.policy for file in files if file.policy is not None]
    if len(headers) != 1:
        span = headers[1].span if headers else files[0].span
        report.add(messages.header(len(headers), span))
        return None
    values = {
        name: _together(name, [getattr(file, one.name) for file in files], report)
        for name, one in keys_of(PolicyFile).items()
    }
    return PolicyFile(span=headers[0].span, **values)


def _together(name: str, found: list[Any], report: Report) -> Any:
    given = [value for value in found if value is not None]
    if name in _MERGED and given:
        merged = tuple(entry for value in given for entry in value)
        _once(name, merged, report)
        return merged
    for extra in given[1:] if name != "policy" else ():
        first, span = _place(given[0]), _place(extra)
        report.add(messages.same_name("keys", name, span, first))
    return given[0] if given else None


def _place(value: Any) -> Span:
    one = value[0] if isinstance(value, tuple) and value else value
    span = one.key.span if isinstance(one, Named) else one.span
    assert isinstance(span, Span)  # noqa: S101  # every authored value has a place
    return span


def _once(section: str, entries: tuple[Any, ...], report: Report) -> None:
    """Report names that stand twice in a section."""
    first: dict[str, Embedded] = {}
    for entry in entries:
        name = entry.key if isinstance(entry, Named) else _own_name(entry)
        if name is None:
            continue
        known = first.setdefault(name.text, name)
        if known is not name:
            report.add(messages.same_name(section, name.text, name.span, known.span))


_NAME_KEYS = ("rule", "threshold", "ladder", "appeal")


def _own_name(entry: Any) -> Embedded | None:
    found = (getattr(entry, key, None) for key in _NAME_KEYS)
    return next((name for name in found if isinstance(name, Embedded)), None)


def plain(node: Node) -> Any:
    """The content of a node without places, comments and layout, for the digest."""
    if isinstance(node, Mapping):
        return {entry.name: plain(entry.value) for entry in node.entries}
    if isinstance(node, SequenceNode):
        return [plain(item) for item in node.items]
    assert isinstance(node, Scalar)  # noqa: S101  # there is no fourth kind of node
    return None if node.value is None else f"{type(node.value).__name__}:{node.text.text}"
