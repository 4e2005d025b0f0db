"""Points that get the length of a ladder's new variant, from its first instant on.

That is what `in_flight: adopt` asks for. Without it points keep the length they were given with.
"""

from __future__ import annotations

from ..language.program import Ladder, Status
from .desk import POINTS, Desk
from .model import LadderState

TURN = "turn"
"""Stands for a decision in timers of ladders whose variant changes; no decision is called so."""


class Adopting:
    """The turns of one shop's ladders."""

    def __init__(self, desk: Desk) -> None:
        """Work at a desk."""
        self._desk = desk

    def await_turn(self, ladder: Ladder, state: LadderState, now: int) -> None:
        """Ask to be woken when another variant of a ladder begins, if points adopt its terms."""
        prepared = self._desk.prepared
        variants = prepared.ladders.variants[ladder.name]
        if not prepared.program.adopts or len(variants) == 1 or state.turn_at is not None:
            return
        starts = [one.effective.start for one in variants if self._is_for(one)]
        state.turn_at = min((at for at in starts if at is not None and at > now), default=None)
        if state.turn_at is not None:
            self._desk.timer(state.turn_at, POINTS, f"{ladder.name}|{TURN}")

    def _is_for(self, ladder: Ladder) -> bool:
        here = not ladder.regions or self._desk.facts.region in ladder.regions
        return here and ladder.status is Status.ENFORCE

    def turn(self, ladder: Ladder, state: LadderState, now: int) -> None:
        """Let all that counts expire under the terms of a variant that begins to speak."""
        state.turn_at = None
        for cause, one in state.contributions.items():
            one.expires_at = None
            if ladder.expire is not None:
                one.expires_at = self._desk.lasts(one.issued_at, ladder.expire)
                self._desk.timer(max(one.expires_at, now), POINTS, f"{ladder.name}|{cause}")
        self.await_turn(ladder, state, now)
