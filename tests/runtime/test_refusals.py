"""What is no event gets the reason, the field and a sentence that say why."""

from __future__ import annotations

import json
import tracemalloc
from datetime import timedelta, timezone
from typing import Any

import msgspec
import pytest
from revlex.engine.language.catalog import (
    standard_catalog,
)
from revlex.engine.language.types import (
    LARGEST_INTEGER,
)
from revlex.engine.runtime.event_types import (
    MAX_DECIMAL_DIGITS,
    MAX_IDENTIFIER,
    MAX_LINE,
    MAX_LIST,
    MAX_TEXT,
    identifiers,
)
from revlex.engine.runtime.events import (
    REASONS,
    Decoder,
    Event,
    Rejection,
)
from revlex.engine.runtime.refusals import Refuser

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


CASES = [
    # not an object of JSON
    (b"", "not-json", None),
    (b"   ", "not-json", None),
    (b"nul", "not-json", None),
    (b"\x00", "not-json", None),
    (line(REVIEW)[:-1], "not-json", None),
    (line(REVIEW) + b"x", "not-json", None),
    (line(REVIEW)[:-1] + b",}", "not-json", None),
    (line(REVIEW, stars="5") + b"}", "not-json", None),
    (b"\xef\xbb\xbf" + line(REVIEW), "not-json", None),
    (raw(REVIEW, "text", '"a\x00b"'), "not-json", None),
    (raw(REVIEW, "text", '"\\ud800"'), "not-json", None),
    (line(REVIEW).replace(b"r1", b"\xff"), "not-utf-8", None),
    (line(REVIEW).replace(b"r1", b"\xed\xa0\x80"), "not-utf-8", None),
    (b"[]", "not-an-object", None),
    (b"7", "not-an-object", None),
    (b'"review.posted"', "not-an-object", None),
    # the type
    (b"{}", "missing-field", "type"),
    (b'{"type":null}', "missing-field", "type"),
    (b'{"type":7}', "wrong-type", "type"),
    (line(REVIEW, type="review.post"), "unknown-type", "type"),
    (raw(REVIEW, "type", '"order.placed"'), "duplicate-field", "type"),
    (b'{"type":"x","type":"order.placed"}', "duplicate-field", "type"),
    # fields
    (b'{"type":"review.posted"}', "missing-field", "event_id"),
    (line(REVIEW, stars=None), "missing-field", "stars"),
    (line(REVIEW, sequence=None), "missing-field", "sequence"),
    (line(REVIEW, strs=5), "unknown-field", "strs"),
    (raw(REVIEW, "a` - at `$.stars", "1"), "unknown-field", "a` - at `$.stars"),
    # types
    (line(REVIEW, stars="5"), "wrong-type", "stars"),
    (line(REVIEW, stars=5.0), "wrong-type", "stars"),
    (line(REVIEW, stars=True), "wrong-type", "stars"),
    (line(REVIEW, stars=[5]), "wrong-type", "stars"),
    (line(REVIEW, text=5), "wrong-type", "text"),
    (line(REVIEW, text={"a": 1}), "wrong-type", "text"),
    (line(REVIEW, verified=1), "wrong-type", "verified"),
    (line(REVIEW, verified="true"), "wrong-type", "verified"),
    (line(REVIEW, event_id=7), "wrong-type", "event_id"),
    (line(REVIEW, occurred_at=7), "wrong-type", "occurred_at"),
    (line(CLASSIFIED, **{"class": 1}), "wrong-type", "class"),
    (line(ORDER, amount="19,90"), "wrong-type", "amount"),
    (line(ORDER, amount=True), "wrong-type", "amount"),
    (line(ORDER, amount="NaN"), "wrong-type", "amount"),
    (line(ORDER, amount="-Infinity"), "wrong-type", "amount"),
    (line(ORDER, product_ids="p1"), "wrong-type", "product_ids"),
    (line(ORDER, product_ids=["p1", 2]), "wrong-type", "product_ids"),
    (line(ORDER, product_ids=["p1", None]), "wrong-type", "product_ids"),
    # bounds
    (line(REVIEW, stars=6), "out-of-range", "stars"),
    (line(REVIEW, stars=0), "out-of-range", "stars"),
    (line(REVIEW, sequence=LARGEST_INTEGER + 1), "out-of-range", "sequence"),
    (line(REVIEW, sequence=-LARGEST_INTEGER - 2), "out-of-range", "sequence"),
    (line(REVIEW, sequence=10**40), "out-of-range", "sequence"),
    (raw(REVIEW, "sequence", "9" * 100_000), "out-of-range", "sequence"),
    (raw(ORDER, "amount", "1" + "0" * MAX_DECIMAL_DIGITS), "out-of-range", "amount"),
    (raw(ORDER, "amount", "1e999999"), "out-of-range", "amount"),
    (raw(ORDER, "amount", "1e-19"), "out-of-range", "amount"),
    (raw(ORDER, "amount", "1e999999999999999999999"), "out-of-range", "amount"),
    (raw(ORDER, "amount", "9" * 500_000), "out-of-range", "amount"),
    # words
    (line(CLASSIFIED, **{"class": "produkt"}), "unknown-word", "class"),
    (line(CLASSIFIED, **{"class": "' - at `$.review_id`"}), "unknown-word", "class"),
    # times
    (line(REVIEW, occurred_at="2025-06-17T09:30:00"), "no-offset", "occurred_at"),
    (line(HOLIDAY, **{"from": "2025-06-17T09:30:00"}), "no-offset", "from"),
    (line(REVIEW, recorded_at="2025-06-17 09:30:00"), "no-offset", "recorded_at"),
    (line(REVIEW, occurred_at="2025-06-17"), "bad-time", "occurred_at"),
    (line(REVIEW, occurred_at="17.06.2025 09:30"), "bad-time", "occurred_at"),
    (line(REVIEW, occurred_at="2025-02-29T00:00:00Z"), "bad-time", "occurred_at"),
    (line(REVIEW, occurred_at="2025-06-17T09:30:60Z"), "bad-time", "occurred_at"),
    (line(REVIEW, occurred_at=""), "bad-time", "occurred_at"),
    (line(REVIEW, occurred_at="0001-01-01T00:00:00+07:00"), "out-of-range", "occurred_at"),
    (line(HOLIDAY, to="9999-12-31T23:59:59-07:00"), "out-of-range", "to"),
    # sizes and identifiers
    (line(REVIEW, text="x" * (MAX_TEXT + 1)), "too-long", "text"),
    (line(ORDER, product_ids=["p"] * (MAX_LIST + 1)), "too-long", "product_ids"),
    (line(REVIEW, event_id=""), "bad-identifier", "event_id"),
    (line(REVIEW, shop_id="s" * (MAX_IDENTIFIER + 1)), "bad-identifier", "shop_id"),
    (line(REVIEW, shop_id="s\n1"), "bad-identifier", "shop_id"),
    (line(REVIEW, event_id="e\x00"), "bad-identifier", "event_id"),
    (line(REVIEW, order_id=""), "bad-identifier", "order_id"),
    (line(REVIEW, buyer_key="b\x7f"), "bad-identifier", "buyer_key"),
    (line(REVIEW, region=""), "bad-identifier", "region"),
    (line(ORDER, product_ids=["p1", ""]), "bad-identifier", "product_ids"),
    (line(ORDER, product_ids=["p1", "p\x85"]), "bad-identifier", "product_ids"),
    # depth
    (b'{"x":' + b"[" * 100_000, "too-deep", None),
    (b'{"a":' * 100_000 + b"1" + b"}" * 100_000, "too-deep", None),
    (raw(REVIEW, "stars", "[" * 100_000 + "]" * 100_000), "too-deep", None),
]


@pytest.mark.parametrize(
    ("data", "reason", "field"), CASES, ids=[f"{case[1]}-{n}" for n, case in enumerate(CASES)]
)
def test_refused(data: bytes, reason: str, field: str | None) -> None:
    rejection = refused(data)
    assert (rejection.reason, rejection.field) == (reason, field)
    assert "\n" not in rejection.message
    assert not rejection.message.endswith(".")


def test_every_reason_of_the_decoder_has_a_case() -> None:
    of_files = {"bad-row", "truncated", "unsupported-version"}
    assert {case[1] for case in CASES} | {"too-long"} | of_files <= REASONS.keys()
    decoder_reasons = {
        "not-json", "not-utf-8", "not-an-object", "too-deep", "too-long", "unknown-type",
        "unknown-field", "duplicate-field", "missing-field", "wrong-type", "out-of-range",
        "unknown-word", "no-offset", "bad-time", "bad-identifier",
    }  # fmt: skip
    assert {case[1] for case in CASES} == decoder_reasons


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (
            line(REVIEW, type="review.post"),
            "there is no event `review.post`: did you mean `review.posted`?",
        ),
        (line(REVIEW, strs=5), "`review.posted` has no field `strs`: did you mean `stars`?"),
        (line(REVIEW, stars=6), "`stars` has to be 1 to 5, not `6`"),
        (line(REVIEW, stars="5"), "`stars` has to be a whole number, not a text"),
        (
            line(CLASSIFIED, **{"class": "produkt"}),
            "`class` cannot be `produkt`: did you mean `product`?",
        ),
        (
            line(CLASSIFIED, **{"class": "x"}),
            "`class` cannot be `x`: it takes `product`, `service`, `logistics`, `safety`, `other`",
        ),
        (
            line(REVIEW, occurred_at="2025-06-17T09:30:00"),
            (
                "the time `2025-06-17T09:30:00` of `occurred_at` has no offset: "
                "add `Z` or one like `+07:00`"
            ),
        ),
        (b'{"type":"review.posted"}', "the field `event_id` is missing"),
        (
            line(ORDER, product_ids=["p", 1]),
            "`product_ids` has to be a list of texts, not a list with a whole number",
        ),
        (b'{"type":"a"', "the line is not JSON: it ends too early"),
    ],
)
def test_messages(data: bytes, message: str) -> None:
    assert refused(data).message == message


def test_messages_show_nothing_that_steers_a_terminal() -> None:
    for data in (
        line(REVIEW, type="\x1b[31m\n" * 99),
        line(REVIEW, **{"\x1b[31m\n" * 99: 1}),
        line(CLASSIFIED, **{"class": "\u202e" * 500}),
        line(REVIEW, occurred_at="\x1b]0;x\x07"),
    ):
        assert refused(data).message.isprintable()
        assert len(refused(data).message) < 1000


def test_the_event_id_is_quoted_if_it_can_be() -> None:
    assert refused(line(REVIEW, stars=9)).event_id == "e1"
    assert refused(line(REVIEW, stars=9, event_id="e\n")).event_id is None
    assert refused(line(REVIEW, stars=9, event_id=["e"])).event_id is None
    assert refused(line(REVIEW, event_id="e\n")).event_id is None


def test_limits_are_inclusive() -> None:
    assert event(line(REVIEW, text="x" * MAX_TEXT)).text == "x" * MAX_TEXT
    assert len(event(line(ORDER, product_ids=["p"] * MAX_LIST)).product_ids) == MAX_LIST
    assert event(line(REVIEW, event_id="e" * MAX_IDENTIFIER))
    padded = line(REVIEW).ljust(MAX_LINE)
    assert event(padded)
    assert refused(padded + b" ").reason == "too-long"


def test_identifiers_may_hold_any_other_character() -> None:
    for key in ("a b", "ü/ñ", "注文\u3000\uff11", "🙂", "\u00ad", "\ue000"):
        assert event(line(REVIEW, event_id=key, review_id=key)).event_id == key


def test_a_huge_line_costs_nothing() -> None:
    huge = b'{"type":"review.posted","text":"' + b"x" * 50_000_000
    tracemalloc.start()
    assert refused(huge).reason == "too-long"
    assert tracemalloc.get_traced_memory()[1] < 1_000_000
    tracemalloc.stop()


def test_whatever_nests_too_deep_for_the_decoder_is_too_deep() -> None:
    assert Refuser(CATALOG, KEYS).line(line(REVIEW), RecursionError()).reason == "too-deep"


@pytest.mark.parametrize("said", ["Something new - at `$.stars`", "Something new"])
def test_another_version_of_the_decoder_is_quoted(said: str) -> None:
    rejection = Refuser(CATALOG, KEYS).mapping(REVIEW, msgspec.ValidationError(said))
    assert rejection.reason == "wrong-type"
    assert rejection.message.startswith("the event does not fit the catalog: Something new")
