"""The check of a ledger, from its name to what does not hold in it, as text or JSON."""

from __future__ import annotations

from dataclasses import dataclass, replace

import msgspec

from ..language.display import visible
from ..ledger.auditing.anchored import Unseen, unseen_of
from ..ledger.auditing.findings import Finding
from ..ledger.reading import LedgerReader
from ..ledger.verifying import Look, verify
from .progress import Bar, progress_bar

_EVERY = 500
"""The bar is moved once for so many events."""


@dataclass(frozen=True, slots=True)
class Verified:
    """The name of a ledger, what does not hold in it, and what could not be looked at."""

    name: str
    findings: list[Finding]
    unseen: Unseen


def verified(ledger: str, key: bytes, look: Look, *, progress: bool) -> Verified:
    """Look through a ledger.

    Args:
        ledger: A file, or the address of a database.
        key: The key that it was begun with; empty if there was none.
        look: What of it to look at.
        progress: Whether to show on standard error how far that is.

    Raises:
        LedgerProblem: It cannot be read, has no such shop, or its files are nobody knows where.
    """
    with LedgerReader(ledger, key) as reader:
        total = sum(one.events for one in reader.shops() if look.shop in {None, one.shop})
        with progress_bar(shown=progress and look.evaluate, total=total) as bar:
            look = replace(look, on_event=_Counter(bar).on_event)
            findings = list(verify(reader, look))
        return Verified(reader.name, findings, unseen_of(reader, look.shop))


@dataclass(slots=True)
class _Counter:
    """Moves a bar along with the events."""

    bar: Bar
    events: int = 0

    def on_event(self) -> None:
        self.events += 1
        self.bar.on_event(self.events)
        if self.events % _EVERY == 0:
            self.bar.on_bytes(_EVERY)


def findings_as_json(found: Verified) -> str:
    """What does not hold, for machines."""
    return msgspec.json.format(msgspec.json.encode(found.findings)).decode()


def findings_as_text(found: Verified) -> str:
    """What does not hold in a ledger, a line each; the last line says how much that is."""
    findings, unseen = found.findings, found.unseen
    total = _counted(len(findings)) if findings else "everything holds"
    lines = [*map(_line, findings), f"{found.name}: {total}"]
    if unseen.shops:
        counts = f"events {unseen.events:,}, in shops {unseen.shops:,}"
        why = "since texts or events were taken out"
        lines.insert(-1, f"not evaluated once more, {why}: {counts}")
    return "\n".join(lines)


def _line(finding: Finding) -> str:
    where = [f"shop {finding.shop}"] if finding.shop else []
    if finding.sequence is not None:
        where.append(f"entry {finding.sequence}")
    named = (
        f"{', '.join(where)} ({finding.decision_id})" if finding.decision_id else ", ".join(where)
    )
    return visible(f"{named}: {finding.what}" if named else finding.what)


def _counted(findings: int) -> str:
    return "1 thing does not hold" if findings == 1 else f"{findings:,} things do not hold"
