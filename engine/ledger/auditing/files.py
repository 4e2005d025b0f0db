"""Whether the files that were handed in for appeals are there, and are what they were."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from ..contents import content_type
from ..evidence import Attachment, EvidenceStore, digest_named
from ..reading import LedgerReader
from .findings import Finding


def wrong_files(reader: LedgerReader, evidence_dir: str | None = None) -> Iterator[Finding]:
    """What does not hold about files: those that are noted, and those that appeals name.

    Args:
        reader: The ledger.
        evidence_dir: Where its files are, if not where they are left to be.

    Raises:
        LedgerProblem: Files are noted, and nobody has said where they are.
    """
    named, all_noted = dict(_named(reader)), list(reader.attachments())
    if all_noted:
        yield from _of_noted(all_noted, named, EvidenceStore.of(reader.address, evidence_dir))
    for digest in sorted(named.keys() - {noted.digest for noted in all_noted}):
        yield Finding(named[digest], None, None, f"nothing is noted of the file sha256-{digest}")


def _of_noted(
    all_noted: list[Attachment], named: Mapping[str, str], store: EvidenceStore
) -> Iterator[Finding]:
    for noted in all_noted:
        shop = named.get(noted.digest)
        what = store.problem_with(noted) or _said_wrongly(noted, store)
        if shop is None:
            yield Finding("", None, None, f"no appeal names the file {noted.name}")
        elif what is not None:
            yield Finding(shop, None, None, f"the file {noted.name} {what}")


def _named(reader: LedgerReader) -> Iterator[tuple[str, str]]:
    """The digests that appeals name, each with a shop that does."""
    for shop, evidence in reader.evidence():
        digest = digest_named(evidence)
        if digest is not None:
            yield digest, shop


def _said_wrongly(noted: Attachment, store: EvidenceStore) -> str | None:
    content = store.content(noted.digest)
    if (noted.type, noted.size) != (content_type(content), len(content)):
        return "is not of the type and size that are noted"
    return None
