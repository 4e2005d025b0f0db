"""Whether a ledger is what was written: the chains, and everything evaluated once more.

Hashes show that an entry was edited, left out or put elsewhere. Counting and recounting shows that
decisions, appeals, balances and inputs say the same of one another. Evaluating the stored events
again under the stored policy shows more: that everything follows from them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from ..language.diagnostics import did_you_mean
from .auditing.again import Again
from .auditing.asides import Asides, look_aside, miscounted_in_all
from .auditing.erasures import Erasures, look_at_erasures
from .auditing.fed import Unsound
from .auditing.files import wrong_files
from .auditing.findings import Finding
from .auditing.policies import first_flaws
from .auditing.programs import Programs
from .auditing.shops import OfShop, first_of_unknown
from .auditing.sitting import Bench
from .auditing.tallies import Tally
from .damage import Damaged
from .problems import LedgerProblem
from .reading import KeptShop, LedgerReader


def _nothing() -> None:
    """Who asks for no progress is told of none."""


@dataclass(frozen=True, slots=True)
class Look:
    """What of a ledger is looked at.

    Attributes:
        shop: Only this shop, if one is named.
        evaluate: Whether events are evaluated once more, which takes nearly all of the time.
        on_event: Is called for each event that is.
        evidence_dir: Where the files of appeals are, if they are not where they are left to be.
    """

    shop: str | None = None
    evaluate: bool = True
    on_event: Callable[[], None] = field(default=_nothing)
    evidence_dir: str | None = None


EVERYTHING = Look()


def verify(reader: LedgerReader, look: Look = EVERYTHING) -> Iterator[Finding]:
    """Look through a ledger; gives the first finding of each policy, shop and input, in order.

    Raises:
        LedgerProblem: The ledger cannot be read, or does not know the shop that is asked for.
    """
    try:
        yield from _findings(reader, look)
    except Damaged as damaged:
        yield Finding("", None, None, damaged.message)


def _findings(reader: LedgerReader, look: Look) -> Iterator[Finding]:
    """What does not hold, up to a row that no question about the whole ledger gets past."""
    programs, named = Programs(reader), reader.named_shops()
    if look.shop is not None and look.shop not in named:
        help_ = did_you_mean(look.shop, named)
        raise LedgerProblem(f"the ledger {reader.name} has no shop `{look.shop}`", help_)
    yield from first_flaws(reader, programs)
    erasures = look_at_erasures(reader)
    yield from erasures.findings
    asides = look_aside(reader, programs, erasures.aside)
    audit = _Audit(reader, look, asides, erasures, Bench(programs, reader.key))
    kept = {one.shop: one for one in reader.shops()}
    for shop in named if look.shop is None else [look.shop]:
        found = audit.first_of(shop, kept.get(shop))
        if found is not None:
            yield found
    if look.shop is None:
        yield from audit.asides.findings
        yield from miscounted_in_all(reader, audit.asides, erasures)
    files = wrong_files(reader, look.evidence_dir)
    yield from (found for found in files if look.shop in {None, found.shop})


@dataclass(frozen=True, slots=True)
class _Audit:
    """What is at hand while one shop after the other is looked at."""

    reader: LedgerReader
    look: Look
    asides: Asides
    erasures: Erasures
    bench: Bench

    def first_of(self, shop: str, kept: KeptShop | None) -> Finding | None:
        """The first thing of a shop that does not hold."""
        try:
            return self._first_of(shop, kept)
        except Damaged as damaged:
            return Finding(shop, None, None, damaged.message)

    def _first_of(self, shop: str, kept: KeptShop | None) -> Finding | None:
        if kept is None:
            return first_of_unknown(self.reader, shop, "its state is not in the ledger")
        again, aside = Again(self.reader, self.look.on_event), self.asides.by_shop.get(shop)
        evaluate, numbers = self.look.evaluate, self.erasures.numbers
        of_shop = OfShop(self.reader, again, self.bench, kept, aside or Tally(), evaluate, numbers)
        try:
            return of_shop.first()
        except Unsound as unsound:
            return first_of_unknown(self.reader, shop, unsound.finding.what)
