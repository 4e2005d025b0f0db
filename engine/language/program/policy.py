"""The program itself: everything together."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from ..catalog import Catalog
from ..ir import RollupPlan
from ..varied import Varied
from .enforcement import Action, Ladder, Violation
from .measures import AggregatePlan, Measure, Threshold
from .notices import Notices
from .redress import AppealProcess, Remedy
from .rules import Classification, Draft, DraftLimits, Rule
from .shared import Interval


@dataclass(frozen=True, slots=True)
class CalendarSpec:
    """Weekend (0 is Monday) and holidays (as day numbers) of the policy's business days."""

    weekend: frozenset[int] = frozenset({5, 6})
    holidays: frozenset[int] = frozenset()


@dataclass(frozen=True, slots=True, kw_only=True)
class Program:
    """A checked policy. `digest` names its content: same digest, same decisions."""

    name: str
    title: str
    version: str
    digest: str
    regions: tuple[str, ...]
    zones: Mapping[str, str]
    """IANA names by region; the key `""` is for all others."""
    calendars: Mapping[str, CalendarSpec]
    """By region; the key `""` is for all others."""
    effective: Interval
    announced: int | None
    adopts: bool
    """Whether points get the length of a ladder's new variant."""
    lateness: int
    retention: int
    catalog: Catalog
    classify: tuple[Classification, ...]
    rules: tuple[Rule, ...]
    draft_limits: DraftLimits
    drafts: tuple[Draft, ...]
    aggregates: tuple[AggregatePlan, ...]
    rollups: tuple[RollupPlan, ...]
    measures: Varied[Measure]
    """In an order in which each comes after those it reads."""
    thresholds: tuple[Threshold, ...]
    violations: Varied[Violation]
    actions: Varied[Action]
    ladders: tuple[Ladder, ...]
    appeals: tuple[AppealProcess, ...]
    remedies: tuple[Remedy, ...] = ()
    notices: Notices = field(default_factory=Notices)

    def zone(self, region: str) -> str:
        """The IANA name of the zone of a region."""
        return self.zones.get(region) or self.zones[""]

    def calendar(self, region: str) -> CalendarSpec:
        """Which days are business days in a region."""
        return self.calendars.get(region) or self.calendars[""]
