"""Evaluating a shop's history again, without what a successful appeal took out.

Where a policy recomputes retroactively, a shop keeps the events of the last retention and the facts
from before them. The rehearsal starts there and goes to where the shop stands now; `comparing.py`
writes what has come out differently.
"""

from __future__ import annotations

import msgspec

from ..records.decision import Mode
from .comparing import Comparing
from .desk import CASE
from .event_types import Event
from .events import Decoder
from .model import Chain, Facts, ShopState
from .prepared import Prepared
from .refused import Refused
from .shop import ShopEngine
from .snapshots import read_facts, write_facts
from .writing import Moment


class History:
    """The recent events of one shop, and what they would have brought."""

    def __init__(self, prepared: Prepared, state: ShopState, decoder: Decoder) -> None:
        """Work on a shop's state."""
        self._prepared = prepared
        self._state = state
        self._decoder = decoder
        self._kept = any(process.retroactive for process in prepared.program.appeals)

    # ------------------------------------------------------------- keeping

    def note(self, event: Event, now: int) -> None:
        """Keep an event that is about to happen, if history may be evaluated again."""
        if not self._kept:
            return
        state, retention = self._state, self._prepared.program.retention
        if not state.base:
            state.base, state.base_at = write_facts(state.facts), now
        elif not state.middle and now - state.base_at > retention:
            self._mark(now)
        elif state.middle and now - state.middle_at > retention:
            self._move_on()
            self._mark(now)
        state.log.append((now, msgspec.json.encode(event)))

    def _mark(self, now: int) -> None:
        """Keep what stands now as the base of later days."""
        state = self._state
        state.middle, state.middle_at = write_facts(state.facts), now
        state.middle_index = len(state.log)

    def _move_on(self) -> None:
        """Begin history later, and forget what appeals did before that."""
        state, redress, begin = self._state, self._state.redress, self._state.middle_at
        state.base, state.base_at = state.middle, begin
        del state.log[: state.middle_index]
        self._forget_what_appeals_did(begin)
        redress.journal = [effect for effect in redress.journal if effect.at >= begin]

    def _forget_what_appeals_did(self, begin: int) -> None:
        """Forget what history is evaluated without, where it is from before its beginning."""
        state, redress = self._state, self._state.redress
        reviews = state.facts.entities["review"]
        redress.void = {one: at for one, at in redress.void.items() if at >= begin}
        redress.reduced = {one: cut for one, cut in redress.reduced.items() if cut[1] >= begin}
        redress.excluded = {
            one: at for one, at in redress.excluded.items() if at >= begin or one in reviews
        }

    def begin_behind(self, count: int) -> None:
        """Let history begin behind the first `count` events of the log, which are forgotten."""
        state, redress = self._state, self._state.redress
        gone, last = state.log[:count], state.log[count - 1][0]
        engine = self._engine("live")
        self._replay(engine, gone)
        state.base, state.base_at = write_facts(engine.facts), last
        state.log = state.log[count:]
        if state.middle_index > count:
            state.middle_index -= count
        else:
            state.middle, state.middle_at, state.middle_index = b"", 0, 0
        self._forget_what_appeals_did(last)
        happened = {self._event(line).event_id for _, line in gone}
        redress.journal = [
            effect
            for effect in redress.journal
            if effect.at > last
            or (effect.at == last and effect.event is not None and effect.event not in happened)
        ]

    # ----------------------------------------------------------- rewriting

    def rewrite(self, standing: ShopEngine, key: str, moment: Moment) -> ShopEngine:
        """Evaluate history again for an appeal; gives the engine that goes on from there."""
        state, mode = self._state, standing.desk.writer.mode
        rehearsal = self._rehearse(key, moment, mode)
        before, again = standing.facts, rehearsal.take()
        facts = _carried_over(before, rehearsal.facts)
        engine = ShopEngine(self._prepared, state.shop, facts, state.redress, state.chain, mode)
        Comparing(engine, before, state.redress.cases[key], moment).write(again)
        return engine

    def _rehearse(self, key: str, moment: Moment, mode: Mode) -> ShopEngine:
        """Let everything happen again, up to what a moment has brought."""
        engine = self._engine(mode)
        self._replay(engine, self._state.log)
        if moment.event_id is None:
            engine.run_through((moment.now, CASE, key))
        return engine

    def _engine(self, mode: Mode) -> ShopEngine:
        """What history is evaluated again with, where it begins."""
        state = self._state
        facts = read_facts(self._prepared, state.base)
        engine = ShopEngine(
            self._prepared, state.shop, facts, state.redress, Chain(), mode, rehearsal=True
        )
        engine.effects.expect(state.base_at)
        return engine

    def _replay(self, engine: ShopEngine, log: list[tuple[int, bytes]]) -> None:
        state = self._state
        for index, (now, line) in enumerate(log):
            engine.advance(now)
            if state.middle and index == state.middle_index:
                state.middle = write_facts(engine.facts)
            _happen(engine, self._event(line), now)

    def _event(self, line: bytes) -> Event:
        event = self._decoder.decode(line)
        assert isinstance(event, Event)  # noqa: S101  # it was one when it was kept
        return event


def _happen(engine: ShopEngine, event: Event, now: int) -> None:
    """Let an event happen; one that does not fit what is known changes nothing, now as then."""
    try:
        engine.handle(event, now)
    except Refused:
        return


def _carried_over(before: Facts, after: Facts) -> Facts:
    """Rehearsed facts with what a rehearsal does not change: time, drafts, deadlines of appeals."""
    after.clock = max(after.clock, before.clock)
    after.drafted, after.last_template = before.drafted, before.last_template
    rehearsed = [timer for timer in after.timers if timer[1] != CASE]
    after.timers = sorted([*rehearsed, *(timer for timer in before.timers if timer[1] == CASE)])
    return after
