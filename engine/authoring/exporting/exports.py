"""What can be exported, by name; what a kind of export needs is imported when it is asked for."""

from __future__ import annotations

from collections.abc import Mapping
from importlib import import_module
from typing import Final

from .asked import Asked, Export, Exported, check_options
from .sources import opened
from .targets import check_targets

EXPORTS: Final[Mapping[str, tuple[str, str]]] = {
    "decisions": (".records", "DECISIONS"),
    "appeals": (".records", "APPEALS"),
    "notices": (".notices", "NOTICES"),
    "dsa": (".dsa", "DSA"),
}
"""For each kind, the module that makes it and the name of its `Export` there."""


def export_of(what: str) -> Export:
    """How something is exported."""
    module, name = EXPORTS[what]
    found: Export = getattr(import_module(module, __package__), name)
    return found


def make_export(source: str, asked: Asked, given: Mapping[str, object]) -> Exported:
    """Export records of a source.

    Args:
        source: The name of a ledger or a folder.
        asked: What to export, and where to.
        given: The options that were given, by name, to refuse those that make no sense.

    Raises:
        ExportProblem: It cannot be made as asked.
        LedgerProblem: The ledger cannot be read.
        OSError: Something cannot be read or written.
    """
    export = export_of(asked.what)
    check_options(asked.what, export, given, asked.style)
    check_targets(source, asked.out, asked.problems)
    with opened(source) as records:
        return export.make(records, asked)
