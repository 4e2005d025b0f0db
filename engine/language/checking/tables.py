"""Tables: `nrr_limit[product.category]`."""

from __future__ import annotations

from .. import ir, syntax
from ..environment import Table
from ..messages import names as name_messages
from ..messages import typing as messages
from ..types import ERROR, Optional, Type
from .walk import Scope, Walk


def lookup(walk: Walk, node: syntax.Lookup, scope: Scope, _hint: Type | None) -> ir.Expr:
    """The row of a table for a key, or else the table's default."""
    name = node.table.text
    tables = scope.environment.tables
    if name not in tables:
        walk.fail(name_messages.unknown_table(name, tables, node.table.span), scope)
        return walk.error(node)
    walk.uses.add(("table", name))
    table = tables[name]
    key = None if table is None else _key(walk, node, table, scope)
    if table is None or key is None:
        return walk.error(node)
    of = table.value_type if table.default is not None else Optional(table.value_type)
    return ir.Lookup(name, key, table.rows, table.default, type=of, span=node.span)


def _key(walk: Walk, node: syntax.Lookup, table: Table, scope: Scope) -> ir.Expr | None:
    if len(node.keys) > 1:
        walk.fail(messages.several_keys(table.name, node.span), scope)
        return None
    written = node.keys[0]
    key = walk.value(written, scope, table.key_type)
    key = walk.expect(key, table.key_type, written, scope)
    if key.type == ERROR:
        return None
    if isinstance(key, ir.Constant) and key.value not in table.rows:
        rows = map(str, table.rows)
        walk.fail(name_messages.unknown_key(table.name, str(key.value), rows, written.span), scope)
        return None
    return key
