"""Working appeals: each step is an event of the shop, judged by the policy, and kept in the ledger.

So what was filed and decided is part of the log, and a replay of the whole log gives the same.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from hashlib import sha256
from typing import Any, Final

import msgspec

from ..language.program import Program
from ..records.appeal import Appeal
from ..records.decision import Decision
from ..runtime.evaluator import Evaluator, Moved
from ..runtime.event_types import Event
from ..runtime.events import Decoder, encode_event
from ..runtime.instants import from_datetime
from ..runtime.rejections import Rejection
from .checkpoint import Checkpoint, Heard, Kept
from .ledger import Ledger
from .problems import LedgerProblem
from .reading import LedgerReader

STREAM: Final = "appeals"
"""The stream that steps are read from, as far as a ledger is concerned."""


@dataclass(frozen=True, slots=True)
class Step:
    """What a step came to: the appeal as it stands then, and the decisions that it brought."""

    appeal: Appeal
    decisions: tuple[Decision, ...]


class Casework:
    """The appeals of a ledger, to be filed, decided and everything between."""

    def __init__(self, ledger: Ledger, reader: LedgerReader) -> None:
        """Work on a ledger that is open for writing and for reading."""
        self._ledger = ledger
        self._reader = reader

    def take(self, shop: str, step: Mapping[str, Any], *, dry_run: bool = False) -> Step:
        """Let a step happen: an event about an appeal, with `type`, `occurred_at` and its fields.

        Args:
            shop: The shop whose appeal it is.
            step: The fields of the event; its id is made of what it says, so that saying it twice
                does it once.
            dry_run: Only look what would come of it.

        Raises:
            LedgerProblem: The shop is not in the ledger, the step does not fit the appeal, or it
                could not be written.
        """
        kept = next((one for one in self._reader.shops() if one.shop == shop), None)
        if kept is None:
            raise LedgerProblem(f"the ledger knows no shop `{shop}`")
        program = self._program(kept.policy)
        evaluator = Evaluator(program, region=kept.region, key=self._ledger.key)
        evaluator.fetch = self._fetch(kept.policy)
        event = _event(program, shop, step, kept.events + 1)
        if self._reader.has_event(shop, event.event_id):
            return Step(self._reader.appeal(step["appeal_id"]), ())
        moved: list[Moved] = []
        evaluator.follow(moved.append)
        decisions = evaluator.feed(event)
        if evaluator.quarantined:
            raise LedgerProblem(evaluator.quarantined[0].rejection.message)
        if not dry_run:
            checkpoint = Checkpoint(self._ledger.position(STREAM, kept.policy))
            checkpoint.decisions += decisions
            checkpoint.appeals += moved
            self._write(checkpoint, evaluator, event)
        return Step(_meant(moved, step["appeal_id"]), tuple(decisions))

    def _program(self, digest: str) -> Program:
        written = self._reader.policy(digest)
        program = None if written is None else written.compiled()
        if program is None or program.digest != digest:
            help_ = "run `revlex verify` to see what else is wrong with it"
            raise LedgerProblem("the policy that judges the shop is not in the ledger", help_)
        return program

    def _fetch(self, policy: str) -> Callable[[str], bytes | None]:
        def fetch(shop: str) -> bytes | None:
            kept = self._ledger.state(shop, policy)
            return None if kept is None else kept.state

        return fetch

    def _write(self, checkpoint: Checkpoint, evaluator: Evaluator, event: Event) -> None:
        shop, body, before = event.shop_id, encode_event(event), checkpoint.position
        digest = sha256(before.digest + body).digest()
        checkpoint.position = replace(before, read=before.read + 1, digest=digest)
        at = from_datetime(event.occurred_at)
        checkpoint.heard.append(Heard(shop, event.event_id, at, body))
        checkpoint.states[shop] = Kept(evaluator.region_of(shop), evaluator.save(shop))
        self._ledger.write(checkpoint, evaluator.program.digest)


def _event(program: Program, shop: str, step: Mapping[str, Any], sequence: int) -> Event:
    """The event of a step; of several at one instant, the sequence puts it behind the others."""
    said = {name: value for name, value in step.items() if value not in (None, [])}
    name = sha256(msgspec.json.encode({**said, "shop_id": shop}, order="sorted")).hexdigest()
    found = Decoder(program.catalog).convert(
        {**said, "shop_id": shop, "event_id": f"step-{name}", "sequence": sequence}
    )
    if isinstance(found, Rejection):
        raise LedgerProblem(found.message)
    return found


def _meant(moved: list[Moved], name: str) -> Appeal:
    """The appeal that a step was about, as it stands."""
    return next(one.appeal for one in reversed(moved) if one.appeal.appeal_id == name)
