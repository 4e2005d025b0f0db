"""What entries of all sections have in common: phrases, closed words, and the keys of each."""

from __future__ import annotations

from dataclasses import dataclass

from ..shapes import Authored, Choice, Line, Many, Phrase, Record, key
from ..source import Embedded

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
class Placed(Authored):
    """Where and when an entry applies, and who answers for it."""

    regions: tuple[Embedded, ...] | None = key(Many(REGION, 1), "only these regions")
    effective: Dates | None = key(Record(Dates), "when it applies")
    owner: Embedded | None = key(Line(), "who answers for it")
    links: tuple[Embedded, ...] | None = key(Many(Line("a link")), "where it is written down")


@dataclass(frozen=True, slots=True, kw_only=True)
class Bare(Placed):
    """What every entry may say besides its own keys."""

    because: Embedded | None = key(MESSAGE, "the reason, as the seller will read it")
    tests: tuple[Embedded, ...] | None = key(
        Many(Line("the name of a case")), "the cases in `cases.yaml` that show it"
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry(Bare):
    """What every entry that does something may say besides its own keys."""

    status: Embedded | None = key(
        STATUS, "how much it does: `warn` sanctions nobody, `shadow` only records"
    )
