"""Whether the policies that a ledger keeps are those that judged."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import msgspec

from ...language.written import WrittenPack
from ..reading import LedgerReader
from .findings import Finding
from .programs import Programs


def first_flaws(reader: LedgerReader, programs: Programs) -> Iterator[Finding]:
    """The first thing that does not hold of each policy."""
    used = {one.policy for one in reader.shops()}
    used |= {one.policy for one in reader.positions()} | reader.earlier_policies()
    for row in reader.policies():
        what = _flaw(row, programs)
        if what is None and row.digest not in used:
            what = "nothing was judged by it"
        if what is not None:
            yield Finding("", None, None, f"policy {row.name} {row.version}: {what}")


def _flaw(row: Any, programs: Programs) -> str | None:
    try:
        written = msgspec.json.decode(row.files, type=WrittenPack)
    except msgspec.MsgspecError:
        return "it is no policy"
    program = programs.get(row.digest)
    if program is None:
        return "it is not the one that judged: its digest differs"
    as_written = msgspec.json.encode(written, order="sorted").decode()
    if (program.name, program.version, as_written) != (row.name, row.version, row.files):
        return "its columns do not say what it says"
    return None
