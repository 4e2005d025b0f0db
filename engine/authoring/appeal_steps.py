"""Steps of appeals as they are asked for at the command line, taken in a ledger."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, Final

from ..ledger.casework import Casework, Expected, Step
from ..ledger.evidence import Attachment, EvidenceStore, digest_named
from ..ledger.ledger import Ledger
from ..ledger.problems import LedgerProblem
from ..ledger.reading import LedgerReader
from ..records.appeal import Appeal
from ..records.decision import Decision
from ..runtime.instants import from_datetime, to_datetime
from .running import instant_of

PATIENCE: Final = 10
"""So many seconds a step waits for somebody else who writes to the ledger."""

SHORTEST: Final = 6
"""So many characters of the id of a decision have to be said at least."""

_LONG: Final = timedelta(days=31)
"""After so long without an event, a step that does not say when it happens is asked to."""

_ATTACHED_HELP: Final = "write a kind, a colon and the name of a file, such as `photo:1.png`"


@dataclass(frozen=True, slots=True)
class Manner:
    """How a step is to be taken: when, how the appeal has to stand, with which files, or not."""

    at: str | None
    now: bool
    dry_run: bool
    key: bytes = b""
    if_state: str | None = None
    if_version: int | None = None
    attach: tuple[str, ...] = ()
    evidence_dir: str | None = None


def shop_of(ledger: str, appeal: str, shop: str | None) -> str:
    """The shop that an appeal is of.

    Raises:
        LedgerProblem: There is no such appeal, or several shops have one and none is named.
    """
    with LedgerReader(ledger) as reader:
        return reader.appeal(appeal, shop).shop


def meant_by(ledger: str, named: str) -> tuple[Decision, str]:
    """A decision by the beginning of its id, and the name of the appeal that is open against it.

    Raises:
        LedgerProblem: No decision is called so, or several are.
    """
    with LedgerReader(ledger) as reader:
        decision = _decision(reader, named)
        opened = reader.all_appeals(decision.subject.shop)
    found = [one.appeal_id for one in opened if decision.decision_id in one.decision_ids]
    return decision, found[-1] if found else f"appeal-{decision.decision_id}"


def _decision(reader: LedgerReader, named: str) -> Decision:
    found = reader.decisions_named(named) if len(named) >= SHORTEST else []
    if not found:
        help_ = "`revlex appeal list` shows which decisions can be appealed"
        raise LedgerProblem(f"the ledger has no decision `{named}`", help_)
    if len(found) > 1:
        raise LedgerProblem(f"{len(found)} decisions begin with `{named}`", "write more of its id")
    return found[0]


def take_step(ledger: str, shop: str, step: dict[str, Any], manner: Manner) -> Step:
    """Let a step happen: the fields of an event about an appeal, with its `type`.

    Raises:
        Problem: It is said in a way that makes no sense, or it does not fit the ledger.
        OSError: A file cannot be read or kept.
    """
    files = [_split(one) for one in manner.attach]
    with LedgerReader(ledger) as reader:
        at = manner.at or _present(reader, shop, meant=manner.now)
    _check_past(at)
    store = EvidenceStore.of(ledger, manner.evidence_dir) if files else None
    expected = Expected(manner.if_state, manner.if_version)
    with (
        Ledger(ledger, manner.key, patience=PATIENCE) as opened,
        LedgerReader(ledger) as reader,
    ):
        return Casework(opened, reader, store).take(
            shop,
            {**step, "occurred_at": at},
            files=files,
            expected=expected,
            dry_run=manner.dry_run,
        )


def _split(attached: str) -> tuple[str, Path]:
    kind, colon, path = attached.partition(":")
    if not (kind and colon and path):
        raise LedgerProblem(f"`{attached}` says no kind and file", _ATTACHED_HELP)
    return kind, Path(path)


def _check_past(at: str) -> None:
    """Make sure that a step has happened: with a slip in the year, all deadlines would pass."""
    instant = instant_of(at)
    if instant is not None and instant > from_datetime(datetime.now(UTC)):
        help_ = "say when it happened; time that has passed cannot be taken back"
        raise LedgerProblem(f"`{at}` lies ahead", help_)


def _present(reader: LedgerReader, shop: str, *, meant: bool) -> str:
    """The present time, unless the shop has heard of nothing for long.

    Time that has passed for a shop cannot be taken back, and with it deadlines pass.
    """
    now, last = datetime.now(UTC), reader.last_event_at(shop)
    if last is not None and not meant and now - to_datetime(last, UTC) > _LONG:
        day = to_datetime(last, UTC).date().isoformat()
        help_ = "say when it happens with `--at`, or `--now` to let time pass until today"
        raise LedgerProblem(f"the last event of shop `{shop}` is of {day}", help_)
    return now.isoformat()


def find_appeal(ledger: str, name: str, shop: str | None) -> tuple[Appeal, dict[str, Attachment]]:
    """An appeal, and the files that it names by their digests.

    Raises:
        LedgerProblem: There is none, or several shops have one.
    """
    with LedgerReader(ledger) as reader:
        found = reader.appeal(name, shop)
        return found, _attachments(reader, found.evidence)


def _attachments(reader: LedgerReader, evidence: Sequence[str]) -> dict[str, Attachment]:
    digests = {digest for one in evidence if (digest := digest_named(one)) is not None}
    return {one.digest: one for one in reader.attachments_among(digests)}


def fetch_attachment(ledger: str, named: str, evidence_dir: str | None) -> bytes:
    """The bytes of a file that was handed in, as they were.

    Raises:
        LedgerProblem: The ledger names none of this digest, or its file is missing or was changed.
    """
    digest = named.removeprefix("sha256-")
    with LedgerReader(ledger) as reader:
        reader.attachment(digest)
    return EvidenceStore.of(ledger, evidence_dir).content(digest)
