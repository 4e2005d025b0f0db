"""Whether the versions of each appeal follow on one another, and from the events.

An appeal's history only grows, from one state to another that may follow it.
"""

from __future__ import annotations

from collections.abc import Collection, Generator
from contextlib import closing
from dataclasses import dataclass, field
from hashlib import sha256
from itertools import pairwise
from typing import Any

import msgspec

from ...records.appeal import FOLLOWING, Appeal, Transition
from ...records.decision import encode
from ...runtime.evaluator import Moved
from ..privacy.anchors import Pile
from ..reading import LedgerReader
from .anchored import Start
from .findings import Finding

_APPEALS = msgspec.json.Decoder(Appeal)
_FIRST = frozenset({"open", "inadmissible"})


def standing_appeals(reader: LedgerReader, shop: str) -> dict[str, Appeal] | Finding:
    """The appeals of a shop as they stand, by key; or the first version that cannot be."""
    found: dict[str, Appeal] = {}
    with closing(reader.appeals(shop)) as rows:
        for row in rows:
            appeal = _read(row, found.get(row.key))
            if isinstance(appeal, str):
                return _finding(row, appeal)
            found[row.key] = appeal
    return found


def _finding(row: Any, what: str) -> Finding:
    name = f"appeal {row.appeal_id or row.key}, version {row.version}"
    return Finding(row.shop, None, None, f"{name}: {what}")


def _read(row: Any, before: Appeal | None) -> Appeal | str:
    """A version of an appeal, or what is wrong with it, given the one before it."""
    try:
        appeal = _APPEALS.decode(row.body)
    except (msgspec.MsgspecError, RecursionError):
        return "it is no appeal record"
    said = (appeal.shop, appeal.appeal_id, appeal.state, len(appeal.history))
    columns = (row.shop, row.appeal_id, row.state, row.version)
    if said != columns or encode(appeal).decode() != row.body:
        return "its columns do not say what its record says"
    return _flaw(appeal, before) or appeal


def _flaw(appeal: Appeal, before: Appeal | None) -> str | None:
    history = appeal.history
    if not history or history[-1].state != appeal.state:
        return "its history does not end with its state"
    known = [] if before is None else before.history
    if history[: len(known)] != known or len(history) == len(known):
        return "its history is not that of the version before it, with more at the end"
    return next(_leaps(history), None)


def _leaps(history: list[Transition]) -> Generator[str, None, None]:
    """States in a history that cannot follow on those before them."""
    if history[0].state not in _FIRST:
        yield f"it begins as {history[0].state}"
    for one, other in pairwise(history):
        if other.state not in FOLLOWING[one.state]:
            yield f"it goes from {one.state} to {other.state}"


@dataclass(slots=True)
class Versions:
    """What becomes of the appeals of one shop when its events are evaluated once more."""

    _found: dict[tuple[str, int], bytes] = field(default_factory=dict)

    def follow(self, moved: Moved) -> None:
        """Note how an appeal stands."""
        self._found[moved.key, moved.version] = sha256(encode(moved.appeal)).digest()

    def first_difference(self, reader: LedgerReader, shop: str, start: Start) -> Finding | None:
        """The first version in a ledger that comes out differently, or is missing."""
        left, before = dict(self._found), Pile()
        known = {key for key, _ in left}
        with closing(reader.appeals(shop)) as rows:
            for row in rows:
                if start.stood and row.version <= start.cases.get(row.key, _already(row, known)):
                    before.add(row.body)
                    continue
                again = left.pop((row.key, row.version), None)
                if again is None:
                    return _finding(row, "it does not follow from the events")
                if again != sha256(row.body.encode("utf-8", "surrogatepass")).digest():
                    return _finding(row, "evaluated once more, it comes out differently")
        for key, version in left:
            return Finding(shop, None, None, f"appeal {key}, version {version}: it is missing")
        if start.stood and (before.count, before.digest) != (start.stood.appeals, start.stood.told):
            what = "its appeals from before texts were taken out are not what they were"
            return Finding(shop, None, None, what)
        return None


def _already(row: Any, known: Collection[str]) -> int:
    """How many versions an appeal had before an anchor whose state does not know it any more."""
    return 0 if row.key in known else int(row.version)
