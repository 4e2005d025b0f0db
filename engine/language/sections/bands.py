"""Bands of a threshold: in order, without gaps and overlaps."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from itertools import pairwise

from .. import ir
from .. import parser as parsing
from ..messages import policy as messages
from ..program import Band, Bound
from ..shapes import Named
from ..syntax import Node
from ..types import DECIMAL, INTEGER, PERCENT, Type
from .context import Context, Scope

_MEASURED = (PERCENT, INTEGER, DECIMAL)


def build_bands(
    context: Context, named: tuple[Named, ...] | None, type_: Type, scope: Scope
) -> tuple[Band, ...]:
    """The bands that could be read, in the author's order."""
    found = (_band(context, one, type_, scope) for one in named or ())
    return tuple(band for band in found if band is not None)


def _band(context: Context, named: Named, type_: Type, scope: Scope) -> Band | None:
    node = parsing.parse_band(named.value, context.report)
    if node is None:
        return None
    lower = _bound(context, node.lower, type_, scope, included=node.lower_included)
    upper = _bound(context, node.upper, type_, scope, included=node.upper_included)
    if (node.lower and lower is None) or (node.upper and upper is None):
        return None
    return Band(named.key.text, lower, upper, span=named.value.span)


def _bound(
    context: Context, node: Node | None, type_: Type, scope: Scope, *, included: bool
) -> Bound | None:
    if node is None:
        return None
    if type_ not in _MEASURED:
        context.report.add(messages.unordered_bound(node.span))
        return None
    value = context.check(node, scope, type_)
    return None if value is None else Bound(value, included)


def constant(bound: Bound | None) -> Fraction | None:
    """The bound's value, if it is known at compile time."""
    if bound is None or not isinstance(bound.value, ir.Constant):
        return None
    value = bound.value.value
    return Fraction(value) if isinstance(value, int | Fraction) else None


def check_bands(context: Context, bands: tuple[Band, ...]) -> None:
    """Report gaps, overlaps and bands that nothing lies in, where the bounds are constants."""
    for band in bands:
        low, high = constant(band.lower), constant(band.upper)
        closed = bool(band.lower and band.upper and band.lower.included and band.upper.included)
        if low is not None and high is not None and (low > high or (low == high and not closed)):
            context.report.add(messages.band_empty(band.name, band.span))
            return
    for first, second in pairwise(sorted(bands, key=_start)):
        _check_seam(context, first, second)


def _start(band: Band) -> tuple[int, Fraction]:
    low = constant(band.lower)
    return (0, Fraction(0)) if low is None else (1, low)


def _check_seam(context: Context, first: Band, second: Band) -> None:
    if _both_unknown(first, second):
        return
    end, start = constant(first.upper), constant(second.lower)
    both = bool(first.upper and second.lower and first.upper.included and second.lower.included)
    neither = bool(
        first.upper and second.lower and not first.upper.included and not second.lower.included
    )
    if end is None or start is None or start < end or (start == end and both):
        found = messages.band_overlap(first.name, second.name, second.span, first.span)
    elif start > end or neither:
        found = messages.band_gap(first.name, second.name, second.span, first.span)
    else:
        return
    context.report.add(found)


def _both_unknown(first: Band, second: Band) -> bool:
    """Whether a bound is looked up, so that nothing can be said before the subject is known."""
    bounds = (first.lower, first.upper, second.lower, second.upper)
    return any(bound is not None and constant(bound) is None for bound in bounds)


def by_name(bands: tuple[Band, ...]) -> Mapping[str, Band]:
    """Bands by their names."""
    return {band.name: band for band in bands}
