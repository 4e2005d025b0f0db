"""`appeals`: which decisions can be appealed, how, and what success brings."""

from __future__ import annotations

from .. import parser as parsing
from ..authored import APPEALABLE, AppealEntry, PolicyFile
from ..catalog import SHOP
from ..ir import Expr
from ..messages import policy as messages
from ..program import AppealProcess, Attempt, Lapse, Length, Success, WhilePending
from ..shapes import Named, fitting
from ..source import Embedded
from .common import item_fields
from .context import NOWHERE, Context, Scope
from .rules import report_constant

ANCHORS = ("notice", "rejection")
"""What an appeal's deadline can be counted from."""

_DELAY = "delay "
_SHOP = Scope(SHOP, per=SHOP)


def build_appeals(context: Context, policy: PolicyFile) -> tuple[AppealProcess, ...]:
    """The appeal processes in the author's order."""
    found = (_process(context, entry) for entry in policy.appeals or ())
    return tuple(process for process in found if process is not None)


def _process(context: Context, entry: AppealEntry) -> AppealProcess | None:
    against = _against(context, entry)
    attempts = _attempts(context, entry)
    pending, delay = _while_pending(context, entry.while_pending)
    decide_within = context.length(entry.decide_within)
    item = item_fields(context, entry, entry.appeal, NOWHERE)
    if not against or len(attempts) != len(entry.attempts):
        return None
    success = entry.if_overturned or ()
    return AppealProcess(
        **item,
        against=against,
        attempts=attempts,
        evidence=_evidence(entry.evidence),
        while_pending=pending,
        delay=delay,
        decide_within=decide_within,
        if_lapsed=Lapse(entry.if_lapsed.text) if entry.if_lapsed else Lapse.ESCALATE,
        if_overturned=tuple(Success(one.text) for one in success) or tuple(Success),
        retroactive=bool(entry.recompute and entry.recompute.text == "retroactive"),
        late_evidence=_late(context, entry),
        require=_require(context, entry),
        open_at_once=entry.open_at_once.value if entry.open_at_once else None,
        longest_statement=entry.longest_statement.value if entry.longest_statement else None,
    )


def _late(context: Context, entry: AppealEntry) -> Length | None:
    if entry.late_evidence is not None and entry.lacks("evidence"):
        place = entry.late_evidence.span
        context.report.add(messages.needs_partner("late_evidence", "evidence", place))
    return context.length(entry.late_evidence)


def _require(context: Context, entry: AppealEntry) -> Expr | None:
    condition = None if entry.require is None else context.expression(entry.require, _SHOP)
    if condition is not None:
        report_constant(context, condition)
    return condition


def _against(context: Context, entry: AppealEntry) -> tuple[str, ...]:
    if entry.against is not None:
        return tuple(dict.fromkeys(kind.text for kind in entry.against))
    if "against" in entry.broken:
        return ()
    if entry.appeal.text in APPEALABLE:
        return (entry.appeal.text,)
    context.report.add(
        messages.appeal_against_what(entry.appeal.text, APPEALABLE, entry.appeal.span)
    )
    return ()


def _attempts(context: Context, entry: AppealEntry) -> tuple[Attempt, ...]:
    found = (_attempt(context, number, text) for number, text in enumerate(entry.attempts))
    return tuple(attempt for attempt in found if attempt is not None)


def _attempt(context: Context, number: int, text: Embedded) -> Attempt | None:
    node = parsing.parse_deadline(text, context.report)
    if node is None:
        return None
    anchors = ANCHORS if number else ANCHORS[:1]
    if node.anchor not in anchors:
        start = text.text.rindex(node.anchor)
        place = text.at(start, start + len(node.anchor))
        context.report.add(messages.unknown_anchor(node.anchor, anchors, place))
        return None
    length = context.length_of(node.length)
    return None if length is None else Attempt(length, node.anchor)


def _while_pending(context: Context, text: Embedded | None) -> tuple[WhilePending, Length | None]:
    if text is None or text.text == WhilePending.KEEP.value:
        return WhilePending.KEEP, None
    if text.text == WhilePending.SUSPEND.value:
        return WhilePending.SUSPEND, None
    if text.text.startswith(_DELAY):
        return WhilePending.DELAY, context.length(text.part(len(_DELAY), len(text.text)))
    context.report.add(messages.wrong_while_pending(text.text, text.span))
    return WhilePending.KEEP, None


def _evidence(named: tuple[Named, ...] | None) -> dict[str, tuple[str, ...]]:
    return {one.key.text: tuple(kind.text for kind in one.value) for one in fitting(named)}
