"""Bands of a threshold: what each says, and whether the ranges lie without gaps and overlaps.

A bound may be looked up in a table. Then the bands are looked at once for every row: all bounds
that are read by the same field are put in place together, and what remains is constants.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from itertools import islice, pairwise

from .. import ir, syntax
from .. import parser as parsing
from ..diagnostics import Diagnostic
from ..identity import fingerprint
from ..messages import policy as messages
from ..messages import thresholds as threshold_messages
from ..program import Band, Bound
from ..shapes import Named, fitting
from ..syntax import Node
from ..types import BOOLEAN, Type
from ..walk import subexpressions
from .context import Context, Scope

_MOST_ROWS = 10_000
"""So many rows of tables are tried; nobody writes more by hand."""


def build_bands(
    context: Context, named: tuple[Named, ...], type_: Type | None, scope: Scope
) -> tuple[Band, ...]:
    """The bands that could be read, in the author's order; `type_` is that of the values, if any.

    What `otherwise` stands for is worked out once all of them are known.
    """
    found = [_band(context, one, type_, scope) for one in fitting(named)]
    return tuple(band for band in found if band is not None)


def _band(context: Context, named: Named, type_: Type | None, scope: Scope) -> Band | None:
    node = parsing.parse_band(named.value, context.report)
    if node is None:
        return None
    when = None if node.when is None else context.check(node.when, scope, BOOLEAN)
    if node.when is not None and (when is None or report_unknown(context, when)):
        return None
    if node.ranged and type_ is None:
        context.report.add(threshold_messages.range_without_measure(named.value.span))
        return None
    band = Band(named.key.text, None, None, span=named.value.span, when=when)
    return band if type_ is None or not node.ranged else _ranged(context, band, node, type_, scope)


def _ranged(
    context: Context, band: Band, node: syntax.Band, type_: Type, scope: Scope
) -> Band | None:
    """A band with its range."""
    lower = _bound(context, node.lower, type_, scope, included=node.lower_included)
    upper = _bound(context, node.upper, type_, scope, included=node.upper_included)
    if (node.lower and lower is None) or (node.upper and upper is None):
        return None
    return replace(band, lower=lower, upper=upper)


def build_ways(
    context: Context, named: tuple[Named, ...] | None, type_: Type, scope: Scope
) -> tuple[Band, ...]:
    """The ranges by which bands are left, in the author's order."""
    found = [_way(context, one, type_, scope) for one in fitting(named)]
    return tuple(way for way in found if way is not None)


def _way(context: Context, named: Named, type_: Type, scope: Scope) -> Band | None:
    node = parsing.parse_range(named.value, context.report)
    way = Band(named.key.text, None, None, span=named.value.span)
    return None if node is None else _ranged(context, way, node, type_, scope)


def _bound(
    context: Context, node: Node | None, type_: Type, scope: Scope, *, included: bool
) -> Bound | None:
    value = None if node is None else context.check(node, scope, type_)
    if value is None or report_unknown(context, value):
        return None
    return Bound(value, included)


def report_unknown(context: Context, value: ir.Expr) -> bool:
    """Report what reads the state that only comes after thresholds."""
    state = ir.Points | ir.InForce | ir.Since
    later = [one for one in subexpressions(value) if isinstance(one, state)]
    for one in later:
        context.report.add(messages.follows_from_bands(one.span))
    return bool(later)


def lowest_first(bands: tuple[Band, ...]) -> tuple[Band, ...]:
    """Bands in the order of their ranges; looked-up ones by what most rows say."""
    return tuple(sorted(bands, key=_order))


def _order(band: Band) -> tuple[bool, Fraction, bool, Fraction, str]:
    low, high = _default(band.lower), _default(band.upper)
    return (
        low is not None,
        low or Fraction(0),
        high is None,
        high or Fraction(0),
        band.name,
    )


def _default(bound: Bound | None) -> Fraction | None:
    value = None if bound is None else bound.value
    if isinstance(value, ir.Lookup):
        return _number(value.default)
    return _number(value.value) if isinstance(value, ir.Constant) else None


def _number(value: ir.Value) -> Fraction | None:
    return Fraction(value) if isinstance(value, int | Fraction) else None


# ------------------------------------------------------------------------- ranges


@dataclass(frozen=True, slots=True)
class _End:
    """A bound whose value is known."""

    at: Fraction
    included: bool


@dataclass(frozen=True, slots=True)
class _Range:
    """A band with known bounds; a missing one is open."""

    band: Band
    low: _End | None
    high: _End | None

    @property
    def is_empty(self) -> bool:
        if self.low is None or self.high is None:
            return False
        closed = self.low.included and self.high.included
        return self.low.at > self.high.at or (self.low.at == self.high.at and not closed)

    def meets(self, other: _Range) -> bool:
        """Whether a value lies in both."""
        return not (_before(self.high, other.low) or _before(other.high, self.low))


def _before(end: _End | None, start: _End | None) -> bool:
    """Whether what ends so lies wholly before what starts so."""
    if end is None or start is None:
        return False
    return end.at < start.at or (end.at == start.at and not (end.included and start.included))


def _settings(bands: Sequence[Band]) -> Iterator[tuple[Hashable, tuple[_Range, ...]]]:
    """The bands with their bounds known, once for each row; nothing where they cannot be.

    The row `None` is what tables say of all that have no row.
    """
    bounds = [one.value for band in bands for one in (band.lower, band.upper) if one]
    looked_up = [value for value in bounds if isinstance(value, ir.Lookup)]
    known = all(isinstance(value, ir.Constant | ir.Lookup) for value in bounds)
    if not known or len({fingerprint(lookup.key) for lookup in looked_up}) > 1:
        return
    rows: dict[Hashable, None] = dict.fromkeys(row for one in looked_up for row in one.rows)
    for row in (None, *islice(rows, _MOST_ROWS)):
        yield row, tuple(_range(band, row) for band in bands)


def _range(band: Band, row: Hashable) -> _Range:
    return _Range(band, _end(band.lower, row), _end(band.upper, row))


def _end(bound: Bound | None, row: Hashable) -> _End | None:
    if bound is None:
        return None
    value = bound.value
    if isinstance(value, ir.Lookup):
        found = value.rows.get(row, value.default)  # type: ignore[call-overload]
    else:
        assert isinstance(value, ir.Constant)  # noqa: S101  # as `_settings` has seen to
        found = value.value
    number = _number(found)
    return None if number is None else _End(number, bound.included)


# ------------------------------------------------------------------------- checks


def check_bands(context: Context, bands: Sequence[Band], leave: Sequence[Band]) -> None:
    """Report the first row for which ranges have gaps, overlap, are empty or cannot be left."""
    for row, setting in _settings([*bands, *leave]):
        ranges, ways = setting[: len(bands)], setting[len(bands) :]
        found = next(_mistakes(ranges, ways), None)
        if found is not None:
            context.report.add(found if row is None else messages.for_row(found, str(row)))
            return


def _mistakes(ranges: Sequence[_Range], ways: Sequence[_Range]) -> Iterator[Diagnostic]:
    yield from (messages.band_empty(one.band.name, one.band.span) for one in ranges if one.is_empty)
    ordered = sorted(ranges, key=_start)
    for first, second in pairwise(ordered):
        yield from _seam(first, second)
    yield from _ends(ordered)
    by_name = {one.band.name: one for one in ranges}
    for way in ways:
        own = by_name.get(way.band.name)
        if own is not None and own.meets(way):
            yield messages.leaves_inside(way.band.name, way.band.span, own.band.span)


def _start(one: _Range) -> tuple[bool, Fraction, bool]:
    return (
        (False, Fraction(0), False) if one.low is None else (True, one.low.at, not one.low.included)
    )


def _seam(first: _Range, second: _Range) -> Iterator[Diagnostic]:
    names = (first.band.name, second.band.name)
    if first.meets(second):
        yield messages.band_overlap(*names, second.band.span, first.band.span)
        return
    end, start = first.high, second.low
    assert end is not None  # noqa: S101  # else the two would meet
    assert start is not None  # noqa: S101  # else the two would meet
    if end.at < start.at or not (end.included or start.included):
        yield messages.band_gap(*names, second.band.span, first.band.span)


def _ends(ordered: Sequence[_Range]) -> Iterator[Diagnostic]:
    """Values below all bands or above them; what is counted is never less than nothing."""
    lowest, highest = ordered[0], ordered[-1]
    low, high = lowest.low, highest.high
    if low is not None and (low.at > 0 or (low.at == 0 and not low.included)):
        yield messages.bands_end(lowest.band.name, "below", lowest.band.span)
    if high is not None:
        yield messages.bands_end(highest.band.name, "above", highest.band.span)


def by_name(bands: Sequence[Band]) -> Mapping[str, Band]:
    """Bands by their names."""
    return {band.name: band for band in bands}
