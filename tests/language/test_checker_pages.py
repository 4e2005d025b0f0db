"""Every code about names and types has a page whose examples show it, and nothing else."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from revlex.engine.language.codes import CodePage, Kind, pages
from revlex.engine.language.compiler import compile_sources
from revlex.engine.language.messages import counting, events, names, replies, typing
from revlex.engine.language.source import Source

PAGES = [page for page in pages().values() if page.code[:2] in {"E4", "E5"}]
MESSAGES = (counting, events, names, replies, typing)
IN_MEASURES = {"E419", "E520", "E521", "E522", "E526", "E527"}

Codes = Callable[[str, CodePage], list[str]]


@pytest.fixture
def codes(check: Callable[..., Any], measure: Callable[..., Any]) -> Codes:
    """The codes that an example of a page yields."""

    def run(example: str, page: CodePage) -> list[str]:
        if page.kind is Kind.EXPRESSION:
            found = (measure if page.code in IN_MEASURES else check)(example)
            return list(found.codes)
        _, report = compile_sources([Source("example.yaml", example)])
        return [found.code for found in report]

    return run


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.code)
def test_page(page: CodePage, codes: Codes) -> None:
    assert codes(page.bad, page) == [page.code]
    assert codes(page.good, page) == []


def test_every_code_has_a_page_and_every_page_a_code() -> None:
    wording = "".join(Path(module.__file__).read_text("utf-8") for module in MESSAGES)
    assert set(re.findall(r'"(E[45]\d\d)"', wording)) == {page.code for page in PAGES}
