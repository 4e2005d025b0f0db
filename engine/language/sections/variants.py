"""Variants: entries of one name, for regions and dates that have nothing in common."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from ..authored import Placed, PolicyFile
from ..diagnostics import Diagnostic
from ..messages import variants as messages
from ..pack import twice
from ..program import Interval, Item
from ..shapes import Named
from ..source import Embedded, Span
from .context import Context, parse_date

_SECTIONS = {
    "review_rules": ("rule", "rules on reviews", "rule"),
    "reply_rules": ("rule", "rules on replies", "rule"),
    "report_rules": ("rule", "rules on reports", "rule"),
    "event_rules": ("rule", "rules on events", "rule"),
    "thresholds": ("threshold", "thresholds", "threshold"),
    "escalations": ("ladder", "ladders", "ladder"),
    "appeals": ("appeal", "appeals", "appeal"),
    "measures": ("", "measures", "measure"),
    "violations": ("", "violations", "violation"),
    "actions": ("", "actions", "action"),
}
"""Sections whose entries may have variants: the key with their name, what several of them are
called, and what one is."""


MOST_VARIANTS = 1_000
"""So many entries may share a name."""


@dataclass(frozen=True, slots=True)
class _Variant:
    """An entry of a name: where and when it speaks, in the order of the files."""

    number: int
    name: Embedded
    entry: Placed
    regions: frozenset[str]
    interval: Interval


def check_variants(context: Context, policy: PolicyFile) -> None:
    """Report entries of one name of which two would speak at once."""
    for section, (key, several, one) in _SECTIONS.items():
        entries = getattr(policy, section) or ()
        _check(context, ((_name(entry, key), entry) for entry in entries), several, one)
    drafts = policy.reply_drafts.rules if policy.reply_drafts else ()
    _check(context, ((entry.draft, entry) for entry in drafts), "drafts", "draft")
    notices = policy.notices.entries if policy.notices else ()
    _check(context, ((entry.notice, entry) for entry in notices), "notices", "notice")


def _name(entry: Any, key: str) -> Embedded:
    name = entry.key if isinstance(entry, Named) else getattr(entry, key)
    assert isinstance(name, Embedded)  # noqa: S101  # entries without a name are not read
    return name


def _check(context: Context, pairs: Iterable[tuple[Embedded, Any]], several: str, one: str) -> None:
    groups: dict[str, list[tuple[Embedded, Any]]] = {}
    for name, entry in pairs:
        groups.setdefault(name.text, []).append((name, entry))
    for text, group in groups.items():
        if len(group) > MOST_VARIANTS:
            place = group[MOST_VARIANTS][0].span
            context.report.add(messages.too_many_variants(one, text, MOST_VARIANTS, place))
        elif len(group) > 1:
            variants = _variants(context, group)
            for later, earlier in _meetings(variants):
                context.report.add(_message(context, (several, one, text), later, earlier))
            _report_silent_days(context, text, variants)


def _variants(context: Context, group: Sequence[tuple[Embedded, Any]]) -> list[_Variant]:
    """The variants of which it is known where and when they speak."""
    found = []
    for number, (name, entry) in enumerate(group):
        value = entry.value if isinstance(entry, Named) else entry
        variant = None if value is None else _variant(context, number, name, value)
        if variant is not None:
            found.append(variant)
    return found


def _variant(context: Context, number: int, name: Embedded, entry: Placed) -> _Variant | None:
    """An entry, unless something is wrong with where or when it speaks."""
    regions, dates = context.entry_regions(entry), entry.effective
    interval = context.entry_interval(entry)
    days = () if dates is None else (dates.from_, dates.until)
    unclear = [day for day in days if day is not None and parse_date(day, context.report) is None]
    broken = entry.broken & {"regions", "effective"} or (dates is not None and dates.broken)
    if unclear or broken or (entry.regions and not regions):
        return None
    return _Variant(number, name, entry, regions, interval)


def _message(
    context: Context, words: tuple[str, str, str], later: _Variant, earlier: _Variant
) -> Diagnostic:
    several, one, name = words
    narrow = any(each.regions or each.interval != Interval() for each in (later, earlier))
    if narrow or later.name is earlier.name:
        return messages.variants_meet(one, name, *_places(later, earlier))
    return twice(several, later.name, earlier.name, context.below)


def _places(later: _Variant, earlier: _Variant) -> tuple[Span, Span]:
    """The names of two variants, or where they begin if they stand under one name."""
    if later.name is not earlier.name:
        return later.name.span, earlier.name.span
    return later.entry.span, earlier.entry.span


def _meetings(
    variants: Sequence[_Variant],
) -> Iterator[tuple[_Variant, _Variant]]:
    """Pairs of variants that meet, the later one in the files first; not all, but for each one."""
    told: set[int] = set()
    named = {region for one in variants for region in one.regions}
    for region in ("", *sorted(named)):
        here = [one for one in variants if not one.regions or region in one.regions]
        for pair in _overlaps(here):
            earlier, later = sorted(pair, key=lambda one: one.number)
            if later.number not in told:
                told.add(later.number)
                yield later, earlier


def _overlaps(variants: Sequence[_Variant]) -> Iterator[tuple[_Variant, _Variant]]:
    """Each variant that begins before one has ended that began earlier, and that one."""
    in_order = sorted(variants, key=lambda one: (*_start(one), one.number))
    longest: _Variant | None = None
    for one in in_order:
        if longest is not None and longest.interval.meets(one.interval):
            yield longest, one
        if longest is None or _end(longest) < _end(one):
            longest = one


def _start(one: _Variant) -> tuple[bool, int]:
    return one.interval.start is not None, one.interval.start or 0


def _end(one: _Variant) -> tuple[bool, int]:
    return one.interval.end is None, one.interval.end or 0


# -------------------------------------------------------------------------- gaps


def _report_silent_days(context: Context, name: str, variants: Sequence[_Variant]) -> None:
    """Report single days between two variants for the same regions on which none speaks."""
    dated = [(one, one.entry.effective) for one in variants if one.entry.effective is not None]
    begun = {(one.regions, _day(context, dates.from_)) for one, dates in dated}
    for one, dates in dated:
        until = dates.until
        last = _day(context, until)
        is_own = id(one.entry.span.source) not in context.below
        if until is None or last is None or last == date.max or not is_own:
            continue
        follows = (one.regions, last + timedelta(days=1)) in begun
        if follows and not any(_speaks_after(other, one) for other in variants):
            context.report.add(messages.silent_day(name, until.text, until.span))


def _day(context: Context, said: Embedded | None) -> date | None:
    return None if said is None else parse_date(said, context.report)


def _speaks_after(other: _Variant, one: _Variant) -> bool:
    """Whether another variant speaks at the first instant at which one does not, somewhere."""
    meets = not other.regions or not one.regions or bool(other.regions & one.regions)
    return meets and one.interval.end is not None and other.interval.covers(one.interval.end)


# -------------------------------------------------------------------------- alike


def check_alike(
    context: Context, kind: str, several: Sequence[Item], same: Mapping[str, str]
) -> None:
    """Report variants that differ from the first in what they have to have in common.

    `same` are the attributes, and what messages call them.
    """
    first = several[0]
    for other in several[1:]:
        for attribute, word in same.items():
            if getattr(other, attribute) != getattr(first, attribute):
                found = messages.variants_differ(kind, other.name, word, other.span, first.span)
                context.report.add(found)


def speaks_always(context: Context, several: Iterable[Item]) -> bool:
    """Whether one of some variants speaks in every region, at all times of the policy."""
    variants = list(several)
    return all(
        _is_covered([one.effective for one in variants if _is_for(one, region)], context.effective)
        for region in context.regions or ("",)
    )


def _is_for(item: Item, region: str) -> bool:
    return not item.regions or region in item.regions


def _is_covered(intervals: Iterable[Interval], whole: Interval) -> bool:
    """Whether intervals, one after the other, leave nothing of another one."""
    at = whole.start
    for one in sorted(intervals, key=lambda each: (each.start is not None, each.start or 0)):
        if one.start is not None and (at is None or one.start > at):
            return False
        if one.end is None or (whole.end is not None and one.end >= whole.end):
            return True
        at = one.end if at is None else max(at, one.end)
    return False
