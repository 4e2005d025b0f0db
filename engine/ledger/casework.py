"""Working appeals: each step is an event of the shop, judged by the policy, and kept in the ledger.

So what was filed and decided is part of the log, and a replay of the whole log gives the same.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from hashlib import sha256
from pathlib import Path
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
from .auditing.programs import Programs
from .checkpoint import PASSING, Checkpoint, Heard, Kept, stream_of
from .evidence import EvidenceStore
from .handed_in import Handed, check_count, digests_in, hand_in, kinds_of
from .ledger import Ledger
from .problems import LedgerProblem
from .reading import KeptShop, LedgerReader

STREAM: Final = "appeals"
"""The stream that steps are read from, as far as a ledger is concerned."""


_STEPS: Final = "appeal."
"""How the types of the events begin that are steps of appeals."""


@dataclass(frozen=True, slots=True)
class Step:
    """What a step came to: the appeal as it stands then, and the decisions that it brought."""

    appeal: Appeal
    decisions: tuple[Decision, ...]


@dataclass(frozen=True, slots=True)
class Expected:
    """How somebody has seen an appeal who means to take a step; nothing: however it stands.

    The version is the number of states that it had entered.
    """

    state: str | None = None
    version: int | None = None

    def fits(self, appeal: Appeal) -> bool:
        """Whether an appeal still stands so."""
        as_seen = self.state in (None, appeal.state)
        return as_seen and self.version in (None, len(appeal.history))


_ANYHOW: Final = Expected()


class Casework:
    """The appeals of a ledger, to be filed, decided and everything between."""

    def __init__(
        self, ledger: Ledger, reader: LedgerReader, store: EvidenceStore | None = None
    ) -> None:
        """Work on a ledger that is open for writing and for reading; files go into the store."""
        self._ledger = ledger
        self._reader = reader
        self._store = store

    def take(
        self,
        shop: str,
        step: Mapping[str, Any],
        *,
        files: Sequence[tuple[str, Path]] = (),
        expected: Expected = _ANYHOW,
        dry_run: bool = False,
    ) -> Step:
        """Let a step happen: an event about an appeal, with `type`, `occurred_at` and its fields.

        Args:
            shop: The shop whose appeal it is.
            step: The fields of the event; its id is made of what it says, so that saying it twice
                does it once.
            files: What is handed in with it, each the kind of evidence that it is and a file.
            expected: How the appeal has to stand for the step to be taken.
            dry_run: Only look what would come of it.

        Raises:
            LedgerProblem: The shop is not in the ledger, the appeal does not stand as expected, the
                step does not fit it, a file is not taken, or something could not be written.
            OSError: A file could not be read or kept.
        """
        kept, name = self._reader.shop(shop), _named(step)
        program, before = self._program(kept.policy), self._before(shop, name)
        handed = self._handed(program, before, step.get("evidence") or (), files)
        event = _event(program, shop, {**step, "evidence": list(handed.evidence)}, kept.events + 1)
        if self._reader.has_event(shop, event.event_id):
            return Step(self._reader.appeal(name, shop), ())
        if before is not None and not expected.fits(before):
            raise _changed(before)
        evaluator, moved = self._evaluator(program, kept), list[Moved]()
        evaluator.follow(moved.append)
        decisions = self._happen(evaluator, event)
        if _was_taken(evaluator, event):
            return Step(self._reader.appeal(name, shop), ())
        _check_applied(evaluator, event, before)
        if not dry_run:
            position = self._ledger.position(stream_of(STREAM, kept.policy), kept.policy)
            checkpoint = Checkpoint(position, decisions=decisions, appeals=moved)
            self._keep(checkpoint, handed)
            self._write(checkpoint, evaluator, event)
        return Step(_meant(moved, name), tuple(decisions))

    # ------------------------------------------------------------- what is known

    def _program(self, digest: str) -> Program:
        program = Programs(self._reader).get(digest)
        if program is None:
            help_ = "run `revlex verify` to see what else is wrong with it"
            raise LedgerProblem("the policy that judges the shop is not in the ledger", help_)
        return program

    def _before(self, shop: str, name: str) -> Appeal | None:
        """The appeal of a name as it stands, if there is one already."""
        return self._reader.appeal(name, shop) if self._reader.has_appeal(shop, name) else None

    def _evaluator(self, program: Program, kept: KeptShop) -> Evaluator:
        evaluator = Evaluator(program, region=kept.region, key=self._ledger.key)
        evaluator.fetch = self._fetch(kept.policy)
        return evaluator

    def _happen(self, evaluator: Evaluator, event: Event) -> list[Decision]:
        """Let a step happen; where events wait for late ones, it does not: time passes to it."""
        decisions = evaluator.feed(event)
        if evaluator.program.lateness:
            now = from_datetime(event.occurred_at)
            decisions += evaluator.advance_shop(event.shop_id, now)
        return decisions

    def _fetch(self, policy: str) -> Callable[[str], bytes | None]:
        def fetch(shop: str) -> bytes | None:
            kept = self._ledger.state(shop, policy)
            return None if kept is None else kept.state

        return fetch

    # ------------------------------------------------------------------ evidence

    def _handed(
        self,
        program: Program,
        before: Appeal | None,
        evidence: Sequence[str],
        files: Sequence[tuple[str, Path]],
    ) -> Handed:
        """What is handed in, looked at and counted together with what was before."""
        wanted = () if before is None else before.evidence_wanted
        handed = hand_in(evidence, files, {*kinds_of(program), *wanted})
        own = digests_in(handed.evidence)
        for digest in own - {attachment.digest for attachment, _ in handed.files}:
            self._reader.attachment(digest)
        if own and before is not None:
            earlier = self._reader.evidence_of(before.shop, before.appeal_id)
            check_count(len(own | digests_in(earlier)))
        return handed

    def _keep(self, checkpoint: Checkpoint, handed: Handed) -> None:
        """Put files where they are kept; the ledger names them only afterwards."""
        if not handed.files:
            return
        if self._store is None:
            raise LedgerProblem("it is not said where the evidence of the ledger is kept")
        for attachment, content in handed.files:
            self._store.keep(attachment, content)
            checkpoint.attachments.append(attachment)

    # ------------------------------------------------------------------- writing

    def _write(self, checkpoint: Checkpoint, evaluator: Evaluator, event: Event) -> None:
        shop, body, before = event.shop_id, encode_event(event), checkpoint.position
        digest = sha256(before.digest + body).digest()
        checkpoint.position = replace(before, read=before.read + 1, digest=digest)
        at = from_datetime(event.occurred_at)
        checkpoint.heard.append(Heard(shop, event.event_id, at, body))
        if evaluator.program.lateness:
            checkpoint.heard.append(Heard(shop, "", at, PASSING))
        checkpoint.states[shop] = Kept(evaluator.region_of(shop), evaluator.save(shop))
        self._ledger.write(checkpoint, evaluator.program.digest)


def _named(step: Mapping[str, Any]) -> str:
    """The appeal that a step is about.

    Raises:
        LedgerProblem: It is about none.
    """
    type_, name = step.get("type"), step.get("appeal_id")
    if not str(type_).startswith(_STEPS) or not isinstance(name, str):
        help_ = "name its `type`, such as `appeal.filed`, and its `appeal_id`"
        raise LedgerProblem("a step is an event about an appeal", help_)
    return name


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


def _was_taken(evaluator: Evaluator, event: Event) -> bool:
    """Whether a step was taken before, though the log has forgotten it: only its place differs."""
    again = [one for one in evaluator.quarantined if one.event.event_id == event.event_id]
    return bool(evaluator.duplicates) or any(one.rejection.reason == "conflict" for one in again)


def _check_applied(evaluator: Evaluator, event: Event, before: Appeal | None) -> None:
    """Make sure that a step was applied, and nothing else turned away that had waited for it.

    Raises:
        LedgerProblem: It was not.
    """
    turned_away = {one.event.event_id: one.rejection for one in evaluator.quarantined}
    if event.event_id in turned_away:
        raise _refused(turned_away[event.event_id], before)
    if turned_away:
        help_ = "let time pass first, with `revlex advance`, which puts them into the quarantine"
        raise LedgerProblem("events of the shop have waited that cannot be applied", help_)


def _refused(rejection: Rejection, before: Appeal | None) -> LedgerProblem:
    """Why a step does not fit an appeal, and where somebody was first, who that was."""
    if before is not None and rejection.message.endswith(f"appeal is {before.state}"):
        return LedgerProblem(f"{rejection.message}: {_last_of(before)}")
    return LedgerProblem(rejection.message)


def _changed(appeal: Appeal) -> LedgerProblem:
    """How an appeal stands, for somebody who thought that it stood otherwise."""
    help_ = "look at it with `revlex appeal show`, and say it again if it is still right"
    return LedgerProblem(f"the appeal has changed: {_last_of(appeal)}", help_)


def _last_of(appeal: Appeal) -> str:
    last = appeal.history[-1]
    return f"`{last.actor}` made it {last.state} at {last.at}, version {len(appeal.history)}"
