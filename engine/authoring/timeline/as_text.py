"""The history of a shop as a table for a terminal."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from typing import Final

from ...language.display import visible
from ...records.explain import result_text
from ...runtime.instants import parse_instant, to_datetime
from .model import STARS, Bar, Entry, History, Points, Series, Stretch
from .periods import day_text
from .values import readable

_NAMED: Final = 8
"""So many of a kind are named on a line of the summary."""

_COLUMNS: Final = 4
"""So many measures, and so many ladders, have a column in the table of periods."""

_LONGEST: Final = 300
"""So many characters of a sentence are shown."""

_WITHHELD: Final = re.compile(r"\[withheld ([0-9a-f]{6})[0-9a-f]{58}\]")
"""What stands where people's words were taken out."""

_SHORT: Final = 10
"""So much of an id is shown; `revlex explain` takes it."""


def history_lines(history: History) -> Iterator[str]:
    """The whole, line by line: a summary, the periods, and the decisions."""
    yield from _head(history)
    if history.stretch is None:
        yield "  nothing has happened yet"
        return
    yield from _summary(history)
    yield ""
    yield from _periods(history, history.stretch)
    yield ""
    yield from _decisions(history, history.stretch)
    yield from _rest(history)


# ------------------------------------------------------------------------------- summary


def _head(history: History) -> Iterator[str]:
    policy = history.policy
    region = f", region {history.region}" if history.region else ""
    under = f", under {policy.name} {policy.version}" if policy else ""
    yield f"shop {history.shop}{region}{under}"
    stretch = history.stretch
    if stretch is not None:
        yield reach_text(stretch)
    yield ""


def _summary(history: History) -> Iterator[str]:
    yield from _pairs("reviews", _reviews(history))
    yield from _pairs("measures", (_series(one) for one in history.series if not one.subject))
    yield from _pairs("points", map(points_text, history.points))
    yield from _pairs("in force", _some([bar_text(one) for one in history.in_force]))
    if history.appeal_states:
        total = sum(history.appeal_states.values())
        yield from _pairs("appeals", [f"{total:,}: {counted(history.appeal_states)}"])
    total = sum(history.decisions.values())
    yield from _pairs("decisions", [f"{total:,}: {counted(history.decisions)}" if total else "0"])


def _pairs(name: str, texts: Iterable[str]) -> Iterator[str]:
    """Texts under a name, which stands before the first."""
    for number, text in enumerate(texts):
        yield f"  {name if number == 0 else '':<10} {text}"


def _reviews(history: History) -> Iterator[str]:
    calendar = history.calendar
    if calendar.has_reviews:
        stars = calendar.stars
        each = ", ".join(f"{star}★ {stars[star - 1]:,}" for star in reversed(STARS))
        changed = f"; {calendar.changed:,} edited" if calendar.changed else ""
        gone = f"; {calendar.gone:,} hidden or removed" if calendar.gone else ""
        yield f"{sum(stars):,}: {each}{changed}{gone}"


def _series(one: Series) -> str:
    return f"{name_of(one)}: {standing(one)}"


def name_of(one: Series) -> str:
    """A series by its measure and threshold."""
    if one.measure is None or one.measure == one.threshold:
        return one.threshold
    return f"{one.measure} ({one.threshold})"


def standing(one: Series) -> str:
    """The last value of a series, and the band that it is in."""
    band = f"band {one.band}" if one.band else "no band yet"
    if one.last is None:
        return band
    value = "not enough to tell" if one.last.value is None else readable(one.last.value, one.unit)
    return f"{value}, {band}"


def points_text(one: Points) -> str:
    """The balance of a ladder, and its next milestone."""
    ahead = [at for at in one.steps if (at < one.total if one.counts_down else at > one.total)]
    following = (max(ahead) if one.counts_down else min(ahead)) if ahead else None
    more = f", the next step is at {following}" if following is not None else ""
    return f"{one.ladder} {one.total:,}{more}"


def bar_text(bar: Bar) -> str:
    """An action that has not ended, in words."""
    on = "" if bar.scope == "shop" else f" on {bar.scope} {bar.target}"
    state = "" if bar.pieces[-1].state == "in force" else f", {bar.pieces[-1].state}"
    return f"{bar.action}{on} {bar.until}{state}"


def _some(texts: Sequence[str]) -> Iterator[str]:
    yield from texts[:_NAMED]
    if len(texts) > _NAMED:
        yield f"and {len(texts) - _NAMED:,} more"


def counted(counts: Counter[str]) -> str:
    """Counts by name, the most first."""
    ordered = sorted(counts.items(), key=lambda pair: (-pair[1], pair[0]))
    return ", ".join(f"{name} {count:,}" for name, count in ordered)


# ------------------------------------------------------------------------------- periods


def _periods(history: History, stretch: Stretch) -> Iterator[str]:
    """A line for each period in which anything happened."""
    head = [history.calendar.unit, *period_heads(history)]
    rows = [
        [day_text(begin, stretch), *cells] for begin, cells in period_cells(history) if any(cells)
    ]
    widths = [max(len(row[i]) for row in [head, *rows]) for i in range(len(head))]
    for row in [head, *rows]:
        first, *rest = (
            cell.ljust(width) if i == 0 else cell.rjust(width)
            for i, (cell, width) in enumerate(zip(row, widths, strict=True))
        )
        yield "  ".join([first, *rest]).rstrip()


def period_heads(history: History) -> list[str]:
    """What the cells of a period are."""
    stars = ["reviews", *(f"{star}★" for star in STARS)] if history.calendar.has_reviews else []
    measures = [one.measure or one.threshold for one in _shown(history)]
    return [*stars, *measures, *(one.ladder for one in history.points[:_COLUMNS]), "decisions"]


def _shown(history: History) -> list[Series]:
    """The measures that have a column; the page and the JSON have all."""
    return [one for one in history.series if not one.subject and one.samples][:_COLUMNS]


def period_cells(history: History) -> Iterator[tuple[int, list[str]]]:
    """The periods: when each begins, and what is to be said of it; nothing where nothing is."""
    rows = history.calendar.rows
    for number, row in enumerate(rows):
        end = rows[number + 1].start if number + 1 < len(rows) else None
        stars = [f"{count or ''}" for count in (row.reviews, *row.stars)]
        cells = stars if history.calendar.has_reviews else []
        cells = cells + [_last_value(one, row.start, end) for one in _shown(history)]
        cells += [_last_total(one, row.start, end) for one in history.points[:_COLUMNS]]
        yield row.start, [*cells, f"{row.decisions or ''}"]


def _last_value(one: Series, start: int, end: int | None) -> str:
    inside = [s.value for s in one.samples if start <= s.at and (end is None or s.at < end)]
    known = [value for value in inside if value is not None]
    return readable(known[-1], one.unit) if known else ""


def _last_total(one: Points, start: int, end: int | None) -> str:
    inside = [b.total for b in one.balances if start <= b.at and (end is None or b.at < end)]
    return f"{inside[-1]:,}" if inside else ""


# ----------------------------------------------------------------------------- decisions


def _decisions(history: History, stretch: Stretch) -> Iterator[str]:
    for entry in history.entries:
        yield from entry_lines(entry, stretch)
    if not history.entries:
        yield "no decisions"


def entry_lines(entry: Entry, stretch: Stretch) -> Iterator[str]:
    """A decision: when, what, about what; and why."""
    decision = entry.decision
    subject = decision.subject
    on = "" if subject.kind == "shop" else f" on {subject.kind} {subject.id}"
    trial = " (shadow)" if decision.mode == "shadow" else ""
    what = shortened(result_text(decision))
    says = f"{decision.kind:<10} {decision.rule.id}: {what}{on}{trial}"
    yield f"{time_text(entry.at, stretch)}  {says}  [{decision.decision_id[:_SHORT]}]"
    for line in notes(entry, stretch):
        yield f"{'':<16}  {'':<10} {line}"


def notes(entry: Entry, stretch: Stretch) -> Iterator[str]:
    """What else is to be said of a decision: why, for when, and what became of it."""
    decision = entry.decision
    if decision.rule.because:
        yield shortened(decision.rule.because)
    if decision.time.event_time != decision.time.decided_at:
        at = parse_instant(decision.time.event_time)
        yield f"as of {time_text(at, stretch)}"
    if entry.undone_by is not None:
        yield f"reversed by [{entry.undone_by[:_SHORT]}]"


def shortened(text: str) -> str:
    """A text, cut where it is very long; what was taken out of it is named by a few characters."""
    text = _WITHHELD.sub(r"[withheld \1…]", text)
    return text if len(text) <= _LONGEST else f"{text[:_LONGEST]}…"


def _rest(history: History) -> Iterator[str]:
    if history.left_out:
        yield ""
        total = sum(history.left_out.values())
        yield f"not shown: {total:,} decisions ({counted(history.left_out)})"
    for sentence in history.more:
        yield f"not shown: {sentence}"


# --------------------------------------------------------------------------------- times


def reach_text(stretch: Stretch) -> str:
    """From which day to which, and by which clock."""
    first, last = day_text(stretch.start, stretch), day_text(stretch.end, stretch)
    return f"{first} to {last} ({stretch.zone})"


def time_text(instant: int, stretch: Stretch) -> str:
    """A time to the minute, by the clock of the shop."""
    return to_datetime(instant, stretch.clock).strftime("%Y-%m-%d %H:%M")


def as_text(history: History) -> str:
    """All of it; nothing that buyers, sellers or authors wrote can steer a terminal."""
    return "".join(f"{visible(line)}\n" for line in history_lines(history))
