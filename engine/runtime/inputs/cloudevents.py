"""CloudEvents 1.0 in JSON: an envelope around an event.

The event itself is `data`, an object. What it leaves out is taken from the envelope: `id` is its
`event_id`, `time` its `occurred_at`, `subject` its `shop_id`, `recordedtime` its `recorded_at`;
`type`, `source` and `sequence` have the same names. Other attributes say nothing to a policy.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

import msgspec

from ..event_types import MAX_LINE
from ..events import Rejection

_ATTRIBUTES: Final[Mapping[str, str]] = MappingProxyType(
    {
        "id": "event_id",
        "type": "type",
        "time": "occurred_at",
        "subject": "shop_id",
        "source": "source",
        "recordedtime": "recorded_at",
        "sequence": "sequence",
    }
)
_NUMBER_AS_TEXT: Final = re.compile(rb'"(-?(?:0|[1-9]\d*))"')

_fields = msgspec.json.Decoder(dict[str, msgspec.Raw])


def is_enveloped(line: bytes) -> bool:
    """Whether a line of JSON looks like an envelope."""
    return b'"specversion"' in line


def unwrap(line: bytes) -> bytes | Rejection:
    """The event in an envelope, as a line of JSON; a line that is no envelope is handed back.

    Values are copied as they are written, so that no number changes.
    """
    if len(line) > MAX_LINE or not is_enveloped(line):
        return line
    try:
        attributes = _fields.decode(line)
        fields = _event_fields(attributes)
    except (msgspec.DecodeError, RecursionError, UnicodeDecodeError):
        return line  # the decoder of events will say what is wrong with it
    return fields if isinstance(fields, Rejection) else msgspec.json.encode(fields)


def _event_fields(
    attributes: Mapping[str, msgspec.Raw],
) -> Mapping[str, msgspec.Raw] | Rejection:
    if "specversion" not in attributes:
        return attributes
    if bytes(attributes["specversion"]) != b'"1.0"':
        return Rejection("unsupported-version", "specversion", "`specversion` has to be `1.0`")
    if "data_base64" in attributes:
        return Rejection("wrong-type", "data_base64", "the event has to stand in `data`, as JSON")
    data = attributes.get("data", msgspec.Raw(b"{}"))
    if not bytes(data).startswith(b"{"):
        return Rejection("wrong-type", "data", "`data` has to be an object with the event's fields")
    outer = {
        inside: _plain_number(attributes[name]) if name == "sequence" else attributes[name]
        for name, inside in _ATTRIBUTES.items()
        if name in attributes
    }
    return outer | _fields.decode(data)


def _plain_number(value: msgspec.Raw) -> msgspec.Raw:
    """Senders write `sequence` as text, since attributes of envelopes are texts."""
    match = _NUMBER_AS_TEXT.fullmatch(bytes(value))
    return msgspec.Raw(match[1]) if match else value
