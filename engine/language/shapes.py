"""Shapes: what may stand where in a policy file.

A shape reads a node of a document into an authored value, reporting what does not fit, and prints
itself as JSON Schema. So the schema that editors use and the reader are one description.
"""

from __future__ import annotations

import dataclasses
import difflib
import functools
import re
from collections.abc import Iterable
from collections.abc import Mapping as MappingABC
from dataclasses import dataclass
from typing import Any, Protocol

from .diagnostics import Report
from .document import Entry, Mapping, Node, Scalar, Sequence
from .messages import shape as messages
from .source import Embedded, Span

_LONGEST_KEY = 40
"""So much of a misspelt key is compared with the known ones."""

NAME_PATTERN = r"[a-z][a-z0-9]*([_-][a-z0-9]+)*"
_NAME = re.compile(NAME_PATTERN)

Schema = dict[str, Any]


class Shape(Protocol):
    """What may stand at one place."""

    @property
    def noun(self) -> str:
        """What messages call it, with an article."""
        ...

    def read(self, node: Node, report: Report) -> Any:
        """The authored value, or `None` after reporting why there is none."""
        ...

    def schema(self) -> Schema:
        """The JSON Schema of the same thing."""
        ...


@dataclass(frozen=True, slots=True)
class Whole:
    """A whole number and its place."""

    value: int
    span: Span


@dataclass(frozen=True, slots=True)
class Flag:
    """A yes-or-no value and its place."""

    value: bool
    span: Span


@dataclass(frozen=True, slots=True)
class Named:
    """One entry of a mapping whose keys the author chose.

    The value is `None` where it did not fit, which has been reported: the name is known all the
    same, so that what refers to it is not reported too.
    """

    key: Embedded
    value: Any
    is_variant: bool = False

    @property
    def name(self) -> Embedded:
        """The name at the place of the entry, which is its own where several share the name."""
        return dataclasses.replace(self.key, span=self.value.span) if self.is_variant else self.key


def fitting(entries: Iterable[Named] | None) -> list[Named]:
    """The entries whose values could be read."""
    return [entry for entry in entries or () if entry.value is not None]


def _text(node: Node) -> Embedded | None:
    """The characters of a scalar that is neither empty nor null."""
    if isinstance(node, Scalar) and node.value is not None:
        return node.text
    return None


@dataclass(frozen=True, slots=True)
class Line:
    """A text, written as text: a number has to be quoted, so that `1.10` stays `1.10`."""

    noun: str = "a text"

    def read(self, node: Node, report: Report) -> Embedded | None:
        """The text with its places."""
        if isinstance(node, Scalar) and isinstance(node.value, str) and node.value.strip():
            return node.text
        if isinstance(node, Scalar) and not isinstance(node.value, str | None):
            report.add(messages.unquoted(node.text.text, node.span))
        else:
            report.add(messages.wrong_shape(self.noun, node))
        return None

    def schema(self) -> Schema:
        """Any text that is not blank."""
        return {"type": "string", "pattern": r"\S"}


@dataclass(frozen=True, slots=True)
class Name:
    """A name of a rule, list, measure, ...: lower case words joined by `-` or `_`."""

    noun: str = "a name"

    def read(self, node: Node, report: Report) -> Embedded | None:
        """The name with its place."""
        if not isinstance(node, Scalar) or node.value is None:
            report.add(messages.wrong_shape(self.noun, node))
            return None
        if not isinstance(node.value, str) or not _NAME.fullmatch(node.value):
            report.add(messages.bad_name(node.text.text, node.span))
            return None
        return node.text

    def schema(self) -> Schema:
        """A text that is a name."""
        return {"type": "string", "pattern": f"^{NAME_PATTERN}$"}


@dataclass(frozen=True, slots=True)
class Phrase:
    """A text with grammar of its own, which a parser reads later."""

    noun: str
    example: str

    def read(self, node: Node, report: Report) -> Embedded | None:
        """The unparsed text with its places; numbers and `true` are read as written."""
        text = _text(node)
        if text is None:
            report.add(messages.wrong_shape(f"{self.noun} such as `{self.example}`", node))
        return text

    def schema(self) -> Schema:
        """A text, number or truth value, with an example."""
        return {"type": ["string", "number", "boolean"], "examples": [self.example]}


@dataclass(frozen=True, slots=True)
class Integer:
    """A whole number between two bounds."""

    low: int
    high: int
    noun: str = "a whole number"

    def read(self, node: Node, report: Report) -> Whole | None:
        """The number with its place."""
        is_number = isinstance(node, Scalar) and type(node.value) is int
        if not (isinstance(node, Scalar) and is_number and isinstance(node.value, int)):
            report.add(messages.wrong_shape(self.noun, node))
            return None
        if not self.low <= node.value <= self.high:
            report.add(messages.out_of_bounds(node.value, self.low, self.high, node.span))
            return None
        return Whole(node.value, node.span)

    def schema(self) -> Schema:
        """An integer with bounds."""
        return {"type": "integer", "minimum": self.low, "maximum": self.high}


@dataclass(frozen=True, slots=True)
class Truth:
    """`true` or `false`."""

    noun: str = "`true` or `false`"

    def read(self, node: Node, report: Report) -> Flag | None:
        """The value with its place."""
        if isinstance(node, Scalar) and isinstance(node.value, bool):
            return Flag(node.value, node.span)
        report.add(messages.wrong_shape(self.noun, node))
        return None

    def schema(self) -> Schema:
        """A boolean."""
        return {"type": "boolean"}


@dataclass(frozen=True, slots=True)
class Choice:
    """One of a few words."""

    words: tuple[str, ...]

    @property
    def noun(self) -> str:
        """The words, as messages list them."""
        return " or ".join(f"`{word}`" for word in self.words)

    def read(self, node: Node, report: Report) -> Embedded | None:
        """The word with its place."""
        text = _text(node)
        if text is None:
            report.add(messages.wrong_shape(self.noun, node))
            return None
        if text.text not in self.words:
            report.add(messages.unknown_word(text.text, self.words, text.span))
            return None
        return text

    def schema(self) -> Schema:
        """An enumeration."""
        return {"enum": list(self.words)}


@dataclass(frozen=True, slots=True)
class Anything:
    """Anything at all; what it has to be depends on something else."""

    noun: str = "a value"

    def read(self, node: Node, report: Report) -> Node | None:
        """The node as it stands, unless it is nothing."""
        if isinstance(node, Scalar) and node.value is None:
            report.add(messages.wrong_shape(self.noun, node))
            return None
        return node

    def schema(self) -> Schema:
        """No bounds but that there is something."""
        return {"not": {"type": "null"}}


@dataclass(frozen=True, slots=True)
class Many:
    """A list of things of one shape; what does not fit is reported and left out."""

    item: Shape
    at_least: int = 0

    @property
    def noun(self) -> str:
        """What it is a list of."""
        return f"a list, each entry {self.item.noun}"

    def read(self, node: Node, report: Report) -> tuple[Any, ...] | None:
        """The entries that fit."""
        if not isinstance(node, Sequence):
            is_entry = self.item.read(node, Report()) is not None
            say = messages.no_list if is_entry else messages.wrong_shape
            report.add(say(self.noun, node))
            return None
        if len(node.items) < self.at_least:
            report.add(messages.without_entries(self.noun, node))
            return None
        values = (self.item.read(item, report) for item in node.items)
        return tuple(value for value in values if value is not None)

    def schema(self) -> Schema:
        """An array."""
        least = {"minItems": self.at_least} if self.at_least else {}
        return {"type": "array", "items": self.item.schema(), **least}


@dataclass(frozen=True, slots=True)
class Table:
    """A mapping whose keys the author chooses."""

    value: Shape
    key: Shape = Name()
    at_least: int = 0

    @property
    def noun(self) -> str:
        """What it maps to."""
        return f"a mapping from {self.key.noun} to {self.value.noun}"

    def read(self, node: Node, report: Report) -> tuple[Named, ...] | None:
        """The entries whose keys fit, in the author's order."""
        if not isinstance(node, Mapping):
            report.add(messages.wrong_shape(self.noun, node))
            return None
        if len(node.entries) < self.at_least:
            report.add(messages.without_entries(self.noun, node))
            return None
        pairs = (
            (self.key.read(entry.key, report), self.value.read(entry.value, report))
            for entry in node.entries
        )
        return tuple(Named(key, value) for key, value in pairs if key is not None)

    def schema(self) -> Schema:
        """An object with any keys that fit."""
        pattern = self.key.schema().get("pattern")
        names = {"propertyNames": {"pattern": pattern}} if pattern else {}
        least = {"minProperties": self.at_least} if self.at_least else {}
        return {"type": "object", "additionalProperties": self.value.schema(), **names, **least}


@dataclass(frozen=True, slots=True)
class Either:
    """One of several shapes, told apart by what kind of node stands there."""

    scalar: Shape | None = None
    sequence: Shape | None = None
    mapping: Shape | None = None

    @property
    def noun(self) -> str:
        """The possibilities."""
        if isinstance(self.sequence, Many) and self.sequence.item == self.mapping:
            return f"{self.mapping.noun}, or a list of such"
        return ", or ".join(shape.noun for shape in self._shapes())

    def _shapes(self) -> list[Shape]:
        return [s for s in (self.scalar, self.sequence, self.mapping) if s is not None]

    def read(self, node: Node, report: Report) -> Any:
        """Whatever the fitting shape reads."""
        fitting = {Scalar: self.scalar, Sequence: self.sequence, Mapping: self.mapping}[type(node)]
        if fitting is None:
            report.add(messages.wrong_shape(self.noun, node))
            return None
        return fitting.read(node, report)

    def schema(self) -> Schema:
        """Any of the shapes."""
        return {"anyOf": [shape.schema() for shape in self._shapes()]}


@dataclass(frozen=True, slots=True)
class Key:
    """One key of a record: where its value goes, its shape, whether it has to be there."""

    name: str
    shape: Shape
    required: bool
    doc: str


def key(shape: Shape, doc: str, *, required: bool = False) -> Any:
    """A dataclass field that is a key of a record; a missing optional one is `None`."""
    metadata = {"shape": shape, "doc": doc, "required": required}
    if required:
        return dataclasses.field(metadata=metadata)
    return dataclasses.field(default=None, metadata=metadata)


@functools.cache
def keys_of(record: type) -> MappingABC[str, Key]:
    """The keys of a record class by name; `as_` is the key `as`."""
    found = {}
    for item in dataclasses.fields(record):
        if "shape" in item.metadata:
            name = item.name.removesuffix("_")
            data = item.metadata
            found[name] = Key(item.name, data["shape"], data["required"], data["doc"])
    return found


@dataclass(frozen=True, slots=True, kw_only=True)
class Authored:
    """A record that knows which of its keys were written and could not be read."""

    span: Span = dataclasses.field(compare=False, repr=False)
    broken: frozenset[str] = dataclasses.field(default=frozenset(), repr=False)

    def lacks(self, name: str) -> bool:
        """Whether the author has not written a key at all; a value that is wrong is reported."""
        return getattr(self, name) is None and name not in self.broken


@dataclass(frozen=True, slots=True)
class Record:
    """A mapping with known keys, read into a frozen dataclass that has a `span`."""

    into: type

    @property
    def noun(self) -> str:
        """The keys that it cannot do without."""
        needed = [f"`{name}`" for name, one in keys_of(self.into).items() if one.required]
        if needed:
            return f"a mapping with {' and '.join(needed)}"
        own = next(iter(self.into.__annotations__), "").removesuffix("_")
        return f"keys with values, such as `{own}: …`"

    def read(self, node: Node, report: Report) -> Any:
        """The record, or `None` where a key that it needs is missing or wrong."""
        if not isinstance(node, Mapping):
            report.add(messages.wrong_shape(self.noun, node))
            return None
        keys, values = keys_of(self.into), {}
        for entry in node.entries:
            known = keys.get(entry.name) or self._meant(entry, node, report)
            if known is not None:
                values[known.name] = known.shape.read(entry.value, report)
        return self._build(node, keys, values, report)

    def _meant(self, entry: Entry, node: Mapping, report: Report) -> Key | None:
        """The key that a misspelt one was meant to be, so that what it says is read all the same.

        That is wrong in any case, and said; but what else is wrong can be said in the same run.
        """
        keys = keys_of(self.into)
        report.add(messages.unknown_key(entry.name, keys, entry.key.span))
        near = difflib.get_close_matches(entry.name[:_LONGEST_KEY], keys, n=1)
        return keys[near[0]] if near and node.get(near[0]) is None else None

    def _build(
        self, node: Mapping, keys: MappingABC[str, Key], values: dict[str, Any], report: Report
    ) -> Any:
        whole = True
        for name, one in keys.items():
            if one.required and one.name not in values:
                report.add(messages.missing_key(name, one.doc, self._head(node)))
            whole = whole and not (one.required and values.get(one.name) is None)
        if issubclass(self.into, Authored):
            values["broken"] = frozenset(name for name, value in values.items() if value is None)
        return self.into(span=self._head(node), **values) if whole else None

    def _head(self, node: Mapping) -> Span:
        """Where messages about the whole record point: its first entry."""
        if not node.entries:
            return node.span
        first = node.entries[0]
        return first.span if isinstance(first.value, Scalar) else first.key.span

    def schema(self) -> Schema:
        """A reference to the record's definition."""
        return {"$ref": f"#/$defs/{self.into.__name__}"}


def record_schema(record: type) -> Schema:
    """The JSON Schema definition of a record class."""
    keys = keys_of(record)
    needed = [name for name, one in keys.items() if one.required]
    return {
        "type": "object",
        "description": (record.__doc__ or "").partition("\n")[0],
        "properties": {
            name: {"description": one.doc, **one.shape.schema()} for name, one in keys.items()
        },
        **({"required": needed} if needed else {}),
        "additionalProperties": False,
    }


def records_below(record: type) -> list[type]:
    """A record class and all that stand anywhere inside it, each once, outermost first."""
    found: list[type] = []
    waiting = [record]
    while waiting:
        here = waiting.pop(0)
        if here not in found:
            found.append(here)
            for one in keys_of(here).values():
                waiting.extend(_records_of(one.shape))
    return found


def _records_of(shape: Shape) -> list[type]:
    if isinstance(shape, Record):
        return [shape.into]
    parts = (
        getattr(shape, part, None) for part in ("item", "value", "scalar", "sequence", "mapping")
    )
    return [record for part in parts if part is not None for record in _records_of(part)]
