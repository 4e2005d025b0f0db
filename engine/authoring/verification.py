"""The check of a ledger, from its name to what does not hold in it, as text or JSON."""

from __future__ import annotations

from dataclasses import dataclass, replace

import msgspec

from ..language.display import visible
from ..ledger.auditing.findings import Finding
from ..ledger.reading import LedgerReader
from ..ledger.verifying import Look, verify
from .progress import Bar, progress_bar

_EVERY = 500
"""The bar is moved once for so many events."""


def verified(ledger: str, key: bytes, look: Look, *, progress: bool) -> tuple[str, list[Finding]]:
    """The name of a ledger, and what does not hold in it.

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
            return reader.name, list(verify(reader, look))


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


def findings_as_json(findings: list[Finding]) -> str:
    """What does not hold, for machines."""
    return msgspec.json.format(msgspec.json.encode(findings)).decode()


def findings_as_text(name: str, findings: list[Finding]) -> str:
    """What does not hold in a ledger, a line each; the last line says how much that is."""
    total = f"{len(findings)} do not hold" if findings else "everything holds"
    return "\n".join([*map(_line, findings), f"{name}: {total}"])


def _line(finding: Finding) -> str:
    where = [f"shop {finding.shop}"] if finding.shop else []
    if finding.sequence is not None:
        where.append(f"entry {finding.sequence}")
    named = (
        f"{', '.join(where)} ({finding.decision_id})" if finding.decision_id else ", ".join(where)
    )
    return visible(f"{named}: {finding.what}" if named else finding.what)
