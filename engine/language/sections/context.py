"""What the sections of a policy share: the names of each other, and how phrases become values."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

from .. import ir
from .. import parser as parsing
from ..authored import Dates, Entry
from ..catalog import SHOP, Catalog
from ..checking import Uses, check_expression
from ..diagnostics import Report
from ..environment import Environment
from ..messages import policy as messages
from ..messages import shape as shape_messages
from ..program import Interval, Length, Message, Proposal, Status
from ..shapes import Named
from ..source import Embedded, Span
from ..syntax import Duration, Ending, Node, Period, Template, TemplateText
from ..types import BOOLEAN, Optional, Type

_MICROS = 1_000_000
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Scope:
    """Where an expression stands: what it is about, which kinds and fields are sure to be there."""

    about: str | None = None
    certain: frozenset[str] = frozenset()
    present: frozenset[str] = frozenset()
    parameters: Mapping[str, Type] = field(default_factory=dict)
    aggregates: bool = False


NOWHERE = Scope()
SHOP_SCOPE = Scope(SHOP)


@dataclass(slots=True)
class Context:
    """The policy's names and where to report; `used` collects the (kind, name) that are read."""

    catalog: Catalog
    report: Report
    environment: Environment
    regions: tuple[str, ...]
    zone: str
    violations: frozenset[str] = frozenset()
    used: Uses = field(default_factory=set)

    # ---------------------------------------------------------- expressions

    def check(self, node: Node, scope: Scope, expected: Type | None) -> ir.Expr | None:
        """Give a syntax tree its types."""
        environment = replace(
            self.environment,
            about=scope.about,
            certain=scope.certain,
            present=scope.present,
            parameters=scope.parameters,
            aggregates=scope.aggregates,
        )
        return check_expression(node, environment, expected, self.report, self.used)

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
        if value == 0 or (isinstance(value, Period) and value.count == 0):
            self.report.add(messages.no_length_zero(node.span))
            return None
        return value

    def duration(self, text: Embedded | None, default: int) -> int:
        """A length of time that no calendar changes, in microseconds; zero is allowed."""
        if text is None or text.text == "0":
            return default if text is None else 0
        node = parsing.parse_length(text, self.report)
        if isinstance(node, Duration):
            return node.micros
        if node is not None:
            self.report.add(
                shape_messages.unknown_word(text.text, ("24h", "30m", "400d"), text.span)
            )
        return default

    def proposal(self, text: Embedded, *, recovers: bool) -> Proposal | None:
        """An action and its length; the action has to be in the vocabulary."""
        node = parsing.parse_action(text, self.report)
        if node is None:
            return None
        if node.action not in self.environment.actions:
            known = self.environment.actions
            found = text.at(0, len(node.action))
            self.report.add(messages.unknown_reference("action", node.action, known, found))
            return None
        self.used.add(("action", node.action))
        if node.length is Ending.RECOVERED and not recovers:
            self.report.add(messages.never_recovers(text.span))
            return None
        length = node.length if isinstance(node.length, Ending) else self.length_of(node.length)
        return None if length is None else Proposal(node.action, length)

    def proposals(
        self, texts: tuple[Embedded, ...] | None, *, recovers: bool = False
    ) -> tuple[Proposal, ...]:
        """Several actions; what is wrong is reported and left out."""
        found = (self.proposal(text, recovers=recovers) for text in texts or ())
        return tuple(proposal for proposal in found if proposal is not None)

    # ----------------------------------------------------------- references

    def violation(self, name: Embedded | None) -> str | None:
        """The name of a violation that the policy has."""
        if name is None:
            return None
        if name.text not in self.violations:
            known = self.violations
            self.report.add(messages.unknown_reference("violation", name.text, known, name.span))
            return None
        self.used.add(("violation", name.text))
        return name.text

    def region(self, text: Embedded) -> str | None:
        """A region that the policy names; `else` is the empty name."""
        if text.text == "else":
            return ""
        if self.regions and text.text not in self.regions:
            self.report.add(shape_messages.unknown_region(text.text, self.regions, text.span))
            return None
        return text.text

    # ---------------------------------------------------------------- dates

    def day(self, text: Embedded | None) -> int | None:
        """The first instant of a written date in the policy's zone."""
        if text is None:
            return None
        day = parse_date(text, self.report)
        return None if day is None else day_start(day, self.zone)

    def interval(self, dates: Dates | None) -> Interval:
        """The instants that written dates stand for."""
        if dates is None:
            return Interval()
        interval = Interval(self.day(dates.from_), self.day(dates.until))
        start, end = interval.start, interval.end
        if start is not None and end is not None and end <= start:
            self.report.add(messages.ends_before_start(dates.span))
        return interval

    # ---------------------------------------------------------------- items

    def because(self, entry: Entry, scope: Scope) -> Message | None:
        """The reason of an entry."""
        return self.message(entry.because, scope)

    def status(self, entry: Entry) -> Status:
        """How much an entry does."""
        return Status(entry.status.text) if entry.status else Status.ENFORCE

    def entry_regions(self, entry: Entry) -> frozenset[str]:
        """The regions that an entry is for; none named means all."""
        found = (self.region(text) for text in entry.regions or ())
        return frozenset(region for region in found if region)

    def links(self, entry: Entry) -> tuple[str, ...]:
        """Where an entry is written down."""
        return tuple(link.text for link in entry.links or ())


def parse_date(text: Embedded, report: Report) -> date | None:
    """A written date such as `2025-06-17`."""
    try:
        return date.fromisoformat(text.text)
    except ValueError:
        report.add(shape_messages.bad_date(text.text, text.span))
        return None


def day_start(day: date, zone: str) -> int:
    """The first instant of a day in a zone, in microseconds since 1970."""
    midnight = datetime(day.year, day.month, day.day, tzinfo=ZoneInfo(zone)).astimezone(UTC)
    delta = midnight - _EPOCH
    return (delta.days * 86_400 + delta.seconds) * _MICROS


def entry_span(entry: Entry | Named) -> Span:
    """Where messages about a whole entry point."""
    return entry.key.span if isinstance(entry, Named) else entry.span
