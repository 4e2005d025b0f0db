"""Writing the state of shops down and reading it back, exactly.

A snapshot is bound to the program that made it: under another one, its numbers would mean something
else.
"""

from __future__ import annotations

from dataclasses import dataclass

import msgspec

from .model import ENCODER, Facts, ShopState, decoder
from .prepared import Prepared

_FORMAT = "revlex-snapshot/1"


class _Snapshot(msgspec.Struct):
    format: str
    program: str
    region: str
    counts: tuple[int, int]
    states: list[ShopState]
    forgotten: list[int]


@dataclass(frozen=True, slots=True)
class Restored:
    """What a snapshot held."""

    region: str
    counts: tuple[int, int]
    states: list[ShopState]
    forgotten: list[int]


def write_shops(
    prepared: Prepared,
    states: list[ShopState],
    forgotten: list[int],
    counts: tuple[int, int],
    region: str,
) -> bytes:
    """Write the states of shops down."""
    snapshot = _Snapshot(_FORMAT, prepared.program.digest, region, counts, states, forgotten)
    return ENCODER.encode(snapshot)


def read_shops(prepared: Prepared, data: bytes) -> Restored:
    """Read the states of shops back.

    Raises:
        ValueError: the data are damaged, or of another program.
    """
    try:
        snapshot = decoder(_Snapshot).decode(data)
    except msgspec.MsgspecError as error:
        raise ValueError("this is not a snapshot, or it is damaged") from error
    if snapshot.format != _FORMAT or snapshot.program != prepared.program.digest:
        raise ValueError("the snapshot was made under another policy or version of revlex")
    for state in snapshot.states:
        _typed(prepared, state.facts)
    return Restored(snapshot.region, snapshot.counts, snapshot.states, snapshot.forgotten)


def write_facts(facts: Facts) -> bytes:
    """Write the facts of one shop down."""
    return ENCODER.encode(facts)


def read_facts(prepared: Prepared, data: bytes) -> Facts:
    """Read the facts of one shop back."""
    facts: Facts = decoder(Facts).decode(data)
    _typed(prepared, facts)
    return facts


def _typed(prepared: Prepared, facts: Facts) -> None:
    """Turn plain entities into structs of their kinds."""
    for kind, entities in facts.entities.items():
        made = prepared.kinds.classes[kind]
        facts.entities[kind] = {
            key: msgspec.convert(entity, made) for key, entity in entities.items()
        }
