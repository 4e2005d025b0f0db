"""A policy as its author wrote it: one frozen record for each kind of entry, with places.

Keys, their shapes and their explanations are declared here once; the reader and the JSON Schema
(`grammar/policy.schema.json`) both come from these declarations. Texts with grammar of their own
are still unparsed.
"""

from __future__ import annotations

from dataclasses import dataclass

from .authored_catalog import CatalogEntry
from .authored_overrides import OverrideEntry
from .shapes import (
    Authored,
    Choice,
    Either,
    Flag,
    Integer,
    Line,
    Many,
    Name,
    Named,
    Phrase,
    Record,
    Table,
    Truth,
    Whole,
    key,
)
from .source import Embedded

MOST_POINTS = 1_000_000
MOST_COUNT = 1_000_000_000
MOST_WEIGHT = 1_000

CONDITION = Phrase("a condition", "review.stars <= 2")
VALUE = Phrase("a value", "count(review where review.stars <= 2)")
LENGTH = Phrase("a length of time", "30 calendar days")
WINDOW = Phrase("a window", "30 calendar days")
BAND = Phrase("a band", "from 0.5% below 1%")
MESSAGE = Line("a sentence")
REGION = Line("a region")

STATUS = Choice(("enforce", "warn", "shadow", "disabled"))
VERDICT = Choice(("allow", "flag", "hold", "reject", "refuse"))
MODE = Choice(("draft", "approve", "post"))
SUBJECT = Choice(("shop", "product", "buyer"))
OVERLAP = Choice(("extend", "restart", "longest", "keep"))
SEVERITIES = ("minor", "major", "severe", "critical")
APPEALABLE = ("violation", "action", "threshold", "verdict")


@dataclass(frozen=True, slots=True, kw_only=True)
class Dates(Authored):
    """When something applies."""

    announced: Embedded | None = key(Phrase("a date", "2025-06-02"), "the day it was made known")
    from_: Embedded | None = key(Phrase("a date", "2025-06-17"), "the first day it applies")
    until: Embedded | None = key(Phrase("a date", "2026-06-17"), "the first day it does not")


@dataclass(frozen=True, slots=True, kw_only=True)
class Bare(Authored):
    """What every entry may say besides its own keys."""

    regions: tuple[Embedded, ...] | None = key(Many(REGION, 1), "only these regions")
    effective: Dates | None = key(Record(Dates), "when it applies")
    because: Embedded | None = key(MESSAGE, "the reason, as the seller will read it")
    owner: Embedded | None = key(Line(), "who answers for it")
    links: tuple[Embedded, ...] | None = key(Many(Line("a link")), "where it is written down")
    tests: tuple[Embedded, ...] | None = key(
        Many(Line("the name of a case")), "the cases in `cases.yaml` that show it"
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry(Bare):
    """What every entry that does something may say besides its own keys."""

    status: Embedded | None = key(
        STATUS, "how much it does: `warn` sanctions nobody, `shadow` only records"
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class ClassLine(Bare):
    """A class for reviews; the first line that holds gives the class."""

    status: Embedded | None = key(Choice(("enforce", "disabled")), "`disabled`: it gives no class")
    as_: Embedded = key(
        Choice(("product", "service", "logistics", "safety", "other")), "the class", required=True
    )
    when: Embedded | None = key(CONDITION, "when it holds; left out: always")


@dataclass(frozen=True, slots=True, kw_only=True)
class ReviewRule(Entry):
    """May this review, follow-up or edit stand?"""

    rule: Embedded = key(Name(), "its name", required=True)
    event: Embedded | tuple[Embedded, ...] | None = key(
        Either(scalar=Line("an event"), sequence=Many(Line("an event"), 1)),
        "the events it judges; left out: review.posted",
    )
    when: Embedded | None = key(CONDITION, "which of them it looks at; left out: all")
    require: Embedded | None = key(CONDITION, "what must hold")
    otherwise: Embedded | None = key(
        Choice(("flag", "hold", "refuse")), "the verdict when it does not hold"
    )
    verdict: Embedded | tuple[Named, ...] | None = key(
        Either(scalar=VERDICT, mapping=Table(VERDICT, REGION, at_least=1)),
        "the verdict when `when` holds; may differ by region",
    )
    hold_for: Embedded | None = key(LENGTH, "how long `hold` lasts; left out: for good")
    then: Embedded | None = key(
        Choice(("allow", "refuse")), "the verdict when nobody has decided by then"
    )
    violation: Embedded | None = key(Name(), "the violation that the shop commits by it")
    priority: Whole | None = key(Integer(-1000, 1000), "rules with more go first")
    stop: Flag | None = key(Truth(), "whether no later rule looks at the event")


@dataclass(frozen=True, slots=True, kw_only=True)
class ReplyRule(Entry):
    """What a seller may answer."""

    rule: Embedded = key(Name(), "its name", required=True)
    event: Embedded | tuple[Embedded, ...] | None = key(
        Either(scalar=Line("an event"), sequence=Many(Line("an event"), 1)),
        "the events it judges; left out: reply.submitted",
    )
    when: Embedded | None = key(CONDITION, "when it holds, the verdict falls")
    require: Embedded | None = key(CONDITION, "when it does not hold, the verdict falls")
    verdict: Embedded | tuple[Named, ...] = key(
        Either(scalar=VERDICT, mapping=Table(VERDICT, REGION, at_least=1)),
        "allow, flag, hold or reject; may differ by region",
        required=True,
    )
    hold_for: Embedded | None = key(LENGTH, "how long `hold` lasts; left out: for good")
    then: Embedded | None = key(
        Choice(("allow", "reject")), "the verdict when nobody has decided by then"
    )
    violation: Embedded | None = key(Name(), "the violation that the shop commits by it")
    priority: Whole | None = key(Integer(-1000, 1000), "rules with more go first")
    stop: Flag | None = key(Truth(), "whether no later rule looks at the event")


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportRule(Entry):
    """Which reports of abusive reviews are heard."""

    rule: Embedded = key(Name(), "its name", required=True)
    when: Embedded | None = key(CONDITION, "which reports it looks at; left out: all")
    require: Embedded | None = key(CONDITION, "what must hold")
    otherwise: Embedded | None = key(
        Choice(("flag", "hold", "refuse")), "the verdict when it does not hold"
    )
    verdict: Embedded | tuple[Named, ...] | None = key(
        Either(scalar=VERDICT, mapping=Table(VERDICT, REGION, at_least=1)),
        "the verdict when `when` holds",
    )
    hold_for: Embedded | None = key(LENGTH, "how long `hold` lasts; left out: for good")
    then: Embedded | None = key(
        Choice(("allow", "refuse")), "the verdict when nobody has decided by then"
    )
    violation: Embedded | None = key(Name(), "the violation that the shop commits by it")
    priority: Whole | None = key(Integer(-1000, 1000), "rules with more go first")
    stop: Flag | None = key(Truth(), "whether no later rule looks at the event")


@dataclass(frozen=True, slots=True, kw_only=True)
class EventRule(Entry):
    """What may happen to orders, products, returns, chats and so on."""

    rule: Embedded = key(Name(), "its name", required=True)
    event: Embedded | tuple[Embedded, ...] = key(
        Either(scalar=Line("an event"), sequence=Many(Line("an event"), 1)),
        "the events it judges, all about one kind of thing",
        required=True,
    )
    when: Embedded | None = key(CONDITION, "which of them it looks at; left out: all")
    require: Embedded | None = key(CONDITION, "what must hold")
    otherwise: Embedded | None = key(
        Choice(("flag", "hold", "refuse")), "the verdict when it does not hold"
    )
    verdict: Embedded | tuple[Named, ...] | None = key(
        Either(scalar=VERDICT, mapping=Table(VERDICT, REGION, at_least=1)),
        "the verdict when `when` holds; may differ by region",
    )
    hold_for: Embedded | None = key(LENGTH, "how long `hold` lasts; left out: for good")
    then: Embedded | None = key(
        Choice(("allow", "refuse")), "the verdict when nobody has decided by then"
    )
    violation: Embedded | None = key(Name(), "the violation that the shop commits by it")
    priority: Whole | None = key(Integer(-1000, 1000), "rules with more go first")
    stop: Flag | None = key(Truth(), "whether no later rule looks at the event")


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits(Authored):
    """How much the shop answers by itself."""

    per_run: Whole | None = key(Integer(1, MOST_COUNT), "most drafts in one run")
    per_buyer: Embedded | None = key(Phrase("a rate", "1 per 24h"), "most drafts to one buyer")
    per_shop: Embedded | None = key(Phrase("a rate", "50 per day"), "most drafts of one shop")
    hours: Embedded | None = key(
        Phrase("hours", "09:00 to 21:00"), "when drafts go out, in the policy's zone"
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class WeightedTemplate(Authored):
    """A text for a reply that is chosen more often than others."""

    text: Embedded = key(Line("a template"), "the text", required=True)
    weight: Whole | None = key(Integer(1, MOST_WEIGHT), "how often, beside 1 of the others")


TEMPLATES = Many(Either(scalar=Line("a template"), mapping=Record(WeightedTemplate)), 1)


@dataclass(frozen=True, slots=True, kw_only=True)
class DraftRule(Entry):
    """A reply that the shop drafts by itself."""

    draft: Embedded = key(Name(), "its name", required=True)
    event: Embedded | tuple[Embedded, ...] | None = key(
        Either(scalar=Line("an event"), sequence=Many(Line("an event"), 1)),
        "the events it answers; left out: review.posted",
    )
    when: Embedded | None = key(CONDITION, "which reviews it answers; left out: all")
    mode: Embedded = key(
        MODE, "draft, approve or post; `post` needs a condition of 3 stars or more", required=True
    )
    forced: Flag | None = key(
        Truth(), "whether `post` stands although 1 or 2 stars may be answered unseen"
    )
    delay: Embedded | None = key(Phrase("a duration", "2h"), "how long it waits")
    templates: tuple[Named, ...] = key(
        Table(TEMPLATES, Line("a language"), at_least=1),
        "texts by language; `else` for others",
        required=True,
    )
    priority: Whole | None = key(Integer(-1000, 1000), "drafts with more go first")


@dataclass(frozen=True, slots=True, kw_only=True)
class Drafts(Authored):
    """What the shop answers by itself."""

    limits: Limits | None = key(Record(Limits), "how much at most")
    seed: Embedded | None = key(Line(), "whatever is written here, another seed chooses others")
    rules: tuple[DraftRule, ...] = key(
        Many(Record(DraftRule)), "the first whose condition holds answers", required=True
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class MeasureEntry(Bare):
    """A number for each shop, product or buyer, as of now."""

    per: Embedded = key(SUBJECT, "whose number it is", required=True)
    value: Embedded = key(VALUE, "what is counted", required=True)
    over: Embedded = key(WINDOW, "the window", required=True)
    at_least: Whole | None = key(
        Integer(1, MOST_COUNT), "the sample below which the value is `insufficient`"
    )
    lag: Embedded | None = key(Phrase("a duration", "30d"), "how long before now the window ends")


@dataclass(frozen=True, slots=True, kw_only=True)
class Consequence(Authored):
    """What follows from entering a band."""

    violation: Embedded | None = key(Name(), "the violation that it is")
    do: tuple[Embedded, ...] | None = key(
        Many(Phrase("an action", "order_cap until recovered"), 1), "the actions that it brings"
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class ThresholdEntry(Entry):
    """Bands over a measure or over conditions, and what follows from entering one."""

    threshold: Embedded = key(Name(), "its name", required=True)
    measure: Embedded | None = key(
        Name(), "the measure it looks at; left out: its bands have conditions only"
    )
    per: Embedded | None = key(SUBJECT, "whose bands they are, where there is no measure")
    check: Embedded = key(Phrase("a schedule", "daily at 00:00"), "how often", required=True)
    require: Embedded | None = key(
        CONDITION, "a further condition, over other measures; without it: insufficient"
    )
    bands: tuple[Named, ...] = key(
        Table(BAND, at_least=1), "names, and ranges or conditions", required=True
    )
    moves: Embedded | None = key(
        Choice(("up", "down", "both")),
        "`up`: bands are entered in their order only, `down`: against it; left out: both",
    )
    leave: tuple[Named, ...] | None = key(
        Table(Phrase("a range", "below 0.8%")), "what it takes to leave a band"
    )
    hold_for: tuple[Named, ...] | None = key(
        Table(Phrase("a number of checks or a length of time", "2 checks")),
        "how long a value must lie in a band before it is entered",
    )
    on_enter: tuple[Named, ...] | None = key(
        Table(Record(Consequence)), "what follows from entering a band"
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class PickEntry(Authored):
    """The points that are given, by how grave the violation is."""

    minor: Whole | None = key(Integer(0, MOST_POINTS), "the points of a minor one")
    major: Whole | None = key(Integer(0, MOST_POINTS), "the points of a major one")
    severe: Whole | None = key(Integer(0, MOST_POINTS), "the points of a severe one")
    critical: Whole | None = key(Integer(0, MOST_POINTS), "the points of a critical one")
    else_: Whole | None = key(Integer(0, MOST_POINTS), "the points of all others")


@dataclass(frozen=True, slots=True, kw_only=True)
class RepeatEntry(Authored):
    """What the same violation costs when it happens again."""

    within: Embedded = key(LENGTH, "how long the earlier one is remembered", required=True)
    times: Whole | None = key(Integer(2, 100), "how many times the points; left out: as many")
    limit: Whole | None = key(Integer(2, 1000), "from which time on it brings actions, too")
    do: tuple[Embedded, ...] | None = key(
        Many(Phrase("an action", "close_shop permanently"), 1), "the actions of that time"
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class ViolationEntry(Entry):
    """A kind of violation, and what it costs."""

    points: Embedded | None = key(
        Phrase("points", "1 to 12"), "how many points, or a range to pick from; left out: none"
    )
    pick: Whole | PickEntry | None = key(
        Either(scalar=Integer(0, MOST_POINTS), mapping=Record(PickEntry)),
        "the points of the range that are given; may differ by severity",
    )
    severity: Embedded | None = key(Choice(SEVERITIES), "how grave it is; left out: minor")
    repeat: RepeatEntry | None = key(Record(RepeatEntry), "what repeating it costs")
    do: tuple[Embedded, ...] | None = key(
        Many(Phrase("an action", "freeze_product for 7d"), 1), "actions it brings at once"
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class ActionEntry(Entry):
    """A measure against a shop, product, review, reply or fund."""

    scope: Embedded = key(
        Choice(("shop", "product", "review", "reply", "fund")), "what it falls on", required=True
    )
    overlap: Embedded | None = key(OVERLAP, "what happens when it is asked for while it runs")
    cap: Embedded | None = key(
        Phrase("a cap", "70% of usual_orders per day"),
        "for caps: how many, or how much of a measure",
    )
    extends_to: tuple[Embedded, ...] | None = key(
        Many(Phrase("what it extends to", "products where product.fulfilled_by == seller"), 1),
        "what an action on the shop falls on too: `linked accounts`, `products`",
    )
    note: Embedded | None = key(Line(), "what it does, for the seller")


@dataclass(frozen=True, slots=True, kw_only=True)
class StepEntry(Authored):
    """What follows when the total reaches a milestone."""

    at: Whole = key(Integer(0, MOST_POINTS), "the milestone", required=True)
    do: tuple[Embedded, ...] = key(
        Many(Phrase("an action", "close_shop for 28d"), 1), "the actions", required=True
    )
    because: Embedded | None = key(MESSAGE, "the reason, as the seller will read it")


@dataclass(frozen=True, slots=True, kw_only=True)
class EarnEntry(Authored):
    """What brings points back."""

    earn: Embedded = key(Name(), "its name", required=True)
    event: Embedded = key(Line("an event"), "the event that counts", required=True)
    when: Embedded | None = key(CONDITION, "which of them count; left out: all")
    every: Whole | None = key(Integer(1, MOST_COUNT), "how many it takes; left out: one")
    points: Whole = key(Integer(1, MOST_POINTS), "the points that come back", required=True)


@dataclass(frozen=True, slots=True, kw_only=True)
class LadderEntry(Entry):
    """Points that add up, expire, and lead to actions at milestones."""

    ladder: Embedded = key(Name(), "its name", required=True)
    per: Embedded = key(Choice(("shop",)), "whose points they are", required=True)
    count: Embedded | None = key(
        Phrase("a way of counting", "down from 200 within 0 to 1000"),
        "which way, from where, and between which ends; left out: up",
    )
    of: tuple[Embedded, ...] | None = key(
        Many(Name(), 1), "the violations that count; left out: all"
    )
    expire: Embedded | None = key(LENGTH, "how long points last; left out: for good")
    terminal: Whole | None = key(
        Integer(0, MOST_POINTS), "the total from which nothing expires any more"
    )
    warn_before: Whole | None = key(
        Integer(1, MOST_POINTS), "how far before a milestone the shop is warned"
    )
    earn: tuple[EarnEntry, ...] | None = key(Many(Record(EarnEntry), 1), "what brings points back")
    reset: Embedded | None = key(
        Phrase("a schedule", "quarterly"), "when everything that was counted is gone"
    )
    steps: tuple[StepEntry, ...] = key(Many(Record(StepEntry), 1), "the milestones", required=True)


@dataclass(frozen=True, slots=True, kw_only=True)
class AppealEntry(Entry):
    """How decisions are appealed."""

    appeal: Embedded = key(Name(), "its name", required=True)
    against: tuple[Embedded, ...] | None = key(
        Many(Choice(APPEALABLE), 1),
        "the kinds of decision; left out: the one that the name says",
    )
    attempts: tuple[Embedded, ...] = key(
        Many(Phrase("a deadline", "within 30 calendar days of notice"), 1),
        "how long each attempt may be filed; the last is final",
        required=True,
    )
    evidence: tuple[Named, ...] | None = key(
        Table(Many(Line("a kind of evidence")), Line("a reason code")),
        "what has to be handed in, by reason code; `else` for others",
    )
    late_evidence: Embedded | None = key(
        LENGTH, "how long evidence may follow that was missing; left out: not at all"
    )
    require: Embedded | None = key(CONDITION, "what must hold for an appeal to be heard")
    open_at_once: Whole | None = key(
        Integer(1, MOST_COUNT), "how many may be heard at a time; left out: any number"
    )
    longest_statement: Whole | None = key(
        Integer(1, MOST_COUNT), "the most characters of a statement"
    )
    while_pending: Embedded | None = key(
        Phrase("what becomes of actions", "keep"), "`keep`, `suspend` or `delay 48h`"
    )
    decide_within: Embedded | None = key(LENGTH, "how long the decision may take")
    if_lapsed: Embedded | None = key(
        Choice(("escalate", "overturn")), "what follows when nobody decided in time"
    )
    if_overturned: tuple[Embedded, ...] | None = key(
        Many(Choice(("void points", "lift actions", "exclude from measures")), 1),
        "what success brings",
    )
    recompute: Embedded | None = key(
        Choice(("retroactive", "from now")), "whether the shop's history is evaluated again"
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class RemedyEntry(Entry):
    """What a shop can do about a decision instead of appealing."""

    remedy: Embedded = key(Name(), "its name", required=True)
    event: Embedded = key(Line("an event"), "the event that is the remedy", required=True)
    when: Embedded | None = key(CONDITION, "which of them; left out: all")
    of: tuple[Embedded, ...] | None = key(
        Many(Name(), 1), "the violations or actions that it is for; left out: any"
    )
    within: Embedded | None = key(LENGTH, "how long after the notice; left out: at any time")
    per_shop: Embedded | None = key(Phrase("a rate", "1 per 180d"), "how often a shop has it")
    do: tuple[Embedded, ...] = key(
        Many(Phrase("what a remedy does", "void points"), 1),
        "`void points`, `lower points by 4`, `lift actions`, `shorten to 7d`",
        required=True,
    )


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
