"""`notices`: what sellers are told, in their languages."""

from __future__ import annotations

from dataclasses import dataclass

from ..announced import KINDS
from ..shapes import Authored, Choice, Either, Line, Many, Name, Named, Record, Table, key
from ..source import Embedded
from .shared import CONDITION, REGION, Placed

_LANGUAGE = Line("a language")


@dataclass(frozen=True, slots=True, kw_only=True)
class NoticeLine(Authored):
    """Lines of a notice that stand there only where a condition holds."""

    text: Embedded = key(Line("a text"), "the lines", required=True)
    when: Embedded | None = key(CONDITION, "when they stand there; left out: always")


TEXTS = Either(
    scalar=Line("a text"),
    sequence=Many(Either(scalar=Line("a text"), mapping=Record(NoticeLine)), 1),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class NoticeEntry(Placed):
    """What sellers are told of one kind of decision."""

    notice: Embedded = key(Name(), "its name", required=True)
    for_: Embedded | tuple[Embedded, ...] = key(
        Either(scalar=Choice(KINDS), sequence=Many(Choice(KINDS), 1)),
        "what it announces",
        required=True,
    )
    of: tuple[Embedded, ...] | None = key(
        Many(Name(), 1), "which violations, actions, ladders, … of that kind; left out: all"
    )
    when: Embedded | None = key(CONDITION, "which of these; left out: all")
    subject: tuple[Named, ...] = key(
        Table(Line("a text"), _LANGUAGE, at_least=1),
        "its subject by language; `else` for others",
        required=True,
    )
    text: tuple[Named, ...] = key(
        Table(TEXTS, _LANGUAGE, at_least=1),
        "its lines by language; `else` for others",
        required=True,
    )
    status: Embedded | None = key(
        Choice(("enforce", "disabled")), "`disabled`: it is not used; left out: it is"
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class NoticesEntry(Authored):
    """What sellers are told, in their languages."""

    languages: tuple[Named, ...] | None = key(
        Table(_LANGUAGE, REGION, at_least=1),
        "the language of each region's shops, where they have not named theirs",
    )
    words: tuple[Named, ...] | None = key(
        Table(Table(Line("a text"), _LANGUAGE, at_least=1), Line("a word")),
        "what names of the policy are called, by language",
    )
    entries: tuple[NoticeEntry, ...] = key(
        Many(Record(NoticeEntry)), "the notices; of those that fit, the first", required=True
    )
