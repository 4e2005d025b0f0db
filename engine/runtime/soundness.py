"""What the decoder cannot check of an event: control characters, the calendar, endless decimals.

The quick check has to be quick, since every event passes it. It is one expression for each type of
event, put together as a syntax tree from the few below and compiled once: attributes that are named
in the code are looked up several times faster than those that are named by a value. `flaw` runs for
what did not pass, and says what is wrong; it may find that nothing is.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Callable, Iterator, Mapping
from datetime import datetime
from decimal import Decimal
from typing import Final

from ..language.catalog import EventType, FieldSpec
from ..language.types import DECIMAL, INSTANT, TEXT, ListOf, Type
from .event_types import (
    FIRST_YEAR,
    LAST_YEAR,
    MAX_DECIMAL_DIGITS,
    Event,
    attribute,
    fields_of,
)
from .refusals import bad_identifier, too_large_a_decimal, wrong_type
from .rejections import Rejection

Check = Callable[[Event], bool]
"""Whether an event of one type is sound."""

_CONTROL: Final = re.compile(r"[\x00-\x1f\x7f-\x9f]")

_TESTS: Final[Mapping[Type, str]] = {
    INSTANT: f"{FIRST_YEAR} <= event.FIELD.year <= {LAST_YEAR}",
    DECIMAL: "is_short(event.FIELD)",
}
_IDENTIFIER_TESTS: Final[Mapping[Type, str]] = {
    TEXT: "event.FIELD.isprintable()",
    ListOf(TEXT): "''.join(event.FIELD).isprintable()",
}
_MAYBE: Final = "event.FIELD is None or {}"


def soundness(declared: EventType, keys: frozenset[str]) -> Check:
    """The quick check for one type of event; `keys` are the fields that hold identifiers."""
    tests = [
        _Named(attribute(spec.name)).visit(ast.parse(test, mode="eval").body)
        for spec in fields_of(declared).values()
        if (test := _test(spec, is_key=spec.name in keys)) is not None
    ]
    event = ast.arguments([], [ast.arg("event")], None, [], [], None, [])
    tree = ast.Expression(ast.Lambda(event, ast.BoolOp(ast.And(), tests)))
    code = compile(ast.fix_missing_locations(tree), f"<check of {declared.name}>", "eval")
    check: Check = eval(code, {"is_short": _is_short})  # noqa: S307  # a tree of our own expressions
    return check


class _Named(ast.NodeTransformer):
    """Puts an attribute's name in the place of `FIELD`."""

    def __init__(self, name: str) -> None:
        self.name = name

    def visit_Attribute(self, node: ast.Attribute) -> ast.Attribute:
        node.value = self.visit(node.value)
        node.attr = self.name if node.attr == "FIELD" else node.attr
        return node


def _test(spec: FieldSpec, *, is_key: bool) -> str | None:
    """The expression that a sound event fulfils, for one field; nothing if any value will do."""
    bare = (_IDENTIFIER_TESTS if is_key else _TESTS).get(spec.type)
    if bare is None or not spec.may_be_missing:
        return bare
    return _MAYBE.format(bare)


def _is_short(value: Decimal) -> bool:
    """Whether a decimal is a number with few enough digits on either side of its point."""
    if not value.is_finite() or value.adjusted() >= MAX_DECIMAL_DIGITS:
        return False
    _sign, _digits, exponent = value.as_tuple()
    return isinstance(exponent, int) and exponent >= -MAX_DECIMAL_DIGITS


def flaw(event: Event, declared: EventType, keys: frozenset[str]) -> Rejection | None:
    """What is wrong with an event that did not pass the quick check, if anything is."""
    id_ = event.event_id if event.event_id.isprintable() else None
    return next(_flaws(event, declared, keys, id_), None)


def _flaws(
    event: Event, declared: EventType, keys: frozenset[str], event_id: str | None
) -> Iterator[Rejection]:
    for spec in fields_of(declared).values():
        value = getattr(event, attribute(spec.name))
        if spec.name in keys and _has_control(value):
            yield bad_identifier(spec.name, event_id)
        elif isinstance(value, datetime) and not FIRST_YEAR <= value.year <= LAST_YEAR:
            yield _beyond_calendar(spec, value, event_id)
        elif isinstance(value, Decimal) and not value.is_finite():
            yield wrong_type(spec, f"`{value}`", event_id)
        elif isinstance(value, Decimal) and not _is_short(value):
            yield too_large_a_decimal(spec.name, event_id)


def _has_control(value: str | tuple[str, ...] | None) -> bool:
    texts = (value,) if isinstance(value, str) else value or ()
    return any(_CONTROL.search(text) for text in texts)


def _beyond_calendar(spec: FieldSpec, value: datetime, event_id: str | None) -> Rejection:
    message = (
        f"`{spec.name}` has to lie in the years {FIRST_YEAR} to {LAST_YEAR}, not in {value.year}"
    )
    return Rejection("out-of-range", spec.name, message, event_id)
