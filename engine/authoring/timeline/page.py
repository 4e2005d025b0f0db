"""The history of a shop as one page of HTML that needs nothing else to be read.

Everything that others wrote is made visible and escaped; the page runs no scripts, and tells the
browser to allow none.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from importlib.resources import files
from typing import Any, Final

from jinja2 import Environment, StrictUndefined
from markupsafe import Markup

from ...language.display import visible
from ...records.appeal import Appeal
from ...records.explain import explain_lines, result_text
from ...runtime.instants import parse_instant
from .as_text import (
    counted,
    name_of,
    notes,
    period_cells,
    period_heads,
    points_text,
    reach_text,
    shortened,
    standing,
    time_text,
)
from .charts.frame import Sheet
from .charts.lanes import actions_chart, appeals_chart
from .charts.measures import measure_chart
from .charts.points import points_chart
from .charts.stars import stars_chart
from .model import Entry, Filed, History, Stretch
from .periods import day_text

_MOST_LINES: Final = 80
"""So many lines of an explanation are on the page; `revlex explain` has all."""

_MATTERS: Final = frozenset({"violation", "action", "step", "threshold", "reversal"})
"""The kinds of decisions that the summary names."""

_MOST_CHARACTERS: Final = 600
"""So much of a line is."""


@dataclass(frozen=True, slots=True)
class Card:
    """A number of the summary, and what is to be said of it; `grave` if something follows of it."""

    name: str
    value: str
    note: str
    grave: bool = False


@dataclass(frozen=True, slots=True)
class Cause:
    """A decision that another one rests on; it can be gone to if it is on the page."""

    name: str
    here: bool


@dataclass(frozen=True, slots=True)
class Told:
    """A decision on the page."""

    name: str
    time: str
    kind: str
    rule: str
    says: str
    on: str
    shadow: bool
    notes: tuple[str, ...]
    causes: tuple[Cause, ...]
    undone_by: Cause | None
    lines: tuple[str, ...]


def as_page(history: History) -> str:
    """The page."""
    template = _environment().from_string(_file("page.html.jinja"))
    return template.render(**_shown(history))


def _environment() -> Environment:
    return Environment(
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        finalize=_made_visible,
    )


def _made_visible(value: Any) -> Any:
    """A text of others with nothing hidden in it; what was made here stays as it is."""
    return visible(value) if type(value) is str else value


def _file(name: str) -> str:
    return (files(__package__) / name).read_text(encoding="utf-8")


def _shown(history: History) -> dict[str, Any]:
    """Everything that the template asks for."""
    stretch = history.stretch
    style = Markup(_file("page.css"))  # noqa: S704  # our own file
    common = {
        "history": history,
        "style": style,
        "kinds": sorted(history.decisions),
        "left_out": counted(history.left_out),
        "left_out_total": sum(history.left_out.values()),
    }
    if stretch is None:
        return {**common, "reach": "nothing has happened yet"}
    here = frozenset(entry.decision.decision_id for entry in history.entries)
    return {
        **common,
        "reach": reach_text(stretch),
        "cards": list(_cards(history)),
        "charts": list(_charts(history, Sheet(stretch, here))),
        "heads": period_heads(history),
        "periods": [
            (day_text(at, stretch), cells) for at, cells in period_cells(history) if any(cells)
        ],
        "appeals": [_appeal(one, stretch) for one in history.appeals],
        "entries": [_told(entry, stretch, here) for entry in history.entries],
    }


# ------------------------------------------------------------------------------- summary


def _cards(history: History) -> Iterator[Card]:
    if history.calendar.has_reviews:
        stars = history.calendar.stars
        posted = sum(stars)
        good = f"{stars[4] + stars[3]:,} with 4 or 5 stars, {stars[0] + stars[1]:,} with 1 or 2"
        yield Card("reviews", f"{posted:,}", good if posted else "none posted")
    for one in history.series:
        if not one.subject:
            value, _, band = standing(one).rpartition(", ")
            grave = one.band in one.grave and one.status != "shadow"
            yield Card(name_of(one), value or band, band if value else "", grave)
    for points in history.points:
        following = points_text(points).partition(", ")[2]
        yield Card(f"points: {points.ladder}", f"{points.total:,}", following or "")
    running = history.in_force
    named = counted(Counter(bar.action for bar in running))
    yield Card("actions in force", f"{len(running):,}", named, grave=bool(running))
    waiting = len([one for one in history.appeals if one.pieces[-1].end is None])
    filed = f"{len(history.appeals):,} filed"
    yield Card("appeals being decided", f"{waiting:,}", filed)
    total = sum(history.decisions.values())
    matters = Counter({kind: n for kind, n in history.decisions.items() if kind in _MATTERS})
    yield Card("decisions", f"{total:,}", counted(matters))


def _charts(history: History, sheet: Sheet) -> Iterator[Markup]:
    if history.calendar.reviews:
        yield stars_chart("c-stars", history.calendar, sheet)
    for place, one in enumerate(history.series):
        yield measure_chart(f"c-measure-{place}", one, sheet)
    for place, points in enumerate(history.points):
        if points.balances or points.start:
            yield points_chart(f"c-points-{place}", points, sheet)
    if history.bars:
        yield actions_chart("c-actions", history.bars, sheet)
    if history.appeals:
        yield appeals_chart("c-appeals", history.appeals, sheet)


# ------------------------------------------------------------------ appeals and decisions


def _appeal(one: Filed, stretch: Stretch) -> dict[str, Any]:
    appeal = one.appeal
    steps = [
        (
            _time(step.at, stretch),
            step.state.replace("_", " "),
            step.actor,
            shortened(step.note or ""),
        )
        for step in appeal.history
    ]
    said = [(name, shortened(text)) for name, text in _said(appeal) if text]
    state = appeal.state.replace("_", " ")
    return {"appeal": appeal, "state": state, "steps": steps, "said": said}


def _said(appeal: Appeal) -> Iterator[tuple[str, str | None]]:
    """What is known of an appeal besides its states and checks."""
    yield "Reason", appeal.reason_code
    yield "Statement", appeal.statement
    yield "Evidence", ", ".join(appeal.evidence)
    yield "Evidence wanted", ", ".join(appeal.evidence_wanted)
    yield "Outcome", appeal.outcome_reason
    for one in appeal.reversal_plan:
        why = one.why or (f"by {one.reversed_by}" if one.reversed_by else "")
        yield "Undo", f"{one.what} {one.decision_id}: {one.status} {why}".rstrip()


def _time(text: str, stretch: Stretch) -> str:
    return time_text(parse_instant(text), stretch)


def _told(entry: Entry, stretch: Stretch, here: frozenset[str]) -> Told:
    decision = entry.decision
    subject = decision.subject
    undone = entry.undone_by
    return Told(
        name=decision.decision_id,
        time=time_text(entry.at, stretch),
        kind=decision.kind,
        rule=decision.rule.id,
        says=shortened(result_text(decision)),
        on="" if subject.kind == "shop" else f"{subject.kind} {subject.id}",
        shadow=decision.mode == "shadow",
        notes=tuple(notes(entry, stretch)),
        causes=tuple(Cause(name, name in here) for name in decision.evidence.causes[:8]),
        undone_by=None if undone is None else Cause(undone, undone in here),
        lines=tuple(_lines(entry)),
    )


def _lines(entry: Entry) -> Iterator[str]:
    """The explanation, cut where it is very long."""
    for number, line in enumerate(explain_lines(entry.decision)):
        if number == _MOST_LINES:
            yield "…"
            return
        yield line if len(line) <= _MOST_CHARACTERS else f"{line[:_MOST_CHARACTERS]}…"
