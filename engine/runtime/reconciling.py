"""Saying what has become of actions once history has been evaluated again.

An action may run differently although every decision that asked for it stands: what it was to last
until has come sooner, say, or not at all.
"""

from __future__ import annotations

from .action_records import ActionRecords
from .desk import Desk
from .grants import cap, counting, is_suspended
from .model import ActionState, Facts
from .writing import Moment


class Reconciling:
    """The actions of one shop, as they stood and as they stand now."""

    def __init__(self, desk: Desk, before: Facts, moment: Moment) -> None:
        """Compare what stood before with what a desk holds, at the moment of an appeal."""
        self._desk = desk
        self._before = before.actions
        self._moment = moment
        self.told: set[str] = set()
        """The keys of actions that decisions have spoken of already."""

    def write(self) -> None:
        """Say of every action how it differs, where nothing has been said."""
        after = self._desk.facts.actions
        records = ActionRecords(self._desk)
        for key in dict.fromkeys([*self._before, *after]):
            old, new = self._before.get(key), after.get(key)
            change = self._change(key, old, new)
            shown = old if change == "lifted" else new
            if change is not None and shown is not None:
                causes = [grant.decision for grant in counting(shown, self._moment.now)]
                records.changed(shown, change, self._moment, causes)

    def _differ(self, old: ActionState, new: ActionState) -> bool:
        """Whether an action that runs ends at another time, or has another cap."""
        now = self._moment.now
        overlap = self._desk.action(new.action, new.start).overlap
        return old.until != new.until or cap(old, overlap, now) != cap(new, overlap, now)

    def _change(self, key: str, old: ActionState | None, new: ActionState | None) -> str | None:
        """What has become of an action, if that has to be said."""
        now = self._moment.now
        ran = old is not None and bool(counting(old, now))
        runs = new is not None and bool(counting(new, now))
        if old is not None and new is not None and ran and runs:
            if is_suspended(old, now) != is_suspended(new, now):
                return "suspended" if is_suspended(new, now) else "resumed"
            return "kept" if self._differ(old, new) and key not in self.told else None
        if key in self.told or ran is runs:
            return None
        return "lifted" if ran else "applied"
