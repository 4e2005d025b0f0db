"""How deep a syntax tree is, found without recursion, so that no depth can hurt."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import fields

from ..syntax import Node


def deeper_than(tree: Node, limit: int) -> Node | None:
    """A node that has `limit` nodes above it, if the tree is as deep as that."""
    waiting = [(tree, 0)]
    while waiting:
        node, above = waiting.pop()
        if above >= limit:
            return node
        waiting.extend((child, above + 1) for child in children(node))
    return None


def children(node: Node) -> Iterator[Node]:
    """The nodes right below a node, in the order in which its fields are declared."""
    for field in fields(node):
        value = getattr(node, field.name)
        if isinstance(value, Node):
            yield value
        elif isinstance(value, tuple):
            yield from (item for item in value if isinstance(item, Node))
