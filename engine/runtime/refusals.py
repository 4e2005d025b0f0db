"""Turns what the decoder said against a line into a rejection: reason, field, and a sentence.

The decoder stops at the first thing that does not fit and describes it in one line of text. Here
that text is matched against the few forms it has, and said again in the words of the catalog. All
of this runs for refused events only.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final

import msgspec

from ..language.catalog import Catalog, FieldSpec
from ..language.diagnostics import did_you_mean
from ..language.display import visible
from ..language.types import (
    BOOLEAN,
    DECIMAL,
    INSTANT,
    INTEGER,
    LARGEST_INTEGER,
    TEXT,
    Enumeration,
    ListOf,
    Type,
)
from .event_types import (
    MAX_DECIMAL_DIGITS,
    MAX_IDENTIFIER,
    MAX_LINE,
    MAX_LIST,
    MAX_TEXT,
    SMALLEST_INTEGER,
    fields_of,
)
from .rejections import Rejection

_SHOWN = 40
_NOUNS: Final[Mapping[Type, str]] = {
    BOOLEAN: "`true` or `false`",
    DECIMAL: "a decimal number",
    INSTANT: "a time like `2025-06-17T09:30:00+07:00`",
    INTEGER: "a whole number",
    TEXT: "a text",
}
_FOUND: Final[Mapping[str, str]] = {
    "str": "a text",
    "int": "a whole number",
    "float": "a number with a fraction",
    "bool": "`true` or `false`",
    "array": "a list",
    "object": "an object",
    "null": "null",
}

_NUMBER: Final = re.compile(r"[+-]?\d+(\.\d+)?([eE][+-]?\d+)?", re.ASCII)

_loose = msgspec.json.Decoder(float_hook=str)
"""Reads any JSON, with fractions as text so that no number has to fit a binary float."""


@functools.lru_cache(maxsize=4096)
def _near(name: str, known: tuple[str, ...]) -> str | None:
    """Help for a misspelt name. The same mistake tends to come with every line of a file."""
    return did_you_mean(name, known)


def shown(value: Any) -> str:
    """Somebody else's value for a message: its beginning, on one line, nothing invisible."""
    text = str(value)
    return visible(text if len(text) <= _SHOWN else f"{text[: _SHOWN - 1]}…")


def too_long_a_line() -> Rejection:
    """The line has more bytes than any event."""
    return Rejection("too-long", None, f"the line has more than {MAX_LINE:,} bytes")


@dataclass(frozen=True, slots=True)
class Refuser:
    """Words refusals for the events of one catalog; `keys` are the fields with identifiers."""

    catalog: Catalog
    keys: frozenset[str]

    def line(self, line: bytes, error: Exception) -> Rejection:
        """Why a line that the decoder refused is not an event."""
        try:
            given = _loose.decode(line)
        except RecursionError:
            return _too_deep()
        except UnicodeDecodeError:
            return Rejection("not-utf-8", None, "the line is not UTF-8 throughout")
        except msgspec.ValidationError:
            return Rejection("out-of-range", _path(error), "a number has too many digits")
        except msgspec.DecodeError as broken:
            return Rejection("not-json", None, f"the line is not JSON: {_malformed(broken)}")
        if not isinstance(given, dict):
            return Rejection("not-an-object", None, "the line is JSON, but not an object")
        return self.mapping(given, error)

    def mapping(self, given: Mapping[str, Any], error: Exception) -> Rejection:
        """Why a mapping with texts as keys, which the decoder refused, is not an event."""
        if isinstance(error, RecursionError):
            return _too_deep()
        name = given.get("type")
        known = self.catalog.events.get(name) if isinstance(name, str) else None
        if known is None:
            return self.unknown_type(given)
        return self.fault(given, fields_of(known), str(error))

    def unknown_type(self, given: Mapping[str, Any]) -> Rejection:
        """The type is missing, no text, or none of the catalog."""
        name, event_id = given.get("type"), usable_id(given)
        if name is None:
            return _missing("type", event_id)
        if not isinstance(name, str):
            return Rejection("wrong-type", "type", "`type` has to be a text", event_id)
        help_ = _near(name[:_SHOWN], tuple(self.catalog.events))
        return Rejection(
            "unknown-type", "type", _joined(f"there is no event `{shown(name)}`", help_), event_id
        )

    def fault(
        self, given: Mapping[str, Any], fields: Mapping[str, FieldSpec], error: str
    ) -> Rejection:
        """What the decoder said about one field of an event whose type is known."""
        event_id = usable_id(given)
        if match := _UNKNOWN_FIELD.fullmatch(error):
            return unknown_field(given["type"], match["name"], fields, event_id)
        if match := _MISSING_FIELD.fullmatch(error):
            return _missing(match["name"], event_id)
        match = _AT.fullmatch(error)
        if match is None or match["field"] not in fields:
            return _unworded(None, error, event_id)
        case = _Case(
            spec=fields[match["field"]],
            value=given.get(match["field"]),
            is_key=match["field"] in self.keys,
            is_item=bool(match["item"]),
            event_id=event_id,
        )
        return _worded(case, match["what"])


@dataclass(frozen=True, slots=True)
class _Case:
    """A field at fault, and what was given for it."""

    spec: FieldSpec
    value: Any
    is_key: bool
    is_item: bool
    event_id: str | None

    def reject(self, reason: str, message: str) -> Rejection:
        return Rejection(reason, self.spec.name, message, self.event_id)


def usable_id(given: Mapping[str, Any]) -> str | None:
    """The `event_id` of a mapping, if it is one that may be quoted."""
    value = given.get("event_id")
    if not isinstance(value, str) or not 1 <= len(value) <= MAX_IDENTIFIER:
        return None
    return value if value.isprintable() else None


def unknown_field(
    type_: str, name: str, fields: Mapping[str, FieldSpec], event_id: str | None
) -> Rejection:
    """A field that this type of event does not have."""
    message = f"`{shown(type_)}` has no field `{shown(name)}`"
    return Rejection(
        "unknown-field",
        shown(name),
        _joined(message, _near(name[:_SHOWN], tuple(fields))),
        event_id,
    )


def wrong_type(spec: FieldSpec, found: str, event_id: str | None) -> Rejection:
    """Another kind of value than the field takes; `found` says which, ready for a sentence."""
    message = f"`{spec.name}` has to be {noun(spec.type)}, not {found}"
    return Rejection("wrong-type", spec.name, message, event_id)


def noun(type_: Type) -> str:
    """A type as messages about data call it, with an article."""
    if isinstance(type_, Enumeration):
        return "one of a few words"
    if isinstance(type_, ListOf):
        return "a list of texts"
    return _NOUNS[type_]


def _missing(field: str, event_id: str | None) -> Rejection:
    return Rejection("missing-field", field, f"the field `{field}` is missing", event_id)


def _too_deep() -> Rejection:
    return Rejection("too-deep", None, "the JSON is nested deeper than any event")


def _joined(message: str, help_: str | None) -> str:
    return f"{message}: {help_}" if help_ else message


def _malformed(error: msgspec.DecodeError) -> str:
    text = str(error)
    if text == "Input data was truncated":
        return "it ends too early"
    return text.removeprefix("JSON is malformed: ")


def _path(error: Exception) -> str | None:
    match = _AT.fullmatch(str(error))
    return match["field"] if match else None


# ------------------------------------------------------------------ the forms of the decoder's text

_UNKNOWN_FIELD = re.compile(r"Object contains unknown field `(?P<name>.*)`", re.DOTALL)
_MISSING_FIELD = re.compile(r"Object missing required field `(?P<name>.*)`")
_AT = re.compile(
    r"(?P<what>.*) - at `\$\.(?P<field>[A-Za-z0-9_]+)(?P<item>\[(?:\d+|\.\.\.)\])?`", re.DOTALL
)


def _null(case: _Case, _match: re.Match[str]) -> Rejection:
    if case.is_item:
        return wrong_type(case.spec, "a list with null", case.event_id)
    message = f"the field `{case.spec.name}` is null, and this event needs it"
    return case.reject("missing-field", message)


def _other_type(case: _Case, match: re.Match[str]) -> Rejection:
    found = _FOUND.get(match["found"], f"`{shown(match['found'])}`")
    return wrong_type(case.spec, f"a list with {found}" if case.is_item else found, case.event_id)


def _no_decimal(case: _Case, _match: re.Match[str]) -> Rejection:
    if isinstance(case.value, str) and _NUMBER.fullmatch(case.value):
        return too_large_a_decimal(case.spec.name, case.event_id)
    return wrong_type(case.spec, f"`{shown(case.value)}`", case.event_id)


def _word(case: _Case, _match: re.Match[str]) -> Rejection:
    words = case.spec.type.members if isinstance(case.spec.type, Enumeration) else ()
    help_ = _near(str(case.value)[:_SHOWN], words)
    help_ = help_ or f"it takes {', '.join(f'`{word}`' for word in words)}"
    return case.reject(
        "unknown-word", f"`{case.spec.name}` cannot be `{shown(case.value)}`: {help_}"
    )


def _second_type(case: _Case, _match: re.Match[str]) -> Rejection:
    return case.reject("duplicate-field", "`type` stands there twice, with different values")


def _number(case: _Case, _match: re.Match[str]) -> Rejection:
    low = SMALLEST_INTEGER if case.spec.low is None else case.spec.low
    high = LARGEST_INTEGER if case.spec.high is None else case.spec.high
    message = f"`{case.spec.name}` has to be {low} to {high}, not `{shown(case.value)}`"
    return case.reject("out-of-range", message)


def too_large_a_decimal(field: str, event_id: str | None) -> Rejection:
    """A decimal with more digits than can be computed with."""
    message = f"`{field}` has more than {MAX_DECIMAL_DIGITS} digits before or after its point"
    return Rejection("out-of-range", field, message, event_id)


def _text_length(case: _Case, _match: re.Match[str]) -> Rejection:
    if case.is_key:
        return bad_identifier(case.spec.name, case.event_id)
    return case.reject("too-long", f"`{case.spec.name}` has more than {MAX_TEXT:,} characters")


def bad_identifier(field: str, event_id: str | None) -> Rejection:
    """An identifier that cannot serve as one."""
    message = f"`{field}` has to be 1 to {MAX_IDENTIFIER} characters without control characters"
    return Rejection("bad-identifier", field, message, event_id)


def _list_length(case: _Case, _match: re.Match[str]) -> Rejection:
    return case.reject("too-long", f"`{case.spec.name}` has more than {MAX_LIST:,} entries")


def _offset(case: _Case, _match: re.Match[str]) -> Rejection:
    message = (
        f"the time `{shown(case.value)}` of `{case.spec.name}` has no offset: "
        "add `Z` or one like `+07:00`"
    )
    return case.reject("no-offset", message)


def _time(case: _Case, _match: re.Match[str]) -> Rejection:
    message = f"`{case.spec.name}` has to be {noun(INSTANT)}, not `{shown(case.value)}`"
    return case.reject("bad-time", message)


_FORMS: Final[tuple[tuple[re.Pattern[str], Callable[[_Case, re.Match[str]], Rejection]], ...]] = (
    (re.compile(r"Expected `[^`]*`, got `null`"), _null),
    (re.compile(r"Expected `[^`]*`, got `(?P<found>[^`]*)`"), _other_type),
    (re.compile(r"Invalid enum value .*", re.DOTALL), _word),
    (re.compile(r"Invalid value .*", re.DOTALL), _second_type),
    (re.compile(r"Expected `int` [<>]= .*|(Integer value|Number) out of range"), _number),
    (re.compile(r"Invalid decimal string"), _no_decimal),
    (re.compile(r"Expected `str` of length .*"), _text_length),
    (re.compile(r"Expected `array` of length .*"), _list_length),
    (re.compile(r"Expected `datetime` with a timezone component"), _offset),
    (re.compile(r"Invalid RFC3339 encoded datetime"), _time),
)


def _worded(case: _Case, what: str) -> Rejection:
    for form, reject in _FORMS:
        if match := form.fullmatch(what):
            return reject(case, match)
    return _unworded(case.spec.name, what, case.event_id)


def _unworded(field: str | None, error: str, event_id: str | None) -> Rejection:
    """What another version of the decoder may say: refused all the same, in its own words."""
    message = f"the event does not fit the catalog: {visible(error[:MAX_IDENTIFIER])}"
    return Rejection("wrong-type", field, message, event_id)
