"""`lists`, `tables` and `define`: the names that expressions use."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from fractions import Fraction

from .. import ir, syntax
from .. import parser as parsing
from ..authored import PolicyFile
from ..catalog import Catalog
from ..diagnostics import Report
from ..environment import Table
from ..messages import names as name_messages
from ..messages import policy as messages
from ..parsing.words import RESERVED
from ..shapes import Named, fitting
from ..source import Embedded
from ..types import BOOLEAN, DECIMAL, DURATION, INTEGER, PERCENT, TEXT, Enumeration, Type
from .context import ELSE

_BY = "by"


def build_definitions(policy: PolicyFile, report: Report) -> dict[str, syntax.Node | None]:
    """The syntax trees of `define`, by name; nothing where the text has none."""
    return {
        named.key.text: None
        if named.value is None
        else parsing.parse_expression(named.value, report)
        for named in policy.define or ()
    }


# -------------------------------------------------------------------------- lists


def build_lists(policy: PolicyFile) -> dict[str, tuple[str, ...] | None]:
    """The words of each list, all languages together, each once."""
    return {
        named.key.text: None
        if named.value is None
        else tuple(dict.fromkeys(word.text for word in words_of(named)))
        for named in policy.lists or ()
    }


def words_of(named: Named) -> Iterator[Embedded]:
    """The words of a list as the author wrote them."""
    for entry in named.value or ():
        if isinstance(entry, Named):
            yield from entry.value or ()
        else:
            yield entry


# ------------------------------------------------------------------------- tables


def build_tables(policy: PolicyFile, catalog: Catalog, report: Report) -> dict[str, Table | None]:
    """The tables by name; nothing where one has a mistake."""
    return {named.key.text: _table(named, catalog, report) for named in policy.tables or ()}


def _table(named: Named, catalog: Catalog, report: Report) -> Table | None:
    if named.value is None:
        return None
    rows = {row.key.text: row for row in fitting(named.value)}
    written = {row.key.text for row in named.value}
    missing = next((what for what in (_BY, ELSE) if what not in written), None)
    if missing is not None:
        report.add(messages.table_without(named.key.text, missing, named.key.span))
    key_type = _key_type(rows.pop(_BY, None), catalog, report)
    values = _values(named.key.text, rows, report)
    if missing is not None or len(rows) + 1 < len(written) or key_type is None or values is None:
        return None
    if not _rows_possible(rows, key_type, report):
        return None
    value_type, cells = values
    default = cells.pop(ELSE)
    by_key: dict[ir.Value, ir.Value] = {}
    by_key.update(cells)
    return Table(named.key.text, by_key, value_type, default, key_type)


def _key_type(by: Named | None, catalog: Catalog, report: Report) -> Type | None:
    """The type of the field that a table is read by."""
    if by is None:
        return None
    kind, _, field = by.value.text.partition(".")
    fields = catalog.entities[kind].fields if kind in catalog.entities else {}
    of = fields[field].type if field in fields else None
    if of != TEXT and not isinstance(of, Enumeration):
        report.add(messages.not_a_key(by.value.span))
        return None
    return of


def _rows_possible(rows: Mapping[str, Named], key_type: Type, report: Report) -> bool:
    """Whether a closed list of words has a word for each row."""
    if not isinstance(key_type, Enumeration):
        return True
    unknown = [row for row in rows.values() if row.key.text not in {ELSE, *key_type.members}]
    for row in unknown:
        report.add(name_messages.unknown_member(row.key.text, key_type, (), row.key.span))
    return not unknown


def _values(
    table: str, rows: Mapping[str, Named], report: Report
) -> tuple[Type, dict[str, ir.Value]] | None:
    """The type that all values of a table have, and the values by row."""
    read = {name: _constant(row.value, report) for name, row in rows.items()}
    known = {name: pair for name, pair in read.items() if pair is not None}
    first = next((of for of, _ in known.values()), None)
    other = next((name for name, (of, _) in known.items() if of != first), None)
    if other is not None:
        report.add(messages.mixed_table(table, rows[other].value.span))
    if first is None or other is not None or len(known) < len(read):
        return None
    return first, {name: value for name, (_, value) in known.items()}


def _constant(cell: Embedded, report: Report) -> tuple[Type, ir.Value] | None:
    node = parsing.parse_expression(cell, report)
    if node is None:
        return None
    if isinstance(node, syntax.Duration):
        return DURATION, node.micros
    found = _CONSTANTS.get(type(node))
    if found is None:
        report.add(messages.not_constant(cell.span))
        return None
    value = getattr(node, "value", None)
    return found, Fraction(value) if found is DECIMAL and value is not None else value


_CONSTANTS: Mapping[type[syntax.Node], Type] = {
    syntax.Percent: PERCENT,
    syntax.Integer: INTEGER,
    syntax.Number: DECIMAL,
    syntax.Text: TEXT,
    syntax.Boolean: BOOLEAN,
}


# -------------------------------------------------------------------------- names

_IN_EXPRESSIONS = ("lists", "tables", "define", "measures")


def check_names(policy: PolicyFile, catalog: Catalog, report: Report) -> set[str]:
    """Report names that mean something already, or that cannot be written where they are used.

    Returns:
        The names that mean two things, so that nothing can be said about what uses them.
    """
    twice: set[str] = set()
    taken = dict.fromkeys((*RESERVED, "now"), "a word of the language")
    taken |= dict.fromkeys(catalog.entities, "a kind of thing")
    for section in _IN_EXPRESSIONS:
        for named in getattr(policy, section) or ():
            _check_name(named.key, taken, report)
        names = {named.key.text for named in getattr(policy, section) or ()}
        twice |= names & taken.keys()
        taken = dict.fromkeys(names, f"a name under `{section}:`") | taken
    words = dict.fromkeys(RESERVED, "a word of the language")
    for named in policy.actions or ():
        _check_name(named.key, words, report)
    return twice


def _check_name(name: Embedded, taken: Mapping[str, str], report: Report) -> None:
    if name.text in taken:
        report.add(messages.shadowed_name(name.text, taken[name.text], name.span))
    elif "-" in name.text:
        report.add(messages.hyphen_in_name(name.text, name.span))
