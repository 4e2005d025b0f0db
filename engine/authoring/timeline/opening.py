"""The history of a shop by the names of a source and of the shop."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import msgspec

from ...ledger.reading import LedgerReader
from ...runtime.instants import InvalidInstant, OutOfCalendar
from ..lookup import is_database
from ..progress import progress_bar
from .from_ledger import LedgerSource
from .from_results import ResultsSource
from .gathering import gather
from .model import History
from .sources import Unknown
from .survey import Asked


def history_of(source: str, shop: str, asked: Asked, *, progress: bool) -> History:
    """The history of a shop, from a ledger or from the folder of a run.

    Raises:
        Unknown: There is no such shop or no such source, the times make no sense, or a record is
            damaged.
        LedgerProblem: The ledger cannot be read.
        OSError: A file cannot be read.
    """
    with _told(source):
        if "://" not in source and not is_database(Path(source)):
            return gather(_results(source, shop), asked)
        with LedgerReader(source) as reader, progress_bar(shown=progress, total=None) as bar:
            opened = LedgerSource(reader, shop)
            opened.on_event = bar.on_event
            return gather(opened, asked)


def _results(source: str, shop: str) -> ResultsSource:
    if not Path(source).is_dir():
        help_ = "name a ledger, or the `--out` folder of a run"
        raise Unknown(f"{source} is neither a ledger nor a folder", help_)
    return ResultsSource(Path(source), shop)


@contextmanager
def _told(source: str) -> Iterator[None]:
    """Say that a record is damaged, where it says what no run writes."""
    try:
        yield
    except (msgspec.MsgspecError, InvalidInstant, OutOfCalendar) as error:
        help_ = "run `revlex verify` on a ledger, or run again into a folder"
        raise Unknown(f"a record in {source} is damaged: {error}", help_) from error
