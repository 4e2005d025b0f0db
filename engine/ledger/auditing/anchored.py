"""Where a shop can be evaluated once more from: its beginning, or an anchor.

What came before an anchor has to be what it was when the anchor was made.
"""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from typing import Final

import msgspec

from ...runtime.evaluator import Evaluator
from ..privacy.anchors import Anchor, Stood, anchor_of
from ..reading import LedgerReader
from .findings import Finding
from .states import read_state
from .tallies import Tally

_CHANGED: Final = "its anchor is not what was written"


@dataclass(frozen=True, slots=True)
class Start:
    """Where evaluation begins; without an anchor, at the first event.

    Attributes:
        stood: What had been written by then, if there is an anchor.
        state: The state of the shop then.
        cases: How many versions each appeal had that the state knows.
    """

    stood: Stood | None = None
    state: bytes = b""
    cases: Mapping[str, int] = field(default_factory=dict)

    @property
    def entries(self) -> int:
        """The last entry from before it."""
        return self.stood.entries if self.stood else 0

    @property
    def events(self) -> int:
        """The last event from before it."""
        return self.stood.events if self.stood else 0

    @property
    def dropped(self) -> int:
        """So many events are not there any more."""
        return self.stood.dropped if self.stood else 0

    @property
    def aside(self) -> Tally:
        """What of its events was in the quarantine."""
        return Tally(self.stood.aside, int(self.stood.why)) if self.stood else Tally()


def start_of(
    reader: LedgerReader,
    shop: str,
    judge_at: Callable[[int], Evaluator],
    erasures: Collection[int],
) -> Start | Finding:
    """Where a shop can be evaluated once more from, or what is wrong with its anchor.

    `judge_at` gives the evaluator that judged the shop at an event, by its number.
    """
    row = reader.anchor(shop)
    if row is None:
        return Start()
    try:
        anchor: Anchor = anchor_of(row)
        int(anchor.stood.why)
    except (msgspec.MsgspecError, TypeError, ValueError):
        return Finding(shop, None, None, _CHANGED)
    state = read_state(judge_at(anchor.stood.events), anchor.state)
    told = msgspec.json.encode(anchor.stood).decode() == row.body
    if state is None or not told or anchor.hash(reader.key) != row.hash:
        return Finding(shop, None, None, _CHANGED)
    if anchor.erasure not in erasures:
        return Finding(shop, None, None, "its anchor is of an erasure that is not there")
    cases = {key: len(case.history) for key, case in state.redress.cases.items()}
    return Start(anchor.stood, anchor.state, cases)


@dataclass(frozen=True, slots=True)
class Unseen:
    """What cannot be evaluated once more: so many events of so many shops."""

    shops: int = 0
    events: int = 0


def unseen_of(reader: LedgerReader, shop: str | None) -> Unseen:
    """What of a ledger, or of one shop of it, came before texts or events were taken out."""
    found = [name for name in reader.anchored() if shop in {None, name}]
    events = 0
    for name in found:
        with contextlib.suppress(msgspec.MsgspecError, TypeError):
            events += anchor_of(reader.anchor(name)).stood.events
    return Unseen(len(found), events)
