"""The history of a shop from a ledger: its events are evaluated once more, and looked on."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator
from contextlib import closing
from fractions import Fraction
from functools import partial
from typing import Any

import msgspec

from ...language.diagnostics import did_you_mean
from ...language.program import Program, Threshold
from ...ledger.auditing.fed import no_event
from ...ledger.auditing.programs import Programs
from ...ledger.auditing.sitting import Bench, Sitting
from ...ledger.checkpoint import TakenOver
from ...ledger.privacy.anchors import Anchor, anchor_of
from ...ledger.problems import LedgerProblem
from ...ledger.reading import KeptShop, LedgerReader
from ...records.appeal import Appeal
from ...records.decision import Decision
from ...records.values import type_name
from ...runtime.evaluator import Evaluator
from ...runtime.event_types import Event
from ...runtime.events import Decoder
from ...runtime.measuring import Measured
from .crossings import Key
from .sampling import Look
from .sources import OnLook, OnReview, ReviewEvent, Unknown

_ABOUT_REVIEWS = "review."
_TAKEN_OUT = "texts or events were taken out of them later"


class LedgerSource:
    """Reads one shop of a ledger; nothing is held in memory but what is shown."""

    has_reviews = True

    def __init__(self, reader: LedgerReader, shop: str) -> None:
        """Read about a shop.

        Raises:
            Unknown: The ledger has no such shop.
            LedgerProblem: The ledger cannot be read.
        """
        self.name = reader.name
        self.shop = shop
        self.on_event: Callable[[int], None] | None = None
        self._reader = reader
        self._kept = _kept(reader, shop)
        self._anchor = _anchor(reader, shop)
        self._judged = 0 if self._anchor is None else self._anchor.stood.events
        self._programs = Programs(reader)
        self.program = self._programs.get(self._kept.policy)
        if self.program is None:
            help_ = "run `revlex verify` to see what else is wrong with it"
            raise LedgerProblem("the policy that judges the shop is not in the ledger", help_)

    @property
    def region(self) -> str:
        """The region of the shop."""
        return self._kept.region

    @property
    def missing(self) -> tuple[str, ...]:
        """What cannot be told: what the checks saw of events that are not as they were."""
        anchor = self._anchor
        if anchor is None:
            return ()
        seen = f"what the checks saw of the first {anchor.stood.events:,} events: {_TAKEN_OUT}"
        gone = f"reviews among the first {anchor.stood.dropped:,} events: these were dropped"
        return (seen, gone) if anchor.stood.dropped else (seen,)

    def bounds(self) -> tuple[int, int] | None:
        """When the first and the last event were."""
        with closing(self._reader.events(self.shop)) as rows:
            first = next((row.at for row in rows), None)
        last = self._reader.last_event_at(self.shop)
        return None if first is None or last is None else (min(first, last), last)

    def decisions(self) -> Iterator[Decision]:
        """The decisions of the shop."""
        decoder = msgspec.json.Decoder(Decision)
        with closing(self._reader.entries(self.shop)) as rows:
            for row in rows:
                try:
                    yield decoder.decode(row.body)
                except msgspec.MsgspecError as error:
                    help_ = "run `revlex verify` to see what else is wrong"
                    message = f"entry {row.sequence} of shop `{self.shop}` is no decision record"
                    raise LedgerProblem(message, help_) from error

    def appeals(self) -> list[Appeal]:
        """The appeals of the shop."""
        with closing(self._reader.appeals(self.shop)) as rows:
            newest = {row.key: row.body for row in rows}
        found = [msgspec.json.decode(body, type=Appeal) for body in newest.values()]
        return sorted(found, key=lambda one: (one.opened_at, one.appeal_id))

    def relive(self, wanted: Collection[Key], on_look: OnLook, on_review: OnReview) -> None:
        """Evaluate the events once more; what the checks see then is what they saw."""
        bench = Bench(self._programs, b"")
        policy = self._reader.policy_at(self._kept, self._judged)
        equip = partial(_equip, wanted=wanted, on_look=on_look)
        sitting = Sitting(bench, self.shop, self._kept.region, policy, equip)
        if self._anchor is not None:
            _go_on(sitting.evaluator, self._anchor)
        with closing(self._reader.events(self.shop)) as rows:
            for number, row in enumerate(rows, start=1):
                if self.on_event is not None:
                    self.on_event(number)
                self._happen(sitting, row, on_review)
                sitting.evaluator.quarantined.clear()

    def _happen(self, sitting: Sitting, row: Any, on_review: OnReview) -> None:
        """Let a row happen once more; what came before texts were taken out is only told."""
        found = self._event(sitting.decoder, row) if row.event_id else no_event(row)
        if isinstance(found, Event):
            _tell(found, row.at, on_review)
        if row.number <= self._judged:
            return
        if isinstance(found, Event):
            sitting.evaluator.feed(found)
        elif isinstance(found, TakenOver):
            sitting.take_over(found)
        elif isinstance(found, int):
            sitting.evaluator.advance_shop(self.shop, found)

    def _event(self, decoder: Decoder, row: Any) -> Event:
        event = decoder.decode(row.body.encode("utf-8", "surrogatepass"))
        if not isinstance(event, Event):
            help_ = "run `revlex verify` to see what else is wrong"
            raise LedgerProblem(f"event {row.number} of shop `{self.shop}` is no event", help_)
        return event


def _kept(reader: LedgerReader, shop: str) -> KeptShop:
    shops = {one.shop: one for one in reader.shops()}
    if shop not in shops:
        help_ = did_you_mean(shop, shops) or f"shops in it: {len(shops):,}"
        raise Unknown(f"the ledger {reader.name} has no shop `{shop}`", help_)
    return shops[shop]


def _anchor(reader: LedgerReader, shop: str) -> Anchor | None:
    """How the shop stood when texts or events were taken out of it the last time."""
    row = reader.anchor(shop)
    return None if row is None else anchor_of(row)


def _go_on(evaluator: Evaluator, anchor: Anchor) -> None:
    try:
        evaluator.load(anchor.state)
    except ValueError as error:
        help_ = "run `revlex verify` to see what else is wrong"
        message = f"the anchor of shop `{anchor.shop}` is not what was written"
        raise LedgerProblem(message, help_) from error


def _tell(event: Event, at: int, on_review: OnReview) -> None:
    if event.type.startswith(_ABOUT_REVIEWS):
        on_review(ReviewEvent(at, event.type, getattr(event, "stars", None)))


def _equip(evaluator: Evaluator, wanted: Collection[Key], on_look: OnLook) -> None:
    evaluator.observe(_observer(evaluator.program, wanted, on_look))


def _observer(
    program: Program, wanted: Collection[Key], on_look: OnLook
) -> Callable[[Threshold, str, int, Measured, str], None]:
    """What the evaluator calls at each look; those that nobody wants cost next to nothing."""
    units = {name: type_name(one.value.type) for name, one in program.measures.items()}

    def observe(threshold: Threshold, subject: str, now: int, measured: Measured, _: str) -> None:
        if (threshold.name, subject) not in wanted:
            return
        value = measured.value
        exact = Fraction(value) if isinstance(value, int | Fraction) else None
        unit = units.get(threshold.measure or "", "")
        on_look(Look(now, threshold.name, threshold.measure, subject, exact, unit, measured.sample))

    return observe
