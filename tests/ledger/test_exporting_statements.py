"""`revlex export dsa`: from ledgers and folders, with its configuration and what it refuses."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import jsonschema
import polars as pl
import pytest
from click.testing import CliRunner, Result
from revlex.cli import main
from revlex.engine.records.projections.dsa.schema import statement_schema

POLICY = """
policy: north
regions: [DE, TH]
timezone: {DE: Europe/Berlin, TH: Asia/Bangkok}
review_rules:
  - rule: no-links
    when: has_url(review.text)
    verdict: refuse
    because: a review must not hold addresses
  - rule: late
    event: review.edited
    when: review.stars == 1
    verdict: hold
    because: "it was edited to {review.stars} star by {buyer.name ?? 'somebody'}"
violations:
  fraud: {points: 3, do: [close_shop for 7d, freeze_product permanently, warn]}
actions:
  close_shop: {scope: shop, overlap: extend}
  freeze_product: {scope: product}
  warn: {scope: shop}
appeals:
  - {appeal: verdict, attempts: [within 7d of notice]}
  - {appeal: action, attempts: [within 7d of notice], while_pending: delay 48h}
  - {appeal: violation, attempts: [within 7d of notice]}
"""

CONFIG = """
dsa: 2
statement:
  incompatible_content_ground: Review terms, section 4
  decision_ground_reference_url: https://example.org/terms
actions:
  close_shop: {decision_account: DECISION_ACCOUNT_SUSPENDED}
  warn: none
"""


EVENTS: list[tuple[str, str, dict[str, Any]]] = [
    ("2025-06-01T23:30:00Z", "shop.opened", {}),
    ("2025-07-01T08:00:00Z", "product.listed", {"listed_at": "2024-05-05T12:00:00Z"}),
    ("2025-07-01T09:00:00Z", "order.placed", {"order_id": "o1", "buyer_key": "ann"}),
    (
        "2025-07-01T10:00:00Z",
        "review.posted",
        {"review_id": "r1", "text": "see www.x.com", "images": 2},
    ),
    ("2025-07-01T22:30:00Z", "review.posted", {"review_id": "r2"}),
    ("2025-07-09T10:00:00Z", "review.edited", {"review_id": "r2", "stars": 1}),
    ("2025-07-10T10:00:00Z", "violation.recorded", {"violation_id": "v1", "violation": "fraud"}),
    ("2025-07-20T10:00:00Z", "order.placed", {"order_id": "o2"}),
]
MORE: dict[str, dict[str, Any]] = {
    "product.listed": {"product_id": "lamp"},
    "order.placed": {"product_id": "lamp"},
    "review.posted": {"stars": 3, "order_id": "o1"},
    "violation.recorded": {"product_id": "lamp"},
}


def events() -> Iterator[dict[str, Any]]:
    """The same in a shop of each region."""
    for number, (time, type_, fields) in enumerate(EVENTS):
        for region, shop in (("DE", "berlin"), ("TH", "bangkok")):
            of = {"event_id": f"{shop}/{number}", "shop_id": shop, "region": region}
            yield {**of, "occurred_at": time, "type": type_, **MORE.get(type_, {}), **fields}


def revlex(*words: str | Path) -> Result:
    return CliRunner().invoke(main, [str(word) for word in words])


@pytest.fixture
def files(tmp_path: Path) -> Path:
    (tmp_path / "pack").mkdir()
    (tmp_path / "pack" / "policy.yaml").write_text(POLICY, encoding="utf-8")
    (tmp_path / "dsa.yaml").write_text(CONFIG, encoding="utf-8")
    lines = "".join(json.dumps(event) + "\n" for event in events())
    (tmp_path / "events.jsonl").write_text(lines, encoding="utf-8")
    return tmp_path


@pytest.fixture
def ledger(new_ledger: Callable[[], str], files: Path) -> str:
    name = new_ledger()
    done = revlex("run", files / "pack", "--events", files / "events.jsonl", "--ledger", name)
    assert done.exit_code == 0, done.output
    assert "quarantined: 0" in done.output
    return name


def statements(done: Result) -> list[dict[str, Any]]:
    found = [json.loads(line) for line in done.stdout.splitlines()]
    validator = jsonschema.Draft202012Validator(statement_schema())
    for one in found:
        validator.validate(one)
    return found


def test_restrictions_in_the_union_become_statements(ledger: str, files: Path) -> None:
    problems = files / "problems.jsonl"
    done = revlex("export", "dsa", ledger, "--config", files / "dsa.yaml", "--problems", problems)
    found = {next(iter(one)): one for one in map(_by_kind, statements(done))}
    assert sorted(found) == ["account", "product", "review"]
    review, product, account = (
        next(iter(found[k].values())) for k in ("review", "product", "account")
    )
    assert review["content_date"] == "2025-07-01"
    assert review["territorial_scope"] == ["DE"]
    assert review["content_type"] == ["CONTENT_TYPE_IMAGE", "CONTENT_TYPE_TEXT"]
    assert review["decision_facts"].startswith("a review must not hold addresses. The verdict")
    assert product["content_date"] == "2024-05-05"
    assert product["application_date"] == "2025-07-12"  # the appeal delays it
    assert "end_date_visibility_restriction" not in product
    assert account["content_date"] == "2025-06-02"  # in Berlin it was past midnight
    assert (account["application_date"], account["end_date_account_restriction"]) == (
        "2025-07-12",
        "2025-07-19",
    )
    assert done.exit_code == 1
    told = [json.loads(line) for line in problems.read_text(encoding="utf-8").splitlines()]
    assert {(one["field"], one["problem"]) for one in told} == {
        ("decision_facts", "has a reason that fills in what a person wrote"),
        ("incompatible_content_explanation", "has a reason that fills in what a person wrote"),
    }
    assert len({one["decision_id"] for one in told}) == 1
    assert "1 could not be exported" in done.stderr
    assert told[0]["decision_id"] in done.stderr


def _by_kind(statement: dict[str, Any]) -> dict[str, dict[str, Any]]:
    kinds = {"CONTENT_TYPE_IMAGE": "review", "CONTENT_TYPE_PRODUCT": "product"}
    return {kinds.get(statement["content_type"][0], "account"): statement}


def test_a_name_much_like_one_of_the_policy_is_told(ledger: str, files: Path) -> None:
    config = files / "wrong.yaml"
    text = CONFIG.replace("close_shop", "close_shp") + "  of_another_policy: none\n"
    config.write_text(text, encoding="utf-8")
    done = revlex("export", "dsa", ledger, "--config", config)
    assert "has `close_shp` among its actions; did you mean `close_shop`?" in done.stderr
    assert "of_another_policy" not in done.stderr
    assert "say under `actions` which `close_shop` is" in done.stderr
    assert done.exit_code == 1


def test_other_regions_only_where_they_are_asked_for(ledger: str, files: Path) -> None:
    config = files / "all.yaml"
    config.write_text(
        CONFIG.replace("  decision_ground", "  territorial_scope: EU\n  decision_ground"),
        encoding="utf-8",
    )
    here = statements(revlex("export", "dsa", ledger, "--config", config))
    everywhere = statements(revlex("export", "dsa", ledger, "--config", config, "--all-regions"))
    assert (len(here), len(everywhere)) == (3, 6)
    bangkok = revlex(
        "export", "dsa", ledger, "--config", config, "--all-regions", "--shop", "bangkok"
    )
    assert len(statements(bangkok)) == 3
    assert len(statements(bangkok)[0]["territorial_scope"]) == 27


def test_a_folder_knows_no_days_but_the_configuration_may(files: Path) -> None:
    out = files / "out"
    revlex("run", files / "pack", "--events", files / "events.jsonl", "--out", out)
    done = revlex("export", "dsa", out, "--config", files / "dsa.yaml")
    assert (done.exit_code, done.stdout) == (1, "")
    assert "`content_date` is missing: no event tells when it was posted" in done.stderr
    config = files / "days.yaml"
    config.write_text(
        CONFIG.replace("statement:", "statement:\n  content_date: event"), encoding="utf-8"
    )
    done = revlex("export", "dsa", out, "--config", config)
    days = {(one["content_date"], one["application_date"]) for one in statements(done)}
    assert ("2025-07-01", "2025-07-01") in days
    assert all(content == application for content, application in days)
    assert done.exit_code == 0  # nothing tells that a reason fills in the name of a buyer
    known = revlex("export", "dsa", out, "--config", config, "--policy", files / "pack")
    assert known.exit_code == 1
    assert "has a reason that fills in what a person wrote" in known.stderr
    (files / "pack" / "policy.yaml").write_text("policy: [", encoding="utf-8")
    broken = revlex("export", "dsa", out, "--config", config, "--policy", files / "pack")
    assert (broken.exit_code, "has errors" in broken.stderr) == (2, True)


def test_statements_come_as_calls_and_as_a_table_too(ledger: str, files: Path) -> None:
    words = ("export", "dsa", ledger, "--config", files / "dsa.yaml")
    singly = statements(revlex(*words))
    (call,) = revlex(*words, "--format", "batches").stdout.splitlines()
    assert json.loads(call) == {"statements": singly}
    table = files / "statements.parquet"
    revlex(*words, "--format", "parquet", "--out", table)
    rows = pl.read_parquet(table)
    assert rows["puid"].to_list() == [one["puid"] for one in singly]
    assert rows["territorial_scope"].to_list() == [one["territorial_scope"] for one in singly]


def test_a_filter_narrows_statements(ledger: str, files: Path) -> None:
    words = ("export", "dsa", ledger, "--config", files / "dsa.yaml")
    assert len(statements(revlex(*words, "--rule", "no-links"))) == 1
    assert statements(revlex(*words, "--from", "2025-08-01T00:00:00Z")) == []
    late = revlex(*words, "--from", "2025-07-11T00:00:00Z")
    assert late.exit_code == 0
    assert len(statements(late)) == 2


MISTAKES = {
    "an unknown field": ("statement: {categroy: x}", "did you mean `category`?"),
    "an unknown word": (
        "statement: {category: STATEMENT_CATEGORY_SCAM_AND_FRAUD}",
        "did you mean `STATEMENT_CATEGORY_SCAMS_AND_FRAUD`?",
    ),
    "a field that is made": ("statement: {puid: x}", "`puid` is not possible here"),
    "another version": ("dsa: 1", "`1` is out of bounds"),
    "an unknown slot": ('statement: {decision_facts: "{becuase}"}', "did you mean `because`?"),
    "no address": ("statement: {decision_ground_reference_url: x}", "is no web address"),
    "too long": (f"statement: {{content_type_other: {'x' * 501}}}", "has 501 characters"),
    "no day": ("statement: {content_date: 1999-01-01}", "is not a day from 2000-01-01"),
    "a verdict that is none": ("verdicts: {flag: none}", "`flag` is not possible here"),
    "a country elsewhere": ("regions: {UK: [UK]}", "`UK` is not possible here"),
    "no yaml": ("statement: [", "dsa.yaml"),
    "nothing": ("", "dsa.yaml has mistakes"),
    "a list": ("- 1", "dsa.yaml has mistakes"),
}


@pytest.mark.parametrize("name", MISTAKES)
def test_mistakes_in_a_configuration_are_told_with_a_fix(name: str, tmp_path: Path) -> None:
    text, says = MISTAKES[name]
    config = tmp_path / "dsa.yaml"
    start = "" if name in {"another version", "nothing", "a list"} else "dsa: 2\n"
    config.write_text(f"{start}{text}\n", encoding="utf-8")
    (tmp_path / "decisions.jsonl").write_text("", encoding="utf-8")
    done = revlex("export", "dsa", tmp_path, "--config", config)
    assert done.exit_code == 2
    assert says in done.stderr
    assert "Traceback" not in done.stderr


def test_a_configuration_that_is_fine_and_nothing_to_export(tmp_path: Path) -> None:
    config = tmp_path / "dsa.yaml"
    config.write_text(CONFIG, encoding="utf-8")
    (tmp_path / "decisions.jsonl").write_text("", encoding="utf-8")
    done = revlex("export", "dsa", tmp_path, "--config", config)
    assert (done.exit_code, done.output) == (0, "")
    without = revlex("export", "dsa", tmp_path)
    assert without.exit_code == 2
    assert "add `--config FILE`" in without.stderr
