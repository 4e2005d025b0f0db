"""Whether a ledger is what was written: the chains, and everything evaluated once more.

Hashes show that an entry was edited, left out or put elsewhere. Evaluating the stored events again
under the stored policy shows more: that the decisions follow from them.
"""

from __future__ import annotations

from collections.abc import Iterator

from .auditing.again import first_difference
from .auditing.chains import first_broken_link
from .auditing.findings import Finding
from .auditing.programs import Programs
from .reading import KeptShop, LedgerReader


def verify(reader: LedgerReader) -> Iterator[Finding]:
    """Look through a ledger; gives at most one finding for each shop, the first, in order."""
    programs = Programs(reader)
    kept = {one.shop: one for one in reader.shops()}
    for shop in sorted({*kept, *reader.shops_with_entries()}):
        found = first_broken_link(reader, shop)
        if found is None:
            found = _of_shop(reader, programs, kept.get(shop), shop)
        if found is not None:
            yield found


def _of_shop(
    reader: LedgerReader, programs: Programs, kept: KeptShop | None, shop: str
) -> Finding | None:
    """The first thing of a shop that does not hold but for its chain."""
    program = None if kept is None else programs.get(kept.policy)
    if kept is None or program is None:
        return Finding(shop, None, None, "the policy that judged it is not in the ledger")
    return first_difference(reader, program, kept)
