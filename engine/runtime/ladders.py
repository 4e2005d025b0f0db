"""Ladders: points that count and expire, and the balance that they come to.

A balance follows from what counts, in order of time, each clamped between the balance's ends. Where
there is no end that points could meet it is a plain sum, and is kept as one.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Literal

from ..language.program import Ladder, Status
from ..records.decision import Decision, Evidence, Outcome, PointsChange
from .actions import Actions
from .adopting import TURN, Adopting
from .climbing import Climbing, Move
from .desk import POINTS, Desk
from .instants import OutOfCalendar
from .model import Contribution, Issued, LadderState
from .schedule import next_check
from .writing import Moment, Wording

MOST_HELD = 1_000
"""Nothing more is earned on a ladder while so many decisions count there.

A balance with ends is worked out from all of them whenever one goes.
"""


@dataclass(frozen=True, slots=True)
class Fall:
    """A ladder's balance before and after points were taken back; `stated` is how many."""

    ladder: Ladder
    before: int
    after: int
    stated: int

    @property
    def change(self) -> PointsChange:
        """The same for the record."""
        return changed(self.ladder, self.before, self.after, self.stated)


def changed(
    ladder: Ladder, before: int, after: int, points: int, expires: str | None = None
) -> PointsChange:
    """How points against the shop, more or fewer than before, have moved a balance."""
    stated, delta = ladder.balance.change(points), after - before
    cut = None if stated == delta else stated
    return PointsChange(ladder.name, before, delta, after, expires, cut)


class Ladders:
    """The ladders of one shop."""

    def __init__(self, desk: Desk, actions: Actions) -> None:
        """Work at a desk."""
        self._desk = desk
        self._climbing = Climbing(desk, actions)
        self._adopting = Adopting(desk)

    def counting(self, violation: str) -> list[Ladder]:
        """The ladders that count a violation."""
        region, now = self._desk.facts.region, self._desk.facts.clock
        return [
            ladder
            for ladder in self._desk.prepared.program.ladders
            if ladder.status is Status.ENFORCE
            and ladder.applies(region, now)
            and (not ladder.violations or violation in ladder.violations)
        ]

    def state(self, ladder: Ladder) -> LadderState:
        """The state of a ladder."""
        known = self._desk.facts.ladders.get(ladder.name)
        if known is None:
            known = LadderState(total=ladder.balance.start)
            self._desk.facts.ladders[ladder.name] = known
        return known

    def preview(self, violation: str, points: int, now: int) -> list[PointsChange]:
        """What adding points would do to each ladder that counts the violation."""
        changes = []
        for ladder in self.counting(violation) if points else ():
            total = self._desk.measuring.points(ladder.name)
            expires = self._desk.writer.time(self._expiry(ladder, now))
            after = ladder.balance.moved(total, points)
            changes.append(changed(ladder, total, after, points, expires))
        return changes

    def _expiry(self, ladder: Ladder, now: int) -> int | None:
        return None if ladder.expire is None else self._desk.lasts(now, ladder.expire)

    def add(self, violation: str, points: int, decision: Decision, moment: Moment) -> None:
        """Add the points of a violation, then warn and climb as the new balance asks."""
        for ladder in self.counting(violation) if points else ():
            self._count(ladder, points, decision, moment)

    def _count(self, ladder: Ladder, points: int, decision: Decision, moment: Moment) -> None:
        state, expires = self.state(ladder), self._expiry(ladder, moment.now)
        added = Contribution(points, moment.now, expires)
        state.contributions[decision.decision_id] = added
        if expires is not None:
            self._desk.timer(expires, POINTS, f"{ladder.name}|{decision.decision_id}")
        self.await_reset(ladder, state, moment.now)
        self._adopting.await_turn(ladder, state, moment.now)
        before, state.total = state.total, ladder.balance.moved(state.total, points)
        self._moved(Move(ladder, state, before, state.total, decision), moment)

    def _moved(self, move: Move, moment: Moment) -> None:
        """See to what a balance has come to."""
        move.state.ended = move.state.ended or _at_end(move.ladder, move.after)
        self._climbing.climb(move, moment)

    def recover(self, ladders: Iterable[Ladder], moment: Moment) -> None:
        """Lift what was to last only while milestones are reached that ladders have lost."""
        for name in dict.fromkeys(ladder.name for ladder in ladders):
            state = self._desk.facts.ladders.get(name)
            if state is None:
                continue
            for variant in self._desk.prepared.ladders.variants[name]:
                self._climbing.recover(variant, state.total, moment)

    def taken_over(self, now: int) -> None:
        """Go on from the ladders that another program has left."""
        for name, state in self._desk.facts.ladders.items():
            ladder = self._desk.ladder(name, now)
            state.reset_at = state.turn_at = None
            if not state.contributions:
                state.total = ladder.balance.start
                continue
            self.await_reset(ladder, state, now)
            if self._desk.prepared.program.adopts:
                self._adopting.turn(ladder, state, now)
            else:
                self._adopting.await_turn(ladder, state, now)

    # -------------------------------------------------------------- earning

    def earn(self, ladder: Ladder, points: int, wording: Wording, moment: Moment) -> None:
        """Give points back, as many as the balance has room for."""
        if len(self.state(ladder).contributions) >= MOST_HELD:
            return
        balance, before = ladder.balance, self.state(ladder).total
        after = balance.moved(before, -points)
        given = balance.depth(before) - balance.depth(after)
        if not given:
            return
        expires = self._desk.writer.time(self._expiry(ladder, moment.now))
        change = changed(ladder, before, after, -given, expires)
        outcome = Outcome(ladder=ladder.name, points=[change], adjusted="earned")
        decision = self._write(replace(wording, outcome=outcome), moment)
        issued = Issued(
            kind="points",
            rule=ladder.name,
            at=moment.now,
            root=decision.decision_id,
            points=-given,
            event=moment.event_id,
        )
        self._desk.register.add(decision.decision_id, issued)
        self._count(ladder, -given, decision, moment)
        self.recover((ladder,), moment)

    # -------------------------------------------------------------- falling

    def due(self, ref: str, now: int) -> None:
        """A timer went: points expire or a ladder is reset, unless it has ended."""
        name, _, cause = ref.partition("|")
        ladder = self._desk.ladder(name, now)
        state = self._desk.facts.ladders.get(name)
        if state is None:
            return
        if not cause:
            self._reset_due(ladder, state, now)
        elif cause == TURN:
            self._adopting.turn(ladder, state, now)
        elif not state.ended:
            self._expire(ladder, state, cause, now)

    def _expire(self, ladder: Ladder, state: LadderState, cause: str, now: int) -> None:
        contribution = state.contributions.get(cause)
        if contribution is None or contribution.expires_at is None:
            return
        if contribution.expires_at > now:
            return
        before, points = state.total, contribution.points
        _set(ladder, state, cause, 0)
        change = changed(ladder, before, state.total, -points)
        told = f"{abs(points)} {'earned ' if points < 0 else ''}points expired"
        wording = _adjusting(ladder, "expired", change, told, [cause])
        moment = Moment(now, f"expiry/{ladder.name}/{now}")
        decision = self._write(replace(wording, extra=cause), moment)
        self._moved(Move(ladder, state, before, state.total, decision), moment)
        self.recover((ladder,), moment)

    def _write(self, wording: Wording, moment: Moment) -> Decision:
        subject = self._desk.writer.subject("shop", self._desk.writer.shop)
        return self._desk.writer.write(wording, subject, moment)

    # ------------------------------------------------------------ resetting

    def await_reset(self, ladder: Ladder, state: LadderState, now: int) -> None:
        """Ask to be woken at the next reset, now that there is something to forget."""
        if ladder.reset is None or state.reset_at is not None:
            return
        try:
            state.reset_at = next_check(ladder.reset, self._desk.calendar, now)
        except OutOfCalendar:
            return
        self._desk.timer(state.reset_at, POINTS, f"{ladder.name}|")

    def _reset_due(self, ladder: Ladder, state: LadderState, now: int) -> None:
        state.reset_at = None
        if state.ended:
            state.missed = now
            self.await_reset(ladder, state, now)
        else:
            self._reset(ladder, state, now, now)

    def _reset(self, ladder: Ladder, state: LadderState, before: int, now: int) -> None:
        """Forget everything that was counted before an instant."""
        state.counted = {}
        gone = [one for one, held in state.contributions.items() if held.issued_at < before]
        if not gone:
            return
        total = state.total
        for cause in gone:
            del state.contributions[cause]
        state.total = ladder.balance.after(one.points for one in state.contributions.values())
        change = PointsChange(ladder.name, total, state.total - total, state.total)
        wording = _adjusting(ladder, "reset", change, "the ladder begins anew", gone)
        moment = Moment(now, f"reset/{ladder.name}/{before}")
        self._write(wording, moment)
        self.recover((ladder,), moment)

    # ---------------------------------------------------------- taking back

    def take_back(self, cause: str, remaining: int) -> list[Fall]:
        """Take points back, all or down to `remaining`; once that is written, ladders go on."""
        falls = []
        for name in self._desk.prepared.ladders:
            ladder = self._desk.ladder(name, self._desk.facts.clock)
            state = self._desk.facts.ladders.get(ladder.name)
            contribution = state.contributions.get(cause) if state else None
            if state is None or contribution is None:
                continue
            before, taken = state.total, contribution.points - remaining
            _set(ladder, state, cause, remaining)
            falls.append(Fall(ladder, before, state.total, -taken))
        return falls

    def go_on(self, falls: list[Fall], decision: Decision, moment: Moment) -> None:
        """See to the balances that a decision has taken points back from.

        One that has left its end lets go what would have gone while it was there.
        """
        for fall in falls:
            state = self.state(fall.ladder)
            self._moved(Move(fall.ladder, state, fall.before, fall.after, decision), moment)
            if state.ended and not _at_end(fall.ladder, state.total):
                state.ended = False
                self._catch_up(fall.ladder, state, moment.now)

    def _catch_up(self, ladder: Ladder, state: LadderState, now: int) -> None:
        if state.missed is not None:
            missed, state.missed = state.missed, None
            self._reset(ladder, state, missed, now)
        for cause in list(state.contributions):
            self._expire(ladder, state, cause, now)


def _adjusting(
    ladder: Ladder,
    how: Literal["expired", "earned", "reset"],
    change: PointsChange,
    because: str,
    causes: list[str],
) -> Wording:
    """Points that come or go without a violation."""
    return Wording(
        kind="points",
        section="escalations",
        item=ladder,
        span=ladder.span,
        outcome=Outcome(ladder=ladder.name, points=[change], adjusted=how),
        evidence=Evidence(causes=causes),
        because=because,
    )


def _at_end(ladder: Ladder, total: int) -> bool:
    depth, terminal = ladder.balance.depth, ladder.terminal
    return terminal is not None and depth(total) >= depth(terminal)


def _set(ladder: Ladder, state: LadderState, cause: str, points: int) -> None:
    """Let a decision bring other points than it did, or none, and work the balance out anew."""
    held = state.contributions
    was, held[cause].points = held[cause].points, points
    if not points:
        del held[cause]
    if ladder.is_sum and not state.counted:  # under another variant points may have been earned
        state.total += points - was
    else:
        state.total = ladder.balance.after(one.points for one in held.values())
