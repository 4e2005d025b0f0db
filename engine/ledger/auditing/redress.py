"""Whether appeals and decisions say the same of one another.

What can be appealed has an appeal, what appeals are against is there, and what they say to have
brought or undone was brought and undone by decisions that name them.
"""

from __future__ import annotations

from collections.abc import Mapping

from ...records.appeal import Appeal
from ...records.decision import Decision
from .findings import Finding


class Redress:
    """The appeals of one shop, held against its decisions."""

    def __init__(self, standing: Mapping[str, Appeal]) -> None:
        """Begin with the appeals as they stand, before any decision was heard."""
        self._against = {one for appeal in standing.values() for one in appeal.decision_ids}
        self._missing = dict.fromkeys(sorted(self._against))
        self._brought: dict[str, list[tuple[Appeal, str | None]]] = {}
        for appeal in standing.values():
            self._await(appeal)

    def _await(self, appeal: Appeal) -> None:
        """Expect the decisions that an appeal says to have brought."""
        for entry in appeal.reversal_plan:
            if entry.reversed_by is not None:
                undone = (appeal, entry.decision_id)
                self._brought.setdefault(entry.reversed_by, []).append(undone)
        for new in appeal.new_decision_ids:
            self._brought.setdefault(new, []).append((appeal, None))

    def hear(self, decision: Decision) -> str | None:
        """Hold a decision against the appeals; gives what is wrong with it."""
        own, causes = decision.decision_id, decision.evidence.causes
        if decision.redress is not None and own not in self._against:
            return "it can be appealed, but the ledger has no appeal for it"
        if decision.kind == "appeal" and not self._against.intersection(causes):
            return "it is about an appeal that the ledger does not have"
        self._missing.pop(own, None)
        told = (_differs(decision, *one) for one in self._brought.pop(own, ()))
        return next((what for what in told if what is not None), None)

    def missing(self, shop: str) -> Finding | None:
        """What appeals say of decisions that are not there, once all decisions were heard."""
        for wanted, told in self._brought.items():
            what = f"appeal {told[0][0].appeal_id} has brought it, and it is missing"
            return Finding(shop, None, wanted, what)
        for wanted in self._missing:
            return Finding(shop, None, wanted, "an appeal is against it, and it is missing")
        return None


def _differs(decision: Decision, appeal: Appeal, undone: str | None) -> str | None:
    """How a decision does not bear out what an appeal says of it."""
    if decision.caused_by_appeal != appeal.appeal_id:
        return f"appeal {appeal.appeal_id} says to have brought it, and it does not say so"
    if undone is not None and undone not in {decision.reverses, *decision.evidence.causes}:
        return f"appeal {appeal.appeal_id} says that it undoes {undone}, and it does not"
    return None
