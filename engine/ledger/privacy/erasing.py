"""Erasure and retention: what a ledger is told to hold no longer, it holds no longer.

Everything happens in one transaction. A record of it stays, and of each shop that was touched an
anchor, from which what follows can be evaluated once more.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass

import msgspec
from sqlalchemy import Connection, delete, func, insert, select

from ...records.values import instant_text
from ..auditing.programs import Programs
from ..auditing.tallies import Tally
from ..ledger import Ledger
from ..problems import LedgerProblem
from ..reading import LedgerReader
from ..tables import anchors, entries, erasures, positions, shops, withheld
from .anchors import Anchor, Pile, Stood
from .asides import OfQuarantine
from .erased import Erased, Noted, body_of, chained, marks_of
from .keys import pseudonym
from .of_shop import Judge, OfShop
from .reach import Reach
from .rows import appeals_of, events_of, rows_of


@dataclass(frozen=True, slots=True)
class Terms:
    """From before which instants texts are withheld, and events and the quarantine dropped.

    In microseconds since 1970; what has no instant is kept.
    """

    texts: int | None = None
    events: int | None = None
    aside: int | None = None


class Erasing:
    """Takes things out of a ledger that is open for writing and for reading."""

    def __init__(self, ledger: Ledger, reader: LedgerReader) -> None:
        """Work on a ledger."""
        self._ledger = ledger
        self._programs = Programs(reader)
        self._judges: dict[str, Judge] = {}

    def buyer(self, buyer: str, at: int, *, dry_run: bool = False) -> Erased:
        """Take out the texts and the name of a buyer, wherever they stand.

        Args:
            buyer: The id as events have it, before it is hashed.
            at: When this is, in microseconds since 1970.
            dry_run: Only count.

        Raises:
            LedgerProblem: The ledger is damaged, or cannot be written to.
        """
        named = pseudonym(self._ledger.key, buyer)
        erased = Erased(kind="buyer", at=instant_text(at), buyer=named)
        reached: dict[str, Reach] = {}

        def of_shop(one: OfShop) -> None:
            if one.mentions(named):
                reach = reached[one.shop] = one.of_buyer(named)
                one.take_out(reach)

        def of_quarantine(one: OfQuarantine) -> None:
            one.take_out(Reach(), reached.get, {named, buyer})

        return self._run(_Work(erased, at, of_shop, of_quarantine), keep=not dry_run)

    def retain(self, terms: Terms, at: int, *, dry_run: bool = False) -> Erased:
        """Take out what was kept long enough.

        Args:
            terms: What that is.
            at: When this is, in microseconds since 1970.
            dry_run: Only count.

        Raises:
            LedgerProblem: The ledger is damaged, or cannot be written to.
        """
        erased = Erased(
            kind="retention",
            at=instant_text(at),
            texts=_told(terms.texts),
            events=_told(terms.events),
            aside=_told(terms.aside),
        )
        old = None if terms.texts is None else Reach(before=terms.texts)

        def of_shop(one: OfShop) -> None:
            if terms.texts is not None:
                one.take_out(Reach(before=terms.texts))
            if terms.events is not None:
                one.drop_events(terms.events)

        def of_quarantine(one: OfQuarantine) -> None:
            if terms.aside is not None:
                one.drop(terms.aside)
            one.take_out(old or Reach(before=0), _nothing, ())

        return self._run(_Work(erased, at, of_shop, of_quarantine), keep=not dry_run)

    # -------------------------------------------------------------- working

    def _run(self, work: _Work, *, keep: bool) -> Erased:
        with self._ledger.transaction(keep=keep) as connection:
            number = 1 + (connection.scalar(select(func.max(erasures.c.number))) or 0)
            changed = set()
            for row in list(connection.execute(select(shops.c.shop, shops.c.policy))):
                judge = self._judge(row.policy)
                one = OfShop(connection, judge, row.shop, self._ledger.key, number, work.erased)
                work.of_shop(one)
                if one.changed:
                    changed.add(row.shop)
            asides = OfQuarantine(connection, self._of_streams(connection), work.erased)
            work.of_quarantine(asides)
            changed |= asides.shops
            work.erased.shops = len(changed)
            if not work.erased.is_nothing:
                self._note(connection, number, work)
                self._anchor(connection, number, sorted(changed), asides.tallies)
        if keep:
            self._ledger.clear_out()
        return work.erased

    def _judge(self, policy: str) -> Judge:
        if policy not in self._judges:
            program = self._programs.get(policy)
            if program is None:
                help_ = "run `revlex verify` to see what else is wrong with it"
                raise LedgerProblem("a policy that judges shops is not in the ledger", help_)
            self._judges[policy] = Judge(program, self._ledger.key)
        return self._judges[policy]

    def _of_streams(self, connection: Connection) -> dict[str, Judge | None]:
        rows = connection.execute(select(positions.c.stream, positions.c.policy))
        return {row.stream: self._judge(row.policy) for row in rows}

    # -------------------------------------------------------------- noting

    def _note(self, connection: Connection, number: int, work: _Work) -> None:
        """Write down what was taken out, behind what was taken out before."""
        work.erased.marked = Pile(marks(connection, number)).digest
        last = select(erasures.c.hash).order_by(erasures.c.number.desc()).limit(1)
        row = Noted(number, work.erased.kind, work.at, body_of(work.erased))
        hash_ = chained(connection.scalar(last) or "", row, self._ledger.key)
        connection.execute(insert(erasures), {**asdict(row), "hash": hash_})

    def _anchor(
        self, connection: Connection, number: int, names: list[str], tallies: dict[str, Tally]
    ) -> None:
        for name in names:
            anchor = _stands(connection, name, number, tallies.get(name, Tally()))
            connection.execute(delete(anchors).where(anchors.c.shop == name))
            row = {
                "shop": name,
                "erasure": number,
                "body": msgspec.json.encode(anchor.stood).decode(),
                "state": anchor.state,
                "hash": anchor.hash(self._ledger.key),
            }
            connection.execute(insert(anchors), row)


@dataclass(slots=True)
class _Work:
    """What is to be done with each shop, and then with the quarantine."""

    erased: Erased
    at: int
    of_shop: Callable[[OfShop], None]
    of_quarantine: Callable[[OfQuarantine], None]


def marks(connection: Connection, number: int) -> Iterator[str]:
    """The decisions that an erasure took texts out of."""
    asked = select(withheld.c.shop, withheld.c.sequence).where(withheld.c.erasure == number)
    return marks_of((row.shop, row.sequence) for row in connection.execute(asked))


def _told(instant: int | None) -> str | None:
    return None if instant is None else instant_text(instant)


def _nothing(_shop: str) -> Reach | None:
    """What a retention reaches of the quarantine depends on time alone."""
    return None


def _stands(connection: Connection, name: str, number: int, tally: Tally) -> Anchor:
    """How a shop stands."""
    (row,) = rows_of(connection, select(shops).where(shops.c.shop == name))
    last = select(func.max(entries.c.sequence)).where(entries.c.shop == name)
    heard = Pile(_bodies(connection, name))
    told = Pile(one.body for one in appeals_of(connection, name))
    stood = Stood(
        events=row.events,
        dropped=row.events - heard.count,
        entries=connection.scalar(last) or 0,
        heard=heard.digest,
        appeals=told.count,
        told=told.digest,
        aside=tally.count,
        why=str(tally.total),
    )
    return Anchor(name, number, stood, bytes(row.state))


def _bodies(connection: Connection, name: str) -> Iterator[str]:
    for page in events_of(connection, name):
        yield from (row.body for row in page)
