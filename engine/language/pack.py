"""Packs: the files of one policy, read and merged into one authored policy."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from . import document
from .authored import PolicyFile
from .diagnostics import Report
from .document import Node, Scalar
from .messages import shape as messages
from .reader import read_document, read_file
from .shapes import Named, Record, keys_of
from .source import Embedded, Source, Span

NOT_POLICY = frozenset({"cases.yaml", "mapping.yaml"})
"""Files of a pack's folder that are no part of the policy itself."""

_NOUNS = {
    "lists": "lists",
    "tables": "tables",
    "define": "definitions",
    "classify": "lines",
    "review_rules": "rules on reviews",
    "reply_rules": "rules on replies",
    "report_rules": "rules on reports",
    "event_rules": "rules on events",
    "measures": "measures",
    "thresholds": "thresholds",
    "violations": "violations",
    "actions": "actions",
    "escalations": "ladders",
    "appeals": "appeals",
}
"""Sections that several files may add to, and what messages call their entries.

Every other key stands in one file only.
"""

_NAMING = ("lists", "tables", "define", "measures", "violations", "actions", "escalations")
"""Sections whose names other sections use."""

_NAME_KEYS = ("rule", "draft", "threshold", "ladder", "appeal")


@dataclass(frozen=True, slots=True)
class Pack:
    """A policy as authored, all files merged, and its plain content for the digest.

    `ladders` are the names of all ladders, of those with mistakes too.
    """

    policy: PolicyFile
    ladders: frozenset[str]
    content: Mapping[str, Any]


def pack_files(path: Path) -> list[Path]:
    """The policy files of a pack: the path itself, or the YAML files right in a folder, by name."""
    if not path.is_dir():
        return [path]
    found = [*path.glob("*.yaml"), *path.glob("*.yml")]
    return sorted(file for file in found if file.name not in NOT_POLICY)


def read_pack(path: Path, report: Report) -> Pack | None:
    """Read the files of a pack; `None` where so little can be read that the rest says nothing."""
    sources = [read_file(file, report) for file in pack_files(path)]
    if not sources:
        report.add(messages.empty_pack(Span(Source(str(path), ""), 0, 0)))
    nodes = [None if source is None else read_document(source, report) for source in sources]
    return _build(nodes, report)


def read_sources(sources: Iterable[Source], report: Report) -> Pack | None:
    """The same for texts that are in memory."""
    return _build([read_document(source, report) for source in sources], report)


_File = tuple[document.Mapping, PolicyFile]
"""A file as YAML gives it, and as a policy."""


def _build(nodes: Sequence[Node | None], report: Report) -> Pack | None:
    files: list[_File] = []
    for node in nodes:
        policy = None if node is None else Record(PolicyFile).read(node, report)
        if isinstance(node, document.Mapping) and isinstance(policy, PolicyFile):
            files.append((node, policy))
    if not files or len(files) < len(nodes):
        return None
    policy = _merge(files, report)
    if any(_is_lost(file, name) for file in files for name in _NAMING):
        return None
    trees = [node for node, _ in files]
    return Pack(policy, _ladders(trees), _content(trees))


def _is_lost(file: _File, name: str) -> bool:
    """Whether a section is there and could not be read at all."""
    node, policy = file
    return node.get(name) is not None and getattr(policy, name) is None


def _merge(files: Sequence[_File], report: Report) -> PolicyFile:
    names = [policy.policy for _, policy in files if policy.policy is not None]
    if not any(node.get("policy") for node, _ in files):
        report.add(messages.header(0, files[0][1].span))
    elif len(names) > 1:
        report.add(messages.header(len(names), names[1].span))
    values = {
        one.name: _together(name, one.name, files, report)
        for name, one in keys_of(PolicyFile).items()
    }
    merged = PolicyFile(span=files[0][1].span, **values)
    for section, noun in _NOUNS.items():
        _once(noun, getattr(merged, section) or (), report)
    _once("drafts", merged.reply_drafts.rules if merged.reply_drafts else (), report)
    return merged


def _together(name: str, attribute: str, files: Sequence[_File], report: Report) -> Any:
    """What all files say under one key."""
    given = [value for _, policy in files if (value := getattr(policy, attribute)) is not None]
    if name in _NOUNS:
        return tuple(entry for value in given for entry in value) if given else None
    places = [entry.key.span for node, _ in files for entry in node.entries if entry.name == name]
    for place in places[1:] if name != "policy" else ():
        report.add(messages.same_name("keys", name, place, places[0]))
    return given[0] if given else None


def _once(noun: str, entries: tuple[Any, ...], report: Report) -> None:
    """Report names that stand twice in a section."""
    first: dict[str, Embedded] = {}
    for entry in entries:
        name = entry.key if isinstance(entry, Named) else _own_name(entry)
        known = None if name is None else first.setdefault(name.text, name)
        if name is not None and known is not None and known is not name:
            report.add(messages.same_name(noun, name.text, name.span, known.span))


def _own_name(entry: Any) -> Embedded | None:
    found = (getattr(entry, key, None) for key in _NAME_KEYS)
    return next((name for name in found if isinstance(name, Embedded)), None)


def _ladders(trees: Iterable[document.Mapping]) -> frozenset[str]:
    """The names of all ladders, also of those that could not be read."""
    sections = [tree.get("escalations") for tree in trees]
    items = [item for s in sections if isinstance(s, document.Sequence) for item in s.items]
    names = [item.get("ladder") for item in items if isinstance(item, document.Mapping)]
    return frozenset(name.text.text for name in names if isinstance(name, Scalar))


# ------------------------------------------------------------------------ content


def _content(trees: Iterable[document.Mapping]) -> Mapping[str, Any]:
    """What all files say together, whichever file says it."""
    content: dict[str, Any] = {}
    for tree in trees:
        for entry in tree.entries:
            content[entry.name] = _joined(content.get(entry.name), plain(entry.value))
    return content


def _joined(first: Any, more: Any) -> Any:
    if isinstance(first, dict) and isinstance(more, dict):
        return first | more
    return [*first, *more] if isinstance(first, list) and isinstance(more, list) else more


def plain(node: Node) -> Any:
    """The content of a node without places, comments and layout."""
    if isinstance(node, document.Mapping):
        return {entry.name: plain(entry.value) for entry in node.entries}
    if isinstance(node, document.Sequence):
        return [plain(item) for item in node.items]
    assert isinstance(node, Scalar)  # noqa: S101  # there is no fourth kind of node
    return None if node.value is None else f"{type(node.value).__name__}:{node.text.text}"
