"""A policy file as YAML gives it: mappings, sequences and scalars, each with its place.

The tree knows nothing of policies. Places take no part in equality, so that a test can compare two
trees with `==`.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import Decimal
from typing import TypeAlias

from .source import Embedded, Span

Value: TypeAlias = bool | int | Decimal | str | None
"""What a scalar can be: nothing, true or false, a whole number, a decimal number, or text."""


@dataclass(frozen=True, slots=True)
class Node:
    """A piece of a YAML file."""

    span: Span = field(compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Scalar(Node):
    """A single value: `12`, `4.5`, `true`, `~`, `review.stars <= 2`.

    `text` is the value's characters, whatever its kind, with their places in the file: for a number
    it is the number as written, for nothing at all it is empty.
    """

    value: Value
    text: Embedded


@dataclass(frozen=True, slots=True)
class Sequence(Node):
    """A list: `[TH, VN]`, or one item after each `- `."""

    items: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Entry:
    """A key and its value: `when: review.stars <= 2`."""

    key: Scalar
    value: Node

    @property
    def name(self) -> str:
        """The key's characters."""
        return self.key.text.text

    @property
    def span(self) -> Span:
        """From the start of the key to the end of the value."""
        return self.key.span.to(self.value.span)


@dataclass(frozen=True, slots=True)
class Mapping(Node):
    """Keys with their values, in the order of the file; no key occurs twice."""

    entries: tuple[Entry, ...]

    def get(self, name: str) -> Node | None:
        """The value of a key, or nothing if the mapping does not have it."""
        for entry in self.entries:
            if entry.name == name:
                return entry.value
        return None
