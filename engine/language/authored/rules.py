"""Entries of `classify`, of the rules on events, and of the drafted replies."""

from __future__ import annotations

from dataclasses import dataclass

from ..shapes import (
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
from ..source import Embedded
from .shared import CONDITION, LENGTH, MODE, MOST_COUNT, MOST_WEIGHT, REGION, VERDICT, Bare, Entry


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
