"""Lines and mappings become typed events that cannot be changed."""

from __future__ import annotations

import copy
import json
import pickle
from datetime import UTC, datetime, timedelta, timezone
from decimal import Decimal
from typing import Any

import msgspec
import pytest
from revlex.engine.language.catalog import (
    Catalog,
    CatalogError,
    FieldSpec,
    build_catalog,
    catalog_data,
    standard_catalog,
)
from revlex.engine.language.types import (
    LARGEST_INTEGER,
    TEXT,
)
from revlex.engine.runtime.event_types import (
    ENVELOPE,
    event_classes,
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


def raw(base: dict[str, Any], field: str, value: str) -> bytes:
    """A line with a value that is written out as JSON text."""
    return line(base)[:-1] + f',"{field}":{value}}}'.encode()


def event(data: bytes) -> Any:
    result = DECODER.decode(data)
    assert isinstance(result, Event), result
    return result


def refused(data: bytes) -> Rejection:
    result = DECODER.decode(data)
    assert isinstance(result, Rejection), result
    return result


# ------------------------------------------------------------------ what is read


def test_a_review_is_read() -> None:
    review = event(line(REVIEW, text="ótimo", verified=True, sequence=-3))
    assert review.type == "review.posted"
    assert (review.event_id, review.shop_id, review.review_id) == ("e1", "s1", "r1")
    assert review.occurred_at == datetime(2025, 6, 17, 2, 30, tzinfo=UTC)
    assert (review.stars, review.text, review.verified, review.sequence) == (5, "ótimo", True, -3)
    assert review.order_id is None
    assert review.recorded_at is None


def test_words_of_python_are_fields_too() -> None:
    holiday = event(line(HOLIDAY))
    assert holiday.from_ == datetime(2025, 7, 1, tzinfo=UTC)
    assert event(line(CLASSIFIED)).class_ == "product"
    assert b'"class":"product"' in encode_event(event(line(CLASSIFIED)))
    assert refused(line(CLASSIFIED, class_="product")).reason == "unknown-field"


def test_null_is_the_same_as_nothing() -> None:
    assert event(line(REVIEW, text=None)) == event(line(REVIEW))


def test_lists_are_tuples() -> None:
    assert event(line(ORDER, product_ids=["p1", "p2"])).product_ids == ("p1", "p2")


@pytest.mark.parametrize(
    "written",
    ["19.90", "0.1", "-7", "1e3", "12345678901234567.123456789012345678", '"19.90"', '"1E-3"', "0"],
)
def test_decimals_are_exactly_what_is_written(written: str) -> None:
    assert str(event(raw(ORDER, "amount", written)).amount) == str(Decimal(written.strip('"')))


@pytest.mark.parametrize(
    ("written", "microsecond"),
    [("00", 0), ("00.25", 250_000), ("00.123456", 123_456), ("00.1234567", 123_457)],
)
def test_times_keep_six_digits(written: str, microsecond: int) -> None:
    when = event(line(REVIEW, occurred_at=f"2025-06-17T09:30:{written}Z")).occurred_at
    assert when == datetime(2025, 6, 17, 9, 30, 0, microsecond, tzinfo=UTC)


def test_the_largest_integers_are_taken() -> None:
    for value in (LARGEST_INTEGER, -LARGEST_INTEGER - 1):
        assert event(line(REVIEW, sequence=value)).sequence == value


def test_the_last_of_two_values_counts() -> None:
    assert event(raw(REVIEW, "stars", "1")).stars == 1


def test_blanks_around_the_object_are_fine() -> None:
    assert event(b" \t" + line(REVIEW) + b" \r") == event(line(REVIEW))


# ------------------------------------------------------------------ mappings


def test_python_values_are_converted() -> None:
    made = DECODER.convert(
        {
            **ORDER,
            "occurred_at": datetime(2025, 6, 17, 18, 30, tzinfo=SEOUL),
            "amount": Decimal("19.90"),
            "product_ids": ["p1"],
        }
    )
    assert made == event(raw(line_with_products(), "amount", "19.90"))


def line_with_products() -> dict[str, Any]:
    return {**ORDER, "product_ids": ["p1"]}


@pytest.mark.parametrize(
    ("changes", "reason", "field"),
    [
        ({"amount": 19.9}, "wrong-type", "amount"),
        ({"quantity": 5.0}, "wrong-type", "quantity"),
        ({"quantity": datetime(2025, 1, 1, tzinfo=UTC)}, "wrong-type", "quantity"),
        ({"quantity": object()}, "wrong-type", "quantity"),
        ({"occurred_at": datetime(2025, 1, 1)}, "no-offset", "occurred_at"),  # noqa: DTZ001  # the case
        ({"order_id": "\ud800"}, "not-utf-8", "order_id"),
        ({"order_id": "o\n"}, "bad-identifier", "order_id"),
        ({"type": 7}, "wrong-type", "type"),
        ({"type": None}, "missing-field", "type"),
        ({"type": "order.place"}, "unknown-type", "type"),
        ({"extra": 1}, "unknown-field", "extra"),
    ],
)
def test_python_values_are_refused(changes: dict[str, Any], reason: str, field: str) -> None:
    rejection = DECODER.convert({**ORDER, **changes})
    assert isinstance(rejection, Rejection)
    assert (rejection.reason, rejection.field) == (reason, field)


def test_a_value_nested_in_itself_is_refused() -> None:
    ring: list[Any] = []
    ring.append(ring)
    rejection = DECODER.convert({**ORDER, "product_ids": ring})
    assert isinstance(rejection, Rejection)


CELLS = {**ORDER, "region": "", "recorded_at": "", "sequence": ""}


@pytest.mark.parametrize(
    ("field", "text", "value"),
    [
        ("quantity", "5", 5),
        ("quantity", " 5 ", 5),
        ("quantity", "5.0", 5),
        ("quantity", "-5.00", -5),
        ("quantity", "", None),
        ("sequence", "", 0),
        ("amount", "19.90", Decimal("19.90")),
        ("amount", "1e3", Decimal("1e3")),
        ("gift", "true", True),
        ("gift", "FALSE", False),
        ("gift", "1", True),
        ("gift", "0", False),
        ("product_ids", '["p1","p2"]', ("p1", "p2")),
        ("product_id", "007", "007"),
        ("product_id", "null", "null"),
        ("promised_at", "2025-01-01T00:00:00Z", datetime(2025, 1, 1, tzinfo=UTC)),
    ],
)
def test_cells_are_read_by_the_type_of_their_field(field: str, text: str, value: object) -> None:
    made = DECODER.convert({**CELLS, field: text}, lenient=True)
    assert isinstance(made, Event), made
    assert getattr(made, field) == value


@pytest.mark.parametrize(
    ("field", "text", "reason"),
    [
        ("quantity", "five", "wrong-type"),
        ("quantity", "5.5", "wrong-type"),
        ("quantity", "1_000", "wrong-type"),
        ("quantity", "\u0665", "wrong-type"),
        ("quantity", "null", "wrong-type"),
        ("quantity", "9" * 30, "out-of-range"),
        ("quantity", "9" * 31, "wrong-type"),
        ("amount", "1,99", "wrong-type"),
        ("amount", "1_0", "wrong-type"),
        ("amount", "NaN", "wrong-type"),
        ("amount", "1e99", "out-of-range"),
        ("gift", "yes", "wrong-type"),
        ("product_ids", "p1", "wrong-type"),
        ("product_ids", "[1]", "wrong-type"),
        ("product_ids", "[" * 100_000, "wrong-type"),
        ("occurred_at", "", "missing-field"),
        ("promised_at", "1718000000", "bad-time"),
        ("promised_at", "2025-01-01 00:00:00", "no-offset"),
        ("fulfilled_by", "robot", "unknown-word"),
        ("unheard", "of", "unknown-field"),
        ("type", "", "unknown-type"),
    ],
)
def test_cells_that_do_not_fit(field: str, text: str, reason: str) -> None:
    rejection = DECODER.convert({**CELLS, field: text}, lenient=True)
    assert isinstance(rejection, Rejection)
    assert (rejection.reason, rejection.field) == (reason, field)


# ------------------------------------------------------------------ content


def test_the_digest_is_of_what_is_said() -> None:
    digest = content_digest(event(line(REVIEW)))
    assert len(digest) == 16
    same = [
        line(REVIEW, occurred_at="2025-06-17T02:30:00Z"),
        line(REVIEW, text=None),
        line(REVIEW, recorded_at="2025-06-18T00:00:00Z"),
        json.dumps(dict(reversed(REVIEW.items())), indent=1).encode(),
    ]
    assert {content_digest(event(data)) for data in same} == {digest}
    other = [
        line(REVIEW, occurred_at="2025-06-17T02:30:00.000001Z"),
        line(REVIEW, text=""),
        line(REVIEW, stars=4),
        line(REVIEW, sequence=1),
        line(REVIEW, event_id="e2"),
    ]
    assert len({content_digest(event(data)) for data in other} | {digest}) == 6


def test_the_digest_of_a_number_is_that_of_its_value() -> None:
    def digest(amount: str) -> bytes:
        return content_digest(event(raw(ORDER, "amount", amount)))

    assert digest("19.9") == digest('"19.90"') == digest("1990e-2")
    assert digest("0") == digest("-0.00")
    long = "123456789012345678.123456789012345678"
    assert digest(long) == digest(f'"{long}"') != digest(long[:-1] + "9")


def test_the_digest_never_changes() -> None:
    digest = content_digest(event(raw(ORDER, "amount", "19.90")))
    assert digest.hex() == "b57b8dbd29fd83640952e1b0465a6028"


# ------------------------------------------------------------------ classes


def test_the_envelope_is_declared_once() -> None:
    names = [name for name in ENVELOPE if name != "type"]
    assert names == list(Event.__struct_fields__)
    defaults = {spec.name: spec.default for spec in ENVELOPE.values() if spec.optional}
    for field in msgspec.structs.fields(Event):
        assert field.default == defaults.get(field.name, msgspec.NODEFAULT)


def test_equal_declarations_give_equal_events() -> None:
    again = Decoder(build_catalog(catalog_data()))
    assert again.decode(line(REVIEW)) == event(line(REVIEW))
    assert type(again.decode(line(REVIEW))) is type(event(line(REVIEW)))


def test_a_decoder_travels_between_processes() -> None:
    again = pickle.loads(pickle.dumps(DECODER))  # noqa: S301  # our own
    assert again.decode(line(REVIEW)) == event(line(REVIEW))


def test_an_event_cannot_be_changed() -> None:
    review = event(line(REVIEW))
    with pytest.raises(AttributeError):
        review.stars = 1
    assert copy.deepcopy(review) == review


def catalog_with(field: str, notation: str = "text") -> Catalog:
    data = copy.deepcopy(dict(catalog_data()))
    data["events"]["review.published"]["fields"][field] = notation
    return build_catalog(data)


@pytest.mark.parametrize("field", ["shop_id", "type", "decimals"])
def test_a_field_of_the_envelope_cannot_be_declared_again(field: str) -> None:
    with pytest.raises(CatalogError, match="taken"):
        event_classes(catalog_with(field))


def test_two_fields_cannot_share_an_attribute() -> None:
    catalog = catalog_with("class_")
    fields = catalog.events["review.published"].fields
    assert isinstance(fields, dict)
    fields["class"] = FieldSpec("class", TEXT, optional=True)
    with pytest.raises(CatalogError, match="taken"):
        Decoder(catalog)


def test_a_default_of_the_catalog_is_the_default_of_the_class() -> None:
    decoder = Decoder(catalog_with("note", "text = nothing to say"))
    data = {**REVIEW, "type": "review.published"}
    del data["stars"]
    made: Any = decoder.decode(line(data))
    assert made.note == "nothing to say"


def test_identifiers_are_known_by_their_role() -> None:
    assert {"shop_id", "buyer_key", "product_ids", "thread_id", "supersedes"} <= KEYS
    assert KEYS.isdisjoint({"text", "type", "stars", "reason", "title", "evidence"})
