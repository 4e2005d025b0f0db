"""A ledger that is only read: by `verify`, and by whoever looks at it while it is written to."""

from __future__ import annotations

from collections.abc import Collection, Generator
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Self

import msgspec
from sqlalchemy import Engine, Select, func, select, true

from ..language.diagnostics import did_you_mean
from ..language.written import WrittenPack
from ..records.appeal import Appeal
from ..records.decision import Decision
from .checkpoint import PASSING, TakenOver
from .damage import decoded, sound
from .evidence import Attachment
from .migrating import check_known, form_of, newest
from .opening import address_of, connect_to, is_file, shown, told_of_database
from .privacy.settings import Settings, settings_of
from .problems import LedgerProblem
from .tables import (
    anchors,
    appeals,
    attachments,
    entries,
    erasures,
    events,
    policies,
    positions,
    quarantine,
    shops,
    withheld,
)


@dataclass(frozen=True, slots=True)
class KeptShop:
    """A shop: the policy that judges it, its region, and how many events it has had."""

    shop: str
    policy: str
    region: str
    events: int


class LedgerReader:
    """What a ledger holds, read piece by piece."""

    def __init__(self, name: str, key: bytes = b"") -> None:
        """Open a ledger that is there.

        Args:
            name: A file, or the address of a database.
            key: The key of the deployment; only what evaluates events once more asks for it.

        Raises:
            LedgerProblem: There is none, or it cannot be read.
        """
        url = address_of(name)
        self.address, self.name = name, shown(url)
        self._key = key
        if is_file(url) and not _exists(url.database):
            raise LedgerProblem(f"there is no ledger {self.name}")
        with told_of_database(self.name):
            self._engine: Engine = connect_to(url)
            with ExitStack() as opened:
                opened.callback(self._engine.dispose)
                self._check()
                self._opened = opened.pop_all()

    def _check(self) -> None:
        with self._engine.connect() as connection:
            check_known(connection)
            form = form_of(connection)
        if form is None:
            raise LedgerProblem(f"{self.name} is no ledger")
        if form != newest():
            help_ = "run `revlex run` into it once, which brings it up to date"
            raise LedgerProblem(f"{self.name} was written by an earlier version of revlex", help_)

    @property
    def settings(self) -> Settings:
        """What the ledger was begun with."""
        with told_of_database(self.name), self._engine.connect() as connection:
            return settings_of(connection)

    @property
    def key(self) -> bytes:
        """The key that its decisions are sealed with.

        Raises:
            LedgerProblem: The key that was given is another one, or there is none.
        """
        self.settings.admit(self._key)
        return self._key

    def close(self) -> None:
        """Let the database go."""
        self._opened.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def shops(self) -> list[KeptShop]:
        """The shops, by name."""
        columns = (shops.c.shop, shops.c.policy, shops.c.region, shops.c.events)
        return sorted(
            (KeptShop(*row) for row in self._rows(select(*columns))), key=lambda one: one.shop
        )

    def shop(self, name: str) -> KeptShop:
        """A shop.

        Raises:
            LedgerProblem: The ledger does not know it.
        """
        columns = (shops.c.shop, shops.c.policy, shops.c.region, shops.c.events)
        found = list(self._rows(select(*columns).where(shops.c.shop == name)))
        if not found:
            raise LedgerProblem(f"the ledger knows no shop `{name}`")
        return KeptShop(*found[0])

    def shops_with_entries(self) -> list[str]:
        """The shops that have decisions, by name."""
        return sorted(row.shop for row in self._rows(select(entries.c.shop).distinct()))

    def entries(self, shop: str) -> Generator[Any, None, None]:
        """The rows of the decisions of a shop, in their order."""
        asked = select(entries).where(entries.c.shop == shop)
        yield from self._rows(asked.order_by(entries.c.sequence))

    def events(self, shop: str) -> Generator[Any, None, None]:
        """The rows of the events of a shop, as they were fed."""
        asked = select(events).where(events.c.shop == shop)
        yield from self._rows(asked.order_by(events.c.number))

    def policy_at(self, kept: KeptShop, number: int = 0) -> str:
        """The digest of the policy that judged a shop after so many of its events."""
        own = self._take_overs().where(events.c.shop == kept.shop)
        policy = None
        for row in self._rows(own.order_by(events.c.number)):
            change = _take_over(row.body)
            if row.number > number:
                return policy or change.before
            policy = change.policy
        return kept.policy

    def earlier_policies(self) -> set[str]:
        """The digests of the policies from which others took over."""
        return {_take_over(row.body).before for row in self._rows(self._take_overs())}

    def _take_overs(self) -> Select[Any]:
        says_else = events.c.body != PASSING.decode()
        asked = select(events.c.number, events.c.body)
        return asked.where((events.c.event_id == "") & says_else)

    def state(self, shop: str) -> bytes | None:
        """The state of a shop as it was last written."""
        asked = select(shops.c.state).where(shops.c.shop == shop)
        return next((row.state for row in self._rows(asked)), None)

    def named_shops(self) -> list[str]:
        """The shops that any table names, in order."""
        tables = (shops, entries, events, appeals, anchors)
        return sorted(
            {row.shop for one in tables for row in self._rows(select(one.c.shop).distinct())}
        )

    def policies(self) -> list[Any]:
        """The rows of the policies, by digest."""
        return sorted(self._rows(select(policies)), key=lambda row: str(row.digest))

    def erasures(self) -> list[Any]:
        """The rows of what was taken out, in order."""
        return list(self._rows(select(erasures).order_by(erasures.c.number)))

    def withheld(self, erasure: int) -> list[tuple[str, int]]:
        """The decisions that an erasure has taken texts out of: shops and sequences."""
        asked = select(withheld.c.shop, withheld.c.sequence).where(withheld.c.erasure == erasure)
        return [(row.shop, row.sequence) for row in self._rows(asked)]

    def withholding(self) -> set[int]:
        """The erasures that decisions name which texts were taken out of."""
        return {row.erasure for row in self._rows(select(withheld.c.erasure).distinct())}

    def without_texts(self, shop: str) -> set[int]:
        """The decisions of a shop that texts were taken out of, by sequence."""
        asked = select(withheld.c.sequence).where(withheld.c.shop == shop)
        return {row.sequence for row in self._rows(asked)}

    def anchor(self, shop: str) -> Any:
        """The row of the anchor of a shop; nothing where nothing was taken out of it."""
        found = list(self._rows(select(anchors).where(anchors.c.shop == shop)))
        return found[0] if found else None

    def anchored(self) -> list[str]:
        """The shops that have an anchor, by name."""
        return sorted(row.shop for row in self._rows(select(anchors.c.shop)))

    def positions(self) -> list[Any]:
        """The rows of the positions, by stream."""
        return sorted(self._rows(select(positions)), key=lambda row: str(row.stream))

    def quarantine(self) -> Generator[Any, None, None]:
        """The rows of the quarantine, by stream and in order."""
        yield from self._rows(select(quarantine).order_by(quarantine.c.stream, quarantine.c.number))

    def events_fed(self) -> int:
        """How many events have been fed, to all shops."""
        asked = select(func.count().label("found")).where(events.c.event_id != "")
        return sum(row.found for row in self._rows(asked))

    def has_event(self, shop: str, name: str) -> bool:
        """Whether an event of this id has been fed."""
        same = (events.c.shop == shop) & (events.c.event_id == name)
        return bool(list(self._rows(select(events.c.number).where(same).limit(1))))

    def appeals(self, shop: str) -> Generator[Any, None, None]:
        """The rows of the appeals of a shop, every version, in order."""
        asked = select(appeals).where(appeals.c.shop == shop)
        yield from self._rows(asked.order_by(appeals.c.key, appeals.c.version))

    def appeal(self, name: str, shop: str | None = None) -> Appeal:
        """An appeal as it stands, by its id; several shops may have called one the same.

        Raises:
            LedgerProblem: There is none, or it is not said of which shop.
        """
        found = [shop] if shop is not None else self._shops_with(name)
        if len(found) > 1:
            help_ = f"add `--shop` with one of {', '.join(found)}"
            raise LedgerProblem(f"several shops have an appeal `{name}`", help_)
        same = (appeals.c.appeal_id == name) & appeals.c.shop.in_(found)
        asked = select(appeals.c.body).where(same).order_by(appeals.c.version.desc())
        rows = list(self._rows(asked.limit(1)))
        if not rows:
            help_ = (
                did_you_mean(name, self._appeal_names()) or "see `revlex appeal list --state all`"
            )
            raise LedgerProblem(f"the ledger has no appeal `{name}`", help_)
        return decoded(rows[0].body, Appeal, f"the appeal `{name}`")

    def _appeal_names(self) -> list[str]:
        """What appeals are called, as far as people have to choose among them."""
        asked = select(appeals.c.appeal_id).distinct().order_by(appeals.c.appeal_id)
        return [row.appeal_id for row in self._rows(asked.limit(_AT_ONCE)) if row.appeal_id]

    def _shops_with(self, appeal: str) -> list[str]:
        """The shops that have an appeal of this name."""
        asked = select(appeals.c.shop).distinct().where(appeals.c.appeal_id == appeal)
        return sorted(row.shop for row in self._rows(asked))

    def has_appeal(self, shop: str, name: str) -> bool:
        """Whether an appeal of a shop is called so."""
        same = (appeals.c.shop == shop) & (appeals.c.appeal_id == name)
        return bool(list(self._rows(select(appeals.c.version).where(same).limit(1))))

    def evidence_of(self, shop: str, name: str) -> frozenset[str]:
        """All evidence that was ever handed in for an appeal."""
        same = (appeals.c.shop == shop) & (appeals.c.appeal_id == name)
        rows = self._rows(select(appeals.c.body).where(same))
        records = (decoded(row.body, Appeal, "an appeal") for row in rows)
        return frozenset(one for record in records for one in record.evidence)

    def evidence(self) -> Generator[tuple[str, str], None, None]:
        """The files that appeals name, or ever have named, each with the shop, as evidence."""
        asked = select(appeals.c.shop, appeals.c.body).where(appeals.c.body.contains("sha256-"))
        for row in self._rows(asked):
            for one in decoded(row.body, Appeal, "an appeal").evidence:
                yield row.shop, one

    def attachments(self) -> Generator[Attachment, None, None]:
        """The files that were handed in, by digest."""
        for row in self._rows(select(attachments).order_by(attachments.c.digest)):
            yield Attachment(row.digest, row.type, row.size)

    def attachments_among(self, digests: Collection[str]) -> list[Attachment]:
        """Those files that were handed in which have one of some digests."""
        asked = select(attachments).where(attachments.c.digest.in_(digests))
        return [Attachment(row.digest, row.type, row.size) for row in self._rows(asked)]

    def attachment(self, digest: str) -> Attachment:
        """A file that was handed in.

        Raises:
            LedgerProblem: There is none of this digest.
        """
        found = list(self._rows(select(attachments).where(attachments.c.digest == digest)))
        if not found:
            raise LedgerProblem(f"the ledger has no attachment `sha256-{digest}`")
        return Attachment(found[0].digest, found[0].type, found[0].size)

    def all_appeals(
        self, shop: str | None = None, states: Collection[str] | None = None
    ) -> list[Appeal]:
        """All appeals, or those of a shop or in some states, as they stand, by shop and opening."""
        newest = (
            select(appeals.c.shop, appeals.c.key, func.max(appeals.c.version).label("version"))
            .where(true() if shop is None else appeals.c.shop == shop)
            .group_by(appeals.c.shop, appeals.c.key)
            .subquery()
        )
        same = (
            (appeals.c.shop == newest.c.shop)
            & (appeals.c.key == newest.c.key)
            & (appeals.c.version == newest.c.version)
        )
        asked = select(appeals.c.body).join(newest, same)
        if states is not None:
            asked = asked.where(appeals.c.state.in_(states))
        rows = self._rows(asked)
        found = [decoded(row.body, Appeal, "an appeal") for row in rows]
        return sorted(found, key=lambda one: (one.shop, one.opened_at, one.appeal_id))

    def count_appeals(self, shop: str | None = None) -> int:
        """How many appeals there are, or a shop has."""
        own = true() if shop is None else appeals.c.shop == shop
        each = select(appeals.c.shop, appeals.c.key).distinct().where(own).subquery()
        (row,) = self._rows(select(func.count().label("all")).select_from(each))
        return int(row.all)

    def decisions_named(self, beginning: str) -> list[Decision]:
        """The decisions whose id begins so."""
        meant = entries.c.decision_id.startswith(beginning, autoescape=True)
        asked = select(entries.c.body).where(meant)
        found = self._rows(asked.order_by(entries.c.decision_id))
        return [decoded(row.body, Decision, f"a decision `{beginning}`") for row in found]

    def last_event_at(self, shop: str) -> int | None:
        """When the last event of a shop was, in microseconds since 1970."""
        asked = select(func.max(events.c.at).label("at")).where(events.c.shop == shop)
        return next((row.at for row in self._rows(asked)), None)

    def decision(self, name: str) -> Decision:
        """A decision by its id.

        Raises:
            LedgerProblem: There is none.
        """
        asked = select(entries.c.body).where(entries.c.decision_id == name)
        found = list(self._rows(asked))
        if not found:
            raise LedgerProblem(f"the ledger has no decision `{name}`")
        return decoded(found[0].body, Decision, f"the decision `{name}`")

    def policy(self, digest: str) -> WrittenPack | None:
        """A policy as it was written."""
        asked = select(policies.c.files).where(policies.c.digest == digest)
        found = list(self._rows(asked))
        return decoded(found[0].files, WrittenPack, "a policy") if found else None

    def rows(self, asked: Select[Any]) -> Generator[Any, None, None]:
        """The rows that answer a question, a few at a time."""
        yield from self._rows(asked)

    def _rows(self, asked: Select[Any]) -> Generator[Any, None, None]:
        with (
            told_of_database(self.name),
            self._engine.connect() as connection,
            connection.execution_options(yield_per=_AT_ONCE).execute(asked) as rows,
        ):
            yield from sound(rows, asked)


_AT_ONCE = 1_000
"""So many rows are held in memory."""


def _take_over(body: str) -> TakenOver:
    """Which policy took over from which; none that exist if the row is damaged."""
    try:
        return msgspec.json.decode(body, type=TakenOver)
    except msgspec.MsgspecError:
        return TakenOver("", "")


def _exists(file: str | None) -> bool:
    return file is not None and Path(file).is_file()
