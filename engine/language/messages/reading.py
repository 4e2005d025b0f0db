"""What can be wrong with a policy file as YAML: E101 to E120, and its traps, W701 to W705.

E101 to E109 are about the file as a whole, E110 to E120 about parts of YAML that policies do
without. Slips in punctuation, E130 to E149, are in `slips`.
"""

from __future__ import annotations

from ..diagnostics import Diagnostic, Label
from ..source import Span

_MOST_SHOWN = 40


def shown(text: str) -> str:
    """The author's words on one line, shortened if they are long."""
    line = " ".join(text.split())
    return line if len(line) <= _MOST_SHOWN else f"{line[: _MOST_SHOWN - 1]}…"


# ------------------------------------------------------------------ the file


def unreadable_file(span: Span, reason: str) -> Diagnostic:
    """The file is missing, a folder, or closed to us."""
    return Diagnostic(
        "E101",
        f"the file cannot be read: {reason.rstrip('.').lower()}",
        span,
        help="check the file's name and that you may read it",
    )


def not_utf8(span: Span, found: str) -> Diagnostic:
    """The file's bytes are not UTF-8 text."""
    return Diagnostic("E102", f"the file {found}, not UTF-8 text", span, help="save it as UTF-8")


def file_too_large(span: Span, limit: int) -> Diagnostic:
    """The file is larger than any policy."""
    return Diagnostic(
        "E103",
        f"the file is too large: a policy file may have {limit:,} bytes",
        span,
        help="split the policy into several files of one pack",
    )


def line_too_long(span: Span, size: int, limit: int) -> Diagnostic:
    """A line is longer than anybody reads."""
    return Diagnostic(
        "E104",
        f"this line has {size:,} characters; a line may have {limit:,}",
        span,
        help="break it into several lines",
    )


def control_character(span: Span) -> Diagnostic:
    """A character that is not text, or that YAML readers disagree about."""
    number = ord(span.text[0])
    return Diagnostic(
        "E105",
        f"the invisible character U+{number:04X} cannot stand in a policy file",
        span,
        help=f"delete it, or write it as `\\u{number:04X}` in a text in double quotes",
    )


def empty_file(span: Span) -> Diagnostic:
    """There is nothing in the file but blanks and comments."""
    return Diagnostic(
        "E106", "the file is empty", span, help="start it with `policy:` and the name of the policy"
    )


def nested_too_deep(span: Span, limit: int) -> Diagnostic:
    """Lists and groups of keys inside each other without end."""
    return Diagnostic(
        "E107",
        f"this is nested deeper than {limit} levels",
        span,
        help="a policy needs far fewer: check for brackets that are opened and never closed",
    )


def too_many_values(span: Span, limit: int) -> Diagnostic:
    """More values than a reader of policies could hold."""
    return Diagnostic(
        "E108",
        f"the file has more than {limit:,} values",
        span,
        help="split the policy into several files of one pack",
    )


def several_documents(span: Span) -> Diagnostic:
    """A second YAML document in one file."""
    return Diagnostic(
        "E109",
        "a second YAML document starts here; a policy file is one",
        span,
        help="delete this line, or move what follows into a file of its own",
    )


# ------------------------------------------------------------------ parts of YAML left out


def directive(span: Span) -> Diagnostic:
    """A line such as `%YAML 1.1`."""
    return Diagnostic(
        "E110",
        f"`{shown(span.text)}` is an instruction to YAML readers, which policies do without",
        span,
        help="delete the line: a policy is always read as YAML 1.2",
    )


def anchor(span: Span) -> Diagnostic:
    """`&name` before a value."""
    return Diagnostic(
        "E111",
        f"`{shown(span.text)}` is a YAML anchor, which policies do without",
        span,
        help="name the value under `lists` or `define`; quote a text that starts with `&`",
    )


def alias(span: Span) -> Diagnostic:
    """`*name` in place of a value."""
    return Diagnostic(
        "E112",
        f"`{shown(span.text)}` is a YAML alias, which policies do without",
        span,
        help="use a name from `lists` or `define`; quote a text that starts with `*`",
    )


def tag(span: Span) -> Diagnostic:
    """`!!str` or `!name` before a value."""
    return Diagnostic(
        "E113",
        f"`{shown(span.text)}` is a YAML tag, which policies do without",
        span,
        help="delete it; quote a text that starts with `!` or has to stay text",
    )


def merge_key(span: Span) -> Diagnostic:
    """The key `<<`."""
    return Diagnostic(
        "E114",
        "`<<` merges keys from elsewhere, which policies do without",
        span,
        help="write the keys out, or build on another pack with `extend` and `override`",
    )


def duplicate_key(span: Span, first: Span) -> Diagnostic:
    """One key twice in one group."""
    return Diagnostic(
        "E115",
        f"the key `{shown(span.text)}` is here twice",
        span,
        help="keep one of the two",
        labels=(Label(first, "first given here"),),
    )


def key_not_text(span: Span, found: str) -> Diagnostic:
    """A key that is a list, a group of keys, a number, true, false, or nothing."""
    return Diagnostic(
        "E116",
        f"a key has to be a word or a text, and this is {found}",
        span,
        help="put the key in quotes if it is meant as text",
    )


def special_number(span: Span) -> Diagnostic:
    """`.inf` or `.nan`."""
    return Diagnostic(
        "E117",
        f"`{shown(span.text)}` is not a number that can be counted with",
        span,
        help="write the number itself, or leave the key out if there is no limit",
    )


def leading_zero(span: Span, plain: str) -> Diagnostic:
    """`010` and `08`: ten or eight, eight or an error."""
    return Diagnostic(
        "E118",
        f"YAML readers do not agree about the zero before `{shown(span.text)}`",
        span,
        help=f'write `{shown(plain)}` for the number, or `"{shown(span.text)}"` for a text',
    )


def number_too_long(span: Span, limit: int) -> Diagnostic:
    """More digits than any quantity has."""
    return Diagnostic(
        "E119",
        f"`{shown(span.text)}` has too many digits: a number may have {limit}",
        span,
        help="put it in quotes if it is meant as text",
    )


def key_without_value(span: Span) -> Diagnostic:
    """A key between braces that has neither a colon nor a value."""
    return Diagnostic(
        "E120",
        f"the key `{shown(span.text)}` has no value",
        span,
        help="write a colon, a blank and the value, or put quotes around a text with commas",
    )


# ------------------------------------------------------------------ traps


def boolean_word(span: Span) -> Diagnostic:
    """`yes`, `no`, `on`, `off`, `y`, `n` without quotes."""
    word = span.text
    return Diagnostic(
        "W701",
        f"`{word}` is a text here, but many YAML readers take it for true or false",
        span,
        help=f'write `"{word}"` for the text; true and false are `true` and `false`',
    )


def clock_number(span: Span) -> Diagnostic:
    """`12:30` without quotes."""
    return Diagnostic(
        "W702",
        f"`{shown(span.text)}` is a text here, but many YAML readers take it for a number",
        span,
        help=f'write `"{shown(span.text)}"`',
    )


def old_number(span: Span) -> Diagnostic:
    """`1_000` or `0b11` without quotes."""
    return Diagnostic(
        "W703",
        f"`{shown(span.text)}` is a text here, but many YAML readers take it for a number",
        span,
        help=f'write the number with digits alone, or `"{shown(span.text)}"` for the text',
    )


def cut_by_comment(span: Span, value: Span) -> Diagnostic:
    """A `#` that was meant as part of the text before it."""
    return Diagnostic(
        "W704",
        "a `#` after a blank starts a comment, and the value before it looks cut off",
        span,
        help="put the whole value in quotes if the `#` belongs to it",
        labels=(Label(value, "the value is only this"),),
    )


def swallowed_item(span: Span) -> Diagnostic:
    """A list item that is indented more than its list, and so continues the item above."""
    return Diagnostic(
        "W705",
        "this continues the item above; it is not an item of the list",
        span,
        help="indent it like the item above, or put the text of that item in quotes",
    )
