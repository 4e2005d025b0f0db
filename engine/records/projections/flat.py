"""Decisions and appeals as flat rows: typed columns with names, for tables.

A column says what it is, what type it has, and where its value comes from; the tables in
`docs/exports.md` are made of these declarations. Where a decision has several of a thing (ladders,
actions), the columns of that thing hold lists of the same length and order. Times are instants;
`zone_offset` says what the clocks of the shop showed. Values that are exact texts in a record stay
texts.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, Final, Generic, Literal, TypeVar

from ..appeal import Appeal
from ..decision import Decision, MeasureEvidence
from ..notice import Notice
from .dsa.describing import says
from .dsa.statement import FORMS, Form, Some, Statement

Type = Literal["text", "whole number", "yes or no", "instant", "texts", "whole numbers", "instants"]
"""Of a column. Each value may be missing, but not those in lists, except of instants."""

_Record = TypeVar("_Record", Decision, Appeal, Notice, Statement)


@dataclass(frozen=True, slots=True)
class ColumnOf(Generic[_Record]):
    """A column: its name, its type, what it says, and how its value is read from a record."""

    name: str
    type: Type
    says: str
    read: Callable[[_Record], Any]


_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND: Final = timedelta(microseconds=1)


def instant(text: str | None) -> int | None:
    """An instant in microseconds since 1970; nothing where it lies beyond the calendar."""
    if text is None:
        return None
    try:
        return (datetime.fromisoformat(text) - _EPOCH) // _MICROSECOND
    except (ValueError, TypeError):
        return None


def _of_measure(name: str) -> Callable[[Decision], Any]:
    def read(decision: Decision) -> Any:
        measure: MeasureEvidence | None = decision.evidence.measure
        value = None if measure is None else getattr(measure, name)
        return str(value) if name in _EXACT and value is not None else value

    return read


def _of_draft(name: str) -> Callable[[Decision], str | None]:
    def read(decision: Decision) -> str | None:
        draft = decision.outcome.draft
        return None if draft is None else getattr(draft, name)

    return read


_EXACT: Final = frozenset({"numerator", "denominator"})
"""Whole numbers in most records, exact texts in some."""


def _offset(text: str) -> str:
    """The offset at the end of a time: `+07:00`."""
    return "+00:00" if text.endswith(("Z", "z")) else text[-6:]


DECISION_COLUMNS: Final[tuple[ColumnOf[Decision], ...]] = (
    ColumnOf("decision_id", "text", "its id", lambda d: d.decision_id),
    ColumnOf(
        "kind", "text", "what was decided: `verdict`, `violation`, `action`, …", lambda d: d.kind
    ),
    ColumnOf("mode", "text", "`live`, `shadow`, `replay` or `test`", lambda d: d.mode),
    ColumnOf(
        "sequence", "whole number", "its place in the chain of the shop", lambda d: d.sequence
    ),
    ColumnOf("event_time", "instant", "when it happened", lambda d: instant(d.time.event_time)),
    ColumnOf("decided_at", "instant", "when it was decided", lambda d: instant(d.time.decided_at)),
    ColumnOf(
        "zone_offset",
        "text",
        "the offset of the shop's clocks then, such as `+07:00`",
        lambda d: _offset(d.time.event_time),
    ),
    ColumnOf(
        "applies_from", "instant", "from when it applies", lambda d: instant(d.time.applies_from)
    ),
    ColumnOf("applies_until", "instant", "until when", lambda d: instant(d.time.applies_until)),
    ColumnOf(
        "notified_at", "instant", "when the seller was told", lambda d: instant(d.time.notified_at)
    ),
    ColumnOf(
        "appealable_until",
        "instant",
        "until when it can be appealed",
        lambda d: instant(d.time.appealable_until),
    ),
    ColumnOf("shop", "text", "the shop", lambda d: d.subject.shop),
    ColumnOf("region", "text", "its region", lambda d: d.subject.region),
    ColumnOf(
        "subject_kind", "text", "what it falls on: `review`, `shop`, …", lambda d: d.subject.kind
    ),
    ColumnOf("subject_id", "text", "the key of that", lambda d: d.subject.id),
    ColumnOf("order_id", "text", "the order that it belongs to", lambda d: d.subject.order),
    ColumnOf("product_id", "text", "the product", lambda d: d.subject.product),
    ColumnOf("review_id", "text", "the review", lambda d: d.subject.review),
    ColumnOf("reply_id", "text", "the reply", lambda d: d.subject.reply),
    ColumnOf("buyer_key", "text", "the buyer", lambda d: d.subject.buyer),
    ColumnOf("policy", "text", "the policy", lambda d: d.policy.name),
    ColumnOf("policy_version", "text", "its version", lambda d: d.policy.version),
    ColumnOf("policy_digest", "text", "its digest", lambda d: d.policy.digest),
    ColumnOf("engine_version", "text", "the version of revlex", lambda d: d.policy.engine),
    ColumnOf("rule", "text", "the rule, threshold, action, … that decided", lambda d: d.rule.id),
    ColumnOf("section", "text", "where it stands in the policy", lambda d: d.rule.section),
    ColumnOf("rule_status", "text", "`enforce`, `warn` or `shadow`", lambda d: d.rule.status),
    ColumnOf("file", "text", "the file that it stands in", lambda d: d.rule.file),
    ColumnOf("line", "whole number", "the line that it stands on", lambda d: d.rule.line),
    ColumnOf("result", "text", "`fired`, `insufficient`, `error`, …", lambda d: d.rule.result),
    ColumnOf("because", "text", "the reason that the seller reads", lambda d: d.rule.because),
    ColumnOf("error", "text", "why it could not be decided", lambda d: d.rule.error),
    ColumnOf("measure", "text", "the measure that it rests on", _of_measure("measure")),
    ColumnOf("measure_value", "text", "what that came to, exactly", _of_measure("value")),
    ColumnOf("numerator", "text", "its numerator", _of_measure("numerator")),
    ColumnOf("denominator", "text", "its denominator", _of_measure("denominator")),
    ColumnOf("sample", "whole number", "how many it was made of", _of_measure("sample")),
    ColumnOf("threshold", "text", "the bound that it met", _of_measure("threshold")),
    ColumnOf("margin", "text", "how far it was beyond that", _of_measure("margin")),
    ColumnOf("causes", "texts", "the decisions that caused it", lambda d: d.evidence.causes),
    ColumnOf("verdict", "text", "the verdict", lambda d: d.outcome.verdict),
    ColumnOf("violation", "text", "the violation", lambda d: d.outcome.violation),
    ColumnOf("severity", "text", "its severity", lambda d: d.outcome.severity),
    ColumnOf("band", "text", "the band that was entered", lambda d: d.outcome.band),
    ColumnOf("band_before", "text", "the band before", lambda d: d.outcome.band_before),
    ColumnOf("step", "whole number", "the milestone that was reached", lambda d: d.outcome.step),
    ColumnOf("step_ladder", "text", "the ladder that it stands on", lambda d: d.outcome.ladder),
    ColumnOf(
        "ladders", "texts", "whose points changed", lambda d: [p.ladder for p in d.outcome.points]
    ),
    ColumnOf(
        "points_before",
        "whole numbers",
        "the points of each before",
        lambda d: [p.before for p in d.outcome.points],
    ),
    ColumnOf(
        "points_delta",
        "whole numbers",
        "by how much they changed",
        lambda d: [p.delta for p in d.outcome.points],
    ),
    ColumnOf(
        "points_after",
        "whole numbers",
        "the points of each after",
        lambda d: [p.after for p in d.outcome.points],
    ),
    ColumnOf(
        "points_expire_at",
        "instants",
        "when they expire",
        lambda d: [instant(p.expires_at) for p in d.outcome.points],
    ),
    ColumnOf("actions", "texts", "the actions", lambda d: [a.action for a in d.outcome.actions]),
    ColumnOf(
        "action_changes",
        "texts",
        "what became of each: `applied`, `lifted`, …",
        lambda d: [a.change for a in d.outcome.actions],
    ),
    ColumnOf(
        "action_scopes",
        "texts",
        "what kind of thing each falls on",
        lambda d: [a.scope for a in d.outcome.actions],
    ),
    ColumnOf(
        "action_targets",
        "texts",
        "the key of that",
        lambda d: [a.target for a in d.outcome.actions],
    ),
    ColumnOf(
        "action_starts",
        "instants",
        "from when each applies",
        lambda d: [instant(a.start) for a in d.outcome.actions],
    ),
    ColumnOf(
        "action_ends",
        "instants",
        "until when; missing while it has no end",
        lambda d: [instant(a.until) for a in d.outcome.actions],
    ),
    ColumnOf("draft_mode", "text", "`post`, `approve` or `draft`", _of_draft("mode")),
    ColumnOf("draft_language", "text", "the language of a drafted reply", _of_draft("language")),
    ColumnOf("draft_text", "text", "its text", _of_draft("text")),
    ColumnOf("appeal_id", "text", "the appeal that it is about", lambda d: d.outcome.appeal_id),
    ColumnOf("appeal_state", "text", "the state of that", lambda d: d.outcome.appeal_state),
    ColumnOf(
        "appeal_process",
        "text",
        "the process by which it can be appealed",
        lambda d: None if d.redress is None else d.redress.process,
    ),
    ColumnOf("event_id", "text", "the event that it was decided at", lambda d: d.event_id),
    ColumnOf("supersedes", "text", "the decision that it replaces", lambda d: d.supersedes),
    ColumnOf("reverses", "text", "the decision that it undoes", lambda d: d.reverses),
    ColumnOf(
        "caused_by_appeal", "text", "the appeal that brought it", lambda d: d.caused_by_appeal
    ),
    ColumnOf(
        "previous_hash", "text", "the hash before it in the chain", lambda d: d.integrity.previous
    ),
    ColumnOf("hash", "text", "its own hash", lambda d: d.integrity.hash),
)
"""What a row of `revlex export decisions --format parquet` holds."""


APPEAL_COLUMNS: Final[tuple[ColumnOf[Appeal], ...]] = (
    ColumnOf("appeal_id", "text", "its id", lambda a: a.appeal_id),
    ColumnOf("process", "text", "the process that it follows", lambda a: a.process),
    ColumnOf("shop", "text", "the shop", lambda a: a.shop),
    ColumnOf("rule", "text", "what decided against it", lambda a: a.rule),
    ColumnOf("decision_ids", "texts", "the decisions that it is against", lambda a: a.decision_ids),
    ColumnOf("attempt", "whole number", "the attempt that it has come to", lambda a: a.attempt),
    ColumnOf("attempts", "whole number", "how many there are", lambda a: a.attempts),
    ColumnOf("state", "text", "how it stands", lambda a: a.state),
    ColumnOf("opened_at", "instant", "from when it could be filed", lambda a: instant(a.opened_at)),
    ColumnOf(
        "zone_offset",
        "text",
        "the offset of the shop's clocks then, such as `+07:00`",
        lambda a: _offset(a.opened_at),
    ),
    ColumnOf("deadline", "instant", "until when it can be filed", lambda a: instant(a.deadline)),
    ColumnOf("appellant", "text", "who filed it", lambda a: a.appellant),
    ColumnOf("filed_at", "instant", "when", lambda a: instant(a.filed_at)),
    ColumnOf("admissible", "yes or no", "whether it was admitted", lambda a: a.admissible),
    ColumnOf(
        "failed_checks",
        "texts",
        "the conditions of admission that it did not meet",
        lambda a: [check.name for check in a.checks if not check.passed],
    ),
    ColumnOf("reason_code", "text", "the reason that the appellant named", lambda a: a.reason_code),
    ColumnOf("statement", "text", "what the appellant wrote", lambda a: a.statement),
    ColumnOf("evidence", "texts", "the evidence", lambda a: a.evidence),
    ColumnOf("evidence_wanted", "texts", "the evidence asked for", lambda a: a.evidence_wanted),
    ColumnOf("evidence_until", "instant", "until when", lambda a: instant(a.evidence_until)),
    ColumnOf("due_at", "instant", "when it has to be decided", lambda a: instant(a.due_at)),
    ColumnOf("reviewer", "text", "who reviews it", lambda a: a.reviewer),
    ColumnOf("outcome", "text", "how it came out", lambda a: a.outcome),
    ColumnOf("outcome_reason", "text", "why", lambda a: a.outcome_reason),
    ColumnOf("error_class", "text", "what had been wrong", lambda a: a.error_class),
    ColumnOf("policy_digest", "text", "the digest of the policy", lambda a: a.policy_digest),
    ColumnOf(
        "reversed_ids",
        "texts",
        "the decisions that it undoes",
        lambda a: [one.decision_id for one in a.reversal_plan],
    ),
    ColumnOf(
        "new_decision_ids", "texts", "the decisions that it brought", lambda a: a.new_decision_ids
    ),
    ColumnOf(
        "last_change_at",
        "instant",
        "when its state last changed",
        lambda a: instant(a.history[-1].at) if a.history else None,
    ),
    ColumnOf("changes", "whole number", "how often its state changed", lambda a: len(a.history)),
)
"""What a row of `revlex export appeals --format parquet` holds."""


def _of_statement(name: str, form: Form) -> ColumnOf[Statement]:
    type_: Type = "texts" if isinstance(form, Some) else "text"
    return ColumnOf(name, type_, says(name), lambda statement: getattr(statement, name))


STATEMENT_COLUMNS: Final = tuple(_of_statement(*one) for one in FORMS.items())
"""What a row of `revlex export dsa --format parquet` holds."""

NOTICE_COLUMNS: Final[tuple[ColumnOf[Notice], ...]] = (
    ColumnOf("decision_id", "text", "the decision", lambda n: n.decision_id),
    ColumnOf("kind", "text", "what was decided: `violation`, `action`, …", lambda n: n.kind),
    ColumnOf("shop", "text", "whom it is for", lambda n: n.shop),
    ColumnOf("region", "text", "the region of the shop", lambda n: n.region),
    ColumnOf("policy", "text", "the policy", lambda n: n.policy),
    ColumnOf("policy_digest", "text", "its digest", lambda n: n.policy_digest),
    ColumnOf("at", "instant", "when it was decided", lambda n: instant(n.at)),
    ColumnOf(
        "zone_offset",
        "text",
        "the offset of the shop's clocks then, such as `+07:00`",
        lambda n: _offset(n.at),
    ),
    ColumnOf("language", "text", "the language, where the policy says it", lambda n: n.language),
    ColumnOf(
        "template", "text", "the notice of the policy; none: built-in words", lambda n: n.template
    ),
    ColumnOf("subject", "text", "its subject", lambda n: n.subject),
    ColumnOf("body", "text", "its lines", lambda n: n.body),
    ColumnOf("deadline", "instant", "until when to appeal", lambda n: instant(n.deadline)),
    ColumnOf("reasons", "texts", "the reasons of an appeal", lambda n: list(n.evidence_wanted)),
    ColumnOf(
        "evidence_wanted",
        "texts",
        "what each of these needs, with commas",
        lambda n: [", ".join(kinds) for kinds in n.evidence_wanted.values()],
    ),
)
"""What a row of `revlex export notices --format parquet` holds."""

COLUMNS: Final[Mapping[str, Sequence[ColumnOf[Any]]]] = {
    "decisions": DECISION_COLUMNS,
    "appeals": APPEAL_COLUMNS,
    "notices": NOTICE_COLUMNS,
    "dsa": STATEMENT_COLUMNS,
}
"""The columns by what is exported."""
