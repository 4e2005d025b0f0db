"""A whole policy file: its head, and all sections."""

from __future__ import annotations

from dataclasses import dataclass

from ..shapes import Authored, Choice, Either, Line, Many, Name, Named, Phrase, Record, Table, key
from ..source import Embedded
from .catalog import CatalogEntry
from .enforcement import ActionEntry, LadderEntry, ViolationEntry
from .measures import MeasureEntry, ThresholdEntry
from .notices import NoticesEntry
from .overrides import OverrideEntry
from .redress import AppealEntry, RemedyEntry
from .rules import ClassLine, Drafts, EventRule, ReplyRule, ReportRule, ReviewRule
from .shared import CONDITION, REGION, Dates


@dataclass(frozen=True, slots=True, kw_only=True)
class CalendarEntry(Authored):
    """Which days are business days."""

    weekend: tuple[Embedded, ...] | None = key(
        Many(
            Choice(("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"))
        ),
        "the days off in each week",
    )
    holidays: tuple[Embedded, ...] | None = key(
        Many(Phrase("a date", "2026-01-01")), "further days off"
    )


def _varied(record: type) -> Either:
    """An entry, or a list of its variants."""
    return Either(mapping=Record(record), sequence=Many(Record(record), 1))


VARIED = ("measures", "violations", "actions")
"""Sections that go by name, where a list of variants may stand under one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PolicyFile(Authored):
    """A revlex policy, or one file of a policy pack."""

    policy: Embedded | None = key(Name(), "the policy's name")
    title: Embedded | None = key(Line(), "what people call it")
    version: Embedded | None = key(
        Line(), "which version this is, in quotes; in another file: that of its entries"
    )
    extend: Embedded | None = key(
        Phrase("a path", "../sea"), "another pack, which this one changes and adds to"
    )
    override: tuple[OverrideEntry, ...] | None = key(
        Many(Record(OverrideEntry)), "what becomes of entries of that pack"
    )
    regions: tuple[Embedded, ...] | None = key(Many(REGION, 1), "where it applies")
    timezone: Embedded | tuple[Named, ...] | None = key(
        Either(scalar=Line("a time zone"), mapping=Table(Line("a time zone"), REGION, at_least=1)),
        "the zone of its days: one, or one for each region with `else` for others",
    )
    calendar: CalendarEntry | None = key(
        Record(CalendarEntry), "which days are business days, in regions without one of their own"
    )
    calendars: tuple[Named, ...] | None = key(
        Table(Record(CalendarEntry), REGION, at_least=1), "the same for each region"
    )
    effective: Dates | None = key(
        Record(Dates), "when it applies; in another file: when its entries do"
    )
    in_flight: Embedded | None = key(
        Choice(("keep", "adopt")),
        "whether points keep the length they have, or get that of a ladder's new variant",
    )
    notice_period: Embedded | None = key(
        Phrase("a duration", "15d"), "how long before it applies a version has to be announced"
    )
    lateness: Embedded | None = key(
        Phrase("a duration", "10m"), "how long events are waited for, to be put in order"
    )
    retention: Embedded | None = key(
        Phrase("a duration", "400d"), "how long what nobody touches is remembered"
    )
    catalog: CatalogEntry | None = key(
        Record(CatalogEntry), "kinds, fields and types of events that only this policy knows"
    )
    lists: tuple[Named, ...] | None = key(
        Table(
            Either(
                sequence=Many(Line("a word")),
                mapping=Table(Many(Line("a word")), Line("a language")),
            )
        ),
        "word lists: a list, or one for each language",
    )
    tables: tuple[Named, ...] | None = key(
        Table(Table(Phrase("a value", "0.84%"), Phrase("a key", "beauty"))),
        "values to look up; `by` says by what, `else` what others get",
    )
    define: tuple[Named, ...] | None = key(
        Table(CONDITION), "names for conditions and values that are used several times"
    )
    classify: tuple[ClassLine, ...] | None = key(
        Many(Record(ClassLine)), "the class of each review; the first line that holds"
    )
    review_rules: tuple[ReviewRule, ...] | None = key(
        Many(Record(ReviewRule)), "which reviews, follow-ups and edits may stand"
    )
    reply_rules: tuple[ReplyRule, ...] | None = key(
        Many(Record(ReplyRule)), "what a seller may answer"
    )
    reply_drafts: Drafts | None = key(Record(Drafts), "what the shop answers by itself")
    report_rules: tuple[ReportRule, ...] | None = key(
        Many(Record(ReportRule)), "which reports of abusive reviews are heard"
    )
    event_rules: tuple[EventRule, ...] | None = key(
        Many(Record(EventRule)), "what may happen to orders, products, returns and all other things"
    )
    measures: tuple[Named, ...] | None = key(
        Table(_varied(MeasureEntry)), "numbers over windows of time"
    )
    thresholds: tuple[ThresholdEntry, ...] | None = key(
        Many(Record(ThresholdEntry)), "bands over measures"
    )
    violations: tuple[Named, ...] | None = key(
        Table(_varied(ViolationEntry)), "kinds of violations"
    )
    actions: tuple[Named, ...] | None = key(
        Table(_varied(ActionEntry)), "the vocabulary of actions"
    )
    escalations: tuple[LadderEntry, ...] | None = key(
        Many(Record(LadderEntry)), "ladders of points"
    )
    appeals: tuple[AppealEntry, ...] | None = key(Many(Record(AppealEntry)), "appeals")
    remedies: tuple[RemedyEntry, ...] | None = key(
        Many(Record(RemedyEntry)), "what shops can do instead of appealing"
    )
    notices: NoticesEntry | None = key(
        Record(NoticesEntry), "what sellers are told, in their languages"
    )
