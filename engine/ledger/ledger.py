"""A ledger that is open for writing: checkpoints go in whole or not at all."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import asdict
from typing import Any, Final, Self

import msgspec
from sqlalchemy import Connection, Engine, delete, insert, select, update

from ..language.program import Program
from ..language.written import WrittenPack
from ..records.decision import Decision, encode
from ..records.sealing import withhold
from ..runtime.evaluator import Moved
from ..runtime.instants import parse_instant
from ..runtime.snapshots import is_whole
from .checkpoint import Checkpoint, Kept, Position
from .claiming import claim
from .damage import Damaged, sound
from .evidence import Attachment
from .migrating import migrate
from .opening import address_of, clear_out, connect_to, shown, told_of_database
from .privacy.settings import TEXTS, settle
from .problems import LedgerProblem
from .tables import appeals, attachments, entries, events, policies, positions, quarantine, shops

_MOST_ASKED: Final = 500
"""So many values go into one question; databases take a limited number."""


_TAKE_OVER: Final = "let the ledger go on under this one with `revlex adopt`, or begin another"


class Ledger:
    """The writer of a ledger. There is one at a time; `close` lets another one in."""

    def __init__(
        self,
        name: str,
        key: bytes = b"",
        redact: Iterable[str] | None = None,
        *,
        patience: float = 2,
    ) -> None:
        """Open a ledger, or begin one.

        Args:
            name: A file, or the address of a database.
            key: The key of the deployment; empty if there is none.
            redact: What is redacted, `texts` and `names`; nothing said means as it was begun.
            patience: How many seconds to wait for another process that writes; a server needs a
                moment to see that one was killed.

        Raises:
            LedgerProblem: It cannot be opened, another process writes to it, or it was begun with
                another key or other redactions.
        """
        url = address_of(name)
        self.name = shown(url)
        self.key = key
        self._policies: dict[str, dict[str, Any]] = {}
        with told_of_database(self.name):
            self._engine: Engine = connect_to(url).execution_options(writes=True)
            with ExitStack() as opened:
                opened.callback(self._engine.dispose)
                self._claim = claim(self._engine, patience)
                opened.callback(self._claim.release)
                with self._engine.begin() as connection:
                    migrate(connection)
                    self.settings = settle(connection, key, redact)
                self._opened = opened.pop_all()

    def close(self) -> None:
        """Let others write."""
        self._opened.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    # -------------------------------------------------------------- reading

    def position(self, stream: str, policy: str) -> Position:
        """How far a stream has been read.

        Raises:
            LedgerProblem: It was read under another policy.
        """
        asked = select(positions).where(positions.c.stream == stream)
        with told_of_database(self.name), self._engine.connect() as connection:
            row = connection.execute(asked).one_or_none()
        if row is None:
            return Position(stream)
        if row.policy != policy:
            raise LedgerProblem(f"{stream} was begun under another policy", _TAKE_OVER)
        return Position(stream, row.read, row.quarantined, row.digest)

    def state(self, shop: str, policy: str) -> Kept | None:
        """The state of a shop as it was last written.

        Raises:
            LedgerProblem: It was made under another policy, or is damaged.
        """
        asked = select(shops).where(shops.c.shop == shop)
        with told_of_database(self.name), self._engine.connect() as connection:
            row = next(sound(connection.execute(asked), asked), None)
        if row is None:
            return None
        if row.policy != policy:
            raise LedgerProblem(f"the shop `{shop}` is kept under another policy", _TAKE_OVER)
        if not is_whole(row.state):
            help_ = "run `revlex verify` to see what else is wrong with it"
            raise Damaged(f"the state of the shop `{shop}` is damaged", help_)
        return Kept(row.region, row.state)

    def shops(self, policy: str) -> Iterator[str]:
        """The shops that are kept under a policy, in order of their names."""
        asked = select(shops.c.shop).where(shops.c.policy == policy)
        with told_of_database(self.name), self._engine.connect() as connection:
            names = connection.execute(asked).scalars().all()
        yield from sorted(names)

    def states(self, policy: str) -> Iterator[tuple[str, Kept]]:
        """The shops that a policy judges, with their states, in order of their names."""
        for shop in self.shops(policy):
            kept = self.state(shop, policy)
            if kept is not None:
                yield shop, kept

    # -------------------------------------------------------------- writing

    def hand_over(self, before: str, policy: str) -> None:
        """Let inputs that were read under one policy go on under another."""
        own = positions.c.policy == before
        with told_of_database(self.name), self._engine.begin() as connection:
            connection.execute(update(positions).where(own).values(policy=policy))
            self._claim.check()

    def _body(self, decision: Decision) -> str:
        """A decision as it is kept: without people's words if they are redacted."""
        if TEXTS in self.settings.redact:
            decision = withhold(decision, self.key)
        return encode(decision).decode()

    @contextmanager
    def transaction(self, *, keep: bool) -> Iterator[Connection]:
        """A transaction for whoever takes things out; without `keep`, nothing comes of it."""
        with (
            told_of_database(self.name),
            self._engine.connect() as connection,
            connection.begin() as begun,
        ):
            yield connection
            if keep:
                self._claim.check()
            else:
                begun.rollback()

    def clear_out(self) -> None:
        """Let nothing that was deleted be left in the file, or in what is written beside it.

        Raises:
            LedgerProblem: Somebody is reading; what was deleted is left in the file.
        """
        with told_of_database(self.name):
            clear_out(self._engine)

    def keep_policy(self, program: Program, written: WrittenPack) -> None:
        """Keep a policy as written, once, with the next checkpoint."""
        row = {
            "digest": program.digest,
            "name": program.name,
            "version": program.version,
            "files": msgspec.json.encode(written, order="sorted").decode(),
        }
        self._policies[program.digest] = row

    def write(self, checkpoint: Checkpoint, policy: str) -> None:
        """Write a checkpoint in one transaction.

        Decisions that are there already, word for word, are left alone.

        Raises:
            LedgerProblem: A decision says something else than the one there, or the database could
                not be written to; nothing of the checkpoint is there then.
        """
        with told_of_database(self.name), self._engine.begin() as connection:
            _write_policies(connection, self._policies)
            _write_decisions(connection, checkpoint.decisions, self._body)
            _write_appeals(connection, checkpoint.appeals)
            counts = _write_events(connection, checkpoint)
            _write_aside(connection, checkpoint)
            _write_states(connection, checkpoint.states, counts, policy)
            _write_attachments(connection, checkpoint.attachments)
            _write_position(connection, checkpoint.position, policy)
            self._claim.check()
        self._policies.clear()


def _write_policies(connection: Connection, rows: Mapping[str, dict[str, Any]]) -> None:
    """Append the policies that are not there yet."""
    for digest, row in rows.items():
        known = select(policies.c.digest).where(policies.c.digest == digest)
        if connection.execute(known).first() is None:
            connection.execute(insert(policies), row)


# ---------------------------------------------------------------------- decisions


def _write_decisions(
    connection: Connection, decisions: list[Decision], body: Callable[[Decision], str]
) -> None:
    """Append decisions; one that is there already has to say the same."""
    known = _known(connection, decisions)
    new = []
    for decision in decisions:
        row = _entry(decision, body(decision))
        there = known.get(decision.decision_id)
        if there is None:
            new.append(row)
        elif there != row["hash"]:
            name = decision.decision_id
            raise LedgerProblem(f"the decision `{name}` is in the ledger and says something else")
    if new:
        connection.execute(insert(entries), new)


def _known(connection: Connection, decisions: list[Decision]) -> dict[str, str]:
    """The hashes of those decisions that are there already, by id."""
    found: dict[str, str] = {}
    ids = [decision.decision_id for decision in decisions]
    for start in range(0, len(ids), _MOST_ASKED):
        some = entries.c.decision_id.in_(ids[start : start + _MOST_ASKED])
        for row in connection.execute(select(entries.c.decision_id, entries.c.hash).where(some)):
            found[row.decision_id] = row.hash
    return found


def _entry(decision: Decision, body: str) -> dict[str, Any]:
    return {
        "shop": decision.subject.shop,
        "sequence": decision.sequence,
        "decision_id": decision.decision_id,
        "kind": decision.kind,
        "rule": decision.rule.id,
        "at": parse_instant(decision.time.event_time),
        "previous": decision.integrity.previous,
        "hash": decision.integrity.hash,
        "body": body,
    }


# ------------------------------------------------------------------------ appeals


def _write_appeals(connection: Connection, moved: list[Moved]) -> None:
    """Append how appeals stood after each event and deadline that moved them."""
    rows = [
        {
            "shop": one.appeal.shop,
            "key": one.key,
            "version": one.version,
            "appeal_id": one.appeal.appeal_id,
            "state": one.appeal.state,
            "body": encode(one.appeal).decode(),
        }
        for one in moved
    ]
    if rows:
        connection.execute(insert(appeals), rows)


def _write_attachments(connection: Connection, handed: list[Attachment]) -> None:
    """Note files that were handed in; the same file may have been before."""
    known = select(attachments.c.digest).where(
        attachments.c.digest.in_([one.digest for one in handed])
    )
    there = set(connection.execute(known).scalars()) if handed else set()
    rows = {one.digest: asdict(one) for one in handed if one.digest not in there}
    if rows:
        connection.execute(insert(attachments), list(rows.values()))


# ------------------------------------------------- events, quarantine, states, position


def _write_events(connection: Connection, checkpoint: Checkpoint) -> dict[str, int]:
    """Append events; gives how many each shop that was touched has by now."""
    asked = select(shops.c.shop, shops.c.events)
    counts = Counter[str]()
    names = list(checkpoint.states)
    for start in range(0, len(names), _MOST_ASKED):
        some = asked.where(shops.c.shop.in_(names[start : start + _MOST_ASKED]))
        counts.update({row.shop: row.events for row in sound(connection.execute(some), some)})
    rows = []
    for heard in checkpoint.heard:
        counts[heard.shop] += 1
        rows.append(
            {
                "shop": heard.shop,
                "number": counts[heard.shop],
                "event_id": heard.event_id,
                "at": heard.at,
                "body": heard.body.decode(),
            }
        )
    if rows:
        connection.execute(insert(events), rows)
    return counts


def _write_aside(connection: Connection, checkpoint: Checkpoint) -> None:
    stream = checkpoint.position.stream
    rows = [
        {
            "stream": stream,
            "number": one.number,
            "reason": one.reason,
            "body": one.body.decode(),
            "at": one.at,
        }
        for one in checkpoint.aside
    ]
    if rows:
        connection.execute(insert(quarantine), rows)


def _write_states(
    connection: Connection, states: Mapping[str, Kept], counts: Mapping[str, int], policy: str
) -> None:
    """Put the states of shops in the place of those before."""
    rows = [
        {
            "shop": shop,
            "policy": policy,
            "region": kept.region,
            "events": counts.get(shop, 0),
            "state": kept.state,
        }
        for shop, kept in states.items()
    ]
    for start in range(0, len(rows), _MOST_ASKED):
        some = rows[start : start + _MOST_ASKED]
        connection.execute(delete(shops).where(shops.c.shop.in_([row["shop"] for row in some])))
        connection.execute(insert(shops), some)


def _write_position(connection: Connection, position: Position, policy: str) -> None:
    """Say how far a stream has been read, if anything has been."""
    if not position.read and not position.quarantined:
        return
    row = {
        "stream": position.stream,
        "policy": policy,
        "read": position.read,
        "quarantined": position.quarantined,
        "digest": position.digest,
    }
    connection.execute(delete(positions).where(positions.c.stream == position.stream))
    connection.execute(insert(positions), row)
