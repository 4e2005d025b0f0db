"""What a notice to a seller can announce, and what it can say of each: its variables.

A notice speaks of one decision and of nothing else. So its variables are what the record of that
decision holds, with their types; what a record may lack may be missing here too.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Final

from .types import BOOLEAN, INSTANT, INTEGER, TEXT, Enumeration, Optional, Type

MOST_SLOTS: Final = 200
"""The most slots of one line."""

MOST_CHARACTERS: Final = 20_000
"""The most characters of one text as it is written."""


@dataclass(frozen=True, slots=True)
class Variable:
    """Something that a notice can say."""

    name: str
    type: Type
    doc: str


def _words(name: str, *members: str) -> Enumeration:
    return Enumeration(name, members)


_ALWAYS: Final = (
    Variable("decision", TEXT, "the id of the decision"),
    Variable("policy", TEXT, "the title of the policy"),
    Variable("version", TEXT, "its version"),
    Variable("rule", TEXT, "the name of the rule, violation, action, ladder, … that decided"),
    Variable("status", _words("status", "enforce", "warn"), "`warn` where nothing follows"),
    Variable("shop", TEXT, "the shop"),
    Variable("region", Optional(TEXT), "its region"),
    Variable("at", INSTANT, "when it was decided"),
    Variable("because", Optional(TEXT), "the reason that the decision gives"),
    Variable("order", Optional(TEXT), "the order that it is about"),
    Variable("product", Optional(TEXT), "the product that it is about"),
    Variable("review", Optional(TEXT), "the review that it is about"),
    Variable("reply", Optional(TEXT), "the reply that it is about"),
    Variable("appeal_until", Optional(INSTANT), "until when it can be appealed"),
    Variable("attempts", Optional(INTEGER), "how many attempts an appeal has"),
    Variable(
        "evidence_wanted",
        Optional(TEXT),
        "what has to be handed in with an appeal, by the reason that is given",
    ),
)
_BALANCE: Final = (
    Variable("ladder", Optional(TEXT), "the ladder whose balance moved"),
    Variable("points", Optional(INTEGER), "by how much the balance moved"),
    Variable("points_before", Optional(INTEGER), "the balance before"),
    Variable("points_after", Optional(INTEGER), "the balance after"),
)
_MILESTONE: Final = (
    Variable("ladder", TEXT, "the ladder"),
    Variable("step", INTEGER, "at how many points the milestone is"),
    Variable("points_after", INTEGER, "the balance"),
)
_CHANGES: Final = (
    *("applied", "extended", "kept", "scheduled", "suspended", "resumed", "lifted", "expired"),
)
_ACTION: Final = (
    Variable("action", TEXT, "the action"),
    Variable("change", _words("change", *_CHANGES), "what became of it"),
    Variable(
        "scope",
        _words("scope", "shop", "product", "review", "reply", "fund", "order", "buyer", "account"),
        "what it falls on",
    ),
    Variable("target", TEXT, "the id of what it falls on"),
    Variable("from", INSTANT, "since when"),
    Variable("until", Optional(INSTANT), "until when; missing while it has no end"),
    Variable("permanent", BOOLEAN, "whether it stays for good"),
    Variable("until_recovered", BOOLEAN, "whether it stays until the measure has recovered"),
    Variable("note", Optional(TEXT), "the `note` of the action"),
)
_STATES: Final = (
    *("filed", "admitted", "refused", "escalated", "withdrawn"),
    *("upheld", "overturned", "partly_overturned"),
)

VARIABLES: Final[Mapping[str, tuple[Variable, ...]]] = {
    "violation": (
        *_ALWAYS,
        Variable("violation", TEXT, "the violation"),
        Variable(
            "severity",
            _words("severity", "minor", "major", "severe", "critical"),
            "how grave it is",
        ),
        *_BALANCE,
        Variable("points_expire", Optional(INSTANT), "when the points lapse"),
    ),
    "action": (*_ALWAYS, *_ACTION),
    "step": (*_ALWAYS, *_MILESTONE),
    "warning": (*_ALWAYS, *_MILESTONE),
    "verdict": (
        *_ALWAYS,
        Variable(
            "verdict", _words("verdict", "allow", "flag", "hold", "reject", "refuse"), "the verdict"
        ),
    ),
    "threshold": (
        *_ALWAYS,
        Variable("band", TEXT, "the band that was entered"),
        Variable("band_before", Optional(TEXT), "the band that was left"),
        Variable("measure", Optional(TEXT), "the measure"),
        Variable("value", Optional(TEXT), "its value"),
        Variable("limit", Optional(TEXT), "the bound that it was compared with"),
        Variable("numerator", Optional(TEXT), "what was counted"),
        Variable("denominator", Optional(TEXT), "out of how many"),
    ),
    "points": (
        *_ALWAYS,
        *_BALANCE,
        Variable(
            "adjusted",
            Optional(_words("adjusted", "expired", "earned", "reset")),
            "why the balance moved",
        ),
    ),
    "appeal": (
        *_ALWAYS,
        Variable("appeal", TEXT, "the id of the appeal"),
        Variable("state", _words("state", *_STATES), "what became of it"),
    ),
    "remedy": (*_ALWAYS, Variable("met", BOOLEAN, "whether the remedy was met")),
    "reversal": (
        *_ALWAYS,
        Variable("reverses", TEXT, "the id of the decision that was undone"),
        Variable("appeal", Optional(TEXT), "the id of the appeal that brought it"),
        *_BALANCE,
    ),
}
"""By what is announced: the kind of decision, but `warning` where a milestone is near."""

KINDS: Final = tuple(VARIABLES)

NAMES: Final = frozenset(one.name for several in VARIABLES.values() for one in several)
"""Every variable of any notice."""

WORDED: Final = frozenset(
    {
        *("rule", "status", "region", "violation", "severity", "ladder", "action", "change"),
        *("scope", "note", "verdict", "band", "band_before", "measure", "adjusted", "state"),
    }
)
"""Those whose values the policy may have words for in each language."""


def variables_of(kinds: Iterable[str]) -> dict[str, Type]:
    """What a notice of several kinds can say: what all of them have, by one type."""
    of = [{one.name: one.type for one in VARIABLES[kind]} for kind in kinds]
    first, *others = of
    return {
        name: typed
        for name, typed in first.items()
        if all(other.get(name) == typed for other in others)
    }


def own(kinds: Collection[str]) -> list[str]:
    """What notices of some kinds can say that not every notice can."""
    always = {one.name for one in _ALWAYS}
    return [name for name in variables_of(kinds) if name not in always]


def lacking(name: str, kinds: Iterable[str]) -> list[str]:
    """The kinds, of some, that do not have a variable."""
    return [kind for kind in kinds if all(one.name != name for one in VARIABLES[kind])]
