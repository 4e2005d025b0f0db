"""What can be wrong with the text of an expression: E301 to E349.

E301 to E319 are about single signs, words and numbers, E320 to E349 about how they follow one
another.
"""

from __future__ import annotations

from collections.abc import Sequence

from ..diagnostics import Diagnostic, Label
from ..display import visible
from ..source import Span

_MOST_SHOWN = 40
_MOST_READ = 400


def quoted(words: str) -> str:
    """The author's words in backticks, on one line, shortened if they are long."""
    line = visible(" ".join(words[:_MOST_READ].split()))
    return f"`{line if len(line) <= _MOST_SHOWN else f'{line[: _MOST_SHOWN - 1]}…'}`"


# ------------------------------------------------- signs, words and numbers


def single_equals(span: Span) -> Diagnostic:
    """`review.stars = 2`."""
    return Diagnostic("E301", "a single `=` compares nothing", span, help="write `==`")


def sign_for_word(span: Span, sign: str, word: str) -> Diagnostic:
    """`a && b`: a sign of programming languages for one of our words."""
    return Diagnostic(
        "E302", f"{quoted(sign)} is not an operator here", span, help=f"write `{word}`"
    )


def misspelt_comparison(span: Span, sign: str, right: str) -> Diagnostic:
    """`a <> b`, `a =< b`, `a ≤ b`: a comparison in another spelling."""
    return Diagnostic("E303", f"{quoted(sign)} is not a comparison", span, help=f"write `{right}`")


def no_such_operator(span: Span, sign: str, help_: str) -> Diagnostic:
    """`a ** b`: an operator that the language does not have."""
    return Diagnostic("E304", f"there is no operator {quoted(sign)}", span, help=help_)


def blank_before_percent(span: Span, number: str) -> Diagnostic:
    """`15 %`."""
    return Diagnostic(
        "E305", "there is a blank before the percent sign", span, help=f"write `{number}%`"
    )


def curly_quotes(span: Span) -> Diagnostic:
    """`“refund”`: the quotes of a word processor."""
    return Diagnostic(
        "E306", "curly quotes do not enclose a text", span, help='use straight quotes: `"`'
    )


def capital_word(span: Span, found: str, word: str) -> Diagnostic:
    """`AND`: a word of the language in capitals."""
    return Diagnostic("E307", f"{quoted(found)} has capital letters", span, help=f"write `{word}`")


def capital_name(span: Span, found: str, name: str) -> Diagnostic:
    """`Review.stars`: a name with capitals."""
    return Diagnostic(
        "E308", f"the name {quoted(found)} has capital letters", span, help=f"write `{name}`"
    )


def malformed_name(span: Span, found: str) -> Diagnostic:
    """`größe`, `review.`, `review.5`: a word that can be no name."""
    return Diagnostic(
        "E309",
        f"{quoted(found)} is not a name",
        span,
        help="names are made of a-z, 0-9, `_` and dots between; put quotes around a text",
    )


def unknown_character(span: Span, char: str, help_: str | None = None) -> Diagnostic:
    """`a @ b`: a character that means nothing."""
    shown = "a backtick" if char == "`" else quoted(char)
    return Diagnostic("E310", f"{shown} means nothing here", span, help=help_ or "delete it")


def invisible_character(span: Span, name: str) -> Diagnostic:
    """A no-break space and the like, which no reader can tell from a blank."""
    return Diagnostic(
        "E310",
        f"the invisible character {name} stands here",
        span,
        help="type a blank in its place",
    )


def unclosed_quote(span: Span, quote: str) -> Diagnostic:
    """`contains "refund`."""
    return Diagnostic(
        "E311",
        "this quote is never closed",
        span,
        help=f"close the text with `{quote}` on its line",
    )


def unknown_escape(span: Span, found: str) -> Diagnostic:
    r"""`"\d"`: a backslash before something that it cannot stand before."""
    return Diagnostic(
        "E312",
        f"{quoted(found)} is not an escape",
        span,
        help=r"write `\\` for a backslash; there are also `\n`, `\t`, `\"`, `\'` and `\u00e9`",
    )


def half_character(span: Span, found: str) -> Diagnostic:
    r"""`"\ud83d\ude00"`: one character cut into two halves."""
    return Diagnostic(
        "E312", f"{quoted(found)} is half a character", span, help="write the character itself"
    )


def malformed_number(span: Span, found: str, right: str | None) -> Diagnostic:
    """`.5`, `5.`, `1_000`, `007`: a number that is not written as numbers are here."""
    help_ = f"write `{right}`" if right else "numbers are written like `12`, `4.5` or `0.5%`"
    return Diagnostic("E313", f"{quoted(found)} is not a number", span, help=help_)


def date(span: Span, found: str) -> Diagnostic:
    """`2025-03-01`: a date in an expression."""
    return Diagnostic(
        "E313",
        f"{quoted(found)} is a date, and expressions have none",
        span,
        help="compare points in time that fields have, or give the entry an `effective` date",
    )


def ordinal(span: Span, found: str) -> Diagnostic:
    """`20th`."""
    return Diagnostic(
        "E313", f"{quoted(found)} is not a number", span, help=f"write `{found[:-2]}`"
    )


def number_too_large(span: Span, limit: str) -> Diagnostic:
    """More than 63 bits, more than 18 digits, more than 292,000 years."""
    return Diagnostic("E314", "this number is too large", span, help=f"it may be at most {limit}")


def bare_unit(span: Span, found: str, fixes: Sequence[str]) -> Diagnostic:
    """`30 days`, `3 months`: a length of time without saying how days count."""
    written = " or ".join(f"`{fix}`" for fix in fixes)
    return Diagnostic(
        "E315", f"{quoted(found)} is not a length of time", span, help=f"write {written}"
    )


def decimal_length(span: Span, found: str) -> Diagnostic:
    """`1.5d`: part of a unit."""
    return Diagnostic(
        "E316",
        f"{quoted(found)} has a decimal point",
        span,
        help="use a whole number of a smaller unit, as in `36h`",
    )


def several_units(span: Span, found: str, right: str) -> Diagnostic:
    """`1h30m`: more than one unit."""
    return Diagnostic(
        "E317", f"{quoted(found)} has more than one unit", span, help=f"write `{right}`"
    )


def unknown_unit(span: Span, found: str) -> Diagnostic:
    """`30x`: a number with letters that are no unit."""
    return Diagnostic(
        "E318",
        f"{quoted(found)} is a number with an unknown unit",
        span,
        help="units are `s`, `m`, `h`, `d`, `w` and `%`",
    )


# ------------------------------------------------ how they follow one another


def nothing_written(span: Span, what: str, example: str) -> Diagnostic:
    """An empty text, or blanks alone."""
    return Diagnostic("E320", f"{what} is missing", span, help=f"write one, such as `{example}`")


def too_long(span: Span, what: str, size: int, limit: int) -> Diagnostic:
    """More characters or words than anybody reads."""
    return Diagnostic(
        "E321",
        f"this has {size:,} {what}; an expression may have {limit:,}",
        span,
        help="name its parts under `define`, or use a list",
    )


def too_deep(span: Span, limit: int) -> Diagnostic:
    """Brackets in brackets without end."""
    return Diagnostic(
        "E321",
        f"this is nested more than {limit} deep",
        span,
        help="name its parts under `define`, or use a table",
    )


def unclosed_bracket(span: Span, bracket: str, closing: str) -> Diagnostic:
    """`(a and b`."""
    return Diagnostic(
        "E322", f"`{bracket}` is never closed", span, help=f"add `{closing}` where it ends"
    )


def unexpected_closing(span: Span, bracket: str) -> Diagnostic:
    """`a and b)`."""
    return Diagnostic("E323", f"`{bracket}` closes nothing", span, help="delete it")


def mismatched_bracket(span: Span, found: str, right: str, opening: Span) -> Diagnostic:
    """`[a, b)`."""
    return Diagnostic(
        "E324",
        f"`{found}` cannot close `{opening.text}`",
        span,
        help=f"write `{right}`",
        labels=(Label(opening, "opened here"),),
    )


def missing_operand(span: Span, operator: str, side: str) -> Diagnostic:
    """`stars <=`, `and b`."""
    return Diagnostic(
        "E325",
        f"{quoted(operator)} has nothing {side} it",
        span,
        help=f"write a value {side} it, or delete it",
    )


def comparison_without_value(span: Span, operator: str, found: str) -> Diagnostic:
    """`review.stars >= 1 and <= 2`."""
    return Diagnostic(
        "E325",
        f"{quoted(found)} after {quoted(operator)} has nothing before it",
        span,
        help=f"say again what is compared, as in `review.stars >= 1 {operator} review.stars <= 2`",
    )


def nothing_between(span: Span) -> Diagnostic:
    """`(a and ())`."""
    return Diagnostic(
        "E325", "there is nothing between these brackets", span, help="write a value between them"
    )


def missing_operator(span: Span, found: str, before: Span) -> Diagnostic:
    """`stars 2`: two values side by side."""
    return Diagnostic(
        "E326",
        f"there is no operator between {quoted(before.text)} and {quoted(found)}",
        span,
        help="join them with an operator, such as `and` or `==`",
        labels=(Label(before, "one value"),),
    )


def reserved_word(span: Span, word: str) -> Diagnostic:
    """`where > 3`: a word of the language as a name."""
    return Diagnostic(
        "E327",
        f"{quoted(word)} is a word of the language, not a name",
        span,
        help="choose another name",
    )


def foreign_word(span: Span, found: str, right: str) -> Diagnostic:
    """`a is b`, `a between b and c`: how other languages say it."""
    return Diagnostic("E328", f"the language has no {quoted(found)}", span, help=f"write `{right}`")


def not_after_value(span: Span, operator: str) -> Diagnostic:
    """`x not in y`."""
    return Diagnostic(
        "E329",
        f"`not` cannot stand before `{operator}`",
        span,
        help=f"write `not (x {operator} y)`",
    )


def brackets_for_not(span: Span, operator: str) -> Diagnostic:
    """`a == not b`."""
    return Diagnostic(
        "E330",
        f"`not` after {quoted(operator)} needs brackets",
        span,
        help=f"write `{operator} (not x)`",
    )


def repeated_sign(span: Span, sign: str) -> Diagnostic:
    """`not not a`, `--a`."""
    return Diagnostic("E331", f"`{sign}` stands twice", span, help="leave out both")


def missing_branch(span: Span, word: str) -> Diagnostic:
    """`if a then b`: without `then` or `else`."""
    return Diagnostic(
        "E332",
        f"this `if` has no `{word}`",
        span,
        help="write `if condition then value else value`",
    )


def missing_window(span: Span) -> Diagnostic:
    """`30d if a or 60d`: a window of two, without `else`."""
    return Diagnostic(
        "E332",
        "this `if` has no `else`",
        span,
        help="write the other window behind it: `30d if condition else 60d`",
    )


def branch_without_if(span: Span, word: str) -> Diagnostic:
    """`then b`."""
    return Diagnostic(
        "E333", f"`{word}` has no `if`", span, help="write `if condition then value else value`"
    )


def value_before_if(span: Span) -> Diagnostic:
    """`90d if many else 365d`."""
    return Diagnostic(
        "E334",
        "`if` stands after its value",
        span,
        help="write `if condition then value else value`",
    )


def mixed_comparison(span: Span, found: str, before: Span) -> Diagnostic:
    """`a == b contains c`."""
    return Diagnostic(
        "E335",
        f"{quoted(found)} cannot follow {quoted(before.text)} in one comparison",
        span,
        help="make two conditions and join them with `and`",
        labels=(Label(before, "the first"),),
    )


def repeated_comparison(span: Span, found: str, before: Span) -> Diagnostic:
    """`a in b in c`."""
    return Diagnostic(
        "E336",
        f"{quoted(found)} cannot be repeated",
        span,
        help="make two conditions and join them with `and`",
        labels=(Label(before, "the first"),),
    )


def incomplete_operator(span: Span, found: str, right: str) -> Diagnostic:
    """`contains any words`, `starts "a"`."""
    fix = " ".join(right.split())
    return Diagnostic("E337", f"{quoted(found)} is incomplete", span, help=f"write `{fix}`")


def has_needs_name(span: Span) -> Diagnostic:
    """`has (order.delivered_at)`, `has length(x)`."""
    return Diagnostic(
        "E338",
        "`has` asks for a field alone",
        span,
        help="write `has` and the name of a field, such as `has order.delivered_at`",
    )


def within_needs_length(span: Span) -> Diagnostic:
    """`within limit of order.placed_at`."""
    return Diagnostic(
        "E339",
        "`within` needs a length of time",
        span,
        help="write `within 24h of` or `within 30 calendar days of`",
    )


def aggregate_form(span: Span, word: str, forms: str) -> Diagnostic:
    """`sum(order)`, `count(a of order)`."""
    return Diagnostic(
        "E340", f"`{word}` is not written like this", span, help=f"`{word}` reads like {forms}"
    )


def outside_aggregate(span: Span, word: str) -> Diagnostic:
    """`review.stars where negative`."""
    return Diagnostic(
        "E341",
        f"`{word}` stands only inside `count`, `sum` and their kind",
        span,
        help="write it within the brackets, as in `count(review where negative)`",
    )


def stray_comma(span: Span) -> Diagnostic:
    """`1,000`, `a, b`."""
    return Diagnostic(
        "E342",
        "a comma stands only between the values of a list or a call",
        span,
        help="put the values in a list, `[a, b]`; write a thousand as `1000`",
    )


def unexpected(span: Span, found: str | None, possible: Sequence[str]) -> Diagnostic:
    """Anything else: what was found, and a few things that may stand there."""
    message = f"{quoted(found)} cannot stand here" if found else "the expression stops too early"
    return Diagnostic("E343", message, span, help=f"here may stand {either(possible)}")


def either(words: Sequence[str]) -> str:
    """Several things of which one may be."""
    return " or ".join([", ".join(words[:-1]), words[-1]] if len(words) > 1 else words)
