"""Ladders: points that count and expire, and the balance that they come to.

A balance follows from what counts, in order of time, each clamped between the balance's ends. Where
there is no end that points could meet it is a plain sum, and is kept as one.
"""

from __future__ import annotations

from dataclasses import dataclass

from ..language.program import Ladder, Status
from ..records.decision import Decision, Evidence, Outcome, PointsChange
from .actions import Actions
from .climbing import Climbing, Move
from .desk import POINTS, Desk
from .model import Contribution, LadderState
from .writing import Moment, Wording


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
        before, state.total = state.total, ladder.balance.moved(state.total, points)
        state.ended = state.ended or _at_end(ladder, state.total)
        self._climbing.climb(Move(ladder, state, before, state.total, decision), moment)

    # -------------------------------------------------------------- falling

    def due(self, ref: str, now: int) -> None:
        """A timer went: points expire, unless the ladder has ended."""
        name, _, cause = ref.partition("|")
        ladder = self._named(name)
        state = self._desk.facts.ladders.get(name)
        if ladder is None or state is None or state.ended:
            return
        contribution = state.contributions.get(cause)
        if contribution is None or contribution.expires_at is None:
            return
        if contribution.expires_at > now:
            return
        before, points = state.total, contribution.points
        _set(ladder, state, cause, 0)
        change = changed(ladder, before, state.total, -points)
        self._expired(ladder, cause, change, now)

    def _named(self, name: str) -> Ladder | None:
        ladders = self._desk.prepared.program.ladders
        return next((ladder for ladder in ladders if ladder.name == name), None)

    def _expired(self, ladder: Ladder, cause: str, change: PointsChange, at: int) -> None:
        points = change.delta if change.stated is None else change.stated
        wording = Wording(
            kind="points",
            section="escalations",
            item=ladder,
            span=ladder.span,
            outcome=Outcome(ladder=ladder.name, points=[change]),
            evidence=Evidence(causes=[cause]),
            because=f"{abs(points)} points expired",
            extra=cause,
        )
        subject = self._desk.writer.subject("shop", self._desk.writer.shop)
        self._desk.writer.write(wording, subject, Moment(at, f"expiry/{ladder.name}/{at}"))

    def take_back(self, violation: str, remaining: int) -> list[Fall]:
        """Take points back, all or down to `remaining`; once that is written, ladders go on."""
        falls = []
        for ladder in self._desk.prepared.program.ladders:
            state = self._desk.facts.ladders.get(ladder.name)
            contribution = state.contributions.get(violation) if state else None
            if state is None or contribution is None:
                continue
            before, taken = state.total, contribution.points - remaining
            _set(ladder, state, violation, remaining)
            falls.append(Fall(ladder, before, state.total, -taken))
        return falls

    def go_on(self, falls: list[Fall], now: int) -> None:
        """Let expire what would have expired while ladders were at the end that they have left."""
        for ladder in (fall.ladder for fall in falls):
            state = self.state(ladder)
            if state.ended and not _at_end(ladder, state.total):
                state.ended = False
                self._catch_up(ladder, state, now)

    def _catch_up(self, ladder: Ladder, state: LadderState, now: int) -> None:
        for cause, contribution in list(state.contributions.items()):
            if contribution.expires_at is not None and contribution.expires_at <= now:
                self.due(f"{ladder.name}|{cause}", now)


def _at_end(ladder: Ladder, total: int) -> bool:
    depth, terminal = ladder.balance.depth, ladder.terminal
    return terminal is not None and depth(total) >= depth(terminal)


def _set(ladder: Ladder, state: LadderState, cause: str, points: int) -> None:
    """Let a decision bring other points than it did, or none, and work the balance out anew."""
    held = state.contributions
    was, held[cause].points = held[cause].points, points
    if not points:
        del held[cause]
    if ladder.balance.is_sum:
        state.total += points - was
    else:
        state.total = ladder.balance.after(one.points for one in held.values())
