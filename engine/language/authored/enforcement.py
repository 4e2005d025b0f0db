"""Entries of `violations`, `actions` and `escalations`."""

from __future__ import annotations

from dataclasses import dataclass

from ..shapes import Authored, Choice, Either, Integer, Line, Many, Name, Phrase, Record, Whole, key
from ..source import Embedded
from .shared import CONDITION, LENGTH, MESSAGE, MOST_COUNT, MOST_POINTS, OVERLAP, SEVERITIES, Entry


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
