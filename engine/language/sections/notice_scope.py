"""What notices are of, and what is left that none announces, or not in every language."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from ..authored import Entry, PolicyFile
from ..messages import notices as messages
from ..program import Notices, NoticeTemplate, Status
from ..shapes import Named
from ..source import Embedded
from .context import ELSE, Context

_RULES = ("review_rules", "reply_rules", "report_rules", "event_rules")
_SILENT = frozenset({"shadow", "disabled"})


def names_of(policy: PolicyFile) -> Mapping[str, frozenset[str]]:
    """The names that a notice can be `of`, by what it announces."""
    ladders = _listed(policy, "escalations", "ladder")
    by_kind = {
        "violation": _named(policy.violations),
        "action": _named(policy.actions),
        "step": ladders,
        "warning": ladders,
        "points": ladders,
        "verdict": frozenset[str]().union(*(_listed(policy, one, "rule") for one in _RULES)),
        "threshold": _listed(policy, "thresholds", "threshold"),
        "appeal": _listed(policy, "appeals", "appeal"),
        "remedy": _listed(policy, "remedies", "remedy"),
    }
    return {**by_kind, "reversal": frozenset[str]().union(*by_kind.values())}


def _named(entries: Iterable[Named] | None) -> frozenset[str]:
    return frozenset(one.key.text for one in entries or ())


def _listed(policy: PolicyFile, section: str, key: str) -> frozenset[str]:
    return frozenset(getattr(entry, key).text for entry in getattr(policy, section) or ())


def report_gaps(context: Context, policy: PolicyFile, notices: Notices) -> None:
    """Report languages that some notices or words lack, and what no notice announces."""
    used = [one for one in notices.templates if one.status is not Status.DISABLED]
    languages = _languages(used, notices)
    for template in used:
        missing = languages - template.texts.keys()
        if missing and ELSE not in template.texts:
            context.report.add(messages.lacks_languages(sorted(missing), template.span))
    for named in (policy.notices.words if policy.notices else None) or ():
        words = notices.words.get(named.key.text, {})
        missing = languages - words.keys()
        if words and missing and ELSE not in words:
            context.report.add(messages.word_lacks(named.key.text, sorted(missing), named.key.span))
    for kind, names in _owed(policy).items():
        fitting = [one for one in used if kind in one.kinds]
        left = names.difference(*(one.of for one in fitting))
        if left and policy.notices and all(one.of for one in fitting):
            context.report.add(messages.unannounced(kind, sorted(left), policy.notices.span))


def _owed(policy: PolicyFile) -> Mapping[str, frozenset[str]]:
    """What sellers have to be told of, but for what is only tried out."""
    ladders = policy.escalations or ()
    return {
        "violation": _in_use((one.key, one.value) for one in policy.violations or ()),
        "action": _in_use((one.key, one.value) for one in policy.actions or ()),
        "step": _in_use((one.ladder, one) for one in ladders),
    }


def _in_use(entries: Iterable[tuple[Embedded, Entry | None]]) -> frozenset[str]:
    return frozenset(
        name.text
        for name, entry in entries
        if entry is None or entry.status is None or entry.status.text not in _SILENT
    )


def _languages(used: Iterable[NoticeTemplate], notices: Notices) -> set[str]:
    """The languages that notices are in, or should be."""
    said = {language for one in used for language in one.texts}
    return (said | set(notices.languages.values())) - {ELSE}
