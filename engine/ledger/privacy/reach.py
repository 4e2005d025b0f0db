"""What of one shop an erasure or a retention reaches."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from typing import Any

from ...records.decision import Decision
from ...runtime.event_types import Event
from .belonging import Relations, Thing


@dataclass(slots=True)
class Reach:
    """What is reached: entities, events by id, decisions by id, appeals by their ids and keys.

    With `before`, also whatever is from before that instant. `against` are the ids and keys of the
    appeals against each decision.
    """

    things: frozenset[Thing] = frozenset()
    before: int | None = None
    events: set[str] = field(default_factory=set)
    decisions: set[str] = field(default_factory=set)
    appeals: set[str] = field(default_factory=set)
    against: Mapping[str, Collection[str]] = field(default_factory=dict)

    def entity(self, kind: str, key: str, entity: Any) -> bool:
        """Whether an entity is reached."""
        old = self.before is not None and entity.touched_at < self.before
        return old or (kind, key) in self.things

    def event(self, relations: Relations, event: Event, at: int) -> bool:
        """Whether an event is reached; it is noted then."""
        if self._is_old(at) or self._names(relations, event):
            self.events.add(event.event_id)
            if self.things and getattr(event, "appeal_id", None):
                self.appeals.add(event.appeal_id)  # type: ignore[attr-defined]  # it has one
            return True
        return False

    def _names(self, relations: Relations, event: Event) -> bool:
        if any(thing in self.things for thing in relations.named(event)):
            return True
        reviews = getattr(event, "review_ids", None) or ()
        if any(("review", review) in self.things for review in reviews):
            return True
        about = (getattr(event, "appeal_id", None), getattr(event, "decision_id", None))
        return about[0] in self.appeals or about[1] in self.decisions

    def decision(self, decision: Decision, at: int) -> bool:
        """Whether a decision is reached; it is noted then, with the appeals against it."""
        if self._is_old(at) or self._concerns(decision):
            self.decisions.add(decision.decision_id)
            self.appeals.update(self.against.get(decision.decision_id, ()))
            return True
        return False

    def _concerns(self, decision: Decision) -> bool:
        subject = decision.subject
        related = (
            (subject.kind, subject.id),
            ("order", subject.order),
            ("review", subject.review),
            ("reply", subject.reply),
            ("buyer", subject.buyer),
        )
        earlier = {*decision.evidence.causes, decision.reverses, decision.supersedes}
        return (
            any(one in self.things for one in related)
            or decision.event_id in self.events
            or decision.caused_by_appeal in self.appeals
            or not self.decisions.isdisjoint(earlier)
        )

    def _is_old(self, at: int) -> bool:
        return self.before is not None and at < self.before
