"""The files that people hand in for an appeal, kept beside the ledger by the digest of their bytes.

A file is on the disk before the event that names it is in the ledger; so what the ledger names is
there. One that no event came to name, since the process was killed, harms nobody.
"""

from __future__ import annotations

import os
import re
import stat
import tempfile
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Final

from .contents import KINDS_IN_WORDS, content_type
from .opening import address_of, is_file
from .problems import LedgerProblem

MOST_BYTES: Final = 10 * 1024 * 1024
"""The largest file that is taken."""

FOLDER_VARIABLE: Final = "REVLEX_EVIDENCE_DIR"
"""Where the files of a ledger on a server are kept, if no option says so."""

_AT_ONCE: Final = getattr(os, "O_NONBLOCK", 0)
"""What is no file, such as a pipe, may not keep one waiting."""

_NAMED: Final = re.compile(r"sha256-([0-9a-f]{64})")


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file that was handed in: SHA-256 of its bytes in hexadecimal, media type, size in bytes."""

    digest: str
    type: str
    size: int

    @property
    def name(self) -> str:
        """How an event names it, behind the kind of evidence and a colon."""
        return f"sha256-{self.digest}"


def digest_named(evidence: str) -> str | None:
    """The digest of the file that a piece of evidence is, if it is one: `KIND:sha256-DIGEST`."""
    found = _NAMED.fullmatch(evidence.partition(":")[2])
    return found[1] if found else None


def evidence_folder(ledger: str, given: str | None = None) -> Path | None:
    """Where the files of a ledger are: as given, beside a file, or as the environment says."""
    if given is not None:
        return Path(given)
    url = address_of(ledger)
    if is_file(url):
        return Path(f"{url.database}.evidence")
    from_outside = os.environ.get(FOLDER_VARIABLE)
    return Path(from_outside) if from_outside else None


class EvidenceStore:
    """A folder with files by digest; those that begin alike share a folder in it."""

    def __init__(self, folder: Path) -> None:
        """Keep files in a folder, which need not be there yet."""
        self._folder = folder

    @classmethod
    def of(cls, ledger: str, given: str | None = None) -> EvidenceStore:
        """The store of a ledger.

        Raises:
            LedgerProblem: Nobody has said where it is.
        """
        folder = evidence_folder(ledger, given)
        if folder is None:
            help_ = f"add `--evidence-dir FOLDER`, or set {FOLDER_VARIABLE}"
            raise LedgerProblem("it is not said where the evidence of the ledger is kept", help_)
        return cls(folder)

    def keep(self, attachment: Attachment, content: bytes) -> None:
        """Write a file, whole or not at all, so that it survives a power cut.

        Raises:
            OSError: It could not be written.
        """
        path = self._path(attachment.digest)
        if self.problem_with(attachment) is None:
            return
        path.parent.mkdir(parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(dir=path.parent, prefix=".new-")
        try:
            with os.fdopen(handle, "wb") as file:
                file.write(content)
                file.flush()
                os.fsync(file.fileno())
            Path(name).replace(path)
        except BaseException:
            Path(name).unlink(missing_ok=True)
            raise
        _settle(path.parent)

    def problem_with(self, attachment: Attachment) -> str | None:
        """What is wrong with a file that was kept, if anything is."""
        try:
            content = _read(self._path(attachment.digest))
        except FileNotFoundError:
            return "is missing"
        except (OSError, LedgerProblem):
            return "cannot be read"
        return None if sha256(content).hexdigest() == attachment.digest else "was changed"

    def content(self, digest: str) -> bytes:
        """The bytes of a file.

        Raises:
            LedgerProblem: It is not there, or is not what was kept.
        """
        found = Attachment(digest, "", 0)
        wrong = self.problem_with(found)
        if wrong is not None:
            raise LedgerProblem(f"the file {found.name} {wrong} in {self._folder}")
        return _read(self._path(digest))

    def _path(self, digest: str) -> Path:
        return self._folder / digest[:2] / digest


def read_attachment(path: Path) -> tuple[Attachment, bytes]:
    """A file that somebody hands in, and its bytes.

    Raises:
        LedgerProblem: It is no file, too large, empty, or of no kind that is taken.
        OSError: It cannot be read.
    """
    content = _read(path)
    if not content:
        raise LedgerProblem(f"{path} is empty")
    type_ = content_type(content)
    if type_ is None:
        raise LedgerProblem(f"{path} is of no kind that is taken", f"hand in {KINDS_IN_WORDS}")
    return Attachment(sha256(content).hexdigest(), type_, len(content)), content


def _read(path: Path) -> bytes:
    """The bytes of a file that is not too large.

    Raises:
        LedgerProblem: It is something else than a file, or too large.
        OSError: It cannot be read.
    """
    handle = os.open(path, os.O_RDONLY | _AT_ONCE)
    if not stat.S_ISREG(os.fstat(handle).st_mode):
        os.close(handle)
        raise LedgerProblem(f"{path} is no file")
    with os.fdopen(handle, "rb") as file:
        content = file.read(MOST_BYTES + 1)
    if len(content) > MOST_BYTES:
        raise LedgerProblem(f"{path} has more than {MOST_BYTES:,} bytes")
    return content


def _settle(folder: Path) -> None:
    """Let the names in a folder survive a power cut, where the system can do that."""
    if not hasattr(os, "O_DIRECTORY"):
        return
    for one in (folder, folder.parent, folder.parent.parent):
        handle = os.open(one, os.O_RDONLY | os.O_DIRECTORY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)
