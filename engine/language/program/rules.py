"""Classification, rules on events and drafts, as they are judged."""

from __future__ import annotations

import enum
from collections.abc import Mapping
from dataclasses import dataclass

from ..ir import Expr
from ..syntax import Hours
from .shared import Item, Length, Message


class Stratum(enum.Enum):
    """Which list of rules on events a rule stands in."""

    REVIEW = "review_rules"
    REPLY = "reply_rules"
    REPORT = "report_rules"
    EVENT = "event_rules"


VERDICTS = ("allow", "flag", "hold", "reject", "refuse")
"""From mild to strict. `reject` is for replies, `refuse` for everything else."""


@dataclass(frozen=True, slots=True)
class TimeOut:
    """What a `hold` becomes once a length of time has passed in which nobody decided."""

    length: Length
    verdict: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule(Item):
    """A rule on events: when its condition holds, its verdict falls on what the event is about.

    All its events are `about` one kind of entity.
    """

    stratum: Stratum
    about: str
    events: tuple[str, ...]
    condition: Expr
    verdicts: Mapping[str, str]
    """By region; the key `""` is for all others."""
    time_out: TimeOut | None = None
    violation: str | None = None
    priority: int = 0
    stop: bool = False

    def verdict(self, region: str) -> str:
        """The verdict in a region."""
        return self.verdicts.get(region) or self.verdicts[""]


@dataclass(frozen=True, slots=True, kw_only=True)
class Classification(Item):
    """One line of `classify`: the class that a review gets when the condition holds."""

    as_class: str
    condition: Expr


class Mode(enum.Enum):
    """What becomes of a drafted reply."""

    DRAFT = "draft"
    APPROVE = "approve"
    POST = "post"


@dataclass(frozen=True, slots=True)
class RateLimit:
    """At most `count` in any span of `length`."""

    count: int
    length: Length


@dataclass(frozen=True, slots=True)
class DraftLimits:
    """How much the shop answers by itself."""

    per_run: int | None = None
    per_buyer: RateLimit | None = None
    per_shop: RateLimit | None = None
    hours: Hours | None = None


@dataclass(frozen=True, slots=True)
class Text:
    """One of the texts of a draft, which is chosen in proportion to its weight."""

    message: Message
    weight: int = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft(Item):
    """A reply that the shop drafts by itself when the condition holds.

    `picks` are the entries that a text of a language can take, by the name of their list.
    """

    events: tuple[str, ...]
    condition: Expr
    mode: Mode
    delay: int
    templates: Mapping[str, tuple[Text, ...]]
    """By language; the key `else` is for all others."""
    picks: Mapping[str, Mapping[str, tuple[str, ...]]]
    seed: str = ""
    priority: int = 0
