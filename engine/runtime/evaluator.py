"""The evaluator: a program and a stream of events in, decisions and appeals out.

It reads no clock, no file and no network: the time is the time of the events, or what `advance` is
told. What comes out depends on the program and on the events of each shop alone, however they are
cut into calls, and whether or not a snapshot was taken in between.
"""

from __future__ import annotations

import heapq
from collections.abc import Callable, Iterable
from dataclasses import dataclass

import msgspec

from ..language.program import Program, Threshold
from ..records.appeal import Appeal
from ..records.decision import Decision, Mode
from .appeal_records import appeal_record
from .event_types import Event
from .events import Decoder, content_digest
from .history import History
from .instants import from_datetime
from .measuring import Measured
from .model import Chain, Memory, Redress, ShopState
from .prepared import prepare
from .refused import Refused
from .rejections import Rejection
from .shop import ShopEngine, new_facts
from .snapshots import read_shops, write_shops

Observer = Callable[[Threshold, str, int, Measured, str], None]
"""Called as (threshold, subject, instant, measured, shop) at each look at a threshold."""


@dataclass(frozen=True, slots=True)
class Quarantined:
    """An event that was not applied, and why."""

    event: Event
    rejection: Rejection


@dataclass(slots=True)
class _Shop:
    """A shop at work: its state, and the engine that holds it."""

    state: ShopState
    engine: ShopEngine
    history: History
    forgotten_at: int = 0


class Evaluator:
    """Evaluates the events of any number of shops under one program.

    Not for use by several threads at once. `quarantined` and `duplicates` tell what was not
    applied; whoever feeds events may empty the list at any time.
    """

    def __init__(
        self,
        program: Program,
        *,
        region: str | None = None,
        mode: Mode = "live",
    ) -> None:
        """Begin with no shops; `region` is that of shops whose events name none."""
        self._prepared = prepare(program)
        self._region = region if region is not None else (program.regions or ("",))[0]
        self._mode = mode
        self._observer: Observer | None = None
        self._shops: dict[str, _Shop] = {}
        self._decoder = Decoder(program.catalog)
        self.quarantined: list[Quarantined] = []
        self.duplicates = 0
        self.events = 0

    @property
    def program(self) -> Program:
        """The program that judges."""
        return self._prepared.program

    # -------------------------------------------------------------- feeding

    def feed(self, event: Event) -> list[Decision]:
        """Take one event; gives the decisions that it and the time up to it brought.

        With a `lateness`, an event waits until later ones show that none can come before it.
        """
        now = from_datetime(event.occurred_at)
        shop = self._shops.get(event.shop_id) or self._open(event)
        if not self._acceptable(shop, event, now):
            return []
        if not self._prepared.program.lateness:
            self._happen(shop, event, now)
        else:
            self._wait(shop, event, now)
        return shop.engine.take()

    def feed_all(self, events: Iterable[Event]) -> list[Decision]:
        """Take several events, one after the other."""
        return [decision for event in events for decision in self.feed(event)]

    def _open(self, event: Event) -> _Shop:
        region = event.region or self._region
        facts = new_facts(self._prepared, event.shop_id, region)
        state = ShopState(event.shop_id, facts, Redress(), Chain(), Memory())
        return self._adopt(state)

    def _adopt(self, state: ShopState) -> _Shop:
        engine = ShopEngine(
            self._prepared, state.shop, state.facts, state.redress, state.chain, self._mode
        )
        engine.watching.on_check = self._observer
        history = History(self._prepared, state, self._decoder)
        found = self._shops[state.shop] = _Shop(state, engine, history)
        return found

    def _acceptable(self, shop: _Shop, event: Event, now: int) -> bool:
        """Whether an event is new, in time and of the shop's region; else it is counted."""
        seen = self._seen(shop.state.memory, event, now)
        if seen == "duplicate":
            self.duplicates += 1
        elif seen == "conflict":
            message = "an event of this id has said something else"
            self._quarantine(event, "conflict", "event_id", message)
        elif event.region is not None and event.region != shop.state.facts.region:
            message = f"the shop is in {shop.state.facts.region or 'no region'}"
            self._quarantine(event, "region-conflict", "region", message)
        elif self._late(shop, event, now):
            message = "events of the shop from later on have been judged already"
            self._quarantine(event, "late", "occurred_at", message)
        else:
            self._remember(shop.state.memory, event, now)
            return True
        return False

    def _late(self, shop: _Shop, event: Event, now: int) -> bool:
        state = shop.state
        if state.last is not None and (now, event.sequence, event.event_id) <= state.last:
            return True
        return now < state.facts.clock

    def _quarantine(self, event: Event, reason: str, field: str | None, message: str) -> None:
        rejection = Rejection(reason, field, message, event.event_id)
        self.quarantined.append(Quarantined(event, rejection))

    def _seen(self, memory: Memory, event: Event, now: int) -> str | None:
        del now
        known = memory.now.get(event.event_id) or memory.before.get(event.event_id)
        if known is None:
            return None
        return "duplicate" if known == content_digest(event) else "conflict"

    def _remember(self, memory: Memory, event: Event, now: int) -> None:
        if now - memory.started_at > self._prepared.program.retention:
            memory.before, memory.now, memory.started_at = memory.now, {}, now
        memory.now[event.event_id] = content_digest(event)

    # -------------------------------------------------------------- waiting

    def _wait(self, shop: _Shop, event: Event, now: int) -> None:
        state = shop.state
        line = msgspec.json.encode(event)
        heapq.heappush(state.waiting, (now, event.sequence, event.event_id, line))
        state.newest = max(state.newest, now)
        self._release(shop, state.newest - self._prepared.program.lateness)

    def _release(self, shop: _Shop, until: int) -> None:
        """Let happen what has waited long enough."""
        waiting = shop.state.waiting
        while waiting and waiting[0][0] <= until:
            now, _, _, line = heapq.heappop(waiting)
            event = self._decoder.decode(line)
            assert isinstance(event, Event)  # noqa: S101  # it was one when it began to wait
            self._happen(shop, event, now)

    # ------------------------------------------------------------ happening

    def _happen(self, shop: _Shop, event: Event, now: int) -> None:
        state, engine = shop.state, shop.engine
        engine.advance(now)
        state.last = (now, event.sequence, event.event_id)
        shop.history.note(event, now)
        try:
            engine.handle(event, now)
        except Refused as refused:
            self._quarantine(event, refused.reason, refused.field, refused.message)
            return
        self.events += 1
        if engine.cases.recompute is not None:
            self._recompute(shop)
        self._forget(shop, now)

    def _recompute(self, shop: _Shop) -> None:
        """Evaluate the shop's history again without what an appeal took out."""
        assert shop.engine.cases.recompute is not None  # noqa: S101  # the caller looked
        key, moment = shop.engine.cases.recompute
        written = shop.engine.take()
        shop.engine = shop.history.rewrite(shop.engine, key, moment)
        shop.engine.desk.writer.written[:0] = written
        shop.engine.watching.on_check = self._observer
        shop.state.facts = shop.engine.facts

    def _forget(self, shop: _Shop, now: int) -> None:
        """Now and then, forget what is older than the retention."""
        retention = self._prepared.program.retention
        if now - shop.forgotten_at > retention // 16:
            shop.forgotten_at = now
            shop.engine.forget(now - retention)

    # ----------------------------------------------------------------- time

    def advance(self, to: int) -> list[Decision]:
        """Let time pass for every shop, to an instant in microseconds since 1970.

        Checks due by then run, points and actions expire, deadlines pass. What was waiting for
        late events is judged first. Events from before `to` are late afterwards.
        """
        decisions: list[Decision] = []
        for name in sorted(self._shops):
            shop = self._shops[name]
            self._release(shop, to)
            shop.engine.advance(to)
            if shop.engine.cases.recompute is not None:
                self._recompute(shop)
            decisions += shop.engine.take()
        return decisions

    # -------------------------------------------------------------- looking

    def observe(self, observer: Observer | None) -> None:
        """Tell an observer of every look at a threshold from now on."""
        self._observer = observer
        for shop in self._shops.values():
            shop.engine.watching.on_check = observer

    @property
    def shops(self) -> int:
        """How many shops are known."""
        return len(self._shops)

    def appeals(self) -> list[Appeal]:
        """The appeals of all shops, by shop and opening."""
        return [
            appeal_record(case, shop.engine.desk.writer, shop.state.shop)
            for _, shop in sorted(self._shops.items())
            for case in shop.state.redress.cases.values()
        ]

    def drain_appeals(self) -> list[Appeal]:
        """The appeals that ended longer ago than the retention, which are forgotten by this.

        Whoever keeps appeals calls this now and then, so that the memory stays bounded.
        """
        found = []
        for _, shop in sorted(self._shops.items()):
            redress = shop.state.redress
            before = shop.state.facts.clock - self._prepared.program.retention
            for key, case in list(redress.cases.items()):
                if case.closed_at is not None and case.closed_at < before:
                    record = appeal_record(case, shop.engine.desk.writer, shop.state.shop)
                    found.append(record)
                    del redress.cases[key]
                    redress.by_id.pop(case.appeal_id or "", None)
        return found

    def bands(self) -> list[tuple[str, str, str, str]]:
        """(threshold, shop, subject, band) for every subject that has one."""
        return [
            (threshold, name, subject, watch.band)
            for name in sorted(self._shops)
            for threshold, state in self._shops[name].state.facts.watches.items()
            for subject, watch in sorted(state.subjects.items())
            if watch.band is not None
        ]

    def totals(self) -> list[tuple[str, str, int]]:
        """(ladder, shop, points) for every shop that has any."""
        return [
            (ladder, name, state.total)
            for name in sorted(self._shops)
            for ladder, state in sorted(self._shops[name].state.facts.ladders.items())
            if state.total
        ]

    def in_force(self) -> list[tuple[str, str, str]]:
        """(action, shop, target) for every action that runs."""
        return [
            (state.action, name, state.target)
            for name in sorted(self._shops)
            for state in self._shops[name].state.facts.actions.values()
            if not state.suspended
        ]

    # ------------------------------------------------------------ snapshots

    def snapshot(self) -> bytes:
        """Everything that is known, to be restored under the same program."""
        states = [self._shops[name].state for name in sorted(self._shops)]
        forgotten = [self._shops[name].forgotten_at for name in sorted(self._shops)]
        counts = (self.events, self.duplicates)
        return write_shops(self._prepared, states, forgotten, counts, self._region)

    def restore(self, snapshot: bytes) -> None:
        """Take up a snapshot in place of all that is known.

        Raises:
            ValueError: it is damaged, or of another program.
        """
        read = read_shops(self._prepared, snapshot)
        self._shops = {}
        self._region = read.region
        self.events, self.duplicates = read.counts
        self.quarantined = []
        for state, forgotten_at in zip(read.states, read.forgotten, strict=True):
            self._adopt(state).forgotten_at = forgotten_at
