"""Bands with conditions: what `otherwise` stands for, and which of them nothing ever gets into."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from .. import ir
from ..messages import lint as lint_messages
from ..messages import policy as policy_messages
from ..messages import thresholds as messages
from ..program import Band
from ..ranges import always, implies
from ..source import Span
from ..types import BOOLEAN
from .context import Context

_MOST_COMPARED = 40
"""So many bands are compared with each other; nobody writes more by hand."""


def settle_bands(
    context: Context, bands: tuple[Band, ...], *, measured: bool, place: Span
) -> tuple[Band, ...]:
    """The bands with the condition of `otherwise`; reports what does not go together.

    `measured` says whether the threshold looks at a measure; `place` is that of the threshold.
    """
    rest = [band for band in bands if _is_rest(band)]
    if measured:
        _check_ranges(context, bands, rest, place)
    else:
        _check_rest(context, bands, rest)
    _check_order(context, bands)
    return tuple(_otherwise(band, bands) if band in rest else band for band in bands)


def _is_rest(band: Band) -> bool:
    return band.when is None and not band.ranged


def _check_ranges(
    context: Context, bands: Sequence[Band], rest: Sequence[Band], place: Span
) -> None:
    if rest:
        context.report.add(messages.otherwise_with_measure(rest[0].span))
    elif not any(band.ranged for band in bands):
        context.report.add(messages.measure_without_range(place))


def _check_rest(context: Context, bands: Sequence[Band], rest: Sequence[Band]) -> None:
    if not rest:
        context.report.add(messages.no_otherwise(bands[-1].span))
    elif len(rest) > 1:
        context.report.add(messages.second_otherwise(rest[1].span, rest[0].span))


def _otherwise(band: Band, bands: Sequence[Band]) -> Band:
    """A band with the condition that no other one has: none of the others holds."""
    others = [one.when for one in bands if one.when is not None]
    if len(others) == 1:
        return replace(band, when=ir.Not(others[0], type=BOOLEAN, span=band.span))
    parts = tuple(ir.Not(one, type=BOOLEAN, span=one.span) for one in others)
    rest = ir.And(parts, type=BOOLEAN, span=band.span) if parts else ir.true(band.span)
    return replace(band, when=rest)


def _check_order(context: Context, bands: Sequence[Band]) -> None:
    """Report conditions that never hold, and the first band that nothing gets into."""
    before: list[Band] = []
    for band in bands[:_MOST_COMPARED]:
        if band.when is None:
            continue
        taker = next((one for one in before if _takes(context, one, band)), None)
        if taker is not None and not band.ranged:
            context.report.add(lint_messages.never_entered(band.name, band.span, taker.span))
            return
        outcome = always(band.when, context.catalog)
        if outcome is False:
            context.report.add(policy_messages.never_holds(band.when.span))
        elif outcome is True:
            _report_rest(context, band, bands)
            return
        before.append(band)


def _takes(context: Context, earlier: Band, later: Band) -> bool:
    """Whether an earlier condition holds wherever a later one does."""
    if earlier.when is None or later.when is None:
        return False
    return implies(later.when, earlier.when, context.catalog)


def _report_rest(context: Context, taker: Band, bands: Sequence[Band]) -> None:
    """Report the first band that nothing gets into because another one takes everything."""
    earlier = bands[: bands.index(taker)]
    lost = [
        band for band in bands if band is not taker and (band.when is None or band not in earlier)
    ]
    if lost:
        context.report.add(lint_messages.never_entered(lost[0].name, lost[0].span, taker.span))
