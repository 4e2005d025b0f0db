"""Whole runs of random streams under policies that have everything, to say something of all."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from revlex.engine.language.program import Program
from revlex.engine.records.appeal import Appeal
from revlex.engine.records.decision import Decision
from revlex.engine.runtime.evaluator import Evaluator
from revlex.engine.runtime.events import Decoder, Event
from revlex.engine.runtime.instants import from_datetime
from revlex.tests.reference.everything import TERMS, Terms, end_of, policy, streams
from revlex.tests.reference.streams import text_of

PATIENT = settings(
    max_examples=30,
    phases=[Phase.explicit, Phase.reuse, Phase.generate],  # to make a stream shorter takes minutes
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)


@dataclass(slots=True)
class Run:
    """A stream that was fed to its end, and what came of it."""

    terms: Terms
    events: list[Event] = field(repr=False)
    evaluator: Evaluator = field(init=False)
    decisions: list[Decision] = field(init=False, repr=False)

    def __post_init__(self) -> None:
        self.evaluator = Evaluator(self.program)
        self.decisions = self.evaluator.feed_all(self.events)
        self.decisions += self.evaluator.advance(self.end)

    @property
    def program(self) -> Program:
        """The policy."""
        return policy(self.terms)

    @property
    def end(self) -> int:
        """An instant at which every deadline has passed."""
        return end_of(self.events)

    @property
    def appeals(self) -> list[Appeal]:
        """The appeals as they stand in the end."""
        return self.evaluator.appeals()

    def by_shop(self) -> dict[str, list[Decision]]:
        """The decisions of each shop, in order."""
        found: dict[str, list[Decision]] = {}
        for decision in self.decisions:
            found.setdefault(decision.subject.shop, []).append(decision)
        return found


@st.composite
def runs(draw: st.DrawFn, terms: Iterable[Terms] = TERMS) -> Run:
    """A random stream under one of some policies."""
    chosen = draw(st.sampled_from(list(terms)))
    return Run(chosen, draw(streams(policy(chosen))))


@st.composite
def worked_runs(draw: st.DrawFn, terms: Iterable[Terms] = TERMS) -> Run:
    """A random stream in which somebody files and decides appeals that can be."""
    chosen = draw(st.sampled_from(list(terms)))
    program = policy(chosen)
    decoder, evaluator, events = Decoder(program.catalog), Evaluator(program), list[Event]()
    for event in draw(streams(program, most=25)):
        events.append(event)
        evaluator.feed(event)
        for number in range(draw(st.sampled_from([0, 0, 1, 3]))):
            said = draw(_steps(evaluator))
            if said is None:
                continue
            name, at = f"{event.event_id}w{number}", text_of(from_datetime(event.occurred_at))
            step = decoder.convert({**said, "event_id": name, "occurred_at": at})
            assert isinstance(step, Event), step
            events.append(step)
            evaluator.feed(step)
    return Run(chosen, events)


@st.composite
def _steps(draw: st.DrawFn, evaluator: Evaluator) -> dict[str, Any] | None:
    """A step that some appeal is ready for; rulings for the appellant more often than not."""
    ready = [one for one in evaluator.appeals() if one.state in _READY]
    if not ready:
        return None
    appeal = draw(st.sampled_from(ready))
    about = {"shop_id": appeal.shop, "appeal_id": appeal.appeal_id}
    if appeal.state == "open":
        (decision,) = appeal.decision_ids
        named = {} if appeal.filed_at else {"appeal_id": f"of-{appeal.appeal_id}"}
        return {**about, **named, "type": "appeal.filed", "decision_id": decision}
    outcome = draw(st.sampled_from(["overturned", "overturned", "upheld", "partly_overturned"]))
    by = draw(st.sampled_from(["ann", "bob"]))
    ruling = {"outcome": outcome, "decided_by": by, "reason": "looked at", "points": 1}
    return {**about, **ruling, "type": "appeal.decided"}


_READY = {"open", "under_review", "evidence_requested", "escalated"}
