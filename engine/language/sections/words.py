"""`lists`, `tables` and `define`: the names that expressions use."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction

from .. import ir, syntax
from .. import parser as parsing
from ..authored import PolicyFile
from ..catalog import Catalog
from ..diagnostics import Report
from ..environment import Table
from ..messages import policy as messages
from ..parsing.words import RESERVED
from ..shapes import Named
from ..source import Embedded
from ..types import BOOLEAN, DECIMAL, INTEGER, PERCENT, TEXT, Type

_BY, _ELSE = "by", "else"


def build_definitions(policy: PolicyFile, report: Report) -> dict[str, syntax.Node | None]:
    """The syntax trees of `define`, by name; nothing where the text has none."""
    return {
        named.key.text: parsing.parse_expression(named.value, report)
        for named in policy.define or ()
    }


def build_lists(policy: PolicyFile, report: Report) -> dict[str, tuple[str, ...]]:
    """The words of each list, all languages together, each once."""
    return {named.key.text: _words(named, report) for named in policy.lists or ()}


def _words(named: Named, report: Report) -> tuple[str, ...]:
    by_language: tuple[Named, ...] = named.value
    texts: list[Embedded] = []
    for entry in by_language:
        texts.extend(entry.value if isinstance(entry, Named) else (entry,))
    for text in texts:
        if not any(char.isalnum() for char in text.text):
            report.add(messages.impossible_word(text.text, text.span))
    _check_cover(texts, report)
    return tuple(dict.fromkeys(text.text for text in texts))


def _folded(text: str) -> str:
    return f" {' '.join(text.casefold().split())} "


def _check_cover(texts: list[Embedded], report: Report) -> None:
    """Report entries that contain another entry as whole words: the shorter one finds them all."""
    places: dict[str, Embedded] = {}
    for text in texts:
        places.setdefault(_folded(text.text), text)
    for text in texts:
        folded = _folded(text.text)
        cover = next((c for c in _pieces(folded) if c in places and places[c] is not text), None)
        if cover is not None:
            other = places[cover]
            report.add(messages.covered_word(text.text, other.text, text.span, other.span))


def _pieces(folded: str) -> list[str]:
    """The runs of whole words in a folded entry, shorter ones first."""
    words = folded.split()
    most = len(words)
    runs = ((size, at) for size in range(1, most + 1) for at in range(most - size + 1))
    return [f" {' '.join(words[at : at + size])} " for size, at in runs]


def build_tables(policy: PolicyFile, report: Report) -> dict[str, Table | None]:
    """The tables by name; nothing where one makes no sense."""
    return {named.key.text: _table(named, report) for named in policy.tables or ()}


def _table(named: Named, report: Report) -> Table | None:
    cells: Mapping[str, Embedded] = {one.key.text: one.value for one in named.value}
    for what in (_BY, _ELSE):
        if what not in cells:
            report.add(messages.table_without(named.key.text, what, named.key.span))
            return None
    values = {name: _constant(cell, report) for name, cell in cells.items() if name != _BY}
    if any(value is None for value in values.values()):
        return None
    typed = {name: value for name, value in values.items() if value is not None}
    if len({type_ for type_, _ in typed.values()}) > 1:
        report.add(messages.mixed_table(named.key.text, named.key.span))
        return None
    type_, default = typed.pop(_ELSE)
    rows: dict[ir.Value, ir.Value] = {name: value for name, (_, value) in typed.items()}
    return Table(named.key.text, rows, type_, default)


def _constant(cell: Embedded, report: Report) -> tuple[Type, ir.Value] | None:
    node = parsing.parse_expression(cell, report)
    if node is None:
        return None
    found = _CONSTANTS.get(type(node))
    if found is None:
        report.add(messages.not_constant(cell.span))
        return None
    value = getattr(node, "value", None)
    exact = Fraction(value) if found is DECIMAL and value is not None else value
    return found, exact


_CONSTANTS: Mapping[type[syntax.Node], Type] = {
    syntax.Percent: PERCENT,
    syntax.Integer: INTEGER,
    syntax.Number: DECIMAL,
    syntax.Text: TEXT,
    syntax.Boolean: BOOLEAN,
}


def check_names(policy: PolicyFile, catalog: Catalog, report: Report) -> None:
    """Report names that mean something in expressions already, or that two sections give."""
    taken = dict.fromkeys(RESERVED, "a word of the language")
    taken |= dict.fromkeys(catalog.entities, "a kind of thing")
    for section in ("lists", "tables", "define", "measures"):
        for named in getattr(policy, section) or ():
            name = named.key
            if name.text in taken:
                report.add(messages.shadowed_name(name.text, taken[name.text], name.span))
            taken.setdefault(name.text, f"a name under `{section}:`")
            if "-" in name.text:
                report.add(messages.hyphen_in_name(name.text, name.span))
