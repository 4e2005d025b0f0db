"""Running the cases of packs, and what there is to say about it."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import msgspec

from ..language.compiler import compile_policy
from ..language.diagnostics import Report, Severity
from ..language.messages import rules as messages
from ..language.program import Item, Program
from ..language.render_text import render_text
from .cases import read_cases
from .finding import find_packs
from .present import console, show_cases
from .tester import CaseResult, run_cases

CASES = "cases.yaml"


@dataclass(frozen=True, slots=True)
class PackResult:
    """How the cases of one pack came out, and which of its rules none of them made speak."""

    pack: Path
    results: tuple[CaseResult, ...]
    silent: tuple[str, ...] = ()


@dataclass(slots=True)
class TestOutcome:
    """How the cases of all packs came out."""

    report: Report = field(default_factory=Report)
    packs: list[PackResult] = field(default_factory=list)
    without: list[Path] = field(default_factory=list)

    @property
    def passed(self) -> bool:
        """Whether every case came as expected, and there was at least one."""
        results = [result for pack in self.packs for result in pack.results]
        failed = any(not result.passed for result in results)
        return bool(results) and not failed and not self.report.has_errors

    def as_text(self, *, colour: bool) -> str:
        """Every case with a mark, what failed where, and a closing line."""
        to = console(colour=colour)
        with to.capture() as captured:
            if len(self.report):
                to.print(render_text(self.report, colour=False), end="")
            for pack in self.packs:
                show_cases(to, str(pack.pack), pack.results)
                if pack.silent:
                    to.print(
                        f"     {pack.pack}: no case makes these speak: {', '.join(pack.silent)}"
                    )
            for path in self.without:
                to.print(f"{path}: there is no {CASES}; `revlex init` writes an example of one")
            to.print(self._closing())
        return captured.get()

    def _closing(self) -> str:
        results = [result for pack in self.packs for result in pack.results]
        failed = sum(not result.passed for result in results)
        return f"{len(results) - failed} passed, {failed} failed"

    def as_json(self) -> str:
        """The same for machines."""
        return msgspec.json.format(msgspec.json.encode(self._data())).decode() + "\n"

    def _data(self) -> dict[str, Any]:
        return {
            "passed": self.passed,
            "errors": sum(found.severity is Severity.ERROR for found in self.report),
            "packs": [
                {
                    "pack": str(pack.pack),
                    "silent_rules": list(pack.silent),
                    "cases": [_case_data(result) for result in pack.results],
                }
                for pack in self.packs
            ],
        }


def _case_data(result: CaseResult) -> dict[str, Any]:
    return {
        "name": result.name,
        "passed": result.passed,
        "failures": [
            {
                "message": failure.message,
                "file": failure.span.source.name,
                "line": failure.span.line,
                "column": failure.span.column,
            }
            for failure in result.failures
        ],
    }


def test_packs(paths: Iterable[Path]) -> TestOutcome:
    """Run the cases of every pack under some paths; errors of the packs come into the report."""
    outcome = TestOutcome()
    for pack in find_packs(paths):
        program, report = compile_policy(pack)
        outcome.report.extend(d for d in report if d.severity is Severity.ERROR)
        folder = pack if pack.is_dir() else pack.parent
        file = folder / CASES
        if not file.is_file():
            outcome.without.append(pack)
            if program is not None:
                report_missing(program, folder, (), outcome.report)
        elif program is not None:
            results = tuple(run_cases(program, file, outcome.report))
            names = [case.name.text for case in read_cases(file, Report())]
            report_missing(program, folder, names, outcome.report)
            outcome.packs.append(PackResult(pack, results, _silent(program, folder, results)))
    return outcome


def report_missing(program: Program, folder: Path, cases: Collection[str], report: Report) -> None:
    """Report what the entries of a folder name under `tests` and no case is called."""
    for item in _items(program):
        if Path(item.span.source.name).parent == folder:
            for name in item.tests:
                if name.text not in cases:
                    report.add(messages.no_such_case(name.text, cases, name.span))


def _items(program: Program) -> Iterator[Item]:
    """Everything that a policy says, all variants of it."""
    yield from (*program.classify, *program.rules, *program.drafts)
    yield from (*program.measures.every(), *program.thresholds, *program.violations.every())
    yield from (*program.actions.every(), *program.ladders, *program.appeals)


def _silent(program: Program, folder: Path, results: Iterable[CaseResult]) -> tuple[str, ...]:
    """The rules, drafts, thresholds and violations of a folder that spoke in no case.

    What an overlay takes from another pack has its cases there.
    """
    spoken = {rule for result in results for rule in result.rules}
    own: list[tuple[str, Item]] = [(rule.stratum.value, rule) for rule in program.rules]
    own += [("reply_drafts", draft) for draft in program.drafts]
    own += [("thresholds", threshold) for threshold in program.thresholds]
    own += [("violations", violation) for violation in program.violations.values()]
    return tuple(
        item.name
        for section, item in own
        if (section, item.name) not in spoken and Path(item.span.source.name).parent == folder
    )
