"""Overlays: packs that extend other packs, laid upon each other as document nodes.

What comes out is as if one pack had said it all; each node keeps the place in the file that said
it.
"""

from __future__ import annotations

import dataclasses
import posixpath
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from . import document
from .content import TERMS, is_header
from .diagnostics import Report
from .document import Entry, Node, Scalar
from .messages import overlays as messages
from .messages import shape as shape_messages
from .overriding import INNER, LISTED, NAMED, changes_of, overridden
from .reader import read_document
from .shelves import Shelf
from .source import Source

MOST_LAYERS = 8
"""So many packs may lie upon each other, the one on top among them."""

_EXTEND, _OVERRIDE, _REGIONS, _POLICY = "extend", "override", "regions", "policy"
_JOINED = frozenset({*LISTED, *NAMED, "classify", "catalog", *INNER, _EXTEND, _OVERRIDE})
"""Keys that both packs add to. Of every other one, what the overlay says wins."""

_NOT_RELATIVE = re.compile(r"/|[A-Za-z]:|.*[\\\0]", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Layers:
    """The files of packs that lie upon each other, merged; the `own` of the one on top come last.

    `regions` are all that any of the packs names: what the packs below say about a region that
    the one on top leaves out is no mistake.
    """

    trees: tuple[document.Mapping, ...]
    own: int
    regions: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Layering:
    """Laying packs upon each other: where they are found, and where to report."""

    shelf: Shelf
    report: Report

    def lay(
        self, trees: Sequence[document.Mapping], path: str = "", above: tuple[str, ...] = ()
    ) -> Layers | None:
        """Merge a pack's files with those of the pack that they extend.

        Args:
            trees: What the files hold.
            path: Where the pack lies, seen from the one on top.
            above: The identities of the packs that extend this one.

        Returns:
            Nothing where the other pack cannot be read, so that the rest would say nothing.
        """
        extends, overrides = _entries(trees, _EXTEND), _entries(trees, _OVERRIDE)
        for again in extends[1:]:
            first = extends[0].key.span
            self.report.add(shape_messages.same_name("keys", _EXTEND, again.key.span, first))
        if overrides and not extends:
            self.report.add(messages.nothing_to_override(overrides[0].key.span))
        own = [_without(tree, {_EXTEND, _OVERRIDE}) for tree in trees]
        if not extends:
            return Layers(tuple(own), len(own), _regions(own))
        base = self._base(extends[0].value, path, (*above, self.shelf.identity(path)))
        changes = changes_of((one.value for one in overrides), self.report)
        if base is None:
            return None
        below = overridden(base.trees, changes, self.report)
        return self._upon(dataclasses.replace(base, trees=below), own)

    # ------------------------------------------------------------------ the pack below

    def _base(self, node: Node, path: str, above: tuple[str, ...]) -> Layers | None:
        """The pack that is extended."""
        if not isinstance(node, Scalar) or not isinstance(node.value, str) or not node.value:
            self.report.add(shape_messages.wrong_shape("a path such as `../sea`", node))
            return None
        if _NOT_RELATIVE.match(node.value):
            self.report.add(messages.not_relative(node.value, node.span))
            return None
        there = posixpath.normpath(posixpath.join(self.shelf.folder(path), node.value))
        if self.shelf.identity(there) in above:
            self.report.add(messages.circle(node.value, node.span))
        elif len(above) >= MOST_LAYERS:
            self.report.add(messages.too_many_layers(MOST_LAYERS, node.span))
        else:
            return self._read(node, there, above)
        return None

    def _read(self, node: Scalar, path: str, above: tuple[str, ...]) -> Layers | None:
        sources = self.shelf.find(path, self.report)
        if sources is None:
            in_memory = not self.shelf.has_any
            self.report.add(messages.no_pack(node.text.text, node.span, in_memory=in_memory))
            return None
        trees = [None if one is None else self._tree(one) for one in sources]
        whole = [tree for tree in trees if tree is not None]
        return self.lay(whole, path, above) if len(whole) == len(trees) else None

    def _tree(self, source: Source) -> document.Mapping | None:
        node = read_document(source, self.report)
        if node is not None and not isinstance(node, document.Mapping):
            self.report.add(shape_messages.wrong_shape("the keys of a policy", node))
        return node if isinstance(node, document.Mapping) else None

    # -------------------------------------------------------------------- the pack above

    def _upon(self, base: Layers, own: Sequence[document.Mapping]) -> Layers:
        """Lay the files of an overlay upon what it extends."""
        self._check_regions(base, own)
        said = {one.name for tree in own for one in tree.entries} - {*_JOINED, *TERMS} | {_POLICY}
        own = _with_terms(own, base.trees)
        below = [
            _without(tree, said.union(TERMS) if is_header(tree) else said) for tree in base.trees
        ]
        for section in INNER:
            more = _entries(own, section)
            if len(more) == 1 and _entries(below, section):
                below = [_with_inner(tree, more[0]) for tree in below]
                own = [_without(tree, {section}) for tree in own]
        return Layers((*below, *own), len(own), base.regions | _regions(own))

    def _check_regions(self, base: Layers, own: Sequence[document.Mapping]) -> None:
        """Report regions that the extended pack does not have; one without regions has all."""
        known = _regions(base.trees)
        for name in _region_names(own) if known else ():
            if name.text.text not in known:
                self.report.add(messages.region_beyond(name.text.text, sorted(known), name.span))


def _entries(trees: Iterable[document.Mapping], name: str) -> list[Entry]:
    """The entries of a name, each with its key."""
    return [one for tree in trees for one in tree.entries if one.name == name]


def _without(tree: document.Mapping, names: set[str]) -> document.Mapping:
    left = tuple(one for one in tree.entries if one.name not in names)
    return dataclasses.replace(tree, entries=left)


def _with_terms(
    own: Sequence[document.Mapping], below: Iterable[document.Mapping]
) -> Sequence[document.Mapping]:
    """The files of an overlay, with the terms of the policy below that it does not change."""
    headers = [tree for tree in below if is_header(tree)]
    said = [one for name in TERMS for one in _entries(headers, name)]
    return [_with(tree, said) if is_header(tree) else tree for tree in own]


def _with(tree: document.Mapping, more: Iterable[Entry]) -> document.Mapping:
    """A file with further keys, where it does not have them."""
    added = tuple(one for one in more if tree.get(one.name) is None)
    return dataclasses.replace(tree, entries=(*tree.entries, *added))


def _region_names(trees: Iterable[document.Mapping]) -> list[Scalar]:
    lists = [one.value for one in _entries(trees, _REGIONS)]
    items = [item for one in lists if isinstance(one, document.Sequence) for item in one.items]
    return [item for item in items if isinstance(item, Scalar)]


def _regions(trees: Iterable[document.Mapping]) -> frozenset[str]:
    return frozenset(name.text.text for name in _region_names(trees))


def _with_inner(tree: document.Mapping, more: Entry) -> document.Mapping:
    """A file whose drafts or notices are followed by those of an overlay.

    Their lists are joined, and so is what goes by name in them; of other keys the overlay's win.
    """
    entries = tuple(_joint(one, more) if one.name == more.name else one for one in tree.entries)
    return dataclasses.replace(tree, entries=entries)


def _joint(section: Entry, more: Entry) -> Entry:
    return _inner(section, more, INNER[section.name][0])


def _inner(one: Entry, more: Entry | None, listed: str) -> Entry:
    """A key of a section, or the section itself, with what an overlay says under it."""
    if more is None:
        return one
    value, other = one.value, more.value
    if isinstance(value, document.Mapping) and isinstance(other, document.Mapping):
        return Entry(more.key, _both(value, other, listed))
    if isinstance(value, document.Sequence) and isinstance(other, document.Sequence):
        items = (*value.items, *other.items) if one.name == listed else other.items
        return Entry(more.key, dataclasses.replace(other, items=items))
    return more


def _both(node: document.Mapping, more: document.Mapping, listed: str) -> document.Mapping:
    values = {one.name: one for one in more.entries}
    kept = [_inner(one, values.pop(one.name, None), listed) for one in node.entries]
    return dataclasses.replace(node, entries=(*kept, *values.values()))
