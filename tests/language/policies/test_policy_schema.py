"""The JSON Schema of policies and the reader are one description, and cannot disagree."""

from __future__ import annotations

import copy
import json
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from revlex.engine.authoring.schemas import schema_of
from revlex.engine.language import document
from revlex.engine.language.authored import Entry, PolicyFile, ReviewRule
from revlex.engine.language.codes import Kind, pages
from revlex.engine.language.compiler import compile_sources
from revlex.engine.language.diagnostics import Report
from revlex.engine.language.document import Node
from revlex.engine.language.reader import read_document
from revlex.engine.language.schema import policy_schema
from revlex.engine.language.shapes import Either, Many, Record, Shape, Table, keys_of, records_below
from revlex.engine.language.shelves import pack_files
from revlex.engine.language.source import Source

ROOT = Path(__file__).parents[3]
SCHEMA = ROOT / "grammar" / "policy.schema.json"
VALIDATOR = jsonschema.Draft202012Validator(policy_schema())
EVERYTHING = Path(__file__).parent / "everything.yaml"
PACK_FILES = [
    file
    for policy in sorted((ROOT / "rules").rglob("policy.yaml"))
    for file in pack_files(policy.parent)
]

Path_ = tuple[str | int, ...]


def content(node: Node | None) -> Any:
    """A document as plain data."""
    if isinstance(node, document.Mapping):
        return {entry.name: content(entry.value) for entry in node.entries}
    if isinstance(node, document.Sequence):
        return [content(item) for item in node.items]
    assert isinstance(node, document.Scalar)
    return float(node.value) if isinstance(node.value, Decimal) else node.value


def read(text: str) -> Any:
    report = Report()
    data = content(read_document(Source("policy.yaml", text), report))
    assert not report.has_errors, list(report)
    return data


BELOW = """
policy: below
lists: {spare: [nothing, more]}
tables: {sizes: {by: product.category, else: 1}}
define: {happy: review.stars > 3}
review_rules: [{rule: r, when: happy and review.text in spare, verdict: flag}]
reply_rules:
  - {rule: s, when: has product and reply.images > sizes[product.category], verdict: flag}
reply_drafts: {rules: [{draft: d, mode: draft, templates: {else: [Hi]}}]}
measures: {m: {per: shop, value: count(review), over: 1d}}
thresholds: [{threshold: t, measure: m, check: daily, bands: {few: below 9, many: from 9}}]
violations: {v: {points: 1}}
actions: {pause: {scope: shop, overlap: keep}}
escalations: [{ladder: l, per: shop, because: so, steps: [{at: 3, do: [pause for 1d]}]}]
appeals: [{appeal: violation-below, against: [verdict], attempts: [within 1d of notice]}]
remedies: [{remedy: q, event: quiz.completed, of: [v], do: [lower points by 1]}]
notices:
  languages: {else: en}
  entries: [{notice: n, for: remedy, subject: {else: Hi}, text: {else: Done}}]
"""
"""A pack with one of everything that can be overridden."""

OVERRIDE = [
    {"rule": "r", "disable": True},
    {"draft": "d", "replace": {"mode": "approve"}},
    {"threshold": "t", "replace": {"owner": "me"}},
    {"ladder": "l", "append": {"links": ["there"]}},
    {"appeal": "violation-below", "disable": True},
    {"remedy": "q", "append": {"links": ["there"]}},
    {"notice": "n", "disable": True},
    {"measure": "m", "replace": {"over": "2d"}},
    {"violation": "v", "replace": {"points": 2}},
    {"action": "pause", "replace": {"note": "a pause"}},
    {"list": "spare", "append": ["even more"]},
    {"table": "sizes", "append": {"beauty": 2}},
    {"define": "happy", "replace": "review.stars > 4"},
]
FULL = {
    **read(EVERYTHING.read_text(encoding="utf-8")),
    "extend": "../below",
    "override": OVERRIDE,
}


def found(data: Any) -> list[str]:
    """The errors that compiling some plain data yields; JSON is YAML."""
    text = json.dumps(data, ensure_ascii=False, indent=0)
    below = {"../below": [Source("below.yaml", BELOW)]}
    program, report = compile_sources([Source("policy.yaml", text)], below)
    codes = [one.code for one in report if one.code.startswith("E")]
    assert (program is None) is bool(codes)
    return codes


def test_the_schema_in_the_repository_is_the_readers() -> None:
    assert json.loads(SCHEMA.read_text(encoding="utf-8")) == policy_schema() == schema_of("policy")
    VALIDATOR.check_schema(policy_schema())


def test_every_key_has_an_explanation() -> None:
    for name, record in policy_schema()["$defs"].items():
        assert record["description"].endswith((".", "?")), name
        for key, described in record["properties"].items():
            assert described["description"], (name, key)


@pytest.mark.parametrize("file", PACK_FILES, ids=lambda file: f"{file.parent.name}-{file.stem}")
def test_packs_that_ship_fit(file: Path) -> None:
    VALIDATOR.validate(read(file.read_text(encoding="utf-8")))


def test_the_examples_of_pages_fit() -> None:
    for page in pages().values():
        if page.kind is Kind.POLICY and page.code[:2] in {"E6", "W7"}:
            VALIDATOR.validate(read(page.good))
            VALIDATOR.validate(read(page.bad))


def test_what_the_shape_codes_are_about_does_not_fit() -> None:
    beyond = {"E209", "E210", "E211", "E212", "E213", "E214"}
    beyond |= {page.code for page in pages().values() if page.code.startswith("E23")}
    for page in pages().values():
        if page.code.startswith("E2") and page.kind is Kind.POLICY and page.code not in beyond:
            assert not VALIDATOR.is_valid(read(page.bad)), page.code


# -------------------------------------------------- every key with every kind of node


def places(shape: Shape, data: Any, path: Path_ = ()) -> Iterator[tuple[type, Path_]]:
    """Each record inside some data, and the way to it."""
    if isinstance(shape, Record) and isinstance(data, dict):
        yield shape.into, path
        for name, key in keys_of(shape.into).items():
            if name in data:
                yield from places(key.shape, data[name], (*path, name))
    elif isinstance(shape, Many) and isinstance(data, list):
        for number, item in enumerate(data):
            yield from places(shape.item, item, (*path, number))
    elif isinstance(shape, Table) and isinstance(data, dict):
        for name, value in data.items():
            yield from places(shape.value, value, (*path, name))
    elif isinstance(shape, Either):
        inner = shape.mapping if isinstance(data, dict) else shape.sequence
        if inner is not None:
            yield from places(inner, data, path)


PLACES: dict[type, Path_] = {}
for record_, path_ in places(Record(PolicyFile), FULL):
    PLACES.setdefault(record_, path_)

NODES: tuple[Any, ...] = (None, 7, True, "text", "", [None], {}, {"text": "text"})
SHARED = {"status", "regions", "effective", "because", "owner", "links", "tests"}
"""Keys that every rule-like entry has; trying them in one of them is enough."""


def own_keys(record: type) -> set[str]:
    left_out = SHARED if issubclass(record, Entry) and record is not ReviewRule else set()
    return set(keys_of(record)) - left_out


def put(path: Path_, value: Any) -> Any:
    """The full policy with something else at one place."""
    whole = copy.deepcopy(FULL)
    if not path:
        return value
    here = whole
    for step in path[:-1]:
        here = here[step]
    here[path[-1]] = value
    return whole


def test_there_is_one_of_everything() -> None:
    assert set(PLACES) == set(records_below(PolicyFile))
    every = list(places(Record(PolicyFile), FULL))
    used = {(record, key) for record, path in every for key in at(path)}
    unused = {key for record in PLACES for key in keys_of(record) if (record, key) not in used}
    assert unused <= SHARED


def at(path: Path_) -> Any:
    here = FULL
    for step in path:
        here = here[step]
    return here


@pytest.mark.parametrize("record", PLACES, ids=lambda record: record.__name__)
def test_every_key_with_every_kind_of_node(record: type) -> None:
    for key in sorted(own_keys(record)):
        for node in NODES:
            data = put((*PLACES[record], key), node)
            codes = found(data)
            assert codes or VALIDATOR.is_valid(data), (record, key, node)


def test_every_key_left_out_or_unknown() -> None:
    for record, path in PLACES.items():
        for key in sorted(own_keys(record)):
            one = keys_of(record)[key]
            entry = {name: value for name, value in at(path).items() if name != key}
            data = put(path, entry)
            codes = found(data)
            assert not one.required or "E203" in codes, (record, key)
            assert codes or VALIDATOR.is_valid(data)
        assert "E202" in found(put(path, {**at(path), "zzzzzz": 1})), record


anything = st.recursive(
    st.one_of(
        st.none(),
        st.booleans(),
        st.integers(),
        st.text(max_size=8),
        st.sampled_from(["else", "TH", "review.stars <= 2", "1%", "30d", "from 1%", "permanently"]),
    ),
    lambda inner: st.one_of(
        st.lists(inner, max_size=3),
        st.dictionaries(st.sampled_from(["a", "else", "by", "at", "do", "TH", "A b"]), inner),
    ),
    max_leaves=6,
)
ways = st.lists(st.integers(0, 30), min_size=1, max_size=6)


def somewhere(way: list[int]) -> Path_:
    """A path into the full policy."""
    path: list[str | int] = []
    here: Any = FULL
    for turn in way:
        if isinstance(here, dict) and here:
            step: str | int = list(here)[turn % len(here)]
        elif isinstance(here, list) and here:
            step = turn % len(here)
        else:
            break
        path.append(step)
        here = here[step]
    return tuple(path)


@settings(max_examples=100)
@given(way=ways, value=anything)
def test_what_the_schema_refuses_the_reader_refuses_too(way: list[int], value: Any) -> None:
    data = put(somewhere(way), value)
    codes = found(data)
    assert codes or VALIDATOR.is_valid(data)
