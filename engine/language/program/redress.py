"""Appeals and remedies: how decisions are undone."""

from __future__ import annotations

import enum
from collections.abc import Mapping
from dataclasses import dataclass

from ..ir import Expr
from .rules import RateLimit
from .shared import Item, Length


class WhilePending(enum.Enum):
    """What becomes of the actions while an appeal is being decided."""

    KEEP = "keep"
    SUSPEND = "suspend"
    DELAY = "delay"


class Lapse(enum.Enum):
    """What becomes of an appeal that nobody decided in time; never against the appellant."""

    ESCALATE = "escalate"
    OVERTURN = "overturn"


class Success(enum.Enum):
    """What an overturned appeal does."""

    VOID_POINTS = "void points"
    LIFT_ACTIONS = "lift actions"
    EXCLUDE = "exclude from measures"


@dataclass(frozen=True, slots=True)
class Attempt:
    """How long an attempt may be filed, and from when that is counted (`notice`, `rejection`)."""

    length: Length
    anchor: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AppealProcess(Item):
    """How decisions of some kinds are appealed."""

    against: tuple[str, ...]
    attempts: tuple[Attempt, ...]
    evidence: Mapping[str, tuple[str, ...]]
    """What has to be handed in, by reason code; the key `else` is for all others."""
    while_pending: WhilePending
    delay: Length | None
    decide_within: Length | None
    if_lapsed: Lapse
    if_overturned: tuple[Success, ...]
    retroactive: bool
    late_evidence: Length | None = None
    require: Expr | None = None
    open_at_once: int | None = None
    longest_statement: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Remedy(Item):
    """What an event does about a decision instead of an appeal.

    The condition is over what the event is `about`. `of` are the violations and actions that it is
    for; empty means any. `lowers` is 0 where it leaves points alone or voids them.
    """

    event: str
    about: str
    condition: Expr | None
    of: frozenset[str]
    within: Length | None
    per_shop: RateLimit | None
    voids: bool
    lifts: bool
    lowers: int
    shortens: Length | None
