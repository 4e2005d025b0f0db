"""Entries of `appeals` and `remedies`."""

from __future__ import annotations

from dataclasses import dataclass

from ..shapes import Choice, Integer, Line, Many, Name, Named, Phrase, Table, Whole, key
from ..source import Embedded
from .shared import APPEALABLE, CONDITION, LENGTH, MOST_COUNT, Entry


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
