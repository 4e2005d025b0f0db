"""The history of a shop by the names of a source and of the shop."""

from __future__ import annotations

from pathlib import Path

from ...ledger.reading import LedgerReader
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
        Unknown: There is no such shop or no such source, or the times make no sense.
        LedgerProblem: The ledger cannot be read.
        OSError: A file cannot be read.
    """
    if "://" not in source and not is_database(Path(source)):
        if not Path(source).is_dir():
            help_ = "name a ledger, or the `--out` folder of a run"
            raise Unknown(f"{source} is neither a ledger nor a folder", help_)
        return gather(ResultsSource(Path(source), shop), asked)
    with LedgerReader(source) as reader, progress_bar(shown=progress, total=None) as bar:
        opened = LedgerSource(reader, shop)
        opened.on_event = bar.on_event
        return gather(opened, asked)
