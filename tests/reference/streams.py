"""Short ways to write a policy and a stream of events, and to look at what comes of them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from revlex.engine.language.compiler import compile_sources
from revlex.engine.language.program import Program
from revlex.engine.language.source import Source
from revlex.engine.records.appeal import Appeal
from revlex.engine.records.decision import Decision, encode
from revlex.engine.runtime.evaluator import Evaluator
from revlex.engine.runtime.events import Decoder, Event

SECOND = 1_000_000
MINUTE = 60 * SECOND
HOUR = 60 * MINUTE
DAY = 24 * HOUR


def compiled(text: str) -> Program:
    """The program of a policy without mistakes."""
    program, report = compile_sources([Source("policy.yaml", text)])
    assert program is not None, [(one.code, one.message, one.span) for one in report]
    return program


def instant(text: str) -> int:
    """An instant in microseconds; without an offset it is in UTC."""
    moment = datetime.fromisoformat(text)
    moment = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    return round((moment - datetime(1970, 1, 1, tzinfo=UTC)).total_seconds()) * SECOND


def text_of(micros: int) -> str:
    """An instant as RFC 3339 text in UTC."""
    seconds, rest = divmod(micros, SECOND)
    moment = datetime.fromtimestamp(seconds, UTC).replace(microsecond=rest)
    return moment.isoformat()


@dataclass(slots=True)
class Shop:
    """A shop under a policy: events go in by their type, decisions are kept in order.

    Times are texts such as `2025-07-01T10:00` (UTC unless they say otherwise) or microseconds.
    Events that say no `event_id` get `e1`, `e2`, ... in order.
    """

    program: Program
    name: str = "s1"
    region: str | None = None
    mode: Any = "live"
    evaluator: Evaluator = field(init=False)
    decisions: list[Decision] = field(default_factory=list)
    events: list[Event] = field(default_factory=list)
    _decoder: Decoder = field(init=False)

    def __post_init__(self) -> None:
        self.evaluator = Evaluator(self.program, region=self.region, mode=self.mode)
        self._decoder = Decoder(self.program.catalog)

    def event(self, at: str | int, type_: str, **fields: Any) -> Event:
        """An event that fits the catalog, not yet fed."""
        moment = at if isinstance(at, int) else instant(at)
        given = {
            "event_id": f"e{len(self.events) + 1}",
            "shop_id": self.name,
            "occurred_at": text_of(moment),
            "type": type_,
        }
        renamed = {name.rstrip("_"): value for name, value in fields.items()}
        made = self._decoder.convert({**given, **renamed})
        assert isinstance(made, Event), made
        self.events.append(made)
        return made

    def send(self, at: str | int, type_: str, **fields: Any) -> list[Decision]:
        """Feed an event; gives the decisions that it brought."""
        found = self.evaluator.feed(self.event(at, type_, **fields))
        self.decisions += found
        return found

    def advance(self, to: str | int) -> list[Decision]:
        """Let time pass; gives the decisions that this brought."""
        found = self.evaluator.advance(to if isinstance(to, int) else instant(to))
        self.decisions += found
        return found

    @property
    def refused(self) -> list[tuple[str, str]]:
        """What was quarantined: ids and reasons."""
        return [(one.event.event_id, one.rejection.reason) for one in self.evaluator.quarantined]

    def of(self, kind: str, **wanted: Any) -> list[Decision]:
        """The decisions of a kind so far whose rule or outcome is as wanted."""
        return [one for one in self.decisions if one.kind == kind and _is(one, wanted)]

    def appeal(self, appeal_id: str) -> Appeal:
        """The appeal with an id."""
        return next(one for one in self.evaluator.appeals() if one.appeal_id == appeal_id)

    def bands(self) -> dict[tuple[str, str], str]:
        """The band of each subject, by threshold and subject."""
        return {(name, subject): band for name, _, subject, band in self.evaluator.bands()}

    def points(self) -> dict[str, int]:
        """The totals of the ladders that have any."""
        return {ladder: total for ladder, _, total in self.evaluator.totals()}

    def in_force(self) -> list[str]:
        """The actions that run."""
        return sorted(action for action, _, _ in self.evaluator.in_force())


def _is(decision: Decision, wanted: dict[str, Any]) -> bool:
    found = {"rule": decision.rule.id, "result": decision.rule.result}
    return all(
        found.get(name, getattr(decision.outcome, name, None)) == value
        for name, value in wanted.items()
    )


def lines(decisions: Iterable[Decision]) -> list[bytes]:
    """Decisions as they are written."""
    return [encode(decision) for decision in decisions]


def by_shop(decisions: Iterable[Decision]) -> dict[str, list[bytes]]:
    """The written decisions of each shop, in order."""
    found: dict[str, list[bytes]] = {}
    for decision in decisions:
        found.setdefault(decision.subject.shop, []).append(encode(decision))
    return found


def changes(decisions: Iterable[Decision]) -> Iterator[tuple[str, str, str]]:
    """(change, action, target) of every decision on an action."""
    for decision in decisions:
        for one in decision.outcome.actions:
            yield one.change, one.action, one.target
