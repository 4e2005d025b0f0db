"""The packs that ship: nothing to complain about, and every part of them speaks in a case."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from revlex.engine.authoring.tester import run_cases
from revlex.engine.language.compiler import compile_policy
from revlex.engine.language.diagnostics import Report
from revlex.engine.language.program import Item, Program

RULES = Path(__file__).parents[2] / "rules"
PACKS = sorted(policy.parent for policy in RULES.rglob("policy.yaml"))


def compiled(pack: Path) -> Program:
    program, report = compile_policy(pack)
    assert [(one.code, one.span.line, one.message) for one in report] == []
    assert program is not None
    return program


def parts(program: Program, pack: Path) -> Iterator[tuple[str, str]]:
    """Everything that stands in a pack itself and can be seen to speak, by section and name."""
    for rule in program.rules:
        if stands_in(pack, rule):
            yield rule.stratum.value, rule.name
    for section, found in (
        ("reply_drafts", program.drafts),
        ("thresholds", program.thresholds),
        ("escalations", program.ladders),
        ("violations", program.violations.values()),
        ("actions", program.actions.values()),
        ("appeals", program.appeals),
    ):
        for item in found:
            if stands_in(pack, item):
                yield section, item.name


def stands_in(pack: Path, item: Item) -> bool:
    """Whether an entry is the pack's own; what an overlay extends has its cases there."""
    return Path(item.span.source.name).parent == pack


def name(pack: Path) -> str:
    return pack.relative_to(RULES).as_posix()


def test_packs_are_found() -> None:
    assert {"tiktok-shop/sea", "tiktok-shop/us", "marketplace/olist"} <= set(map(name, PACKS))


@pytest.mark.parametrize("pack", PACKS, ids=name)
def test_pack_does_what_its_cases_say(pack: Path) -> None:
    program, report = compiled(pack), Report()
    results = run_cases(program, pack / "cases.yaml", report)
    assert len(report) == 0
    assert {one.name: one.failures for one in results if not one.passed} == {}
    silent = set(parts(program, pack)).difference(*(one.rules for one in results))
    assert silent == set()


@pytest.mark.parametrize("pack", PACKS, ids=name)
def test_pack_says_where_its_numbers_come_from(pack: Path) -> None:
    sources = (pack / "SOURCES.md").read_text("utf-8")
    program = compiled(pack)
    assert program.name in sources
    unnamed = [
        one.name
        for one in (*program.rules, *program.thresholds)
        if stands_in(pack, one) and not one.links and f"`{one.name}`" not in sources
    ]
    assert unnamed == []
