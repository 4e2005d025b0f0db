"""One text for one value, and names made from content."""

from __future__ import annotations

import hashlib
import json
import re
from collections import OrderedDict
from collections.abc import Sequence
from decimal import Decimal
from enum import IntEnum, StrEnum
from fractions import Fraction
from types import MappingProxyType
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from revlex.engine.records.canonical import DIGEST_LENGTH, MOST_LEVELS, canonical_json, digest

TEXTS = st.text(st.characters(exclude_categories=["Cs"]))
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | TEXTS,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(TEXTS, inner, max_size=4),
)
PARTS = st.lists(st.binary() | TEXTS, max_size=4)


class Stars(IntEnum):
    WORST = 1


class Verdict(StrEnum):
    HOLD = "hold"


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ({"b": [1, -2], "a": None, "á": True, "": {}}, '{"":{},"a":null,"b":[1,-2],"á":true}'),
        ({"z": 1, "\U0001f642": 2, "\uffee": 3}, '{"z":1,"\uffee":3,"\U0001f642":2}'),
        ('"\\\n\x00/é\u2028', '"\\"\\\\\\n\\u0000/é\u2028"'),
        ((1, (2,)), "[1,[2]]"),
        (MappingProxyType({"b": OrderedDict(y=1, x=2), "a": 0}), '{"a":0,"b":{"x":2,"y":1}}'),
        ([Stars.WORST, Verdict.HOLD], '[1,"hold"]'),
        (10**40, "1" + "0" * 40),
    ],
)
def test_text(value: object, text: str) -> None:
    assert canonical_json(value) == text.encode("utf-8")


@pytest.mark.parametrize(
    "value",
    [1.0, float("nan"), Fraction(1, 2), Decimal(1), b"a", {1}, object(), {1: 2}, {None: 2}],
    ids=lambda value: type(value).__name__,
)
def test_refuses_what_has_no_canonical_text(value: object) -> None:
    for nested in (value, [0, value], {"a": {"b": value}}):
        with pytest.raises(TypeError, match="no canonical text"):
            canonical_json(nested)


def test_refuses_half_of_a_surrogate_pair() -> None:
    with pytest.raises(ValueError, match="surrogates not allowed"):
        canonical_json(["\ud800"])


def test_depth_has_a_limit() -> None:
    deep: Any = 0
    for _ in range(MOST_LEVELS):
        deep = [deep]
    assert canonical_json(deep) == b"[" * MOST_LEVELS + b"0" + b"]" * MOST_LEVELS
    with pytest.raises(ValueError, match="nested deeper"):
        canonical_json([deep])


def test_a_value_inside_itself_is_refused() -> None:
    endless: list[Any] = []
    endless.append(endless)
    with pytest.raises(ValueError, match="nested deeper"):
        canonical_json(endless)


@given(VALUES)
def test_text_gives_the_value_back(value: object) -> None:
    text = canonical_json(value)
    assert json.loads(text) == value
    assert canonical_json(json.loads(text)) == text


@given(st.dictionaries(TEXTS, VALUES, max_size=6), st.randoms(use_true_random=False))
def test_the_order_of_keys_never_matters(value: dict[str, Any], random: Any) -> None:
    keys = list(value)
    random.shuffle(keys)
    assert canonical_json({key: value[key] for key in keys}) == canonical_json(value)


@given(VALUES, VALUES)
def test_different_values_have_different_texts(one: object, other: object) -> None:
    same = json.dumps(one, sort_keys=True) == json.dumps(other, sort_keys=True)
    assert (canonical_json(one) == canonical_json(other)) == same


def test_digest_is_the_head_of_a_sha256() -> None:
    whole = hashlib.sha256(b"\0\0\0\0\0\0\0\x02ab" + b"\0\0\0\0\0\0\0\x02\xc3\xa9").digest()
    bits = int.from_bytes(whole, "big") >> (256 - 130)
    letters = "abcdefghijklmnopqrstuvwxyz234567"
    name = "".join(letters[bits >> shift & 31] for shift in range(125, -1, -5))
    assert digest(b"ab", "é") == name


def test_digest_stays_the_same() -> None:
    assert digest() == "4oymiquy7qobjgx36tejs35zeq"
    assert digest("policy", b"\x00") != digest("policy", b"")


@given(PARTS)
def test_digest_has_its_form(parts: Sequence[bytes | str]) -> None:
    assert re.fullmatch(f"[a-z2-7]{{{DIGEST_LENGTH}}}", digest(*parts))


@given(PARTS, PARTS)
def test_parts_do_not_run_into_each_other(
    one: Sequence[bytes | str], other: Sequence[bytes | str]
) -> None:
    plain = [
        [part.encode("utf-8") if isinstance(part, str) else part for part in parts]
        for parts in (one, other)
    ]
    assert (digest(*one) == digest(*other)) == (plain[0] == plain[1])


@given(st.binary(min_size=1), st.data())
def test_where_a_part_ends_matters(whole: bytes, data: st.DataObject) -> None:
    cut = data.draw(st.integers(0, len(whole)))
    assert digest(whole[:cut], whole[cut:]) != digest(whole)
