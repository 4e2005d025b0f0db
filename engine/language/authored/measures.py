"""Entries of `measures` and `thresholds`."""

from __future__ import annotations

from dataclasses import dataclass

from ..shapes import Authored, Choice, Integer, Many, Name, Named, Phrase, Record, Table, Whole, key
from ..source import Embedded
from .shared import BAND, CONDITION, MOST_COUNT, SUBJECT, VALUE, WINDOW, Bare, Entry


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
