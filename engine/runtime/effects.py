"""What appeals and remedies do to a shop, now and again when its history is evaluated anew.

Outcomes are facts: a rehearsal does not hear appeals again, but lets happen what they did,
at the moments at which they did it.
"""

from __future__ import annotations

from collections.abc import Callable

from ..language.program import Success
from .actions import Actions
from .desk import CASE, Desk
from .grants import unpacked
from .model import Effect
from .reversals import Grounds, Reversals
from .writing import Moment


class Effects:
    """The effects of one shop's appeals."""

    def __init__(self, desk: Desk, actions: Actions, reversals: Reversals) -> None:
        """Work at a desk, with the actions and reversals of the same shop."""
        self._desk = desk
        self._actions = actions
        self._reversals = reversals
        self._kept = any(process.retroactive for process in desk.prepared.program.appeals)
        self._replays: list[Effect] = []

    def do(self, effect: Effect) -> None:
        """Let an appeal have an effect, and keep that for when history is evaluated again."""
        if self._kept:
            self._desk.redress.journal.append(effect)
        self._apply(effect, Moment(effect.at, effect.event or f"lapse/{effect.case}", effect.event))

    def _apply(self, effect: Effect, moment: Moment) -> None:
        if effect.kind == "suspend":
            following = set(self._reversals.following(effect.decision))
            self._actions.suspend(following, effect.case, moment)
        elif effect.kind == "resume":
            self._actions.resume(effect.case, moment)
        elif effect.kind == "shorten":
            grounds = Grounds(effect.appeal, effect.reason, (Success.LIFT_ACTIONS,))
            self._reversals.shorten(effect.decision, unpacked(effect.length), grounds, moment)
        else:
            self._undo(effect, moment)

    def _undo(self, effect: Effect, moment: Moment) -> None:
        case = self._desk.redress.cases.get(effect.case)
        grounds = Grounds(
            appeal=effect.appeal,
            reason=effect.reason,
            success=tuple(map(Success, effect.success)),
            points=max(effect.points, 0),
            reviews=tuple(effect.reviews),
            whole=effect.points >= 0,
        )
        plan = self._reversals.reverse(effect.decision, grounds, moment)
        if case is not None and not self._desk.rehearsal:
            case.plan += plan
            case.new_decisions += [entry[3] for entry in plan if entry[3]]

    # ----------------------------------------------------------- rehearsing

    def expect(self, since: int) -> None:
        """Make ready to let happen in a rehearsal what appeals have done since an instant."""
        self._replays = [one for one in self._desk.redress.journal if one.at >= since]
        for effect in self._replays:
            if effect.event is None:
                self._desk.timer(effect.at, CASE, effect.case)

    def replay_event(self, moment: Moment) -> None:
        """Let happen in a rehearsal what an event did by an appeal."""
        self._replay(moment, lambda effect: effect.event == moment.event_id)

    def replay_lapse(self, key: str, now: int) -> None:
        """Let happen in a rehearsal what the passing of a deadline did."""
        moment = Moment(now, f"lapse/{key}")
        self._replay(moment, lambda one: one.event is None and (one.case, one.at) == (key, now))

    def _replay(self, moment: Moment, is_meant: Callable[[Effect], bool]) -> None:
        meant = [effect for effect in self._replays if is_meant(effect)]
        self._replays = [effect for effect in self._replays if effect not in meant]
        for effect in meant:
            self._apply(effect, moment)
