"""Records that no run has written: a sentence, and never a traceback."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from revlex.cli import main

STYLES = (["--format", "text"], ["--format", "json"], ["--html", "-"])
STRANGE = st.one_of(
    st.none(),
    st.integers(),
    st.text(max_size=5),
    st.just([]),
    st.sampled_from(["9999-12-31T23:59:59-23:59", "0001-01-01T00:00:00+23:59", "1/0", "-%", "1d"]),
)


def places(value: Any, way: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """The ways to everything inside a record."""
    if way:
        yield way
    inside = value.items() if isinstance(value, dict) else ()
    inside = enumerate(value) if isinstance(value, list) else inside
    for key, one in inside:
        yield from places(one, (*way, key))


def put(record: Any, way: tuple[Any, ...], value: Any) -> None:
    for key in way[:-1]:
        record = record[key]
    record[way[-1]] = value


@pytest.fixture(scope="module")
def folder(demo_results: str, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A small part of a run: the records of one shop."""
    found = tmp_path_factory.mktemp("damaged") / "out"
    shutil.copytree(demo_results, found)
    for name in ("decisions.jsonl", "appeals.jsonl", "measures.jsonl"):
        lines = (found / name).read_text(encoding="utf-8").splitlines()
        kept = [line for line in lines if '"lotus-home"' in line and '"draft"' not in line]
        (found / name).write_text("\n".join([*kept[:60], ""]), encoding="utf-8")
    return found


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(data=st.data())
def test_a_damaged_record_is_told(folder: Path, data: st.DataObject) -> None:
    name = data.draw(st.sampled_from(["decisions.jsonl", "appeals.jsonl", "measures.jsonl"]))
    path = folder / name
    before = path.read_text(encoding="utf-8")
    lines = before.splitlines()
    number = data.draw(st.integers(0, len(lines) - 1))
    record = json.loads(lines[number])
    way = data.draw(st.sampled_from(sorted(places(record), key=str)))
    put(record, way, data.draw(STRANGE))
    lines[number] = json.dumps(record)
    path.write_text("\n".join([*lines, ""]), encoding="utf-8")
    try:
        for style in STYLES:
            shown = CliRunner().invoke(main, ["history", str(folder), "lotus-home", *style])
            assert shown.exit_code in {0, 2}, (name, way, shown.exception)
            assert shown.exit_code == 0 or shown.output.startswith("revlex: ")
    finally:
        path.write_text(before, encoding="utf-8")
