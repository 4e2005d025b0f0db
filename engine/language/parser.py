"""From the text of an expression, a phrase or a template to its syntax tree.

Each function takes the text with its places and a report. It returns the tree, or notes in the
report everything that it can name and returns nothing. The grammar is `grammar/expr.lark`; Lark,
which reads it, is imported when the first text is parsed.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import TypeVar

from .diagnostics import Diagnostic, Report
from .messages import phrases as say_phrase
from .messages import syntax as say
from .parsing import limits, templates
from .parsing.draft import Draft
from .parsing.words import RESERVED
from .source import Embedded
from .syntax import (
    ActionPhrase,
    Band,
    Counting,
    Deadline,
    Duration,
    Extension,
    Hold,
    Hours,
    Node,
    Period,
    PointRange,
    Rate,
    Schedule,
    Share,
    Template,
    TemplateText,
)

KEYWORDS = RESERVED
"""The words that never name anything."""

_Tree = TypeVar("_Tree", bound=Node)


def parse_expression(text: Embedded, report: Report) -> Node | None:
    """A condition or a value: `review.stars <= 2`, `count(review) / count(order)`."""
    return _parse(text, report, "expression", Node)


def parse_band(text: Embedded, report: Report) -> Band | None:
    """A band of a threshold: `from 0.5% below 1%`, `when banned`, `otherwise`."""
    return _parse(text, report, "band", Band)


def parse_range(text: Embedded, report: Report) -> Band | None:
    """A band without a condition: `below 0.8%`."""
    return _parse(text, report, "range", Band)


def parse_schedule(text: Embedded, report: Report) -> Schedule | None:
    """When a threshold is checked: `weekly on monday at 06:00`."""
    return _parse(text, report, "schedule", Schedule)


def parse_deadline(text: Embedded, report: Report) -> Deadline | None:
    """Until when something may be done: `within 30 calendar days of notice`."""
    return _parse(text, report, "deadline", Deadline)


def parse_action(text: Embedded, report: Report) -> ActionPhrase | None:
    """An action and how long it lasts: `close_shop for 28d`."""
    return _parse(text, report, "action_phrase", ActionPhrase)


def parse_points(text: Embedded, report: Report) -> PointRange | None:
    """Points: `4`, `1 to 12`."""
    return _parse(text, report, "point_range", PointRange)


def parse_counting(text: Embedded, report: Report) -> Counting | None:
    """How a ladder counts: `up`, `down from 200 within 0 to 1000`."""
    return _parse(text, report, "balance", Counting)


def parse_rate(text: Embedded, report: Report) -> Rate | None:
    """At most so many in a length of time: `100 per day`."""
    return _parse(text, report, "rate", Rate)


def parse_cap(text: Embedded, report: Report) -> Rate | Share | None:
    """At most so many in a length of time, or so much of a measure: `70% of orders per day`."""
    tree = _parse(text, report, "cap", Node)
    return tree if isinstance(tree, Rate | Share) else None


def parse_extension(text: Embedded, report: Report) -> Extension | None:
    """What an action on a shop falls on too: `linked accounts`, `products`."""
    return _parse(text, report, "extension", Extension)


def parse_hours(text: Embedded, report: Report) -> Hours | None:
    """A part of the day: `09:00 to 21:00`."""
    return _parse(text, report, "hours", Hours)


def parse_hold(text: Embedded, report: Report) -> Hold | None:
    """How long a value must stay before it counts: `2 checks`, `48h`."""
    return _parse(text, report, "hold", Hold)


def parse_length(text: Embedded, report: Report) -> Duration | Period | None:
    """A length of time: `180d`, `90 calendar days`."""
    tree = _parse(text, report, "length", Node)
    return tree if isinstance(tree, Duration | Period) else None


def parse_window(text: Embedded, report: Report) -> Node | None:
    """What a measure looks back on: `30d`, `30d if count(order) > 9 else this calendar month`.

    A `Duration`, a `Period`, an `Aligned` or a `WindowByVolume`.
    """
    return _parse(text, report, "window", Node)


def parse_template(text: Embedded, report: Report) -> Template | None:
    """A reply with slots: `Thank you, {buyer.name ?? 'friend'}!`."""
    problem = _nothing_written(text, "template") or limits.beyond_size(text)
    if problem:
        report.add(problem)
        return None
    parts = [_template_part(text, piece, report) for piece in templates.pieces(text)]
    whole = tuple(part for part in parts if part is not None)
    if len(whole) < len(parts):
        return None
    return Template(whole, span=text.at(0, len(text.text)))


PARSERS: Mapping[str, Callable[[Embedded, Report], Node | None]] = MappingProxyType(
    {
        "expression": parse_expression,
        "band": parse_band,
        "range": parse_range,
        "schedule": parse_schedule,
        "deadline": parse_deadline,
        "action_phrase": parse_action,
        "point_range": parse_points,
        "balance": parse_counting,
        "rate": parse_rate,
        "cap": parse_cap,
        "extension": parse_extension,
        "hours": parse_hours,
        "hold": parse_hold,
        "length": parse_length,
        "window": parse_window,
        "template": parse_template,
    }
)
"""The functions of this module by the rule of the grammar that each begins with."""


_EXAMPLES = {
    "expression": ("the expression", "review.stars <= 2"),
    "template": ("the template", "Thank you, {buyer.name ?? 'friend'}!"),
}


def _template_part(
    text: Embedded, piece: templates.Piece | Diagnostic, report: Report
) -> Node | None:
    if isinstance(piece, Diagnostic):
        report.add(piece)
        return None
    part = text.part(piece.start, piece.end)
    if piece.is_slot:
        return parse_expression(part, report)
    return TemplateText(templates.plain_text(part.text), span=part.span)


def _parse(text: Embedded, report: Report, start: str, kind: type[_Tree]) -> _Tree | None:
    """Parse a text by one of the grammar's start rules, whose trees are of one kind."""
    problem = _nothing_written(text, start) or limits.beyond_limits(text)
    if problem:
        report.add(problem)
        return None
    draft = Draft(text)
    tree = _tree(draft, start)
    report.extend(draft.found)
    return tree if isinstance(tree, kind) and not draft.found else None


def _nothing_written(text: Embedded, start: str) -> Diagnostic | None:
    if text.text.strip():
        return None
    what, example = _EXAMPLES.get(start) or (
        say_phrase.PHRASES[start].what,
        say_phrase.PHRASES[start].forms[0],
    )
    return say.nothing_written(text.at(0, len(text.text)), what, example)


def _tree(draft: Draft, start: str) -> Node | None:
    """The tree of a draft, or nothing, and what is wrong noted in the draft."""
    from .parsing import diagnosis, lalr  # noqa: PLC0415 - Lark takes longer to load than to parse

    outcome = lalr.parse(draft, start)
    if isinstance(outcome, lalr.Refusal):
        draft.found.extend(diagnosis.diagnose(draft.text, start, outcome))
        return None
    if problem := limits.too_deep(draft.text, outcome):
        draft.found.append(problem)
    return outcome
