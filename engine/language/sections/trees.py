"""Walking syntax trees without knowing their kinds."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator, Mapping
from itertools import chain

from ..functions import PICK
from ..source import Span
from ..syntax import Call, In, Name, Node


def parts(tree: Node) -> Iterator[Node]:
    """A tree and everything below it, in the author's order, without recursion."""
    waiting: list[object] = [tree]
    while waiting:
        here = waiting.pop()
        if isinstance(here, Node):
            yield here
            waiting.extend(reversed(_children(here)))
        elif isinstance(here, tuple):
            waiting.extend(reversed(here))


def _children(node: Node) -> list[object]:
    return [getattr(node, item.name) for item in dataclasses.fields(node) if item.name != "span"]


def names(tree: Node) -> Iterator[Name]:
    """The names in a tree, in the author's order."""
    return (part for part in parts(tree) if isinstance(part, Name))


def exact_lists(tree: Node) -> set[str]:
    """The names of lists whose entries a tree takes as a whole.

    That is to look values up in them, `product.category in some_list`, or to put one of them into a
    reply, `pick(greetings)`.
    """
    containers = [part.container for part in parts(tree) if isinstance(part, In)]
    calls = (part for part in parts(tree) if isinstance(part, Call))
    picked = (call.arguments for call in calls if call.function.text == PICK)
    return {one.text for one in chain(containers, *picked) if isinstance(one, Name)}


def reached(tree: Node | None, definitions: Mapping[str, Node | None]) -> dict[str, Span]:
    """Every name that a tree speaks of, also through definitions, and where in the tree it does."""
    found: dict[str, Span] = {}
    waiting = [] if tree is None else [(name.text, name.span) for name in names(tree)]
    waiting.reverse()
    while waiting:
        name, span = waiting.pop()
        if name in found:
            continue
        found[name] = span
        body = definitions.get(name)
        if body is not None:
            waiting.extend((inner.text, span) for inner in names(body))
    return found


def place_of(tree: Node, wanted: str, definitions: Mapping[str, Node | None]) -> Span:
    """Where a tree speaks of a name, itself or through a definition."""
    return reached(tree, definitions).get(wanted, tree.span)
