"""Every code about policies has a page whose examples show it, and nothing else."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from revlex.engine.language.codes import CodePage, Kind, pages
from revlex.engine.language.compiler import compile_policy
from revlex.engine.language.messages import (
    additions,
    lint,
    notices,
    overlays,
    policy,
    replies,
    rules,
    shape,
    thresholds,
    variants,
)

CODES = re.compile(r"E2|E42[6-9]|E430|E6[0-4]|E67|E69[5-9]|E82|W72|W73[01569]|W74[01]|W75")
PAGES = [page for page in pages().values() if CODES.match(page.code)]
MODULES = (additions, lint, notices, overlays, policy, replies, rules, shape, thresholds, variants)
POLICIES = [page for page in PAGES if page.kind is Kind.POLICY]
PACKS = [page for page in PAGES if page.kind is Kind.PACKS]


@pytest.mark.parametrize("page", POLICIES, ids=lambda page: page.code)
def test_page(page: CodePage, compiled: Callable[..., Any]) -> None:
    assert compiled(page.bad).codes == [page.code]
    assert compiled(page.good).codes == []


@pytest.mark.parametrize("page", PACKS, ids=lambda page: page.code)
def test_page_of_packs(page: CodePage, layered: Callable[..., Any]) -> None:
    assert layered(page.bad).codes == [page.code]
    assert layered(page.good).codes == []


def test_every_code_has_a_page_and_every_page_a_code() -> None:
    wording = "".join(Path(module.__file__).read_text("utf-8") for module in MODULES)
    assert set(re.findall(r'"([EW]\d\d\d)"', wording)) == {page.code for page in PAGES}


def test_a_folder_without_a_policy(tmp_path: Path) -> None:
    (tmp_path / "cases.yaml").write_text("cases: []", encoding="utf-8")
    (tmp_path / "deeper").mkdir()
    (tmp_path / "deeper" / "policy.yaml").write_text("policy: deep", encoding="utf-8")
    program, report = compile_policy(tmp_path)
    assert program is None
    assert [(one.code, one.span.source.name) for one in report] == [("E214", str(tmp_path))]
