"""The limits that an author or a sender of events can meet, each by the name that the code has."""

from __future__ import annotations

import importlib
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Limit:
    """A number that something may not pass, by the name that the code has for it.

    `{0}` in `says` is the number, `{1}` the same without commas; `beyond` is what happens to what
    passes it.
    """

    of: str
    says: str
    beyond: str
    name: str

    @property
    def value(self) -> int:
        """The number itself."""
        module, _, constant = self.name.partition(":")
        found = getattr(importlib.import_module(f"revlex.engine.{module}"), constant)
        assert isinstance(found, int)  # noqa: S101  # limits are whole numbers
        return found

    @property
    def text(self) -> str:
        """The limit in words."""
        return self.says.format(f"{self.value:,}", self.value)


_FILE, _EXPRESSION, _EVENT, _RECORD = "a policy file", "an expression", "an event", "a record"
_ADDED = "an addition to the catalog"

LIMITS = (
    Limit(_FILE, "{0} bytes", "E103", "language.reading.limits:MOST_BYTES"),
    Limit(
        _FILE,
        "{0} characters in a line",
        "E104",
        "language.reading.limits:MOST_CHARACTERS_IN_A_LINE",
    ),
    Limit(_FILE, "{0} levels of lists and keys", "E107", "language.reading.limits:DEEPEST"),
    Limit(_FILE, "{0} keys and values", "E108", "language.reading.limits:MOST_VALUES"),
    Limit(_FILE, "{0} digits of a YAML number", "E119", "language.reading.core:MOST_DIGITS"),
    Limit(
        _FILE,
        "{0} errors of punctuation",
        "the rest of the file is not looked at",
        "language.reading.limits:MOST_SYNTAX_ERRORS",
    ),
    Limit(
        "a notice",
        "{0} characters of a text as written",
        "E824",
        "language.announced:MOST_CHARACTERS",
    ),
    Limit("a notice", "{0} slots in a line", "E824", "language.announced:MOST_SLOTS"),
    Limit("a notice", "{0} characters of a value", "is cut", "runtime.notices.slots:MOST_SHOWN"),
    Limit("a pack", "{0} packs upon each other", "E223", "language.overlays:MOST_LAYERS"),
    Limit("a name", "{0} variants", "E674", "language.sections.variants:MOST_VARIANTS"),
    Limit(
        "a policy",
        "{0} parts of all expressions, definitions written out",
        "E648",
        "language.checking.walk:MOST_IN_ALL",
    ),
    Limit(
        "a report",
        "{0} errors and warnings",
        "further ones are counted, not shown",
        "language.diagnostics:MOST_DIAGNOSTICS",
    ),
    Limit(_EXPRESSION, "{0} characters", "E321", "language.parsing.limits:MOST_CHARACTERS"),
    Limit(_EXPRESSION, "{0} words and signs", "E321", "language.parsing.limits:MOST_WORDS"),
    Limit(
        _EXPRESSION, "{0} brackets in one another", "E321", "language.parsing.limits:MOST_NESTING"
    ),
    Limit(_EXPRESSION, "{0} levels of any kind", "E321", "language.parsing.limits:MOST_DEPTH"),
    Limit(
        _EXPRESSION,
        "{0} parts, its definitions written out",
        "E418",
        "language.checking.walk:MOST_NODES",
    ),
    Limit(
        _EXPRESSION,
        "{0} levels, its definitions written out",
        "E418",
        "language.checking.walk:MOST_DEPTH",
    ),
    Limit(
        _EXPRESSION, "whole numbers up to {0}", "E314", "language.parsing.values:LARGEST_INTEGER"
    ),
    Limit(
        _EXPRESSION,
        "{0} digits of a decimal or percent",
        "E314",
        "language.parsing.values:MOST_DIGITS",
    ),
    Limit(
        _EXPRESSION,
        "{0} values of `least_of` or `greatest_of`",
        "E505",
        "language.functions:MOST_VALUES",
    ),
    Limit(
        _EXPRESSION, "{0} lists of `in_one_sentence`", "E533", "language.checking.forms:MOST_LISTS"
    ),
    Limit("a pattern", "{0} characters", "E511", "language.patterns:LONGEST_PATTERN"),
    Limit("a pattern", "{0} bytes of memory", "E511", "language.patterns:MOST_MEMORY"),
    Limit("a length of time", "{0} years", "E645", "language.sections.context:MOST_YEARS"),
    Limit("a result", "whole numbers up to {0}", "`error`", "language.types:LARGEST_INTEGER"),
    Limit("a measure", "{0} windows", "E529", "language.sections.windows:MOST_WINDOWS"),
    Limit("a roll-up", "{0} entities", "`error`", "runtime.rollups:MOST_LOOKED_AT"),
    Limit(
        "points", "{0} of a violation or milestone", "E206", "language.authored.shared:MOST_POINTS"
    ),
    Limit(
        "points",
        "{0} decisions that count on a ladder",
        "none are earned",
        "runtime.ladders:MOST_HELD",
    ),
    Limit(
        "a count", "{0} where a key takes a count", "E206", "language.authored.shared:MOST_COUNT"
    ),
    Limit(_ADDED, "{0} kinds", "E239", "language.sections.addition_names:MOST_KINDS"),
    Limit(_ADDED, "{0} types of events", "E239", "language.sections.addition_names:MOST_EVENTS"),
    Limit(_ADDED, "{0} fields of each", "E239", "language.sections.addition_names:MOST_FIELDS"),
    Limit(_ADDED, "{0} words of a field", "E239", "language.sections.addition_names:MOST_WORDS"),
    Limit(
        _ADDED, "{0} characters of a name", "E231", "language.sections.addition_names:LONGEST_NAME"
    ),
    Limit(
        "a template",
        "{0} times the weight of another",
        "E206",
        "language.authored.shared:MOST_WEIGHT",
    ),
    Limit(_EVENT, "{0} bytes of a line or row", "`too-long`", "runtime.event_types:MAX_LINE"),
    Limit(_EVENT, "{0} characters of a text", "`too-long`", "runtime.event_types:MAX_TEXT"),
    Limit(_EVENT, "{0} entries of a list", "`too-long`", "runtime.event_types:MAX_LIST"),
    Limit(
        _EVENT, "{0} characters of an id", "`bad-identifier`", "runtime.event_types:MAX_IDENTIFIER"
    ),
    Limit(
        _EVENT,
        "{0} digits on either side of a decimal's point",
        "`out-of-range`",
        "runtime.event_types:MAX_DECIMAL_DIGITS",
    ),
    Limit(_EVENT, "times from the year {1}", "`out-of-range`", "runtime.event_types:FIRST_YEAR"),
    Limit(_EVENT, "times to the year {1}", "`out-of-range`", "runtime.event_types:LAST_YEAR"),
    Limit(
        "a shop",
        "{0} declared periods of a kind",
        "those that ended first are forgotten",
        "runtime.periods:MOST_PERIODS",
    ),
    Limit(
        "a shop",
        "{0} days of a public holiday",
        "`out-of-range`",
        "runtime.periods:LONGEST_HOLIDAY",
    ),
    Limit("a phone number", "{0} digits at least", "is none", "runtime.phones:FEWEST_DIGITS"),
    Limit("a phone number", "{0} digits at most", "is none", "runtime.phones:MOST_DIGITS"),
    Limit(
        _RECORD, "{0} ids of what was counted", "a digest of all", "runtime.measuring:MOST_COUNTED"
    ),
    Limit(
        _RECORD,
        "{0} violations that an action at a limit rests on, or as many as the limit says",
        "the latest, and a digest of all",
        "runtime.violations:MOST_CAUSES",
    ),
    Limit(
        _RECORD,
        "{0} operands of a part, or ids of a roll-up",
        "are counted",
        "runtime.trace:MOST_OPERANDS",
    ),
    Limit(_RECORD, "{0} parts of an explanation", "are counted", "runtime.trace:MOST_PARTS"),
    Limit(_RECORD, "{0} levels of an explanation", "are counted", "runtime.trace:DEEPEST"),
    Limit(_RECORD, "{0} characters of a text shown", "is cut", "runtime.trace:LONGEST"),
    Limit(_RECORD, "{0} decimal places", "is written as a fraction", "records.values:MOST_PLACES"),
    Limit(
        "a ledger",
        "{0} shops in memory between two checkpoints",
        "wait in the ledger",
        "authoring.recording:MOST_SHOPS",
    ),
    Limit(
        "a checkpoint",
        "{0} shops that had events",
        "begins another one",
        "authoring.recording:MOST_TOUCHED",
    ),
    Limit(
        "a checkpoint",
        "{0} decisions",
        "begins another one",
        "authoring.recording:MOST_DECISIONS",
    ),
    Limit("a key file", "{0} bytes", "is refused", "ledger.privacy.keys:LONGEST"),
    Limit("an appeal", "{0} changes", "`too-many`", "runtime.bounds:MOST_CHANGES"),
    Limit(
        "an appeal",
        "{0} characters of evidence and notes",
        "`too-many`",
        "runtime.bounds:MOST_CHARACTERS",
    ),
    Limit("an appeal", "{0} pieces of evidence", "`too-many`", "runtime.bounds:MOST_EVIDENCE"),
    Limit("an appeal", "{0} files of evidence", "is refused", "ledger.handed_in:MOST_FILES"),
    Limit("a file of evidence", "{0} bytes", "is refused", "ledger.evidence:MOST_BYTES"),
    Limit("a quarantine", "{0} bytes of a line", "is cut", "runtime.inputs.received:RAW_LIMIT"),
    Limit(
        "an action",
        "{0} others that it extends to",
        "are left out",
        "runtime.extending:MOST_TARGETS",
    ),
    Limit(
        "a history",
        "{0} decisions, unless `--most` says otherwise",
        "are counted",
        "authoring.timeline.choosing:MOST_ENTRIES",
    ),
    Limit(
        "a history",
        "{0} values of a measure",
        "are one with those beside them",
        "authoring.timeline.sampling:MOST_SAMPLES",
    ),
    Limit(
        "a history",
        "{0} thresholds and subjects",
        "are counted",
        "authoring.timeline.gathering:MOST_SERIES",
    ),
    Limit(
        "a history",
        "{0} actions, and as many appeals",
        "are counted",
        "authoring.timeline.gathering:MOST_BARS",
    ),
    Limit(
        "an export",
        "{0} fields that are told on the screen",
        "stand in `--problems`",
        "authoring.exporting.dsa:MOST_TOLD",
    ),
    Limit(
        "an export",
        "{0} reasons of delayed actions remembered",
        "the oldest are forgotten",
        "authoring.exporting.statements:MOST_REMEMBERED",
    ),
    Limit("a case", "{0} events of one line", "E684", "authoring.cases:MOST_REPEATS"),
    Limit(
        "a mapping",
        "{0} rows of a joined file",
        "ends the run",
        "runtime.mapping.joining:MOST_JOINED",
    ),
    Limit(
        "a mapping", "{0} events of a run", "ends the run", "runtime.mapping.producing:MOST_EVENTS"
    ),
)
"""Every limit that an author or a sender of events can meet."""
