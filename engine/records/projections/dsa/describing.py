"""What the fields of a statement are, in a sentence each, for documents."""

from __future__ import annotations

from functools import singledispatch
from typing import Final

from .statement import (
    FORMS,
    NEVER_WITH,
    ONLY,
    REQUIRED,
    RESTRICTIONS,
    Address,
    Date,
    One,
    Some,
    Text,
    Token,
)

_SHOWN: Final = 4
"""Of more words than these only the number is said."""


def says(name: str) -> str:
    """What a field may hold, and when it has to be there."""
    return "; ".join([_form(FORMS[name]), *_conditions(name)])


def _conditions(name: str) -> list[str]:
    found = ["always there"] if name in REQUIRED else []
    if name in RESTRICTIONS:
        found.append("one of the four restrictions is always there")
    for only in ONLY:
        if only.field == name:
            how = "there exactly" if only.needed else "may be there"
            found.append(f"{how} if `{only.other}` says `{only.value}`")
    found += [f"goes with `{of}`" for of, end in RESTRICTIONS.items() if end == name]
    if name == NEVER_WITH[0]:
        found.append(f"not if `{NEVER_WITH[1]}` is `{NEVER_WITH[2]}`")
    return found


@singledispatch
def _form(form: object) -> str:
    raise NotImplementedError(type(form).__name__)


@_form.register
def _(form: Text) -> str:
    return f"a text, at most {form.most:,} characters"


@_form.register
def _(form: Token) -> str:
    return f"letters, digits, `-` and `_`, at most {form.most:,}"


@_form.register
def _(form: Address) -> str:
    return f"a web address, at most {form.most:,} characters"


@_form.register
def _(form: One) -> str:
    few = len(form.words) <= _SHOWN
    return (
        " or ".join(f"`{word}`" for word in form.words)
        if few
        else f"one of {len(form.words)} words"
    )


@_form.register
def _(form: Some) -> str:
    return f"a list of some of {len(form.words)} words"


@_form.register
def _(form: Date) -> str:
    return f"a day from {form.first} to {form.last}"
