"""The tables of the reference, made from the declarations that the engine itself reads."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from functools import singledispatch
from typing import Any

from ..language import authored
from ..language.announced import VARIABLES
from ..language.catalog import Catalog, EntityKind, EventType, FieldSpec, standard_catalog
from ..language.functions import (
    AGGREGATES,
    ARITHMETIC,
    COMPARISONS,
    FORMS,
    FUNCTIONS,
    SEARCHES,
    STATE_READERS,
    Overload,
)
from ..language.shapes import (
    Choice,
    Either,
    Integer,
    Many,
    Phrase,
    Record,
    Shape,
    Table,
    keys_of,
    records_below,
)
from ..language.types import Type
from ..records.projections.flat import COLUMNS, ColumnOf
from ..runtime.mapping.authored import MappingFile
from ..runtime.rejections import REASONS
from .cases import CasesFile
from .grammar import grammar
from .limits import LIMITS
from .patterns import CONTAINED, NAMES, NOTICE, REVERSES

Row = Sequence[str]


def table(head: Row, rows: Iterable[Row]) -> str:
    """A Markdown table."""
    lines = [head, ["---"] * len(head), *rows]
    return "".join(f"| {' | '.join(map(_cell, line))} |\n" for line in lines)


def _cell(text: str) -> str:
    return " ".join(text.split()).replace("|", "\\|")


def _code(text: str) -> str:
    return f"`{text}`"


def reference() -> Mapping[str, str]:
    """Every part of the documents that is made from declarations, by its name."""
    return {
        "comparisons": _comparisons(),
        "arithmetic": _arithmetic(),
        "functions": _calls(FUNCTIONS),
        "searches": _searches(),
        "state": _calls(STATE_READERS),
        "forms": _forms(),
        "aggregates": _aggregates(),
        **{f"keys of {_title(record)}": _keys(record) for record in _records()},
        "notice variables": _variables(),
        "grammar": grammar(),
        "patterns": _patterns(),
        "limits": _limits(),
        "rejections": _rejections(),
        "entities": _entities(standard_catalog()),
        "events": _events(standard_catalog()),
        **{f"columns of {what}": _columns(columns) for what, columns in COLUMNS.items()},
    }


# ----------------------------------------------------------------------------- exports


def _columns(columns: Sequence[ColumnOf[Any]]) -> str:
    rows = [(_code(one.name), one.type, one.says) for one in columns]
    return table(("Column", "Type", "Says"), rows)


# ---------------------------------------------------------------- operators and functions


def _comparisons() -> str:
    types: dict[str, list[str]] = {}
    docs = {row.name: row.doc for row in COMPARISONS}
    for row in COMPARISONS:
        types.setdefault(row.name, []).append(str(row.parameters[0]))
    rows = [(_code(f"a {name} b"), ", ".join(of), docs[name]) for name, of in types.items()]
    return table(("Written", "Two of", "Says"), rows)


def _arithmetic() -> str:
    rows = [(_code(_operation(row)), _taken(row), str(row.result), row.doc) for row in ARITHMETIC]
    return table(("Written", "Takes", "Gives", "Which is"), rows)


def _operation(row: Overload) -> str:
    return f"{row.name}a" if len(row.parameters) == 1 else f"a {row.name} b"


def _taken(row: Overload) -> str:
    return ", ".join(map(str, row.parameters))


def _calls(overloads: Iterable[Overload]) -> str:
    together: dict[tuple[str, str], list[Overload]] = {}
    for row in overloads:
        together.setdefault((row.name, row.doc), []).append(row)
    rows = [
        (
            _code(f"{name}({', '.join('ab'[: len(found[0].parameters)])})"),
            ", or ".join(map(_taken, found)),
            ", or ".join(dict.fromkeys(str(row.result) for row in found)),
            doc,
        )
        for (name, doc), found in together.items()
    ]
    return table(("Written", "Takes", "Gives", "Says"), rows)


def _forms() -> str:
    rows = [(_code(row.written), row.takes, row.gives, row.doc) for row in FORMS]
    return table(("Written", "Takes", "Gives", "Says"), rows)


def _searches() -> str:
    rows = [(_code(f"a {row.name} b"), _taken(row), row.doc) for row in SEARCHES]
    return table(("Written", "Takes", "Says"), rows)


def _aggregates() -> str:
    together: dict[tuple[str, str], list[tuple[Type | None, Type]]] = {}
    for row in AGGREGATES:
        together.setdefault((row.operator.value, row.doc), []).append((row.of, row.result))
    rows = [(_code(name), _made_of(found), doc) for (name, doc), found in together.items()]
    return table(("Written", "Of, and what it gives", "Which is"), rows)


def _made_of(found: Iterable[tuple[Type | None, Type]]) -> str:
    return "; ".join(f"{'entities' if of is None else of}: {result}" for of, result in found)


# --------------------------------------------------------------------- keys of the policy


def _records() -> list[type]:
    """Everything that an author writes keys into: policies, cases, mappings."""
    roots = (authored.PolicyFile, CasesFile, MappingFile)
    return [authored.Entry, *(record for root in roots for record in records_below(root))]


def _title(record: type) -> str:
    return record.__name__


def _keys(record: type) -> str:
    """The keys of a record; those that all entries share have a table of their own."""
    shared = keys_of(authored.Entry) if record is not authored.Entry else {}
    rows = [
        (f"**`{name}`**" if one.required else _code(name), what_stands(one.shape), one.doc)
        for name, one in keys_of(record).items()
        if shared.get(name) != one
    ]
    return table(("Key", "Value", "Meaning"), rows)


@singledispatch
def what_stands(shape: Shape) -> str:
    """What may stand at a place, in a few words."""
    return shape.noun


@what_stands.register
def _(shape: Phrase) -> str:
    return f"{shape.noun}, such as `{shape.example}`"


@what_stands.register
def _(shape: Choice) -> str:
    return " or ".join(map(_code, shape.words))


@what_stands.register
def _(shape: Integer) -> str:
    return f"{shape.noun}, {shape.low:,} to {shape.high:,}"


@what_stands.register
def _(shape: Many) -> str:
    return f"a list of: {what_stands(shape.item)}"


@what_stands.register
def _(shape: Table) -> str:
    return f"by {shape.key.noun.removeprefix('a ')}: {what_stands(shape.value)}"


@what_stands.register
def _(shape: Record) -> str:
    return f"the keys of *{_title(shape.into)}*"


@what_stands.register
def _(shape: Either) -> str:
    parts = (shape.scalar, shape.sequence, shape.mapping)
    return "; or ".join(what_stands(part) for part in parts if part is not None)


# --------------------------------------------------------------------------------- notices


def _variables() -> str:
    """What notices can say: first what all can, then what those of some kinds can."""
    kinds: dict[tuple[str, str, str], list[str]] = {}
    for kind, several in VARIABLES.items():
        for one in several:
            kinds.setdefault((one.name, str(one.type), one.doc), []).append(kind)
    rows = [
        (_code(name), of, doc, "all" if len(of_kinds) == len(VARIABLES) else _kinds(of_kinds))
        for (name, of, doc), of_kinds in kinds.items()
    ]
    return table(("Variable", "Type", "Says", "In notices for"), rows)


def _kinds(kinds: Iterable[str]) -> str:
    return ", ".join(map(_code, kinds))


# ---------------------------------------------------------------------------- the catalog


def _entities(catalog: Catalog) -> str:
    return "\n".join(_entity(kind) for kind in catalog.entities.values())


def _entity(kind: EntityKind) -> str:
    rows = [
        (_code(f"{kind.name}.{name}"), _field_type(spec), _when_unset(spec))
        for name, spec in kind.fields.items()
    ]
    head = f"### {kind.name}\n\n{_about(kind)}\n\n"
    return head + table(("Field", "Type", "If nothing set it"), rows)


def _about(kind: EntityKind) -> str:
    parts = [f"Known by `{kind.key}`."]
    if kind.links:
        links = ", ".join(f"{other} (`{field}`)" for other, field in kind.links.items())
        parts.append(f"Links to {links}.")
    parts.append(f"Dated by `{kind.date}`." if kind.date else "It has no usual date.")
    if kind.counts_field:
        values = " or ".join(map(_code, kind.counts_values))
        parts.append(f"Counts in measures while `{kind.counts_field}` is {values}.")
    return " ".join(parts)


def _field_type(spec: FieldSpec) -> str:
    bounds = "" if spec.low is None else f", {spec.low} to {spec.high}"
    return f"{spec.type}{bounds}"


def _when_unset(spec: FieldSpec) -> str:
    if spec.may_be_missing:
        return "may be missing"
    if spec.default is None:
        return "always set"
    if isinstance(spec.default, bool):
        return _code(str(spec.default).lower())
    return _code(str(spec.default)) if spec.default not in {"", ()} else "empty"


def _events(catalog: Catalog) -> str:
    rows = [
        (_code(event.name), _known(event), _says(event), _sets(event))
        for event in catalog.events.values()
    ]
    return table(("Event", "About", "Fields (bold: needed)", "Also sets"), rows)


_STATES = {"new": "a new", "known": "a known", "any": "any"}


def _known(event: EventType) -> str:
    needs = f"; needs a known {', '.join(event.needs)}" if event.needs else ""
    return f"{_STATES[event.state]} {event.about}{needs}"


def _says(event: EventType) -> str:
    fields = (
        _code(name) if spec.optional else f"**`{name}`**" for name, spec in event.fields.items()
    )
    return ", ".join(fields)


def _sets(event: EventType) -> str:
    own = [
        f"`{event.about}.{one.field}` to {_code(one.source or one.constant or '')}"
        for one in event.assignments
        if one.source is None or one.source != one.field
    ]
    others = [f"`{kind}.{one.field}` to {_code(one.source or '')}" for kind, one in event.linked]
    counted = [f"`{kind}.{field}` + 1" for kind, field in event.counters]
    return ", ".join([*own, *others, *counted, *(["ends a hold"] if event.settles else [])])


# -------------------------------------------------------------------------------- limits


def _limits() -> str:
    return table(("Of", "Limit", "What is beyond"), [(x.of, x.text, x.beyond) for x in LIMITS])


def _rejections() -> str:
    return table(
        ("Reason", "What is wrong"), [(_code(name), says) for name, says in REASONS.items()]
    )


# -------------------------------------------------------------------------------- cases


def _patterns() -> str:
    """What a pattern over decisions may state, in the order of the alphabet."""
    ways = {
        **dict.fromkeys(CONTAINED, "is part of it"),
        NOTICE: "is part of what the seller is told, or each of several texts is",
        REVERSES: "is the kind that was reversed",
    }
    return table(("Name", "The value"), [(_code(n), ways.get(n, "is it")) for n in sorted(NAMES)])
