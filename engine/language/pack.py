"""Packs: the files of one policy, read and merged into one authored policy."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from . import document
from .authored import VARIED, PolicyFile
from .authored.catalog import CatalogEntry
from .content import TERMS, content_of, is_header
from .diagnostics import Diagnostic, Report
from .document import Node, Scalar
from .messages import overlays as overlay_messages
from .messages import shape as messages
from .overlays import Layering
from .reader import read_document, read_file
from .shapes import Named, Record, keys_of
from .shelves import Folders, Memory, pack_files
from .source import Embedded, Source, Span

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
    "remedies": "remedies",
}
"""Sections that several files may add to, and what messages call their entries.

Every other key stands in one file only.
"""

_NAMING = ("lists", "tables", "define", "measures", "violations", "actions", "escalations")
"""Sections whose names other sections use."""

_NAMES_ONCE = ("lists", "tables", "define")
"""Sections of which no two entries have one name; of others there may be variants."""


@dataclass(frozen=True, slots=True)
class Pack:
    """A policy as authored, all files merged, and its plain content for the digest.

    `ladders` are the names of all ladders, of those with mistakes too; `regions` are those that the
    pack or one that it extends names; `below` are the sources, by `id`, of the latter.
    `versions` are the files that say when their entries apply or what their version is, by source.
    """

    policy: PolicyFile
    ladders: frozenset[str]
    content: Mapping[str, Any]
    regions: frozenset[str] = frozenset()
    below: frozenset[int] = frozenset()
    versions: Mapping[int, PolicyFile] = field(default_factory=dict)


def read_pack(path: Path, report: Report) -> Pack | None:
    """Read the files of a pack; `None` where so little can be read that the rest says nothing."""
    sources = [read_file(file, report) for file in pack_files(path)]
    if not sources:
        report.add(messages.empty_pack(Span(Source(str(path), ""), 0, 0)))
    nodes = [None if source is None else read_document(source, report) for source in sources]
    return _build(nodes, Layering(Folders(path), report))


def read_sources(
    sources: Iterable[Source], report: Report, packs: Mapping[str, Sequence[Source]] | None = None
) -> Pack | None:
    """The same for texts that are in memory; `packs` are those that they may extend, by path."""
    nodes = [read_document(source, report) for source in sources]
    return _build(nodes, Layering(Memory(packs or {}), report))


_File = tuple[document.Mapping, PolicyFile]
"""A file as YAML gives it, and as a policy."""


def _build(nodes: Sequence[Node | None], layering: Layering) -> Pack | None:
    trees = tuple(node for node in nodes if isinstance(node, document.Mapping))
    report, layers = layering.report, None
    if trees and len(trees) == len(nodes):
        layers = layering.lay(trees)
    if layers is None:  # what can be said about each file is said all the same
        for node in nodes:
            if node is not None:
                Record(PolicyFile).read(node, report)
        return None
    files = []
    for tree in layers.trees:
        policy = Record(PolicyFile).read(tree, report)
        if isinstance(policy, PolicyFile):
            files.append((tree, policy))
    if len(files) < len(layers.trees) or any(policy.extend is not None for _, policy in files):
        return None
    policy = _merge(files, layers.own, report)
    if any(_is_lost(file, name) for file in files for name in _NAMING):
        return None
    trees, below = layers.trees, _sources(files[: -layers.own])
    versions = {id(tree.span.source): file for tree, file in files if _has_terms(tree)}
    return Pack(policy, _ladders(trees), content_of(trees), layers.regions, below, versions)


def _has_terms(tree: document.Mapping) -> bool:
    """Whether a file, not the one with the policy's name, has a version or dates of its own."""
    return not is_header(tree) and any(tree.get(name) is not None for name in TERMS)


def _is_lost(file: _File, name: str) -> bool:
    """Whether a section is there and could not be read at all."""
    node, policy = file
    return node.get(name) is not None and getattr(policy, name) is None


def _merge(files: Sequence[_File], own: int, report: Report) -> PolicyFile:
    """All files as one; the last `own` of them are those of the pack on top."""
    top = files[-own:]
    names = [policy.policy for _, policy in top if policy.policy is not None]
    if not any(node.get("policy") for node, _ in top):
        report.add(messages.header(0, top[0][1].span))
    elif len(names) > 1:
        report.add(messages.header(len(names), names[1].span))
    values = {
        one.name: _together(name, one.name, files, report)
        for name, one in keys_of(PolicyFile).items()
    }
    merged = PolicyFile(span=files[0][1].span, **values)
    below = _sources(files[:-own])
    for section in _NAMES_ONCE:
        _once(_NOUNS[section], getattr(merged, section) or (), below, report)
    if merged.catalog is not None:
        _once("kinds", merged.catalog.entities or (), below, report)
        _once("events", merged.catalog.events or (), below, report)
    return merged


def _together(name: str, attribute: str, files: Sequence[_File], report: Report) -> Any:
    """What all files say under one key; of terms, what the one with the policy's name says."""
    if name in TERMS:
        files = [file for file in files if is_header(file[0])]
    given = [value for _, policy in files if (value := getattr(policy, attribute)) is not None]
    if name in _NOUNS:
        entries = [entry for value in given for entry in value]
        return tuple(_flat(entries) if name in VARIED else entries) if given else None
    if name == "catalog":
        return _one_catalog(given)
    places = [entry.key.span for node, _ in files for entry in node.entries if entry.name == name]
    for place in places[1:] if name != "policy" else ():
        report.add(messages.same_name("keys", name, place, places[0]))
    return given[0] if given else None


def _flat(entries: Iterable[Named]) -> Iterator[Named]:
    """The entries of a section one by one, a list of variants as several of one name."""
    for named in entries:
        if isinstance(named.value, tuple) and named.value:
            yield from (Named(named.key, value, is_variant=True) for value in named.value)
        else:
            yield Named(named.key, named.value or None)


def _sources(files: Iterable[_File]) -> frozenset[int]:
    """The sources of some files, by `id`: those of two packs may have one name."""
    return frozenset(id(tree.span.source) for tree, _ in files)


def _one_catalog(given: Sequence[CatalogEntry]) -> CatalogEntry | None:
    """What several files add to the catalog."""
    if len(given) <= 1:
        return given[0] if given else None
    return CatalogEntry(
        span=given[0].span,
        broken=frozenset().union(*(one.broken for one in given)),
        entities=_joined(entry for one in given for entry in one.entities or ()),
        events=_joined(entry for one in given for entry in one.events or ()),
    )


def _joined(entries: Iterable[Named]) -> tuple[Named, ...]:
    """What several files add; where they only add fields to one thing, their fields together."""
    found: list[Named] = []
    places: dict[str, int] = {}
    for entry in entries:
        place = places.setdefault(entry.key.text, len(found))
        if place == len(found):
            found.append(entry)
        elif _only_fields(entry) and _only_fields(found[place]):
            first = found[place]
            fields = (*(first.value.fields or ()), *(entry.value.fields or ()))
            found[place] = replace(first, value=replace(first.value, fields=fields))
        else:
            found.append(entry)
    return tuple(found)


def _only_fields(entry: Named) -> bool:
    """Whether an entry says nothing but further fields of what is there already."""
    if entry.value is None:
        return False
    record: type = type(entry.value)
    said = {one.name for one in keys_of(record).values() if getattr(entry.value, one.name)}
    return said == {"fields"}


def _once(noun: str, entries: tuple[Named, ...], below: frozenset[int], report: Report) -> None:
    """Report names that stand twice in a section; `below` are the sources of extended packs."""
    first: dict[str, Embedded] = {}
    for entry in entries:
        name, known = entry.key, first.setdefault(entry.key.text, entry.key)
        if known is not name:
            report.add(twice(noun, name, known, below))


def twice(noun: str, name: Embedded, first: Embedded, below: frozenset[int]) -> Diagnostic:
    """What to say of a name that stands twice, in one pack or also in one that is extended."""
    is_below = id(first.span.source) in below and id(name.span.source) not in below
    say = overlay_messages.already_there if is_below else messages.same_name
    return say(noun, name.text, name.span, first.span)


def _ladders(trees: Iterable[document.Mapping]) -> frozenset[str]:
    """The names of all ladders, also of those that could not be read."""
    sections = [tree.get("escalations") for tree in trees]
    items = [item for s in sections if isinstance(s, document.Sequence) for item in s.items]
    names = [item.get("ladder") for item in items if isinstance(item, document.Mapping)]
    return frozenset(name.text.text for name in names if isinstance(name, Scalar))
