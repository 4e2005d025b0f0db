"""A run into a ledger: it goes on where the last one stopped, and writes in checkpoints."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from hashlib import sha256

import msgspec

from ..language.program import Program
from ..ledger.checkpoint import PASSING, START, Aside, Checkpoint, Heard, Kept, Position
from ..ledger.ledger import Ledger
from ..ledger.problems import LedgerProblem
from ..records.decision import Decision
from ..runtime.evaluator import Evaluator, Moved
from ..runtime.event_types import Event
from ..runtime.events import encode_event
from ..runtime.inputs import InputProblem, Received
from ..runtime.instants import from_datetime
from ..runtime.rejections import Rejection
from .quarantining import as_received, quarantine_record

EVERY = 20_000
"""A checkpoint is made of so many records at most: the states of shops are written with each."""

MOST_DECISIONS = 5_000
"""A checkpoint is made once there are so many decisions."""

MOST_TOUCHED = 2_000
"""A checkpoint is made once so many shops had events."""

MOST_SHOPS = 2_000
"""More shops are not kept in memory between two checkpoints; the others wait in the ledger."""


class Recorded(msgspec.Struct):
    """What a run into a ledger came to; the keys of the mappings are sorted."""

    ledger: str
    policy: str
    version: str
    digest: str
    stream: str
    resumed_at: int
    read: int
    events: int
    duplicates: int
    quarantined: dict[str, int]
    decisions: dict[str, int]
    checkpoints: int
    passed: int = 0
    """For so many shops time was let pass, beyond what their events did."""


@dataclass(slots=True)
class Recording:
    """One run of a stream through an evaluator into a ledger."""

    program: Program
    evaluator: Evaluator
    ledger: Ledger
    stream: str
    every: int = EVERY
    on_event: Callable[[int], None] | None = None
    on_shop: Callable[[int], None] | None = None
    _next: Checkpoint = field(init=False)
    _from: int = 0
    _read_of: int = 0
    _digest: bytes = START
    _quarantined: int = 0
    _newest: int = 0
    _heard_of: set[str] = field(default_factory=set)
    _checkpoints: int = 0
    _passed: int = 0
    _kinds: Counter[str] = field(default_factory=Counter)
    _reasons: Counter[str] = field(default_factory=Counter)

    def run(self, received: Iterable[Received], until: int | None) -> Recorded:
        """Evaluate what has not been read before, and write it.

        With `until`, reading stops at the first event from after it, which waits for the next run;
        then time passes to there for all shops of the ledger.

        An input that breaks off in the middle of a record is read up to there.

        Raises:
            LedgerProblem: The stream is not the one that was begun, or writing failed.
            InputProblem: The input breaks off; what came before it is in the ledger.
        """
        begun = self._begin()
        cut = self._read(self._unread(iter(received), begun), until)
        if until is not None and cut is None:
            self._let_pass(until)
        self._write()
        if cut is not None:
            raise _broken_off(cut)
        return self._recorded()

    def let_pass(self, until: int) -> Recorded:
        """Let time pass to an instant, for all shops of the ledger that the program judges.

        Shops for which it is so late already are left as they are, so that it can be broken off at
        any time, and be said again.

        Raises:
            LedgerProblem: Writing failed.
        """
        self._begin()
        self._let_pass(until)
        self._write()
        return self._recorded()

    def _begin(self) -> Position:
        """Go on where the last run of the stream stopped."""
        begun = self.ledger.position(self.stream, self.program.digest)
        self._next, self._from = Checkpoint(begun), begun.read
        self._read_of, self._digest = begun.read, begun.digest
        self._quarantined = begun.quarantined
        self.evaluator.fetch = self._fetch
        self.evaluator.follow(self._moved)
        return begun

    def _read(self, received: Iterable[Received], until: int | None) -> Received | None:
        """Take what is there; gives the record in which the input breaks off, if it does."""
        for one in received:
            if until is not None and _is_after(one, until):
                break
            if one.cut:
                return one
            self._take(one)
            if self._is_full():
                self._write()
        return None

    def _is_full(self) -> bool:
        """Whether what has come together should be written now."""
        return (
            self._read_of % self.every == 0
            or len(self._heard_of) >= MOST_TOUCHED
            or len(self._next.decisions) >= MOST_DECISIONS
        )

    def _fetch(self, shop: str) -> bytes | None:
        kept = self.ledger.state(shop, self.program.digest)
        return None if kept is None else kept.state

    # -------------------------------------------------------------- reading

    def _unread(self, received: Iterator[Received], begun: Position) -> Iterator[Received]:
        """What follows on the part that has been read, which has to be what it was."""
        digest = START
        for number in range(begun.read):
            one = next(received, None)
            if one is None or one.cut:
                raise self._changed(f"has only {number:,} of the {begun.read:,} records")
            digest = sha256(digest + _said(one)).digest()
            if one.event is not None:
                self._newest = max(self._newest, from_datetime(one.event.occurred_at))
        if digest != begun.digest:
            raise self._changed(f"differs in the first {begun.read:,} records")
        yield from received

    def _changed(self, how: str) -> LedgerProblem:
        help_ = "name the input as it was, with new events at its end, or begin another ledger"
        return LedgerProblem(f"{self.stream} {how} that the ledger has read of it", help_)

    def _take(self, one: Received) -> None:
        said = _said(one)
        self._read_of += 1
        self._digest = sha256(self._digest + said).digest()
        if self.on_event is not None:
            self.on_event(self._read_of)
        if one.event is None:
            self._aside(one, one.rejection)
        else:
            self._feed(one, one.event, said)

    def _feed(self, one: Received, event: Event, said: bytes) -> None:
        now = from_datetime(event.occurred_at)
        self._newest = max(self._newest, now)
        self._next.heard.append(Heard(event.shop_id, event.event_id, now, said))
        self._heard_of.add(event.shop_id)
        self._decided(self.evaluator.feed(event))
        self._turned_away(one)

    def _turned_away(self, latest: Received | None) -> None:
        """Put aside what was turned away when something was fed, or time passed."""
        for found in self.evaluator.quarantined:
            self._aside(as_received(found, latest), found.rejection)
        self.evaluator.quarantined.clear()

    def _aside(self, one: Received, rejection: Rejection | None) -> None:
        if rejection is None:
            return
        self._quarantined += 1
        body = quarantine_record(one, rejection)
        self._next.aside.append(Aside(self._quarantined, rejection.reason, body, self._newest))
        self._reasons[rejection.reason] += 1

    def _moved(self, moved: Moved) -> None:
        self._next.appeals.append(moved)

    def _decided(self, decisions: list[Decision]) -> None:
        self._next.decisions += decisions
        self._kinds.update(decision.kind for decision in decisions)

    def _let_pass(self, until: int) -> None:
        """Let time pass for every shop that is kept, a checkpoint's worth at a time."""
        self._write()
        for number, shop in enumerate(self.ledger.shops(self.program.digest), start=1):
            if not self.evaluator.is_past(shop, until):
                self._next.heard.append(Heard(shop, "", until, PASSING))
                self._decided(self.evaluator.advance_shop(shop, until))
                self._turned_away(None)
                self._passed += 1
            if self.on_shop is not None:
                self.on_shop(1)
            if number % MOST_SHOPS == 0 or len(self._next.decisions) >= MOST_DECISIONS:
                self._write()

    # -------------------------------------------------------------- writing

    def _write(self) -> None:
        """Write a checkpoint, and keep no more shops in memory than fit."""
        touched = self.evaluator.touched()
        for shop in touched:
            kept = Kept(self.evaluator.region_of(shop), self.evaluator.save(shop))
            self._next.states[shop] = kept
        reached = Position(self.stream, self._read_of, self._quarantined, self._digest)
        self._next.position = reached
        self.ledger.write(self._next, self.program.digest)
        self._checkpoints += 1
        self._next = Checkpoint(reached)
        self._heard_of.clear()
        self.evaluator.make_room(MOST_SHOPS)

    def _recorded(self) -> Recorded:
        return Recorded(
            ledger=self.ledger.name,
            policy=self.program.name,
            version=self.program.version,
            digest=self.program.digest,
            stream=self.stream,
            resumed_at=self._from,
            read=self._read_of,
            events=self.evaluator.events,
            duplicates=self.evaluator.duplicates,
            quarantined=dict(sorted(self._reasons.items())),
            decisions=dict(sorted(self._kinds.items())),
            checkpoints=self._checkpoints,
            passed=self._passed,
        )


def _broken_off(cut: Received) -> InputProblem:
    """What to say of an input that ends in the middle of a record."""
    rejection = cut.rejection
    if rejection is not None and rejection.reason == "truncated":
        message, fix = rejection.message, ""
    else:
        message = f"line {cut.line:,} has no line end, so the rest of it may be missing"
        fix = "; if nothing is missing, add a line end"
    help_ = f"complete the input and run again: what comes before this is in the ledger{fix}"
    return InputProblem(cut.source_name, message, help_)


def _is_after(one: Received, until: int) -> bool:
    return one.event is not None and from_datetime(one.event.occurred_at) > until


def _said(one: Received) -> bytes:
    """What a record says: the event as one line of JSON, or else what was read."""
    return one.raw if one.event is None else encode_event(one.event)
