"""Writing the state of shops down and reading it back, exactly.

A snapshot is bound to the program that made it: under another one, its numbers would mean something
else. It begins with a checksum of the rest: a bit that has flipped would otherwise be another
number of points, and nobody would notice.
"""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import dataclass
from hashlib import sha256
from typing import Any, Final

import msgspec

from .model import ENCODER, Facts, ShopState, decoder
from .prepared import Prepared

_FORMAT = "revlex-snapshot/2"
_CHECKSUM: Final = sha256().digest_size
_DAMAGED: Final = "this is not a snapshot, or it is damaged"


class _Snapshot(msgspec.Struct):
    format: str
    program: str
    region: str
    counts: tuple[int, int]
    states: list[ShopState]


@dataclass(frozen=True, slots=True)
class Restored:
    """What a snapshot held."""

    region: str
    counts: tuple[int, int]
    states: list[ShopState]


def write_shops(
    prepared: Prepared, states: list[ShopState], counts: tuple[int, int], region: str
) -> bytes:
    """Write the states of shops down."""
    written = [msgspec.structs.replace(state, facts=_plain(state.facts)) for state in states]
    snapshot = _Snapshot(_FORMAT, prepared.program.digest, region, counts, written)
    body = ENCODER.encode(snapshot)
    return sha256(body).digest() + body


def read_shops(prepared: Prepared, data: bytes) -> Restored:
    """Read the states of shops back.

    Raises:
        ValueError: the data are damaged, or of another program.
    """
    snapshot = _read(data)
    if snapshot.format != _FORMAT or snapshot.program != prepared.program.digest:
        raise ValueError("the snapshot was made under another policy or version of revlex")
    try:
        for state in snapshot.states:
            _typed(prepared, state.facts)
    except (msgspec.MsgspecError, LookupError, AttributeError) as error:
        raise ValueError(_DAMAGED) from error
    return Restored(snapshot.region, snapshot.counts, snapshot.states)


def read_plain(data: bytes) -> ShopState:
    """The state of one shop as any program wrote it, its entities not yet of any kinds.

    Raises:
        ValueError: the data are damaged, of several shops, or of another version of revlex.
    """
    snapshot = _read(data)
    if snapshot.format != _FORMAT or len(snapshot.states) != 1:
        raise ValueError("this is not the state of one shop, or of another version of revlex")
    return snapshot.states[0]


def is_whole(data: bytes) -> bool:
    """Whether a snapshot is as it was written."""
    return sha256(data[_CHECKSUM:]).digest() == data[:_CHECKSUM]


def _read(data: bytes) -> _Snapshot:
    if not is_whole(data):
        raise ValueError(_DAMAGED)
    try:
        snapshot: _Snapshot = decoder(_Snapshot).decode(data[_CHECKSUM:])
    except (msgspec.MsgspecError, UnicodeDecodeError, ArithmeticError) as error:
        raise ValueError(_DAMAGED) from error
    return snapshot


def write_facts(facts: Facts) -> bytes:
    """Write the facts of one shop down."""
    return ENCODER.encode(_plain(facts))


def read_facts(prepared: Prepared, data: bytes) -> Facts:
    """Read the facts of one shop back."""
    facts: Facts = decoder(Facts).decode(data)
    _typed(prepared, facts)
    return facts


def _plain(facts: Facts) -> Facts:
    """The same facts with plain dictionaries of entities, which are written in their order."""
    entities = {kind: dict(found) for kind, found in facts.entities.items()}
    return msgspec.structs.replace(facts, entities=entities)


def _typed(prepared: Prepared, facts: Facts) -> None:
    """Turn plain entities into structs of their kinds, in the order in which they came."""
    for kind, entities in facts.entities.items():
        made = prepared.kinds.classes[kind]
        found: OrderedDict[str, Any] = OrderedDict()
        for key, entity in entities.items():
            found[key] = msgspec.convert(entity, made)
        facts.entities[kind] = found
