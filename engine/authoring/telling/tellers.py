"""Who makes the notices of a source: the policy that decided, and the language of each shop.

A ledger holds both. The folder of a run holds neither, so that the policy has to be named.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

from ...language.compiler import compile_policy
from ...ledger.reading import LedgerReader
from ...records.decision import Decision
from ...records.notice import Notice
from ...runtime.evaluator import Evaluator
from ...runtime.instants import InvalidInstant
from ...runtime.notices import NoticeWriter
from ..lookup import is_ledger
from .problems import TellingProblem


class Teller(Protocol):
    """Makes notices."""

    def writer(self, decision: Decision) -> NoticeWriter:
        """The notices of the policy that decided.

        Raises:
            TellingProblem: It is not there.
        """
        ...

    def language(self, shop: str) -> str | None:
        """The language of a shop, if it has named one."""
        ...


@dataclass(frozen=True, slots=True)
class Telling:
    """Makes the notices of a source, all in one language if one is asked for."""

    teller: Teller
    language: str | None = None

    def tells(self, decision: Decision) -> bool:
        """Whether the seller is told of a decision.

        Raises:
            TellingProblem: The policy that decided is not there, or the record is damaged.
        """
        with _whole(decision):
            return self.teller.writer(decision).tells(decision)

    def notice(self, decision: Decision) -> Notice:
        """What the seller is told.

        Raises:
            TellingProblem: The policy that decided is not there.
        """
        language = self.language or self.teller.language(decision.subject.shop)
        with _whole(decision):
            return self.teller.writer(decision).write(decision, language)


@contextmanager
def _whole(decision: Decision) -> Iterator[None]:
    """Turn a time that is none, in a record that somebody has changed, into a sentence."""
    try:
        yield
    except InvalidInstant as error:
        message = f"the decision `{decision.decision_id}` is damaged: {error}"
        raise TellingProblem(message, "see `revlex verify`, or run again") from error


@contextmanager
def telling(source: str, policy: Path | None, language: str | None) -> Iterator[Telling]:
    """Make the notices of a ledger, or of the `--out` folder of a run.

    Args:
        source: The ledger or the folder.
        policy: The pack that a run was made with.
        language: The tag of a language to tell everything in; left out: that of each shop.

    Raises:
        TellingProblem: A folder has no policy, or a ledger is given one.
        LedgerProblem: The ledger cannot be read.
    """
    with ExitStack() as stack:
        if is_ledger(source):
            if policy is not None:
                help_ = "leave out `--policy`"
                raise TellingProblem(f"{source} holds the policies that decided", help_)
            teller: Teller = LedgerTeller(stack.enter_context(LedgerReader(source)))
        else:
            teller = RunTeller(source, _writer(source, policy))
        yield Telling(teller, language)


def _writer(source: str, policy: Path | None) -> NoticeWriter:
    if policy is None:
        help_ = "name the pack that it was run with: `--policy PACK`"
        raise TellingProblem(f"{source} does not hold the policy that decided", help_)
    program, _ = compile_policy(policy)
    if program is None:
        raise TellingProblem(f"{policy} has errors", f"see `revlex check {policy}`")
    return NoticeWriter(program)


@dataclass(frozen=True, slots=True)
class RunTeller:
    """Makes the notices of a run, in the words of the pack that is given."""

    name: str
    made: NoticeWriter

    def writer(self, decision: Decision) -> NoticeWriter:
        """The notices of the pack, if it is the one that decided."""
        own = self.made.program
        if decision.policy.digest != own.digest:
            message = (
                f"{self.name} was not decided by this version of `{own.name}`, but by "
                f"{decision.policy.name} {decision.policy.version}"
            )
            raise TellingProblem(message, "name the pack as it was when it was run")
        return self.made

    def language(self, _shop: str) -> None:
        """Nothing: records do not say what a shop reads."""
        return


@dataclass(slots=True)
class LedgerTeller:
    """Makes the notices of a ledger, in the words of the policies that it holds."""

    reader: LedgerReader
    _writers: dict[str, NoticeWriter] = field(default_factory=dict)
    _policies: dict[str, str] = field(default_factory=dict)
    _last: tuple[str, str | None] | None = None

    def writer(self, decision: Decision) -> NoticeWriter:
        """The notices of the policy that decided."""
        return self._writer(decision.policy.digest)

    def _writer(self, digest: str) -> NoticeWriter:
        if digest not in self._writers:
            written = self.reader.policy(digest)
            program = None if written is None else written.compiled()
            if program is None or program.digest != digest:
                help_ = f"see `revlex verify {self.reader.name}`"
                raise TellingProblem(f"the ledger has no policy {digest[:12]}…", help_)
            self._writers[digest] = NoticeWriter(program)
        return self._writers[digest]

    def language(self, shop: str) -> str | None:
        """What the shop's state says; decisions come shop by shop, so that one is remembered."""
        if self._last is None or self._last[0] != shop:
            self._last = (shop, self._language(shop))
        return self._last[1]

    def _language(self, shop: str) -> str | None:
        if not self._policies:
            self._policies = {one.shop: one.policy for one in self.reader.shops()}
        digest = self._policies.get(shop)
        if digest is None:
            return None
        evaluator = Evaluator(self._writer(digest).program)
        evaluator.fetch = self.reader.state
        try:
            return evaluator.language_of(shop)
        except ValueError as error:
            help_ = f"see `revlex verify {self.reader.name}`"
            raise TellingProblem(f"the state of the shop `{shop}`: {error}", help_) from error
