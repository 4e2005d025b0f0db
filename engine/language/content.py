"""What a pack says, as plain data without places: the same for packs that say the same."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from . import document
from .document import Node, Scalar

TERMS = ("version", "effective")
"""What a file says about its entries, unless it is the one with the policy's name."""

_FILE = "@file"
"""Stands in entries of files with terms of their own; no key can be called so."""


def is_header(tree: document.Mapping) -> bool:
    """Whether a file names the policy, and so says what holds for all others."""
    return tree.get("policy") is not None


def content_of(trees: Iterable[document.Mapping]) -> Mapping[str, Any]:
    """What all files say together, whichever file says it."""
    content: dict[str, Any] = {}
    for tree in trees:
        terms = {} if is_header(tree) else _terms(tree)
        for entry in tree.entries:
            if entry.name not in terms:
                value = plain(entry.value)
                said = _under(value, terms) if terms else value
                content[entry.name] = _joined(content.get(entry.name), said)
    return content


def _terms(tree: document.Mapping) -> dict[str, Any]:
    return {entry.name: plain(entry.value) for entry in tree.entries if entry.name in TERMS}


def _under(value: Any, terms: Mapping[str, Any]) -> Any:
    """A section of a file with terms of its own: they go for each of its entries."""
    if isinstance(value, list):
        return [_under(item, terms) for item in value]
    if isinstance(value, dict):
        inner = {name: _under(each, terms) for name, each in value.items()}
        return inner | {_FILE: terms} if _is_entry(value) else inner
    return value


def _is_entry(value: Mapping[str, Any]) -> bool:
    """Whether a mapping holds plain values, as entries do, and not only further mappings."""
    return any(not isinstance(each, dict | list) for each in value.values())


def _joined(first: Any, more: Any) -> Any:
    if isinstance(first, dict) and isinstance(more, dict):
        both = {name: [*_many(first[name]), *_many(more[name])] for name in first if name in more}
        return first | more | both
    return [*first, *more] if isinstance(first, list) and isinstance(more, list) else more


def _many(value: Any) -> list[Any]:
    """The variants that stand under a name."""
    return value if isinstance(value, list) else [value]


def plain(node: Node) -> Any:
    """The content of a node without places, comments and layout."""
    if isinstance(node, document.Mapping):
        return {entry.name: plain(entry.value) for entry in node.entries}
    if isinstance(node, document.Sequence):
        return [plain(item) for item in node.items]
    assert isinstance(node, Scalar)  # noqa: S101  # there is no fourth kind of node
    return None if node.value is None else f"{type(node.value).__name__}:{node.text.text}"
