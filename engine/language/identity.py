"""When two checked expressions ask the same thing.

Places and types take no part: `order.delivered_at` is the same question whether or not a guard has
shown that it is there.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Hashable

from . import ir

_NO_PART = frozenset({"span", "type"})
_TABLE_CONTENT = frozenset({"rows", "default"})


def fingerprint(expr: ir.Expr) -> Hashable:
    """A value that is equal for expressions with the same meaning in the same place."""
    return (type(expr).__name__, *(_part(getattr(expr, name)) for name in _names(expr)))


def _names(expr: ir.Expr) -> tuple[str, ...]:
    """The fields that tell two expressions of a class apart."""
    if isinstance(expr, ir.Constant):
        return ("type", "value")  # the whole number 1 is neither 100% nor `true`
    left_out = _NO_PART | _TABLE_CONTENT if isinstance(expr, ir.Lookup) else _NO_PART
    return tuple(field.name for field in dataclasses.fields(expr) if field.name not in left_out)


def _part(value: object) -> Hashable:
    if isinstance(value, ir.Expr):
        return fingerprint(value)
    if isinstance(value, tuple):
        return tuple(map(_part, value))
    assert isinstance(value, Hashable)  # noqa: S101  # nodes hold nodes, tuples and plain values
    return value
