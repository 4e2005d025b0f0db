"""What is handed in with a step of an appeal: kinds of evidence, where they are, and files."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from ..language.diagnostics import did_you_mean
from ..language.program import Program
from .evidence import Attachment, digest_named, read_attachment
from .problems import LedgerProblem

MOST_FILES: Final = 20
"""So many files are taken for one appeal, all attempts together."""

_HELP: Final = "write a kind, or a kind, a colon and where it is, such as `photo:1.png`"


@dataclass(frozen=True, slots=True)
class Handed:
    """What is handed in: the evidence as the event names it, and the files that are part of it."""

    evidence: tuple[str, ...] = ()
    files: tuple[tuple[Attachment, bytes], ...] = ()


def hand_in(
    evidence: Sequence[str], files: Sequence[tuple[str, Path]], known: Iterable[str]
) -> Handed:
    """Look at what somebody hands in.

    Args:
        evidence: Kinds, or each a kind, a colon and where it is.
        files: Kinds and the files that are of them.
        known: The kinds that somebody has asked for.

    Raises:
        LedgerProblem: A kind is missing or misspelt, or a file is none that is taken.
        OSError: A file cannot be read.
    """
    if isinstance(evidence, str) or not all(isinstance(one, str) for one in evidence):
        raise LedgerProblem("`evidence` has to be a list of texts")
    kinds = [one.partition(":")[0] for one in evidence] + [kind for kind, _ in files]
    _check_kinds(kinds, frozenset(known))
    check_count(len(files))
    read = [(kind, *read_attachment(path)) for kind, path in files]
    named = [f"{kind}:{attachment.name}" for kind, attachment, _ in read]
    return Handed(
        tuple(dict.fromkeys([*evidence, *named])),
        tuple((attachment, content) for _, attachment, content in read),
    )


def check_count(files: int) -> None:
    """Refuse more files for one appeal than are taken.

    Raises:
        LedgerProblem: There are more.
    """
    if files > MOST_FILES:
        raise LedgerProblem(f"an appeal takes {MOST_FILES} files, not {files}")


def _check_kinds(kinds: Iterable[str], known: frozenset[str]) -> None:
    """Refuse a slip of the pen; anything else may be handed in, whoever asked for it."""
    for kind in kinds:
        if not kind.strip():
            raise LedgerProblem("a piece of evidence has no kind", _HELP)
        guess = None if kind in known else did_you_mean(kind, known)
        if guess is not None:
            raise LedgerProblem(f"nobody asked for evidence of the kind `{kind}`", guess)


def kinds_of(program: Program) -> frozenset[str]:
    """The kinds of evidence that the appeals of a policy ask for."""
    wanted = (kinds for process in program.appeals for kinds in process.evidence.values())
    return frozenset(kind for kinds in wanted for kind in kinds)


def digests_in(evidence: Iterable[str]) -> frozenset[str]:
    """The digests of the files among pieces of evidence."""
    return frozenset(digest for one in evidence if (digest := digest_named(one)) is not None)
