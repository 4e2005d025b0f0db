"""Which events the lists of rules judge, and what the judged entities remember of it.

Reviews, replies and reports have a field `verdict` of their own. Any other kind gets one in a
policy whose `event_rules` judge it, and is no larger in all the others.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping

from ..authored import PolicyFile
from ..catalog import Catalog, EntityKind, parse_field
from ..source import Embedded

OWN_LISTS: Mapping[str, str] = {
    "review": "review_rules",
    "reply": "reply_rules",
    "report": "report_rules",
}
"""The kinds of entity whose events have a list of rules of their own."""

ON_DECISIONS = frozenset({"violation", "notice", "appeal", "clock"})
"""The first words of events that act on decisions; what they say is settled by the engine."""

VERDICT_TYPE = "one of none | allow | flag | hold | refuse = none"
VERDICT = parse_field("verdict", VERDICT_TYPE)


def happening(catalog: Catalog) -> frozenset[str]:
    """The events that say what happened to something, rather than act on decisions."""
    return frozenset(name for name in catalog.events if name.partition(".")[0] not in ON_DECISIONS)


def judgeable(catalog: Catalog) -> frozenset[str]:
    """The events that `event_rules` can judge."""
    events = catalog.events
    return frozenset(one for one in happening(catalog) if events[one].about not in OWN_LISTS)


def own_list(catalog: Catalog, event: str) -> str | None:
    """The list of rules that judges an event, where it is not `event_rules`."""
    of = catalog.events.get(event)
    return None if of is None else OWN_LISTS.get(of.about)


def with_verdicts(catalog: Catalog, policy: PolicyFile) -> Catalog:
    """The catalog in which every kind that the policy's `event_rules` judge has a verdict."""
    rules = policy.event_rules or ()
    named = {text.text for rule in rules for text in texts_of(rule.event)}
    kinds = {catalog.events[name].about for name in named & judgeable(catalog)}
    if not kinds:
        return catalog
    entities = {
        name: _with_verdict(kind) if name in kinds else kind
        for name, kind in catalog.entities.items()
    }
    return dataclasses.replace(catalog, entities=entities)


def _with_verdict(kind: EntityKind) -> EntityKind:
    return dataclasses.replace(kind, fields={**kind.fields, VERDICT.name: VERDICT})


def texts_of(given: Embedded | tuple[Embedded, ...]) -> tuple[Embedded, ...]:
    """One text or several, as several."""
    return given if isinstance(given, tuple) else (given,)
