"""Which records are wanted: the filters of an export."""

from __future__ import annotations

from dataclasses import dataclass

from ...records.appeal import Appeal
from ...records.decision import Decision
from ...runtime.instants import parse_instant

_ANY: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """What an export takes: whatever fits all filters; an empty one fits everything.

    Attributes:
        shops: Of these shops.
        rules: By these rules, thresholds, actions, ...; of appeals, against decisions by these.
        kinds: Decisions of these kinds.
        modes: Decisions of these modes.
        states: Appeals in these states.
        regions: Decisions on shops in these regions.
        since: Decided, or opened, at this instant or later, in microseconds since 1970.
        before: Decided, or opened, before this instant.
    """

    shops: frozenset[str] = _ANY
    rules: frozenset[str] = _ANY
    kinds: frozenset[str] = _ANY
    modes: frozenset[str] = _ANY
    states: frozenset[str] = _ANY
    regions: frozenset[str] = _ANY
    since: int | None = None
    before: int | None = None

    def takes(self, decision: Decision) -> bool:
        """Whether a decision is wanted."""
        return (
            _fits(decision.subject.shop, self.shops)
            and _fits(decision.rule.id, self.rules)
            and _fits(decision.kind, self.kinds)
            and _fits(decision.mode, self.modes)
            and _fits(decision.subject.region, self.regions)
            and self._in_time(decision.time.event_time)
        )

    def takes_appeal(self, appeal: Appeal) -> bool:
        """Whether an appeal is wanted."""
        return (
            _fits(appeal.shop, self.shops)
            and _fits(appeal.rule, self.rules)
            and _fits(appeal.state, self.states)
            and self._in_time(appeal.opened_at)
        )

    def _in_time(self, time: str) -> bool:
        if self.since is None and self.before is None:
            return True
        at = parse_instant(time)
        return (self.since is None or self.since <= at) and (
            self.before is None or at < self.before
        )


def _fits(value: str, wanted: frozenset[str]) -> bool:
    return not wanted or value in wanted
