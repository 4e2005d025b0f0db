"""What holds for every event, and for whatever else may arrive."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta, timezone
from types import MappingProxyType
from typing import Any

import msgspec
from hypothesis import given
from hypothesis import strategies as st
from revlex.engine.language.catalog import (
    FieldSpec,
    standard_catalog,
)
from revlex.engine.language.types import (
    BOOLEAN,
    DECIMAL,
    INSTANT,
    INTEGER,
    LARGEST_INTEGER,
    TEXT,
    Enumeration,
    ListOf,
)
from revlex.engine.runtime.event_types import (
    attribute,
    fields_of,
    identifiers,
)
from revlex.engine.runtime.events import (
    Decoder,
    Event,
    Rejection,
    content_digest,
    encode_event,
)

CATALOG = standard_catalog()
DECODER = Decoder(CATALOG)
KEYS = identifiers(CATALOG)
SEOUL = timezone(timedelta(hours=9))

REVIEW: dict[str, Any] = {
    "type": "review.posted",
    "event_id": "e1",
    "occurred_at": "2025-06-17T09:30:00+07:00",
    "shop_id": "s1",
    "review_id": "r1",
    "stars": 5,
}
ORDER: dict[str, Any] = {
    "type": "order.placed",
    "event_id": "e2",
    "occurred_at": "2025-06-17T09:30:00Z",
    "shop_id": "s1",
    "order_id": "o1",
}
HOLIDAY: dict[str, Any] = {
    "type": "shop.holiday_mode",
    "event_id": "e3",
    "occurred_at": "2025-06-17T09:30:00Z",
    "shop_id": "s1",
    "from": "2025-07-01T00:00:00Z",
    "to": "2025-07-08T00:00:00Z",
}
CLASSIFIED: dict[str, Any] = {
    "type": "review.classified",
    "event_id": "e4",
    "occurred_at": "2025-06-17T09:30:00Z",
    "shop_id": "s1",
    "review_id": "r1",
    "class": "product",
}


def line(base: dict[str, Any], **changes: Any) -> bytes:
    return json.dumps({**base, **changes}).encode()


MIDDLE = datetime(2000, 1, 1, tzinfo=UTC)
MICROSECONDS = st.integers(-62_000_000_000_000_000, 250_000_000_000_000_000)
INSTANTS = st.builds(
    lambda since, zone: (MIDDLE + timedelta(microseconds=since)).astimezone(zone),
    MICROSECONDS,
    st.sampled_from([UTC, SEOUL]),
)
NAMES = st.text(st.characters(exclude_categories=["Cs", "Cc"]), min_size=1, max_size=20)
DECIMALS = st.decimals(-(10**17), 10**17, allow_nan=False, places=4)
VALUES = MappingProxyType(
    {
        BOOLEAN: st.booleans(),
        DECIMAL: DECIMALS,
        INSTANT: INSTANTS,
        INTEGER: st.integers(-LARGEST_INTEGER - 1, LARGEST_INTEGER),
        TEXT: st.text(st.characters(exclude_categories=["Cs"]), max_size=40),
    }
)


def values_of(spec: FieldSpec) -> st.SearchStrategy[Any]:
    if isinstance(spec.type, Enumeration):
        return st.sampled_from(spec.type.members)
    if isinstance(spec.type, ListOf):
        return st.lists(NAMES, max_size=3).map(tuple)
    if spec.low is not None:
        return st.integers(spec.low, spec.high)
    return NAMES if spec.name in KEYS else VALUES[spec.type]


@st.composite
def events(draw: st.DrawFn) -> Event:
    name = draw(st.sampled_from(sorted(CATALOG.events)))
    made = {}
    for spec in fields_of(CATALOG.events[name]).values():
        if spec.name != "type" and (not spec.optional or draw(st.booleans())):
            made[attribute(spec.name)] = draw(values_of(spec))
    return DECODER.classes[name](**made)


@given(events())
def test_what_is_written_is_read_back(made: Event) -> None:
    again = DECODER.decode(encode_event(made))
    assert again == made
    assert isinstance(again, Event)
    assert content_digest(again) == content_digest(made)


@given(events())
def test_cells_are_read_back(made: Event) -> None:
    """Every value but the empty text has a text by which a CSV cell gives it back."""
    values = json.loads(encode_event(made))
    cells = {k: v if isinstance(v, str) else json.dumps(v) for k, v in values.items()}
    empty = {name for name, cell in cells.items() if cell == ""}
    again = DECODER.convert(cells, lenient=True)
    if all(CATALOG.events[made.type].fields[name].optional for name in empty):
        nothing = dict.fromkeys(map(attribute, empty))
        assert again == msgspec.structs.replace(made, **nothing)
    else:
        assert isinstance(again, Rejection)
        assert (again.reason, again.field in empty) == ("missing-field", True)


@given(st.binary(max_size=200))
def test_random_bytes_never_raise(data: bytes) -> None:
    assert isinstance(DECODER.decode(data), Rejection)


JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text(max_size=8)
    | INSTANTS.map(str),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=4), inner, max_size=3)
    ),
    max_leaves=4,
)


@given(
    st.sampled_from([REVIEW, ORDER, HOLIDAY, CLASSIFIED]),
    st.dictionaries(
        st.sampled_from(
            sorted({*REVIEW, *ORDER, "from", "class", "amount", "product_ids", "gift"})
        ),
        JSON,
        max_size=3,
    ),
)
def test_random_values_never_raise(base: dict[str, Any], changes: dict[str, Any]) -> None:
    data = json.dumps({**base, **changes}).encode()
    assert isinstance(DECODER.decode(data), Event | Rejection)
    assert isinstance(DECODER.convert({**base, **changes}), Event | Rejection)
    cells = {name: str(value) for name, value in {**base, **changes}.items()}
    assert isinstance(DECODER.convert(cells, lenient=True), Event | Rejection)


@given(st.binary(max_size=30), st.integers(0, 200))
def test_damaged_lines_never_raise(noise: bytes, at: int) -> None:
    whole = line(REVIEW)
    assert isinstance(DECODER.decode(whole[:at] + noise + whole[at:]), Event | Rejection)
