"""Slips in YAML's punctuation: E130 to E149."""

from __future__ import annotations

from ..diagnostics import Diagnostic, Label
from ..source import Span
from .reading import shown

_INSIDE = {
    '"': ": single quotes may have double ones inside",
    "'": ", and write an apostrophe inside single quotes twice",
}


def tab_indentation(span: Span) -> Diagnostic:
    """A tab where YAML counts blanks."""
    return Diagnostic(
        "E130",
        "a tab stands where only blanks may stand",
        span,
        help="use blanks, two for each level, and tell your editor to do so",
    )


def nested_colon(span: Span) -> Diagnostic:
    """A colon and a blank inside a text without quotes."""
    return Diagnostic(
        "E131",
        "a text without quotes cannot have a colon followed by a blank",
        span,
        help="put the whole text in quotes, or write it below a `|`",
    )


def unclosed_quote(span: Span, closed: Span | None = None) -> Diagnostic:
    """A quote without its partner; `closed` is the later quote that was taken for it."""
    return Diagnostic(
        "E132",
        "this quote is not closed",
        span,
        help=f"add the closing `{span.text}` at the end of the text",
        labels=() if closed is None else (Label(closed, "it would be closed only here"),),
    )


def unclosed_bracket(span: Span, noticed: Span | None = None) -> Diagnostic:
    """A bracket without its partner; `noticed` is what cannot belong inside any more."""
    return Diagnostic(
        "E133",
        f"this `{span.text}` is not closed",
        span,
        help=f"add the closing `{'}' if span.text == '{' else ']'}`",
        labels=() if noticed is None else (Label(noticed, "this cannot stand inside it"),),
    )


def indentation(span: Span, found: str) -> Diagnostic:
    """A line that stands under nothing it could belong to."""
    return Diagnostic(
        "E134",
        found,
        span,
        help="indent all keys of one group alike, and all items of one list alike",
    )


def reserved_start(span: Span) -> Diagnostic:
    """A text without quotes whose first character means something to YAML."""
    sign = "a backtick" if span.text == "`" else f"`{span.text}`"
    return Diagnostic(
        "E135",
        f"a text without quotes cannot start with {sign}",
        span,
        help="put the whole text in quotes",
    )


def brace_starts_value(span: Span) -> Diagnostic:
    """A template, or anything else, that starts with a brace and has no quotes."""
    return Diagnostic(
        "E136",
        "a `{` at the start of a value opens a group of keys, not a text",
        span,
        help='put a text in quotes: `"{buyer.name}, thank you"`; write a list in `[ ]`',
    )


def missing_blank(span: Span, sign: str) -> Diagnostic:
    """`key:value` or `-item`."""
    return Diagnostic(
        "E137",
        f"there is no blank after the `{sign}`, so that this reads as one text",
        span,
        help=f"write a blank after the `{sign}`, or put quotes around a text",
    )


def text_after_value(span: Span, sign: str) -> Diagnostic:
    """Something behind a closing quote or bracket."""
    return Diagnostic(
        "E138",
        f"the value ends with the `{sign}` before this",
        span,
        help=f"put the whole value in one pair of quotes{_INSIDE.get(sign, '')}",
    )


def unknown_escape(span: Span) -> Diagnostic:
    r"""A backslash in double quotes with something after it that means nothing: `\d`."""
    return Diagnostic(
        "E139",
        f"`{shown(span.text)}` means nothing in double quotes",
        span,
        help="use single quotes, where a `\\` is only a `\\`, or double it",
    )


def stray_bracket(span: Span, opened: Span | None = None) -> Diagnostic:
    """A closing bracket that no opening one belongs to."""
    return Diagnostic(
        "E140",
        f"this `{span.text}` closes nothing",
        span,
        help="delete it, or write the bracket that opens before it",
        labels=() if opened is None else (Label(opened, "this is the bracket that is open"),),
    )


def block_mark(span: Span) -> Diagnostic:
    """`|` or `>` at the start of a value, and then not the end of the line."""
    return Diagnostic(
        "E141",
        f"a `{span.text}` at the start of a value announces a text on the lines below",
        span,
        help="put the whole value in quotes if it is a text that starts so",
    )


def comma(span: Span, found: str) -> Diagnostic:
    """A comma too few or too many between brackets."""
    return Diagnostic(
        "E142",
        found,
        span,
        help="separate the items by single commas, and quote an item that has one of `:[]{}`",
    )


def no_colon(span: Span) -> Diagnostic:
    """A line among keys that is none."""
    return Diagnostic(
        "E143",
        f"`{shown(span.text)}` is neither a key with a colon nor an item of a list",
        span,
        help="write `:` and the value after a key; indent the line if it continues the one above",
    )


def comment_in_text(span: Span, text: Span) -> Diagnostic:
    """A comment at the end of a line, and the text goes on below it."""
    return Diagnostic(
        "E144",
        "a comment ends the text before it, so that the text cannot go on in the next line",
        span,
        help="move the comment to a line of its own above, or put the text in quotes",
        labels=(Label(text, "this continues nothing"),),
    )


def foreign_blank(span: Span) -> Diagnostic:
    """A no-break space or another look-alike of a blank, as word processors write them."""
    return Diagnostic(
        "E145",
        f"U+{ord(span.text[0]):04X} looks like a blank here and is none",
        span,
        help="delete it and type an ordinary blank",
    )


def dash(span: Span, found: str) -> Diagnostic:
    """`key: - item`, `[- item]`: the dash of an item where no item can start."""
    return Diagnostic(
        "E146",
        found,
        span,
        help="start it on the line below the key, or write it in brackets: `[TH, VN]`",
    )


def syntax(span: Span) -> Diagnostic:
    """Anything else that is not YAML."""
    return Diagnostic(
        "E149",
        "this cannot be read as YAML",
        span,
        help="check the punctuation here and in the line before, or put the text in quotes",
    )
