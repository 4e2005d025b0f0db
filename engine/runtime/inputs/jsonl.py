"""Events as JSON lines: one object a line, plain or in a CloudEvents envelope."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from ..event_types import MAX_LINE
from ..events import Decoder, Event, Rejection
from .blocks import Damaged
from .cloudevents import is_enveloped, unwrap
from .lines import Watched, split_lines
from .received import Received, rejected


def read_json_lines(
    source_name: str, blocks: Iterable[bytes], decoder: Decoder
) -> Iterator[Received]:
    """Every line that is not blank, as an event or a rejection.

    Whether lines are enveloped is looked at where the last one was, and where a line is refused, so
    that files of plain events do not pay for it.
    """
    number, enveloped, watched = 0, False, Watched(blocks)
    try:
        for number, line in enumerate(split_lines(watched), start=1):
            if not enveloped:
                result = decoder.decode(line)
                enveloped = type(result) is Rejection and is_enveloped(line)
            if enveloped:
                result = decode_envelope(line, decoder)
                enveloped = is_enveloped(line)
            if type(result) is not Rejection:
                yield Received(source_name, number, result, None)
            elif line.strip() or len(line) > MAX_LINE:  # a line that was cut is not blank
                yield rejected(source_name, number, result, line, cut=watched.over)
    except Damaged as damage:
        yield rejected(source_name, number + 1, truncated(damage))


def decode_envelope(line: bytes, decoder: Decoder) -> Event | Rejection:
    """Read a line that may be a CloudEvents envelope."""
    inner = unwrap(line)
    return inner if isinstance(inner, Rejection) else decoder.decode(inner)


def truncated(damage: Damaged) -> Rejection:
    """The rest of the file cannot be unpacked."""
    message = f"the compressed data is damaged or ends here: {str(damage).lower().rstrip('.')}"
    return Rejection("truncated", None, message)
