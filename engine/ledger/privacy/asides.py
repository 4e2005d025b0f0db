"""Taking texts, or whole records, out of the quarantine."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

import msgspec
from sqlalchemy import Connection, delete, func, select

from ...runtime.event_types import Event
from ...runtime.instants import from_datetime
from ..auditing.tallies import Tally
from ..damage import Damaged
from ..tables import quarantine
from .erased import Erased
from .of_shop import Judge
from .reach import Reach
from .rows import BODY_OF_ASIDE, aside, change
from .words import Aside

_LOOSE: Final = msgspec.json.Decoder(float_hook=str)


@dataclass(slots=True)
class OfQuarantine:
    """The quarantine, in a transaction.

    Attributes:
        connection: In the transaction.
        judges: What knows the events of each input.
        erased: Counts what is taken out.
        shops: The shops whose events something was taken out of.
        tallies: When all is done, what is there of the events of each shop.
    """

    connection: Connection
    judges: Mapping[str, Judge | None]
    erased: Erased
    shops: set[str] = field(default_factory=set)
    tallies: dict[str, Tally] = field(default_factory=lambda: defaultdict(Tally))

    def take_out(
        self, reach: Reach, reached: Callable[[str], Reach | None], buyers: Collection[str]
    ) -> None:
        """Take out the texts of what is reached, and count what is there then.

        Args:
            reach: What is reached whatever shop it is of.
            reached: Gives what is reached of a shop.
            buyers: The ids of whose texts these are, as they may stand in a record: a field that
                the catalog does not know was not hashed. None if they are nobody's in particular.
        """
        named = {msgspec.json.encode(one)[1:-1].decode() for one in buyers}
        for page in aside(self.connection):
            changes = []
            for row in page:
                body = row.body
                _check(row)
                if self._is_reached(row, reach, reached, named):
                    body = self._bare(row)
                if body != row.body:
                    changes.append({"_stream": row.stream, "_number": row.number, "_body": body})
                self._count(row, body, changed=body != row.body)
            change(self.connection, BODY_OF_ASIDE, changes)
            self.erased.from_aside += len(changes)

    def drop(self, before: int) -> None:
        """Drop the records of each input up to the first that is not from before an instant."""
        streams = list(self.connection.scalars(select(quarantine.c.stream).distinct()))
        for stream in sorted(streams):
            here = quarantine.c.stream == stream
            asked = select(func.min(quarantine.c.number)).where(here, quarantine.c.at >= before)
            first = self.connection.scalar(asked)
            old = here if first is None else here & (quarantine.c.number < first)
            rows = list(self.connection.execute(select(quarantine).where(old)))
            if rows:
                events = [self._event(row, _record(row)) for row in rows]
                self.shops.update(one.shop_id for one in events if one is not None)
                self.erased.dropped_others += events.count(None)
                self.erased.dropped_aside[stream] = len(rows)
                self.connection.execute(delete(quarantine).where(old))

    # -------------------------------------------------------------- one record

    def _is_reached(
        self, row: Any, reach: Reach, reached: Callable[[str], Reach | None], named: set[str]
    ) -> bool:
        record, judge = _record(row), self.judges.get(row.stream)
        if reach.before is not None:
            return bool(row.at < reach.before)
        if record is None or _holds(record["raw"], named):
            return True
        event = self._event(row, record)
        if event is not None and judge is not None:
            of_shop = reached(event.shop_id)
            at = from_datetime(event.occurred_at)
            return of_shop is not None and of_shop.event(judge.relations, event, at)
        return judge is not None and _names(record["raw"], judge, reached)

    def _event(self, row: Any, record: dict[str, Any] | None) -> Event | None:
        judge = self.judges.get(row.stream)
        if judge is None or record is None:
            return None
        found = judge.decoder.decode(record["raw"].encode("utf-8", "surrogatepass"))
        return found if isinstance(found, Event) else None

    def _bare(self, row: Any) -> str:
        record, judge = _record(row), self.judges.get(row.stream)
        if record is None or judge is None:
            return row.body  # type: ignore[no-any-return]  # a text
        said = Aside(record["message"], record["raw"])
        bare = judge.words.aside(said)
        if bare is said:
            return row.body  # type: ignore[no-any-return]  # a text
        return msgspec.json.encode({**record, "message": bare.message, "raw": bare.raw}).decode()

    def _count(self, row: Any, body: str, *, changed: bool) -> None:
        """Count a record as `verify` does."""
        record = msgspec.json.decode(body)
        event = self._event(row, record)
        if event is None:
            return
        said = (record["reason"], record.get("field"), record["message"], record.get("event_id"))
        self.tallies[event.shop_id].add((*said, record["raw"]))
        if changed:
            self.shops.add(event.shop_id)


def _names(raw: str, judge: Judge, reached: Callable[[str], Reach | None]) -> bool:
    """Whether a record that is no event seems to name something that is reached."""
    try:
        read = _LOOSE.decode(raw)
    except (msgspec.DecodeError, UnicodeError, RecursionError):
        return False
    shop = read.get("shop_id") if isinstance(read, dict) else None
    of_shop = reached(shop) if isinstance(shop, str) else None
    return of_shop is not None and any(one in of_shop.things for one in judge.relations.read(read))


def _holds(raw: str, named: set[str]) -> bool:
    """Whether one of some ids stands in a record, however its letters are written."""
    try:
        written = msgspec.json.encode(_LOOSE.decode(raw)).decode()
    except (msgspec.DecodeError, UnicodeError, RecursionError):
        written = ""
    return any(one in raw or one in written for one in named)


def _record(row: Any) -> dict[str, Any] | None:
    """What the quarantine says of a record, if it can be read."""
    try:
        record = msgspec.json.decode(row.body, type=dict[str, Any])
    except msgspec.MsgspecError:
        return None
    texts, others = ("reason", "message", "raw"), ("field", "event_id")
    is_one = all(isinstance(record.get(name), str) for name in texts) and all(
        isinstance(record.get(name, ""), str | None) for name in others
    )
    return record if is_one else None


def _check(row: Any) -> None:
    """Make sure that a record can be read: nobody could tell whose words are in it.

    Raises:
        Damaged: It cannot.
    """
    if _record(row) is None:
        which = f"record {row.number} of `{row.stream}` in the quarantine is damaged"
        raise Damaged(which, "run `revlex verify` to see what else is wrong with it")
