"""What can be wrong with the text of a template or a phrase: E350 to E389.

E350 to E359 are about templates, E360 to E389 about the phrases with a grammar of their own.
"""

from __future__ import annotations

from dataclasses import dataclass

from ..diagnostics import Diagnostic
from ..source import Span
from .syntax import either, quoted

# ------------------------------------------------------------------ templates


def unclosed_slot(span: Span) -> Diagnostic:
    """`Thank you, {buyer.name`."""
    return Diagnostic(
        "E350",
        "this `{` is never closed",
        span,
        help="close it with `}`, or write `{{` for a brace",
    )


def single_brace(span: Span) -> Diagnostic:
    """`Thank you}`."""
    return Diagnostic("E351", "this `}` closes nothing", span, help="write `}}` for a brace")


def empty_slot(span: Span) -> Diagnostic:
    """`Thank you, {}`."""
    return Diagnostic(
        "E352",
        "there is nothing between these braces",
        span,
        help="write what to fill in, such as `{buyer.name ?? 'friend'}`, or `{{}}` for braces",
    )


# -------------------------------------------------------------------- phrases


@dataclass(frozen=True, slots=True)
class PhraseForm:
    """A phrase with a grammar of its own: its code, what it is, and how it may read."""

    code: str
    what: str
    forms: tuple[str, ...]


PHRASES = {
    "band": PhraseForm(
        "E360",
        "a band",
        ("from 0.5% below 1%", "below 0.5%", "from 1%", "when CONDITION", "otherwise"),
    ),
    "range": PhraseForm("E377", "a range", ("below 0.8%", "from 0.5% below 1%")),
    "schedule": PhraseForm(
        "E361",
        "a schedule",
        ("on change", "daily at 06:00", "weekly on monday", "monthly on day 20", "quarterly"),
    ),
    "deadline": PhraseForm("E362", "a deadline", ("within 30 calendar days of notice",)),
    "action_phrase": PhraseForm(
        "E363",
        "an action",
        (
            "close_shop for 28d",
            "close_shop permanently",
            "order_cap until recovered",
            "hold_funds for 90d or until complaint.closed",
            "send_notice",
        ),
    ),
    "point_range": PhraseForm("E364", "a number of points", ("4", "1 to 12")),
    "balance": PhraseForm(
        "E381", "a way of counting", ("up", "up within 0 to 100", "down from 200 within 0 to 1000")
    ),
    "rate": PhraseForm("E365", "a rate", ("1 per 24h", "100 per day", "3 per 2 calendar weeks")),
    "cap": PhraseForm("E379", "a cap", ("100 per day", "70% of usual_orders per day")),
    "extension": PhraseForm(
        "E378",
        "what an action extends to",
        ("linked accounts", "products", "products where product.fulfilled_by == seller"),
    ),
    "hours": PhraseForm("E366", "a part of the day", ("09:00 to 21:00",)),
    "hold": PhraseForm("E367", "a holding time", ("2 checks", "48h", "2 calendar days")),
    "length": PhraseForm("E368", "a length of time", ("180d", "30 calendar days")),
    "window": PhraseForm(
        "E374",
        "a window",
        (
            "30d",
            "30 calendar days",
            "this calendar month",
            "3 calendar months if count(order) >= 400 else 12 calendar months",
        ),
    ),
}
"""The phrases by the rule of the grammar that reads them."""


def malformed_phrase(span: Span, start: str, found: str | None) -> Diagnostic:
    """A phrase that does not read as its kind does."""
    form = PHRASES[start]
    message = f"{quoted(found)} does not fit into" if found else "something is missing in"
    forms = either([f"`{each}`" for each in form.forms])
    return Diagnostic(
        form.code, f"{message} {form.what}", span, help=f"{form.what} reads like {forms}"
    )


def malformed_time(span: Span, found: str) -> Diagnostic:
    """`9:00`, `24:00`, `12:60`."""
    return Diagnostic(
        "E370",
        f"{quoted(found)} is not a time of the day",
        span,
        help="write hours and minutes with two digits each, from `00:00` to `23:59`",
    )


def no_such_day(span: Span, found: str) -> Diagnostic:
    """`monthly on day 32`."""
    return Diagnostic(
        "E371", f"no month has a day {quoted(found)}", span, help="days of a month are 1 to 31"
    )


def empty_hours(span: Span) -> Diagnostic:
    """`09:00 to 09:00`."""
    return Diagnostic(
        "E372",
        "these hours end when they begin",
        span,
        help="write two different times, or leave the hours out for the whole day",
    )


def falling_range(span: Span, low: int, high: int) -> Diagnostic:
    """`12 to 1`."""
    return Diagnostic(
        "E373", f"`{low}` is more than `{high}`", span, help=f"write `{high} to {low}`"
    )
