"""The evaluator: a program and a stream of events in, decisions and appeals out.

It reads no clock, no file and no network: the time is the time of the events, or what `advance` is
told. What comes out depends on the program and on the events of each shop alone, however they are
cut into calls, and whether or not a snapshot was taken in between.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from ..language.program import Ladder, Program, Status, Threshold
from ..language.varied import Varied
from ..records.appeal import Appeal
from ..records.decision import Decision, Mode
from .appeal_records import appeal_record
from .desk import Desk
from .event_types import Event
from .events import Decoder
from .grants import in_force
from .history import History
from .instants import from_datetime
from .intake import DUPLICATE, Intake
from .measuring import Measured
from .model import Case, Chain, Facts, Memory, Redress, ShopState
from .prepared import Prepared, prepare
from .refused import Refused
from .rejections import Rejection
from .shop import ShopEngine, new_facts
from .snapshots import read_plain, read_shops, write_shops
from .taking_over import take_over

Observer = Callable[[Threshold, str, int, Measured, str], None]
"""Called as (threshold, subject, instant, measured, shop) at each look at a threshold."""


@dataclass(frozen=True, slots=True)
class Moved:
    """An appeal by its lasting key, as it stands after an event or a deadline that moved it.

    The version is the number of states that it has entered.
    """

    key: str
    version: int
    appeal: Appeal


Follower = Callable[[Moved], None]
"""Called at each event and deadline that moves an appeal, in order of time within a shop."""


Fetch = Callable[[str], bytes | None]
"""Called with the name of a shop that is not at hand; gives what `save` gave of it, if it did."""


@dataclass(frozen=True, slots=True)
class Quarantined:
    """An event that was not applied, and why."""

    event: Event
    rejection: Rejection


@dataclass(slots=True)
class _Shop:
    """A shop at work: its state, and what works on it."""

    state: ShopState
    engine: ShopEngine
    intake: Intake
    history: History


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
        key: bytes = b"",
    ) -> None:
        """Begin with no shops.

        Args:
            program: The policy that judges.
            region: That of shops whose events name none; without it the program's first.
            mode: What the decisions are made for.
            key: The key of the deployment, with which decisions are sealed; empty if there is none.
        """
        self._prepared = prepare(program, key)
        self._region = region if region is not None else (program.regions or ("",))[0]
        self._mode = mode
        self._observer: Observer | None = None
        self._follower: Follower | None = None
        self._shops: dict[str, _Shop] = {}
        self._decoder = Decoder(program.catalog)
        self._touched: set[str] = set()
        self.fetch: Fetch | None = None
        self.quarantined: list[Quarantined] = []
        self.duplicates = 0
        self.events = 0

    @property
    def program(self) -> Program:
        """The program that judges."""
        return self._prepared.program

    @property
    def prepared(self) -> Prepared:
        """The program as it is compiled for evaluation."""
        return self._prepared

    # -------------------------------------------------------------- feeding

    def feed(self, event: Event) -> list[Decision]:
        """Take one event; gives the decisions that it and the time up to it brought.

        With a `lateness`, an event waits until later ones show that none can come before it.
        """
        now = from_datetime(event.occurred_at)
        shop = self._shops.get(event.shop_id) or self._open(event.shop_id)
        self._touched.add(event.shop_id)
        shop.intake.hear(event)
        refusal = shop.intake.refusal(event, now)
        if refusal is not None:
            self._turn_away(event, refusal)
        elif not self._prepared.program.lateness:
            self._happen(shop, event, now)
        else:
            self._release(shop, shop.intake.wait(event, now))
        return shop.engine.take()

    def feed_all(self, events: Iterable[Event]) -> list[Decision]:
        """Take several events, one after the other."""
        return [decision for event in events for decision in self.feed(event)]

    def _open(self, shop: str) -> _Shop:
        kept = None if self.fetch is None else self.fetch(shop)
        if kept is not None:
            (state,) = read_shops(self._prepared, kept).states
            return self._adopt(state)
        facts = new_facts(self._prepared, shop, self._region)
        return self._adopt(ShopState(shop, facts, Redress(), Chain(), Memory()))

    def _adopt(self, state: ShopState) -> _Shop:
        engine = ShopEngine(
            self._prepared, state.shop, state.facts, state.redress, state.chain, self._mode
        )
        engine.crossings.on_check = self._observer
        engine.on_move = self._move
        intake = Intake(self._prepared.program, state, self._decoder)
        history = History(self._prepared, state, self._decoder)
        found = self._shops[state.shop] = _Shop(state, engine, intake, history)
        return found

    def _turn_away(self, event: Event, refusal: Rejection) -> None:
        if refusal.reason == DUPLICATE:
            self.duplicates += 1
        else:
            self.quarantined.append(Quarantined(event, refusal))

    def _release(self, shop: _Shop, before: int) -> None:
        """Let the events happen that have waited long enough."""
        for now, event in shop.intake.ready(before):
            refusal = shop.intake.refusal(event, now)
            if refusal is None:
                self._happen(shop, event, now)
            else:
                self._turn_away(event, refusal)

    # ------------------------------------------------------------ happening

    def _happen(self, shop: _Shop, event: Event, now: int) -> None:
        if not self._is_of_region(shop, event):
            message = f"the shop is in {shop.state.facts.region or 'no region'}"
            refusal = Rejection("region-conflict", "region", message, event.event_id)
            self._turn_away(event, refusal)
            return
        self._advance(shop, now)
        shop.intake.take(event, now)
        shop.history.note(event, now)
        try:
            shop.engine.handle(event, now)
            self.events += 1
        except Refused as refused:
            refusal = Rejection(refused.reason, refused.field, refused.message, event.event_id)
            self._turn_away(event, refusal)
        if shop.engine.cases.recompute is not None:
            self._recompute(shop)
        shop.engine.tell()

    def _is_of_region(self, shop: _Shop, event: Event) -> bool:
        """Whether an event is of the shop's region, which the first event settles."""
        if shop.state.last is None and event.region is not None:
            facts = new_facts(self._prepared, event.shop_id, event.region)
            facts.clock = shop.state.facts.clock
            shop.state.facts = facts
            adopted = self._adopt(shop.state)
            shop.engine, shop.intake, shop.history = adopted.engine, adopted.intake, adopted.history
            self._shops[event.shop_id] = shop
        return event.region is None or event.region == shop.state.facts.region

    def _advance(self, shop: _Shop, to: int) -> None:
        """Let time pass for a shop; history may be evaluated again on the way."""
        while not shop.engine.advance(to):
            self._recompute(shop)
            shop.engine.tell()

    def _recompute(self, shop: _Shop) -> None:
        """Evaluate the shop's history again without what an appeal took out."""
        assert shop.engine.cases.recompute is not None  # noqa: S101  # the caller looked
        key, moment = shop.engine.cases.recompute
        before = shop.engine
        shop.engine = shop.history.rewrite(before, key, moment)
        shop.engine.desk.writer.written[:0] = before.take()
        shop.engine.desk.moved = before.desk.moved | shop.engine.desk.moved
        shop.engine.crossings.on_check = self._observer
        shop.engine.on_move = self._move
        shop.state.facts = shop.engine.facts

    # ----------------------------------------------------------------- time

    def advance(self, to: int) -> list[Decision]:
        """Let time pass for every shop, to an instant in microseconds since 1970.

        Checks due by then run, points and actions expire, deadlines pass. What was waiting for
        late events is judged first. Events from before `to` are late afterwards.
        """
        return [one for name in sorted(self._shops) for one in self.advance_shop(name, to)]

    def advance_shop(self, name: str, to: int) -> list[Decision]:
        """Let time pass for one shop, as `advance` does for all."""
        shop = self._shops.get(name) or self._open(name)
        self._touched.add(name)
        self._release(shop, to + 1)
        self._advance(shop, to)
        return shop.engine.take()

    def is_past(self, name: str, to: int) -> bool:
        """Whether it is so late for a shop already that letting time pass to `to` does nothing."""
        state = (self._shops.get(name) or self._open(name)).state
        timers = state.facts.timers
        is_due = bool(timers) and timers[0][0] <= to
        waits = any(one[0] <= to for one in state.waiting)
        return state.facts.clock >= to and not is_due and not waits

    # -------------------------------------------------------------- looking

    def follow(self, follower: Follower | None) -> None:
        """Tell a follower of every appeal that has moved from now on."""
        self._follower = follower

    def _move(self, desk: Desk, case: Case) -> None:
        if self._follower is not None:
            record = appeal_record(case, desk.writer, desk.writer.shop)
            self._follower(Moved(case.key, len(case.history), record))

    def observe(self, observer: Observer | None) -> None:
        """Tell an observer of every look at a threshold from now on."""
        self._observer = observer
        for shop in self._shops.values():
            shop.engine.crossings.on_check = observer

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
                    redress.by_id = {id_: own for id_, own in redress.by_id.items() if own != key}
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
        """(ladder, shop, balance) of every shop, but for those that are 0 and began there."""
        ladders = Varied.of(self.program.ladders)
        return [
            (ladder, name, total)
            for name in sorted(self._shops)
            for ladder in sorted(ladders)
            if (total := _total(self._shops[name].state.facts, ladders.variants[ladder]))
            or ladders[ladder].balance.start
        ]

    def in_force(self) -> list[tuple[str, str, str]]:
        """(action, shop, target) for every action that runs."""
        return [
            (state.action, name, state.target)
            for name in sorted(self._shops)
            for state in self._shops[name].state.facts.actions.values()
            if in_force(state, self._shops[name].state.facts.clock)
        ]

    # ----------------------------------------------------- one shop by itself

    def touched(self) -> list[str]:
        """The shops to which something may have happened since this was last asked, by name."""
        names, self._touched = sorted(self._touched), set()
        return names

    def load(self, saved: bytes) -> None:
        """Take up what `save` gave of a shop, in place of what is known of it.

        Raises:
            ValueError: it is damaged, or of another program.
        """
        for state in read_shops(self._prepared, saved).states:
            self._adopt(state)

    def save(self, name: str) -> bytes:
        """Everything that is known of one shop, for `fetch` under the same program."""
        state = self._shops[name].state
        return write_shops(self._prepared, [state], (0, 0), state.facts.region)

    def take_over(self, saved: bytes) -> str:
        """Go on with a shop that an evaluator of another program has saved; gives its name.

        What was decided stays; from here on this program judges.

        Raises:
            CannotTakeOver: Something that is in use there is not in this program.
            ValueError: It is damaged.
        """
        state = take_over(self._prepared, read_plain(saved))
        shop = self._adopt(state)
        shop.engine.taken_over()
        self._touched.add(state.shop)
        return state.shop

    def clock_of(self, name: str) -> int:
        """Up to when time has passed for a shop."""
        return self._shops[name].state.facts.clock

    def region_of(self, name: str) -> str:
        """The region that a shop is in."""
        return self._shops[name].state.facts.region

    def language_of(self, name: str) -> str | None:
        """The tag of the language that a shop reads, if it has said so."""
        shop = self._shops.get(name) or self._open(name)
        language: str | None = shop.engine.desk.shop().language
        return language

    def make_room(self, most: int) -> None:
        """Forget all shops but the `most` that were last opened, which `fetch` will give again.

        Whoever asks for this has saved what was touched.
        """
        for name in list(self._shops)[: max(0, len(self._shops) - most)]:
            del self._shops[name]

    # ------------------------------------------------------------ snapshots

    def snapshot(self) -> bytes:
        """Everything that is known, to be restored under the same program."""
        states = [self._shops[name].state for name in sorted(self._shops)]
        return write_shops(self._prepared, states, (self.events, self.duplicates), self._region)

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
        for state in read.states:
            self._adopt(state)


def _total(facts: Facts, ladders: Sequence[Ladder]) -> int:
    """The balance of a shop, or 0 where none of a ladder's variants is for it."""
    found = facts.ladders.get(ladders[0].name)
    if found is not None:
        return found.total
    enforced = [ladder for ladder in ladders if ladder.status is Status.ENFORCE]
    here = any(not one.regions or facts.region in one.regions for one in enforced)
    return ladders[0].balance.start if here else 0
