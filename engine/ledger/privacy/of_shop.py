"""Taking texts out of everything that a ledger holds of one shop."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from typing import Any

import msgspec
from sqlalchemy import Connection, delete, func, insert, select, update

from ...language.program import Program
from ...records.appeal import Appeal
from ...records.decision import Decision, encode
from ...records.sealing import is_withheld, texts_of, withhold
from ...runtime.event_types import Event
from ...runtime.events import Decoder, encode_event
from ...runtime.instants import parse_instant
from ...runtime.openings import CLOSED
from ..problems import LedgerProblem
from ..tables import events, shops, withheld
from .appeals import bare_appeal
from .belonging import Belongings, Relations
from .erased import Erased
from .reach import Reach
from .rows import (
    BODY_OF_APPEAL,
    BODY_OF_ENTRY,
    BODY_OF_EVENT,
    appeals_of,
    change,
    entries_of,
    events_of,
    rows_of,
)
from .states import States
from .words import Words

_DECISIONS = msgspec.json.Decoder(Decision)
_APPEALS = msgspec.json.Decoder(Appeal)


class Judge:
    """What a policy says about where people's words stand."""

    def __init__(self, program: Program, key: bytes) -> None:
        """Make everything that follows from the catalog, once."""
        self.decoder = Decoder(program.catalog)
        self.words = Words(program.catalog)
        self.relations = Relations(program.catalog)
        self.states = States(program, key)


@dataclass(slots=True)
class OfShop:
    """One shop, in a transaction.

    Attributes:
        connection: In the transaction.
        judge: Of the policy that judges the shop.
        shop: Its name.
        key: The key of the ledger.
        number: That of the erasure.
        erased: Counts what is taken out.
        changed: Whether anything was.
    """

    connection: Connection
    judge: Judge
    shop: str
    key: bytes
    number: int
    erased: Erased
    changed: bool = False
    _against: dict[str, set[str]] = field(default_factory=dict)

    def mentions(self, buyer: str) -> bool:
        """Whether the id of a buyer stands anywhere in the events or the state."""
        written = msgspec.json.encode(buyer)[1:-1].decode()
        here = events.c.shop == self.shop
        asked = select(events.c.number).where(
            here, events.c.body.contains(written, autoescape=True)
        )
        if self.connection.execute(asked.limit(1)).first() is not None:
            return True
        return buyer.encode() in self._saved()

    def of_buyer(self, buyer: str) -> Reach:
        """What belongs to a buyer, with the decisions and appeals about it."""
        belongings = Belongings(self.judge.relations, buyer)
        for event, _ in self._events():
            belongings.hear(event)
        for own, other in self._links():
            belongings.link(own, other)
        return Reach(belongings.all(), against=self._appeals_against())

    def take_out(self, reach: Reach) -> None:
        """Take out the texts that are reached."""
        for event, at in self._events(reach.before):
            reach.event(self.judge.relations, event, at)
        self._entries(reach)
        self._appeals(reach)
        self._bodies(reach)
        self._state(reach)

    def drop_events(self, before: int) -> None:
        """Drop the events up to the first that is not from before an instant."""
        here = events.c.shop == self.shop
        first = self.connection.scalar(
            select(func.min(events.c.number)).where(here, events.c.at >= before)
        )
        old = here if first is None else here & (events.c.number < first)
        counted = select(func.count()).where(old)
        fed = self.connection.scalar(counted.where(events.c.event_id != "")) or 0
        if self.connection.scalar(counted):
            self.connection.execute(delete(events).where(old))
            self.erased.dropped_events += fed
            self.changed = True

    # -------------------------------------------------------------- reading

    def _events(self, before: int | None = None) -> Any:
        """The events that are none but time passing left out, each with its instant."""
        for page in events_of(self.connection, self.shop, before):
            for row in page:
                event = self.judge.decoder.decode(row.body.encode("utf-8", "surrogatepass"))
                if isinstance(event, Event):
                    yield event, row.at

    def _saved(self) -> bytes:
        asked = select(shops.c.state).where(shops.c.shop == self.shop)
        (row,) = rows_of(self.connection, asked)
        return bytes(row.state)

    def _links(self) -> Any:
        try:
            yield from self.judge.states.links(self._saved())
        except ValueError as error:
            raise _damaged(self.shop) from error

    def _appeals_against(self) -> dict[str, set[str]]:
        """The ids and keys of the appeals against each decision."""
        found: dict[str, set[str]] = defaultdict(set)
        for row in appeals_of(self.connection, self.shop):
            for decision in self._read_appeal(row).decision_ids:
                found[decision].update((row.key, row.appeal_id or row.key))
        return found

    def _read_appeal(self, row: Any) -> Appeal:
        try:
            return _APPEALS.decode(row.body)
        except (msgspec.MsgspecError, RecursionError) as error:
            raise _damaged(self.shop) from error

    # ------------------------------------------------------------- changing

    def _entries(self, reach: Reach) -> None:
        for page in entries_of(self.connection, self.shop, reach.before):
            changes, marked = [], []
            for row in page:
                body = self._bare(row, reach)
                if body is not None:
                    changes.append({"_shop": self.shop, "_sequence": row.sequence, "_body": body})
                    marked.append(
                        {"shop": self.shop, "sequence": row.sequence, "erasure": self.number}
                    )
            if changes:
                change(self.connection, BODY_OF_ENTRY, changes)
                self.connection.execute(insert(withheld), marked)
                self.erased.from_decisions += len(changes)
                self.changed = True

    def _bare(self, row: Any, reach: Reach) -> str | None:
        """An entry without its texts; nothing if it is not reached, or has none."""
        try:
            decision = _DECISIONS.decode(row.body)
        except (msgspec.MsgspecError, RecursionError) as error:
            raise _damaged(self.shop) from error
        if not reach.decision(decision, row.at) or all(map(is_withheld, texts_of(decision))):
            return None
        return encode(withhold(decision, self.key)).decode()

    def _appeals(self, reach: Reach) -> None:
        rows = appeals_of(self.connection, self.shop)
        for row in {row.key: row for row in rows}.values():
            if self._is_over(self._read_appeal(row), reach.before):
                reach.appeals.update((row.key, row.appeal_id or row.key))
        changes = []
        for row in rows:
            appeal = self._read_appeal(row)
            reached = not reach.appeals.isdisjoint({row.key, row.appeal_id})
            bare = bare_appeal(appeal) if reached else appeal
            if bare is not appeal:
                key = {"_shop": self.shop, "_key": row.key, "_version": row.version}
                changes.append({**key, "_body": encode(bare).decode()})
        change(self.connection, BODY_OF_APPEAL, changes)
        self.erased.from_appeals += len(changes)
        self.changed = self.changed or bool(changes)

    def _is_over(self, appeal: Appeal, before: int | None) -> bool:
        """Whether nothing has happened to a closed appeal since an instant."""
        if before is None or appeal.state not in CLOSED or not appeal.history:
            return False
        return parse_instant(appeal.history[-1].at) < before

    def _bodies(self, reach: Reach) -> None:
        for page in events_of(self.connection, self.shop, reach.before):
            changes = []
            for row in page:
                event = self.judge.decoder.decode(row.body.encode("utf-8", "surrogatepass"))
                if not isinstance(event, Event):
                    continue
                if not reach.event(self.judge.relations, event, row.at):
                    continue
                bare = self.judge.words.event(event)
                if bare is not event:
                    body = encode_event(bare).decode()
                    changes.append({"_shop": self.shop, "_number": row.number, "_body": body})
            change(self.connection, BODY_OF_EVENT, changes)
            self.erased.from_events += len(changes)
            self.changed = self.changed or bool(changes)

    def _state(self, reach: Reach) -> None:
        saved = self._saved()
        try:
            bare = self.judge.states.strip(saved, reach)
        except ValueError as error:
            raise _damaged(self.shop) from error
        if bare != saved:
            here = update(shops).where(shops.c.shop == self.shop)
            self.connection.execute(here.values(state=bare))
            self.erased.from_states += 1
            self.changed = True


def _damaged(shop: str) -> LedgerProblem:
    help_ = "run `revlex verify` to see what is wrong with it"
    return LedgerProblem(f"what the ledger holds of shop `{shop}` is damaged", help_)
