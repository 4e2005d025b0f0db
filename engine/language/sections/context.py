"""What the sections of a policy share: the names of each other, and how phrases become values."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime

from .. import ir
from .. import parser as parsing
from ..authored import Bare, ClassLine, Dates, Entry, Placed
from ..catalog import SHOP, Catalog
from ..checking import Budget, Uses, check_expression
from ..diagnostics import MOST_DIAGNOSTICS, Report
from ..environment import Environment
from ..messages import lint as lint_messages
from ..messages import policy as messages
from ..messages import shape as shape_messages
from ..program import Interval, Length, Message, Proposal, Status, Stretch, Version
from ..source import Embedded, Span
from ..syntax import (
    Aligned,
    CalendarUnit,
    Duration,
    Ending,
    Node,
    Period,
    Template,
    TemplateText,
    Unit,
)
from ..types import BOOLEAN, ERROR, Optional, Type
from ..walk import rollup_plans
from ..zones import zone
from .endings import ends
from .trees import exact_lists, place_of

ELSE = "else"
"""The key that stands for all regions, languages or rows that are not named."""

_ALWAYS = Interval()

DAY = 86_400_000_000
"""The microseconds of a day of 24 hours."""

MOST_YEARS = 100
"""No length of time is longer; so no date that it leads to is beyond every calendar."""

_DAYS_A_YEAR = 366
_DAYS = {
    Unit.CALENDAR_DAYS: 1,
    Unit.CALENDAR_WEEKS: 7,
    Unit.CALENDAR_MONTHS: 31,
    Unit.BUSINESS_DAYS: 4,
}
"""The most days that one unit spans; business days with room for long holidays."""

_DAYS_OF = {
    CalendarUnit.DAY: 1,
    CalendarUnit.WEEK: 7,
    CalendarUnit.MONTH: 31,
    CalendarUnit.QUARTER: 92,
    CalendarUnit.YEAR: 366,
}

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_DATE = re.compile(r"(19|2[01])\d\d-\d\d-\d\d", re.ASCII)


@dataclass(frozen=True, slots=True)
class Scope:
    """Where an expression stands: what it is about, which kinds and fields are sure to be there.

    `per` says whose measures can be read there besides the shop's; `None` means none at all. `past`
    says whether what an event is about has surely been seen before; `None` means no such event.
    `aggregates` and `rollups` say what may be counted.
    `picks` are the lists that a reply takes an entry of; `None` means that this is no reply.
    """

    about: str | None = None
    certain: frozenset[str] = frozenset()
    present: frozenset[str] = frozenset()
    parameters: Mapping[str, Type] = field(default_factory=dict)
    aggregates: bool = False
    rollups: bool = False
    per: str | None = None
    past: bool | None = None
    picks: Mapping[str, tuple[str, ...]] | None = None


NOWHERE = Scope()


@dataclass(slots=True)
class Context:
    """The policy's names and where to report.

    `named_regions` are those of `regions` and of packs that are extended, which may be spoken of.
    What nothing touches is remembered for `retention` microseconds.
    `below` are the sources (by `id`) of packs that are extended, `versions` the terms of files.
    `measures` are the types of the measures that have been settled so far, `subjects` whose number
    each is. `action_scopes` say what each action falls on, `None` for an action with a mistake.
    `used` collects the (kind, name) that are read, `exact` the lists that whole values are looked
    up in, `rollups` what all roll-ups count. All expressions share a `budget` of parts.
    """

    catalog: Catalog
    report: Report
    environment: Environment
    regions: tuple[str, ...]
    named_regions: frozenset[str]
    zones: Mapping[str, str]
    effective: Interval = _ALWAYS
    retention: int = 0
    below: frozenset[int] = frozenset()
    versions: dict[int, Version] = field(default_factory=dict)
    violations: Mapping[str, None] = field(default_factory=dict)
    action_scopes: Mapping[str, str | None] = field(default_factory=dict)
    subjects: Mapping[str, str] = field(default_factory=dict)
    measures: dict[str, Type] = field(default_factory=dict)
    used: Uses = field(default_factory=set)
    exact: set[str] = field(default_factory=set)
    rollups: dict[ir.RollupPlan, None] = field(default_factory=dict)
    budget: Budget = field(default_factory=Budget)

    # ---------------------------------------------------------- expressions

    def check(self, node: Node, scope: Scope, expected: Type | None) -> ir.Expr | None:
        """Give a syntax tree its types; none once the policy has turned out too large."""
        if self.budget.left < 0:
            return None
        environment = replace(
            self.environment,
            about=scope.about,
            certain=scope.certain,
            present=scope.present,
            parameters=scope.parameters,
            aggregates=scope.aggregates,
            past=scope.past,
            rollups=scope.rollups,
            picks=scope.picks,
            measures={name: self._seen(name, scope) for name in self.measures},
        )
        uses: Uses = set()
        checked = check_expression(node, environment, expected, self.report, uses, self.budget)
        self.used |= uses
        self.exact |= exact_lists(node)
        if checked is None:
            self._report_unreadable(node, scope, uses)
        else:
            self.rollups |= dict.fromkeys(rollup_plans(checked))
        return checked

    def _readable(self, name: str, scope: Scope) -> bool:
        """Whether a measure, if it is one without a mistake, can be read in a scope."""
        return scope.per is not None and self.subjects.get(name, SHOP) in {SHOP, scope.per}

    def _seen(self, name: str, scope: Scope) -> Type:
        return self.measures[name] if self._readable(name, scope) else ERROR

    def _report_unreadable(self, node: Node, scope: Scope, uses: Uses) -> None:
        for kind, name in sorted(uses):
            if kind == "measure" and not self._readable(name, scope):
                place = place_of(node, name, self.environment.definitions)
                found = (
                    messages.measure_too_early(name, place)
                    if scope.per is None
                    else messages.other_subject(name, self.subjects[name], scope.per, place)
                )
                self.report.add(found)

    def expression(
        self, text: Embedded, scope: Scope, expected: Type | None = BOOLEAN
    ) -> ir.Expr | None:
        """Parse and check a text."""
        node = parsing.parse_expression(text, self.report)
        return None if node is None else self.check(node, scope, expected)

    def message(self, text: Embedded | None, scope: Scope) -> Message | None:
        """Parse and check a sentence with slots; each slot must always have something in it."""
        node = None if text is None else parsing.parse_template(text, self.report)
        if text is None or not isinstance(node, Template):
            return None
        parts = [self._part(part, scope) for part in node.parts]
        if any(part is None for part in parts):
            return None
        return Message(tuple(part for part in parts if part is not None), text.text)

    def _part(self, node: Node, scope: Scope) -> str | ir.Expr | None:
        if isinstance(node, TemplateText):
            return node.text
        checked = self.check(node, scope, None)
        if checked is not None and isinstance(checked.type, Optional):
            self.report.add(messages.slot_may_be_missing(node.span.text, node.span))
            return None
        return checked

    # -------------------------------------------------------------- phrases

    def length(self, text: Embedded | None) -> Length | None:
        """A length of time; zero is refused."""
        node = None if text is None else parsing.parse_length(text, self.report)
        return None if node is None else self.length_of(node)

    def length_of(self, node: Node) -> Length | None:
        """The value of a parsed length."""
        if isinstance(node, Duration):
            value: Length = node.micros
        elif isinstance(node, Period):
            value = node
        else:
            return None
        if most_micros(value) == 0:
            self.report.add(messages.no_length_zero(node.span.text, node.span))
            return None
        return None if self._too_long(value, node.span) else value

    def _too_long(self, value: Length, span: Span) -> bool:
        too_long = most_micros(value) > MOST_YEARS * _DAYS_A_YEAR * DAY
        if too_long:
            self.report.add(messages.length_too_long(MOST_YEARS, span))
        return too_long

    def stretch_of(self, node: Node) -> Stretch | None:
        """The value of a parsed window without a condition."""
        return node if isinstance(node, Aligned) else self.length_of(node)

    def duration(self, text: Embedded | None, default: int) -> int:
        """A length of time that no calendar changes, in microseconds; zero is allowed."""
        if text is None or text.text == "0":
            return default if text is None else 0
        node = parsing.parse_length(text, self.report)
        if isinstance(node, Period):
            self.report.add(messages.calendar_length(text.text, text.span))
        if not isinstance(node, Duration) or self._too_long(node.micros, text.span):
            return default
        return node.micros

    def proposal(
        self, text: Embedded, possible: frozenset[str], *, recovers: bool
    ) -> Proposal | None:
        """An action and its length.

        The action has to be in the vocabulary and fall on something `possible`, that is, on what is
        known where it is asked for.
        """
        node = None if self._has_hyphen(text) else parsing.parse_action(text, self.report)
        if node is None:
            return None
        start = text.text.index(node.action)
        place = text.at(start, start + len(node.action))
        if node.action not in self.action_scopes:
            self.unknown("action", node.action, self.action_scopes, place)
            return None
        self.used.add(("action", node.action))
        scope = self.action_scopes[node.action]
        if scope is not None and scope not in possible:
            self.report.add(messages.falls_on_nothing(node.action, scope, possible, place))
            return None
        if node.length is Ending.RECOVERED and not recovers:
            self.report.add(messages.never_recovers(text.span))
            return None
        length = node.length if isinstance(node.length, Ending) else self.length_of(node.length)
        if length is None or not ends(node.event, scope, self.catalog, self.report):
            return None
        return Proposal(node.action, length, node.event.text if node.event else None)

    def _has_hyphen(self, text: Embedded) -> bool:
        """Whether an action's name cannot be read for its hyphen, which has been reported."""
        name = text.text.split(maxsplit=1)[:1]
        return "-" in "".join(name) and self.action_scopes.keys() >= set(name)

    def proposals(
        self,
        texts: tuple[Embedded, ...] | None,
        possible: frozenset[str],
        *,
        recovers: bool = False,
    ) -> tuple[Proposal, ...]:
        """Several actions; what is wrong is reported and left out."""
        found = (self.proposal(text, possible, recovers=recovers) for text in texts or ())
        return tuple(proposal for proposal in found if proposal is not None)

    # ----------------------------------------------------------- references

    def violation(self, name: Embedded | None) -> str | None:
        """The name of a violation that the policy has."""
        if name is None:
            return None
        if name.text not in self.violations:
            self.unknown("violation", name.text, self.violations, name.span)
            return None
        return name.text

    def unknown(self, kind: str, name: str, known: Iterable[str], place: Span) -> None:
        """Report a name that nothing has.

        Looking for what was meant takes time, so not once the report is full.
        """
        names = known if len(self.report) < MOST_DIAGNOSTICS else ()
        self.report.add(messages.unknown_reference(kind, name, names, place))

    def region(self, text: Embedded, *, default: bool) -> str | None:
        """A region that the policy names.

        With `default`, `else` stands for all others; its name is empty.
        """
        if default and text.text == ELSE:
            return ""
        known = self.named_regions
        if text.text == ELSE or (self.regions and text.text not in known):
            self.report.add(shape_messages.unknown_region(text.text, self.regions, text.span))
            return None
        return text.text

    # ---------------------------------------------------------------- dates

    def day(self, text: Embedded | None) -> int | None:
        """The first instant of a written date in the policy's zone."""
        if text is None:
            return None
        day = parse_date(text, self.report)
        return None if day is None else day_start(day, self.zones[""])

    def interval(self, dates: Dates | None) -> Interval:
        """The instants that written dates stand for."""
        if dates is None:
            return Interval()
        interval = Interval(self.day(dates.from_), self.day(dates.until))
        start, end = interval.start, interval.end
        if dates.until is not None and start is not None and end is not None and end <= start:
            self.report.add(messages.ends_before_start(dates.until.span))
        return interval

    def entry_interval(self, entry: Placed) -> Interval:
        """When an entry applies, which has to be while the policy and its file are in force."""
        interval, version = self.interval(entry.effective), self.versions.get(id(entry.span.source))
        outer = [self.effective] if version is None else [self.effective, version.interval]
        is_own = id(entry.span.source) not in self.below
        if entry.effective is not None and is_own and not all(map(interval.meets, outer)):
            self.report.add(lint_messages.never_in_force(entry.effective.span))
        return interval if version is None else version.interval.within(interval)

    # ---------------------------------------------------------------- items

    def because(self, entry: Bare, scope: Scope) -> Message | None:
        """The reason of an entry."""
        return self.message(entry.because, scope)

    def status(self, entry: Bare) -> Status:
        """How much an entry does; what has no status to give does all that it says."""
        given = entry.status if isinstance(entry, Entry | ClassLine) else None
        return Status(given.text) if given else Status.ENFORCE

    def entry_regions(self, entry: Placed) -> frozenset[str]:
        """The regions that an entry is for; none named means all."""
        found = (self.region(text, default=False) for text in entry.regions or ())
        return frozenset(region for region in found if region)

    def links(self, entry: Placed) -> tuple[str, ...]:
        """Where an entry is written down."""
        return tuple(link.text for link in entry.links or ())


def most_micros(length: Stretch) -> int:
    """The longest that a length of time can be, or how far back it reaches, in microseconds."""
    if isinstance(length, Aligned):
        return (1 + length.last) * _DAYS_OF[length.unit] * DAY
    return length if isinstance(length, int) else length.count * _DAYS[length.unit] * DAY


def parse_date(text: Embedded, report: Report) -> date | None:
    """A written date such as `2025-06-17`, near enough that every zone knows it."""
    if _DATE.fullmatch(text.text):
        try:
            return date.fromisoformat(text.text)
        except ValueError:
            pass  # such as 30 February, reported like everything else that is no date
    report.add(shape_messages.bad_date(text.text, text.span))
    return None


def day_start(day: date, name: str) -> int:
    """The first instant of a day in a zone, in microseconds since 1970."""
    midnight = datetime(day.year, day.month, day.day, tzinfo=zone(name)).astimezone(UTC)
    delta = midnight - _EPOCH
    return delta.days * DAY + delta.seconds * 1_000_000
