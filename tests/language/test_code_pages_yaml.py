"""The pages of codes about reading YAML: the wrong example has that slip alone, the right none."""

from __future__ import annotations

from importlib.resources import files
from typing import Any

import pytest
import yaml
from revlex.engine.language.diagnostics import Report
from revlex.engine.language.reader import read_document
from revlex.engine.language.reading import parse
from revlex.engine.language.source import Source

ABOUT_WHOLE_FILES = {"E101", "E102", "E103", "E104", "E108"}
"""No example of a few lines can have these; test_reader.py has a test for each."""

FOLDER = files("revlex.grammar") / "codes"
PAGES: dict[str, dict[str, Any]] = {
    code: page
    for name in ("E1.yaml", "W70.yaml")
    for code, page in yaml.safe_load((FOLDER / name).read_text(encoding="utf-8")).items()
}


PARSERS = [yaml.BaseLoader, *([yaml.CBaseLoader] if yaml.__with_libyaml__ else [])]


@pytest.fixture(params=PARSERS)
def parser(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(parse, "LOADER", request.param)


def codes(text: str) -> set[str]:
    report = Report()
    read_document(Source("example.yaml", text), report)
    return {each.code for each in report}


@pytest.mark.usefixtures("parser")
@pytest.mark.parametrize("code", sorted(PAGES.keys() - ABOUT_WHOLE_FILES))
def test_wrong_example_has_this_slip_alone(code: str) -> None:
    assert codes(PAGES[code]["bad"]) == {code}


@pytest.mark.usefixtures("parser")
@pytest.mark.parametrize("code", sorted(PAGES.keys() - ABOUT_WHOLE_FILES))
def test_right_example_has_none(code: str) -> None:
    assert codes(PAGES[code]["good"]) == set()


@pytest.mark.parametrize("code", sorted(PAGES))
def test_page_is_about_yaml(code: str) -> None:
    assert PAGES[code]["kind"] == "yaml"
