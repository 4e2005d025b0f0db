"""What the command line shows people: tables of a run, of cases, of decisions."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from rich.box import SIMPLE
from rich.console import Console
from rich.table import Table
from rich.text import Text

from ..language.display import visible
from .batch import Summary
from .tester import CaseResult


def console(*, colour: bool, width: int | None = None, stderr: bool = False) -> Console:
    """A console that shows plain text unless colour is asked for."""
    return Console(
        no_color=not colour,
        color_system="standard" if colour else None,
        highlight=False,
        markup=False,
        width=width,
        stderr=stderr,
        soft_wrap=width is None,
    )


def show_summary(to: Console, summary: Summary, out: str) -> None:
    """The table of a run: what came in, what was decided, how the shops stand."""
    title = visible(f"{summary.policy} {summary.version}")
    table = Table(box=SIMPLE, title=title, title_justify="left", show_header=False, pad_edge=False)
    table.add_column("what", overflow="fold")
    table.add_column("how many", justify="right")
    for name, count in _rows(summary):
        table.add_row(name, f"{count:,}" if isinstance(count, int) else count)
    to.print(table)
    to.print(f"written to {out}: decisions.jsonl, appeals.jsonl, quarantine.jsonl, summary.json")


def _rows(summary: Summary) -> Iterable[tuple[str, int | str]]:
    yield "events", summary.events
    yield "duplicates", summary.duplicates
    if summary.after_until:
        yield "left out, after `--until`", summary.after_until
    yield "quarantined", sum(summary.quarantined.values())
    yield from _indented(summary.quarantined)
    yield "shops", summary.shops
    yield "decisions", sum(summary.decisions.values())
    for kind, count in summary.decisions.items():
        yield f"  {kind}", count
        for rule, times in summary.rules.get(kind, {}).items():
            yield f"    {rule}", times
    if summary.errors:
        yield "rules that could not be decided", summary.errors
    for threshold, bands in summary.bands.items():
        yield f"bands of {threshold}", sum(bands.values())
        yield from _indented(bands)
    for ladder, counts in summary.points.items():
        yield f"shops with points on {ladder}", counts.get("shops", 0)
    yield "actions in force", sum(summary.actions.values())
    yield from _indented(summary.actions)
    yield "appeals", sum(summary.appeals.values())
    yield from _indented(summary.appeals)


def _indented(counts: Mapping[str, int]) -> Iterable[tuple[str, int]]:
    return ((f"  {name}", count) for name, count in counts.items())


def show_cases(to: Console, pack: str, results: Iterable[CaseResult]) -> None:
    """The cases of a pack, each with a mark, and what failed where."""
    for result in results:
        mark = Text("ok  ", style="green") if result.passed else Text("FAIL", style="bold red")
        to.print(Text.assemble(mark, visible(f" {pack}: {result.name}")))
        for failure in result.failures:
            place = f"{failure.span.source.name}:{failure.span.line}:{failure.span.column}"
            to.print(f"       {place}: {failure.message}")
