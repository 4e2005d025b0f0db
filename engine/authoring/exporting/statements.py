"""Statements of reasons: made of decisions, checked field by field, written or named."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

import msgspec
from msgspec.structs import replace

from ...language.program import Program
from ...records.decision import Decision
from ...records.projections.dsa.checking import Mistake, mistakes
from ...records.projections.dsa.drafting import draft, is_in_scope
from ...records.projections.dsa.restricting import Restriction, restriction_of
from ...records.projections.dsa.settings import Block, Settings
from ...records.projections.dsa.statement import Statement
from ...records.sealing import is_withheld
from .personal import personal_data
from .words_of_people import Reasons

_LONGEST_SHOWN: Final = 80
MOST_REMEMBERED: Final = 10_000
"""So many reasons of actions that may begin later are remembered."""

About = Callable[[Decision, str], Block]
"""Gives what is known of the thing of some kind that a decision falls on."""


class Refused(msgspec.Struct, frozen=True):
    """A field that keeps a decision from being a statement, as `--problems` writes it."""

    decision_id: str
    field: str
    value: Any
    problem: str

    def sentence(self) -> str:
        """The same in a sentence, with a long value cut."""
        shown = "" if self.value is None else f" ({_cut(self.value)})"
        return f"{self.decision_id}: `{self.field}` {self.problem}{shown}"


def _cut(value: Any) -> str:
    text = value if isinstance(value, str) else ", ".join(map(str, value))
    return f"{text[:_LONGEST_SHOWN]}…" if len(text) > _LONGEST_SHOWN else text


@dataclass(slots=True)
class Statements:
    """Makes statements of decisions, which come shop by shop or in the order of time.

    Attributes:
        settings: What the platform says of its statements.
        about: Knows when things were posted, and what they are made of.
        policies: The policies that decided, by digest, as far as they are known.
    """

    settings: Settings
    about: About
    policies: Mapping[str, Program]
    _reasons: Reasons = field(init=False)
    _said: OrderedDict[str, str] = field(default_factory=OrderedDict)

    def __post_init__(self) -> None:
        self._reasons = Reasons(self.policies)

    def of(self, decision: Decision) -> Statement | list[Refused] | None:
        """The statement of reasons on a decision.

        Returns:
            The statement; or every field that keeps it from being one; or nothing where a decision
            restricts nobody, is not in the regions that count, or is to have no statement.
        """
        decision = self._with_reason(decision)
        restriction = restriction_of(decision)
        if restriction is None or not is_in_scope(decision, self.settings):
            return None
        known = self.about(decision, restriction.scope)
        fields = draft(decision, restriction, self.settings, known)
        if fields is None:
            return None
        found = [*mistakes(fields), *personal_data(fields, decision)]
        found += self._repeated(fields, decision)
        if found:
            return [_refused(decision, restriction, one) for one in found]
        return msgspec.convert(fields, Statement)

    def _with_reason(self, decision: Decision) -> Decision:
        """A decision with the reason that it was made for, where its record has none.

        A delayed action begins without saying why; it is for what was said when it was asked for. A
        reason that was withheld is known where the policy says always the same.
        """
        because = decision.rule.because
        if because is not None and is_withheld(because):
            because = self._reasons.constant(decision) or because
        if decision.kind == "action" and because is not None:
            self._remember(decision.decision_id, because)
        elif decision.kind == "action":
            causes = (self._said.get(cause) for cause in decision.evidence.causes)
            because = next((said for said in causes if said is not None), None)
        if because == decision.rule.because:
            return decision
        return replace(decision, rule=replace(decision.rule, because=because))

    def _remember(self, decision_id: str, because: str) -> None:
        self._said[decision_id] = because
        if len(self._said) > MOST_REMEMBERED:
            self._said.popitem(last=False)

    def _repeated(self, fields: dict[str, Any], decision: Decision) -> Iterator[Mistake]:
        because = decision.rule.because
        if because is not None and self._reasons.repeated(decision):
            for name, value in fields.items():
                if isinstance(value, str) and because in value:
                    yield Mistake(name, value, "has a reason that fills in what a person wrote")


_MISSING: Final = {
    "content_date": "is missing: no event tells when it was posted, and the configuration does not",
}


def _refused(decision: Decision, restriction: Restriction, mistake: Mistake) -> Refused:
    what = _MISSING.get(mistake.field, mistake.what) if mistake.value is None else mistake.what
    if mistake.field == "decision_visibility" and mistake.value is None:
        what += f"; say under `{restriction.table}` which `{restriction.name}` is, or `none`"
    return Refused(decision.decision_id, mistake.field, mistake.value, what)
