"""Overrides: single entries of an extended pack disabled, replaced in part, or made longer.

It is done to the document nodes, before anybody asks what they mean. So a mistake in what an
overlay says is found where the overlay says it, and one in what the other pack says, there.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from . import document
from .authored.overrides import KINDS, OverrideEntry
from .diagnostics import Diagnostic, Report
from .document import Entry, Node, Scalar
from .messages import overlays as messages
from .messages.shape import shorten
from .shapes import Many, Record
from .source import Embedded, Span

LISTED = {
    "review_rules": "rule",
    "reply_rules": "rule",
    "report_rules": "rule",
    "event_rules": "rule",
    "thresholds": "threshold",
    "escalations": "ladder",
    "appeals": "appeal",
    "remedies": "remedy",
}
"""Sections that are lists, and the key that names their entries."""

NAMED = {
    "measures": "measure",
    "violations": "violation",
    "actions": "action",
    "lists": "list",
    "tables": "table",
    "define": "define",
}
"""Sections that go by name, and what their entries are."""

INNER = {"reply_drafts": ("rules", "draft"), "notices": ("entries", "notice")}
"""Sections with keys of their own: the one under which their list stands, and the key that names
its entries."""

_TAKEN_OUT = frozenset({"measure", "list", "table", "define"})
"""What has no status: disabled, it is gone."""

_LIST = "list"
_WITH_KEYS = frozenset(KINDS) - {_LIST, "define"}
"""What is written as keys with values."""


@dataclass(frozen=True, slots=True)
class Change:
    """What becomes of one entry."""

    kind: str
    name: Embedded
    entry: OverrideEntry


Changes = Mapping[tuple[str, str], Change]
"""By kind and name."""


def changes_of(nodes: Iterable[Node], report: Report) -> Changes:
    """The overrides of a pack; what says nothing that can be done is reported and left out."""
    found: dict[tuple[str, str], Change] = {}
    for node in nodes:
        for entry in Many(Record(OverrideEntry)).read(node, report) or ():
            change = _change(entry, report)
            if change is None:
                continue
            first = found.setdefault((change.kind, change.name.text), change)
            if first is not change:
                name, place = change.name, first.name.span
                report.add(messages.overridden_twice(change.kind, name.text, name.span, place))
    return found


def _change(entry: OverrideEntry, report: Report) -> Change | None:
    names = {kind: getattr(entry, kind if kind != "list" else "list_") for kind in KINDS}
    given = {kind: name for kind, name in names.items() if name is not None}
    if len(given) != 1:
        if not entry.broken & {*KINDS, "list_"}:
            report.add(messages.names_not_one(KINDS, len(given), entry.span))
        return None
    ((kind, name),) = given.items()
    return Change(kind, name, entry) if _is_sound(kind, name, entry, report) else None


def _is_sound(kind: str, name: Embedded, entry: OverrideEntry, report: Report) -> bool:
    """Whether an override says one thing that can be done to something of its kind."""
    disabled = entry.disable is not None and entry.disable.value
    changed = entry.replace is not None or entry.append is not None
    if entry.broken:
        return False
    if disabled is changed:
        report.add(messages.does_not_one(disabled + changed, name.span))
        return False
    return _has_keys(kind, entry, report) and _once(entry, report)


def _has_keys(kind: str, entry: OverrideEntry, report: Report) -> bool:
    """Whether keys stand where keys are needed, and the name is none of them."""
    for node in (entry.replace, entry.append):
        if node is None or kind not in _WITH_KEYS:
            continue
        if not isinstance(node, document.Mapping):
            fix = f"write keys of the {kind} with their values"
            report.add(messages.not_so(f"a {kind} consists of keys", _start(node), fix))
            return False
        name = _entry(node, kind) if kind not in NAMED.values() else None
        if name is not None:
            fix = "keep the name; disable this one, and write another"
            report.add(messages.not_so("an override cannot rename", name.key.span, fix))
            return False
    return True


def _once(entry: OverrideEntry, report: Report) -> bool:
    """Whether no key is replaced and made longer at once."""
    if entry.replace is None or entry.append is None:
        return True
    replaced = _names(entry.replace)
    if not replaced:
        report.add(messages.both_ways("all of it", _start(entry.append)))
    twice = [one for one in _entries(entry.append) if one.name in replaced]
    for one in twice:
        report.add(messages.both_ways(one.name, one.key.span))
    return bool(replaced) and not twice


def _entries(node: Node) -> tuple[Entry, ...]:
    return node.entries if isinstance(node, document.Mapping) else ()


def _names(node: Node) -> set[str]:
    return {one.name for one in _entries(node)}


def _entry(node: document.Mapping, name: str) -> Entry | None:
    return next((one for one in node.entries if one.name == name), None)


def _start(node: Node) -> Span:
    span = node.span
    return span if isinstance(node, Scalar) else dataclasses.replace(span, end=span.start + 1)


# --------------------------------------------------------------------- doing it


def overridden(
    trees: Sequence[document.Mapping], changes: Changes, report: Report
) -> tuple[document.Mapping, ...]:
    """The files of the extended pack as an overlay changes them."""
    overriding = Overriding(changes, report)
    changed = tuple(overriding.tree(tree) for tree in trees)
    overriding.report_unknown()
    return changed


class Overriding:
    """Going through the files of a pack once, changing what is to be changed."""

    def __init__(self, changes: Changes, report: Report) -> None:
        """Begin with nothing seen."""
        self._changes = changes
        self._report = report
        self._seen: dict[str, dict[str, None]] = {kind: {} for kind in KINDS}

    def report_unknown(self) -> None:
        """Report changes of what was not there."""
        for (kind, name), change in self._changes.items():
            if name not in self._seen[kind]:
                other = next((one for one, names in self._seen.items() if name in names), None)
                known, place = self._seen[kind], change.name.span
                self._report.add(messages.nothing_of_that_name(kind, name, known, other, place))

    def tree(self, tree: document.Mapping) -> document.Mapping:
        """A file as it is now."""
        return _rebuilt(tree, (self._section(entry) for entry in tree.entries))

    def _section(self, entry: Entry) -> Entry:
        if entry.name in LISTED:
            return _with(entry, self._items(LISTED[entry.name], entry.value))
        if entry.name in NAMED and isinstance(entry.value, document.Mapping):
            kind = NAMED[entry.name]
            pairs = (self._pair(kind, pair) for pair in entry.value.entries)
            return _with(entry, _rebuilt(entry.value, (one for one in pairs if one is not None)))
        if entry.name in INNER and isinstance(entry.value, document.Mapping):
            inner = (self._inner(one, *INNER[entry.name]) for one in entry.value.entries)
            return _with(entry, _rebuilt(entry.value, inner))
        return entry

    def _inner(self, entry: Entry, listed: str, kind: str) -> Entry:
        if entry.name != listed:
            return entry
        return _with(entry, self._items(kind, entry.value))

    def _items(self, kind: str, node: Node) -> Node:
        if not isinstance(node, document.Sequence):
            return node
        return dataclasses.replace(node, items=tuple(self._item(kind, one) for one in node.items))

    def _item(self, kind: str, node: Node) -> Node:
        name = node.get(kind) if isinstance(node, document.Mapping) else None
        change = self._found(kind, name.text.text) if isinstance(name, Scalar) else None
        return node if change is None else self._changed(node, change)

    def _found(self, kind: str, name: str) -> Change | None:
        self._seen[kind][name] = None
        return self._changes.get((kind, name))

    def _pair(self, kind: str, pair: Entry) -> Entry | None:
        """A name with what stands under it; nothing if that is taken out."""
        change = self._found(kind, pair.name)
        if change is None:
            return pair
        if change.entry.disable is not None and kind in _TAKEN_OUT:
            return None
        value = self._changed(pair.value, change)
        if kind == "define":  # so that the name and the value stand in one file
            name = change.name
            return Entry(Scalar(name.span, name.text, name), value)
        return _with(pair, value)

    def _changed(self, node: Node, change: Change) -> Node:
        if isinstance(node, document.Sequence) and change.kind in _WITH_KEYS:
            return dataclasses.replace(
                node, items=tuple(self._changed(one, change) for one in node.items)
            )
        entry = change.entry
        if entry.disable is not None:
            return _disabled(node, entry.disable.span)
        if entry.replace is not None:
            if change.kind == _LIST and _loses_languages(node, entry.replace):
                self._report.add(_by_language(node, entry.replace, change.name.text))
                return node
            node = _replaced(node, entry.replace)
        return node if entry.append is None else self._longer(node, entry.append, change.name.text)

    def _longer(self, node: Node, more: Node, name: str) -> Node:
        """A list, or a mapping with lists, with what comes behind."""
        if isinstance(node, document.Sequence) and isinstance(more, document.Sequence):
            return dataclasses.replace(node, items=(*node.items, *more.items))
        if isinstance(node, document.Mapping) and isinstance(more, document.Mapping):
            added = {one.name: one for one in more.entries}
            kept = [
                _with(one, self._longer(one.value, added.pop(one.name).value, one.name))
                if one.name in added
                else one
                for one in node.entries
            ]
            return _rebuilt(node, (*kept, *added.values()))
        self._report.add(_cannot_grow(node, more, name))
        return node


def _loses_languages(node: Node, by: Node) -> bool:
    """Whether words would take the place of a list by language."""
    return isinstance(node, document.Mapping) and not isinstance(by, document.Mapping)


def _by_language(node: Node, by: Node, name: str) -> Diagnostic:
    language = next(iter(_entries(node))).name if _entries(node) else "en"
    problem = f"`{shorten(name)}` has words by language, and this would take all of them away"
    fix = f"name the language, such as `replace: {{{shorten(language)}: [...]}}`"
    return messages.not_so(problem, _start(by), fix)


def _cannot_grow(node: Node, more: Node, name: str) -> Diagnostic:
    if isinstance(node, Scalar):
        problem, fix = f"`{name}` has one value already", "write it under `replace`"
    elif isinstance(node, document.Sequence):
        problem, fix = f"`{name}` is a list", "append a list, such as `[one, two]`"
    else:
        problem, fix = f"`{name}` is no list but keys with values", "append keys with their values"
    return messages.not_so(problem, _start(more), fix)


def _with(entry: Entry, value: Node) -> Entry:
    return dataclasses.replace(entry, value=value)


def _rebuilt(node: document.Mapping, entries: Iterable[Entry]) -> document.Mapping:
    return dataclasses.replace(node, entries=tuple(entries))


def _replaced(node: Node, by: Node) -> Node:
    """A node with other values for some of its keys, or another one."""
    if not isinstance(node, document.Mapping) or not isinstance(by, document.Mapping):
        return by
    values = {one.name: one for one in by.entries}
    kept = [values.pop(one.name, one) for one in node.entries]
    return _rebuilt(node, (*kept, *values.values()))


def _disabled(node: Node, span: Span) -> Node:
    """An entry with the status `disabled`, at the place of what says so."""
    return _replaced(node, document.Mapping(span, (_pair("status", "disabled", span),)))


def _pair(key: str, value: str, span: Span) -> Entry:
    return Entry(_scalar(key, span), _scalar(value, span))


def _scalar(text: str, span: Span) -> Scalar:
    """A text that nobody wrote, at the place of what means it."""
    places = [span.start] * len(text)
    return Scalar(span, text, Embedded(text, span, places, [span.end] * len(text)))
