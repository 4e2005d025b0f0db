"""A progress bar with rate and time left, for runs of more than a moment, on a terminal only."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from rich.console import Console
from rich.progress import (
    BarColumn,
    Progress,
    TaskID,
    TextColumn,
    TimeElapsedColumn,
    TimeRemainingColumn,
)

_EVERY = 2_000
"""The bar is moved once for so many events: often enough to live, too seldom to cost."""


@dataclass(slots=True)
class Bar:
    """What moves the bar: bytes read, of all there are, and events."""

    on_bytes: Callable[[int], None]
    on_event: Callable[[int], None]


def _nothing(_: int) -> None:
    """Shown on no terminal, a bar has nothing to do."""


@contextmanager
def progress_bar(*, shown: bool, total: int | None, of: str = "events") -> Iterator[Bar]:
    """A bar on standard error; `total` is in bytes, or unknown; `of` is what is counted."""
    if not shown:
        yield Bar(_nothing, _nothing)
        return
    columns = (
        BarColumn(),
        TextColumn(f"{{task.fields[events]:,}} {of}, {{task.fields[rate]:,}}/s"),
        TimeElapsedColumn(),
        TimeRemainingColumn(),
    )
    with Progress(*columns, console=Console(stderr=True), transient=True) as progress:
        task = progress.add_task("", total=total, events=0, rate=0)
        yield _moving(progress, task)


def _moving(progress: Progress, task: TaskID) -> Bar:
    def on_bytes(count: int) -> None:
        progress.advance(task, count)

    def on_event(number: int) -> None:
        if number % _EVERY == 0:
            elapsed = progress.tasks[0].elapsed or 1
            progress.update(task, events=number, rate=int(number / elapsed))

    return Bar(on_bytes, on_event)
