"""What is wrong with a mapping is said once, at its place, with a fix."""

from __future__ import annotations

import gzip
import json
from collections.abc import Callable, Iterable
from importlib.resources import files
from pathlib import Path

import jsonschema
import pytest
import yaml
from revlex.engine.language.catalog import standard_catalog
from revlex.engine.language.diagnostics import Report
from revlex.engine.language.source import Source
from revlex.engine.runtime.mapping import (
    bind,
    load_mapping,
    mapping_schema,
)

ROOT = Path(__file__).parents[2]
OLIST_MAPPING = files("revlex.rules") / "marketplace" / "olist" / "mapping.yaml"
SCHEMA_FILE = ROOT / "grammar" / "mapping.schema.json"
CATALOG = standard_catalog()

ORDERS = "olist_orders_dataset.csv.gz"
ITEMS = "olist_order_items_dataset.csv.gz"
REVIEWS = "olist_order_reviews_dataset.csv.gz"
HEADERS = {
    ORDERS: (
        "order_id,customer_id,order_status,order_purchase_timestamp,order_approved_at,"
        "order_delivered_carrier_date,order_delivered_customer_date,order_estimated_delivery_date"
    ),
    ITEMS: "order_id,order_item_id,product_id,seller_id,shipping_limit_date,price,freight_value",
    REVIEWS: (
        "review_id,order_id,review_score,review_comment_title,review_comment_message,"
        "review_creation_date,review_answer_timestamp"
    ),
}

Write = Callable[..., Path]


@pytest.fixture
def write(tmp_path: Path) -> Write:
    """Write tables, given as lines behind the header that Olist's have, into a folder."""

    def written(**tables: Iterable[str]) -> Path:
        for name, header in HEADERS.items():
            short = name.removeprefix("olist_").removeprefix("order_").partition("_")[0]
            text = "\n".join([header, *tables.get(short, ())]) + "\n"
            (tmp_path / name).write_bytes(gzip.compress(text.encode()))
        return tmp_path

    return written


def codes(text: str, folder: Path | None = None) -> list[str]:
    """The codes of everything wrong with a mapping, looked at beside its tables if it loads."""
    report = Report()
    mapping = load_mapping(Source("mapping.yaml", text), CATALOG, report)
    if mapping is not None and folder is not None:
        bind(mapping, folder, report)
    return [one.code for one in report]


ONE = """\
mapping: one
rows: rows.csv
events:
  - type: {type}
    event_id: "e/{{id}}"
    occurred_at: {time}
    shop_id: shop
    {more}
"""


# ------------------------------------------------------------------ what is wrong with a mapping

PAGES: dict[str, dict[str, str]] = yaml.safe_load(
    (files("revlex.grammar") / "codes" / "E65.yaml").read_text("utf-8")
)


@pytest.mark.parametrize("code", sorted(PAGES))
def test_the_wrong_example_of_a_page_has_its_code_alone(code: str, write: Write) -> None:
    assert set(codes(PAGES[code]["bad"], write())) == {code}


@pytest.mark.parametrize("code", sorted(PAGES))
def test_the_right_example_of_a_page_has_none(code: str, write: Write) -> None:
    assert codes(PAGES[code]["good"], write()) == []
    assert PAGES[code]["kind"] == "yaml"


BASE = ONE.format(type="order.placed", time="at", more="fields: {order_id: id}")


def found(text: str, folder: Path | None = None) -> list[tuple[str, str, str | None]]:
    """The code, the text it points at, and the help of everything wrong."""
    report = Report()
    mapping = load_mapping(Source("mapping.yaml", text), CATALOG, report)
    if mapping is not None and folder is not None:
        bind(mapping, folder, report)
    return [(one.code, one.span.text, one.help) for one in report]


@pytest.mark.parametrize(
    ("old", "new", "code", "place", "help_"),
    [
        ("order.placed", "order.place", "E652", "order.place", "did you mean `order.placed`?"),
        ("order_id: id", "order_id: id, gft: id", "E653", "gft", "did you mean `gift`?"),
        ('"e/{id}"', '"e/{id}/{"', "E656", "{", None),
        ('"e/{id}"', '"e/{}{id}"', "E656", "{", None),
        ('"e/{id}"', '"e/}{id}"', "E656", "}", None),
        ("at: at", "at: {column: at, zone: Asia/Bangkog}", "E213", "Asia/Bangkog", "Asia/Bangkok"),
        ("at: at", "at: {column: at, zone: Qqqqq}", "E213", "Qqqqq", "IANA name"),
        ("at: at", 'at: {value: "2025-01-01 00:00:00"}', "E661", "2025-01-01 00:00:00", None),
        ("id: id}", "id: id, quantity: {value: two}}", "E661", "two", "a whole number"),
        ("id: id}", "id: id, quantity: {column: id, words: {a: b}}}", "E661", "b", None),
        (
            "id: id}",
            "id: id, fulfilled_by: {value: x}}",
            "E661",
            "x",
            "one of `seller`, `platform`",
        ),
        ("id: id}", "id: {colum: id}}", "E202", "colum", "did you mean `column`?"),
        (
            "fields: {order_id: id}",
            "fields: {order_id: id, product_id: id}\n    sequence: {value: 1.5}",
            "E661",
            "1.5",
            "a whole number",
        ),
        (
            "order.placed",
            "chat.rated",
            "E653",
            "order_id",
            "its fields are `thread_id`, `stars`",
        ),
        ("rows.csv", "/rows.csv", "E662", "/rows.csv", None),
        ("rows.csv", "C:/rows.csv", "E662", "C:/rows.csv", None),
        ("rows.csv", r"..\rows.csv", "E662", r"..\rows.csv", None),
        ("rows.csv", "rows.jsonl", "E662", "rows.jsonl", None),
        ("rows.csv", "[a.csv]", "E201", "[", None),
    ],
)
def test_mistakes_have_a_place_and_help(
    old: str, new: str, code: str, place: str, help_: str | None
) -> None:
    assert old in BASE
    ((found_code, text, found_help),) = found(BASE.replace(old, new, 1))
    assert (found_code, text.strip('"')) == (code, place)
    if help_:
        assert found_help is not None
        assert help_ in found_help


def test_a_list_has_no_place_in_an_id() -> None:
    text = PAGES["E667"]["good"].replace("{seller_id}", "{product_ids}")
    assert [(code, place) for code, place, _help in found(text)] == [("E667", "product_ids")]


def test_a_constant_beyond_the_bounds_of_its_field() -> None:
    text = BASE.replace("order.placed", "chat.rated")
    text = text.replace("order_id: id", "thread_id: id, stars: {value: 6}")
    assert found(text) == [("E661", "6", "it has to be 1 to 5")]


def test_columns_are_looked_for_in_the_headers(tmp_path: Path) -> None:
    (tmp_path / "rows.csv").write_text("id,shop_name,at\n")
    assert found(BASE, tmp_path) == [("E663", "shop", "did you mean `shop_name`?")]
    everywhere = """\
mapping: everywhere
rows: rows.csv
join: {other.csv: {by: x1, equals: x2, distinct: [x3], gather: {new: x4}}}
events:
  - type: order.placed
    event_id: "{x5}"
    occurred_at: {column: x6}
    shop_id: id
    when: {x7: absent}
    fields: {order_id: id, product_ids: new}
"""
    (tmp_path / "other.csv").write_text("a,b\n")
    places = [(code, text) for code, text, _help in found(everywhere, tmp_path)]
    assert places == [("E663", f"x{n}") for n in (1, 2, 3, 4, 5, 6, 7)]


def test_all_mistakes_are_found_in_one_run() -> None:
    text = BASE.replace("order_id: id", "").replace("at: at", "at: {zone: UTC}")
    assert codes(text + "  - {type: x, event_id: x, occurred_at: x, shop_id: x}\n") == [
        "E655",
        "E658",
        "E652",
    ]


def test_what_is_no_mapping() -> None:
    assert codes("") != []
    assert codes("[]") == ["E201"]
    assert codes("mapping: a: b") != []
    assert codes("policy: p\nrules: []\n") == ["E202", "E203", "E202"]


# ------------------------------------------------------------------ the schema


def test_the_schema_file_is_what_the_reader_reads(pytestconfig: pytest.Config) -> None:
    text = json.dumps(mapping_schema(), indent=2, ensure_ascii=False) + "\n"
    if pytestconfig.getoption("--rewrite"):
        SCHEMA_FILE.write_text(text, "utf-8")
    assert SCHEMA_FILE.read_text("utf-8") == text


def test_the_schema_takes_every_right_example_and_the_shipped_mapping() -> None:
    validator = jsonschema.Draft202012Validator(mapping_schema())
    validator.check_schema(mapping_schema())
    for text in (OLIST_MAPPING.read_text("utf-8"), *(page["good"] for page in PAGES.values())):
        validator.validate(yaml.safe_load(text))
    assert not validator.is_valid({"mapping": "a", "row": "b"})
